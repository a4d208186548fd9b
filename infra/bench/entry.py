"""The web function's own entry, in this process, over the local cloud's tables and queue."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aws_lambda_powertools import Logger, Metrics

from reset import clients, web
from reset.app import Web
from reset.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reset.service import Service

_numbers = itertools.count(1)


class Entry:
    """Takes events as API Gateway sends them; *calls* lists what it asked AWS for."""

    def __init__(self, outputs: Mapping[str, Any], tables: Mapping[str, str] | None = None) -> None:
        os.environ |= {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{outputs['gateway']}", "AWS_REGION": "eu-central-1"}
        os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"
        clients._session.cache_clear()  # noqa: SLF001  # a session of another cloud may be there
        names = {**outputs, **(tables or {})}
        self.settings = Settings(
            site_url=outputs["site_url"],
            accounts_table=names["AccountsTable"],
            passwords_table=names["PasswordsTable"],
            resets_table=names["ResetsTable"],
            timeline_table=names["TimelineTable"],
            mail_queue_url=outputs["MailQueue"],
            secret_id=outputs["SecretArn"],
        )
        self.service = web.create_service(self.settings, time.time)
        self.use(self.service)
        secret = clients.client("secretsmanager").get_secret_value(SecretId=outputs["SecretArn"])["SecretString"]
        self.origin = json.loads(secret)["origin"][0]
        self.calls: list[str] = []
        for made in (self.service.accounts.table.client, self.service.queue.client):
            made.meta.events.register("before-call", self._note)

    def use(self, service: Service) -> None:
        """Answers by *service* from now on."""
        metrics = Metrics(namespace="Bench", service="web")
        logger = Logger(service="bench", stream=io.StringIO())
        self.web = Web(lambda: service, self.settings, logger, metrics)

    def _note(self, model: Any, **_: Any) -> None:
        self.calls.append(model.name)

    def post(self, path: str, form: Mapping[str, str], address: str | None = None) -> dict[str, Any]:
        """Posts a form from an address of its own."""
        return self._handle(
            "POST", path, {"content-type": "application/x-www-form-urlencoded"}, urlencode(form), address
        )

    def get(self, path: str, cookie: str = "") -> dict[str, Any]:
        """Gets data."""
        return self._handle("GET", path, {"cookie": cookie} if cookie else {}, "", None)

    def _handle(
        self, method: str, path: str, headers: dict[str, str], body: str, address: str | None
    ) -> dict[str, Any]:
        client = address or fresh_address("10")
        headers |= {"accept": "application/json", "x-origin-secret": self.origin}
        headers["cloudfront-viewer-address"] = f"{client}:443"
        http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": client, "userAgent": "bench"}
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": "",
            "headers": headers,
            "requestContext": {"http": http, "stage": "$default", "requestId": "bench"},
            "body": body,
            "isBase64Encoded": False,
        }
        with contextlib.redirect_stdout(io.StringIO()):
            return self.web.handle(event, None)  # type: ignore[arg-type]  # nothing of ours reads the context


def fresh_address(first: str = "127") -> str:
    """A client address that nobody had yet: limits are never switched off for a measurement."""
    number = next(_numbers)
    return f"{first}.{64 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"
