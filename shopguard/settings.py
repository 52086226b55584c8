"""One settings file; what differs between places comes from the environment and fails loudly."""

from pathlib import Path

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from shopguard.lib.logs import logging_settings

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(env.str("SHOPGUARD_STATE", default=str(BASE_DIR / ".local"))).resolve()

# "local" is a checkout on somebody's own machine, "production" everything that strangers reach.
ENVIRONMENT = env.str("SHOPGUARD_ENV", default="local")
if ENVIRONMENT not in ("local", "production"):
    raise ImproperlyConfigured("SHOPGUARD_ENV is local or production")
IS_LOCAL = ENVIRONMENT == "local"

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="local-only-secret-" + "0" * 48 if IS_LOCAL else "")
if not IS_LOCAL and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must hold at least 50 characters in production")
if not IS_LOCAL:
    for needed in ("ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"):
        if not env.str(needed, default=""):
            raise ImproperlyConfigured(f"{needed} must be set in production")
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if IS_LOCAL else []
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "lucide",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "shopguard",
    "stores",
    "aftersales",
    "servicescore",
    "freightins",
]

MIDDLEWARE = [
    "shopguard.lib.middleware.RequestIdMiddleware",
    "shopguard.lib.telemetry.RequestTellingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shopguard.lib.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "stores.api.door.TokenMiddleware",
    "shopguard.lib.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shopguard.work_due.StepMiddleware",
    "stores.access.DoorMiddleware",
]

ROOT_URLCONF = "shopguard.urls"
WSGI_APPLICATION = "shopguard.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shopguard.shell.shell",
                "shopguard.demo_entrance.demo_accounts",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///shopguard")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# The server ends a session that falls silent in a transaction: a process frozen there would keep
# its locks, and everybody else waiting, for ever. Long work between two statements sets its own
# limit (the lease of a shard).
IDLE_IN_TRANSACTION_SECONDS = env.int("IDLE_IN_TRANSACTION_SECONDS", default=120)
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options", f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_SECONDS}s"
)

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")

AUTH_USER_MODEL = "stores.User"
AUTHENTICATION_BACKENDS = ["stores.services.sign_in.ThrottledBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
OTP_TOTP_ISSUER = "ShopGuard"
# Our own throttle counts tries at codes; the package's would grow without an end.
OTP_TOTP_THROTTLE_FACTOR = 0
OTP_STATIC_THROTTLE_FACTOR = 0
CSRF_FAILURE_VIEW = "shopguard.errors.csrf_failure"
# One click into the demo's accounts from the sign-in page.
DEMO_SIGN_IN = env.bool("DEMO_SIGN_IN", default=IS_LOCAL)
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"

# Two weeks when the person asks to stay signed in; otherwise until the browser closes.
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if not IS_LOCAL:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# How many proxies of our own stand in front; X-Forwarded-For is trusted only that far.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "staticfiles" if IS_LOCAL else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "shopguard.lib.finders.PackageFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# The operator's probes. Below this much free disk /readyz is red; whoever shows METRICS_TOKEN may
# read /metrics, without one only the machine itself may.
DISK_MIN_FREE_BYTES = env.int("DISK_MIN_FREE_BYTES", default=512 * 1024 * 1024)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# Secrets that must not lie in the database: the keys behind buyer_ref, one file, versioned.
BUYER_KEYS_FILE = Path(env.str("BUYER_KEYS_FILE", default=str(STATE_DIR / "keys" / "buyers.json")))

# Imports. Each limit is checked before memory is spent.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=1024 * 1024 * 1024)
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=5_000_000)
IMPORT_MAX_CELL_CHARS = env.int("IMPORT_MAX_CELL_CHARS", default=20_000)
# A workbook is small and its content large: it is read in a process with limits of its own.
IMPORT_XLSX_MAX_ROWS = env.int("IMPORT_XLSX_MAX_ROWS", default=200_000)
IMPORT_XLSX_MAX_BYTES = env.int("IMPORT_XLSX_MAX_BYTES", default=100 * 1024 * 1024)
IMPORT_XLSX_MAX_INFLATED_BYTES = env.int(
    "IMPORT_XLSX_MAX_INFLATED_BYTES", default=1024 * 1024 * 1024
)
IMPORT_XLSX_MEMORY_BYTES = env.int("IMPORT_XLSX_MEMORY_BYTES", default=1536 * 1024 * 1024)
IMPORT_XLSX_SECONDS = env.int("IMPORT_XLSX_SECONDS", default=120)
IMPORT_CHUNK_ROWS = env.int("IMPORT_CHUNK_ROWS", default=10_000)
# What comes over the web: how large a file may be, up to how many rows it is checked while the
# person waits, how long one that nobody confirms is kept, and how long a worker may be silent.
FILE_UPLOAD_HANDLERS = ["shopguard.lib.uploads.NamelessUploadHandler"]
IMPORT_UPLOAD_MAX_BYTES = env.int("IMPORT_UPLOAD_MAX_BYTES", default=200 * 1024 * 1024)
IMPORT_INLINE_ROWS = env.int("IMPORT_INLINE_ROWS", default=2_000)
IMPORT_DRAFT_HOURS = env.int("IMPORT_DRAFT_HOURS", default=24)
IMPORT_LEASE_SECONDS = env.float("IMPORT_LEASE_SECONDS", default=300.0)
IMPORT_MAX_ATTEMPTS = env.int("IMPORT_MAX_ATTEMPTS", default=3)

# Where people reach the product, for links in e-mails. Without a mail server a checkout writes its
# e-mails into files, and production sends none.
SITE_URL = (
    env.str("SITE_URL", default="")
    or ("http://127.0.0.1:8000" if IS_LOCAL else f"https://{ALLOWED_HOSTS[0]}")
).rstrip("/")
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=15)
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="") or "ShopGuard <shopguard@localhost>"
EMAIL_IS_ON = IS_LOCAL or bool(EMAIL_HOST)
EMAIL_FILE_PATH = str(STATE_DIR / "mail")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
# Webhooks reach the public internet by TLS; what else they may reach is an operator's decision.
WEBHOOK_EXTRA_NETWORKS: list[str] = env.list("WEBHOOK_EXTRA_NETWORKS", default=[])
WEBHOOK_PLAIN_HTTP = env.bool("WEBHOOK_PLAIN_HTTP", default=False)
WEBHOOK_SECONDS = env.float("WEBHOOK_SECONDS", default=10.0)

# The nightly ledger (seconds). A lease is several times the longest shard seen.
SHARD_LEASE_SECONDS = env.int("SHARD_LEASE_SECONDS", default=600)
SHARD_MAX_ATTEMPTS = env.int("SHARD_MAX_ATTEMPTS", default=3)
SHARD_SHOPS = env.int("SHARD_SHOPS", default=100)
# A shard whose worker's transaction is gone is taken back after this, long before its lease ends.
SHARD_GRACE_SECONDS = env.float("SHARD_GRACE_SECONDS", default=5.0)
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=10.0)
RELAY_SECONDS = env.float("RELAY_SECONDS", default=2.0)
# A waiting shard is rung for again after this, and at most so many in one sweep.
RING_AGAIN_SECONDS = env.float("RING_AGAIN_SECONDS", default=60.0)
SWEEP_RINGS = env.int("SWEEP_RINGS", default=100)
# How many nights back the sweeper looks for one that was missed.
NIGHTLY_CATCH_UP_DAYS = env.int("NIGHTLY_CATCH_UP_DAYS", default=7)
# A night that has not ended this long after it was due is shown as late.
NIGHT_LATE_SECONDS = env.int("NIGHT_LATE_SECONDS", default=3600)
NIGHTLY_HOUR = 0
NIGHTLY_MINUTE = 30
PUBLISH_HOUR = 12

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = env.int("TASK_SOFT_TIME_LIMIT", default=480)
CELERY_TASK_TIME_LIMIT = env.int("TASK_TIME_LIMIT", default=540)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 10,
}
# Two queues taken in turn, so that a long line of shards never keeps the sweeper waiting.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"celery": {}, "sweep": {}}
CELERY_TASK_ROUTES = {
    "shopguard.tasks.sweep": {"queue": "sweep"},
    "shopguard.tasks.relay": {"queue": "sweep"},
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_ENABLE_UTC = True
CELERY_BEAT_MAX_LOOP_INTERVAL = 30
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "celerybeat-schedule")
# A sweep nobody took for so many of its intervals is dropped: they never pile up, and workers that
# are slow to come round still get one.
STALE_AFTER = 3
CELERY_BEAT_SCHEDULE = {
    "nightly": {
        "task": "shopguard.tasks.start_nightly",
        "schedule": crontab(hour=NIGHTLY_HOUR, minute=NIGHTLY_MINUTE),
    },
    # What people asked for on a page should not wait for the next sweep.
    "relay": {
        "task": "shopguard.tasks.relay",
        "schedule": RELAY_SECONDS,
        "options": {"expires": RELAY_SECONDS * STALE_AFTER},
    },
    "sweep": {
        "task": "shopguard.tasks.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS * STALE_AFTER},
    },
}

# The API. How much one token or person may ask, and how long the answer to a write is kept under
# its idempotency key.
API_RATE = env.str("API_RATE", default="600/min")
IDEMPOTENCY_HOURS = env.int("IDEMPOTENCY_HOURS", default=24)
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "shopguard.lib.api.schema.ApiSchema"}
SPECTACULAR_SETTINGS = {
    "TITLE": "ShopGuard API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "OPERATION_ID_METHOD_POSITION": "PRE",
    "COMPONENT_SPLIT_REQUEST": True,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,  # codes stand where they are used, unnamed
    "PATH_CONVERTER_OVERRIDES": {"day": {"type": "string", "format": "date"}},
    "POSTPROCESSING_HOOKS": [
        "shopguard.lib.api.schema.closed_requests",
        "shopguard.lib.api.schema.with_words",
        "shopguard.lib.api.schema.with_examples",
    ],
}

# JSON for machines in production, readable lines on a terminal; LOG_FORMAT chooses otherwise.
LOG_FORMAT = env.str("LOG_FORMAT", default="console" if IS_LOCAL else "json")
LOGGING = logging_settings(log_format=LOG_FORMAT, level=env.str("LOG_LEVEL", default="INFO"))
