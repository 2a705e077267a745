"""The embedded default of `make run`: one process, SQLite, keys made on first use."""

from portal.devkeys import DEMO_VAULT_FINGERPRINT, NAMES, load_keys

from .base import *  # noqa: F403  settings modules extend each other by star
from .base import DATA_DIR, env
from .security import *  # noqa: F403  settings modules extend each other by star

# Keys that are given are used as they are, also when they are wrong: nothing falls back to the file.
_keys = {} if all(name in env.ENVIRON for name in NAMES) else load_keys(data_dir=DATA_DIR)
DEBUG = False
SECRET_KEY = env("SECRET_KEY", default=_keys.get("SECRET_KEY", ""))
KEY_RING = env("KEY_RING", default=_keys.get("KEY_RING", ""))
CHECKPOINT_KEY = env("CHECKPOINT_KEY", default=_keys.get("CHECKPOINT_KEY", ""))
VAULT_FINGERPRINT = env("VAULT_FINGERPRINT", default=DEMO_VAULT_FINGERPRINT)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DAILY_IN_SERVER = env.bool("DAILY_IN_SERVER", default=True)
