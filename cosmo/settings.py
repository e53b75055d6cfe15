"""Settings: read from the environment only, no logic (architecture decision 13)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from celery.schedules import crontab, schedule
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from cosmo.lib.log_settings import LOGGING as LOGGING
from cosmo.lib.secret_file import read_or_make_secret

BASE_DIR = Path(__file__).resolve().parent.parent
COSMO_DATA = Path(os.environ.get("COSMO_DATA", BASE_DIR / "var")).resolve()
os.environ.setdefault("NUMBA_CACHE_DIR", str(COSMO_DATA / "numba"))

DEBUG = os.environ.get("COSMO_DEBUG", "") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY") or read_or_make_secret(COSMO_DATA / "secret_key")
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000")
LIVE_URL = os.environ.get("LIVE_URL", "")  # empty: the same address as the page
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [u for u in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if u]

INSTALLED_APPS = [
    "cosmo",
    "cosmo.accounts",
    "cosmo.lib",
    "design",
    "orders",
    "production",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "django_htmx",
    "rest_framework",
    "oauth2_provider",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "channels",
]

MIDDLEWARE = [
    "cosmo.lib.chain.ChainMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cosmo.lib.errors_http.DomainErrorMiddleware",
]

ROOT_URLCONF = "cosmo.urls"
WSGI_APPLICATION = "cosmo.wsgi.application"
ASGI_APPLICATION = "cosmo.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cosmo.context.site",
            ],
            "builtins": ["cosmo.lib.templatetags.icons"],
        },
    },
]

DATABASES = {
    "default": {
        **dj_database_url.parse(
            os.environ.get("DATABASE_URL", "postgresql://cosmo@127.0.0.1:5432/cosmo"),
            conn_max_age=int(os.environ.get("CONN_MAX_AGE", "600")),
            conn_health_checks=True,
        ),
        "ATOMIC_REQUESTS": False,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # transaction pooling must stay possible
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

VALKEY_URL = os.environ.get("VALKEY_URL", "redis://127.0.0.1:6379/0")
BROKER_URL = os.environ.get("BROKER_URL", VALKEY_URL)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": VALKEY_URL}
}
CHANNEL_LAYERS = {
    "default": {
        # The core layer drops messages silently in a burst; pub/sub does not queue at all and
        # every message carries a seq, so a returning page replays from PostgreSQL.
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [VALKEY_URL]},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 50  # below the visibility timeout, or a message runs twice at once
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A page does not wait for a broker that is away: one more try at once, then the sweep.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # a hint may be lost; the sweep heals
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A sweep that waited longer than ``expires`` seconds for a worker is dropped: the next is there.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "draw-missing-diagrams": {
        "task": "design.draw_missing_diagrams",
        "schedule": schedule(10.0),
        "options": {"expires": 30},
    },
    "expire-holds": {
        "task": "production.expire_holds",
        "schedule": schedule(10.0),
        "options": {"expires": 30},
    },
    "plan-marked-plants": {
        "task": "production.plan_marked_plants",
        "schedule": schedule(5.0),
        "options": {"expires": 15},
    },
    "improve-plans": {
        "task": "production.improve_plans",
        "schedule": schedule(20.0),
        "options": {"expires": 20},
    },
    "push-plans": {
        "task": "production.push_plans",
        "schedule": schedule(2.0),
        "options": {"expires": 10},
    },
    "recall-jobs": {
        "task": "production.recall_jobs",
        "schedule": schedule(5.0),
        "options": {"expires": 15},
    },
    "keep-silent-slips": {
        "task": "production.keep_silent_slips",
        "schedule": schedule(10.0),
        "options": {"expires": 30},
    },
    "settle-short-plants": {
        "task": "production.settle_short_plants",
        "schedule": schedule(30.0),
        "options": {"expires": 60},
    },
    "move-parcels": {
        "task": "production.move_parcels",
        "schedule": schedule(2.0),
        "options": {"expires": 10},
    },
    "apply-waiting-reports": {
        "task": "production.apply_waiting_reports",
        "schedule": schedule(5.0),
        "options": {"expires": 15},
    },
    "send-waiting-mail": {
        "task": "orders.send_waiting_mail",
        "schedule": schedule(5.0),
        "options": {"expires": 15},
    },
    "send-waiting-letters": {
        "task": "cosmo.send_waiting_letters",
        "schedule": schedule(5.0),
        "options": {"expires": 15},
    },
    "sweep-campaigns": {
        "task": "orders.sweep_campaigns",
        "schedule": schedule(5.0),
        "options": {"expires": 30},
    },
    "settle-waiting-payments": {
        "task": "orders.settle_waiting_payments",
        "schedule": schedule(10.0),
        "options": {"expires": 30},
    },
    "close-due-accounts": {
        "task": "orders.close_due_accounts",
        "schedule": schedule(600.0),
        "options": {"expires": 300},
    },
    "worker-seen": {
        "task": "cosmo.worker_seen",
        "schedule": schedule(5.0),
        "options": {"expires": 15},
    },
    "check-waiting-drafts": {
        "task": "design.check_waiting_drafts",
        "schedule": schedule(5.0),
        "options": {"expires": 15},
    },
    "publish-due-drafts": {
        "task": "design.publish_due_drafts",
        "schedule": schedule(5.0),
        "options": {"expires": 15},
    },
    "learn-buffers": {
        "task": "production.learn_buffers",
        "schedule": schedule(600.0),
        "options": {"expires": 600},
    },
    "forget-answers": {"task": "cosmo.forget_answers", "schedule": schedule(600.0)},
    # Once a day, at night, one after the other.
    "forget-events": {"task": "cosmo.forget_events", "schedule": crontab(hour=2, minute=10)},
    "forget-tokens": {"task": "cosmo.forget_tokens", "schedule": crontab(hour=2, minute=20)},
    "forget-reports": {"task": "production.forget_reports", "schedule": crontab(hour=2, minute=30)},
    "forget-plan-events": {
        "task": "production.forget_plan_events",
        "schedule": crontab(hour=2, minute=40),
    },
    "forget-freed": {"task": "production.forget_freed", "schedule": crontab(hour=2, minute=50)},
    "forget-sketches": {
        "task": "design.forget_sketches",
        "schedule": crontab(hour=3, minute=0),
    },
    "forget-unpaid-guests": {
        "task": "orders.forget_unpaid_guests",
        "schedule": crontab(hour=3, minute=10),
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
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
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "cosmo.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "cosmo.accounts.forms.OurAddEmailForm",
    "login": "cosmo.accounts.forms.OurLoginForm",
    "reset_password": "cosmo.accounts.forms.OurResetPasswordForm",
    "signup": "cosmo.accounts.forms.OurSignupForm",
}
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = "/"

OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.ApiClient"
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "SCOPES": {
        "offers:read": "Read offers and their options",
        "designs:write": "Configure and save designs",
        "orders:read": "Read own orders and units",
        "orders:write": "Place and cancel own orders",
        "stock:read": "Read what own plants have in stock",
    },
    "DEFAULT_SCOPES": ["offers:read"],
    # RFC 9700, all of it: tokens are stored as hashes and read from the header; of the grants only
    # client credentials has an address here.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "SCOPES_BACKEND_CLASS": "cosmo.accounts.scopes.ClientScopes",
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["cosmo.lib.rest.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["cosmo.lib.rest.permissions.ScopeRequired"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["cosmo.lib.rest.parsing.StrictJSONParser"],
    "DEFAULT_METADATA_CLASS": None,  # what OPTIONS would say stands in the OpenAPI document
    "DEFAULT_SCHEMA_CLASS": "cosmo.lib.rest.openapi.PartnerSchema",
    "DEFAULT_PAGINATION_CLASS": "cosmo.lib.rest.pages.CursorPages",
    "EXCEPTION_HANDLER": "cosmo.lib.rest.problems.problem_response",
    "DEFAULT_THROTTLE_CLASSES": ["cosmo.lib.rest.throttle.PartnerThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "partner": os.environ.get("PARTNER_RATE", "1200/min"),
        "token": os.environ.get("TOKEN_RATE", "60/min"),
    },
    "NUM_PROXIES": 1,  # the front that cosmo/embedded/Caddyfile shows
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Cosmo partner API",
    "DESCRIPTION": (
        "Offer, configure, order and follow single units. Writes take an Idempotency-Key."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},  # nothing from outside
    "OAUTH2_FLOWS": ["clientCredentials"],
    "OAUTH2_TOKEN_URL": "/api/v1/token/",
    "OAUTH2_SCOPES": OAUTH2_PROVIDER["SCOPES"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "cosmo.lib.rest.openapi.add_problems",
    ],
    "PREPROCESSING_HOOKS": ["cosmo.lib.rest.openapi.partner_paths_only"],
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("ar", "العربية")]
FORMAT_MODULE_PATH = ["cosmo.number_formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", COSMO_DATA / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60  # names carry no hash: a release is seen within a minute

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = COSMO_DATA / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Cosmo <orders@cosmo.example>")

SECURE = os.environ.get("COSMO_HTTPS", "") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"  # signed links must not leak to other sites
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "cosmo.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, *([LIVE_URL] if LIVE_URL else [])],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

# Cosmo's own. Dotted paths are ports (cosmo/lib/ports.py), loaded like cache back ends.
COSMO_PROMISE_SOURCE = "production.promising.PlantPromises"
COSMO_ENGINEERING_DESK = "production.authoring.PlantEngineering"
COSMO_FREEZE_POINTS = "production.freezing.RoutingFreezePoints"
COSMO_PARCEL_DESK = "production.parcels.PlantParcels"
COSMO_PAYMENT_PROVIDERS = {"simulator": "orders.payments.simulator.SimulatedProvider"}
COSMO_CARRIERS = {"simulated": "production.carriers.simulated.SimulatedCarrier"}
COSMO_LINE_CONNECTORS = {"rest": "production.lines.rest.connector.RestConnector"}
# What an invoice must say of who sells: address and VAT number, line by line under the name.
COSMO_SELLER = [
    line.strip()
    for line in os.environ.get(
        "COSMO_SELLER", "Musterweg 1 | 12345 Musterstadt | Germany | VAT ID DE000000000"
    ).split("|")
]
# The clock that quotes are read by.
COSMO_SELLER_ZONE = os.environ.get("COSMO_SELLER_ZONE", "Europe/Berlin")
# Where prices hold: the included tax is Germany's, so nothing is shipped elsewhere yet.
COSMO_SHIP_TO = {"DE": _("Germany")}
# Every catalogue needs a second person before it is published; else each product says so itself.
COSMO_SIGN_OFF = os.environ.get("COSMO_SIGN_OFF", "") == "1"
# What documents on paper are set in; built with the browser libraries (esbuild.mjs).
COSMO_FONTS = BASE_DIR / "static" / "built" / "fonts"
COSMO_HOLD_MINUTES = int(os.environ.get("COSMO_HOLD_MINUTES", "15"))
COSMO_HOLD = timedelta(minutes=COSMO_HOLD_MINUTES)
# So long a customer may think about a slip, in the plant's time; silence keeps the order.
COSMO_SLIP_HOURS = int(os.environ.get("COSMO_SLIP_HOURS", "48"))
# So long a better plan is looked for where something is late, in seconds.
COSMO_IMPROVE_S = float(os.environ.get("COSMO_IMPROVE_S", "10"))
# So long rows are kept that have done their work: published events, followed reports.
COSMO_KEPT = timedelta(days=int(os.environ.get("COSMO_KEPT_DAYS", "30")))
COSMO_CLOCK_FACTOR = float(os.environ.get("COSMO_CLOCK_FACTOR", "1"))
COSMO_DEMO = os.environ.get("COSMO_DEMO", "") == "1"
