"""The local cloud for all tests, customers made to order, and visitors that are each a client of their own."""

import itertools
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from dynamodb_local import dynamodb_local, install
from playwright.sync_api import Browser, Page, sync_playwright

from infra.campaign.node_parts import package
from infra.deploy.facts import read_facts
from infra.local.chromium import chromium
from infra.local.cloud import Cloud
from infra.local.ports import free_port
from infra.local.seed import put_account

# Where tests run in the background, SIGINT comes ignored, and every program that they stop by it would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
pytest_plugins = ["clerk"]  # the fixtures of the desk's tests


def pytest_configure(config: pytest.Config) -> None:
    """Fetches what the workers of `make test` share, before there are any."""
    if not hasattr(config, "workerinput"):
        package("blns")
        install()


QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
FACTS = read_facts()  # tests expect what mkdocs.yml says: another authority's are green, too
PASSWORD = "Laterne Kiesel Wolke 41"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Customer:
    """An account made for one test."""

    username: str
    id: str
    password: str | None


class Inbox:
    """What the product mailed, as anybody can read it at /_inbox/messages.json."""

    def __init__(self, url: str) -> None:
        self.url = url

    def messages(self, to: str) -> list[dict[str, str]]:
        """All mails to one address, newest first."""
        found = httpx.get(f"{self.url}/_inbox/messages.json").json()
        return [mail for mail in found if mail["to"] == to]

    def wait(self, to: str, count: int = 1, seconds: float = 20) -> list[dict[str, str]]:
        """The mails to one address once there are *count*; fails when they do not come."""
        deadline = time.monotonic() + seconds
        while len(found := self.messages(to)) < count:
            assert time.monotonic() < deadline, f"only {len(found)} of {count} mails to {to}"
            time.sleep(0.05)
        return found

    def link(self, to: str, path: str = "/neues-passwort/", count: int = 1) -> str:
        """The newest mail's link to one page."""
        text = self.wait(to, count)[0]["text"]
        return next(line for line in text.splitlines() if f"{path}#" in line)

    def token(self, to: str, count: int = 1, path: str = "/neues-passwort/") -> str:
        """The newest mail's token."""
        return self.link(to, path, count).partition("#")[2]


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """The product as `make serve` runs it, on a port of its own."""
    running = Cloud(free_port())
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def aws_dynamodb() -> Iterator[Any]:
    """A client of AWS's own DynamoDB Local, one for all tests: each makes its own keys."""
    with dynamodb_local() as client:
        yield client


@pytest.fixture(scope="session")
def inbox(cloud: Cloud) -> Inbox:
    """The local inbox."""
    return Inbox(f"http://127.0.0.1:{cloud.port}")


def client_address() -> str:
    """A loopback address that no test has used yet: limits are never switched off for a test."""
    number = next(_numbers)
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


@pytest.fixture
def new_visitor(cloud: Cloud) -> Iterator[Callable[[], httpx.Client]]:
    """Makes clients with an address of their own that ask for data and follow nothing."""
    clients: list[httpx.Client] = []

    def make(**options: object) -> httpx.Client:
        transport = httpx.HTTPTransport(local_address=client_address())
        headers = {"Accept": "application/json"} | dict(options.pop("headers", {}))  # type: ignore[call-overload]
        client = httpx.Client(
            base_url=f"http://127.0.0.1:{cloud.port}", transport=transport, headers=headers, timeout=30
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def visitor(new_visitor: Callable[[], httpx.Client]) -> httpx.Client:
    """A client for this test."""
    return new_visitor()


@pytest.fixture(scope="session")
def new_customer(cloud: Cloud) -> Callable[..., Customer]:
    """Makes accounts: status, password (None: none yet), language."""

    def make(status: str = "active", password: str | None = PASSWORD, language: str = "de") -> Customer:
        username = f"kunde{next(_numbers)}@example.org"
        secret = password if status == "active" else None
        identity = put_account(cloud.session, cloud.outputs, username, status, language=language, password=secret)
        return Customer(username, identity, secret)

    return make


@pytest.fixture
def customer(new_customer: Callable[..., Customer]) -> Customer:
    """An active account with PASSWORD."""
    return new_customer()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium that talks to nobody but us."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser, cloud: Cloud) -> Iterator[Callable[..., Page]]:
    """Opens pages of the site in contexts of their own: width, scheme, javascript; a CSP violation fails the test."""
    contexts = []
    complaints: list[str] = []

    def make(path: str = "/", *, width: int = 1280, scheme: str = "light", javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=cloud.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            locale="de-DE",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        page.goto(path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []
