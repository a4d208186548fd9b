"""`desk domains`: how mails fare at each recipient domain; the one that swallows them stands on top."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .case import LINKS
from .history import Event, kept, ordered
from .reading import get_many, scan

if TYPE_CHECKING:
    from .desk import Desk


SIMULATOR = "simulator.amazonses.com"  # the canary's: it takes every mail, and nobody opens one


@dataclass
class Domain:
    """One domain's figures; *delays* in seconds, *lost* are the link mails that were accepted and never opened."""

    name: str
    asked: int = 0
    mailed: int = 0
    delivered: int = 0
    opened: int = 0
    bounced: int = 0
    late: int = 0
    delays: list[float] = field(default_factory=list)
    lost: list[Event] = field(default_factory=list)
    troubled: list[Event] = field(default_factory=list)

    @property
    def swallowed(self) -> float:
        """How surely mails vanish: the lower end of Wilson's interval, so that one lost mail proves little."""
        lost, n, z = len(self.lost), len(self.lost) + self.opened, 1.96
        if not n:
            return 0.0
        p = lost / n
        return (p + z * z / (2 * n) - z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)

    def delay(self, share: float) -> float | None:
        """The delay that this *share* of the mails did not exceed."""
        delays = sorted(self.delays)
        return delays[min(len(delays) - 1, math.ceil(share * len(delays)) - 1)] if delays else None


def domains(desk: Desk) -> list[Domain]:
    """All domains, the worst first. Reads the whole timeline: a report, not a look-up."""
    people: dict[str, list[Event]] = defaultdict(list)
    for event in ordered(kept(desk, scan(desk.events))):
        people[event.account].append(event)
    where = _where(desk, people)
    found: dict[str, Domain] = {}
    lifetime = int(desk.facts["link_minutes"]) * 60
    for account, events in people.items():
        if name := where.get(account):
            count(found.setdefault(name, Domain(name)), events, desk.now(), lifetime)
    used = [each for each in found.values() if each.name != SIMULATOR and (each.asked or each.mailed)]
    return sorted(used, key=lambda each: (-each.swallowed, -each.bounced, -each.late, each.name))


def _where(desk: Desk, people: dict[str, list[Event]]) -> dict[str, str]:
    """Each account's domain: from its events, else from the account; an address without account has none."""
    where = {
        account: domain
        for account, events in people.items()
        if (domain := next((event.domain for event in events if event.domain), None))
    }
    rest = [{"id": account} for account in people if account not in where]
    return where | {
        item["id"]: item["domain"] for item in get_many(desk.accounts, rest, "id, #domain") if "domain" in item
    }


def count(domain: Domain, events: list[Event], now: float, lifetime: int) -> None:
    """Adds one person's events; a link that is still valid, or that a newer one replaced, is not lost (seconds)."""
    domain.asked += sum(event.name == "asked" for event in events)
    mails = [event for event in events if event.name == "mailed"]
    domain.mailed += len(mails)
    opened = _opened(events)
    domain.opened += len(opened)
    for mail in mails:
        told = {event.name: event for event in reversed(events) if event.vorgang == mail.vorgang}
        theirs = [told[name] for name in ("bounced", "delayed") if name in told and not told[name].ours]
        domain.bounced += any(event.name == "bounced" for event in theirs)
        domain.late += any(event.name == "delayed" for event in theirs)
        domain.troubled += theirs
        if "delivered" in told:
            domain.delivered += 1
            domain.delays.append(max(0.0, told["delivered"].at - mail.at))
            end = mail.at + lifetime
            replaced = any(each.mail in LINKS and mail.at < each.at < end for each in mails)
            if mail.mail in LINKS and mail not in opened and end < now and not replaced:
                domain.lost.append(mail)


def _opened(events: list[Event]) -> list[Event]:
    """The link mails that were opened: only the right link gets as far as a refused or a changed password."""
    opened, newest = [], None
    for event in events:
        if event.name == "mailed" and event.mail in LINKS:
            newest = event
        used = event.name == "changed" or (event.name == "refused" and event.detail != "link-ungueltig")
        if used and newest and newest not in opened:
            opened.append(newest)
    return opened
