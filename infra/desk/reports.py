"""`desk reported`: who pressed "Das war ich nicht", newest first; the desk's list for every morning."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any

from reset.clock import german_time

from .case import taken_over
from .history import kept, ordered
from .reading import get_many, scan

if TYPE_CHECKING:
    from .desk import Desk

WANTED = "id, username, #status, changed_at, reported_since, password_gone_at"


@dataclass(frozen=True)
class Report:
    """The newest press of one person; *foreign* where the password may be a stranger's and nobody has locked yet."""

    address: str
    at: float
    vorgang: str
    foreign: bool

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Time, address, number and what to do, for people."""
        todo = f"Passwort kann fremd sein: desk status {quote(self.address)}" if self.foreign else ""
        return german_time(self.at).replace(" um ", " "), self.address, self.vorgang, todo


def reports(desk: Desk) -> list[Report]:
    """Everybody of the retention time whose account is still there; reads the whole timeline."""
    pressed = ordered(kept(desk, scan(desk.events, "#name = :name", {"name": "not-me"})))
    newest = {event.account: event for event in pressed}
    found = [
        _report(item, newest[item["id"]]) for item in get_many(desk.accounts, [{"id": each} for each in newest], WANTED)
    ]
    return sorted(found, key=lambda each: -each.at)


def _report(item: dict[str, Any], event: Any) -> Report:
    foreign = taken_over(item) and item["status"] != "locked"
    return Report(str(item["username"]), event.at, event.vorgang, foreign)
