"""No secret in clear anywhere: logs, tables, queues, files (R13, R21, R86, R87, R89, X09, X10, X36)."""

import base64
import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
from aws_lambda_powertools import Logger, Metrics
from botocore.exceptions import ClientError
from conftest import Customer, Inbox
from logs import files, log_lines
from test_fuzz import assert_one_json_each

from infra.bench.entry import Entry
from infra.local.cloud import Cloud
from infra.local.feedback import VORGANG, ses_event
from reset.accounts import account_id
from reset.app import Web
from reset.errors import CODES
from reset.keys import keyed_hash
from reset.routes import ROUTES
from reset.service import Service
from reset.vorgang import parse_vorgang
from reset.worker import Worker

pytestmark = pytest.mark.timeout(600)
NEW = "Kanarie Oboe Zunder 93"


@pytest.fixture(scope="module")
def secrets(cloud: Cloud, inbox: Inbox, new_customer: Callable[..., Customer]) -> dict[str, str]:
    """What one customer typed, was mailed and was handed, after the whole way and its failures."""
    with httpx.Client(
        base_url=f"http://127.0.0.1:{cloud.port}",
        transport=httpx.HTTPTransport(local_address="127.88.7.6"),
        headers={"Accept": "application/json", "User-Agent": "agent-q8canary"},
        timeout=60,
    ) as visitor:
        customer = new_customer()
        visitor.post("/api/forgot", data={"username": customer.username})
        token, stop = inbox.token(customer.username), inbox.token(customer.username, path="/das-war-ich-nicht/")
        form = {"username": customer.username, "token": token, "new_password": NEW, "confirm": NEW}
        wrong = "Wq3Canary" + "x" * 34
        visitor.post("/api/reset", data=form | {"token": wrong})
        visitor.post("/api/reset", data=form | {"confirm": "Fehlgriff Canary 7"})
        assert visitor.post("/api/reset", data=form).status_code == 200
        visitor.post("/api/login", data={"username": customer.username, "password": "Vertippt Canary 5"})
        login = visitor.post("/api/login", data={"username": customer.username, "password": NEW})
        cookie = re.search(r"__Host-session=([\w-]{43})", login.headers["set-cookie"])
        assert cookie
        assert visitor.get("/api/session", headers={"Cookie": f"__Host-session={cookie[1]}"}).status_code == 200
        visitor.get(f"/api/nichts/{wrong}?x=Q9Canary", headers={"Referer": "https://x.example/R4Canary"})
        vorgang = VORGANG.findall(inbox.wait(customer.username, 2)[0]["text"])[-1]
        tags = {"account": [customer.id], "vorgang": [vorgang], "mail": ["changed"]}
        told = ses_event("delivery", tags, customer.username, time.time(), time.time())
        cloud.session.client("sqs").send_message(QueueUrl=cloud.outputs["EventQueue"], MessageBody=json.dumps(told))
        visitor.post("/api/not-me", data={"token": stop})
    time.sleep(1)
    return {
        "address": customer.username,
        "local part": customer.username.partition("@")[0],
        "token": token,
        "not-me token": stop,
        "new password": NEW,
        "old password": str(customer.password),
        "mistyped password": "Vertippt Canary 5",
        "mistyped repeat": "Fehlgriff Canary 7",
        "cookie": cookie[1],
        "wrong token": wrong,
        "query": "Q9Canary",
        "referer": "R4Canary",
        "agent": "q8canary",
        "client": "127.88.7.6",
    }


def spellings(secret: str) -> set[str]:
    """A secret as it may stand somewhere: plain, as in a form, escaped in JSON, and all these in hex and base64."""
    plain = {secret, quote(secret), quote_plus(secret), json.dumps(secret)[1:-1]}
    coded = {text.encode().hex() for text in plain}
    for text in plain:
        for shift in range(3):  # base64 depends on where in a longer text it begins; the ends belong to others too
            whole = base64.b64encode(b"x" * shift + text.encode()).decode().rstrip("=")
            coded.add(whole[4 if shift else 0 : len(whole) // 4 * 4 - 4])
    return plain | {text for text in coded if len(text) >= 12}


def found(secrets: dict[str, str], text: str) -> list[str]:
    """Which of the secrets a text holds, however they are spelt."""
    return [name for name, secret in secrets.items() if any(each in text for each in spellings(secret))]


def test_a_secret_is_found_however_it_is_spelt() -> None:
    """R86: the search itself, so that a clean log means something."""
    secret = {"it": "Kanarie Oboe@Zunder 93"}
    for before in ("", "a", "ab", "abc"):
        form = f"{before}{quote_plus(secret['it'])}&b=1"
        for text in (form, base64.b64encode(form.encode()).decode(), form.encode().hex(), json.dumps({"x": form})):
            assert found(secret, f"..{text}..") == ["it"]
    assert found(secret, "Kanarie Oboe") == []


def scanned(cloud: Cloud, table: str) -> str:
    """A whole table as text."""
    pages = cloud.session.client("dynamodb").get_paginator("scan").paginate(TableName=cloud.outputs[table])
    return json.dumps([item for page in pages for item in page["Items"]], default=str, ensure_ascii=False)


def test_the_logs_hold_no_secret(cloud: Cloud, secrets: dict[str, str]) -> None:
    """R86, X09: both functions' logs, all lines."""
    lines = log_lines(cloud)
    assert sum('"answered"' in line for line in lines) >= 8
    assert any('"mailed"' in line for line in lines)
    assert found(secrets, "\n".join(lines)) == []


def test_each_log_line_is_one_json_object_with_its_case(cloud: Cloud, secrets: dict[str, str]) -> None:
    """R85, R87, X36: the Vorgangsnummer connects them; no line can be forged."""
    lines = log_lines(cloud)
    assert_one_json_each(lines)
    entries = [json.loads(line) for line in lines if line.startswith("{")]
    ours = [entry for entry in entries if entry.get("message") in ("answered", "done")]
    assert not [entry for entry in ours if not entry.get("vorgang") and entry.get("outcome") != "foreign"]
    assert any(entry.get("outcome") == "delivered" for entry in ours)
    assert all("timestamp" in entry for entry in entries if "message" in entry)


def test_what_goes_wrong_unforeseen_is_logged_without_its_text(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """R86, R88: an error's text may quote what somebody typed; only kind and place are logged, nothing is told."""
    secrets = {"address": "erika.q7canary@example.org", "password": NEW}
    form = {"username": secrets["address"], "password": NEW, "token": "x", "new_password": NEW, "confirm": NEW}

    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"not so: {form}")

    entry, log = Entry(cloud.outputs), io.StringIO()
    entry.web.logger = Logger(service="unforeseen", stream=log)
    monkeypatch.setattr(entry.service.counters, "hit", fail)
    monkeypatch.setattr(entry.service.accounts, "get", fail)
    for path in ("/api/forgot", "/api/reset", "/api/login"):
        taken = {name: form[name] for name in (field.name for field in ROUTES[path].fields) if name in form}
        answer = entry.post(path, taken)
        assert answer["statusCode"] == 500
        assert json.loads(answer["body"])["title"] == CODES["stoerung"].de
        assert not found(secrets | {"text": "not so"}, answer["body"])
    assert entry.get("/api/health")["statusCode"] == 503
    failing: Any = SimpleNamespace(run=fail, take=fail)
    metrics = Metrics(namespace="Kennwort", service="w")
    worker = Worker(failing, failing, Logger(service="again", stream=log), metrics, "arn:events")
    record = {"messageId": "1", "eventSource": "aws:sqs", "eventSourceARN": "arn:events", "body": json.dumps(form)}
    context: Any = None
    assert worker.handle({"Records": [record]}, context)["batchItemFailures"]
    lines = log.getvalue().splitlines()
    assert [json.loads(line)["message"] for line in lines].count("unforeseen") == 3
    faults = [entry for entry in map(json.loads, lines) if entry["message"] in ("unforeseen", "unhealthy")]
    assert len(faults) == 4
    assert all({"fault", "place"} <= entry.keys() for entry in faults)
    assert json.loads(lines[-1])["message"] == "again"
    assert found(secrets, log.getvalue() + "".join(capsys.readouterr())) == []


def test_secrets_that_cannot_be_read_are_a_fault_like_any_other(cloud: Cloud) -> None:
    """R88: at a cold start, too, an answer has its code and its case number; the next request tries again."""
    entry, log, times = Entry(cloud.outputs), io.StringIO(), iter([1, 2, 2])

    def create() -> Service:
        if next(times) < 3:
            raise ClientError({"Error": {"Code": "InternalServiceError", "Message": NEW}}, "GetSecretValue")
        return entry.service

    entry.web = Web(
        create, entry.settings, Logger(service="cold", stream=log), Metrics(namespace="Kennwort", service="w")
    )
    for answer in (entry.post("/api/forgot", {"username": "a@example.org"}), entry.get("/api/nothing")):
        assert answer["statusCode"] == 500
        told = json.loads(answer["body"])
        assert (told["code"], parse_vorgang(told["vorgang"])) == ("stoerung", told["vorgang"])
    assert entry.get("/api/health")["statusCode"] == 503
    assert NEW not in log.getvalue()
    times = iter([3])
    assert entry.post("/api/forgot", {"username": "a@example.org"})["statusCode"] == 202


@pytest.mark.parametrize("table", ["ResetsTable", "TimelineTable", "PasswordsTable"])
def test_no_other_table_than_accounts_knows_a_secret(cloud: Cloud, secrets: dict[str, str], table: str) -> None:
    """R13, R41, X10: digests, keyed hashes and Argon2id only, also of the client's internet address."""
    text = scanned(cloud, table)
    assert found(secrets, text) == []
    if table == "PasswordsTable":
        assert text.count("$argon2id$") >= 1


def test_the_accounts_table_knows_no_secret_but_the_address(cloud: Cloud, secrets: dict[str, str]) -> None:
    """R41: no password, no token, no hash."""
    text = scanned(cloud, "AccountsTable")
    assert found(secrets, text) == ["address", "local part"]
    assert "$argon2" not in text


def test_no_job_on_a_queue_knows_a_secret(cloud: Cloud, visitor: httpx.Client, customer: Customer) -> None:
    """R13, X10: what waits for the worker is an id, a case number and a time; read while nobody empties it."""
    sqs: Any = cloud.session.client("sqs")
    lambdas: Any = cloud.session.client("lambda")
    known = lambdas.list_event_source_mappings(FunctionName=cloud.outputs["WorkerFunction"])["EventSourceMappings"]
    queue = cloud.outputs["MailQueue"].rpartition("/")[2]
    mapping = next(each for each in known if each["EventSourceArn"].endswith(queue))
    lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    time.sleep(2)
    try:
        assert visitor.post("/api/forgot", data={"username": customer.username}).status_code == 202
        messages = sqs.receive_message(QueueUrl=cloud.outputs["MailQueue"], WaitTimeSeconds=5, VisibilityTimeout=0)
        body = messages["Messages"][0]["Body"]
        assert customer.username.partition("@")[0] not in json.dumps(messages)
        assert json.loads(body).keys() == {"job", "account", "vorgang", "asked_at", "by"}
    finally:
        lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def test_no_local_file_holds_a_secret(cloud: Cloud, secrets: dict[str, str]) -> None:
    """R86: the local cloud's log and temporary files."""
    assert (Path(cloud.home) / "cloud.log").stat().st_size > 0
    assert found(secrets, files(cloud)) == []


def test_every_item_that_must_go_has_an_end(cloud: Cloud, secrets: dict[str, str]) -> None:
    """R92, I06: whatever the way left in resets and timeline, for account and client, ends within 31 days."""
    keys = json.loads(
        cloud.session.client("secretsmanager").get_secret_value(SecretId=cloud.outputs["SecretArn"])["SecretString"]
    )
    key, now, kinds = keys["account_key"].encode(), time.time(), set()
    names = (account_id(key, secrets["address"]), keyed_hash(key, "client", secrets["client"]))
    for table in ("ResetsTable", "TimelineTable"):
        for item in json.loads(scanned(cloud, table)):
            if any(name in str(item) for name in names):
                assert now < int(item["ttl"]["N"]) < now + 31 * 86400, item
                kinds.add(item.get("pk", {"S": table})["S"].partition("#")[0])
    assert kinds >= {"reset", "notme", "session", "changed", "mails", "count", "TimelineTable"}


def test_the_functions_debug_nothing(cloud: Cloud) -> None:
    """R89, I27: no event logging, no dev mode, no tracing of answers, and no secret in the environment (I11)."""
    lambdas: Any = cloud.session.client("lambda")
    for function in ("WebFunction", "WorkerFunction"):
        variables = lambdas.get_function_configuration(FunctionName=cloud.outputs[function])["Environment"]["Variables"]
        assert not [name for name in variables if name.startswith(("POWERTOOLS_", "LOG_LEVEL", "AWS_LAMBDA_LOG"))]
        assert not [name for name, value in variables.items() if re.search("pepper|account_key|password=", value)]
