"""The local front door: CloudFront's public side and the inbox, in MiniStack's own process."""

import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from ministack.app import app as ministack
from ministack.core.iam_evaluator import pin_request_origin

from .inbox import inbox

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

SITE_PORT = int(os.environ["SITE_PORT"])
CLOUD = Path(os.environ["CLOUD_FILE"])
# The emulator's own addresses are no part of the site.
BLOCKED = ("/_ministack", "/_localstack", "/_aws/", "/restapis/", "/_alb/", "/v2/email", "/v20180820/")
DROPPED = (b"host", b"x-forwarded-proto", b"authorization", b"cloudfront-viewer-address", b"x-origin-secret")


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """Requests for the site's port go to the distribution; all others are the emulator's."""
    if scope["type"] != "http" or scope["server"][1] != SITE_PORT:
        await ministack(scope, receive, send)
        return
    if scope["path"].startswith("/_inbox/") or scope["path"] == "/_inbox":
        await inbox(scope, receive, send)
        return
    domain = _domain()
    if domain is None or scope["path"].startswith(BLOCKED) or scope["path"] == "/health":
        await _nothing(send, 503 if domain is None else 404)
        return
    host, port = scope["client"]
    viewer = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    headers = [(name, value) for name, value in scope["headers"] if name not in DROPPED]
    headers += [(b"host", domain), (b"x-forwarded-proto", b"https"), (b"cloudfront-viewer-address", viewer.encode())]

    async def out(message: Message) -> None:
        if message["type"] == "http.response.start":  # HSTS must not stick to localhost
            kept = [pair for pair in message["headers"] if pair[0].lower() != b"strict-transport-security"]
            message = {**message, "headers": kept}
        await send(message)

    pin_request_origin(host, True)  # a viewer speaks TLS to CloudFront: the bucket refuses all else
    await ministack({**scope, "headers": headers}, receive, out)


def _domain() -> bytes | None:
    try:
        return str(json.loads(CLOUD.read_text())["DistributionDomain"]).encode()
    except (OSError, KeyError, ValueError):
        return None


async def _nothing(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
