"""The embedded default of `make run`: one process, SQLite, keys made on first use."""

from portal.devkeys import DEMO_VAULT_FINGERPRINT, load_keys

from .base import *  # noqa: F403  settings modules extend each other by star
from .base import DATA_DIR, env
from .security import *  # noqa: F403  settings modules extend each other by star

_keys = load_keys(data_dir=DATA_DIR)
DEBUG = False
SECRET_KEY = env("SECRET_KEY", default=_keys["SECRET_KEY"])
KEY_RING = env("KEY_RING", default=_keys["KEY_RING"])
CHECKPOINT_KEY = env("CHECKPOINT_KEY", default=_keys["CHECKPOINT_KEY"])
VAULT_FINGERPRINT = env("VAULT_FINGERPRINT", default=DEMO_VAULT_FINGERPRINT)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DAILY_IN_SERVER = env.bool("DAILY_IN_SERVER", default=True)
