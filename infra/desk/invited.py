"""How far each invited person is: what `desk invite` shows, and who is next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reset.accounts import Account, Accounts
from reset.clock import german_time

from .history import kept, of_account, ordered
from .reading import scan

if TYPE_CHECKING:
    from collections.abc import Iterable

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
