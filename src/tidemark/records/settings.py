"""Django's settings, read from the environment: one file for the command line, the server and the workers.

| variable | meaning | default |
|---|---|---|
| ``TIDEMARK_HOME`` | the data folder | the platform's user data folder |
| ``TIDEMARK_DATABASE_URL`` | ``postgresql://…`` instead of SQLite | SQLite in the data folder |
| ``TIDEMARK_URL`` | the address that people use, for links in mails and for passkeys | ``http://localhost:8000`` |
| ``TIDEMARK_SMTP_URL`` | ``smtp://user:password@host:587`` or ``smtps://…`` | mails are files in the data folder |
| ``TIDEMARK_MAIL_FROM`` | sender of mails | ``tidemark@localhost`` |
| ``TIDEMARK_S3_BUCKET`` | bucket for files, with ``TIDEMARK_S3_ENDPOINT`` and AWS's own variables | the data folder |
| ``TIDEMARK_OIDC`` | JSON list of OpenID Connect providers, see ``docs/serve.md`` | none |
| ``TIDEMARK_REQUIRE_MFA`` | who must have a second factor: ``owner``, ``all``, ``none`` | ``owner``; ``none`` on http |
| ``TIDEMARK_BEHIND_PROXY`` | ``1``, or the proxy's address, if one ends TLS and sets ``X-Forwarded-*`` | ``0`` |

:func:`tidemark.records.connect.open_records` points the database at the folder that it opens.
"""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from tidemark.errors import HomeUnusable
from tidemark.records.home import DATABASE, default_path
from tidemark.records.session_key import session_key

HOME = Path(os.environ.get("TIDEMARK_HOME") or default_path())
SITE_URL = os.environ.get("TIDEMARK_URL", "http://localhost:8000").rstrip("/")
_SITE = urlsplit(SITE_URL)
_IS_BEHIND_PROXY = os.environ.get("TIDEMARK_BEHIND_PROXY", "0") not in ("", "0")
REQUIRE_MFA = os.environ.get("TIDEMARK_REQUIRE_MFA") or ("owner" if _SITE.scheme == "https" else "none")
if REQUIRE_MFA not in ("owner", "all", "none"):
    raise HomeUnusable(f"TIDEMARK_REQUIRE_MFA is owner, all or none, and not {REQUIRE_MFA!r}.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "tidemark.records.ledger",
    "tidemark.records.parties",
    "tidemark.records.accounts",
    "tidemark.records.projects",
    "tidemark.records.agreements",
    "tidemark.records.copies",
    "tidemark.records.rounds",
    "tidemark.records.work",
    "tidemark.records.leaks",
    "tidemark.records.cases",
    "tidemark.records.sanctions",
    "tidemark.records.plans",
    "tidemark.records.sightings",
    "tidemark.records.statements",
    "tidemark.records.requests",
    "tidemark.web",
    "tidemark.api",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "django_tasks_db",
    "djmoney",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "tidemark.api.problems.ProblemsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tidemark.web.middleware.PersonsLanguageMiddleware",
    "tidemark.web.middleware.NoNulMiddleware",
    "tidemark.web.middleware.PrivatePagesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tidemark.web.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "tidemark.web.urls"
WSGI_APPLICATION = "tidemark.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["tidemark.web.templatetags.times"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tidemark.web.context.shell",
                "tidemark.web.accounts.passkeys.passkeys",
            ],
        },
    }
]

# --- database ---------------------------------------------------------------------------------------------------------

# A connection that is opened for one request reads the definitions of all tables first, which takes milliseconds.
_CONNECTION_AGE_S = 60
_SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": HOME / DATABASE,
    "CONN_MAX_AGE": _CONNECTION_AGE_S,
    "OPTIONS": {
        # A writer announces itself at once, so that two runs wait for each other instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
        # FULL: a commit is on the disk before the copy that it speaks of gets its name (copies/release.py).
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    },
}
_DATABASE_URL = os.environ.get("TIDEMARK_DATABASE_URL", "")
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(_DATABASE_URL, conn_max_age=_CONNECTION_AGE_S, conn_health_checks=True)
    if _DATABASE_URL
    else _SQLITE
}
# What throttles count: wrong passwords, invitations. One server counts in its memory, several in the database that
# they share. ("here" is for what may be counted by each for itself, and comes too often for a row each.)
_IS_ONE_SERVER = not _DATABASE_URL and os.environ.get("TIDEMARK_SERVERS", "1") == "1"
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": f"django.core.cache.backends.{'locmem.LocMemCache' if _IS_ONE_SERVER else 'db.DatabaseCache'}",
        "LOCATION": "tidemark" if _IS_ONE_SERVER else "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # so many addresses must knock before a count is forgotten
    },
    "here": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "here"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- slow work --------------------------------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# --- persons ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "tidemark.web.accounts.adapter.InvitedOnly"
SOCIALACCOUNT_ADAPTER = "tidemark.web.accounts.adapter.KnownPersonsOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mails to strangers at a stranger's wish
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Tidemark] "
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "login": "30/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "invite": "30/h/user",
    "link": "30/m/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tidemark"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _SITE.scheme == "http"  # browsers allow it on localhost only
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": json.loads(os.environ.get("TIDEMARK_OIDC", "[]"))}}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

# --- the web ----------------------------------------------------------------------------------------------------------

SECRET_KEY = session_key(HOME)
ALLOWED_HOSTS = sorted({_SITE.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"})
CSRF_FAILURE_VIEW = "tidemark.web.faults.stale"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "tidemark_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SITE.scheme == "https"
CSRF_COOKIE_HTTPONLY = True  # pages carry the token themselves
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _SITE.scheme == "https" else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _IS_BEHIND_PROXY else None
USE_X_FORWARDED_HOST = False
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- files and mails --------------------------------------------------------------------------------------------------

_S3_BUCKET = os.environ.get("TIDEMARK_S3_BUCKET", "")
STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _S3_BUCKET,
            "endpoint_url": os.environ.get("TIDEMARK_S3_ENDPOINT") or None,
            "file_overwrite": True,
            "default_acl": "private",
            "querystring_auth": True,
        },
    }
    if _S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

_SMTP = urlsplit(os.environ.get("TIDEMARK_SMTP_URL", ""))
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if _SMTP.hostname else "tidemark.records.mail.FolderBackend"
)
EMAIL_HOST = _SMTP.hostname or "localhost"
EMAIL_PORT = _SMTP.port or (465 if _SMTP.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_SMTP.username or "")
EMAIL_HOST_PASSWORD = unquote(_SMTP.password or "")
EMAIL_USE_SSL = _SMTP.scheme == "smtps"
EMAIL_USE_TLS = bool(_SMTP.hostname) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("TIDEMARK_MAIL_FROM", "tidemark@localhost")

# --- language and time ------------------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "web" / "locale"]

LOGGING_CONFIG = None
