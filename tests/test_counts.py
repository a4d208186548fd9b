"""Counts that must not creep: modules and bytes of a start, calls of a request, seconds that a customer can wait."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PASSWORD, Customer

from infra.bench.entry import Entry
from infra.bench.start_up import environment
from infra.local.cloud import Cloud
from reset import clients
from reset.tokens import new_token
from reset.vorgang import new_vorgang

NEVER = {"boto3", "s3transfer", "argon2", "cffi", "jinja2", "pydantic", "aws_xray_sdk", "requests"}
ASKED = ["UpdateItem", "PutItem", "SendMessage"]


@pytest.fixture(scope="module")
def entry(cloud: Cloud) -> Entry:
    """The web entry in this process."""
    return Entry(cloud.outputs)


def loaded(cloud: Cloud, start: str) -> tuple[set[str], dict[str, bool]]:
    """The modules that a start of the packaged functions loads, and whether it read the list of passwords."""
    module, _, call = start.partition(".create")
    program = (
        f"import json, sys, {module} as entry; entry.create{call};"
        "from reset import blocklist;"
        "print(json.dumps([sorted(sys.modules), bool(blocklist.read.cache_info().currsize), entry.__file__]))"
    )
    tree = cloud.home / "build" / "code-local"
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(cloud.outputs, tree),
        capture_output=True,
        text=True,
        check=True,
    )
    modules, blocklist, place = json.loads(answer.stdout)
    return set(modules), {"blocklist": blocklist, "packaged": Path(place).is_relative_to(tree)}


@pytest.mark.parametrize(
    ("start", "most"), [("reset.web.create_web().service", 490), ("reset.worker.create_worker()", 490)]
)
def test_a_start_loads_only_what_it_needs(cloud: Cloud, start: str, most: int) -> None:
    """A cold start is mostly imports: nobody brings boto3, Argon2, templates or the list of passwords back in."""
    modules, facts = loaded(cloud, start)
    assert facts == {"blocklist": False, "packaged": True}
    assert not {name.partition(".")[0] for name in modules} & NEVER
    assert len(modules) <= most
    assert ("reset.mailer" in modules) == ("worker" in start)


def test_the_zip_stays_small(cloud: Cloud) -> None:
    """Bytecode, Argon2 and the list of passwords included."""
    assert max(path.stat().st_size for path in (cloud.home / "build").glob("code*.zip")) <= 2_800_000


def test_forgot_makes_three_calls_whoever_asks(entry: Entry, customer: Customer) -> None:
    """Two to DynamoDB, one to SQS, as botocore sends them; none depends on the account (R02)."""
    for name in (customer.username, "niemand.da@example.org"):
        entry.calls.clear()
        assert entry.post("/api/forgot", {"username": name})["statusCode"] == 202
        assert entry.calls == ASKED


def test_reset_makes_one_read_and_one_transaction_besides_the_limits(entry: Entry, customer: Customer) -> None:
    """The address's window and the link's tries come before; the announcement goes to the queue."""
    token = new_token()
    entry.service.resets.claim(customer.id, new_vorgang(), int(entry.service.now() * 1000), token, 60)
    form = {"username": customer.username, "token": token, "new_password": "Birke Tassen Orgel 58"}
    entry.calls.clear()
    assert entry.post("/api/reset", form | {"confirm": form["new_password"]})["statusCode"] == 200
    assert entry.calls == ["UpdateItem", "UpdateItem", "BatchGetItem", "SendMessage", "TransactWriteItems"]


def test_a_login_makes_seven_calls_at_most(entry: Entry, customer: Customer) -> None:
    """Window, wait (read and write), one read of account and hash; with success, the wait's end and the session."""
    entry.calls.clear()
    assert entry.post("/api/login", {"username": customer.username, "password": PASSWORD})["statusCode"] == 200
    assert len(entry.calls) <= 7


@pytest.mark.parametrize("service", ["dynamodb", "sqs", "secretsmanager"])
def test_what_hangs_holds_nobody_over_three_seconds(entry: Entry, service: str) -> None:
    """R100: every try may wait for a connection and for an answer; after a time-out the second comes at once."""
    config = clients.client(service).meta.config
    tries = config.retries["total_max_attempts"]
    assert tries == 2
    assert clients._at_once(1, clients.ReadTimeoutError(endpoint_url="http://aws")) == 0.0
    assert clients._at_once(2, clients.ReadTimeoutError(endpoint_url="http://aws")) is None
    assert tries * (config.connect_timeout + config.read_timeout) < 3
    assert config.max_pool_connections <= 10


def test_a_socket_that_never_answers_is_tried_twice(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound above is the one that counts: two tries, then the fault."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(clients, "CONFIG", clients.CONFIG.merge(clients.Config(read_timeout=0.05)))
        client, tries = clients.client("sqs", endpoint_url=address), []
        client.meta.events.register("before-send", lambda request, **_: tries.append(request.url))
        with pytest.raises(clients.ReadTimeoutError):
            client.send_message(QueueUrl=f"{address}/q", MessageBody="{}")
    assert len(tries) == 2


def test_a_mail_that_may_be_out_is_not_sent_again(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    """SES took it or not, nobody knows: the queue decides (X42)."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(clients, "PATIENT", clients.CONFIG.merge(clients.Config(read_timeout=0.05)))
        client, tries = clients.client("sesv2", endpoint_url=address), []
        client.meta.events.register("before-send", lambda request, **_: tries.append(request.url))
        with pytest.raises(clients.ReadTimeoutError):
            client.send_email(FromEmailAddress="a@example.org", Destination={}, Content={})
    assert len(tries) == 1


def test_a_batch_of_hanging_mails_ends_before_the_worker_does() -> None:
    """R100: Lambda would end it at 20 s, and with it the answer about those of the five that went out."""
    assert 5 * (clients.PATIENT.connect_timeout + clients.PATIENT.read_timeout) < 20 - 3
