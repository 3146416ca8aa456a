"""Django's settings for the records alone: one SQLite file in ``TIDEMARK_HOME``. No web, no accounts yet.

:func:`tidemark.records.connect.open_records` points the database at the folder that it opens.
"""

import os
from pathlib import Path

from tidemark.records.home import DATABASE, default_path

_HOME = Path(os.environ.get("TIDEMARK_HOME") or default_path())

INSTALLED_APPS = [
    "tidemark.records.ledger",
    "tidemark.records.parties",
    "tidemark.records.projects",
    "tidemark.records.copies",
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _HOME / DATABASE,
        "OPTIONS": {
            # A writer announces itself at once, so that two runs wait for each other instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 60,
            # FULL: a commit is on the disk before the copy that it speaks of gets its name (copies/release.py).
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LOGGING_CONFIG = None
SECRET_KEY = ""  # nothing is signed with it: no sessions, no web
