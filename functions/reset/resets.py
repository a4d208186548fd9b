"""The reset slot: one per account, holding the one live link, who asked for it and whether its mail is out."""

from collections.abc import Callable
from dataclasses import dataclass

from .table import ConditionFailedError, Item, Operation, Table
from .tokens import digest, matches

LEASE = 30  # seconds a worker may hold a mail; longer than its own time limit


@dataclass(frozen=True)
class Slot:
    """What a table item says about the live link; *digests* has one entry per try to send the same mail."""

    digests: frozenset[str]
    expires_at: int

    @classmethod
    def read(cls, item: Item | None) -> "Slot":
        """The slot in an item; an empty one where there is none, so that both cost the same."""
        item = item or {}
        return cls(frozenset(item.get("digests") or ()), int(item.get("expires_at", 0)))

    def opens(self, token: str, now: float) -> bool:
        """Whether *token* is the live link: the code checks the time, not the table's TTL (R15)."""
        fits = matches(digest(token), self.digests)
        return fits and now < self.expires_at


class SupersededError(Exception):
    """A newer request already has the slot, or this one's mail is already out: there is nothing to send."""


class BusyError(Exception):
    """Another worker is sending a mail to this account right now; try again later."""


class Resets:
    """The slots in the resets table."""

    def __init__(self, table: Table, now: Callable[[], float]) -> None:
        self.table = table
        self.now = now

    @staticmethod
    def key(account: str) -> Item:
        """The slot's key."""
        return {"pk": f"reset#{account}"}

    def claim(self, account: str, vorgang: str, asked_at: int, token: str | None, seconds: int) -> None:
        """Makes *token* the account's live link (or none live) and holds the slot while its mail is sent.

        A newer request replaces an older one; a repeated one adds its token, so that a mail which may already be out
        keeps a live link. *asked_at* is in milliseconds. Raises SupersededError or BusyError.
        """
        now = int(self.now())
        values = {
            "vorgang": vorgang,
            "asked": asked_at,
            "digests": {digest(token)} if token else None,
            "now": now,
            "until": now + LEASE,
            "expires": now + seconds,
            "ttl": now + seconds + 86400,
        }
        take = "SET vorgang = :vorgang, asked_at = :asked, sending_until = :until, expires_at = :expires, #ttl = :ttl"
        again = f"{take} ADD digests :digests" if token else take
        fresh = "REMOVE mailed_at, used_at, voided_at"
        anew = f"{take}, digests = :digests {fresh}" if token else f"{take} {fresh}, digests"
        free = "(attribute_not_exists(sending_until) OR sending_until < :now)"
        for expression, condition in (
            (
                again,
                f"vorgang = :vorgang AND attribute_not_exists(mailed_at) AND attribute_not_exists(used_at) AND {free}",
            ),
            (anew, f"attribute_not_exists(asked_at) OR (asked_at < :asked AND vorgang <> :vorgang AND {free})"),
        ):
            try:
                self.table.update(self.key(account), expression, condition, values)
            except ConditionFailedError:
                continue
            return
        self._explain(account, vorgang, asked_at)

    def _explain(self, account: str, vorgang: str, asked_at: int) -> None:
        item = self.table.get(self.key(account)) or {}
        done = item.get("vorgang") == vorgang and ("mailed_at" in item or "used_at" in item)
        if done or int(item.get("asked_at", 0)) > asked_at:
            raise SupersededError
        raise BusyError

    def mailing(self, account: str, vorgang: str) -> Operation:
        """SES took the mail: the slot is free again and this request never mails twice; part of a transaction."""
        values = {"vorgang": vorgang, "now": int(self.now())}
        expression = "SET mailed_at = if_not_exists(mailed_at, :now) REMOVE sending_until"
        return self.table.updating(self.key(account), expression, "vorgang = :vorgang", values)

    def release(self, account: str, vorgang: str) -> None:
        """SES refused the mail for now: the next try need not wait."""
        values = {"vorgang": vorgang}
        try:
            self.table.update(self.key(account), "REMOVE sending_until", "vorgang = :vorgang", values)
        except ConditionFailedError:
            return  # a newer request has the slot by now

    def using(self, account: str, token: str) -> Operation:
        """Uses the link up, as part of a transaction; fails unless it is live at this moment (R16)."""
        return self.table.updating(
            self.key(account),
            "SET used_at = :now REMOVE digests",
            "contains(digests, :digest) AND expires_at > :now",
            {"digest": digest(token), "now": int(self.now())},
        )

    def voiding(self, account: str) -> Operation:
        """Kills the live link, if any, as part of a transaction; a tombstone keeps late retries from reviving it."""
        now = int(self.now())
        return self.table.updating(
            self.key(account),
            "SET voided_at = :now, asked_at = :asked, mailed_at = :now, vorgang = :none, #ttl = :ttl"
            " REMOVE digests, sending_until",
            None,
            {"now": now, "asked": now * 1000, "none": "-", "ttl": now + 86400},
        )
