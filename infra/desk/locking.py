"""`desk lock` and `desk unlock`: account, live link, sessions and record change together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reset.resets import Resets
from reset.table import ConditionFailedError, transact
from reset.vorgang import new_vorgang

from .case import GONE, LOCKS, taken_over
from .faults import not_done
from .known import known, refused

if TYPE_CHECKING:
    from reset.accounts import Account
    from reset.table import Operation

    from .desk import Desk


def lock(desk: Desk, address: str, why: str) -> dict[str, Any]:
    """Locks: no log-in, no link, all sessions over."""
    account = known(desk, address, why)
    if account.status == "locked":
        raise refused(desk, account, why, f"{account.username} ist schon gesperrt.")
    values = {"locked": "locked", "was": account.status, "why": why, "now": int(desk.now()), "epoch": account.epoch}
    change = desk.accounts.updating(
        {"id": account.id},
        "SET #status = :locked, locked_from = :was, locked_at = :now, lock_reason = :why, epoch = :next",
        "#status = :was AND epoch = :epoch",
        values | {"next": account.epoch + 1},
    )
    vorgang = write(desk, account, LOCKS[0], why, change)
    return {"address": account.username, "vorgang": vorgang, "status": "locked", "was": account.status}


def unlock(desk: Desk, address: str, why: str) -> dict[str, Any]:
    """Unlocks: back to what the account was; links from before the lock stay dead."""
    account = known(desk, address, why)
    if account.status != "locked":
        raise refused(desk, account, why, f"{account.username} ist nicht gesperrt.")
    stored = desk.accounts.get({"id": account.id}) or {}
    status = stored.get("locked_from") or ("active" if "changed_at" in stored else "invited")
    foreign = taken_over(stored)
    # Or whoever had set it could log in again.
    gone = [("Delete", desk.passwords.deleting({"id": account.id}))] if foreign else []
    marked = {"gone": int(desk.now() * 1000)} if foreign else {}
    change = desk.accounts.updating(
        {"id": account.id},
        f"SET #status = :status{f', {GONE} = :gone' if foreign else ''} REMOVE locked_from, locked_at, lock_reason",
        "#status = :locked AND epoch = :epoch",
        {"status": status, "locked": "locked", "epoch": account.epoch} | marked,
    )
    vorgang = write(desk, account, LOCKS[1], why, change, *gone)
    answer = {"address": account.username, "vorgang": vorgang, "status": status, "was": "locked"}
    return answer | {"taken_over": foreign}


def ending(desk: Desk, account: str) -> Operation:
    """Ends the live link. It touches no digest, so that the desk's role needs no right that could plant a link."""
    now = int(desk.now())
    return desk.resets.updating(
        Resets.key(account),
        "SET voided_at = :now, asked_at = :asked, mailed_at = :now, vorgang = :none, expires_at = :past, #ttl = :ttl"
        " REMOVE sending_until",
        None,
        {"now": now, "asked": int(desk.now() * 1000), "none": "-", "past": 0, "ttl": now + 86400},
    )


def write(desk: Desk, account: Account, what: str, why: str, change: Operation, *more: tuple[str, Operation]) -> str:
    """Changes the account, ends its links and records that, all or nothing; returns the record's Vorgangsnummer."""
    vorgang = new_vorgang()
    both = ("Update", change), ("Update", ending(desk, account.id))
    try:
        transact(desk.accounts.client, *both, ("Put", desk.logging(account.id, what, why, vorgang)), *more)
    except ConditionFailedError:
        raise not_done(
            f"{account.username} wurde in diesem Augenblick anderswo geändert. Noch einmal versuchen."
        ) from None
    return vorgang
