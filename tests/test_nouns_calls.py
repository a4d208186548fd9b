"""Known or not, the same calls in the same order: no time and no failure tells who has an account (R01, R02, X16)."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from world import Killed, World, calm, refused

from infra.bench.entry import Entry
from infra.local.cloud import Cloud
from reset.answers import SESSION
from reset.errors import Problem
from reset.exchange import Exchange
from reset.table import Table, ThrottledError

STATES = ("active", "invited", "locked", "limited", "unknown")


@pytest.fixture
def world(cloud: Cloud) -> World:
    """The product in this process, without faults."""
    return calm(cloud.session, cloud.outputs)


def named(world: World, state: str) -> str:
    """An address in this state."""
    if state == "unknown":
        return "niemand.hier@example.org"
    name = world.customer("active" if state == "limited" else state)
    if state == "limited":
        for _ in range(5):
            world.service.forgot(world.request(), name)
        world.drain()
    return name


def calls(world: World, act: Callable[[], object]) -> list[tuple[str, ...]]:
    """What the web entry asked AWS for, in order."""
    world.faults.calls.clear()
    try:
        act()
    except Problem as problem:
        return [*world.faults.calls, (problem.code,)]
    return list(world.faults.calls)


def test_forgot_makes_the_same_three_calls_and_reads_no_account(world: World) -> None:
    """R02: count, note, queue; no table of accounts, no hash, no link."""
    settings = world.settings
    expected = [("update_item", settings.resets_table), ("put_item", settings.timeline_table), ("send_message",)]
    for state in STATES:
        name = named(world, state)
        assert calls(world, lambda name=name: world.service.forgot(world.request(), name)) == expected, state


def test_login_fails_by_the_same_calls(world: World) -> None:
    """R47, X16: also the dummy hash is one hash."""
    seen = set()
    for state in ("active", "invited", "locked", "unknown"):
        form = {"username": named(world, state), "password": "falsch"}
        seen.add(tuple(calls(world, lambda form=form: world.service.login(world.request(), form))))
    assert len(seen) == 1
    assert seen.pop()[-1] == ("anmeldung-fehlgeschlagen",)


def test_every_failed_login_hashes_once(world: World) -> None:
    """R47, X16: verify or dummy, never none and never both."""
    hashed: list[str] = []
    hasher = world.service.hasher
    hasher.verify = lambda *_: hashed.append("verify")  # type: ignore[method-assign,assignment,func-returns-value]
    hasher.dummy = lambda *_: hashed.append("dummy")  # type: ignore[method-assign,misc]
    for state in ("active", "invited", "locked", "unknown"):
        form = {"username": named(world, state), "password": "falsch"}
        hashed.clear()
        with pytest.raises(Problem):
            world.service.login(world.request(), form)
        assert len(hashed) == 1, state


def test_a_wrong_token_is_refused_by_the_same_calls(world: World) -> None:
    """R02, R22, X16: with a live link or none, known or not; what no answer holds takes no time to read."""
    settings = world.settings
    window = [("update_item", settings.resets_table)] * 2
    guess = [("get_item", settings.resets_table), ("put_item", settings.resets_table)]
    note = [("put_item", settings.timeline_table), ("link-ungueltig",)]
    seen = set()
    for state in STATES:
        name = named(world, state)
        form = {"username": name, "token": "A" * 43, "new_password": "n", "confirm": "n"}
        seen.add(tuple(calls(world, lambda form=form: world.service.reset(world.request(), form))))
    (found,) = seen
    assert list(found) == window + guess + note, "the address's window, the try, the count: no account, no hash is read"


def test_a_mail_that_fails_is_no_customers_answer(world: World) -> None:
    """R02, X17: SES refuses, the worker dies: forgot answers as ever, for the next visitor too."""
    name = world.customer()
    for failure in (refused("MessageRejected", "send_email"), Killed()):

        def fail(failure: BaseException = failure, **_: object) -> dict[str, str]:
            raise failure

        world.post.send_email = fail  # type: ignore[method-assign]
        world.service.forgot(world.request(), name)
        message = world.queue.due()
        assert message
        assert world.work(message) is None
        world.queue.waiting.clear()
        world.service.forgot(world.request(), "niemand@example.org")
        world.queue.waiting.clear()


def test_a_read_that_was_not_answered_is_a_fault_and_no_missing_account(world: World) -> None:
    """R88: a throttled read leaves keys unprocessed; taken for "no such account" it would refuse the right password."""
    form = {"username": world.customer(), "password": "alt"}
    read, client = world.real.batch_get_item, world.service.hashes.client

    def busy(**given: object) -> dict[str, object]:
        return {"Responses": {}, "UnprocessedKeys": read(**given)["Responses"]}

    client.batch_get_item = busy  # type: ignore[method-assign]
    with pytest.raises(ThrottledError):
        world.service.login(world.request(), form)
    del client.batch_get_item
    assert world.service.login(world.request(), form)


def test_every_read_is_consistent(world: World) -> None:
    """R27, R52: else a session or a link that ended a moment ago could still be found alive."""
    asked: dict[str, list[bool]] = {}

    def note(params: dict[str, Any], model: Any, **_: object) -> None:
        reads = list(params.get("RequestItems", {"": params}).values())
        asked.setdefault(model.name, []).extend(each.get("ConsistentRead", False) for each in reads)

    name = world.customer()
    for read in ("GetItem", "BatchGetItem"):
        world.real.meta.events.register(f"before-parameter-build.dynamodb.{read}", note)
    world.service.forgot(world.request(), name)
    world.drain()
    (mail,) = world.mails(name)
    form = {"username": name, "token": mail.token, "new_password": "neu", "confirm": "neu", "password": "neu"}
    world.service.reset(world.request(), form)
    world.drain()
    world.service.session(world.service.login(world.request(), form))
    world.service.not_me(world.request(), world.mails(name)[-1].stop)
    assert {read: set(answers) for read, answers in asked.items()} == {"GetItem": {True}, "BatchGetItem": {True}}


def test_a_queue_that_refuses_fails_alike_for_all(world: World) -> None:
    """R02, R88: no mail can be promised, so nobody is told one comes."""
    world.queue.send_message = lambda **_: (_ for _ in ()).throw(refused("Throttled", "send_message"))  # type: ignore[method-assign]
    for state in ("active", "unknown"):
        name = named(world, state)
        with pytest.raises(Exception, match="Throttled"):
            world.service.forgot(world.request(), name)


def test_a_browser_whose_log_out_failed_is_led_back_to_the_portal(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R88: without JavaScript, too, it reads a page and no JSON, and keeps the cookie of a session that lives on."""
    entry = Entry(cloud.outputs)
    monkeypatch.setattr(entry.service.sessions, "end", lambda _: (_ for _ in ()).throw(refused("Throttled", "delete")))
    assert entry.post("/api/logout", {})["statusCode"] == 500
    monkeypatch.setattr(Exchange, "wants_json", False)
    answer = entry.post("/api/logout", {})
    assert answer["statusCode"] == 303
    assert not any(SESSION in cookie for cookie in answer["cookies"])
    assert re.fullmatch(r"/portal/\?vorgang=[\w-]+#fehler-stoerung", answer["headers"]["Location"])


@pytest.mark.parametrize(("conflicts", "fails"), [(2, False), (3, True)])
def test_a_write_that_meets_a_transaction_is_tried_again(world: World, conflicts: int, fails: bool) -> None:
    """R88: another's transaction on the same item is no fault of ours, and no answer."""
    left = [refused("TransactionConflictException", "put_item")] * conflicts

    def put(**_: object) -> dict[str, object]:
        if left:
            raise left.pop()
        return {}

    table = Table(SimpleNamespace(put_item=put), "any")  # type: ignore[arg-type]  # all that is called of it
    with pytest.raises(ClientError) if fails else nullcontext():
        table.put({"pk": "x"})
    assert not left
