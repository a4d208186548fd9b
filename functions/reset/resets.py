"""The reset slot: one per account, holding the one live link, who asked for it and whether its mail is out."""

from collections.abc import Callable, Mapping

from .slot import Slot
from .table import ConditionFailedError, Item, Operation, Table
from .tokens import digest

LEASE = 30  # seconds a worker may hold a mail; longer than its own time limit
VOID = "~"  # stands for a Vorgangsnummer after "that was not me"; sorts behind all of them


class SupersededError(Exception):
    """A newer request already has the slot (*overtaken*), or this one's mail is already out: there is nothing to send.

    *untold_at* is when it went out, where no event tells it yet.
    """

    def __init__(self, untold_at: int | None = None, *, overtaken: bool = False) -> None:
        super().__init__()
        self.untold_at, self.overtaken = untold_at, overtaken


class BusyError(Exception):
    """Another worker is sending a mail to this account right now; try again later."""


class Resets:
    """The slots in the resets table; every write raises the version, so that none is lost."""

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
        for _ in range(3):
            slot = Slot.read(self.table.get(self.key(account)))
            again = slot.vorgang == vorgang
            done = again and (slot.mailed_at is not None or slot.used_at is not None)
            if done or (slot.asked_at, slot.vorgang) > (asked_at, vorgang):
                raise SupersededError(slot.mailed_at if again and slot.untold else None, overtaken=not again)
            if slot.sending_until >= now:
                raise BusyError
            before = (_open(slot.older, now) if again else slot.live(now)) if token else {}
            links = {**(_open(slot.links, now) if again else {}), digest(token): now + seconds} if token else {}
            item = {"vorgang": vorgang, "asked_at": asked_at, "sending_until": now + LEASE, "version": slot.version + 1}
            item |= {"links": links, "older": before, "expires_at": now + seconds, "ttl": now + seconds + 86400}
            # The desk's lock makes a slot without a version.
            same = "#version = :version" if slot.version else "attribute_not_exists(#version)"
            condition = f"{same} AND asked_at = :asked" if slot.vorgang else "attribute_not_exists(pk)"
            try:
                self.table.put(self.key(account) | item, condition, {"version": slot.version, "asked": slot.asked_at})
            except ConditionFailedError:
                continue
            return
        raise BusyError

    def mailing(self, account: str, vorgang: str, *, healing: bool = False) -> Operation:
        """SES took the mail: the slot is free again and this request never mails twice; part of a transaction.

        *healing* is SES's own word for it, which counts where the worker's is missing.
        """
        free = "SET mailed_at = if_not_exists(mailed_at, :now), sending_until = :free, older = :none"
        mine = "vorgang = :vorgang"
        if healing:
            told = {"vorgang": vorgang, "yes": True}
            return self._updating(
                account, f"{free}, untold = :yes", f"{mine} AND attribute_not_exists(mailed_at)", told
            )
        return self._updating(account, f"{free} REMOVE untold", mine, {"vorgang": vorgang})

    def release(self, account: str, vorgang: str) -> None:
        """SES refused the mail for now: the next try need not wait, and the link before it lives again."""
        values = {"vorgang": vorgang, "free": 0, "one": 1}
        expression = "SET sending_until = :free ADD #version :one"
        try:
            self.table.update(self.key(account), expression, "vorgang = :vorgang", values)
        except ConditionFailedError:
            return  # a newer request has the slot by now

    def opens(self, account: str, token: str, most: int) -> bool:
        """Whether *token* is the live link and was tried less than *most* times; counts this try.

        A write, because a read would bring back more, and so take longer, where there is an account (R02, R22).
        """
        condition = f"{_live(token)} AND (attribute_not_exists(tries) OR tries < :most)"
        values = {"now": int(self.now()), "one": 1, "most": most}
        try:
            self.table.update(self.key(account), "ADD tries :one", condition, values)
        except ConditionFailedError:
            return False
        return True

    def using(self, account: str, token: str) -> Operation:
        """Uses the link up, as part of a transaction; fails unless it is live at this moment (R16).

        A request from before, whose job is late, makes no new one (R17).
        """
        change = "SET used_at = :now, asked_at = :asked, links = :none, older = :none"
        return self._updating(account, change, _live(token), {"asked": int(self.now() * 1000)})

    def voiding(self, account: str) -> Operation:
        """Kills the live link, if any, as part of a transaction; a tombstone keeps late retries from reviving it."""
        now = self.now()
        return self._updating(
            account,
            "SET voided_at = :now, asked_at = :asked, mailed_at = :now, vorgang = :void, sending_until = :free,"
            " links = :none, older = :none, #ttl = :ttl",
            None,
            {"asked": int(now * 1000), "void": VOID, "ttl": int(now) + 86400},
        )

    def _updating(self, account: str, expression: str, condition: str | None, values: Item) -> Operation:
        common = {"now": int(self.now()), "free": 0, "none": {}, "one": 1}
        return self.table.updating(self.key(account), f"{expression} ADD #version :one", condition, common | values)


def _open(links: Mapping[str, int], now: int) -> dict[str, int]:
    """The digests of *links* that have not ended: a job that fails for days piles none up."""
    return {name: end for name, end in links.items() if now < end}


def _live(token: str) -> str:
    """The condition that *token* is live at `:now`; an older link is, as long as the newer one's mail is not out."""
    name = f"#{digest(token)}"
    revived = f"older.{name} > :now AND attribute_not_exists(mailed_at) AND sending_until < :now"
    return f"expires_at > :now AND (links.{name} > :now OR ({revived}))"
