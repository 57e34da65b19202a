"""All settings, from the environment. With nothing set, a demo on embedded services.

`LAPASPROG_ENV` is `demo` (default) or `production`. In production every default below that is
only good for a demo is refused when web or worker start (`lapasprog/readiness.py`).
"""

from datetime import timedelta
from pathlib import Path

import environ
import pghistory
from csp.constants import NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from lapasprog import embedded
from lapasprog.numbers import *  # noqa: F403 - settings like those below, kept apart

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = embedded.var_dir()

# --- Environment -----------------------------------------------------------------------------
LAPASPROG_ENV = env("LAPASPROG_ENV", default="demo")
PRODUCTION = LAPASPROG_ENV == "production"
DEBUG = env.bool("DEBUG", default=False)
DEMO_SECRET_KEY = "demo-only-not-a-secret-" + "lapasprog" * 5
SECRET_KEY = env("SECRET_KEY", default=DEMO_SECRET_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DEMO_PASSWORD = "lapasprog-demo"
# Base of links in mails, without a slash at its end.
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}")
# Where the public checks a certificate: a host whose name says nothing of a prison (no slash).
PUBLIC_VERIFY_URL = env("PUBLIC_VERIFY_URL", default=SITE_URL)
VERIFY_PER_MINUTE = env.int("VERIFY_PER_MINUTE", default=30)  # from one network address

# --- Apps ------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "reports",
    "placements",
    "training",
    "partners",
    "inmates",
    "correspondence",
    "accounts",
    "lapasprog",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_include_bootstrap",
    "django_tables2",
    "lucide",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "lapasprog.watching.machines.MachineMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "accounts.middleware.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lapasprog.watching.requests.RequestMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SessionEndMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.HistoryMiddleware",
    "accounts.middleware.RefusalMiddleware",
    "partners.middleware.WallMiddleware",  # innermost: around view and rendering, nothing else
]

ROOT_URLCONF = "lapasprog.urls"
WSGI_APPLICATION = "lapasprog.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "accounts.forms.renderer.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reports.navigation.navigation",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "accounts.templatetags.ui",
                "accounts.templatetags.told",
                "accounts.templatetags.plain",
            ],
        },
    }
]

# --- Databases: one database, two roles (docs/decisions/0002) ----------------------------------
DATABASES = {
    "default": embedded.database("DATABASE_URL", role="lapas_app"),
    "owner": embedded.database("DATABASE_OWNER_URL", role="lapas_owner"),
}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["TEST"] = {"MIRROR": "owner"}
# A machine of the database that has vanished never says so: without these a page would wait for a
# quarter of an hour. Seconds, but for the one in milliseconds; an address's own words go before.
_GIVEN_UP_AFTER = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
for _database in DATABASES.values():
    _given = _database["OPTIONS"] = _GIVEN_UP_AFTER | _database.get("OPTIONS", {})
    # Every trigger asks which triggers are ignored. Without an answer the question fails, and a
    # failure looks at all that waits for the end of the transaction: the longer, the more rows.
    # Whoever opens a cursor reads it to its end, so its plan is to be the best for all rows.
    _given["options"] = (
        f"{_given.get('options', '')} -c pgtrigger.ignore={{}} -c cursor_tuple_fraction=1".strip()
    )
# What the trigram operators `%>` and `%` take for alike; a search is only asked for it when no name
# contains what was typed, a pair of records when they have the same birth date.
SIMILAR_WORDS = env.float("SIMILAR_WORDS", default=0.2)
SIMILAR_NAMES = env.float("SIMILAR_NAMES", default=0.45)
DATABASES["default"]["OPTIONS"]["options"] += (
    f" -c pg_trgm.word_similarity_threshold={SIMILAR_WORDS}"
    f" -c pg_trgm.similarity_threshold={SIMILAR_NAMES}"
)
DATABASE_ROUTERS = ["accounts.grants.OwnerMigrates"]
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()
PGHISTORY_APPEND_ONLY = True
PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)
PGTRIGGER_MIGRATIONS = True

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Counters of failed sign-ins live here: whoever fills the cache must not push them out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

# --- Work ------------------------------------------------------------------------------------
CELERY_BROKER_URL = env("REDIS_URL", default=embedded.broker_url())
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Jakarta"
CELERY_BEAT_SCHEDULER = "lapasprog.beat:Scheduler"
_SWEEP_EVERY = timedelta(seconds=env.int("SWEEP_SECONDS", default=3600 if PRODUCTION else 60))
_BEAT = {
    "correspondence.sweep_reminders": _SWEEP_EVERY,
    "correspondence.deliver_mail": timedelta(
        seconds=env.int("DELIVER_SECONDS", default=60 if PRODUCTION else 15)
    ),
    "inmates.resume_imports": timedelta(minutes=1),
    "training.expire_slot_proposals": timedelta(minutes=10),
    "training.expire_seat_offers": timedelta(hours=1),
    "placements.settle_circumstances": timedelta(seconds=env.int("SETTLE_SECONDS", default=60)),
    "placements.keep_referrals": timedelta(minutes=10),
    "placements.alarm_late_returns": timedelta(minutes=1),
    "placements.keep_follow_ups": _SWEEP_EVERY,
    "reports.move_promises": _SWEEP_EVERY,
    "reports.publish_figures": timedelta(hours=6),
    "reports.keep_figures": timedelta(hours=1),
    "reports.resume_reports": timedelta(minutes=1),
    "accounts.tidy_sessions": timedelta(days=1),
    "lapasprog.ask_for_certificate": timedelta(hours=6),
    "lapasprog.watch_backups": timedelta(minutes=15),
}
CELERY_BEAT_SCHEDULE = {
    task.partition(".")[2].replace("_", "-"): {"task": task, "schedule": every}
    for task, every in _BEAT.items()
}

# --- Mail ------------------------------------------------------------------------------------
OUTBOX_DIR = VAR_DIR / "outbox"
vars().update(env.email("EMAIL_URL", default="filemail://"))
EMAIL_FILE_PATH = env("EMAIL_FILE_PATH", default=str(OUTBOX_DIR))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="lapasprog <no-reply@cilegon.test>")
MAIL_ATTEMPTS = env.int("MAIL_ATTEMPTS", default=10)
MAIL_PAUSE_SECONDS = env.int("MAIL_PAUSE_SECONDS", default=60)  # doubles with each attempt
# Longer than a server may take for one mail (EMAIL_TIMEOUT for each step of the talk).
MAIL_LEASE_SECONDS = env.int("MAIL_LEASE_SECONDS", default=120)
# `now`: a digest after each sweep, at any hour. `07.00`: once per working day from that time on.
DIGEST_AT = env("DIGEST_AT", default="07.00" if PRODUCTION else "now")

# --- Sign-in ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # or strangers could have us write to anybody
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Kinds of users (accounts.states.UserKind) who need a second factor to go on after signing in.
MFA_REQUIRED_FOR = env.list(
    "MFA_REQUIRED_FOR", default=["staff", "observer", "admin"] if PRODUCTION else []
)
# Sensitive acts ask for the password again when it was given longer ago than this.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * env.int("REAUTHENTICATION_MINUTES", default=30)
SESSION_ENGINE = "accounts.session_store"
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)  # so long its link lives
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarity": {"user_attributes": ("name", "email", "nip", "phone")},
        "MinimumLength": {"min_length": env.int("PASSWORD_LENGTH", default=12)},
        "CommonPassword": {},
        "NumericPassword": {},
    }.items()
]

# --- The web's own ---------------------------------------------------------------------------
_FROM_HERE = ("script-src", "style-src", "font-src", "connect-src", "manifest-src", "form-action")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{name: [NONE] for name in ("default-src", "base-uri", "frame-ancestors")},
        **{name: [SELF] for name in _FROM_HERE},
        "img-src": [SELF, "data:"],
    }
}
CSRF_COOKIE_HTTPONLY = True  # pages carry their token in forms and in `hx-headers`
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_REFUSED = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *("geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment"),
    *("picture-in-picture", "screen-wake-lock", "serial", "usb", "web-share", "browsing-topics"),
)
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = ["^(healthz|readyz|metrics)$"]  # asked by machines, by address
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

# --- Files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "accounts.files.Storage"},
    "staticfiles": {"BACKEND": "lapasprog.staticfiles.StaticFiles"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=50_000_000)
# So long the rows of an applied import still name people, for its report; then only the numbers.
IMPORT_NAMES_KEPT_DAYS = env.int("IMPORT_NAMES_KEPT_DAYS", default=90)
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=20_000_000)
# At once: a scan for each row of a sheet of agreements. More are counted but not kept.
UPLOAD_MOST_FILES, DATA_UPLOAD_MAX_NUMBER_FILES = 300, 5_000
FILE_UPLOAD_HANDLERS = [
    "accounts.uploads.FirstFiles",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Backups (docs/backup.md) -------------------------------------------------------------------
# Where backups go that name no other place. `up` then takes one each night; else a timer does.
BACKUP_DIR = env("BACKUP_DIR", default="")
BACKUP_AT = env("BACKUP_AT", default="01.30")
BACKUP_KEEP = env.int("BACKUP_KEEP", default=14)
BACKUP_MAX_AGE_HOURS = env.int("BACKUP_MAX_AGE_HOURS", default=26)
# Public keys (age1..., comma) that seal each archive; `manage.py backup --new-key` makes one.
BACKUP_KEY = env.list("BACKUP_KEY", default=[])
# Folder of pg_dump, pg_restore and vacuumdb for a server newer than those of the wheel.
POSTGRES_BIN = env("POSTGRES_BIN", default="")

# --- Language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
FORMAT_MODULE_PATH = ["lapasprog.formats"]

# --- Looks -----------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"
FILTERS_EMPTY_CHOICE_LABEL = gettext_lazy("Semua")

# --- Keys of what is kept encrypted ------------------------------------------------------------
# Keys that hold the NIK, newest first; the first encrypts, all decrypt. `id:urlsafe-base64`, comma.
NIK_KEYS = env.list("NIK_KEYS", default=["demo:" + "bGFwYXNwcm9nLWRlbW8ta2V5LW5vdC1hLXNlY3JldCE="])
NIK_DIGEST_KEY = env("NIK_DIGEST_KEY", default="demo-only-digest-key")

# --- Watching it run (lapasprog/watching, docs/operations.md) -----------------------------------
SLOW_REQUEST_MS = env.int("SLOW_REQUEST_MS", default=2000)
SLOW_STATEMENT_MS = env.int("SLOW_STATEMENT_MS", default=500)
# Who may read /metrics: whoever sends this token, and these networks.
METRICS_TOKEN = env("METRICS_TOKEN", default="")
METRICS_NETWORKS = env.list("METRICS_NETWORKS", default=["127.0.0.0/8", "::1/128"])
# Told apart on /health/ when several beats run on one machine.
BEAT_NAME = env("BEAT_NAME", default="beat")

# --- What is never written down ---------------------------------------------------------------
# What follows one of these in an address is the key of a single-use link: never written down.
SECRET_PATHS = (
    *("/invitations/", "/slots/link/", "/referrals/link/", "/reply/"),
    *("/confirm-email/", "/password/reset/key/"),
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "accounts.logs.RequestId"}},
    "formatters": {"json": {"()": "accounts.logs.JsonFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}
    },
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {
        # One line for each request and task: INFO writes them, WARNING only the slow ones.
        "lapasprog.watching": {
            "level": env("REQUEST_LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")
        }
    },
}
