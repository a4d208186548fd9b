"""The service and the worker in this process: real tables, a clock to set, and faults at every call to AWS."""

import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Barrier
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError

from reset.accounts import Accounts, account_id
from reset.backoff import Backoff
from reset.changes import Changes
from reset.delivery import Delivery
from reset.errors import Problem
from reset.feedback import Feedback
from reset.limits import Counters
from reset.mailer import Mailer
from reset.not_me import NotMe
from reset.queue import DELAY, MailQueue
from reset.request import Request
from reset.resets import Resets
from reset.service import Service
from reset.sessions import Sessions
from reset.settings import Settings
from reset.slot import Slot
from reset.table import Table
from reset.timeline import Timeline
from reset.tokens import digest
from reset.vorgang import new_vorgang
from reset.worker import create_delivery

KEY = b"world" * 8
RECEIVES, VISIBLE_AFTER = 5, 120  # as the template's queue
_numbers = itertools.count(1)


class Killed(BaseException):
    """The process died here: no handler of the product runs."""


def refused(code: str, operation: str) -> ClientError:
    """An error answer as AWS gives it."""
    return ClientError({"Error": {"Code": code, "Message": "on purpose"}}, operation)


def parallel(count: int, act: Callable[[], object]) -> list[object]:
    """What *count* threads got that all started at once; a Problem is its code."""
    gate = Barrier(count)

    def one(_: int) -> object:
        gate.wait()
        try:
            return act()
        except Problem as problem:
            return problem.code

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def calm(session: boto3.Session, outputs: dict[str, Any]) -> "World":
    """A world without faults, whose client serves a hundred threads."""
    return World(session.client("dynamodb", config=Config(max_pool_connections=100)), outputs)


@dataclass
class Clock:
    """A time that moves when it is told to; it starts at the real one, so that the table's TTL takes nothing away."""

    at: float = field(default_factory=time.time)

    def __call__(self) -> float:
        self.at += 0.001
        return self.at


class Secrets:
    """Secrets that need no service, and let everybody in."""

    account_key = KEY

    def proves_origin(self, given: str) -> bool:
        return True


class PlainHasher:
    """Keeps passwords readable, so that a test can see which one an account has; the real one has tests of its own."""

    def hash(self, password: str) -> str:
        return f"plain:{password}"

    def verify(self, stored: str, password: str) -> bool:
        return stored == f"plain:{password}"

    def dummy(self, password: str) -> None: ...

    def needs_rehash(self, stored: str) -> bool:
        return False


class AnyPassword:
    """A policy that takes every password."""

    def check(self, password: str, username: str, *_: Any) -> None: ...


class Faults:
    """Decides what goes wrong at a call, by seed; nothing does while *rate* is 0."""

    KINDS = ("throttled", "timed out", "timed out, but done", "killed", "killed, but done", "something else first")

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.rate = chance, 0.0
        self.interlude: Callable[[], None] = lambda: None
        self.seen: Counter[str] = Counter()
        self.calls: list[tuple[str, ...]] = []

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        """Makes the call, or fails before or after it."""
        kind = self.chance.choice(self.KINDS) if self.chance.random() < self.rate else ""
        if kind:
            self.seen[f"{name} {kind}"] += 1
        if kind == "throttled":
            raise refused("TooManyRequestsException" if name == "send_email" else "ThrottlingException", name)
        if kind == "timed out":
            raise ReadTimeoutError(endpoint_url="http://aws")
        if kind == "killed":
            raise Killed
        if kind == "something else first":
            rate, self.rate = self.rate, 0.0
            self.interlude()
            self.rate = rate
        result = call()
        if kind == "timed out, but done":
            raise ReadTimeoutError(endpoint_url="http://aws")
        if kind == "killed, but done":
            raise Killed
        return result


class Faulty:
    """An AWS client whose every call passes through the faults."""

    def __init__(self, client: Any, faults: Faults) -> None:
        self._client, self._faults = client, faults

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**given: Any) -> Any:
            self._faults.calls.append((name, *_tables(given)))
            return self._faults.around(name, lambda: getattr(self._client, name)(**given))

        return call


def _tables(given: dict[str, Any]) -> list[str]:
    """The tables that a call touches, in its order."""
    parts = [part for item in given.get("TransactItems", ()) for part in item.values()]
    return [part["TableName"] for part in (given, *parts) if "TableName" in part] + list(given.get("RequestItems", ()))


class ListQueue:
    """SQS as the product uses it: at least once, again after a while, given up after RECEIVES tries."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.waiting: list[dict[str, Any]] = []
        self.dead: list[dict[str, Any]] = []

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int = 0) -> None:  # noqa: N803
        self.waiting.append({"body": json.loads(MessageBody), "at": self.clock.at + DelaySeconds, "tries": 0})

    def take(self) -> dict[str, Any] | None:
        """The next message that is visible, if any."""
        for message in list(self.waiting):
            if message["at"] <= self.clock.at:
                self.waiting.remove(message)
                return message
        return None

    def due(self) -> dict[str, Any] | None:
        """The next message that is visible a second later, as long as every job waits."""
        self.clock.at += DELAY
        return self.take()

    def give_back(self, message: dict[str, Any]) -> None:
        """It failed: visible again later, or given up."""
        message["tries"] += 1
        message["at"] = self.clock.at + VISIBLE_AFTER
        (self.dead if message["tries"] >= RECEIVES else self.waiting).append(message)


@dataclass(frozen=True)
class Sent:
    """A mail that SES took; *token* is None where it can set no password, *ends* when its link does."""

    account: str
    vorgang: str
    kind: str
    token: str | None
    stop: str
    sent_at: float
    ends: float


class Post:
    """SES: an outbox."""

    def __init__(self, world: "World") -> None:
        self.world, self.out = world, []  # type: World, list[Sent]

    def send_email(self, **mail: Any) -> dict[str, str]:
        tags = {tag["Name"]: tag["Value"] for tag in mail["EmailTags"]}
        lines = mail["Content"]["Simple"]["Body"]["Text"]["Data"].splitlines()
        find = lambda path: next((line.partition("#")[2] for line in lines if f"{path}#" in line), None)  # noqa: E731
        ends = self.world.clock.at + self.world.settings.link_minutes * 60
        stop = find("/das-war-ich-nicht/") or ""
        kind, token = tags["mail"], find("/neues-passwort/")
        self.out.append(Sent(tags["account"], tags["vorgang"], kind, token, stop, self.world.clock.at, ends))
        return {"MessageId": str(len(self.out))}


class World:
    """Everything, put together over the tables of *outputs*; `deploy` puts it together anew."""

    def __init__(self, dynamodb: Any, outputs: dict[str, Any], seed: int = 0) -> None:
        self.clock = Clock()
        self.faults = Faults(random.Random(seed))
        self.dynamodb, self.real = Faulty(dynamodb, self.faults), dynamodb
        self.queue, self.post = ListQueue(self.clock), Post(self)
        names = {f"{name.lower()}_table": outputs[f"{name}Table"] for name in ("Accounts", "Resets", "Timeline")}
        self.settings = Settings(
            site_url="https://hilfe.example",
            passwords_table=outputs["PasswordsTable"],
            subject_prefix="[Test]",
            mailbox="hilfe@example.org",
            **names,
        )
        self.deploy()

    def deploy(self, **changed: Any) -> None:
        """New code, maybe with other settings; whatever waits in queue and tables stays."""
        self.settings = replace(self.settings, **changed)
        now, settings = self.clock, self.settings
        table = Table(self.dynamodb, settings.resets_table)
        mailer = Mailer(Faulty(self.post, self.faults), "Hilfe <hilfe@example.org>", "set")
        made = create_delivery(settings, now, mailer, self.dynamodb)
        self.delivery: Delivery = replace(made, sleep=lambda seconds: time.sleep(seconds / 100))
        resets = Resets(table, now)
        accounts = Accounts(Table(self.dynamodb, settings.accounts_table), now)
        timeline = Timeline(Table(self.dynamodb, settings.timeline_table), now, settings.retention_days)
        self.service = Service(
            keys=Secrets(),
            accounts=accounts,
            hashes=Table(self.dynamodb, settings.passwords_table),
            resets=resets,
            sessions=Sessions(table, now, settings.sessions, settings.accounts_table),
            changes=Changes(table, now),
            not_me_tokens=NotMe(table, resets, accounts, timeline, now, pause_hours=settings.pause_hours),
            counters=Counters(table, now),
            logins=Backoff(table, now, settings.limits.login_failures, settings.limits.login_failures_whole),
            guesses=Backoff(table, now, settings.limits.token_failures),
            queue=MailQueue(Faulty(self.queue, self.faults), "queue"),
            timeline=timeline,
            policy=AnyPassword(),
            hasher=PlainHasher(),
            limits=settings.limits,
            now=now,
        )

    def feedback(self) -> Feedback:
        """What takes SES's events."""
        parts = self.delivery
        return Feedback(parts.accounts, parts.resets, parts.changes, parts.timeline)

    def table(self, name: str) -> Table:
        """A table without faults: `accounts`, `passwords`, `resets` or `timeline`."""
        return Table(self.real, getattr(self.settings, f"{name}_table"))

    def customer(self, status: str = "active", password: str | None = "alt") -> str:
        """A new account's username."""
        username = f"welt{next(_numbers)}.{self.faults.chance.getrandbits(48):x}@example.org"
        identity = account_id(KEY, username)
        item = {"id": identity, "username": username, "address": username, "name": "", "language": "de"}
        self.table("accounts").put(item | {"status": status, "epoch": 1})
        if status != "invited" and password:
            self.table("passwords").put({"id": identity, "hash": f"plain:{password}"})
        return username

    def request(self) -> Request:
        """A request of a client of its own."""
        return Request(new_vorgang(), f"10.{next(_numbers)}")

    def set_status(self, username: str, status: str) -> None:
        """What the desk's lock and unlock do to the account."""
        key = {"id": account_id(KEY, username)}
        self.table("accounts").update(key, "SET #status = :status", "attribute_exists(id)", {"status": status})

    def account(self, username: str) -> dict[str, Any]:
        """The stored account."""
        return self.table("accounts").get({"id": account_id(KEY, username)}) or {}

    def secret(self, username: str) -> str | None:
        """The account's password, as the table of hashes has it."""
        found = self.table("passwords").get({"id": account_id(KEY, username)})
        return found["hash"].removeprefix("plain:") if found else None

    def slot(self, username: str) -> Slot:
        """The account's slot."""
        return Slot.read(self.table("resets").get(Resets.key(account_id(KEY, username))))

    def opens(self, username: str, token: str, late: float = 0) -> bool:
        """Whether *token* opens the account *late* seconds from now; uses no try up."""
        return digest(token) in self.slot(username).live(self.clock.at + late)

    def events(self, username: str) -> list[dict[str, Any]]:
        """The account's timeline."""
        answer = self.real.query(
            TableName=self.settings.timeline_table,
            KeyConditionExpression="account = :account",
            ExpressionAttributeValues={":account": {"S": account_id(KEY, username)}},
            ConsistentRead=True,
        )
        return [{name: next(iter(value.values())) for name, value in item.items()} for item in answer["Items"]]

    def mails(self, username: str) -> list[Sent]:
        """What was mailed to the account, oldest first."""
        return [mail for mail in self.post.out if mail.account == account_id(KEY, username)]

    def work(self, message: dict[str, Any]) -> str | None:
        """Does one message as the queue would; None when it goes back."""
        try:
            return self.delivery.run(message["body"])
        except (Exception, Killed):  # noqa: BLE001  # whatever it was, SQS brings it again
            self.queue.give_back(message)
            return None

    def drain(self) -> None:
        """Lets time pass until nothing waits."""
        while self.queue.waiting:
            message = self.queue.take()
            if message is None:
                self.clock.at = max(self.clock.at, min(each["at"] for each in self.queue.waiting))
                continue
            self.work(message)
