"""Puts the web entry's parts together; the worker's are few and stand in its own file."""

from collections.abc import Callable

from .accounts import Accounts
from .changes import Changes
from .clients import client
from .keys import Keys
from .limits import Backoff, Counters
from .not_me import NotMe
from .passwords import Hasher, Policy
from .queue import MailQueue
from .resets import Resets
from .service import Service
from .sessions import Sessions
from .settings import Settings
from .table import Table
from .timeline import Timeline


def create_service(settings: Settings, now: Callable[[], float]) -> tuple[Service, Keys]:
    """The Service with real clients, and the Keys it was made with."""
    dynamodb = client("dynamodb")
    keys = Keys(client("secretsmanager"), settings.secret_id, now)
    table = Table(dynamodb, settings.resets_table)
    resets = Resets(table, now)
    accounts = Accounts(Table(dynamodb, settings.accounts_table), now)
    timeline = Timeline(Table(dynamodb, settings.timeline_table), now, settings.retention_days)
    service = Service(
        key=keys.account_key,
        accounts=accounts,
        hashes=Table(dynamodb, settings.passwords_table),
        resets=resets,
        sessions=Sessions(table, now, settings.sessions),
        changes=Changes(table, now),
        not_me_tokens=NotMe(table, resets, accounts, timeline, now, pause_hours=settings.pause_hours),
        counters=Counters(table, now),
        logins=Backoff(table, now, settings.limits.login_failures),
        guesses=Backoff(table, now, settings.limits.token_failures),
        queue=MailQueue(client("sqs"), settings.mail_queue_url),
        timeline=timeline,
        policy=Policy(settings.password_minimum, settings.context_words),
        hasher=Hasher(keys.pepper),
        limits=settings.limits,
        now=now,
    )
    return service, keys
