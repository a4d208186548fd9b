"""How long a link and a session live, to the second, and what ends them (R15, R17, R18, R22, R27, R51, R52, X41)."""

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from world import KEY, Killed, PlainHasher, World, calm, refused

from infra.desk.case import taken_over
from infra.desk.csv_rows import Row, new_account
from infra.desk.history import ordered
from infra.desk.locking import ending
from infra.local.cloud import Cloud
from infra.local.feedback import ses_event
from reset.accounts import account_id
from reset.changes import Changes
from reset.errors import Problem
from reset.feedback import EVENTS
from reset.resets import BusyError, Resets
from reset.settings import Sessions
from reset.table import ConditionFailedError, Table, read_all, transact
from reset.timeline import stamp
from reset.tokens import digest
from reset.vorgang import new_vorgang


@pytest.fixture
def world(cloud: Cloud) -> World:
    """The product in this process, without faults."""
    return calm(cloud.session, cloud.outputs)


def link(world: World, name: str) -> str:
    """The token of a new mail."""
    world.service.forgot(world.request(), name)
    world.drain()
    token = world.mails(name)[-1].token
    assert token
    return token


def reset(world: World, name: str, token: str, password: str = "neu", **more: str) -> str:
    """Resets; "" where it worked, the problem's code otherwise."""
    form = {"username": name, "token": token, "new_password": password, "confirm": password} | more
    try:
        world.service.reset(world.request(), form)
    except Problem as problem:
        return problem.code
    return ""


@pytest.mark.parametrize("minutes", [5, 30, 60])
def test_a_link_ends_at_its_second(world: World, minutes: int) -> None:
    """R15, X12, X41: one second before the end it works, at the end it does not, though the item is still there."""
    world.deploy(link_minutes=minutes)
    for early, answer in ((1, ""), (0, "link-ungueltig"), (-1, "link-ungueltig")):
        name = world.customer()
        token = link(world, name)
        (end,) = world.slot(name).links.values()
        world.clock.at = int(end) - early
        assert reset(world, name, token) == answer
        assert world.secret(name) == ("alt" if answer else "neu")
        assert world.table("resets").get({"pk": f"reset#{account_id(KEY, name)}"})


def test_slot_and_transaction_each_check_the_end(world: World) -> None:
    """R15, R16: two locks on one door; each alone holds, and the second use fails by the link itself."""
    name = world.customer()
    token = link(world, name)
    (end,) = world.slot(name).links.values()
    account, resets = account_id(KEY, name), world.service.resets

    def opens(at: float) -> bool:
        world.clock.at = at
        return resets.opens(account, token, 9)

    def use(at: float) -> bool:
        world.clock.at = at
        try:
            transact(world.real, ("Update", resets.using(account, token)))
        except ConditionFailedError:
            return False
        return True

    assert [opens(int(end) + late) for late in (-1, 0, 1)] == [True, False, False]
    assert [use(int(end) + late) for late in (1, 0, -1, -1)] == [False, False, True, False]


@pytest.mark.parametrize("again", [True, False], ids=["mailed twice", "newer mail refused"])
def test_each_link_of_a_slot_has_an_end_of_its_own(world: World, again: bool) -> None:
    """R15: the slot goes on for a later link; the earlier one must not go on with it."""
    sending, name = world.post.send_email, world.customer()

    def dying(**mail: Any) -> dict[str, str]:
        world.post.send_email = sending  # type: ignore[method-assign]
        sending(**mail)
        raise Killed

    def refusing(**_: Any) -> dict[str, str]:
        raise refused("TooManyRequestsException", "send_email")

    if again:
        world.post.send_email = dying  # type: ignore[method-assign]
    world.service.forgot(world.request(), name)
    world.drain()
    if not again:
        world.post.send_email = refusing  # type: ignore[method-assign]
        world.clock.at += 600
        world.service.forgot(world.request(), name)
        world.clock.at += 2
        world.work(world.queue.take() or {})
    first = world.mails(name)[0]
    assert world.slot(name).expires_at > first.ends
    world.clock.at = int(first.ends) - 2
    assert reset(world, name, first.token or "", confirm="anders") == "passwort-ungleich"
    world.clock.at = int(first.ends) + 1
    assert reset(world, name, first.token or "", confirm="anders") == "link-ungueltig"


def test_a_link_may_be_tried_so_often(world: World) -> None:
    """R24, X23: a refusal leaves the link alone, but nobody hashes with it for ever; the next one is fresh."""
    name = world.customer()
    token = link(world, name)
    most = world.settings.limits.tries_per_link
    assert {reset(world, name, token, confirm="anders") for _ in range(most)} == {"passwort-ungleich"}
    assert reset(world, name, token) == "link-ungueltig"
    assert reset(world, name, link(world, name)) == ""


def test_the_transaction_checks_the_end_itself(world: World) -> None:
    """R15, R16: a link that runs out while the password is hashed changes nothing."""
    name = world.customer()
    token = link(world, name)
    (end,) = world.slot(name).links.values()
    announce, at = world.service.queue.announce, math.inf

    def late(*given: object) -> None:
        announce(*given)  # type: ignore[arg-type]
        world.clock.at = at

    world.service.queue.announce = late  # type: ignore[method-assign]
    world.clock.at, at = int(end) - 5, int(end) + 1
    assert reset(world, name, token) == "link-ungueltig"
    assert world.secret(name) == "alt"


def test_a_deploy_between_asking_and_resetting_keeps_the_link(world: World) -> None:
    """A link keeps the time its mail promises, whatever the setting is by then."""
    name = world.customer()
    token = link(world, name)
    world.deploy(link_minutes=5)
    world.clock.at += 29 * 60
    assert reset(world, name, token) == ""


def test_replay_and_other_accounts_are_refused(world: World) -> None:
    """R14, R16, R22, X04, X19."""
    name, other = world.customer(), world.customer()
    token = link(world, name)
    assert reset(world, other, token) == "link-ungueltig"
    assert reset(world, name, token) == ""
    assert [reset(world, name, token, "drei") for _ in range(3)] == ["link-ungueltig"] * 3
    assert (world.secret(name), world.secret(other)) == ("neu", "alt")


def test_a_new_password_ends_every_other_link_and_session(world: World) -> None:
    """R17, R27, R29, X20, X34."""
    name = world.customer()
    session = world.service.login(world.request(), {"username": name, "password": "alt"})
    old, new = link(world, name), link(world, name)
    assert reset(world, name, old) == "link-ungueltig"
    assert reset(world, name, new) == ""
    with pytest.raises(Problem, match="nicht-angemeldet"):
        world.service.session(session)
    with pytest.raises(Problem, match="anmeldung-fehlgeschlagen"):
        world.service.login(world.request(), {"username": name, "password": "alt"})
    assert reset(world, name, old, "drei") == "link-ungueltig"


def test_a_locked_account_opens_to_nothing(world: World) -> None:
    """R07, R17, R52, X31: link, session and login end with the lock; the reset does not lift it."""
    name = world.customer()
    token, session = link(world, name), world.service.login(world.request(), {"username": name, "password": "alt"})
    world.set_status(name, "locked")
    assert reset(world, name, token) == "link-ungueltig"
    with pytest.raises(Problem, match="nicht-angemeldet"):
        world.service.session(session)
    with pytest.raises(Problem, match="anmeldung-fehlgeschlagen"):
        world.service.login(world.request(), {"username": name, "password": "alt"})
    world.service.forgot(world.request(), name)
    world.drain()
    assert (world.mails(name)[-1].kind, world.mails(name)[-1].token) == ("locked", None)
    world.set_status(name, "active")
    assert reset(world, name, token) == "link-ungueltig"


def test_a_lock_lets_the_mails_of_somebody_out_who_never_asked(world: World) -> None:
    """R07: the desk's lock makes the slot then; it ended all mail until its TTL took it away."""
    name, desk = world.customer(), SimpleNamespace(resets=world.table("resets"), now=world.clock)
    for number in (1, 2):
        transact(world.real, ("Update", ending(desk, account_id(KEY, name))))  # type: ignore[arg-type]
        world.clock.at += 1
        assert world.opens(name, link(world, name))
        assert len(world.mails(name)) == number


def test_a_refusal_leaves_the_link_alone(world: World) -> None:
    """R18, R24: a mismatch and the old password cost nothing; the link still works."""
    name = world.customer()
    token = link(world, name)
    assert reset(world, name, token, confirm="anders") == "passwort-ungleich"
    assert reset(world, name, token, "alt") == "passwort-wie-bisher"
    assert reset(world, name, token, "Caf\u00e9 am Fluss", confirm="Cafe\u0301 am Fluss") == "", "R33: one password"


def test_a_notice_that_ses_refuses_comes_at_the_next_try(world: World) -> None:
    """R28, R88: whatever goes wrong with it, the change that it tells of happened."""
    name = world.customer()
    assert reset(world, name, link(world, name)) == ""
    sending, failures = world.post.send_email, [refused("TooManyRequestsException", "send_email"), Killed()]

    def fails(**mail: Any) -> dict[str, str]:
        if failures:
            raise failures.pop()
        return sending(**mail)

    world.post.send_email = fails  # type: ignore[method-assign]
    world.drain()
    assert [mail.kind for mail in world.mails(name)] == ["reset", "changed"]
    assert not failures


@pytest.mark.parametrize("kind", ["reset", "changed"])
def test_while_one_worker_mails_another_leaves_the_job_to_it(world: World, kind: str) -> None:
    """R28, X42: SQS may bring a job twice; the second comes back later, and finds the mail out."""
    name = world.customer()
    if kind == "changed":
        assert reset(world, name, link(world, name)) == ""
    else:
        world.service.forgot(world.request(), name)
    message, sending, meanwhile = world.queue.due(), world.post.send_email, []
    assert message

    def send(**mail: Any) -> dict[str, str]:
        world.post.send_email = sending  # type: ignore[method-assign]
        meanwhile.append(world.work(dict(message)))
        return sending(**mail)

    world.post.send_email = send  # type: ignore[method-assign]
    assert (world.work(message), meanwhile) == ({"reset": "mailed", "changed": "notified"}[kind], [None])
    world.drain()
    assert [mail.kind for mail in world.mails(name)].count(kind) == 1


@pytest.mark.parametrize("clock", [-30, -40 * 86400, 70 * 365 * 86400, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00"])
def test_a_foreign_servers_clock_moves_no_event(world: World, clock: int | str) -> None:
    """R92: a bounce tells its own time: it stands after the mail that it is about, and goes when it must."""
    name = world.customer()
    world.service.forgot(world.request(), name)
    world.drain()
    (mailed,) = (event for event in world.events(name) if event["name"] == "mailed")
    sent = world.clock.at
    tags = {"account": [account_id(KEY, name)], "vorgang": [mailed["vorgang"]], "mail": ["reset"]}
    mail = {"timestamp": stamp(sent), "tags": tags, "destination": [name]}
    told = clock if isinstance(clock, str) else stamp(sent + clock)
    world.clock.at += 5
    bounce = {"timestamp": told, "bounceType": "Transient", "bounceSubType": "MailboxFull"}
    for kind, details in (("delivery", {"timestamp": stamp(sent + 1)}), ("bounce", bounce), ("bounce", bounce)):
        world.feedback().take({"eventType": kind.title(), "mail": mail, kind: details})
    events = ordered(world.events(name))
    assert [event.name for event in events][-2:] == ["delivered", "bounced"]
    assert sent <= events[-1].at <= world.clock.at
    assert all(int(event["ttl"]) <= world.clock.at + 14 * 86400 for event in world.events(name))


def pressed(world: World, name: str, kind: str) -> str:
    """The "not me" of the newest mail of that kind."""
    return next(mail.stop for mail in reversed(world.mails(name)) if mail.kind == kind)


def changed(world: World, name: str, password: str) -> int:
    """Sets a password by a link of the desk's, whatever is paused; when, in epoch seconds."""
    world.delivery.asked(account_id(KEY, name), new_vorgang(), int(world.clock.at * 1000), "desk")
    assert reset(world, name, world.mails(name)[-1].token or "", password) == ""
    world.drain()
    return int(world.account(name)["changed_at"])


@pytest.mark.parametrize("order", [("reset", "changed"), ("changed", "reset")])
def test_what_a_press_disowns_is_the_change_whatever_is_pressed_besides(world: World, order: tuple[str, str]) -> None:
    """R27: the notice counts before all, and of two other mails the earlier; two days apart, in either order."""
    name = world.customer()
    at = changed(world, name, "fremd")
    world.clock.at += 2 * 86400
    world.delivery.asked(account_id(KEY, name), new_vorgang(), int(world.clock.at * 1000), "desk")
    for kind in order:
        world.service.not_me(world.request(), pressed(world, name, kind))
    assert abs(int(world.account(name)["reported_since"]) - at) <= 2
    assert taken_over(world.account(name))


def test_the_notice_of_a_former_change_disowns_nothing_of_the_next(world: World) -> None:
    """R27: pressed once more after its owner has set a password of his own; and a new password ends the report."""
    name = world.customer()
    changed(world, name, "fremd")
    first = pressed(world, name, "changed")
    world.service.not_me(world.request(), first)
    world.table("accounts").update(
        {"id": account_id(KEY, name)}, "SET password_gone_at = :now", None, {"now": int(world.clock.at * 1000)}
    )
    world.clock.at += 60
    changed(world, name, "eigenes")
    assert not {"reported_since", "password_gone_at"} & world.account(name).keys()
    epoch = world.account(name)["epoch"]
    world.service.not_me(world.request(), first)
    assert not taken_over(world.account(name))
    assert world.account(name)["epoch"] == epoch + 1, "it still ends what is open"
    world.service.not_me(world.request(), pressed(world, name, "changed"))
    assert taken_over(world.account(name))


def revived(world: World, name: str) -> str:
    """The token of a mail whose successor SES refused for good."""
    token, sending = link(world, name), world.post.send_email
    world.service.forgot(world.request(), name)

    def refuse(**_: object) -> dict[str, str]:
        raise RuntimeError

    world.post.send_email = refuse  # type: ignore[method-assign]
    world.drain()
    assert len(world.queue.dead) == 1
    world.post.send_email = sending  # type: ignore[method-assign]
    return token


def test_a_revived_link_works_once(world: World) -> None:
    """R16, R17, R29: it is used up like any other."""
    name = world.customer()
    token = revived(world, name)
    assert reset(world, name, token) == ""
    assert reset(world, name, token, "zwei") == "link-ungueltig"


def test_an_older_link_lives_until_the_newer_mail_is_out(world: World) -> None:
    """R17, X21: SES refuses the second mail for good; the first's link opens the account until it is sent again."""
    name = world.customer()
    first, sending, meanwhile = revived(world, name), world.post.send_email, []
    assert world.opens(name, first)
    assert reset(world, name, first, confirm="anders") == "passwort-ungleich"

    def send(**mail: Any) -> dict[str, str]:
        meanwhile.append(reset(world, name, first, confirm="anders"))
        return sending(**mail)

    world.post.send_email = send  # type: ignore[method-assign]
    world.queue.waiting.append(world.queue.dead.pop())
    world.drain()
    assert meanwhile == ["link-ungueltig"]
    assert not world.opens(name, first)
    assert reset(world, name, world.mails(name)[-1].token or "") == ""


@pytest.mark.parametrize("status", ["desk", "customer"])
def test_a_late_job_does_not_revive_a_stopped_link(world: World, status: str) -> None:
    """R17: "not me" and the desk end a link for good, also for a job that was asked for in the same second."""
    name = world.customer()
    world.clock.at = int(world.clock.at) + 0.2
    link(world, name)
    world.service.forgot(world.request(), name)
    world.clock.at += 0.3
    world.service.not_me(world.request(), world.mails(name)[-1].stop)
    message = world.queue.due()
    assert message
    assert world.work({**message, "body": message["body"] | {"by": status}}) in ("superseded", "paused")
    assert world.slot(name).live(world.clock.at) == {}


def test_a_job_from_before_the_change_makes_no_link_after_it(world: World) -> None:
    """R17: asked twice, the second job late: the first mail's link was used, and no mail offers another change."""
    name = world.customer()
    token = link(world, name)
    world.clock.at += 60
    world.service.forgot(world.request(), name)
    world.clock.at += 20
    assert reset(world, name, token) == ""
    world.clock.at += 100
    world.drain()
    assert [mail.kind for mail in world.mails(name)] == ["reset", "changed"]
    assert world.slot(name).live(world.clock.at) == {}
    assert reset(world, name, link(world, name), "neuer") == ""  # whoever asks after the change gets a link


def test_two_presses_do_not_end_a_link_two_minutes_later(world: World) -> None:
    """R17: a job that meets another worker at the same account waits for it, not for the queue's next turn."""
    name = world.customer()
    for _ in range(2):
        world.service.forgot(world.request(), name)
    world.clock.at += 2
    first, second = (world.queue.take() for _ in range(2))
    assert first
    assert second
    pauses = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        world.delivery.resets.release(account_id(KEY, name), first["body"]["vorgang"])

    world.delivery.resets.claim(account_id(KEY, name), first["body"]["vorgang"], first["body"]["asked_at"], "x", 1800)
    world.delivery = replace(world.delivery, sleep=sleep)
    assert (world.work(second), pauses) == ("mailed", [0.2])


def test_a_restored_accounts_table_brings_no_session_back(world: World) -> None:
    """X34: its epochs are former ones again, but a session that a reset has ended stays dead."""
    name = world.customer()
    stolen = world.service.login(world.request(), {"username": name, "password": "alt", "keep_me_logged_in": "on"})
    backup = world.table("accounts").get({"id": account_id(KEY, name)})
    assert backup
    assert reset(world, name, link(world, name)) == ""
    world.real.create_table(
        TableName="accounts-restored",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    world.deploy(accounts_table="accounts-restored")
    world.table("accounts").put(backup)
    with pytest.raises(Problem, match="nicht-angemeldet"):
        world.service.session(stolen)
    fresh = world.service.login(world.request(), {"username": name, "password": "neu"})
    assert world.service.session(fresh)


@pytest.mark.parametrize("keep", [True, False])
def test_a_session_ends_when_idle_and_at_the_latest(world: World, keep: bool) -> None:
    """R51, X41: to the second, by the code's own check."""
    times = Sessions()
    idle, most = (times.kept_idle, times.kept_most) if keep else (times.idle, times.most)
    form = {"username": world.customer(), "password": "alt"} | ({"keep_me_logged_in": "on"} if keep else {})

    def alive(token: str) -> bool:
        try:
            return bool(world.service.session(token))
        except Problem:
            return False

    for pause, lives in ((idle - 1, True), (idle, False)):
        token, start = world.service.login(world.request(), form), int(world.clock.at)
        world.clock.at = start + pause
        assert alive(token) is lives
    token, start = world.service.login(world.request(), form), int(world.clock.at)
    while world.clock.at < start + most - idle:
        world.clock.at += idle - 5
        assert alive(token)
    world.clock.at = start + most - 1
    assert alive(token)
    world.clock.at = start + most
    assert not alive(token)


def test_a_session_ends_with_logout_on_the_server(world: World) -> None:
    """R49, R52: the id is dead afterwards, and each login has another."""
    form = {"username": world.customer(), "password": "alt"}
    first, second = (world.service.login(world.request(), form) for _ in range(2))
    assert first != second
    world.service.logout(first)
    with pytest.raises(Problem, match="nicht-angemeldet"):
        world.service.session(first)
    assert world.service.session(second)


def test_a_logout_while_the_session_is_read_leaves_nothing_of_it(world: World) -> None:
    """R49, R52, R92: moving the idle end on would write an item anew that has no end."""
    token = world.service.login(world.request(), {"username": world.customer(), "password": "alt"})
    table = world.service.sessions.table
    update = table.update

    def late(*given: Any) -> None:
        world.service.logout(token)
        update(*given)

    table.update = late  # type: ignore[method-assign,assignment]
    world.clock.at += 60
    with pytest.raises(Problem, match="nicht-angemeldet"):
        world.service.session(token)
    assert table.get({"pk": f"session#{digest(token)}"}) is None


def test_a_new_holder_of_an_address_inherits_no_session(world: World) -> None:
    """R27, X31: a removal that was broken off leaves sessions, and the new account begins beyond their epochs."""

    def imported() -> str:
        item = new_account(KEY, Row(1, name, status="active"), world.clock(), "test")
        world.table("accounts").put(item)
        world.table("passwords").put({"id": item["id"], "hash": "plain:alt"})
        return str(item["id"])

    name = world.customer()
    identity = imported()
    world.clock.at += 60
    assert reset(world, name, link(world, name), "mein") == ""
    former = world.service.login(world.request(), {"username": name, "password": "mein"})
    world.table("accounts").delete({"id": identity})
    world.clock.at += 60
    imported()
    assert reset(world, name, link(world, name)) == ""
    with pytest.raises(Problem, match="nicht-angemeldet"):
        world.service.session(former)


@pytest.mark.parametrize("meanwhile", ["reset", "removed"])
def test_a_login_that_was_overtaken_opens_no_session(
    world: World, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    """R27, R52: the hash may be read before a reset and the epoch after it; a session needs the hash that stands."""
    name = world.customer()
    token, key = link(world, name), {"id": account_id(KEY, name)}

    def torn(account: Any, secret: Any) -> list[Any]:
        (before,) = read_all(secret)
        if meanwhile == "reset":
            monkeypatch.setattr("reset.service.read_all", read_all)
            assert reset(world, name, token) == ""
        (after,) = read_all(account)
        if meanwhile == "removed":
            world.table("accounts").delete(key)
            world.table("passwords").delete(key)
        return [after, before]

    monkeypatch.setattr("reset.service.read_all", torn)
    with pytest.raises(Problem, match="anmeldung-fehlgeschlagen"):
        world.service.login(world.request(), {"username": name, "password": "alt"})
    assert world.secret(name) == ("neu" if meanwhile == "reset" else None)
    kept = world.real.scan(TableName=world.settings.resets_table, ConsistentRead=True)["Items"]
    assert not [item for item in kept if item["pk"]["S"].startswith("session#") and item["account"]["S"] == key["id"]]


def test_a_password_without_an_account_opens_nothing(world: World) -> None:
    """As after accounts were restored from a day before theirs: the same answer as for any wrong password."""
    name = world.customer()
    world.table("accounts").delete({"id": account_id(KEY, name)})
    with pytest.raises(Problem, match="anmeldung-fehlgeschlagen"):
        world.service.login(world.request(), {"username": name, "password": "alt"})


def test_a_login_keeps_the_password_at_todays_cost(world: World) -> None:
    """R41: in the write that starts the session."""

    class Dearer(PlainHasher):
        def hash(self, password: str) -> str:
            return f"plain:{password}:dearer"

        def needs_rehash(self, stored: str) -> bool:
            return not stored.endswith(":dearer")

        def verify(self, stored: str, password: str) -> bool:
            return stored.removesuffix(":dearer") == f"plain:{password}"

    class Meets(Dearer):
        """Whose owner logs in on another device while this one verifies."""

        def verify(self, stored: str, password: str) -> bool:
            world.table("passwords").put({"id": account_id(KEY, name), "hash": self.hash("alt")})
            return super().verify(stored, password)

    for hasher in (Dearer(), Meets()):
        name = world.customer()
        world.service = replace(world.service, hasher=hasher)
        session = world.service.login(world.request(), {"username": name, "password": "alt"})
        assert world.service.session(session)
        assert world.secret(name) == "alt:dearer"


def test_a_bounce_of_the_former_holders_mail_stops_nobody(world: World) -> None:
    """X31, R92: SES tells of it days later; the address has a new account by then, with a timeline of its own."""
    name, sent = world.customer(), world.clock.at - 3600
    key = {"id": account_id(KEY, name)}
    world.table("accounts").update(key, "SET created_at = :now", None, {"now": int(world.clock.at)})
    feedback = world.feedback()
    tags = {"account": [key["id"]], "vorgang": ["K7M-2QX-9RT"], "mail": ["reset"]}
    for at, stopped in ((sent, None), (world.clock.at + 60, "Permanent/General")):
        event = ses_event("bounce", tags, name, at, world.clock.at + 120)
        event["bounce"] |= {"bounceType": "Permanent", "bounceSubType": "General"}
        feedback.take(event)
        assert world.account(name).get("undeliverable") == stopped
        assert len([each for each in world.events(name) if each["name"] == "bounced"]) == bool(stopped)


def test_a_mail_is_told_although_its_links_ended_while_it_went_out(world: World) -> None:
    """R85: "not me" takes the slot between SES's yes and the worker's note; the desk must know of the mail."""
    name, sending = world.customer(), world.post.send_email
    link(world, name)
    stop = world.mails(name)[-1].stop

    def send(**mail: Any) -> dict[str, str]:
        world.service.not_me(world.request(), stop)
        return sending(**mail)

    world.post.send_email = send  # type: ignore[method-assign]
    world.service.forgot(world.request(), name)
    world.drain()
    told = [event["vorgang"] for event in world.events(name) if event["name"] == "mailed"]
    assert told == [mail.vorgang for mail in world.mails(name)]
    assert len(told) == 2


def test_a_late_job_leaves_no_trace_of_somebody_erased(world: World) -> None:
    """R92: SES refused the mail, and the desk removed the person before the next try."""
    name = world.customer()
    world.service.forgot(world.request(), name)
    identity = account_id(KEY, name)
    world.table("accounts").delete({"id": identity})
    for event in world.events(name):
        world.table("timeline").delete({"account": identity, "at": event["at"]})
    world.clock.at += 120
    world.drain()
    assert world.events(name) == []


def test_a_notice_brings_nothing_back_of_somebody_erased(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """R92: the record of the change went between the worker's look and its write."""
    table, key = world.table("resets"), {"pk": "changed#ABC-DEF-GHJ"}
    table.put(key | {"account": "one", "changed_at": 1, "ttl": 2})

    def look(at: dict[str, Any]) -> dict[str, Any] | None:
        found = Table.get(table, at)
        table.delete(at)
        return found

    monkeypatch.setattr(table, "get", look)
    with pytest.raises(BusyError):
        Changes(table, world.clock).claim("ABC-DEF-GHJ", "one")
    assert Table.get(table, key) is None


def test_nobody_changes_a_password_of_whom_no_mail_reaches(world: World) -> None:
    """R28: a stranger at the mailbox who calls our mail spam would else silence the notice of his change."""
    name = world.customer()
    token, key = link(world, name), {"id": account_id(KEY, name)}
    feedback = world.feedback()
    tags = {"account": [key["id"]], "vorgang": [world.mails(name)[-1].vorgang], "mail": ["reset"]}
    spam = ses_event("complaint", tags, name, world.clock.at, world.clock.at)
    feedback.take(spam)
    assert reset(world, name, token) == "link-ungueltig"
    lifted = {"now": int(world.clock.at) + 1}
    world.table("accounts").update(key, "SET lifted_at = :now REMOVE undeliverable", None, lifted)
    assert reset(world, name, token) == "link-ungueltig"
    world.clock.at += 2
    token = link(world, name)
    feedback.take(spam)  # told once more: it is older than the lifting
    assert reset(world, name, token) == ""
    world.table("accounts").update(key, "SET undeliverable = :why", None, {"why": "complained"})
    world.clock.at += 2
    world.drain()
    assert world.mails(name)[-1].kind == "changed"  # the stop came between the change and its notice


@pytest.mark.parametrize("kind", ["Send", *EVENTS])
def test_what_ses_tells_of_somebody_erased_leaves_no_trace(world: World, kind: str) -> None:
    """R92: it may come days after the desk has removed the account."""
    name = world.customer()
    link(world, name)
    mail, keys = world.mails(name)[-1], (account_id(KEY, name), Resets.key(account_id(KEY, name)))
    world.table("accounts").delete({"id": keys[0]})
    world.table("resets").delete(keys[1])
    before = world.events(name)
    feedback = world.feedback()
    tags = {"account": [mail.account], "vorgang": [mail.vorgang], "mail": [mail.kind]}
    assert feedback.take({"eventType": kind, "mail": {"tags": tags}}) == "foreign"
    assert world.events(name) == before
    assert [world.table("accounts").get({"id": keys[0]}), world.table("resets").get(keys[1])] == [None, None]


def test_a_job_that_fails_for_days_piles_no_digests_up(world: World) -> None:
    """R92: each try adds the digest of its own link, which may be out; those that have ended go."""
    name = world.customer()

    def away(**_: Any) -> None:
        raise refused("TooManyRequestsException", "send_email")

    world.post.send_email = away  # type: ignore[assignment, method-assign]
    world.service.forgot(world.request(), name)
    (job,) = [dict(each) for each in world.queue.waiting]
    for _ in range(3):
        world.drain()
        world.clock.at += 86400
        world.queue.waiting.append(dict(job, tries=0))
    world.work(world.queue.waiting.pop())
    assert len(world.slot(name).links) == 1
    assert world.slot(name).older == {}


def test_what_ses_tells_of_a_mail_that_is_marked_changes_nothing(world: World) -> None:
    """R85: the order of nearly every mail; a job that comes twice then tells of no second one."""
    name, feedback = world.customer(), world.feedback()
    world.service.forgot(world.request(), name)
    (job,) = [dict(each) for each in world.queue.waiting]
    world.drain()
    tags = {"account": [account_id(KEY, name)], "vorgang": [job["body"]["vorgang"]], "mail": ["reset"]}
    assert feedback.take({"eventType": "Send", "mail": {"tags": tags}}) == "ignored"
    world.queue.waiting.append(dict(job, tries=0))
    world.drain()
    assert [event["name"] for event in world.events(name) if event["name"] == "mailed"] == ["mailed"]


def test_a_slot_is_given_up_only_by_its_own_request(world: World) -> None:
    """R92, R17: of somebody erased meanwhile nothing comes back; a newer request's mail is not disturbed."""
    account, resets = account_id(KEY, world.customer()), world.delivery.resets
    resets.release(account, "gone")
    assert world.table("resets").get(resets.key(account)) is None
    resets.claim(account, "newer", int(world.clock.at * 1000), "t" * 43, 1800)
    held = world.table("resets").get(resets.key(account))
    resets.release(account, "older")
    assert world.table("resets").get(resets.key(account)) == held


def test_a_notice_that_waited_among_the_dead_letters_is_mailed(world: World) -> None:
    """R28: a day on the queue and 14 dead; its proof must be there as long, and belong to the job's account."""
    name, other = world.customer(), world.customer()
    assert reset(world, name, link(world, name)) == ""
    (notice,) = world.queue.waiting
    proof = world.table("resets").get({"pk": f"changed#{notice['body']['vorgang']}"})
    assert proof
    assert proof["ttl"] > world.clock.at + 15 * 86400
    world.clock.at += 15 * 86400
    forged = notice["body"] | {"account": account_id(KEY, other)}
    assert world.delivery.run(forged) == "unchanged"
    world.drain()
    assert [world.mails(each)[-1].kind if world.mails(each) else "" for each in (name, other)] == ["changed", ""]


def test_a_notice_that_outlived_its_proof_is_no_silent_loss(world: World) -> None:
    """R28: moved back in vain, it has 14 days more among the dead letters; it stays one."""
    name = world.customer()
    assert reset(world, name, link(world, name)) == ""
    (notice,) = world.queue.waiting
    world.table("resets").delete({"pk": f"changed#{notice['body']['vorgang']}"})
    world.clock.at += 17 * 86400
    world.drain()
    assert [job["body"] for job in world.queue.dead] == [notice["body"]]


def test_not_me_ends_after_the_retention(world: World) -> None:
    """R15: its link, too, is checked by the code."""
    name = world.customer()
    link(world, name)
    stop, start = world.mails(name)[-1].stop, int(world.clock.at)
    world.clock.at = start + world.settings.retention_days * 86400 + 5
    with pytest.raises(Problem, match="link-ungueltig"):
        world.service.not_me(world.request(), stop)


def test_an_unknown_address_gets_no_mail(world: World) -> None:
    """R04, X29."""
    world.service.forgot(world.request(), "niemand@example.org")
    world.drain()
    assert world.post.out == []
    assert {event["name"] for event in world.events("niemand@example.org")} >= {"asked", "unknown"}


def test_the_desk_ends_every_link_even_while_a_worker_makes_one(world: World) -> None:
    """R17, R95: locking and unlocking kill the live link, the older one, and the one that is about to be written."""
    name, desk = world.customer(), SimpleNamespace(resets=world.table("resets"), now=world.clock)
    account = account_id(KEY, name)
    first = link(world, name)
    transact(world.real, ("Update", ending(desk, account)))  # type: ignore[arg-type]
    assert world.slot(name).live(world.clock.at) == {}
    assert reset(world, name, first) == "link-ungueltig"

    second = link(world, name)
    world.service.forgot(world.request(), name)
    resets, put = world.delivery.resets, world.delivery.resets.table.put

    def interrupted(*given: Any) -> None:
        resets.table.put = put  # type: ignore[method-assign]
        transact(world.real, ("Update", ending(desk, account)))  # type: ignore[arg-type]
        put(*given)

    resets.table.put = interrupted  # type: ignore[method-assign]
    message = world.queue.due()
    assert message
    assert world.work(message) == "superseded"
    assert world.slot(name).live(world.clock.at) == {}
    assert reset(world, name, second) == "link-ungueltig"


@pytest.mark.parametrize("dies", [True, False], ids=["worker dies", "worker is slower than SES"])
def test_a_mail_that_ses_told_of_first_is_one_event(world: World, dies: bool) -> None:
    """X42: the desk would say "not sent" of a mail that arrived, or count it twice; a notice, too, comes once."""
    feedback = world.feedback()
    sending, name = world.post.send_email, world.customer()

    def send(**mail: Any) -> dict[str, str]:
        answer = sending(**mail)
        tags = {tag["Name"]: [tag["Value"]] for tag in mail["EmailTags"]}
        assert feedback.take({"eventType": "Send", "mail": {"tags": tags}}) == "sent"
        if dies:
            raise Killed
        return answer

    world.post.send_email = send  # type: ignore[method-assign]
    world.service.forgot(world.request(), name)
    world.drain()
    (mail,) = world.mails(name)
    (mailed,) = (event for event in world.events(name) if event["name"] == "mailed")
    assert stamp(mail.sent_at - 1) < mailed["at"] < stamp(mail.sent_at + 1)
    assert (mailed["mail"], mailed["domain"]) == ("reset", "example.org")
    assert world.opens(name, mail.token or "")
    assert not reset(world, name, mail.token or "")
    world.drain()
    assert [each.kind for each in world.mails(name)] == ["reset", "changed"]
    assert [each["mail"] for each in world.events(name) if each["name"] == "mailed"] == ["reset", "changed"]
