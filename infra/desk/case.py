"""One caller's case: the account, its events, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reset.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reset.accounts import Account

    from .history import Event

LINKS = ("reset", "finish")
ENDS, LOCKS, LIFTED = ("changed", "not-me"), ("gesperrt", "entsperrt"), "Zustellsperre aufgehoben"
GONE = "password_gone_at"  # in milliseconds, with the account until its next change


@dataclass(frozen=True)
class Case:
    """*stored* is the account's item as it stands; *events* are in order."""

    account: Account | None
    stored: Mapping[str, Any]
    events: tuple[Event, ...]
    now: float
    facts: Mapping[str, Any]

    def named(self, *names: str) -> list[Event]:
        """The events of these kinds, oldest first."""
        return [event for event in self.events if event.name in names]

    def last(self, *names: str) -> Event | None:
        """The newest event of these kinds."""
        return next(reversed(self.named(*names)), None)

    @cached_property
    def request(self) -> Event | None:
        """The newest request for a link."""
        return self.last("asked")

    @cached_property
    def link_mails(self) -> list[Event]:
        """The mails that held a link, oldest first."""
        return [event for event in self.named("mailed") if event.mail in LINKS]

    @cached_property
    def mail(self) -> Event | None:
        """The newest of them."""
        return self.link_mails[-1] if self.link_mails else None

    @cached_property
    def reply(self) -> Event | None:
        """The newest mail that answered a request; the notice of a change, which may be late, does not."""
        return next((event for event in reversed(self.named("mailed")) if event.mail != "changed"), None)

    @cached_property
    def replaced(self) -> list[Event]:
        """The mails that arrived, or may have, and whose links the newest one replaced while they were still valid."""
        newest = self.mail
        since = self.ended.at if self.ended else 0.0
        if newest is None:
            return []
        return [
            each
            for each in self.link_mails[:-1]
            if each.at > since and newest.at - each.at < self.lifetime and not self.lost(each)
        ]

    def lost(self, mail: Event) -> bool:
        """Whether a mail surely arrived nowhere."""
        fate = self.fate(mail)
        return fate is not None and fate.name in ("bounced", "rejected")

    @property
    def lifetime(self) -> int:
        """Seconds that a link is valid."""
        return int(self.facts["link_minutes"]) * 60

    def expires(self, mail: Event) -> float:
        """When the link in a mail ends."""
        return mail.at + self.lifetime

    @cached_property
    def ended(self) -> Event | None:
        """What last ended every link before its time: a change, "not me", the desk's lock or unlocking, a stop of mail.

        Of a stop only its lifting counts: until then no rule asks for links.
        """
        desk = (*LOCKS, LIFTED)
        ends = [each for each in self.events if each.name in ENDS or (each.name == "desk" and each.detail in desk)]
        return ends[-1] if ends else None

    def live(self, mail: Event) -> bool:
        """Whether the link in *mail*, the newest, opens the account now."""
        ended = self.ended is not None and self.ended.at >= mail.at
        return self.now < self.expires(mail) and not ended and not self.used_up(mail)

    def used_up(self, mail: Event) -> bool:
        """Whether the right link was tried as often as one may be: each time a password of it was refused."""
        tries = [each for each in self.named("refused") if each.at >= mail.at and each.detail != "link-ungueltig"]
        return len(tries) >= Limits().tries_per_link

    @cached_property
    def refusal(self) -> Event | None:
        """The last refused try since the newest mail, if nothing was changed after it."""
        refused = self.last("refused")
        since = max((each.at for each in (self.mail, self.last("changed")) if each), default=0.0)
        return refused if refused and refused.at >= since else None

    @cached_property
    def taken_over(self) -> bool:
        """Whether its owner disowned the password of now."""
        return taken_over(self.stored)

    @cached_property
    def password_gone(self) -> bool:
        """Whether there is no password: unlocking took away a stranger's."""
        return GONE in self.stored

    def arrival(self, mail: Event) -> Event | None:
        """That the receiving server took a mail."""
        return next((each for each in self._told(mail) if each.name == "delivered"), None)

    def fate(self, mail: Event) -> Event | None:
        """What became of a mail: the last word of the receiving server, in whatever order it was told."""
        told = self._told(mail)
        final = [each for each in told if each.name in ("delivered", "bounced", "complained", "rejected")]
        late = [each for each in told if each.name == "delayed"]
        return next(reversed(final or late), None)

    def _told(self, mail: Event) -> list[Event]:
        return [each for each in self.events if each.vorgang == mail.vorgang and (each.mail or mail.mail) == mail.mail]


def taken_over(stored: Mapping[str, Any]) -> bool:
    """Whether "not me" was pressed after the last change, in a mail that is no more than a day younger than it."""
    changed, since = stored.get("changed_at"), stored.get("reported_since")
    if GONE in stored or changed is None or since is None:
        return False
    return int(since) - 86400 <= int(changed)
