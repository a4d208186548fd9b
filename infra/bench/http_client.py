"""One request from an address of its own; only the answer is timed, not the connection."""

from __future__ import annotations

import time
from http.client import HTTPConnection
from urllib.parse import urlencode

from .entry import fresh_address

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


def post(port: int, path: str, form: dict[str, str], **headers: str) -> tuple[int, float]:
    """Posts a form; the status and the milliseconds until the answer was read."""
    return _timed(port, "POST", path, urlencode(form), headers)


def get(port: int, path: str) -> tuple[int, float]:
    """Gets an address."""
    return _timed(port, "GET", path, None, {})


def _timed(port: int, method: str, path: str, body: str | None, more: dict[str, str]) -> tuple[int, float]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60, source_address=(fresh_address(), 0))
    try:
        connection.connect()
        started = time.perf_counter()
        connection.request(method, path, body, FORM | more)
        answer = connection.getresponse()
        answer.read()
        return answer.status, 1000 * (time.perf_counter() - started)
    finally:
        connection.close()
