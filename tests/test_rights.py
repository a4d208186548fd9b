"""Each function's rights, in the local cloud with IAM enforced: enough, and none too many (R59, R97, I01, I02)."""

import copy
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from conftest import PASSWORD, Inbox, client_address
from proof import SIZE, tally

from infra.campaign import template
from infra.local.cloud import Cloud
from infra.local.ports import free_port
from infra.local.seed import put_account
from reset.accounts import account_id
from reset.hasher import CHEAPEST, Hasher
from reset.keys import RELOAD, Keys
from reset.table import Table

pytestmark = pytest.mark.timeout(1800)
NEW = "Birke Tassen Orgel 58"
# The emulator's own hands do these, whatever the role says: proven only on AWS.
UNPROVABLE = ("kms:", "logs:", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "ses:")
# In the suite; the campaign takes each.
SOME = {
    *(("Web", "dynamodb:BatchGetItem", "PasswordsTable"), ("Web", "sqs:SendMessage", "Mails")),
    *(("Web", "dynamodb:UpdateItem", "AccountsTable"), ("Web", "dynamodb:PutItem", "TimelineTable")),
    *(("Worker", "dynamodb:GetItem", "AccountsTable"), ("Worker", "dynamodb:UpdateItem", "ResetsTable")),
}


@dataclass
class Guarded:
    """A cloud of its own that enforces IAM."""

    cloud: Cloud
    endpoint: str
    numbers: Iterator[int]

    def client(self, name: str) -> Any:
        return self.cloud.session.client(name, endpoint_url=self.endpoint)

    def role(self, function: str) -> tuple[str, str, dict[str, Any]]:
        """A function's role, its policy's name and document."""
        found = self.client("lambda").get_function_configuration(FunctionName=self.cloud.outputs[f"{function}Function"])
        role, iam = found["Role"].rpartition("/")[2], self.client("iam")
        document = iam.get_role_policy(RoleName=role, PolicyName=function.lower())["PolicyDocument"]
        return role, function.lower(), json.loads(document) if isinstance(document, str) else document

    @contextmanager
    def changed(self, function: str, change: Callable[[dict[str, Any]], None]) -> Iterator[None]:
        """The role with another policy, for a while."""
        role, name, document = self.role(function)
        other, iam = copy.deepcopy(document), self.client("iam")
        change(other)
        assert other != document
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(other))
        try:
            yield
        finally:
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))

    def customer(self) -> str:
        """A new account with PASSWORD."""
        username = f"recht{next(self.numbers)}@example.org"
        with endpoint(self.endpoint):
            put_account(self.cloud.session, self.cloud.outputs, username, "active", password=PASSWORD)
        return username


@contextmanager
def endpoint(url: str) -> Iterator[None]:
    """New clients reach this emulator; afterwards the tests' other one again."""
    before = os.environ.get("AWS_ENDPOINT_URL")
    os.environ["AWS_ENDPOINT_URL"] = url
    try:
        yield
    finally:
        os.environ.pop("AWS_ENDPOINT_URL") if before is None else os.environ.update(AWS_ENDPOINT_URL=before)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    """Started once for this file, with two repairs.

    The emulator's `!Ref` of a secret is no ARN, as AWS's is, and it
    cannot match an identity's ARN, so that sending is allowed by an overlay.
    """
    running = Cloud(free_port(), environ={"AUTH": "true"})
    try:
        with endpoint(os.environ.get("AWS_ENDPOINT_URL", "")):
            running.start()
            url = os.environ["AWS_ENDPOINT_URL"]
        found = Guarded(running, url, iter(range(1, 10_000)))
        secret = found.client("secretsmanager").describe_secret(SecretId=running.outputs["SecretArn"])["ARN"]
        role, name, document = found.role("Web")
        whole = json.dumps(document).replace(f'"{running.outputs["SecretArn"]}"', f'"{secret}"')
        found.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=whole)
        overlay = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
        role, _, _ = found.role("Worker")
        document = {"Version": "2012-10-17", "Statement": [overlay]}
        found.client("iam").put_role_policy(RoleName=role, PolicyName="overlay", PolicyDocument=json.dumps(document))
        yield found
    finally:
        running.stop()


def journeys(guarded: Guarded, seconds: float = 15) -> dict[str, bool]:
    """Every way through the product, and whether it went well to its end."""
    inbox, username = Inbox(f"http://127.0.0.1:{guarded.cloud.port}"), guarded.customer()
    went: dict[str, bool] = {}

    def mail(count: int, path: str) -> str:
        try:
            return inbox.token(username, count, path) if path else str(inbox.wait(username, count, seconds))
        except (AssertionError, StopIteration):
            return ""

    with httpx.Client(
        base_url=f"http://127.0.0.1:{guarded.cloud.port}",
        transport=httpx.HTTPTransport(local_address=client_address()),
        headers={"Accept": "application/json"},
        timeout=60,
    ) as visitor:
        cheap(guarded, username)
        went["health"] = visitor.get("/api/health").status_code == 200
        login = visitor.post("/api/login", data={"username": username, "password": PASSWORD})
        cookie = {"Cookie": login.headers.get("set-cookie", "").partition(";")[0]}
        went["login"] = login.status_code == 200
        went["same password at today's cost"] = "m=19456" in hashed(guarded, username)
        went["session"] = visitor.get("/api/session", headers=cookie).status_code == 200
        went["logout"] = visitor.post("/api/logout", headers=cookie).status_code == 200
        went["forgot"] = visitor.post("/api/forgot", data={"username": username}).status_code == 202
        went["mail"] = went["forgot"] and bool(mail(1, ""))
        token, stop = (mail(1, path) if went["mail"] else "" for path in ("/neues-passwort/", "/das-war-ich-nicht/"))
        form = {"username": username, "token": token or "A" * 43, "new_password": NEW, "confirm": NEW}
        went["wrong token"] = visitor.post("/api/reset", data=form | {"token": "B" * 43}).status_code == 400
        went["reset"] = visitor.post("/api/reset", data=form).status_code == 200
        went["notice"] = went["reset"] and bool(mail(2, ""))
        went["new login"] = visitor.post("/api/login", data={"username": username, "password": NEW}).status_code == 200
        went["not me"] = bool(stop) and visitor.post("/api/not-me", data={"token": stop}).status_code == 200
    went["events"] = {"asked", "mailed", "refused", "changed", "not-me"} <= events(guarded, username)
    went["bounce"] = bounced(guarded, username, seconds)
    return went


def identity(guarded: Guarded, username: str) -> str:
    """The account's id."""
    secret = guarded.client("secretsmanager").get_secret_value(SecretId=guarded.cloud.outputs["SecretArn"])
    return account_id(json.loads(secret["SecretString"])["account_key"].encode(), username)


def table(guarded: Guarded, name: str) -> Table:
    """A table, with the tests' own rights."""
    return Table(guarded.client("dynamodb"), guarded.cloud.outputs[f"{name}Table"])


def cheap(guarded: Guarded, username: str) -> None:
    """The account's hash as if it came from a time with a lower cost."""
    secret = guarded.client("secretsmanager").get_secret_value(SecretId=guarded.cloud.outputs["SecretArn"])
    hasher = Hasher(json.loads(secret["SecretString"])["pepper"].encode(), CHEAPEST)
    table(guarded, "Passwords").put({"id": identity(guarded, username), "hash": hasher.hash(PASSWORD)})


def hashed(guarded: Guarded, username: str) -> str:
    """The account's hash."""
    return str((table(guarded, "Passwords").get({"id": identity(guarded, username)}) or {}).get("hash"))


def events(guarded: Guarded, username: str) -> set[str]:
    """The names of the account's events."""
    answer = guarded.client("dynamodb").query(
        TableName=guarded.cloud.outputs["TimelineTable"],
        KeyConditionExpression="account = :account",
        ExpressionAttributeValues={":account": {"S": identity(guarded, username)}},
    )
    return {item["name"]["S"] for item in answer["Items"]}


def bounced(guarded: Guarded, username: str, seconds: float) -> bool:
    """Whether a hard bounce, as SES tells it, stops further mail."""
    account = identity(guarded, username)
    mail = {"tags": {"account": [account], "vorgang": ["AAA-AAA-AAA"], "mail": ["reset"]}, "destination": [username]}
    body = {"eventType": "Bounce", "mail": mail, "bounce": {"bounceType": "Permanent", "bounceSubType": "General"}}
    guarded.client("sqs").send_message(QueueUrl=guarded.cloud.outputs["EventQueue"], MessageBody=json.dumps(body))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (table(guarded, "Accounts").get({"id": account}) or {}).get("undeliverable"):
            return True
        time.sleep(0.2)
    return False


def rights(document: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Statement, action and resource, one by one."""
    found = []
    for number, statement in enumerate(document["Statement"]):
        both = (statement["Action"], statement["Resource"])
        actions, resources = ([each] if isinstance(each, str) else each for each in both)
        found += [(number, action, resource) for action in actions for resource in resources]
    return found


def name_of(guarded: Guarded, resource: str) -> str:
    """The output or logical id whose physical name a resource's ARN ends with."""
    tail = re.split(r"[:/]", resource)[-1]
    names = [name for name, value in guarded.cloud.outputs.items() if str(value).rpartition("/")[2] == tail]
    return {"MailQueue": "Mails", "MailQueueName": "Mails"}.get(names[0], names[0]) if names else tail


def without(number: int, action: str) -> Callable[[dict[str, Any]], None]:
    """Takes one action out of one statement."""

    def change(document: dict[str, Any]) -> None:
        statement = document["Statement"][number]
        if isinstance(statement["Action"], list) and len(statement["Action"]) > 1:
            statement["Action"] = [each for each in statement["Action"] if each != action]
        else:
            document["Statement"].pop(number)

    return change


def test_all_ways_are_open_with_the_rights_of_the_template(guarded: Guarded) -> None:
    """R97, I01: the control; everything below is red against this green."""
    went = journeys(guarded)
    assert all(went.values()), went


def test_each_right_is_needed(guarded: Guarded) -> None:
    """R97, I01: taken away, at least one way is closed; so none is there for nothing."""
    taken, idle = 0, []
    for function in ("Web", "Worker"):
        for number, action, resource in rights(guarded.role(function)[2]):
            name = name_of(guarded, resource)
            if action.startswith(UNPROVABLE) or not (SIZE or (function, action, name) in SOME):
                continue
            taken += 1
            with guarded.changed(function, without(number, action)):
                restarted(guarded, function, action)
                went = journeys(guarded, seconds=3)
            if all(went.values()):
                idle.append((function, action, name))
    assert not idle, f"not needed: {idle}"
    assert taken >= len(SOME)
    tally("rights taken away", rights=taken, all_red=not idle)


def restarted(guarded: Guarded, function: str, action: str) -> None:
    """A function that keeps its secret from before needs a new process to miss the right to read it."""
    if action.startswith("secretsmanager:"):
        name = guarded.cloud.outputs[f"{function}Function"]
        awslambda = guarded.client("lambda")
        variables = awslambda.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        awslambda.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables | {"RESTARTED": str(time.time())}}
        )


def test_mail_stops_without_the_right_to_send(guarded: Guarded) -> None:
    """R97, I02: the worker's own right is what sends; nothing else in the house can."""
    role, _, _ = guarded.role("Worker")
    iam = guarded.client("iam")
    overlay = iam.get_role_policy(RoleName=role, PolicyName="overlay")["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName="overlay")
    try:
        assert not journeys(guarded, seconds=3)["mail"]
    finally:
        document = overlay if isinstance(overlay, str) else json.dumps(overlay)
        iam.put_role_policy(RoleName=role, PolicyName="overlay", PolicyDocument=document)


@pytest.mark.parametrize(
    ("function", "action", "resource"),
    [
        ("Web", "ses:SendEmail", "arn:aws:ses:eu-central-1:000000000000:identity/example.org"),
        ("Web", "dynamodb:Scan", "AccountsTable"),
        ("Web", "dynamodb:PutItem", "AccountsTable"),
        ("Web", "dynamodb:DeleteItem", "PasswordsTable"),
        ("Web", "dynamodb:Query", "TimelineTable"),
        *(
            ("Worker", f"dynamodb:{verb}Item", "PasswordsTable")
            for verb in ("Get", "BatchGet", "Put", "Update", "Delete")
        ),
        ("Worker", "dynamodb:Scan", "PasswordsTable"),
        ("Worker", "dynamodb:PutItem", "AccountsTable"),
        ("Worker", "secretsmanager:GetSecretValue", "SecretArn"),
        ("Worker", "sqs:SendMessage", "MailQueue"),
    ],
)
def test_what_a_function_may_not(guarded: Guarded, function: str, action: str, resource: str) -> None:
    """R97, I02: web cannot mail, worker cannot touch a hash or the keys; asked of IAM, with a control."""
    role = guarded.client("lambda").get_function_configuration(
        FunctionName=guarded.cloud.outputs[f"{function}Function"]
    )["Role"]
    table = f"arn:aws:dynamodb:eu-central-1:000000000000:table/{guarded.cloud.outputs.get(resource, '')}"
    arn = table if resource.endswith("Table") else str(guarded.cloud.outputs.get(resource, resource))

    def decision(action: str, arn: str) -> str:
        answer = guarded.client("iam").simulate_principal_policy(
            PolicySourceArn=role, ActionNames=[action], ResourceArns=[arn]
        )
        return str(answer["EvaluationResults"][0]["EvalDecision"])

    own = f"arn:aws:dynamodb:eu-central-1:000000000000:table/{guarded.cloud.outputs['TimelineTable']}"
    assert decision("dynamodb:PutItem", own) == "allowed"
    assert decision(action, arn) != "allowed"


def test_the_desk_may_read_its_own_secret_alone(guarded: Guarded) -> None:
    """R09, R97: asked of IAM; what the desk reads is the account key and nothing else."""
    outputs = guarded.cloud.outputs

    def decision(name: str) -> str:
        answer = guarded.client("iam").simulate_principal_policy(
            PolicySourceArn=outputs["DeskRole"],
            ActionNames=["secretsmanager:GetSecretValue"],
            ResourceArns=[outputs[name]],
        )
        return str(answer["EvaluationResults"][0]["EvalDecision"])

    assert decision("DeskSecretArn") == "allowed"
    assert decision("SecretArn") != "allowed"
    read = guarded.client("secretsmanager").get_secret_value
    own, whole = (json.loads(read(SecretId=outputs[name])["SecretString"]) for name in ("DeskSecretArn", "SecretArn"))
    assert own == {"account_key": whole["account_key"]}


def test_nobody_gets_past_cloudfront(guarded: Guarded) -> None:
    """R59, X26, X40, I16: the API itself refuses whoever lacks the secret header."""
    direct = f"{guarded.endpoint}/_aws/execute-api/{guarded.cloud.outputs['ApiId']}/$default/api"
    secret = json.loads(
        guarded.client("secretsmanager").get_secret_value(SecretId=guarded.cloud.outputs["SecretArn"])["SecretString"]
    )
    viewer = {"CloudFront-Viewer-Address": "192.0.2.1:1", "Accept": "application/json"}
    tries: list[tuple[dict[str, str], int]] = [
        ({}, 403),
        (viewer, 403),
        (viewer | {"X-Origin-Secret": ""}, 403),
        (viewer | {"X-Origin-Secret": "A" * 43}, 403),
        ({"X-Origin-Secret": secret["origin"][0]}, 403),
        (viewer | {"X-Origin-Secret": secret["origin"][0]}, 202),
    ]
    for headers, status in tries:
        answer = httpx.post(f"{direct}/forgot", data={"username": "niemand@example.org"}, headers=headers, timeout=60)
        assert answer.status_code == status, (headers, answer.text)
    for path in ("health", "session", "nichts"):
        assert httpx.get(f"{direct}/{path}", headers=viewer, timeout=60).status_code == 403


def test_the_secret_header_turns_without_a_gap() -> None:
    """R59, R100: during a rotation both values count; the old one ends, and a function learns the new one by itself."""
    at, stored, looks = [1000.0], ["old", ""], list[float]()

    class Secrets:
        def get_secret_value(self, **_: str) -> dict[str, str]:
            looks.append(at[0])
            return {"SecretString": json.dumps({"account_key": "k", "pepper": "p", "origin": list(stored)})}

    keys = Keys(Secrets(), "id", lambda: at[0])  # type: ignore[arg-type]
    proves = lambda: [keys.proves_origin(each) for each in ("old", "new", "", "o", "old ")]  # noqa: E731
    assert proves() == [True, False, False, False, False]
    stored[:] = ["new", "old"]
    at[0] += RELOAD
    assert proves() == [True, True, False, False, False]
    stored[:] = ["new", ""]
    at[0] += RELOAD
    assert proves() == [True, True, False, False, False], "what it knew counts until it looks again"
    keys.proves_origin("who knows")
    assert proves() == [False, True, False, False, False]
    for second in range(1, 181):  # a flood around CloudFront asks for the secret once a minute
        at[0] += 1
        assert not keys.proves_origin(f"guess {second}")
    assert looks[-3:] == [at[0] - 120, at[0] - 60, at[0]]


def test_the_template_tells_web_and_worker_apart() -> None:
    """R97, I02: read from the template, so that it holds on AWS too."""
    resources = template.read("template.yaml")["Resources"]
    text = {name: json.dumps(resources[f"{name}Role"]["Properties"]["Policies"]) for name in ("Web", "Worker")}
    assert "ses:" not in text["Web"]
    assert "PasswordsTable" not in text["Worker"]
    assert "SecretArn" not in text["Worker"]
    assert "PasswordsTable" in text["Web"]
    assert "ses:SendEmail" in text["Worker"]
    assert "ses:FromAddress" in text["Worker"]
