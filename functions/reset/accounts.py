"""Who may log in: the accounts table. It knows addresses; the table of password hashes is another one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from .keys import keyed_hash
from .table import Item, Operation, Table

Status = Literal["invited", "active", "locked"]


@dataclass(frozen=True)
class Standing:
    """What decides about a password. *epoch* rises with each new one and each "not me", and ends all older sessions.

    Reset and login read no more of an account: the less an answer holds, the less its time tells (R47).
    """

    id: str
    status: Status
    epoch: int

    @property
    def may_reset(self) -> bool:
        """Whether a link may set this account's password: never a locked one (OWASP, R07)."""
        return self.status in ("active", "invited")


@dataclass(frozen=True)
class Account(Standing):
    """One customer."""

    username: str
    address: str
    name: str
    language: str
    paused_until: int = 0
    undeliverable: str | None = None

    @property
    def domain(self) -> str:
        """The mail domain, for the desk's figures."""
        return self.address.rpartition("@")[2]


STANDING = tuple(Standing.__dataclass_fields__)


def account_id(key: bytes, username: str) -> str:
    """The keyed hash that stands for *username* in every other table, on the queue and in the log."""
    return keyed_hash(key, "account", username)


class Accounts:
    """The accounts table; only this file and the service desk's commands know its attributes."""

    def __init__(self, table: Table, now: Callable[[], float]) -> None:
        self.table = table
        self.now = now

    def get(self, account: str) -> Account | None:
        """The account with this id, or None."""
        return self.read(self.table.get({"id": account}))

    def knew(self, account: str, at: float) -> bool:
        """Whether this account was there at *at*, in epoch seconds: an address may be erased and come again."""
        item = self.table.get({"id": account})
        return item is not None and int(item.get("created_at", 0)) <= at

    @staticmethod
    def read(item: Item | None) -> Account | None:
        """The account in a stored item."""
        if item is None:
            return None
        known: dict[str, Any] = {name: item[name] for name in Account.__dataclass_fields__ if name in item}
        return Account(**known | {"epoch": int(item["epoch"]), "paused_until": int(item.get("paused_until", 0))})

    def changing(self, account: Standing) -> Operation:
        """A password change as part of a transaction: the next epoch, and an invited account becomes active."""
        return self.table.updating(
            {"id": account.id},
            "SET epoch = :next, #status = :active, changed_at = :now REMOVE reported_since, password_gone_at",
            "epoch = :epoch AND #status = :status",
            {
                "epoch": account.epoch,
                "next": account.epoch + 1,
                "status": account.status,
                "active": "active",
                "now": int(self.now()),
            },
        )

    def pausing(self, account: str, until: int, since: int | None, *, notice: bool) -> Operation:
        """No mail to this account before *until* (epoch seconds), and all its sessions end; part of a transaction.

        Its owner says that what happened *since* was not theirs, and keeps that until the next change: the desk may ask
        after weeks. Of two presses the earlier counts, and the one in the *notice* of a change before all; that fails
        where another change followed. None disowns nothing.
        """
        changes, values = "SET paused_until = :until, epoch = epoch + :one", {"until": until, "one": 1}
        if since is None:
            return self.table.updating({"id": account}, changes, "attribute_exists(id)", values)
        reported = ":since" if notice else "if_not_exists(reported_since, :since)"
        condition = "changed_at <= :latest" if notice else "attribute_exists(id)"
        values |= {"since": since} | ({"latest": since + 2} if notice else {})  # two clocks of one transaction
        return self.table.updating({"id": account}, f"{changes}, reported_since = {reported}", condition, values)
