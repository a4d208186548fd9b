"""`desk invite`: "finish your registration", to one person or in waves."""

from __future__ import annotations

import time
from shlex import quote
from typing import TYPE_CHECKING, Any

from reset.accounts import Account, Accounts
from reset.vorgang import new_vorgang

from .faults import not_done
from .known import refused
from .sending import mark, must_reach, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .desk import Desk
    from .invited import Person


def invite(desk: Desk, account: Account, why: str | None) -> str:
    """Invites one person."""
    if account.status != "invited":
        open_way = f"ist aktiv und braucht keine Einladung. Einen Link schickt: desk send {quote(account.username)}"
        done = "ist gesperrt." if account.status == "locked" else open_way
        raise refused(desk, account, why, f"{account.username} {done}")
    must_reach(desk, account, why)
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
    """Marks, then mails: of two clerks one does it, the other gets None.

    Broken off in between a mail may be out or not; if not, the person is `unsent` after a while.
    """
    vorgang = new_vorgang()
    if not mark(desk, account, vorgang, int(stored.get("invited_at", 0))):
        return None
    start(desk, account, "eingeladen", why, vorgang)
    return vorgang
