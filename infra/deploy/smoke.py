"""After a deploy: the public address must show the new pages, and the API answer."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING

from .errors import DeployError
from .target import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from .target import Target


def smoke(target: Target, outputs: dict[str, str], site: Path) -> None:
    """Fetches health and article until both are right; DeployError says what was wrong to the end."""
    if target.visit is None:
        return
    article = (site / "index.html").read_bytes()
    deadline = time.monotonic() + target.patience
    target.say("… looking at the public address")
    while wrong := _wrong(target, outputs, article):
        if time.monotonic() > deadline:
            raise DeployError(f"Smoke test: {wrong}")
        time.sleep(min(5, target.patience / 10))
    target.say("smoke test: article and /api/health are as they should be")


def _wrong(target: Target, outputs: dict[str, str], article: bytes) -> str:
    assert target.visit is not None  # noqa: S101  # for the types: smoke() asked
    try:
        health, page = target.visit(target, outputs, "/api/health"), target.visit(target, outputs, "/")
    except OSError as error:
        return f"the public address does not answer ({error})."
    if health.status != 200 or _json(health.body) != {"status": "ok"}:
        return f"/api/health answers {health.status}: {health.body[:200].decode(errors='replace')}"
    if page.status != 200 or page.body != article:
        return f"the start page answers {page.status} and is not the one that was uploaded."
    return ""


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def visit_aws(target: Target, outputs: dict[str, str], path: str) -> Answer:
    """Fetches from the public address; from the distribution's own as long as the domain does not lead to it."""
    url, own = target.public_url(outputs), outputs["DistributionDomain"]
    if target.options.domain and not leads_to(target.options.domain, own):
        url = f"https://{own}"
    return fetch(url + path, {})


def fetch(url: str, headers: dict[str, str]) -> Answer:
    """One GET; every status is an answer, OSError means there was none."""
    request = urllib.request.Request(url, headers={"Accept": "*/*", **headers})  # noqa: S310  # our own address
    try:
        return _answer(request)
    except HTTPException as error:  # an answer that breaks off
        raise OSError(repr(error)) from error


def _answer(request: urllib.request.Request) -> Answer:
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:  # noqa: S310
            return Answer(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read())


def leads_to(name: str, distribution: str) -> bool:
    """Whether the host *name* is an alias of the distribution; nothing is known of one that a zone resolves itself."""
    try:
        found = socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)
    except socket.gaierror:
        return False
    return found[0][3].rstrip(".").lower() == distribution.lower()
