"""Jobs for the worker: no address, no token, no password ever waits here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

DELAY = 1  # seconds: the worker's load never meets whoever asks again at once, and a change is there before its mail


class MailQueue:
    """The queue between web and worker; every job waits DELAY (infra/adr/worker-later.md)."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self.client = client
        self.url = url

    def ask(self, account: str, vorgang: str, asked_at: int, by: str = "customer") -> None:
        """Somebody asked for a link; *asked_at* in milliseconds, *by* is `customer` or `desk`."""
        self._send({"job": "asked", "account": account, "vorgang": vorgang, "asked_at": asked_at, "by": by})

    def announce(self, account: str, vorgang: str, at: int) -> None:
        """A password is about to change; *at* in epoch seconds."""
        self._send({"job": "changed", "account": account, "vorgang": vorgang, "at": at})

    def _send(self, job: dict[str, str | int]) -> None:
        self.client.send_message(QueueUrl=self.url, MessageBody=json.dumps(job), DelaySeconds=DELAY)
