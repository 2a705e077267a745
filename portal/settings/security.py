"""Everything that protects: headers, cookies, passwords, sign-in, content security policy."""

from csp.constants import NONCE, NONE, SELF

from .base import URL_PREFIX, env

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        # What default-src says already, for browsers and readers that look for it by name.
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = (
    "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), interest-cohort=()"
)
# What a browser drops when a session ends. Not "cookies": they would go for the whole registered domain, the other
# sites of the city among them; the own session cookie is taken back by its name.
CLEAR_AT_SIGN_OUT = '"cache", "storage"'

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# A desk left alone for so long closes; at least three, as its page warns two minutes before.
IDLE_MINUTES = max(env.int("IDLE_MINUTES", default=30), 3)
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.shared.errors.csrf_failure"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.shared.passwords.LengthValidator"},
    {"NAME": "portal.shared.passwords.BreachedValidator"},
    {"NAME": "portal.shared.passwords.ContextValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_ADAPTER = "complaints.staff.account_adapter.DeskAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"change_password": "portal.shared.accounts.OwnPasswordForm"}
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_ADAPTER = "complaints.staff.authenticator_adapter.RingMFAAdapter"
MFA_FORMS = {
    "authenticate": "portal.shared.accounts.CodeForm",
    "reauthenticate": "portal.shared.accounts.CodeAgainForm",
    "activate_totp": "portal.shared.accounts.SetUpForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "安哨"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = True
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = f"/{URL_PREFIX}accounts/login/"
# Legal days are days of the bureau: nobody counts them in another time zone.
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]
