"""What the desk says hangs on what is true now: which link opens, whose password it is."""

from typing import Any

import pytest

from infra.desk.case import Case
from infra.desk.history import Event
from infra.desk.verdict import verdict
from reset.accounts import Account

START = 1_800_000_000.0
FACTS = {"link_minutes": 30, "retention_days": 14, "sender_address": "a@example.org", "subject_prefix": "[Test]"}


def case(*events: tuple[float, str, dict[str, Any]], now: float, **changed: Any) -> Case:
    """A case of an active customer; each event with its minutes after START."""
    account = Account(**{"id": "x", "status": "active", "epoch": 1, **CUSTOMER, **changed})
    told = [
        Event(START + 60 * minute, f"V{number}", name, **more) for number, (minute, name, more) in enumerate(events)
    ]
    return Case(account, {}, tuple(told), START + 60 * now, FACTS)


CUSTOMER = {"username": "k@example.org", "address": "k@example.org", "name": "", "language": "de"}
ASKED: list[tuple[float, str, dict[str, Any]]] = [(0, "asked", {}), (0.1, "mailed", {"mail": "reset"})]
LOCK, UNLOCK = (("desk", {"detail": detail}) for detail in ("gesperrt", "entsperrt"))
DAY = 24 * 60


def mailed(*rest: tuple[float, str, dict[str, Any]], now: float, **changed: Any) -> Case:
    """The same after one mail with a link, all under one Vorgangsnummer."""
    found = case(*ASKED, *rest, now=now, **changed)
    first = [Event(event.at, "V0", event.name, mail=event.mail) for event in found.events[:2]]
    return Case(found.account, {}, (*first, *found.events[2:]), found.now, FACTS)


def test_a_link_that_a_lock_ended_is_not_said_to_be_valid() -> None:
    told = verdict(mailed((1, *LOCK), (2, *UNLOCK), now=3))
    assert told.code == "im-spam-suchen"
    assert "gilt bis" not in told.sentence
    assert "gilt nicht mehr" in told.sentence
    tried = verdict(mailed((1, *LOCK), (2, *UNLOCK), (3, "refused", {"detail": "link-ungueltig"}), now=4))
    assert tried.code == "link-beendet"


@pytest.mark.parametrize("end", ["changed", "not-me"])
def test_a_link_that_was_used_or_reported_does_not_count_after_a_limited_request(end: str) -> None:
    told = verdict(mailed((1, end, {}), (2, "asked", {}), (2, "limited", {}), now=3))
    assert "es gilt der Link" not in told.sentence


def test_the_desks_own_link_counts_while_the_pause_goes_on() -> None:
    """After "not me" the desk sent one; the customer asks once more and gets nothing."""
    sent = [(2.0, "asked", {"by": "desk"}), (2.1, "mailed", {"mail": "reset"})]
    now = case((1, "not-me", {}), *sent, (3, "asked", {}), now=4, paused_until=int(START + 60 * DAY))
    events = (*now.events, Event(now.events[-1].at, now.events[-1].vorgang, "paused"))
    told = verdict(Case(now.account, {}, events, now.now, FACTS))
    assert told.code == "pausiert"
    assert "es gilt der Link" in told.sentence
    assert "behoben" not in told.sentence


@pytest.mark.parametrize(
    ("since", "foreign"),
    [(-3 * DAY, True), (60, True), (3 * DAY, False), (None, False)],
    ids=["in a mail from before the change", "soon after it", "in a mail of days later", "never"],
)
def test_a_password_that_its_owner_reported_is_a_strangers(since: int | None, foreign: bool) -> None:
    """Whatever a stranger asks for meanwhile, and also when the events have gone."""
    stored = {"changed_at": int(START)} | ({} if since is None else {"reported_since": int(START + 60 * since)})
    pressed = case((0, "changed", {}), (9, "not-me", {}), now=10, paused_until=int(START + 60 * DAY))
    told = verdict(Case(pressed.account, stored, pressed.events, pressed.now, FACTS))
    assert told.code == "nicht-ich"
    assert ("desk lock" in told.advice) is foreign
    assert ("Ihr bisheriges Passwort gilt weiter" in told.sentence) is not foreign
    for events in (pressed.events, ()):
        later = Case(case(now=0).account, stored, events, START + 86400 * 20, FACTS)
        assert later.taken_over is foreign
        assert (verdict(later).code == "nicht-ich") is foreign
