"""The peers' whole site in one file: Django's own reset and django-allauth's. Runs only in the bench's environment."""

# mypy: ignore-errors
# Django is not among our own packages.

import os
import time
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.mail.backends.base import BaseEmailBackend

RELAY = 0.03  # seconds that a mail relay takes


class Argon2(Argon2PasswordHasher):
    """The product's cost."""

    time_cost, memory_cost, parallelism = 2, 19456, 1


class Sink(BaseEmailBackend):
    """Takes every mail, as slowly as a relay."""

    def send_messages(self, email_messages: list[Any]) -> int:
        """Waits as the relay would."""
        time.sleep(RELAY * len(email_messages))
        return len(email_messages)


settings.configure(
    SECRET_KEY="bench",  # noqa: S106  # no secret
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="peer_urls",
    INSTALLED_APPS=[
        *("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages"),
        *("django.contrib.admin", "allauth", "allauth.account"),
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[
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
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["PEER_DATABASE"]}},
    PASSWORD_HASHERS=["peer_site.Argon2"],
    AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
    EMAIL_BACKEND="peer_site.Sink",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
)


def application(environ: dict[str, Any], start: Any) -> Any:
    """The WSGI program."""
    return _handler(environ, start)


def fill(names: str) -> None:
    """Makes the tables and the accounts."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415  # after setup
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    hashed = make_password("Laterne Kiesel Wolke 41")
    with open(names) as file:  # noqa: PTH123
        User.objects.bulk_create([User(username=name, email=name, password=hashed) for name in file.read().split()])


def _make() -> Any:
    import django  # noqa: PLC0415

    django.setup()
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415

    return WSGIHandler()


_handler = _make()
