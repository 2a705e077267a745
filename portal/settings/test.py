"""Settings of the test suite: fixed keys, cheap password hashes, no captcha unless a test asks for it."""

import fcntl
import hashlib
import itertools
import os
import tempfile
from pathlib import Path
from typing import IO


def _own_folder() -> tuple[Path, IO[str]]:
    """Return a data folder that no other process uses, and the lock that keeps it ours until the process ends."""
    base = Path(tempfile.gettempdir()) / f"anshao-test-{os.getuid()}"
    base.mkdir(mode=0o700, exist_ok=True)
    checkout = hashlib.sha256(__file__.encode()).hexdigest()[:8]
    for number in itertools.count():
        lock = (base / f"{checkout}-{number}.lock").open("w", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return base / f"{checkout}-{number}", lock
    raise AssertionError("counting never ends")


# A data folder of its own for each worker and each run, so that tests meet neither each other nor a person's data.
_folder, _lock = _own_folder()
(_folder / "static").mkdir(mode=0o700, parents=True, exist_ok=True)
os.environ["DATA_DIR"] = str(_folder)

from portal.devkeys import DEMO_VAULT_FINGERPRINT  # noqa: E402  DATA_DIR must be set before base is read

from .base import *  # noqa: E402,F403  settings modules extend each other by star
from .base import DATABASES, STORAGES, env  # noqa: E402  see above
from .security import *  # noqa: E402,F403  settings modules extend each other by star

DEBUG = False
SECRET_KEY = "test-only-secret-key-of-no-value-0123456789abcdefghijklmnop"  # noqa: S105  a test key
KEY_RING = "t1:intl:" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
CHECKPOINT_KEY = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="
VAULT_FINGERPRINT = DEMO_VAULT_FINGERPRINT
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CAPTCHA_BACKEND = "none"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if "postgresql" in DATABASES["default"]["ENGINE"]:
    _name = env("TEST_DATABASE_NAME", default="anshao_test")
    DATABASES["default"]["TEST"] = {"NAME": f"{_name}_{_folder.name.replace('-', '_')}"}
else:
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
