"""The queue entry: jobs of the web entry and events of SES in, mails and timeline out."""

from __future__ import annotations

import json
import os
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from .accounts import Accounts
from .allowance import MailAllowance
from .budget import Budget
from .changes import Changes
from .clients import client
from .delivery import Delivery
from .feedback import GREETING, Feedback, tag
from .limits import Counters
from .mailer import Mailer
from .not_me import NotMe
from .resets import Resets
from .settings import Settings
from .table import Table
from .timeline import Timeline
from .tokens import new_token
from .vorgang import parse_vorgang

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext


class Worker:
    """One record at a time; a failed one goes back to the queue alone.

    Only what comes from the queue *events* is SES's word: the desk may write to the other one.
    """

    def __init__(self, delivery: Delivery, feedback: Feedback, logger: Logger, metrics: Metrics, events: str) -> None:
        self.delivery, self.feedback, self.events = delivery, feedback, events
        self.logger, self.metrics = logger, metrics
        self.processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)

    def handle(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Does a batch; names the records that must come again."""
        answer = process_partial_response(event, self.record, self.processor, context)
        self.metrics.flush_metrics()
        return dict(answer)

    def record(self, record: SQSRecord) -> None:
        """Does one job or takes one SES event; what it cannot do now is logged by its kind and tried again."""
        body: Any = None
        try:
            body = {"eventType": "Greeting"} if record.body == GREETING else json.loads(record.body)
            told = record.event_source_arn == self.events
            outcome = self.feedback.take(body) if told else self.delivery.run(body)
        except Exception as error:
            # The error's text may hold an address (SES quotes the recipient): only its kind is logged (R86).
            self._count("Retried")
            self.logger.warning("again", vorgang=_vorgang(body), fault=type(error).__name__)
            raise
        self.logger.info("done", vorgang=_vorgang(body), outcome=outcome)
        self._count(outcome.title().replace("-", ""))

    def _count(self, name: str) -> None:
        self.metrics.add_metric(name, MetricUnit.Count, 1)


def _vorgang(body: Any) -> str | None:
    """The case that a job or an SES event belongs to; mails of others have none, and no other word is logged (R86)."""
    if not isinstance(body, dict):
        return None
    mail = body.get("mail")
    found = body.get("vorgang") or (tag(mail, "vorgang") if isinstance(mail, dict) else None)
    return parse_vorgang(found) if isinstance(found, str) else None


def create_delivery(settings: Settings, now: Callable[[], float], mailer: Mailer, dynamodb: Any) -> Delivery:
    """The mail jobs over real tables."""
    table = Table(dynamodb, settings.resets_table)
    resets = Resets(table, now)
    accounts = Accounts(Table(dynamodb, settings.accounts_table), now)
    timeline = Timeline(Table(dynamodb, settings.timeline_table), now, settings.retention_days)
    return Delivery(
        accounts=accounts,
        resets=resets,
        changes=Changes(table, now),
        not_me=NotMe(table, resets, accounts, timeline, now, pause_hours=settings.pause_hours),
        budget=Budget(Counters(table, now), settings.mails_per_hour),
        allowance=MailAllowance(table, now, settings.limits),
        timeline=timeline,
        mailer=mailer,
        settings=settings,
        now=now,
        new_token=new_token,
    )


@cache
def create_worker() -> Worker:
    """The entry's one Worker, made at its first event: import has no effects."""
    settings = Settings.from_environ(os.environ)
    mailer = Mailer(client("sesv2", patience=settings.patience), settings.sender, settings.configuration_set)
    delivery = create_delivery(settings, time.time, mailer, client("dynamodb", patience=settings.patience))
    feedback = Feedback(delivery.accounts, delivery.resets, delivery.changes, delivery.timeline)
    metrics = Metrics(namespace=settings.metrics_namespace, service="worker")
    return Worker(delivery, feedback, Logger(service="worker"), metrics, settings.event_queue_arn)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda calls this for every batch."""
    return create_worker().handle(event, context)
