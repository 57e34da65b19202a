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
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.HistoryMiddleware",
    "accounts.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "lapasprog.urls"
WSGI_APPLICATION = "lapasprog.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
            ],
        },
    }
]

# --- Databases: one database, two roles (docs/decisions/0002) ----------------------------------
DATABASES = {
    "default": embedded.database("DATABASE_URL", role="lapas_app"),
    "owner": embedded.database("DATABASE_OWNER_URL", role="lapas_owner"),
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["TEST"] = {"MIRROR": "owner"}
# What the trigram operators `%>` and `%` take for alike; a search is only asked for it when no name
# contains what was typed, a pair of records when they have the same birth date.
SIMILAR_WORDS = env.float("SIMILAR_WORDS", default=0.2)
SIMILAR_NAMES = env.float("SIMILAR_NAMES", default=0.45)
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options["options"] = (
    f"{_options.get('options', '')} -c pg_trgm.word_similarity_threshold={SIMILAR_WORDS}"
    f" -c pg_trgm.similarity_threshold={SIMILAR_NAMES}"
).strip()
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
    "reports.move_promises": _SWEEP_EVERY,
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
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)  # so long its link lives
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
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
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

# --- Files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
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
# From so many days before its end an agreement counts as "expiring"; a draft counts as old after
# so many days without a signature.
AGREEMENT_EXPIRING_DAYS = env.int("AGREEMENT_EXPIRING_DAYS", default=90)
AGREEMENT_UNSIGNED_DAYS = env.int("AGREEMENT_UNSIGNED_DAYS", default=60)
# So long the other side's answer to a text is awaited, unless another day is named.
AGREEMENT_ANSWER_DAYS = env.int("AGREEMENT_ANSWER_DAYS", default=14)
# What the article on duties usually says, offered when duties are written down: whose it is
# (prison or agency), what, and how many months after the start it is due.
AGREEMENT_USUAL_DUTIES = env.json(
    "AGREEMENT_USUAL_DUTIES",
    default=[
        ["prison", "Menyediakan ruang praktik, listrik dan pengamanan", 1],
        ["prison", "Menyampaikan daftar calon peserta", 1],
        ["agency", "Menetapkan instruktur dan jadwal pelatihan", 1],
        ["agency", "Menyelenggarakan pelatihan menurut rencana kerja", 6],
        ["prison", "Menyampaikan laporan pelaksanaan tahun pertama", 12],
        ["agency", "Menerbitkan sertifikat peserta yang lulus", 12],
    ],
)

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

# --- The field's numbers that regulations or a prison may change --------------------------------
# Keys that hold the NIK, newest first; the first encrypts, all decrypt. `id:urlsafe-base64`, comma.
NIK_KEYS = env.list("NIK_KEYS", default=["demo:" + "bGFwYXNwcm9nLWRlbW8ta2V5LW5vdC1hLXNlY3JldCE="])
NIK_DIGEST_KEY = env("NIK_DIGEST_KEY", default="demo-only-digest-key")
SEATS_MAX = env.int("SEATS_MAX", default=100)  # one batch; packages are 10 to 40 people
# From so many days before its start a batch with too few participants says so; so many days after
# its end a batch should be closed with its report.
MINIMUM_SEATS_WARNING_DAYS = env.int("MINIMUM_SEATS_WARNING_DAYS", default=14)
BATCH_CLOSING_DAYS = env.int("BATCH_CLOSING_DAYS", default=14)
JP_MINUTES = env.int("JP_MINUTES", default=45)
JP_A_DAY = env.int("JP_A_DAY", default=8)  # a full day of training, for estimates of the plan
# Attendance may be written down and corrected for so many days after a meeting; then only by the
# head, with a reason. Absences with an excused code do not count against a participant.
ATTENDANCE_EDIT_DAYS = env.int("ATTENDANCE_EDIT_DAYS", default=7)
ATTENDANCE_EXCUSED_CODES = env.list("ATTENDANCE_EXCUSED_CODES", default=["D", "K", "X"])
MINIMUM_ATTENDANCE_PERCENT = env.int("MINIMUM_ATTENDANCE_PERCENT", default=80)
REMAINING_TERM_BUFFER_DAYS = env.int("REMAINING_TERM_BUFFER_DAYS", default=30)
# Words that must not stand on what strangers read of a certificate.
PRISON_WORDS = env.list(
    "PRISON_WORDS",
    default=[
        "lapas",
        "rutan",
        "lp",
        "pas",
        "bapas",
        "penjara",
        "pemasyarakatan",
        "ditjenpas",
        "kanwil",
        "kemenkumham",
        "kemenimipas",
    ],
)
# Marks (of 100) that pass an evaluation; days to correct a slip, and until a further assessment.
EVALUATION_PASS_KNOWLEDGE = env.int("EVALUATION_PASS_KNOWLEDGE", default=60)
EVALUATION_PASS_SKILL = env.int("EVALUATION_PASS_SKILL", default=60)
RESULT_CORRECTION_DAYS = env.int("RESULT_CORRECTION_DAYS", default=7)
RETEST_DAYS = env.int("RETEST_DAYS", default=30)
# How long a competency certificate lasts unless its scheme says so, and from when it is expiring.
COMPETENCY_VALID_YEARS = env.int("COMPETENCY_VALID_YEARS", default=3)
CERTIFICATE_EXPIRING_DAYS = env.int("CERTIFICATE_EXPIRING_DAYS", default=180)
# A batch's reserves, as a share of its seats (rounded up).
RESERVES_PERCENT = env.int("RESERVES_PERCENT", default=25)
# A freed seat is offered to a reserve for so many days, and only while not more than this share of
# the meetings has passed.
SEAT_OFFER_DAYS = env.int("SEAT_OFFER_DAYS", default=3)
REPLACEMENT_SHARE_PERCENT = env.int("REPLACEMENT_SHARE_PERCENT", default=10)
# Who comes first among those who may join: points that are added up (`training.eligibility`).
# Waiting brings points a month up to a most; a release right after the training the most, less
# for each month that it comes later; earlier refusals points each up to a most.
PRIORITY_POINTS = (
    {"waiting_month": 1, "waiting_most": 24, "release_most": 12, "release_month": 1}
    | {"resident": 6, "refusal": 4, "refusals_most": 12, "interest": 4, "recommended": 4}
    | env.json("PRIORITY_POINTS", default={})
)
# Ways out before expiry (field notes 2.4): parole (PB) from 2/3 of the sentence and so many months
# served; conditional leave (CB) for sentences up to so many months, lasting at most so many.
PAROLE_SERVED_MONTHS = env.int("PAROLE_SERVED_MONTHS", default=9)
LEAVE_SENTENCE_MONTHS = env.int("LEAVE_SENTENCE_MONTHS", default=18)
LEAVE_LASTS_MONTHS = env.int("LEAVE_LASTS_MONTHS", default=6)
# A date that the app computes may differ from SDP's by so many days before it is remarked.
DATE_TOLERANCE_DAYS = env.int("DATE_TOLERANCE_DAYS", default=31)
# Personal data are anonymised so many months after the last custody (a prison may say otherwise).
RETENTION_MONTHS = env.int("RETENTION_MONTHS", default=60)
RETENTION_PREVIEW_DAYS = env.int("RETENTION_PREVIEW_DAYS", default=90)
# "Mengingat" of a decree, as a JSON list; the batch's agreement follows by itself.
DECREE_LEGAL_BASES = env.json(
    "DECREE_LEGAL_BASES", default=["Undang-Undang Nomor 22 Tahun 2022 tentang Pemasyarakatan"]
)
# What the draft of an agreement refers to, as a JSON list.
AGREEMENT_LEGAL_BASES = env.json(
    "AGREEMENT_LEGAL_BASES",
    default=[
        "Undang-Undang Nomor 22 Tahun 2022 tentang Pemasyarakatan",
        "Peraturan Pemerintah Nomor 57 Tahun 1999 tentang Kerja Sama Penyelenggaraan Pembinaan "
        "dan Pembimbingan Warga Binaan Pemasyarakatan",
        "Peraturan Pemerintah Nomor 28 Tahun 2018 tentang Kerja Sama Daerah",
    ],
)

# What follows one of these in an address is the key of a single-use link: never written down.
SECRET_PATHS = ("/invitations/", "/slots/link/", "/confirm-email/", "/password/reset/key/")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "accounts.logs.RequestId"}},
    "formatters": {"json": {"()": "accounts.logs.JsonFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}
    },
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="WARNING")},
}
