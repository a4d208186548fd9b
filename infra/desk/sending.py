"""`desk send`: a reset started on the phone. The mail goes to the stored address; nobody at the desk sees the link."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Any

from reset.delivery import MAILS
from reset.resets import Resets
from reset.slot import Slot
from reset.table import ConditionFailedError
from reset.vorgang import new_vorgang

from .known import known, refused
from .sentences import subject
from .stops import stopped

if TYPE_CHECKING:
    from reset.accounts import Account

    from .desk import Desk


def send(desk: Desk, address: str, why: str | None) -> dict[str, Any]:
    """Sends what fits the account's state, whatever the customer's limit and pause say."""
    account = known(desk, address, why)
    must_reach(desk, account, why)
    vorgang = new_vorgang()
    start(desk, account, "E-Mail geschickt", why, vorgang)
    if account.status == "invited":
        mark(desk, account, vorgang)  # `desk invite --all` need not send it again
    return {"address": account.username, "vorgang": vorgang, "subject": subject(account, MAILS[account.status])}


def mark(desk: Desk, account: Account, vorgang: str, at: int | None = None) -> bool:
    """Makes *vorgang* the person's invitation; False where they are no longer invited, or were again since *at*."""
    key, condition = {"id": account.id}, "#status = :invited"
    values = {"now": int(desk.now()), "vorgang": vorgang, "one": 1, "invited": "invited"}
    if at is not None:
        condition += " AND (attribute_not_exists(invited_at) OR invited_at = :at)"
        values["at"] = at
    change = "SET invited_at = :now, invitation = :vorgang ADD invitations :one"
    try:
        desk.accounts.update(key, change, condition, values)
    except ConditionFailedError:
        # it is ours where the answer got lost and the client library asked again
        return (desk.accounts.get(key) or {}).get("invitation") == vorgang
    return True


def must_reach(desk: Desk, account: Account, why: str | None) -> None:
    """Raises DeskError where the address gets no mail at all."""
    if account.undeliverable:
        raise refused(
            desk,
            account,
            why,
            f"An {account.username} geht keine E-Mail: {stopped(account.undeliverable)}."
            f" Erst aufheben: desk unsuppress {quote(account.username)} --reason …",
        )


def start(desk: Desk, account: Account, what: str, why: str | None, vorgang: str) -> None:
    """Records the job and puts it on the worker's queue."""
    desk.log(account.id, what, why, vorgang)
    desk.timeline.add(account.id, vorgang, "asked", by="desk")
    last = Slot.read(desk.resets.get(Resets.key(account.id))).asked_at  # by another clock, a little ahead of this one
    desk.queue.ask(account.id, vorgang, max(int(desk.now() * 1000), last + 1), by="desk")
