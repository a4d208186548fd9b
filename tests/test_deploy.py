"""The deploy program in a local cloud of its own: first deploy, no change, update, failures, the end."""

import hashlib
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, create_autospec, patch

import boto3
import httpx
import pytest
import yaml
from botocore import exceptions as aws
from botocore.awsrequest import AWSRequest, AWSResponse
from urllib3 import HTTPResponse

from infra.deploy.__main__ import main
from infra.deploy.code import upload
from infra.deploy.destroy import _withdraw_sender, destroy, destroy_state
from infra.deploy.dns import announce, records, withdraw, write
from infra.deploy.errors import DeployError
from infra.deploy.facts import ROOT, parameters, read_facts
from infra.deploy.preflight import preflight
from infra.deploy.program import deploy
from infra.deploy.publish import cache_control, content_type, publish
from infra.deploy.quota import faults_of
from infra.deploy.redrive import redrive
from infra.deploy.rehearsal import Rehearsal
from infra.deploy.restored import table_faults
from infra.deploy.rotate import rotate
from infra.deploy.slips import NUMBERS
from infra.deploy.smoke import fetch, visit_aws
from infra.deploy.stack import KEEP, Stack
from infra.deploy.stacks import deploy_app, deploy_state, guards, template
from infra.deploy.target import Answer, Options, Target
from infra.deploy.trouble import in_words
from infra.desk.excuses import excuse
from infra.local.cloud import Cloud
from infra.local.ports import free_port
from infra.local.seed import put_account
from infra.site.data import BuildError


@dataclass
class Place:
    """A stage in a local cloud, and what the program said about it."""

    target: Target
    url: str
    said: list[str] = field(default_factory=list)

    def deploy(self, **changed: Any) -> dict[str, str]:
        self.said.clear()
        return deploy(replace(self.target, **changed))

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}")


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """The stage `probe`, deployed once; the environment is as before at the end."""
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("AWS_ENDPOINT_URL", "")
        cloud = Cloud(free_port(), lambda _: None)
        try:
            _empty(cloud)
            home = Rehearsal(cloud.home)
            target = Target(home.session, "probe", cloud.url, local=True, ready=home.ready, visit=home.visit)
            made = Place(target, f"http://127.0.0.1:{cloud.port}")
            made.target = replace(target, build=ROOT / "build" / "probe", say=made.said.append, patience=30)
            made.deploy()
            yield made
        finally:
            cloud.stop()


def _empty(cloud: Cloud) -> None:
    """The emulator alone: what is deployed into it is this module's business."""
    (cloud.home / "tmp").mkdir(parents=True)
    cloud.gateway = free_port()
    cloud._run()
    cloud.file.write_text(json.dumps({"gateway": cloud.gateway, "site_url": cloud.url}))


def test_first_deploy_shows_the_site_and_answers(place: Place) -> None:
    assert place.get("/api/health").json() == {"status": "ok"}
    page = place.get("/passwort-vergessen/")
    assert page.headers["cache-control"] == "no-store"
    assert "kennwort-probe-watch: CREATE_COMPLETE" in place.said
    state = place.target.stack("state").describe()
    assert state is not None
    assert state["StackStatus"] == "CREATE_COMPLETE"


def test_a_stage_counts_by_itself(place: Place) -> None:
    """I23: two stages of one region are no strangers to each other; the alarms of one must not count the other's."""
    own = place.target.stack("app").outputs()["MetricsNamespace"]
    assert own == "kennwort-probe-app"
    cloudwatch, lambdas = (place.target.session.client(name) for name in ("cloudwatch", "lambda"))
    used = {each["Namespace"] for each in cloudwatch.describe_alarms()["MetricAlarms"]}
    assert {each for each in used if not each.startswith("AWS/")} == {own}
    functions = [each["FunctionName"] for each in lambdas.list_functions()["Functions"]]
    assert functions
    for name in functions:
        found = lambdas.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        assert found["METRICS_NAMESPACE"] == own, name


def test_second_deploy_without_change_does_nothing(place: Place) -> None:
    """No change set is even made; neither zip nor site are built again."""
    place.deploy()
    unchanged = [line for line in place.said if line.endswith("nothing to change")]
    assert [line.split(":")[0] for line in unchanged] == [
        f"kennwort-probe-{part}" for part in ("state", "app", "watch")
    ]
    assert "site: 0 files written" in place.said
    assert "… building the site" not in place.said


def test_changed_choice_is_one_update(place: Place) -> None:
    outputs = place.deploy(options=Options(mails_per_hour=100))
    assert "kennwort-probe-app: UPDATE_COMPLETE" in place.said
    worker = place.target.session.client("lambda").get_function_configuration(FunctionName=outputs["WorkerFunction"])
    assert worker["Environment"]["Variables"]["MAILS_PER_HOUR"] == "100"
    alarms = place.target.session.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert [each["Threshold"] for each in alarms if "BudgetUsed" in each["AlarmName"]] == [80.0]
    place.deploy()


def test_own_firewall_stands_before_the_distribution(place: Place) -> None:
    outputs = place.deploy(options=Options(firewall="own", alarm_mail="betrieb@example.org"))
    config = place.target.session.client("cloudfront").get_distribution_config(Id=outputs["Distribution"])
    assert "webacl/kennwort-probe-waf/" in config["DistributionConfig"]["WebACLId"]
    topics = place.target.session.client("sns").list_subscriptions_by_topic(TopicArn=outputs["AlarmTopic"])
    assert [each["Endpoint"] for each in topics["Subscriptions"]] == ["betrieb@example.org"]
    place.deploy()
    place.target.stack("waf", "us-east-1").delete()


def test_command_line_tells_a_shell_everything_and_asks_before_it_destroys(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["--stage", "probe", "--local", place.url.rpartition(":")[2]]
    assert main(["check", *here]) == 0
    assert "Nothing is in the way" in capsys.readouterr().out
    assert main(["outputs", *here, "--region", "eu-west-1"]) == 0
    told = capsys.readouterr().out
    assert all(line.startswith("export ") for line in told.splitlines()), told
    for name in ("AWS_ENDPOINT_URL", "AccountsTable", "WebFunction", "DashboardName"):
        assert f"export {name}=" in told
    for command in ("outputs", "rotate", "destroy"):
        assert main([command, *here[2:], "--stage", "prbe", "--yes"]) == 1
        assert "There is no stage prbe in eu-central-1" in capsys.readouterr().err
    assert main(["destroy", *here]) == 1
    assert "Stopped before anything was changed" in capsys.readouterr().err


def test_failed_update_is_rolled_back_with_its_reason(place: Place) -> None:
    app = place.target.stack("app")
    before = app.before()
    assert before is not None
    with pytest.raises(DeployError, match=r"UPDATE_ROLLBACK_COMPLETE.*(Web|Worker)"):
        app.deploy(before.template, dict.fromkeys(before.parameters, KEEP) | {"CodeKey": "not-there.zip"})
    assert place.target.ready is not None
    place.target.ready(app.outputs())
    assert place.get("/api/health").status_code == 200
    place.deploy()
    assert "kennwort-probe-app: nothing to change" in place.said


def test_why_a_deploy_failed_is_said_of_this_one(place: Place) -> None:
    """What failed before, and is mended, is no cause."""
    session = place.target.session
    stack, zipped = Stack(session.client("cloudformation"), "probe-why", lambda _: None), place.target.code_bucket
    (good,) = (each["Key"] for each in session.client("s3").list_objects_v2(Bucket=zipped)["Contents"][:1])
    stack.deploy(json.dumps(two_functions(zipped, good, good)), {})
    with pytest.raises(DeployError, match=r"UPDATE_ROLLBACK_COMPLETE\. Morning: "):
        stack.deploy(json.dumps(two_functions(zipped, "no.zip", good)), {})
    with pytest.raises(DeployError, match=r"UPDATE_ROLLBACK_COMPLETE\. Evening: ") as told:
        stack.deploy(json.dumps(two_functions(zipped, good, "no.zip")), {})
    assert "Morning" not in str(told.value)
    stack.delete()


def two_functions(bucket: str, morning: str, evening: str) -> dict[str, Any]:
    """A template whose functions have these zips."""
    common = {"Handler": "a.b", "Runtime": "python3.13", "Role": "arn:aws:iam::000000000000:role/x"}
    each = {"Morning": morning, "Evening": evening}
    return {
        "Resources": {
            name: {
                "Type": "AWS::Lambda::Function",
                "Properties": common | {"Code": {"S3Bucket": bucket, "S3Key": key}},
            }
            for name, key in each.items()
        }
    }


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (
            [
                *(("Other", "CREATE_FAILED", "Resource creation cancelled"),) * 6,
                ("Late", "CREATE_FAILED", "quota"),
                ("Early", "CREATE_FAILED", "no right"),
            ],
            "Early: no right; Late: quota",
        ),
        ([("x", "UPDATE_ROLLBACK_IN_PROGRESS", "alarm WebErrors")], "alarm WebErrors"),
    ],
)
def test_the_cause_comes_before_what_it_brought_down(told: list[tuple[str, str, str]], why: str) -> None:
    """In AWS's order, the newest first, over pages, and what was before this operation."""
    names = ("LogicalResourceId", "ResourceStatus", "ResourceStatusReason")
    begun = [("x", "UPDATE_IN_PROGRESS", "User Initiated"), ("Old", "UPDATE_FAILED", "long mended")]
    pages = [{"StackEvents": [dict(zip(names, each, strict=True))]} for each in (*told, *begun)]
    client = MagicMock()
    client.get_paginator.return_value.paginate.return_value = pages
    client.describe_stack_events.return_value = {"StackEvents": [page["StackEvents"][0] for page in pages]}
    assert Stack(client, "x", print)._why() == why


def test_failed_smoke_test_brings_pages_and_functions_back(place: Place) -> None:
    page = place.get("/").content

    def visit(target: Target, outputs: dict[str, str], path: str) -> Answer:
        return Answer(503, b"{}") if path == "/api/health" else Answer(200, place.get(path).content)

    with pytest.raises(DeployError, match=r"/api/health answers 503.*as they were before"):
        place.deploy(site_url="http://other.example", visit=visit, patience=0)
    assert place.target.ready is not None
    outputs = place.target.stack("app").outputs()
    place.target.ready(outputs)
    assert place.get("/").content == page
    web = place.target.session.client("lambda").get_function_configuration(FunctionName=outputs["WebFunction"])
    assert web["Environment"]["Variables"]["SITE_URL"] == place.target.site_url
    assert place.get("/api/health").status_code == 200


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable"])
def test_an_answer_that_breaks_off_is_none(status: str) -> None:
    """A front door that is not ready yet is asked again, and no stack trace."""
    with socket.create_server(("127.0.0.1", 0)) as door, ThreadPoolExecutor(1) as other:
        looking = other.submit(fetch, f"http://127.0.0.1:{door.getsockname()[1]}/", {})
        visitor, _ = door.accept()
        visitor.recv(4096)
        visitor.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 100\r\n\r\nshort".encode())
        visitor.close()
        with pytest.raises(OSError, match="IncompleteRead"):
            looking.result()


def test_page_that_cannot_be_built_stops_before_anything_is_touched(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(_out: Path, **_given: Any) -> None:
        raise BuildError("index.md links to nowhere")

    monkeypatch.setattr("infra.deploy.program.build", build)
    with pytest.raises(BuildError, match="nowhere"):
        place.deploy(options=Options(mails_per_hour=7), site_url="http://third.example")
    assert not [line for line in place.said if line.startswith("kennwort-probe-")]


def test_stopped_at_the_change_set_changes_nothing(place: Place) -> None:
    with pytest.raises(DeployError, match="stopped before it was changed"):
        place.deploy(options=Options(mails_per_hour=7), confirm=lambda: False)
    with pytest.raises(KeyboardInterrupt):
        place.deploy(options=Options(mails_per_hour=8), confirm=_interrupt)
    client = place.target.session.client("cloudformation")
    sets = client.list_change_sets(StackName="kennwort-probe-app")["Summaries"]
    assert "AVAILABLE" not in {each.get("ExecutionStatus") for each in sets}
    place.deploy()
    assert "kennwort-probe-app: nothing to change" in place.said


def _interrupt(*_: Any) -> bool:
    raise KeyboardInterrupt


def test_stage_from_before_the_desk_had_its_secret_is_upgraded(place: Place) -> None:
    """The account key stays what it was, and the desk's secret holds it alone."""
    state, app = place.target.stack("state"), place.target.stack("app")
    former = re.sub(r"  DeskSecret:.*?\n\n|  DeskSecretArn:.*?\n", "", template("state.yaml"), flags=re.DOTALL)
    older = re.sub(r"  DeskSecretArn:.*?\n", "", template("template.yaml")).replace("DeskSecretArn", "SecretArn")
    for stack, text in ((app, older), (state, former)):
        before = stack.before()
        assert before is not None
        kept = [name for name in before.parameters if name != "DeskSecretArn"]
        assert stack.deploy(text, dict.fromkeys(kept, KEEP))
    assert "DeskSecretArn" not in state.outputs()
    client = place.target.session.client("secretsmanager")
    old = client.get_secret_value(SecretId=state.outputs()["SecretArn"])["SecretString"]
    outputs = place.deploy()
    assert client.get_secret_value(SecretId=outputs["SecretArn"])["SecretString"] == old
    own = client.get_secret_value(SecretId=outputs["DeskSecretArn"])["SecretString"]
    assert json.loads(own) == {"account_key": json.loads(old)["account_key"]}
    role = outputs["DeskRole"].rpartition("/")[2]
    rights = place.target.session.client("iam").get_role_policy(RoleName=role, PolicyName="desk")["PolicyDocument"]
    assert outputs["DeskSecretArn"] in json.dumps(rights)
    place.deploy()
    assert "kennwort-probe-state: nothing to change" in place.said


def test_rotation_refuses_nobody(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The former value stays good until the next rotation (R43); nothing else changes, whatever mkdocs.yml says now."""
    monkeypatch.setattr(read_facts, "__defaults__", (tmp_path / "missing.yml",))
    secret = place.target.stack("state").outputs()["SecretArn"]
    client = place.target.session.client("secretsmanager")
    old = json.loads(client.get_secret_value(SecretId=secret)["SecretString"])["origin"][0]
    rotate(place.target)
    new = json.loads(client.get_secret_value(SecretId=secret)["SecretString"])["origin"]
    assert new[0] != old
    assert new[1] == old
    assert place.target.ready is not None
    place.target.ready(place.target.stack("app").outputs())
    assert place.get("/api/health").status_code == 200
    monkeypatch.undo()
    place.deploy()
    assert "kennwort-probe-app: nothing to change" in place.said


def test_rotation_waits_until_cloudfront_shows_the_value_before(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """R43: broken off and run again at once, it would take away the value that the edges still show."""
    secret = place.target.stack("state").outputs()["SecretArn"]
    client, describe = place.target.session.client("secretsmanager"), Stack.describe
    before = client.get_secret_value(SecretId=secret)["SecretString"]

    def busy(stack: Stack, name: str = "") -> dict[str, Any] | None:
        found = describe(stack, name)
        return found and found | ({"StackStatus": "UPDATE_IN_PROGRESS"} if stack.name.endswith("-app") else {})

    monkeypatch.setattr(Stack, "describe", busy)
    with pytest.raises(DeployError, match="being changed at this moment"):
        rotate(place.target)
    assert client.get_secret_value(SecretId=secret)["SecretString"] == before


def test_mails_over_the_budget_come_back_from_the_dead_letters(place: Place) -> None:
    """X29: five tries, then the dead-letter queue; with room again, `redrive` has the customer's mail sent."""
    sqs, outputs = place.target.session.client("sqs"), place.deploy(options=Options(mails_per_hour=1))
    first, username = "frueh@example.org", "spaet@example.org"
    early, account = (put_account(place.target.session, outputs, name, "active") for name in (first, username))
    assert httpx.post(f"{place.url}/api/forgot", data={"username": first}).status_code == 303
    _until(lambda: "mailed" in _events(place, outputs, early))
    sqs.set_queue_attributes(QueueUrl=outputs["MailQueue"], Attributes={"VisibilityTimeout": "0"})
    assert httpx.post(f"{place.url}/api/forgot", data={"username": username}).status_code == 303
    _until(lambda: _waiting(sqs, outputs["DeadMailQueue"]) == 1)
    assert "mailed" not in _events(place, outputs, account)
    place.deploy()
    sqs.set_queue_attributes(QueueUrl=outputs["MailQueue"], Attributes={"VisibilityTimeout": "120"})
    assert main(["redrive", "--stage", "probe", "--local", place.url.rpartition(":")[2]]) == 0
    _until(lambda: "mailed" in _events(place, outputs, account))
    assert _waiting(sqs, outputs["DeadMailQueue"]) == 0


def _until(true: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _waiting(sqs: Any, queue: str) -> int:
    names: Any = ["ApproximateNumberOfMessages"]
    return int(sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"][names[0]])


def _events(place: Place, outputs: dict[str, str], account: str) -> set[str]:
    items = place.target.session.client("dynamodb").scan(TableName=outputs["TimelineTable"])["Items"]
    return {item["name"]["S"] for item in items if item["account"]["S"] == account}


def test_own_restored_table_takes_the_place_of_the_stacks(place: Place) -> None:
    """infra/README.md, "Restore": a table from a point in time, named in `tables`, is the one that is used."""
    dynamodb, state = place.target.session.client("dynamodb"), place.target.stack("state").outputs()
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=state["AccountsTable"], TargetTableName="restored", UseLatestRestorableTime=True
    )
    options = Options(tables={"AccountsTable": "restored"})
    outputs = place.deploy(options=options)
    assert place.target.stack("app").outputs()["AccountsTable"] == "restored"  # for the desk and the runbook's shell
    web = place.target.session.client("lambda").get_function_configuration(FunctionName=outputs["WebFunction"])
    assert web["Environment"]["Variables"]["ACCOUNTS_TABLE"] == "restored"
    assert place.get("/api/health").status_code == 200
    place.deploy()


def test_preflight_looks_for_the_restored_table(place: Place) -> None:
    slips = Options(tables={"AccountsTable": "restord", "Accounts": "restored"})
    faults = preflight(replace(place.target, options=slips), read_facts()).faults
    assert [fault.partition(".")[0] for fault in faults] == [
        "tables: there is no table restord in eu-central-1",
        "tables: nothing is called Accounts",
    ]


def test_preflight_refuses_the_copy_of_another_table(place: Place) -> None:
    """Accounts and passwords have the same key: swapped, a deploy would refuse every customer."""
    state = place.target.stack("state").outputs()
    swapped = Options(tables={"AccountsTable": state["PasswordsTable"], "PasswordsTable": state["AccountsTable"]})
    faults = table_faults(replace(place.target, options=swapped))
    assert [fault.rpartition(":")[2] for fault in faults] == [" it is another one's copy."] * 2


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"link_minutes": 30.5}, "link_minutes is a whole number from 5 to 60, not 30.5"),
        ({"link_minutes": 90}, "link_minutes is a whole number"),
        ({"link_minutes": None}, "not empty"),
        ({"retention_days": 0}, "retention_days is a whole number from 1 to 90"),
        ({"password_minimum": "15"}, "password_minimum is a whole number"),
        ({"sender_address": "foo"}, "sender_address is one mail address"),
        ({"mailbox": "a@example.org, b@example.org"}, "mailbox is one mail address"),
        ({"sender_name": 5}, "sender_name is a text of one line"),
        ({"desk_name": {"de": "OSI Service Desk"}}, "desk_name is a text of one line"),
        ({2026: None}, "2026 is a text of one line"),
        ({"operator": read_facts()["operator"] | {"name": ""}}, "operator.name is a text of one line"),
    ],
)
def test_a_slip_in_the_facts_is_named_before_anything_is_touched(
    place: Place, change: dict[str, Any], part: str
) -> None:
    (fault,) = preflight(place.target, read_facts() | change).faults
    assert part in fault


def test_each_fact_that_is_missing_is_named(place: Place) -> None:
    """The upgrade adds lines to mkdocs.yml; one is soon forgotten."""
    facts = read_facts()
    nested = [f"operator.{name}" for name in facts["operator"]]
    names = [*(name for name in facts if name not in ("stages", "operator")), *nested]
    assert sorted(fault.split()[1] for fault in preflight(place.target, {}).faults) == sorted(names)
    for given in ("Amt", None):
        told = preflight(place.target, facts | {"operator": given}).faults
        assert sorted(fault.split()[1] for fault in told) == sorted(nested)


@pytest.mark.parametrize("text", [b"extra:\n<<<<<<< HEAD\n  a: b\n", b"extra:\n", b"", b"- 1", b"a: \xfc", None])
def test_facts_that_cannot_be_read_are_said_to_be(
    tmp_path: Path, text: bytes | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A merge's marks, an empty file: to the operator and to the clerk, and never as a stack trace."""
    config = tmp_path / "mkdocs.yml"
    if text is not None:
        config.write_bytes(text)
    monkeypatch.setattr(read_facts, "__defaults__", (config,))
    assert main(["check", "--stage", "test", "--local", "1"]) == 1
    assert re.search(r"^mkdocs.yml (cannot be read: |has no facts: )", capsys.readouterr().err, re.MULTILINE)
    with pytest.raises(DeployError) as fault:
        read_facts()
    assert f"stimmen nicht. {fault.value}" in excuse(fault.value).message


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("mails_per_hour: 5.000", "mails_per_hour is a whole number from 1 to 1000000, not 5.0"),
        ("mails_per_hour: '5000'", "mails_per_hour is a whole number"),
        ("mails_per_hour: 0", "mails_per_hour is a whole number"),
        ("firewall: yes", "firewall is a text"),
        ("canary: 'no'", "canary is true or false"),
        ("zone: 7", "zone is a text"),
        ("tables: [a]", "tables is names of tables"),
        ("tables: {AccountsTable: 5}", "tables is names of tables"),
    ],
)
def test_a_slip_in_the_choices_is_named_before_anything_is_touched(place: Place, line: str, part: str) -> None:
    options = Options.read({"stages": {"probe": yaml.safe_load(line)}}, "probe", {})
    (fault,) = preflight(replace(place.target, options=options), read_facts()).faults
    assert part in fault


def test_a_choice_without_a_value_is_none_and_a_list_is_refused() -> None:
    assert Options.read({"stages": {"prod": {"domain": None, "tables": None}}}, "prod", {}) == Options()
    for stages in ({"prod": ["domain"]}, ["prod"], "prod"):
        with pytest.raises(DeployError, match="one line for each choice"):
            Options.read({"stages": stages}, "prod", {})


def test_bounds_are_those_of_the_template() -> None:
    text = template("template.yaml")
    for fact, (least, most) in NUMBERS.items():
        name = "".join(part.capitalize() for part in fact.split("_"))
        assert f"MinValue: {least}, MaxValue: {most}" in text.partition(f"  {name}:")[2].partition("\n")[0] or (
            fact == "wait_minutes"
        )


def test_preflight_refuses_a_restored_table_that_keeps_everything(place: Place) -> None:
    """A restore leaves the TTL out; what the privacy page gives days would stay for ever."""
    dynamodb = place.target.session.client("dynamodb")
    (key, kind) = ({"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "pk", "AttributeType": "S"})
    dynamodb.create_table(
        TableName="old-resets", KeySchema=[key], AttributeDefinitions=[kind], BillingMode="PAY_PER_REQUEST"
    )
    target = replace(place.target, options=Options(tables={"ResetsTable": "old-resets"}))
    assert table_faults(target) == [
        "tables: old-resets would keep everything for ever. Turn its TTL on: infra/README.md, Restore."
    ]
    command = re.search(r"`aws dynamodb update-time-to-live .* (\S+)`", (ROOT / "infra/README.md").read_text())
    assert command
    given: Any = dict(part.split("=") for part in command[1].split(","))
    dynamodb.update_time_to_live(
        TableName="old-resets", TimeToLiveSpecification=given | {"Enabled": given["Enabled"] == "true"}
    )
    assert table_faults(target) == []
    dynamodb.delete_table(TableName="old-resets")


@pytest.mark.parametrize(("stage", "told"), [("probe", True), ("fresh", False)])
def test_preflight_says_that_a_new_sender_silences_a_running_stage(place: Place, stage: str, told: bool) -> None:
    target = replace(place.target, stage=stage)
    notes = preflight(target, read_facts() | {"sender_address": "dienst@neu.example.net"}).notes
    assert [True for note in notes if note.startswith("neu.example.net becomes a sender")]
    assert bool([True for note in notes if "this running stage mails nothing" in note]) is told


def test_preflight_asks_for_room_in_lambda_before_the_first_deploy() -> None:
    assert "10 concurrent executions" in faults_of(10)[0]
    assert faults_of(221) == []


def test_preflight_names_everything_to_mend(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    real = replace(place.target, local=False, options=Options(domain="hilfe.example.org", zone="Z0", firewall="yes"))
    unset = {"portal_url": "PLATZHALTER: Adresse", "sender_address": "desk@example.org", "sender_name": "Ä" * 60}
    found = preflight(real, read_facts() | unset)
    text = "\n".join(found.faults)
    for part in (
        "PLATZHALTER",
        "sender_address is an example",
        "belong together",
        "Z0 cannot be read",
        "firewall is",
        "sender_name is too long",
    ):
        assert part in text
    assert preflight(replace(real, session=boto3.Session()), read_facts()).faults == [
        "No region is set. Name one:  make deploy STAGE=prod REGION=eu-central-1"
    ]
    assert preflight(replace(real, stage="Prod!"), read_facts()).faults[0].startswith("STAGE is")


def test_preflight_reads_the_certificate(place: Place) -> None:
    acm = place.target.session.client("acm", region_name="us-east-1")
    arn = acm.request_certificate(DomainName="hilfe.example.org")["CertificateArn"]

    def faults(domain: str, certificate: str) -> str:
        options = Options(domain=domain, certificate=certificate)
        return "\n".join(preflight(replace(place.target, options=options), read_facts()).faults)

    assert "not by name for other.example.org" in faults("other.example.org", arn)
    assert "must be in us-east-1" in faults("hilfe.example.org", arn.replace("us-east-1", "eu-central-1"))
    assert "cannot be read" in faults("hilfe.example.org", arn + "0")


def test_records_are_ready_to_paste_or_written_once(place: Place) -> None:
    """R69: nobody else sends in the sender's name: SPF refuses the rest, DMARC sets aside what fails."""
    session = place.target.session
    zone = session.client("route53").create_hosted_zone(Name="example.net", CallerReference="1")["HostedZone"]["Id"]
    session.client("sesv2").create_email_identity(EmailIdentity="example.net")
    target = replace(place.target, options=Options(domain="hilfe.example.net", zone=zone))
    wanted = records(target, {"DistributionDomain": "d1.cloudfront.net"}, "example.net")
    lines = [record.line() for record in wanted]
    assert lines[0] == "hilfe.example.net. 300 IN CNAME d1.cloudfront.net."
    assert sum("_domainkey" in line for line in lines) == 3
    assert lines[-2] == 'bounces.example.net. 300 IN TXT "v=spf1 include:amazonses.com -all"'
    assert lines[-1].startswith('_dmarc.example.net. 300 IN TXT "v=DMARC1; p=quarantine; adkim=s')
    assert (write(target, wanted), write(target, wanted)) == (len(wanted), 0)
    strict = replace(wanted[-1], value='"v=DMARC1; p=reject"')
    change: Any = {"Name": strict.name, "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": strict.value}]}
    session.client("route53").change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": change}]}
    )
    said: list[str] = []
    withdraw(replace(target, say=said.append), wanted)
    assert said == [f"dns: {len(wanted) - 1} records taken out of zone {zone}"]
    assert write(target, [*wanted[:-1], strict]) == len(wanted) - 1
    withdraw(replace(target, say=said.append, options=Options(zone="Z0")), wanted[:1])
    assert "cannot be changed" in said[1]
    assert said[2:] == ["dns: have these records taken out", f"  {wanted[0].line()}"]


def test_a_domain_that_leads_elsewhere_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The former help site: its record changes only once this one is there; until then the look is at our own name."""
    leads = {"alt.test": "alt.test", "neu.test": "d1.cloudfront.net"}
    seen: list[str] = []

    def resolve(name: str, *_: Any, **__: Any) -> list[Any]:
        if name not in leads:
            raise socket.gaierror
        return [(0, 0, 0, leads[name], ("127.0.0.1", 443))]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr("infra.deploy.smoke.fetch", lambda url, _: seen.append(url))
    for domain in (*leads, "leer.test"):
        target = Target(boto3.Session(region_name="eu-central-1"), "probe", options=Options(domain=domain))
        visit_aws(target, {"DistributionDomain": "d1.cloudfront.net"}, "/")
    assert seen == ["https://d1.cloudfront.net/", "https://neu.test/", "https://d1.cloudfront.net/"]


def test_what_the_zone_cannot_hold_is_printed_or_refused(place: Place) -> None:
    """The sender's domain often has a zone of its own; at a zone's own name no CNAME can stand."""
    session = place.target.session
    zone = session.client("route53").create_hosted_zone(Name="hilfe.test", CallerReference="2")["HostedZone"]["Id"]
    session.client("sesv2").create_email_identity(EmailIdentity="behoerde.test")
    said: list[str] = []
    options = Options(domain="kennwort.hilfe.test", zone=zone)
    announce(replace(place.target, options=options, say=said.append), {"DistributionDomain": "d1.x"}, "behoerde.test")
    assert said[:2] == [
        f"dns: 1 of 1 records written to zone {zone}",
        "dns: have these records set; what is there already may stay",
    ]
    assert all("behoerde.test. 300 IN " in line for line in said[2:-1])
    assert (len(said), "does not lead here yet" in said[-1]) == (9, True)
    faults = preflight(replace(place.target, options=replace(options, domain="hilfe.test")), read_facts()).faults
    assert "take a name in it, such as hilfe.hilfe.test" in "\n".join(faults)


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (aws.NoCredentialsError(), "aws sso login"),
        (aws.ProfileNotFound(profile="x"), "list-profiles"),
        (aws.EndpointConnectionError(endpoint_url="https://x"), "Check network"),
        (aws.ClientError({"Error": {"Code": "ExpiredToken", "Message": "old"}}, "GetCallerIdentity"), "run out"),
        (aws.ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "CreateStack"), "lacks this right"),
        (aws.InvalidConfigError(error_msg="source_profile"), "Check the profile"),
        (aws.ConfigParseError(path="~/.aws/config"), "Check the profile"),
        (aws.CredentialRetrievalError(provider="custom-process", error_msg="no"), "Check the profile"),
        (DeployError("plain"), "plain"),
    ],
)
def test_every_trouble_has_plain_words(error: Exception, part: str) -> None:
    assert part in (in_words(error) or "")
    assert in_words(KeyError("ours")) is None


def test_a_refused_upload_is_told_in_words(place: Place, tmp_path: Path) -> None:
    """The first write of a first deploy, where a right is most likely missing."""
    zipped = tmp_path / "new.zip"
    zipped.write_bytes(b"new")

    def refuse(request: AWSRequest, **_: Any) -> AWSResponse | None:
        answer = HTTPResponse(
            BytesIO(b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"), preload_content=False
        )
        return AWSResponse(request.url, 403, {}, answer) if request.method == "PUT" else None

    place.target.session.events.register_first("before-send.s3", refuse)
    try:
        with pytest.raises(Exception, match="AccessDenied") as told:
            upload(place.target, zipped)
    finally:
        place.target.session.events.unregister("before-send.s3", refuse)
    assert "AWS refused PutObject: no" in str(in_words(told.value))


def test_a_first_deploy_that_soon_failed_can_be_taken_down(place: Place, tmp_path: Path) -> None:
    """Nothing but the bucket of the code is there."""
    (tmp_path / "new.zip").write_bytes(b"new")
    bucket = upload(replace(place.target, stage="halb"), tmp_path / "new.zip")
    here = ["--local", place.url.rpartition(":")[2], "--yes"]
    assert [main(["destroy", "--stage", "halb", *here]) for _ in range(2)] == [0, 1]
    assert bucket not in {each["Name"] for each in place.target.session.client("s3").list_buckets()["Buckets"]}


def test_without_credentials_the_program_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    assert main(["check", "--stage", "prod", "--region", "eu-central-1"]) == 1
    assert "No AWS credentials were found" in capsys.readouterr().err


def test_unknown_choice_is_named() -> None:
    with pytest.raises(DeployError, match="nothing is called colour"):
        Options.read({"stages": {"prod": {"colour": "red"}}}, "prod", {})
    given = Options.read(
        {"stages": {"prod": {"domain": "a.example", "canary": False}}}, "prod", {"domain": "b.example"}
    )
    assert (given.domain, given.canary) == ("b.example", False)


def test_stages_are_an_example_of_every_choice_or_an_operators_own() -> None:
    """In mkdocs.yml; an operator takes the example out of comment and keeps what is needed."""
    text = (ROOT / "mkdocs.yml").read_text()
    commented = "\n  # stages:\n" in text
    if commented:
        lines = text.partition("\n  # stages:\n")[2].splitlines()
        text = "stages:\n" + "\n".join(line.removeprefix("  # ") for line in lines if line.startswith("  # "))
    stages = yaml.safe_load(text)["stages"] if commented else read_facts().get("stages", {})
    assert all(Options.read({"stages": stages}, stage, {}) for stage in stages)
    if commented:
        assert stages["prod"].keys() == {each.name for each in fields(Options)} | {"region", "profile"}


def test_templates_fit_into_one_request() -> None:
    """CloudFormation takes at most 51,200 bytes by value."""
    for name in ("state.yaml", "template.yaml", "watch.yaml", "waf.yaml"):
        assert len(template(name).encode()) < 51_200


class Bucket:
    """A versioned bucket that writes down in which order it is changed."""

    def __init__(self) -> None:
        self.there: dict[str, list[bytes | None]] = {}
        self.order: list[str] = []

    def get_paginator(self, _: str) -> "Bucket":
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        shown = {name: kept[-1] for name, kept in self.there.items() if kept and kept[-1] is not None}
        tags = {name: hashlib.md5(body, usedforsecurity=False).hexdigest() for name, body in shown.items() if body}
        return [{"Contents": [{"Key": name, "ETag": f'"{tag}"'} for name, tag in tags.items()]}]

    def put_object(self, **given: Any) -> dict[str, str]:
        return self._add(given["Key"], given["Body"])

    def delete_object(self, **given: Any) -> dict[str, str]:
        if "VersionId" not in given:
            return self._add(given["Key"], None)
        self.there[given["Key"]].pop(int(given["VersionId"]))
        self.order.append(f"undone {given['Key']}")
        return {}

    def _add(self, name: str, body: bytes | None) -> dict[str, str]:
        self.there.setdefault(name, []).append(body)
        self.order.append(name if body else f"hidden {name}")
        return {"VersionId": str(len(self.there[name]) - 1)}


def test_no_page_ever_names_an_asset_that_is_not_there(tmp_path: Path) -> None:
    """Assets come before the pages that name them and go after them; those of open pages stay."""
    bucket: Any = Bucket()

    def site(*names: str) -> Path:
        folder = tmp_path / names[-1].replace("/", "-")
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f"{name} {names}")
        return folder

    publish(bucket, "b", site("404.html", "alt/index.html", "assets/site.1.css", "index.html"))
    before = {name: kept[-1] for name, kept in bucket.there.items()}
    bucket.order.clear()
    done = publish(bucket, "b", site("404.html", "assets/site.2.css", "index.html", "neu/index.html"))
    put = ["assets/site.2.css", "404.html", "index.html", "neu/index.html", "hidden alt/index.html"]
    assert bucket.order == put
    bucket.order.clear()
    done.undo()
    assert bucket.order == [f"undone {name.removeprefix('hidden ')}" for name in reversed(put)]
    assert {name: kept[-1] for name, kept in bucket.there.items() if kept} == before


def test_files_carry_type_and_cache_time() -> None:
    """R78: no copy of a form page is kept on the way."""
    assert cache_control("assets/site.abc.css") == "public, max-age=31536000, immutable"
    assert (cache_control("en/anmelden/index.html"), cache_control("index.html")) == ("no-store", "public, max-age=300")
    assert content_type(Path("a.js")) == "text/javascript; charset=utf-8"
    assert content_type(Path("a.webp")) == "image/webp"


@pytest.mark.parametrize("local", [True, False])
def test_on_aws_tables_and_stack_are_protected(place: Place, local: bool) -> None:
    """I03: a rehearsal's are not, for it is thrown away."""
    stack = create_autospec(Stack, instance=True)
    stack.before.return_value = None
    with patch.object(Target, "stack", return_value=stack):
        deploy_state(replace(place.target, local=local), parameters(read_facts()))
    _, values, *_ = stack.deploy.call_args.args
    assert values["Protect"] == ("false" if local else "true")
    assert stack.protect.called is not local


@pytest.mark.parametrize("local", [True, False])
def test_on_aws_an_update_that_breaks_the_product_is_rolled_back(place: Place, local: bool) -> None:
    """I30: the change set names the alarms of errors and of unforeseen faults; a rehearsal's never go off."""
    app, watch = place.target.stack("app"), place.target.stack("watch").outputs()
    target = replace(place.target, local=local, options=Options(mails_per_hour=7))
    state = place.target.stack("state").outputs()
    with (
        patch.object(app.client, "create_change_set", side_effect=DeployError("far enough")) as asked,
        pytest.raises(DeployError, match="far enough"),
    ):
        deploy_app(target, app, {}, state)
    alarms = [] if local else [watch["WebErrorsAlarm"], watch["FaultsAlarm"]]
    assert asked.call_args.kwargs["RollbackConfiguration"] == {
        "RollbackTriggers": [{"Arn": arn, "Type": "AWS::CloudWatch::Alarm"} for arn in alarms],
        "MonitoringTimeInMinutes": 2 if alarms else 0,
    }
    cloudwatch = place.target.session.client("cloudwatch")
    (name,) = (
        each["AlarmName"]
        for each in cloudwatch.describe_alarms()["MetricAlarms"]
        if each["AlarmArn"] == watch["WebErrorsAlarm"]
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="an incident that this deploy ends")
    assert guards(target) == alarms[1:]
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="over")


def test_a_new_sender_is_made_where_the_former_was_another_stages(place: Place) -> None:
    """OwnsSender is asked again for a new domain: kept, no identity would be made, and no mail would go out."""
    ses, stack = place.target.session.client("sesv2"), place.target.stack("state")
    before = stack.before()
    assert before
    ses.create_email_identity(EmailIdentity="theirs.example")
    for domain, owns in (("theirs.example", "false"), ("ours.example", "true")):
        deploy_state(place.target, {"SenderIdentity": domain})
        now = stack.before()
        assert now
        assert now.parameters["OwnsSender"] == owns
        ses.get_email_identity(EmailIdentity=domain)
    stack.deploy(before.template, before.parameters)


def test_destroy_keeps_the_accounts_unless_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last test here: it takes the stage down."""
    state = place.target.stack("state").outputs()
    client = place.target.session.client("cloudformation")
    shares = {"ParameterKey": "SenderIdentity", "ParameterValue": read_facts()["sender_address"].rpartition("@")[2]}
    body = {"Parameters": {"SenderIdentity": {"Type": "String"}}, "Resources": {"One": {"Type": "AWS::SNS::Topic"}}}
    client.create_stack(StackName="kennwort-heir-state", TemplateBody=json.dumps(body), Parameters=[shares])  # type: ignore[list-item]
    site, s3 = place.target.stack("app").outputs()["SiteBucket"], place.target.session.client("s3")

    def half(stack: Stack) -> None:
        if stack.name.endswith("-app"):
            s3.delete_bucket(Bucket=site)
            raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Stack, "delete", half)
        with pytest.raises(KeyboardInterrupt):
            destroy(place.target)
    named = replace(place.target, options=Options(domain="hilfe.example.org"), say=place.said.append)
    cdn = place.target.stack("app").outputs()["DistributionDomain"]
    destroy(named)
    assert f"  hilfe.example.org. 300 IN CNAME {cdn}." in place.said
    assert [place.target.stack(part).describe() for part in ("app", "watch")] == [None, None]
    with pytest.raises(DeployError, match="Deploy first"):
        redrive(place.target)
    dynamodb = place.target.session.client("dynamodb")
    assert dynamodb.describe_table(TableName=state["AccountsTable"])["Table"]["TableStatus"] == "ACTIVE"
    restored = replace(place.target, options=Options(tables={"AccountsTable": "restored"}))
    with monkeypatch.context() as broken:
        broken.setattr("infra.deploy.destroy._sends", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            destroy_state(restored)
    sender = shares["ParameterValue"]
    marked = [record.line() for record in records(place.target, {}, sender)]
    _withdraw_sender(replace(place.target, say=place.said.append), sender)  # SPF and DMARC hold for other regions, too
    told = place.said[place.said.index(f"dns: once nobody sends as {sender} any more, wherever, these go, too:") :]
    assert told[1:] == [f"  {line}" for line in marked if "_domainkey" not in line]
    destroy_state(restored)  # the same again ends what was broken off
    assert place.target.stack("state").describe() is None
    for table in (state["AccountsTable"], "restored"):
        with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
            dynamodb.describe_table(TableName=table)
    place.target.session.client("sesv2").get_email_identity(EmailIdentity=shares["ParameterValue"])
    keys = place.target.session.client("kms").describe_key(KeyId=state["KeyArn"])
    assert keys["KeyMetadata"]["KeyState"] == "PendingDeletion"
    destroy(place.target)
