"""`desk invite`: "finish your registration", to one person or in waves, with a state per person."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reset.accounts import Account, Accounts
from reset.clock import german_time
from reset.table import ConditionFailedError
from reset.vorgang import new_vorgang

from .faults import not_done
from .history import kept, of_account, ordered
from .known import refused
from .reading import scan
from .sending import start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .desk import Desk

STATES = {
    "new": "nicht eingeladen",
    "unsent": "eingeladen, aber nichts verschickt",
    "mailed": "eingeladen",
    "delivered": "zugestellt",
    "refused": "zuletzt nicht zugestellt",
    "bounced": "bekommt nichts mehr: unzustellbar oder als Spam gemeldet",
    "paused": "pausiert nach „Das war ich nicht“",
    "locked": "gesperrt",
    "done": "abgeschlossen",
}
TRIES = 15 * 60  # seconds in which the worker makes its tries; a job that still comes after a new one is overtaken
MAILED = ("mailed", "delivered", "bounced")


@dataclass(frozen=True)
class Person:
    """One invited person; *at* is when the last invitation went out, 0 for never."""

    account: Account
    state: str
    at: int = 0
    times: int = 0

    @property
    def row(self) -> tuple[str, str, str]:
        """Address, state and time for people."""
        return self.account.username, STATES[self.state], german_time(self.at).replace(" um ", " ") if self.at else ""


def people(desk: Desk) -> list[Person]:
    """Everybody who is or was invited, by address."""
    told = _told(desk)
    found = (_person(desk, item, told) for item in scan(desk.accounts))
    return sorted((each for each in found if each), key=lambda each: each.account.username)


def person(desk: Desk, account: Account) -> Person | None:
    """How far one person is; None for somebody who never was invited."""
    told: dict[str, set[str]] = {}
    for event in of_account(desk, account.id):
        told.setdefault(event.vorgang, set()).add(event.name)
    return _person(desk, desk.accounts.get({"id": account.id}) or {}, told)


def chosen(people: Iterable[Person], *, remind: bool, before: float) -> list[Person]:
    """Who gets a mail now: who never had one; with *remind* also those invited earlier than *before*."""
    first = ("new", "unsent")
    return [each for each in people if each.state in first or (remind and _waits(each) and each.at <= before)]


def _waits(person: Person) -> bool:
    return person.state in ("mailed", "delivered", "refused")


def invite(desk: Desk, account: Account, why: str | None) -> str:
    """Invites one person."""
    if account.status != "invited":
        open_way = f"ist aktiv und braucht keine Einladung. Einen Link schickt: desk send {account.username}"
        done = "ist gesperrt." if account.status == "locked" else open_way
        raise refused(desk, account, why, f"{account.username} {done}")
    vorgang = _once(desk, account, desk.accounts.get({"id": account.id}) or {}, why)
    if vorgang is None:
        raise not_done(f"{account.username} wurde in diesem Augenblick anderswo eingeladen oder geändert.")
    return vorgang


def in_waves(
    desk: Desk, people: Iterable[Person], rate: int, why: str | None, sleep: Callable[[float], None] = time.sleep
) -> Iterator[tuple[Person, str]]:
    """Invites one after the other, at most *rate* a minute; leaves out who needs no invitation by then."""
    for number, person in enumerate(people):
        if number:
            sleep(60 / rate)
        stored = desk.accounts.get({"id": person.account.id}) or {}
        account = Accounts.read(stored or None)
        if account is None or account.status != "invited" or int(stored.get("invited_at", 0)) != person.at:
            continue
        if account.undeliverable or account.paused_until > desk.now():
            continue
        if vorgang := _once(desk, account, stored, why):
            yield person, vorgang


def _once(desk: Desk, account: Account, stored: dict[str, Any], why: str | None) -> str | None:
    """Marks, then mails: of two clerks one does it, the other gets None. What breaks off in between is unmarked.

    Where that fails, too, nothing is ever mailed, and the person is `unsent` after a while.
    """
    key, vorgang = {"id": account.id}, new_vorgang()
    before = {"at": int(stored.get("invited_at", 0)), "invitation": str(stored.get("invitation", "-"))}
    marking = "SET invited_at = :{at}, invitation = :{invitation} ADD invitations :one"
    unseen = "(attribute_not_exists(invited_at) OR invited_at = :at)"
    values = {"now": int(desk.now()), "vorgang": vorgang, "one": 1, "at": before["at"], "invited": "invited"}
    mark = marking.format(at="now", invitation="vorgang")
    try:
        desk.accounts.update(key, mark, f"#status = :invited AND {unseen}", values)
    except ConditionFailedError:
        if (desk.accounts.get(key) or {}).get("invitation") != vorgang:
            return None  # it is ours where the answer got lost and the client library asked again
    try:
        start(desk, account, "eingeladen", why, vorgang)
    except BaseException:
        undo = marking.format(at="at", invitation="invitation")
        desk.accounts.update(key, undo, "invitation = :mine", {**before, "mine": vorgang, "one": -1})
        raise
    return vorgang


def _person(desk: Desk, item: dict[str, Any], told: dict[str, set[str]]) -> Person | None:
    account, at, now = Accounts.read(item or None), int(item.get("invited_at", 0)), desk.now()
    if account is None or (account.status != "invited" and not at):
        return None
    state = "mailed" if at else "new"
    fate = told.get(str(item.get("invitation")), set())
    if account.status != "invited":
        state = "locked" if account.status == "locked" else "done"
    elif account.undeliverable:
        state = "bounced"
    elif account.paused_until > now:
        state = "paused"
    elif fate & {"bounced", "delivered"}:
        state = "refused" if "bounced" in fate else "delivered"
    elif at and "mailed" not in fate and TRIES < now - at < desk.timeline.days * 86400:  # older events are gone
        state = "unsent"
    return Person(account, state, at, int(item.get("invitations", 0)))


def _told(desk: Desk) -> dict[str, set[str]]:
    """What became of mails, by Vorgangsnummer."""
    told: dict[str, set[str]] = {}
    wanted = " OR ".join(f"#name = :{name}" for name in MAILED)
    for event in ordered(kept(desk, scan(desk.events, wanted, {name: name for name in MAILED}))):
        told.setdefault(event.vorgang, set()).add(event.name)
    return told
