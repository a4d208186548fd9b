"""A clerk at the desk, for the tests of its commands: conftest loads these fixtures."""

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import Customer, Inbox

from infra.desk.main import call as run_desk
from infra.local.cloud import Cloud
from infra.local.feedback import VORGANG, ses_event

DESK = str(Path(sys.executable).with_name("desk"))
Desk = Callable[..., Any]


@pytest.fixture
def desk(cloud: Cloud) -> Desk:
    """Runs one command; its JSON, or its text with *text*. *code* is the exit code it must have."""

    def call(*words: str, code: int = 0, text: bool = False) -> Any:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            given = run_desk(["--local", str(cloud.port), *words, *([] if text else ["--json"])])
        assert given == code, (out.getvalue(), err.getvalue())
        return out.getvalue() + err.getvalue() if text else json.loads(out.getvalue())

    return call


@pytest.fixture
def asked(visitor: httpx.Client, inbox: Inbox) -> Callable[..., dict[str, str]]:
    """Asks for a link and returns the mail."""

    def ask(customer: Customer, count: int = 1) -> dict[str, str]:
        assert visitor.post("/api/forgot", data={"username": customer.username}).status_code == 202
        return inbox.wait(customer.username, count)[0]

    return ask


@pytest.fixture
def tell(cloud: Cloud) -> Callable[..., None]:
    """Puts one SES event about a mail on the events queue; *changed* overrides its parts."""

    def put(kind: str, customer: Customer, about: dict[str, str], at: float | None = None, **changed: Any) -> None:
        tags = {"account": [customer.id], "vorgang": [vorgang_of(about)], "mail": ["reset"]}
        event = ses_event(kind, tags, customer.username, time.time(), at or time.time())
        for name, value in changed.items():
            event[name] = event.get(name, {}) | value if isinstance(value, dict) else value
        put_event(cloud, event)

    return put


def put_event(cloud: Cloud, event: dict[str, Any]) -> None:
    queue = cloud.session.client("sqs")
    queue.send_message(QueueUrl=cloud.outputs["EventQueue"], MessageBody=json.dumps(event))


def vorgang_of(mail: dict[str, str]) -> str:
    return VORGANG.findall(mail["text"])[-1]


def until(desk: Desk, customer: Customer, code: str) -> dict[str, Any]:
    """The answer of `desk status` once it gives this verdict."""
    deadline = time.monotonic() + 25
    while (found := desk("status", customer.username))["verdict"]["code"] != code:
        assert time.monotonic() < deadline, found["verdict"]
        time.sleep(0.3)
    return dict(found)
