"""Django settings. What differs between installations comes from the environment (see `environment.py`)."""

from __future__ import annotations

import os
from typing import Any

from rathaus.config import environment

PROJECT_ROOT = environment.PROJECT_ROOT
DATA_DIR = environment.data_dir()
DEMO = environment.flag("DEMO", default=True)
# Behind a proxy that speaks TLS: secure cookies, HSTS. Off on loopback, where there is no certificate.
TLS = environment.flag("TLS", default=False)
DEBUG = False

SECRET_KEY = environment.secret_key()
DATABASES = {"default": environment.database()}
# Hosts are checked by TownMiddleware against the towns' own host names.
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "rathaus.towns",
    "rathaus.audit",
    "rathaus.delivery",
    "rathaus.people",
    "rathaus.catalogue",
    "rathaus.applications",
    "rathaus.cases",
    "rathaus.letters",
    "rathaus.processes",
    "rathaus.design",
    "rathaus.sharing",
    "rathaus.portal",
    "rathaus.office",
    "rathaus.designer",
    "rathaus.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "rathaus.config.middleware.ObservationMiddleware",
    "rathaus.config.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rathaus.config.middleware.TownMiddleware",
    "rathaus.config.middleware.LanguageMiddleware",
    "rathaus.people.middleware.SignInMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rathaus.people.middleware.StaffOnlyMiddleware",
]

ROOT_URLCONF = "rathaus.config.urls"
WSGI_APPLICATION = "rathaus.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PROJECT_ROOT / "rathaus/templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "rathaus.config.jinja.environment",
            "context_processors": ["rathaus.office.context.workplace"],
        },
    },
    {
        # allauth renders a few internal fragments with Django's own language.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTH_USER_MODEL = "people.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Signing in to the workplace (django-allauth; see rathaus/people/) ---
AUTHENTICATION_BACKENDS = ["rathaus.people.authentication.StaffBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "office:worklist"
ACCOUNT_ADAPTER = "rathaus.people.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_DISPLAY = str
# allauth's own table of e-mail addresses knows no towns; it stays empty, the address is User.email.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
MFA_ADAPTER = "rathaus.people.adapter.StaffMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Clocks of phones drift: the codes before and after count as well.
MFA_TOTP_TOLERANCE = 1
# Passkeys need TLS; without it browsers allow them for `localhost` names only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS
# --- end of signing in ---

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [PROJECT_ROOT / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PROJECT_ROOT / "frontend/dist"]
# Served straight from where the assets are built; nothing is collected, nothing is copied.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = TLS
CSRF_FAILURE_VIEW = "rathaus.portal.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# A page with many partners has many fields; uploads have limits of their own.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# Where the town hall answers when nothing stands before it; letters name the address to verify them at.
PORT = os.environ.get("PORT") or "8000"
# The seal of the town's letters; empty: a demo seal is made on first use (see rathaus/letters/seal.py).
SEAL_P12 = os.environ.get("SEAL_P12", "")
SEAL_P12_PASSPHRASE = os.environ.get("SEAL_P12_PASSPHRASE", "")

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "rathaus.config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        # Ours says the same without addresses, which hold references and draft ids.
        "django.request": {"handlers": [], "propagate": True, "level": "ERROR"},
    },
}
