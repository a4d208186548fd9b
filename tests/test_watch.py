"""Nothing is watched that the code does not emit, and every alarm has a line that says what to do."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import yaml
from aws_lambda_powertools import Logger, Metrics
from botocore.exceptions import ReadTimeoutError
from conftest import Customer, Inbox

from infra.canary.handler import COUNT, LateError, accounts, ask, events, run, wait
from infra.deploy.canaries import mark, put_canaries
from infra.deploy.facts import ROOT
from infra.deploy.stacks import template
from infra.local.cloud import Cloud
from infra.local.feedback import ses_event
from reset.app import Web
from reset.errors import CODES
from reset.routes import ROUTES
from reset.settings import Limits, Settings
from reset.table import Table
from reset.worker import Worker

AWS = {
    "AWS/Lambda": {"Errors", "Throttles", "Duration", "ConcurrentExecutions"},
    "AWS/SQS": {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
    "AWS/SES": {"Reputation.BounceRate", "Reputation.ComplaintRate"},
    "AWS/ApiGateway": {"4xx", "5xx", "Count"},
    "AWS/CloudFront": {"4xxErrorRate", "5xxErrorRate", "Requests"},
    "AWS/DynamoDB": {"WriteThrottleEvents", "ReadThrottleEvents", "ConsumedWriteCapacityUnits"},
    "AWS/WAFV2": {"BlockedRequests"},
}
Key = tuple[str, str, str]  # service, metric, reason


class Loader(yaml.SafeLoader):
    """Reads a template; of !Sub and the like only what they hold is kept."""


def _held(loader: Loader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else loader.construct_mapping(node)


Loader.add_multi_constructor("!", _held)


def resources(name: str, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of a template's resources of one kind."""
    found = yaml.load(template(name), Loader)["Resources"]
    return {key: each["Properties"] for key, each in found.items() if each["Type"] == kind}


ALARMS = resources("watch.yaml", "AWS::CloudWatch::Alarm") | resources("waf.yaml", "AWS::CloudWatch::Alarm")


def dashboard() -> list[list[Any]]:
    """The dashboard's metrics, with "." put in full."""
    (body,) = resources("watch.yaml", "AWS::CloudWatch::Dashboard").values()
    found: list[list[Any]] = []
    for widget in json.loads(body["DashboardBody"])["widgets"]:
        above: list[Any] = []
        for metric in widget["properties"]["metrics"]:
            if isinstance(metric[0], dict):
                continue
            above = [above[place] if part == "." else part for place, part in enumerate(metric)]
            found.append(above)
    return found


def watched() -> set[Key]:
    """Our own metrics on dashboard and alarms."""
    keys = set()
    for namespace, name, *rest in dashboard():
        pairs = dict(zip(rest[::2], rest[1::2], strict=False)) if namespace == "${MetricsNamespace}" else {}
        if pairs:
            keys.add((pairs["service"], name, pairs.get("reason", "")))
    for alarm in ALARMS.values():
        named = {each["Name"]: each["Value"] for each in alarm.get("Dimensions", [])}
        if alarm["Namespace"] == "MetricsNamespace":
            keys.add((named["service"], alarm["MetricName"], named.get("reason", "")))
    return keys


def emitted(lines: list[str], namespace: str = "Kennwort") -> set[Key]:
    """The metrics in embedded metric format among log lines, as CloudWatch would take them."""
    keys = set()
    for line in lines:
        data = json.loads(line) if line.startswith("{") and '"_aws"' in line else {}
        for part in data.get("_aws", {}).get("CloudWatchMetrics", []):
            assert part["Namespace"] == namespace
            dimensions = {name: data[name] for name in part["Dimensions"][0]}
            assert dimensions.keys() <= {"service", "reason"}
            keys |= {(dimensions["service"], each["Name"], dimensions.get("reason", "")) for each in part["Metrics"]}
    return keys


def logged(cloud: Cloud) -> list[str]:
    """Every line of the two functions."""
    pages = [
        page["events"]
        for log in ("WebLog", "WorkerLog")
        for page in cloud.session.client("logs")
        .get_paginator("filter_log_events")
        .paginate(logGroupName=cloud.outputs[log])
    ]
    return [event["message"] for page in pages for event in page]


def test_every_metric_that_is_watched_is_emitted(
    cloud: Cloud,
    new_visitor: Callable[..., httpx.Client],
    new_customer: Callable[..., Customer],
    inbox: Inbox,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Walks every way that counts something, through the deployed functions; what needs a fault runs in process."""
    _walk_web(cloud, new_visitor, new_customer(), inbox)
    _walk_worker(cloud, new_visitor(), new_customer, inbox)
    _break_worker()
    run(
        {"SITE_URL": "http://127.0.0.1:1", "TIMELINE_TABLE": "-"},
        accounts("")[0],
        Metrics(namespace="Kennwort", service="canary"),
        Logger(service="canary"),
    )
    wanted = watched() - {("web", "Faults", ""), ("canary", "CanaryPassed", ""), ("canary", "CanarySeconds", "")}
    here = emitted(capsys.readouterr().out.splitlines())
    deadline = time.monotonic() + 30
    while missing := wanted - here - emitted(logged(cloud), cloud.outputs["MetricsNamespace"]):
        assert time.monotonic() < deadline, f"watched but not emitted: {sorted(missing)}"
        time.sleep(0.5)
    assert '_count("Faults")' in (ROOT / "functions/reset/app.py").read_text()


def _walk_web(cloud: Cloud, new_visitor: Callable[..., httpx.Client], customer: Customer, inbox: Inbox) -> None:
    visitor, new = new_visitor(), "Birke Tassen Orgel 58"
    visitor.post("/api/forgot", data={"username": customer.username})
    form = {"username": customer.username, "token": inbox.token(customer.username), "new_password": new, "confirm": new}
    changes = ({"token": "x"}, {"confirm": "y"}, {"new_password": "kurz", "confirm": "kurz"}, {"username": ""})
    changes += ({"new_password": "passwortpasswort", "confirm": "passwortpasswort"},)
    changes += ({"new_password": str(customer.password), "confirm": str(customer.password)}, {})
    answers = [visitor.post("/api/reset", data=form | changed).status_code for changed in changes]
    assert answers[-1] == 200, answers
    for answer in ("yes", "no"):
        assert visitor.post("/api/helpful", data={"page": "/", "answer": answer}).status_code == 200
    for password in ("falsch", new):
        visitor.post("/api/login", data={"username": customer.username, "password": password})
    not_me = inbox.token(customer.username, path="/das-war-ich-nicht/")
    assert visitor.post("/api/not-me", data={"token": not_me}).status_code == 200
    for _ in range(Limits().forgot_per_address.count + 1):
        last = visitor.post("/api/forgot", data={"username": customer.username})
    assert last.status_code == 429
    api = f"http://127.0.0.1:{cloud.gateway}/_aws/execute-api/{cloud.outputs['ApiId']}/$default/api/health"
    assert httpx.get(api).status_code == 403


def _walk_worker(cloud: Cloud, visitor: httpx.Client, new_customer: Callable[..., Customer], inbox: Inbox) -> None:
    customer, full = new_customer(), new_customer()
    vorgang = visitor.post("/api/forgot", data={"username": customer.username}).json()["vorgang"]
    inbox.wait(customer.username)
    sqs, now = cloud.session.client("sqs"), time.time()
    old = {"job": "asked", "account": customer.id, "vorgang": "222-222-222", "asked_at": 1, "by": "customer"}
    sqs.send_message(QueueUrl=cloud.outputs["MailQueue"], MessageBody=json.dumps(old))
    tags = {"account": [customer.id], "vorgang": [vorgang], "mail": ["reset"]}
    told = [ses_event(kind, tags, customer.username, now, now) for kind in ("delivery", "bounce", "complaint")]
    told.append(told[0] | {"eventType": "DeliveryDelay", "deliveryDelay": {"delayType": "MailboxFull"}})
    told.append(told[0] | {"eventType": "Reject", "reject": {"reason": "Bad content"}})
    for event in told:
        sqs.send_message(QueueUrl=cloud.outputs["EventQueue"], MessageBody=json.dumps(event))
    visitor.post("/api/forgot", data={"username": "niemand@example.org"})
    for _ in range(Limits().mails_free + 1):
        visitor.post("/api/forgot", data={"username": full.username})
    accounts = Table(cloud.session.client("dynamodb"), cloud.outputs["AccountsTable"])
    deadline = time.monotonic() + 20
    while "undeliverable" not in (accounts.get({"id": customer.id}) or {}):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    visitor.post("/api/forgot", data={"username": customer.username})


def _break_worker() -> None:
    class Broken:
        def run(self, job: dict[str, Any]) -> str:
            raise ValueError("unknown job")

    metrics = Metrics(namespace="Kennwort", service="worker")
    worker = Worker(Broken(), Broken(), Logger(service="worker"), metrics, "arn:events")  # type: ignore[arg-type]
    record = {"messageId": "1", "eventSource": "aws:sqs", "eventSourceARN": "", "body": json.dumps({"job": "nonsense"})}
    answer = worker.handle({"Records": [record]}, None)  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}


def test_aws_metrics_are_spelt_as_aws_spells_them() -> None:
    for namespace, name, *_ in dashboard():
        assert namespace == "${MetricsNamespace}" or name in AWS[namespace], (namespace, name)
    for alarm in ALARMS.values():
        assert alarm["Namespace"] == "MetricsNamespace" or alarm["MetricName"] in AWS[alarm["Namespace"]]


def test_refusals_are_counted_by_codes_that_exist() -> None:
    """I23, R23."""
    assert {reason for _, name, reason in watched() if name == "Refused"} <= CODES.keys()


@pytest.mark.parametrize("path", ["/api/forgot", "/api/reset", "/api/login", "/api/not-me", "/api/helpful"])
def test_a_foreign_post_is_counted_as_one_whatever_the_form_answers(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The login answers with its own code, and would hide another site's forms from `ForeignForms`."""
    door: Any = SimpleNamespace(keys=SimpleNamespace(proves_origin=lambda _: True))
    settings = Settings("https://hilfe.example", "", "", "")
    web = Web(lambda: door, settings, Logger(service="web"), Metrics(namespace="Kennwort", service="web"))
    heads = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    heads |= {"sec-fetch-site": "cross-site", "cloudfront-viewer-address": "192.0.2.1:1"}
    http = {"method": "POST", "path": path, "sourceIp": "192.0.2.1", "protocol": "HTTP/1.1", "userAgent": ""}
    event = {"version": "2.0", "rawPath": path, "headers": heads, "body": "username=a%40example.org"}
    context = {"http": http, "stage": "$default", "requestId": "1"}
    answer = web.handle(event | {"requestContext": context}, None)  # type: ignore[arg-type]
    assert json.loads(answer["body"])["code"] == ROUTES[path].invalid
    counted = emitted(capsys.readouterr().out.splitlines())
    assert counted == {("web", "Refused", "eingabe-ungueltig")}


def test_the_runbooks_alarm_by_hand_rings() -> None:
    """One client's tries of one account stop as wrong links at the wait; the rest counts as over a limit.

    The tries may fall into two periods of the alarm: the larger part must do.
    """
    line = next(line for line in (ROOT / "infra/README.md").read_text().splitlines() if "an alarm fires by" in line)
    tries, free = int(re.findall(r"seq (\d+)", line)[0]), Limits().token_failures.free
    assert f"{free} times 400" in line
    assert "`LimitHits`" in line
    assert (tries - free) / 2 > ALARMS["LimitHits"]["Threshold"]


def test_every_alarm_acts_and_has_a_line_in_the_runbook() -> None:
    runbook = (ROOT / "infra/README.md").read_text()
    lines = dict(re.findall(r"^\| `(\w+)` \|(.+)\|$", runbook, re.MULTILINE))
    assert lines.keys() == ALARMS.keys()
    for name, alarm in ALARMS.items():
        assert alarm["AlarmActions"], name
        assert f"alarm {name})" in alarm["AlarmDescription"], name
        assert len(lines[name]) > 40, name


def test_saved_queries_ask_for_fields_that_are_logged(cloud: Cloud, visitor: httpx.Client) -> None:
    """Each field is one of Lambda's own or stands in a line of ours."""
    visitor.get("/api/health")
    known = {"fault", "place", "outcome", "reason"}  # on lines that this test does not wait for
    deadline = time.monotonic() + 10
    while not (lines := [json.loads(line) for line in logged(cloud) if line.startswith("{")]):
        assert time.monotonic() < deadline
    known |= {name for line in lines for name in line}
    for query in resources("watch.yaml", "AWS::Logs::QueryDefinition").values():
        text = re.sub(r'"[^"]*"', "", query["QueryString"])
        words = set(re.findall(r"(?<![@\w(])[a-z]+\b(?!\()", text))
        grammar = {
            "fields",
            "filter",
            "sort",
            "stats",
            "as",
            "by",
            "or",
            "desc",
            "times",
            "last",
            "start",
            "mib",
            "p",
            "h",
        }
        assert words - grammar <= known, query["Name"]


def test_canary_passes_once_the_mail_is_delivered(cloud: Cloud, inbox: Inbox) -> None:
    """The real form post and the real timeline; the delivery event comes as SES sends it."""
    put_canaries(cloud.session, cloud.outputs)
    put_canaries(cloud.session, cloud.outputs)  # twice is once
    username = accounts(mark(cloud.session, cloud.outputs))[0]
    vorgang = ask(f"http://127.0.0.1:{cloud.port}", username)
    mail = inbox.wait(username)[0]
    assert vorgang in mail["text"]
    table = cloud.outputs["TimelineTable"]
    dynamodb = cloud.session.client("dynamodb")
    with pytest.raises(LateError, match=r"asked, mailed after 0 s"):
        wait(lambda: events(dynamodb, table, vorgang), late=0, pause=0.1)
    account = dynamodb.query(
        TableName=table,
        IndexName="by-vorgang",
        KeyConditionExpression="vorgang = :v",
        ExpressionAttributeValues={":v": {"S": vorgang}},
    )["Items"][0]["account"]["S"]
    tags = {"account": [account], "vorgang": [vorgang], "mail": ["reset"]}
    event = ses_event("delivery", tags, username, time.time(), time.time())
    cloud.session.client("sqs").send_message(QueueUrl=cloud.outputs["EventQueue"], MessageBody=json.dumps(event))
    assert wait(lambda: events(dynamodb, table, vorgang), late=20, pause=0.1) < 20


@pytest.mark.parametrize("end", ["limited", "unknown", "paused", "undeliverable", "bounced", "complained", "rejected"])
def test_canary_gives_up_at_once_where_no_mail_will_come(end: str) -> None:
    """And names the reason, so that the alarm's log line says what to mend."""
    with pytest.raises(LateError, match=f"^{end}$"):
        wait(lambda: {"asked", "mailed", end}, late=0, pause=0)


def test_a_look_that_fails_is_no_failed_mail() -> None:
    """One that fails to the end is told with its reason."""
    looks: Iterator[set[str] | Exception] = iter([ReadTimeoutError(endpoint_url="x"), {"asked"}, {"delivered"}])

    def read() -> set[str]:
        found = next(looks, ReadTimeoutError(endpoint_url="x"))
        if isinstance(found, Exception):
            raise found
        return found

    assert wait(read, late=5, pause=0) < 5
    with pytest.raises(LateError, match="nothing but silence after 0 s; last look: Read timeout"):
        wait(read, late=0, pause=0.01)


def test_nobody_can_use_up_the_canarys_mails(cloud: Cloud) -> None:
    """X28: three requests by a stranger, and the next flight would be "limited", an alarm without a fault."""
    names = accounts(mark(cloud.session, cloud.outputs))
    assert all(len(name.partition("+")[2].partition("@")[0]) > 16 for name in names)
    (function,) = resources("watch.yaml", "AWS::Lambda::Function").values()
    assert function["Environment"]["Variables"]["CANARY_MARK"] == "CanaryMark"
    assert mark(cloud.session, {**cloud.outputs, "DeskSecretArn": _other_key(cloud)}) not in names[0]


def _other_key(cloud: Cloud) -> str:
    secrets = cloud.session.client("secretsmanager")
    secret = json.dumps({"account_key": "another stage's"})
    return secrets.create_secret(Name="other-stage", SecretString=secret)["ARN"]


def test_canary_stays_below_the_limits_of_an_account() -> None:
    """Hourly in turn: each account is asked so seldom that even a day of flights is never limited."""
    limits, asked = Limits(), [hour * 3600 for hour in range(24)][::COUNT]
    waits = [limits.mails_wait * 2**over for over in range(len(asked) - limits.mails_free)]
    assert len(asked) <= limits.mails_per_day
    assert all(wait <= asked[1] - asked[0] for wait in waits)


def test_runbook_names_only_files_that_exist() -> None:
    text = (ROOT / "infra/README.md").read_text()
    for name in re.findall(r"`((?:infra|tests|functions|docs)/[\w./-]+\.\w+)`", text):
        assert Path(ROOT / name).exists(), name
