"""The account that a command is about; where there is none, the near ones are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reset.accounts import Account, Accounts

from .desk import username_of
from .faults import DeskError, not_done, not_found
from .near import near

if TYPE_CHECKING:
    from .desk import Desk


def known(desk: Desk, address: str, why: str | None) -> Account:
    """The account of *address*; where there is none, a recorded look-up and a sentence with near addresses."""
    username = username_of(address)
    account = Accounts.read(desk.accounts.get({"id": desk.id(username)}))
    if account is None:
        desk.log(desk.id(username), "Auskunft", why)
        close = near(desk, username)
        hint = f" Ähnliche bekannte Adressen: {', '.join(close)}" if close else ""
        raise not_found(f"Zu {username} gibt es kein Konto.{hint}")
    return account


def refused(desk: Desk, account: Account, why: str | None, sentence: str) -> DeskError:
    """What the account's state does not allow: told, and recorded as the look-up that it is."""
    desk.log(account.id, "Auskunft", why)
    return not_done(sentence)
