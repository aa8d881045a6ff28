"""All settings, read from the environment; `docs/settings.md` lists them and a test compares the two."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from factcheck import env
from factcheck.interface import *  # noqa: F403  Django reads settings by their names in this module
from factcheck.outside import *  # noqa: F403
from workers import schedule

ROOT = Path(__file__).resolve().parent.parent

# The process
DEBUG = env.boolean("DEBUG", default=False, about="Shows errors to everybody. Never in production.")
SECRET_KEY = env.secret("SECRET_KEY", debug=DEBUG, about="Signs sessions and tokens. Long, random, secret.")
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", default=("localhost", "127.0.0.1", "[::1]"), about="Host names this server answers to."
)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", about="Origins behind a proxy, such as https://desk.example.")
PUBLIC_URL = env.text(
    "PUBLIC_URL", default="http://localhost:8000", about="Where readers reach the published checks."
).rstrip("/")
HTTPS = env.boolean(
    "HTTPS", default=PUBLIC_URL.startswith("https://"), about="Redirect to https, secure cookies, HSTS."
)
ROLE = env.choice("ROLE", default="web", among=("web", "worker", "beat", "command"), about="What this process is.")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "csp",
    "pgtrigger",
    "django_filters",
    "django_celery_beat",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "factcheck",
    "claims",
    "workers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "claims.api.anonymous.AnonymousLimit",
    "claims.admin.policy.AdminPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "claims.admin.signing_in.Presence",
    "claims.admin.zone.DeskZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# The servers. A pool serves the web only: Celery closes connections at every task (celery/celery#10554).
DATABASES = {
    "default": env.database(
        "DATABASE_URL",
        default="postgres:///factcheck",
        about="PostgreSQL 15 or newer, as the plain role the application runs as.",
    )
}
APPLICATION_ROLE = DATABASES["default"]["USER"]  # `migrate` gives it what it needs, and no more
OWNER_DATABASE = env.database(
    "DATABASE_OWNER_URL",
    default=env.text("DATABASE_URL", default="postgres:///factcheck", about=env.READ["DATABASE_URL"]),
    about="The same database as the role that owns it; used by migrate only. Default: DATABASE_URL.",
)
if ROLE == "web" and env.boolean("DATABASE_POOL", default=True, about="Pool connections in the web process."):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 10, "timeout": 10}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.redis("REDIS_URL", default="redis://127.0.0.1:6379/0", about="Redis 7 or Valkey.")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# People
AUTH_USER_MODEL = "claims.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = env.integer(
    "SIGN_IN_TRIES", default=5, low=1, about="Wrong passwords or codes for one account from one address until it locks."
)
AXES_COOLOFF_TIME = timedelta(
    minutes=env.integer("SIGN_IN_LOCK_MINUTES", default=15, low=1, about="How long such a lock lasts.")
)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # an account cannot be locked for its owner by strangers
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are rows of ours
AXES_ENABLE_ADMIN = False  # locks are shown at the member
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a lock ends when it was said to
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["code", "csrfmiddlewaretoken"]
AXES_CLIENT_IP_CALLABLE = "claims.addresses.address_of"
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # no middleware: the form says that an account is locked
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Language and time. The database clock decides; pages show the desk's zone: the newsroom's own, if it has one.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [ROOT / "claims" / "locale", ROOT / "claims" / "public" / "locale"]
TIME_ZONE = env.text("TIME_ZONE", default="UTC", about="The zone of newsrooms that name none, such as Europe/Berlin.")
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["claims.formats"]

# Files
STATIC_URL = "static/"
STATIC_ROOT = env.text("STATIC_ROOT", default=str(ROOT / ".local" / "static"), about="Where collectstatic puts files.")
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = True  # a desk that never ran collectstatic still sees its pages
SNAPSHOT_DIR = Path(
    env.text(
        "SNAPSHOT_DIR",
        default=str(ROOT / ".local" / "snapshots"),
        about="Where WARC files are written, and kept unless there is a bucket.",
    )
)
SNAPSHOT_ROTATE_SECONDS = env.integer(
    "SNAPSHOT_ROTATE_SECONDS", default=3600, low=1, about="How long a WARC file is written to before the next begins."
)
SNAPSHOT_SAMPLE = env.integer("SNAPSHOT_SAMPLE", default=200, about="Kept snapshots replayed and proved every night.")
SNAPSHOT_BUCKET = env.text(
    "SNAPSHOT_BUCKET", about="S3 bucket closed WARC files are shipped to; needs the extra factcheck[s3]."
)
SNAPSHOT_PREFIX = env.text("SNAPSHOT_PREFIX", about="Folder in the bucket.")
SNAPSHOT_ENDPOINT = env.text("SNAPSHOT_ENDPOINT", about="Address of an S3 service that is not Amazon's.")
SNAPSHOT_REGION = env.text("SNAPSHOT_REGION", about="Region of the bucket.")
SNAPSHOT_KEY = env.text("SNAPSHOT_KEY", about="Access key for the bucket; empty: as the machine is identified.")
SNAPSHOT_SECRET = env.text("SNAPSHOT_SECRET", about="Secret of the access key.")
if SNAPSHOT_BUCKET:
    STORAGES["snapshots"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": SNAPSHOT_BUCKET,
            "location": SNAPSHOT_PREFIX,
            "endpoint_url": SNAPSHOT_ENDPOINT or None,
            "region_name": SNAPSHOT_REGION or None,
            "access_key": SNAPSHOT_KEY or None,
            "secret_key": SNAPSHOT_SECRET or None,
            "default_acl": None,
            "file_overwrite": True,  # names are never given twice; a half-shipped file is sent again
        },
    }

# Safety of the web
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
TRUSTS_PROXY = env.boolean(
    "BEHIND_PROXY", default=False, about="Trust X-Forwarded-Proto and the last X-Forwarded-For of the proxy in front."
)
if TRUSTS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Alpine, which Unfold's pages need, builds functions from attributes; only the admin gets this.
ADMIN_CONTENT_SECURITY_POLICY = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# Celery: the broker is a hint, the row is the truth (docs/reliability.md)
CELERY_BROKER_URL = env.text("BROKER_URL", default=REDIS_URL, about="Celery's broker. Default: REDIS_URL.").replace(
    "unix://", "redis+socket://"
)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "upkeep"
CELERY_TASK_ROUTES = {
    "workers.tasks.gathering.*": {"queue": "gathering"},
    "workers.tasks.rechecking.visit_passage": {"queue": "gathering"},
    "workers.tasks.following.visit_source": {"queue": "gathering"},
    "workers.tasks.following.read_item": {"queue": "gathering"},
    "workers.tasks.renewing.search_again": {"queue": "gathering"},
    "workers.tasks.archiving.archive_document": {"queue": "gathering"},
    "workers.tasks.delivering.deliver": {"queue": "gathering"},
    "workers.tasks.noticing.carry_*": {"queue": "gathering"},
    "workers.tasks.consulting.*": {"queue": "gathering"},
    "workers.tasks.intake.*": {"queue": "analysis"},
    "workers.tasks.assessing.*": {"queue": "analysis"},
}
CELERY_TASK_SOFT_TIME_LIMIT = env.integer("TASK_SOFT_SECONDS", default=120, low=1, about="Soft limit of a task.")
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 30
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False  # a hint that cannot be sent is swept later
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # above every hard limit
    "socket_connect_timeout": 1.5,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "health_check_interval": 20,
    "retry_on_timeout": False,
    "global_keyprefix": env.text("BROKER_PREFIX", default="", about="Prefix of the broker's keys, to share a Redis."),
}
SWEEP_SECONDS = env.integer("SWEEP_SECONDS", default=15, low=1, about="How often stalled steps are looked for.")
CELERY_BEAT_SCHEDULE = schedule.entries(sweep_seconds=SWEEP_SECONDS)
CELERY_BEAT_SCHEDULER = "factcheck.beat:Scheduler"
CELERY_TIMEZONE = "UTC"
DJANGO_CELERY_BEAT_TZ_AWARE = True
RETENTION = env.days(
    "RETENTION",
    about="Days rows are kept that only serve for a time, such as `deliveries=30,sign_ins=60`; 0: for good.",
)
METRICS_TOKEN = env.text(
    "METRICS_TOKEN", about="Bearer token Prometheus sends to `/metrics`. Without it there is no such page."
)

# The work
ARTICLE_MAX_CHARACTERS = env.integer(
    "ARTICLE_MAX_CHARACTERS", default=400_000, low=1_000, about="Longest article accepted, in characters."
)
LEASE_SECONDS = env.integer(
    "LEASE_SECONDS", default=180, low=1, about="How long a worker may hold a step before others may take it."
)
RECHECKS_PER_HOST_AND_HOUR = env.integer(
    "RECHECKS_PER_HOST_AND_HOUR", default=60, low=1, about="Visits of the clock to one site per hour, by all workers."
)
RECHECKS_PER_HOST_AND_ROUND = env.integer(
    "RECHECKS_PER_HOST_AND_ROUND", default=5, low=1, about="Visits to one site handed out at a time."
)
RECHECKS_HANDED_OUT_SECONDS = env.integer(
    "RECHECKS_HANDED_OUT_SECONDS", default=900, low=1, about="Until a visit of which nothing was heard is due again."
)
STEP_MAX_ATTEMPTS = env.integer("STEP_MAX_ATTEMPTS", default=5, low=1, about="Tries before a step is a dead letter.")

# Mail: what people are told, and a webhook that was disabled (docs/notices.md)
EMAIL_HOST = env.text("MAIL_HOST", about="SMTP server that mail is sent by; empty: no mail is sent.")
EMAIL_PORT = env.integer("MAIL_PORT", default=587, low=1, about="Port of the SMTP server.")
EMAIL_HOST_USER = env.text("MAIL_USER", about="Account at the SMTP server.")
EMAIL_HOST_PASSWORD = env.text("MAIL_PASSWORD", about="Password at the SMTP server.")
EMAIL_USE_SSL = env.boolean("MAIL_SSL", default=False, about="Encrypt from the first byte, as port 465 wants it.")
EMAIL_USE_TLS = not EMAIL_USE_SSL and env.boolean(
    "MAIL_TLS", default=True, about="Encrypt the connection to the SMTP server (STARTTLS)."
)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", default="factcheck@localhost", about="Whom mail comes from.")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"

UNFOLD = {
    "SITE_TITLE": "Factcheck",
    "SITE_HEADER": "Factcheck",
    "SITE_SYMBOL": "fact_check",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "LANGUAGES": {"action": "claims.admin.site.language_action"},
    "ACCOUNT": {"navigation": "claims.admin.site.account_links"},
    "BORDER_RADIUS": "6px",
    "ENVIRONMENT": "claims.admin.talk.bell",
    "DASHBOARD_CALLBACK": "claims.admin.dashboard.context",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "claims.admin.site.favicon"}],
    "STYLES": ["claims.admin.site.styles"],
    "SCRIPTS": ["claims.admin.site.scripts"],
    "SIDEBAR": {"show_search": False, "navigation": "claims.admin.site.navigation"},
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 254.604)",
            "100": "oklch(93.2% .032 255.585)",
            "200": "oklch(88.2% .059 254.128)",
            "300": "oklch(80.9% .105 251.813)",
            "400": "oklch(70.7% .165 254.624)",
            "500": "oklch(62.3% .214 259.815)",
            "600": "oklch(50% .19 262)",
            "700": "oklch(44% .18 264)",
            "800": "oklch(42.4% .199 265.638)",
            "900": "oklch(37.9% .146 265.522)",
            "950": "oklch(28.2% .091 267.935)",
        }
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.choice(
            "LOG_LEVEL", default="INFO", among=("DEBUG", "INFO", "WARNING", "ERROR"), about="How much is logged."
        ),
    },
}
