"""All settings. One machine by default; `DATABASE_URL` and `REDIS_URL` switch to servers."""

from __future__ import annotations

import os
import sys
from typing import Any

import environ

from config.paths import BASE_DIR, data_folder, secret_key, socket_path

env = environ.Env()

TESTING = "pytest" in sys.modules
DATA = data_folder(testing=TESTING)
SECRET_KEY = secret_key(DATA)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS_ONLY", default=False)
SESSION_COOKIE_AGE = 30 * 24 * 3600

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config.apps.ConfigApp",
    "annotation.apps.AnnotationApp",
    "training.apps.TrainingApp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.body_drain",
    "config.middleware.nul_refuse",
    "config.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "annotation.User"
LOGIN_URL = "/login"
CSRF_FAILURE_VIEW = "config.errors.csrf_failed"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384; "
        "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
    ),
}


def database() -> dict[str, Any]:
    """The default database: SQLite in the data folder, or what `DATABASE_URL` names."""
    config: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'plaudit.sqlite3'}")
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = SQLITE_OPTIONS
        config["CONN_MAX_AGE"] = (
            None  # a connection for each thread; opening one costs more than most queries
        )
        # Tests use a file too: threads and child processes must see the same database.
        config["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
    else:
        config["OPTIONS"] = {
            "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=10), "timeout": 20}
        }
        if TESTING:
            config["OPTIONS"] = {}
    return config


DATABASES = {"default": database()}

BROKER_SOCKET = socket_path(DATA, "valkey.sock")
SCORER_SOCKET = socket_path(DATA, "scorer.sock")
SCORER_URL = env.str("SCORER_URL", default="")  # where the scorer is another machine's; else the socket
SCORER_MODELS = env.int("SCORER_MODELS", default=8)  # models that one scorer keeps in memory
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL or f"unix://{BROKER_SOCKET}?db=1",
        "KEY_PREFIX": "plaudit",
    },
    # Figures that take seconds to compute; their keys change with what they are made of.
    "figures": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "figures",
        "TIMEOUT": 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 20},
    },
}

CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{BROKER_SOCKET}?virtual_host=0"
# Who sends a message does not wait long for a broker that is down; what matters waits in the database.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ACKS_LATE = False  # a lost task is found again by its row (see training.services)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA / "run" / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "coordinate": {
        "task": "training.tasks.coordinate",
        "schedule": env.float("COORDINATE_SECONDS", default=30.0),
    },
    "sweep": {"task": "training.tasks.sweep", "schedule": 3600.0},
    "housekeep": {"task": "annotation.tasks.housekeep", "schedule": 60.0},
    "beat-alive": {"task": "config.tasks.worker_alive", "schedule": 15.0},
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns about a folder that is not there
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.is_dir() else []
STORAGES = {
    "default": {
        "BACKEND": env.str("ARTIFACT_STORAGE", default="django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.json("ARTIFACT_STORAGE_OPTIONS", default={"location": str(DATA / "artifacts")}),
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

UPLOAD_FOLDER = DATA / "uploads"
UPLOAD_LIMIT = env.int("UPLOAD_LIMIT", default=2 * 1024**3)  # bytes of one imported file
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024**2  # bytes of one request body that is parsed in memory
FILE_UPLOAD_TEMP_DIR = None

FEATURE_CACHE = DATA / "features"
# Pretrained models beside the packaged one that runs may start from: Hugging Face names, or folders here.
CHECKPOINTS = env.list("CHECKPOINTS", default=[])
TRAINING_MEMORY_LIMIT = env.int("TRAINING_MEMORY_LIMIT", default=0)  # bytes of one run; 0: no limit of ours
TRAINING_THREADS = env.int("TRAINING_THREADS", default=max(1, (os.cpu_count() or 2) // 2))  # of one run
HEARTBEAT_TIMEOUT = env.float("HEARTBEAT_TIMEOUT", default=60.0)  # seconds after which a silent run is dead
DEMO = env.bool("PLAUDIT_DEMO", default=False)
VERSION = "0.1.0"
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "annotation.api.authentication.TokenAuthentication",
        "annotation.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["annotation.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["annotation.api.parsers.OrjsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.errors.handler",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Plaudit",
    "DESCRIPTION": "From people's judgments of model outputs to reward models.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AnnotatorKind": "annotation.models.judgments.AnnotatorKind",
        "JudgmentStatus": "annotation.models.judgments.JudgmentStatus",
        "ImportStatus": "annotation.models.imports.ImportStatus",
        "TemplateName": "annotation.models.projects.Template",
        "ItemKind": "annotation.models.projects.ItemKind",
        "Role": "annotation.models.accounts.Role",
        "QuestionKind": "annotation.api.serializers_projects.QUESTION_KINDS",
        "RunStatus": "training.models.runs.RunStatus",
        "RunTrigger": "training.models.runs.Trigger",
        "ModelKind": "training.api.serializers.MODEL_KINDS",
        "ModelStatus": "training.api.serializers.MODEL_STATUSES",
        "DecisionCode": "training.api.serializers.DECISIONS",
        "PinStatus": "training.api.serializers_must_pass.PIN_STATUSES",
        "ReadinessCode": "training.api.serializers_evaluation.READINESS_CODES",
        "StandingStatus": "annotation.api.serializers_gold.STANDINGS",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"scoring_token": {"()": "config.logs.ScoringTokenFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["scoring_token"]}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.request": {"level": "ERROR"}, "httpx": {"level": "WARNING"}},
}
