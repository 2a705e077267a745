"""What every installation shares: apps, database, languages, storage, limits."""

from pathlib import Path

import environ

from .storage import storages

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

SITE_PREFIX = env("SITE_PREFIX", default="").strip("/")
URL_PREFIX = f"{SITE_PREFIX}/" if SITE_PREFIX else ""
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

INSTALLED_APPS = [
    "portal.shared",
    "home",
    "cases_public",
    "complaints",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Outside of all that may put another answer in the place of one.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.shared.previews.PreviewFrameMiddleware",
    "portal.shared.middleware.PrivacyHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.shared.middleware.LanguageChoiceMiddleware",
    "home.page_cache.middleware.PageCacheMiddleware",
    "portal.shared.api_errors.ApiErrorsMiddleware",
    "portal.shared.uploads.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.shared.idle.IdleMiddleware",
    "complaints.workplace.entrance.EntranceMiddleware",
    "portal.shared.middleware.SecondFactorMiddleware",
    "complaints.staff.own_password.OwnPasswordMiddleware",
    "complaints.staff.trail.TrailMiddleware",
    "complaints.staff.visits.VisitMiddleware",
    "portal.shared.closed_doors.ClosedDoorsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;"
    "PRAGMA foreign_keys=ON;PRAGMA temp_store=MEMORY;"
)
# A peer that vanished without a word is noticed within some ten seconds instead of a quarter of an hour.
SOON_GIVEN_UP = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL and a full sync: an acknowledged tip survives a crash; IMMEDIATE: a writer waits instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": SQLITE_PRAGMAS,
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # The desk asks short questions: starting a parallel worker takes longer than they do, and takes a core from others.
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _options.setdefault("options", "-c max_parallel_workers_per_gather=0")
    # A machine that is gone answers nothing: nobody waits for it longer than this, also on an open connection.
    for _name, _value in {"connect_timeout": 5, **SOON_GIVEN_UP}.items():
        _options.setdefault(_name, _value)
# Public pages may be read from a streaming replica of the same PostgreSQL.
REPLICA_URL = env("REPLICA_URL", default="")
if REPLICA_URL:
    _replica = env.db_url_config(REPLICA_URL)
    # Away, it must not hold a reader: the primary is asked instead.
    _short = {
        "connect_timeout": 2,
        "options": "-c default_transaction_read_only=on -c statement_timeout=10000",
    }
    DATABASES["replica"] = {
        **_replica,
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {**SOON_GIVEN_UP, **_replica.get("OPTIONS", {}), **_short},
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["portal.shared.replica.PublicReads"]
# Opening a connection costs 2 ms of work on SQLite, more than most answers.
DATABASES["default"]["CONN_MAX_AGE"] = 60

REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "portal.shared.caches.SturdyRedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20000}}
    )
}

# Public pages kept in the memory of each process (docs/adr/0038); 0 keeps none.
PAGE_CACHE_BYTES = env.int("PAGE_CACHE_MB", default=32) * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# The second holds texts of Wagtail whose own Chinese is missing or odd.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "wagtail"]
# Days as people write them: 3月5日, where the formats of Django have 03月5日.
FORMAT_MODULE_PATH = ["portal.formats"]
LANGUAGE_COOKIE_NAME = "lang"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = f"/{URL_PREFIX}static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = f"/{URL_PREFIX}media/"
MEDIA_ROOT = DATA_DIR / "media"
EVIDENCE_ROOT = DATA_DIR / "evidence"
# The signed ends of the audit log: best on another machine's disk, append-only.
CHECKPOINT_DIR = Path(env("CHECKPOINT_DIR", default=str(DATA_DIR / "checkpoints"))).resolve()
STORAGE_URL = env("STORAGE_URL", default="")
# Where nginx fetches an open film or picture from the store itself, by a signed address (docs/operations.md).
STORAGE_ACCEL = env("STORAGE_ACCEL", default="")
STORAGES = {
    **storages(STORAGE_URL, evidence_root=str(EVIDENCE_ROOT)),
    "staticfiles": {"BACKEND": "portal.shared.staticfiles.ModuleStorage"},
}
EMAIL_CONFIG = env.email("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
# Letters to staff leave within a request: a mail server that hangs must not hold it.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="anshao@localhost")

# Uploads stay in memory: a spool file would hold a reporter's photo in plain text.
PHOTO_MAX_COUNT = 9
PHOTO_MAX_BYTES = 20 * 1024 * 1024
PHOTOS_MAX_BYTES = 60 * 1024 * 1024
# Six full submissions: more than any danger needs, and what a lost receipt may fill a disk with is about 1 GB.
PHOTOS_PER_TIP = 60
# Up to here a video somebody chose is read and dropped, so that the form comes back with everything typed.
BODY_MAX_BYTES = 8 * PHOTOS_MAX_BYTES
FILE_UPLOAD_HANDLERS = ["portal.shared.uploads.MemoryUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
# Far beyond what is taken, so that somebody who marked a whole folder is told so and keeps what was typed.
DATA_UPLOAD_MAX_NUMBER_FILES = 300
PHOTO_WORKERS = env.int("PHOTO_WORKERS", default=2)
# What the pictures in hand may unpack to together; a larger one is decoded alone.
PHOTO_MEMORY_BYTES = env.int("PHOTO_MEMORY_MB", default=192) * 1024 * 1024
RECEIPT_WORKERS = env.int("RECEIPT_WORKERS", default=4)

# A timer beside the server calls `manage.py daily`; where there is none the server itself does it once a day.
DAILY_IN_SERVER = env.bool("DAILY_IN_SERVER", default=False)

# A role just given, or a password or second step somebody else has set, takes part in openings after so many days.
OPENING_WAIT_DAYS = env.int("OPENING_WAIT_DAYS", default=7)

# Who shows it reads /metrics; without it there is no such page.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

CAPTCHA_BACKEND = env("CAPTCHA_BACKEND", default="altcha")
# Of Google's check, where a city chose it; the domain is one that can be reached from inside China.
RECAPTCHA_DOMAIN = env("RECAPTCHA_DOMAIN", default="www.recaptcha.net")
RECAPTCHA_PUBLIC_KEY = env("RECAPTCHA_PUBLIC_KEY", default="")
RECAPTCHA_PRIVATE_KEY = env("RECAPTCHA_PRIVATE_KEY", default="")
RECAPTCHA_VERIFY_REQUEST_TIMEOUT = 4
CLIENT_ADDRESS_HEADER = env("CLIENT_ADDRESS_HEADER", default="")

WAGTAIL_SITE_NAME = "安哨"
WAGTAILADMIN_BASE_URL = env("WAGTAILADMIN_BASE_URL", default="http://127.0.0.1:8000")
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "home.SitePicture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "home.forms.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = PHOTO_MAX_BYTES
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "home.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "csv", "txt"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = PHOTO_MAX_BYTES
# Documents are saved, never shown inside the site; the media folder itself has no address.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.shared.staff_search"}}
WAGTAILADMIN_COMMENTS_ENABLED = True
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# The chain of reviews of typical cases (cases_public.models.chain); other pages are handed to a publisher (publishing).
WAGTAIL_WORKFLOW_ENABLED = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"scrub": {"()": "portal.shared.logs.ScrubFilter"}},
    "formatters": {
        "line": {
            "()": "portal.shared.logs.CoarseFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {
            "class": "portal.shared.logs.QuietHandler",
            "filters": ["scrub"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": [], "propagate": False},
        # A refused request would leave the day and the second at which somebody was about to send a tip. The second
        # logger writes at ERROR what a sender did wrong, such as sending too much.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
        # At DEBUG this library writes the metadata of every photo it opens.
        "PIL": {"level": "WARNING"},
        # At INFO this one lists every character of a paper that is printed.
        "fontTools": {"level": "WARNING"},
        # What it says of a file it reads quotes the file; whoever reads one listens (portal/shared/documents).
        "pypdf": {"handlers": [], "propagate": False},
        # At DEBUG these write the signed heads of what is asked of the store.
        "boto3": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
        "s3transfer": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
    },
}
