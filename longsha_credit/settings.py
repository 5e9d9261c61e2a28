"""Everything that differs between machines, in one place; a missing value stops the start and is named."""

import os
import re
import sys
from pathlib import Path

import pgtrigger
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from longsha_credit import embedded

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name, default=None):
    """The text of an environment variable, or of the file that NAME_FILE names."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name) or default


def env_required(name, why):
    value = env(name)
    if not value:
        raise ImproperlyConfigured(f"缺少环境变量 {name}：{why}。请设置后重新启动。")
    return value


def env_bool(name, default):
    value = env(name)
    if value is None:
        return default
    if value not in ("true", "false"):
        raise ImproperlyConfigured(f"环境变量 {name} 只能写 true 或 false，现在是“{value}”。")
    return value == "true"


def env_list(name):
    return [part.strip() for part in (env(name) or "").split(",") if part.strip()]


# With DATABASE_URL the portal runs on servers: nothing is guessed. Without it, one machine, embedded servers.
ON_SERVERS = bool(env("DATABASE_URL"))
TESTING = "pytest" in sys.modules
VAR_DIR = Path(env("VAR_DIR", str(BASE_DIR / "var" / ("test" if TESTING else "")))).resolve()

if ON_SERVERS:
    SECRET_KEY = env_required("SECRET_KEY", "使用 DATABASE_URL 时必须提供密钥")
    VAULT_KEY = env_required("VAULT_KEY", "居民反映的内容和身份用它加密，使用 DATABASE_URL 时必须提供")
    REDIS_URL = env_required("REDIS_URL", "使用 DATABASE_URL 时必须提供 Redis 地址")
    ALLOWED_HOSTS = [
        part.strip() for part in env_required("ALLOWED_HOSTS", "写对外域名，逗号分隔").split(",")
    ]
    DATABASES = {"default": embedded.parse_database_url(env("DATABASE_URL"))}
else:
    SECRET_KEY = env("SECRET_KEY") or embedded.local_secret(VAR_DIR)
    VAULT_KEY = env("VAULT_KEY") or embedded.local_secret(VAR_DIR, "vault", embedded.VAULT_LOST)
    REDIS_URL = env("REDIS_URL") or embedded.redis_url(VAR_DIR)
    ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
    DATABASES = {"default": embedded.database_settings(VAR_DIR)}

if any(len(key.strip()) < 32 for key in VAULT_KEY.split(",")):
    raise ImproperlyConfigured("VAULT_KEY 里每个密钥至少 32 个字符，几个密钥用逗号隔开。")

DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
# Each trigger looks first whether it is switched off. Where the setting is missing that look is an exception caught in a
# subtransaction, for every row: handing tasks down took twelve times as long. An empty list switches nothing off.
DATABASES["default"]["OPTIONS"] = {
    "options": "-c pgtrigger.ignore={}",
    **DATABASES["default"].get("OPTIONS", {}),
}

DEBUG = env_bool("DEBUG", False)
URL_PREFIX = "/" + (env("URL_PREFIX", "/") or "/").strip("/")
FORCE_SCRIPT_NAME = None if URL_PREFIX == "/" else URL_PREFIX
PREFIX = "/" if URL_PREFIX == "/" else URL_PREFIX + "/"
HTTPS = env_bool("HTTPS", ON_SERVERS)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "axes",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "django_prose_editor",  # for its static file only
    "longsha_credit.web",
    "longsha_credit.audit",
    "longsha_credit.directory",
    "longsha_credit.files",
    "longsha_credit.deadlines",
    "longsha_credit.exchange",
    "longsha_credit.publication",
    "longsha_credit.programme",
    "records",
    "commitments",
    "disclosure",
    "evaluation",
    "longsha_credit.home",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # before all that may refuse a request, so that its answer carries the headers too
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "longsha_credit.audit.middleware.RequestContextMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "longsha_credit.urls"
WSGI_APPLICATION = "longsha_credit.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "longsha_credit.web.context.site",
                "longsha_credit.home.menu.desk",
            ],
            "builtins": [
                "longsha_credit.web.templatetags.web",
                "longsha_credit.publication.templatetags.gate",
            ],
            "libraries": {},
        },
    }
]
FORM_RENDERER = "longsha_credit.web.forms.FieldRenderer"

# Who may sign in, and how
AUTH_USER_MODEL = "directory.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "longsha_credit.directory.passwords.LengthValidator"},
    {"NAME": "longsha_credit.directory.passwords.KindsValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "front"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "longsha_credit.directory.login_views.locked_out"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "longsha_credit.audit.middleware.client_ip"
PROXY_COUNT = int(env("PROXY_COUNT", "0"))  # proxies of ours in front, each adds one X-Forwarded-For entry

SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = PREFIX
SESSION_COOKIE_NAME = "longsha_session"
CSRF_COOKIE_NAME = "longsha_csrf"
CSRF_FAILURE_VIEW = "longsha_credit.home.error_views.csrf_failure"
CSRF_TRUSTED_ORIGINS = env_list("TRUSTED_ORIGINS")
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
# HSTS for subdomains and preload belongs to the district's own domain, not to a column of its portal.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["longsha_credit.web.formats"]

# A PNG or Word file beyond this is refused before it is read whole.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = Path(env("MEDIA_ROOT", str(VAR_DIR / "files")))
SENDFILE_ROOT = MEDIA_ROOT
SENDFILE_BACKEND = env("SENDFILE_BACKEND", "django_sendfile.backends.simple")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT, "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# only apps are searched for tasks by themselves
CELERY_IMPORTS = [
    "commitments.supervision.tasks", "commitments.rectification.tasks", "longsha_credit.programme.contests.tasks",
    "evaluation.annual.tasks", "longsha_credit.home.packages",
]  # fmt: skip
CELERY_BEAT_SCHEDULE = {
    "send-reminders": {"task": "longsha_credit.deadlines.tasks.send_reminders", "schedule": 60.0},
    "mail-digests": {
        "task": "longsha_credit.deadlines.tasks.mail_digests",
        "schedule": crontab(minute="*/10", hour="8-18"),
        "options": {"expires": 540},
    },
    "mail-red-slips": {
        "task": "longsha_credit.deadlines.tasks.mail_red_slips",
        "schedule": 120.0,
        "options": {"expires": 110},
    },
    "tell-groups": {
        "task": "longsha_credit.deadlines.tasks.tell_groups",
        "schedule": crontab(minute="2-59/5", hour="8-19"),  # a group of people is not woken at night
        "options": {"expires": 280},
    },
    "silent-jobs": {
        "task": "longsha_credit.exchange.tasks.queue_silent_jobs",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    "follow-ups": {
        "task": "commitments.supervision.tasks.close_unanswered",
        "schedule": crontab(hour="0-6", minute=40),
    },
    "records": {"task": "records.tasks.run_nightly", "schedule": crontab(hour="0-6", minute=20)},
    "sweeps": {"task": "commitments.rectification.tasks.open_sweeps", "schedule": crontab(40, "0-6")},
    "handovers": {
        "task": "longsha_credit.home.tasks.refresh_handovers",
        "schedule": crontab(hour="0-6", minute=35),
    },
    "defences": {
        "task": "evaluation.annual.tasks.end_defences",
        "schedule": crontab(hour="0-6", minute=25),
    },
    "duties": {
        "task": "disclosure.tasks.follow_catalogue",  # a unit that was added owes within the quarter of an hour
        "schedule": crontab(minute="5-59/15"),
    },
    "open-data": {"task": "longsha_credit.home.packages.nightly", "schedule": crontab(minute="12-59/15")},
    "contest-calls": {
        "task": "longsha_credit.programme.contests.tasks.end_contest_calls",
        "schedule": crontab(minute="9-59/15"),
    },
    "imports": {"task": "longsha_credit.home.tasks.empty_imports", "schedule": crontab(hour=4, minute=10)},
    "heartbeat": {"task": "longsha_credit.home.tasks.heartbeat", "schedule": 20.0},
    "fold-marks": {"task": "longsha_credit.home.tasks.fold_marks", "schedule": crontab(hour=3, minute=50)},
    "sweep-files": {"task": "longsha_credit.home.tasks.sweep_files", "schedule": crontab(hour=3, minute=40)},
    "clear-sessions": {
        "task": "longsha_credit.home.tasks.clear_sessions",
        "schedule": crontab(hour=3, minute=10),
    },
}

# Without EMAIL_HOST nothing is mailed; notifications stand on the desk all the same.
EMAIL_HOST = env("EMAIL_HOST", "")
EMAIL_PORT = int(env("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_required("MAIL_FROM", "填了 EMAIL_HOST，还要填发件人地址") if EMAIL_HOST else "portal@localhost"  # fmt: skip

# For proofs on this machine only: a server here plays the three houses whose robots speak in chat groups.
CHAT_BASE = env("CHAT_BASE", "")
if CHAT_BASE and not re.fullmatch(r"http://127\.0\.0\.1:\d{1,5}", CHAT_BASE):
    raise ImproperlyConfigured("CHAT_BASE 只用于本机试验，写成 http://127.0.0.1:端口；正式运行不要填。")

PGHISTORY_APPEND_ONLY = True
PGHISTORY_LEVEL = pgtrigger.Statement  # row triggers are quadratic on set-based inserts

API_RATES = {"open_data": env("OPEN_DATA_RATE", "120/min"), "token": env("API_TOKEN_RATE", "60/min")}
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "longsha_credit.directory.api.answer",
    "DEFAULT_THROTTLE_RATES": API_RATES,
    "URL_FORMAT_OVERRIDE": None,
}
OPEN_DATA_KEPT_DAYS = int(env("OPEN_DATA_KEPT_DAYS", "9"))  # longer than the longest holiday
OPEN_DATA_LICENCE = env("OPEN_DATA_LICENCE", "可以免费使用、转载、加工和再分发，请注明来源单位、网址和数据日期；不得歪曲原意，不得用来识别或评价个人。")  # fmt: skip
SPECTACULAR_SETTINGS = {
    "TITLE": "诚信街道社区开放数据和接口",
    "DESCRIPTION": "公开内容的只读接口不用登录，数据与公开页面相同；填报草稿的接口凭接口令牌。回答都是 JSON。用法和例子见 /api/v1/docs/。",
    "VERSION": "1.0.0",
    "SERVERS": [{"url": "" if URL_PREFIX == "/" else URL_PREFIX}],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
}

# Residents' filings: how many from one address within how many seconds, by what is done. Many people share the
# address of a mobile network or of a community's Wi-Fi, so that the limits are wide and a question comes first.
RESIDENT_LIMITS = {
    "file": (20, 600),
    "rate": (30, 600),
    "track": (40, 600),
    "code": (20, 3600),
    "calendar": (240, 3600),
    "calendar_wrong": (60, 600),  # one subscription; wrong addresses of one caller
    "api_wrong": (20, 600),  # tokens that are none
    "take_part": (300, 600),  # a hall full of people on one Wi-Fi
}
QUESTION_AFTER = (3, 3600)

# What the district calls itself; shown in header, footer and head of every page
SITE = {
    "name": env("SITE_NAME", "诚信街道社区"),
    "owner": env("SITE_OWNER", "示例区人民政府"),
    "column": env("SITE_COLUMN", "政务诚信专栏"),
    "portal_name": env("SITE_PORTAL_NAME", "示例区人民政府门户网站"),
    "portal_url": env("SITE_PORTAL_URL", ""),
    "host_unit": env("SITE_HOST_UNIT", "示例区人民政府办公室"),
    "run_unit": env("SITE_RUN_UNIT", "示例区营商环境局（信用办）"),
    "phone": env("SITE_PHONE", ""),
    "phone_hours": env("SITE_PHONE_HOURS", "工作日 08:30—17:30"),
    "address": env("SITE_ADDRESS", ""),
    "id_code": env("SITE_ID_CODE", ""),
    "icp": env("SITE_ICP", ""),
    "icp_url": env("SITE_ICP_URL", "https://beian.miit.gov.cn/"),
    "police": env("SITE_POLICE", ""),
    "police_url": env("SITE_POLICE_URL", ""),
    "mark_url": env("SITE_MARK_URL", ""),
    "report_errors_url": env("SITE_REPORT_ERRORS_URL", ""),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {"axes": {"level": "WARNING"}},
}

if TESTING:
    # Clearing the cache empties a whole Redis database, so each worker of a test run has its own.
    CACHES["default"]["OPTIONS"] = {"db": 1 + int(env("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))}
    REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = dict.fromkeys(API_RATES, "9999/s")  # sweeps ask much
    # Hashing is meant to be slow; a thousand sign-ins in tests need not be.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
