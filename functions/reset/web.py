"""The HTTP entry: reads the environment, puts the parts together, hands each event to the routes."""

from __future__ import annotations

import os
import time
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics

from .accounts import Accounts
from .app import Web
from .backoff import Backoff
from .changes import Changes
from .clients import client
from .hasher import Hasher
from .keys import Keys
from .limits import Counters
from .not_me import NotMe
from .passwords import Policy
from .queue import MailQueue
from .resets import Resets
from .service import Service
from .sessions import Sessions
from .settings import Settings
from .table import Table
from .timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext


def create_service(settings: Settings, now: Callable[[], float]) -> Service:
    """The Service with real clients and the secrets of today."""
    dynamodb = client("dynamodb", patience=settings.patience)
    keys = Keys(client("secretsmanager", patience=settings.patience), settings.secret_id, now)
    table = Table(dynamodb, settings.resets_table)
    resets = Resets(table, now)
    accounts = Accounts(Table(dynamodb, settings.accounts_table), now)
    timeline = Timeline(Table(dynamodb, settings.timeline_table), now, settings.retention_days)
    return Service(
        keys=keys,
        accounts=accounts,
        hashes=Table(dynamodb, settings.passwords_table),
        resets=resets,
        sessions=Sessions(table, now, settings.sessions, settings.accounts_table),
        changes=Changes(table, now),
        not_me_tokens=NotMe(table, resets, accounts, timeline, now, pause_hours=settings.pause_hours),
        counters=Counters(table, now),
        logins=Backoff(table, now, settings.limits.login_failures, settings.limits.login_failures_whole),
        guesses=Backoff(table, now, settings.limits.token_failures),
        queue=MailQueue(client("sqs", patience=settings.patience), settings.mail_queue_url),
        timeline=timeline,
        policy=Policy(settings.password_minimum, settings.context_words),
        hasher=Hasher(keys.pepper),
        limits=settings.limits,
        now=now,
    )


@cache
def create_web() -> Web:
    """The entry's one Web, made at its first event: import has no effects."""
    settings = Settings.from_environ(os.environ)
    metrics = Metrics(namespace=settings.metrics_namespace, service="web")
    return Web(partial(create_service, settings, time.time), settings, Logger(service="web"), metrics)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda calls this for every request."""
    return create_web().handle(event, context)
