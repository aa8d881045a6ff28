"""All settings, read from the environment; `docs/settings.md` lists them and a test compares the two."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from factcheck import env
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

# Language and time. The database clock decides; pages show the desk's zone.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [ROOT / "claims" / "locale", ROOT / "claims" / "public" / "locale"]
TIME_ZONE = env.text("TIME_ZONE", default="UTC", about="The zone pages show times in, such as Europe/Berlin.")
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
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
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

# Sources and fetching
SOURCES = [
    "workers.sources.folder.FolderArchive",
    "workers.sources.wikipedia.Wikipedia",
    "workers.sources.wikidata.Wikidata",
    "workers.sources.feeds.Feeds",
    "workers.sources.wayback.Wayback",
    "workers.sources.crossref.Crossref",
    "workers.sources.pubmed.PubMed",
    "workers.sources.eurostat.Eurostat",
    "workers.sources.worldbank.WorldBank",
    "workers.sources.gdelt.Gdelt",
    "workers.sources.commoncrawl.CommonCrawl",
    "workers.sources.google_factcheck.GoogleFactCheck",
    "workers.sources.openalex.OpenAlex",
    "workers.sources.destatis.Destatis",
    "workers.sources.searxng.SearXNG",
    "workers.sources.brave.Brave",
    "workers.sources.mediacloud.MediaCloud",
    *env.words("EXTRA_SOURCES", about="Dotted paths of further sources, separated by commas."),
]
DEFAULT_SOURCES = env.words(
    "DEFAULT_SOURCES", default=("folder", "wikipedia"), about="Sources a new newsroom asks, by their slug."
)
FETCH_CONTACT = env.text(
    "FETCH_CONTACT", about="How site owners reach the desk: a page or a mail address. Polite sources need it."
)
FETCH_ALLOWED_NETWORKS = env.networks(
    "FETCH_ALLOWED_NETWORKS", about="Networks fetched from although they are not public. For tests only."
)
FETCH_OPERATOR_NETWORKS = env.networks(
    "FETCH_OPERATOR_NETWORKS",
    about="Networks that addresses set by the operator, never those of articles, may lead to.",
)
FETCH_PORTS = [int(port) for port in env.words("FETCH_PORTS", default=("80", "443"), about="Ports fetched from.")]
FETCH_MAX_BYTES = env.integer("FETCH_MAX_BYTES", default=5_000_000, low=1_000, about="Largest page taken, decoded.")
FETCH_MAX_PDF_BYTES = env.integer("FETCH_MAX_PDF_BYTES", default=20_000_000, low=1_000, about="Largest PDF taken.")
FETCH_DEADLINE_SECONDS = env.integer(
    "FETCH_DEADLINE_SECONDS", default=25, low=1, about="Longest time one fetch may take, redirects included."
)
LOOKUP_DEADLINE_SECONDS = env.integer(
    "LOOKUP_DEADLINE_SECONDS",
    default=60,
    low=1,
    about="How long a source and the pages it found may take together; later pages are noted, not read.",
)
FETCH_PAGES_PER_SECOND = env.integer(
    "FETCH_PAGES_PER_SECOND", default=1, low=1, about="Pages fetched from one site per second, by all workers."
)
FETCH_PAGES_AT_ONCE = env.integer(
    "FETCH_PAGES_AT_ONCE", default=1, low=1, about="Pages fetched from one site at the same time, by all workers."
)
FETCH_PACE_PERCENT = env.integer(
    "FETCH_PACE_PERCENT", default=100, low=1, about="All budgets per host at once: 50 asks half as often."
)
FETCH_PATIENCE_SECONDS = env.integer(
    "FETCH_PATIENCE_SECONDS", default=15, about="How long a fetch waits for its turn at a host before it is put off."
)
# Where each service is asked. The addresses can point at a mirror, a proxy of the house, or a test server.
WIKIPEDIA_URL = env.text(
    "WIKIPEDIA_URL",
    default="https://{language}.wikipedia.org/w/api.php",
    about="Wikipedia's action API; {language} is filled in.",
)
WIKIDATA_URL = env.text("WIKIDATA_URL", default="https://www.wikidata.org/w/api.php", about="Wikidata's action API.")
FEED_URLS = env.words("FEED_URLS", about="RSS, Atom or JSON feeds the feeds source searches.")
DICTIONARY_FILES = env.words(
    "DICTIONARY_FILES",
    about="Your own bilingual dictionaries for earlier checks in other languages (docs/earlier-checks.md).",
)
CLAIMREVIEW_FEED_URL = env.text(
    "CLAIMREVIEW_FEED_URL",
    default="https://storage.googleapis.com/datacommons-feeds/claimreview/latest/data.json",
    about="The bulk feed of published fact-checks.",
)
CLAIMREVIEW_FEED_NIGHTLY = env.boolean(
    "CLAIMREVIEW_FEED_NIGHTLY", default=False, about="Take over the bulk feed of published fact-checks every night."
)
CLAIMREVIEW_FEED_MAX_BYTES = env.integer(
    "CLAIMREVIEW_FEED_MAX_BYTES", default=600_000_000, low=1_000, about="Largest bulk feed taken."
)
CLAIMREVIEW_FEED_SECONDS = env.integer(
    "CLAIMREVIEW_FEED_SECONDS", default=900, low=1, about="Longest time fetching the bulk feed may take."
)
WAYBACK_URL = env.text(
    "WAYBACK_URL", default="https://web.archive.org", about="The Internet Archive's Wayback Machine."
)
WAYBACK_KEY = env.text("WAYBACK_KEY", about="An archive.org account's S3 key as access:secret, to save pages there.")
CROSSREF_URL = env.text("CROSSREF_URL", default="https://api.crossref.org", about="Crossref's API.")
PUBMED_URL = env.text(
    "PUBMED_URL", default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils", about="PubMed's E-utilities."
)
PUBMED_KEY = env.text("PUBMED_KEY", about="Key for PubMed; optional, allows more requests.")
EUROSTAT_URL = env.text(
    "EUROSTAT_URL",
    default="https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data",
    about="Eurostat's statistics API.",
)
WORLDBANK_URL = env.text("WORLDBANK_URL", default="https://api.worldbank.org/v2", about="The World Bank's API.")
GDELT_URL = env.text("GDELT_URL", default="https://api.gdeltproject.org/api/v2/doc/doc", about="GDELT's document API.")
COMMONCRAWL_URL = env.text(
    "COMMONCRAWL_URL", default="https://index.commoncrawl.org", about="Common Crawl's index server."
)
COMMONCRAWL_DATA_URL = env.text(
    "COMMONCRAWL_DATA_URL", default="https://data.commoncrawl.org", about="Common Crawl's file server."
)
GOOGLE_FACTCHECK_URL = env.text(
    "GOOGLE_FACTCHECK_URL",
    default="https://factchecktools.googleapis.com/v1alpha1",
    about="Google's Fact Check Tools API.",
)
GOOGLE_FACTCHECK_KEY = env.text("GOOGLE_FACTCHECK_KEY", about="Key for Google's Fact Check Tools.")
OPENALEX_URL = env.text("OPENALEX_URL", default="https://api.openalex.org", about="OpenAlex's API.")
OPENALEX_KEY = env.text("OPENALEX_KEY", about="Key for OpenAlex.")
DESTATIS_URL = env.text(
    "DESTATIS_URL",
    default="https://www-genesis.destatis.de/genesisWS/rest/2020",
    about="The German statistics office's GENESIS API.",
)
DESTATIS_USER = env.text("DESTATIS_USER", about="Account for GENESIS.")
DESTATIS_PASSWORD = env.text("DESTATIS_PASSWORD", about="Password of the account for GENESIS.")
SEARXNG_URL = env.text("SEARXNG_URL", about="A SearXNG of your own with JSON enabled, such as http://searxng:8080.")
BRAVE_URL = env.text("BRAVE_URL", default="https://api.search.brave.com/res/v1", about="Brave's search API.")
BRAVE_KEY = env.text("BRAVE_KEY", about="Key for Brave's search API.")
MEDIACLOUD_URL = env.text(
    "MEDIACLOUD_URL", default="https://search.mediacloud.org/api", about="Media Cloud's search API."
)
MEDIACLOUD_KEY = env.text("MEDIACLOUD_KEY", about="Token for Media Cloud.")
MEDIACLOUD_COLLECTIONS = env.words(
    "MEDIACLOUD_COLLECTIONS", default=("34412234", "34412409"), about="Media Cloud collections searched."
)

# Machine models: none is asked unless an address or a folder is set (docs/models.md)
MODEL_CHAT_URL = env.text(
    "MODEL_CHAT_URL", about="A language model's OpenAI-compatible server, such as http://127.0.0.1:11434/v1."
)
MODEL_CHAT_KEY = env.text("MODEL_CHAT_KEY", about="Key for the language model; local servers need none.")
MODEL_CHAT_NAME = env.text("MODEL_CHAT_NAME", about="Which language model is asked, by the server's name for it.")
MODEL_CHAT_PRICE_IN = env.amount("MODEL_CHAT_PRICE_IN", about="Price of a million tokens sent to the language model.")
MODEL_CHAT_PRICE_OUT = env.amount(
    "MODEL_CHAT_PRICE_OUT", about="Price of a million tokens the language model answers with."
)
MODEL_EMBEDDINGS_URL = env.text(
    "MODEL_EMBEDDINGS_URL", about="OpenAI-compatible server of sentence embeddings, for similar earlier checks."
)
MODEL_EMBEDDINGS_KEY = env.text("MODEL_EMBEDDINGS_KEY", about="Key for the server of sentence embeddings.")
MODEL_EMBEDDINGS_NAME = env.text("MODEL_EMBEDDINGS_NAME", about="Which embedding model is asked.")
MODEL_EMBEDDINGS_PRICE = env.amount("MODEL_EMBEDDINGS_PRICE", about="Price of a million tokens that are embedded.")
MODEL_EMBEDDINGS_FOLDER = env.text(
    "MODEL_EMBEDDINGS_FOLDER", about="A sentence-transformers model on this machine, instead of a server."
)
MODEL_ENTAILMENT_URL = env.text(
    "MODEL_ENTAILMENT_URL", about="Address of an entailment model that answers like a text-classification service."
)
MODEL_ENTAILMENT_KEY = env.text("MODEL_ENTAILMENT_KEY", about="Key for the entailment model.")
MODEL_ENTAILMENT_NAME = env.text("MODEL_ENTAILMENT_NAME", about="What the entailment model is called in the desk.")
MODEL_ENTAILMENT_PRICE = env.amount(
    "MODEL_ENTAILMENT_PRICE", about="Price of a million tokens sent to the entailment model."
)
MODEL_ENTAILMENT_FOLDER = env.text(
    "MODEL_ENTAILMENT_FOLDER", about="A transformers entailment model on this machine, instead of a server."
)
MODEL_SECONDS = env.integer("MODEL_SECONDS", default=60, low=1, high=100, about="Longest time a model may take.")
MODEL_MAX_CHARACTERS = env.integer(
    "MODEL_MAX_CHARACTERS", default=24_000, low=500, about="Most of a text that is sent to a language model."
)
MODEL_MAX_TOKENS = env.integer("MODEL_MAX_TOKENS", default=2_000, low=50, about="Longest answer of a language model.")
MODEL_KEEP_PROMPTS = env.boolean(
    "MODEL_KEEP_PROMPTS", default=False, about="Keep what was sent to models in the log of calls, not only its hash."
)

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

# The API
API_REQUESTS_PER_KEY = env.integer(
    "API_REQUESTS_PER_KEY", default=600, low=1, about="Requests a key, or a person's session, may make per minute."
)
API_REQUESTS_PER_NEWSROOM = env.integer(
    "API_REQUESTS_PER_NEWSROOM",
    default=3000,
    low=1,
    about="Requests all keys of a newsroom together may make per minute.",
)
API_REQUESTS_ANONYMOUS = env.integer(
    "API_REQUESTS_ANONYMOUS",
    default=600,
    low=1,
    about="Requests without a key an address may make per minute: schema, docs, feeds, JSON of published checks.",
)
API_FAILED_KEYS = env.integer(
    "API_FAILED_KEYS", default=60, low=1, about="Keys that do not hold an address may send per minute."
)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "claims.api.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["claims.api.permissions.MayRead"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["claims.api.parsers.JSONBody"],
    "DEFAULT_PAGINATION_CLASS": "claims.api.pagination.NewestFirst",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "claims.api.schema.Schema",
    "EXCEPTION_HANDLER": "claims.api.errors.handle",
    "DEFAULT_THROTTLE_CLASSES": ["claims.api.throttles.PerKeyAndNewsroom"],
    "DEFAULT_VERSIONING_CLASS": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Factcheck",
    "DESCRIPTION": "Claims in, evidence kept, verdicts out.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "StepState": "claims.models.step.Step.State",
        "PublicationState": "claims.models.publication.Publication.State",
        "ClaimKind": "claims.models.claim.Claim.Kind",
        "CorrectionKind": "claims.models.publication.Correction.Kind",
        "Stance": "claims.models.evidence.Evidence.Stance",
        "ClaimStatus": "claims.workflow.Status",
        "ComplaintOutcome": "claims.models.complaint.Complaint.Outcome",
        "ComplaintDoor": "claims.models.complaint.Complaint.Door",
        "ComplaintState": "claims.api.serializers.complaints.STATES",
        "Door": "claims.models.article.Door",
        "LookupOutcome": "claims.models.evidence.Lookup.Outcome",
        "RecheckOutcome": "claims.models.publication.Recheck.Outcome",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "claims.api.schema.add_error_shapes",
        "claims.api.examples.add_examples",
    ],
}
KNOX_TOKEN_MODEL = "claims.ApiKey"  # noqa: S105 a model, no secret
MIGRATION_MODULES = {"knox": None}  # its migrations would make the table of the model we replaced
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False, "AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "fck_"}

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
