"""Asks for a link through the public address and waits until the timeline says that its mail was delivered."""

from __future__ import annotations

import json
import os
import time
import urllib.parse
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import BotoCoreError, ClientError

from reset.clients import client

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT = 6  # accounts, asked in turn: none gets more mails a day than a customer's may, so the canary is never limited
LATE = 300  # seconds a mail may take
BAD = frozenset({"limited", "unknown", "paused", "undeliverable", "bounced", "complained", "rejected"})


def accounts(mark: str) -> tuple[str, ...]:
    """The canary's usernames. *mark* is the stage's own: who knew them could use up their mails, an alarm."""
    return tuple(f"success+{mark}{number}@simulator.amazonses.com" for number in range(1, COUNT + 1))


class LateError(Exception):
    """The mail is not there in time, or never will be."""


def ask(site_url: str, username: str) -> str:
    """Posts the form as a customer's browser would; returns the Vorgangsnummer."""
    form = urllib.parse.urlencode({"username": username}).encode()
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    request = urllib.request.Request(f"{site_url}/api/forgot", form, headers)  # noqa: S310  # the template's address
    with urllib.request.urlopen(request, timeout=15) as answer:  # noqa: S310
        return str(json.load(answer)["vorgang"])


def events(dynamodb: Any, table: str, vorgang: str) -> set[str]:
    """The names of what happened to one request so far."""
    found = dynamodb.query(
        TableName=table,
        IndexName="by-vorgang",
        KeyConditionExpression="vorgang = :vorgang",
        ExpressionAttributeValues={":vorgang": {"S": vorgang}},
    )
    return {item["name"]["S"] for item in found["Items"]}


def wait(read: Callable[[], set[str]], late: float = LATE, pause: float = 3) -> float:
    """Seconds until *read* tells of the delivery; raises LateError. A look that fails is no failed mail."""
    began = time.monotonic()
    seen: set[str] = set()
    while True:
        try:
            seen, trouble = read(), ""
        except (BotoCoreError, ClientError) as error:
            trouble = f"; last look: {error}"
        if "delivered" in seen:
            return time.monotonic() - began
        if seen & BAD:
            raise LateError(", ".join(sorted(seen & BAD)))
        if time.monotonic() - began > late:
            raise LateError(f"nothing but {', '.join(sorted(seen)) or 'silence'} after {late:.0f} s{trouble}")
        time.sleep(pause)


def run(environ: dict[str, str], username: str, metrics: Metrics, logger: Logger, late: float = LATE) -> bool:
    """One flight: counts CanaryPassed with its seconds, or CanaryFailed; whether it passed."""
    try:
        vorgang = ask(environ["SITE_URL"], username)
        seconds = wait(lambda: events(client("dynamodb"), environ["TIMELINE_TABLE"], vorgang), late)
    except (LateError, OSError, KeyError, ValueError, HTTPException) as error:
        logger.error("canary failed", reason=str(error))  # noqa: TRY400  # the reason says it all
        metrics.add_metric("CanaryFailed", MetricUnit.Count, 1)
        return False
    else:
        metrics.add_metric("CanaryPassed", MetricUnit.Count, 1)
        metrics.add_metric("CanarySeconds", MetricUnit.Seconds, seconds)
        return True
    finally:
        metrics.flush_metrics()


def handler(_event: dict[str, Any], _context: Any) -> dict[str, bool]:
    """EventBridge Scheduler calls this every hour."""
    username = accounts(os.environ["CANARY_MARK"])[int(time.time() // 3600) % COUNT]
    metrics = Metrics(namespace=os.environ["METRICS_NAMESPACE"], service="canary")
    return {"passed": run(dict(os.environ), username, metrics, Logger(service="canary"))}
