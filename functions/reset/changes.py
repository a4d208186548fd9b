"""The proof that a password really changed: written with the change, read before its notice is mailed."""

from collections.abc import Callable

from .resets import LEASE, BusyError, SupersededError
from .table import ConditionFailedError, Item, Operation, Table

KEPT = 16 * 86400  # seconds: as long as its notice can wait, a day on the queue and 14 among the dead letters


class NotYetError(Exception):
    """The announced change is not there; it may still come."""


class Changes:
    """Change records in the resets table."""

    def __init__(self, table: Table, now: Callable[[], float]) -> None:
        self.table = table
        self.now = now

    def recording(self, account: str, vorgang: str) -> Operation:
        """The record as part of the transaction that changes the password."""
        now = int(self.now())
        return self.table.putting(self._key(vorgang) | {"account": account, "changed_at": now, "ttl": now + KEPT})

    def claim(self, vorgang: str, account: str) -> int:
        """When the password changed, in epoch seconds, with the notice held for this worker.

        Raises NotYetError, also where another *account* changed, SupersededError when the notice is out, or BusyError
        while another worker mails it.
        """
        item = self.table.get(self._key(vorgang))
        if item is None or item["account"] != account:
            raise NotYetError
        if "mailed_at" in item:
            raise SupersededError(int(item["mailed_at"]) if "untold" in item else None)
        now = int(self.now())
        free = "(attribute_not_exists(sending_until) OR sending_until < :now)"
        condition = f"attribute_exists(pk) AND attribute_not_exists(mailed_at) AND {free}"
        values = {"until": now + LEASE, "now": now}
        try:
            self.table.update(self._key(vorgang), "SET sending_until = :until", condition, values)
        except ConditionFailedError:
            raise BusyError from None
        return int(item["changed_at"])

    def mailing(self, vorgang: str, *, healing: bool = False) -> Operation:
        """The notice is out and is never mailed again; part of a transaction. *healing* as in Resets.mailing()."""
        key, there, values = self._key(vorgang), "attribute_exists(pk)", {"now": int(self.now())}
        if healing:
            unmarked = f"{there} AND attribute_not_exists(mailed_at)"
            return self.table.updating(key, "SET mailed_at = :now, untold = :yes", unmarked, values | {"yes": True})
        return self.table.updating(key, "SET mailed_at = :now REMOVE untold", there, values)

    def release(self, vorgang: str) -> None:
        """SES refused the notice for now: the next try need not wait."""
        self.table.update(self._key(vorgang), "REMOVE sending_until", "attribute_exists(pk)")

    @staticmethod
    def _key(vorgang: str) -> Item:
        return {"pk": f"changed#{vorgang}"}
