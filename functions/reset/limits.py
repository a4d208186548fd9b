"""Counting what is too much: per client address, per account's failures and mails, and all mails together."""

import ipaddress
from collections.abc import Callable

from .errors import Problem
from .settings import Curve, Limits, Window
from .table import ConditionFailedError, Operation, Table

DAY = 86400


def network(viewer_address: str) -> str:
    """What counts as one client in CloudFront's `address:port`: an IPv4 address or an IPv6 /64."""
    address = ipaddress.ip_address(viewer_address.rpartition(":")[0].strip("[]"))
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


class Counters:
    """Requests per fixed window; one atomic write each, the same for everybody (R57, R58)."""

    def __init__(self, table: Table, now: Callable[[], float]) -> None:
        self.table = table
        self.now = now

    def hit(self, name: str, window: Window) -> None:
        """Counts one; raises Problem `zu-viele-anfragen` with the seconds until the window ends."""
        count, left = self.count(name, window.seconds)
        if count > window.count:
            raise Problem("zu-viele-anfragen", retry_after=left)

    def count(self, name: str, seconds: int) -> tuple[int, int]:
        """Counts one; how many there are in this window, and the seconds until it ends."""
        now = int(self.now())
        start = now - now % seconds
        values = {"one": 1, "ttl": start + seconds + 3600}
        key = {"pk": f"count#{name}#{start}"}
        counted = self.table.update(key, "ADD hits :one SET #ttl = :ttl", None, values, returning="UPDATED_NEW")
        return int(counted["hits"]), start + seconds - now


class Backoff:
    """A wait that doubles with each failure: login per account, wrong tokens per account and client."""

    def __init__(self, table: Table, now: Callable[[], float], curve: Curve) -> None:
        self.table = table
        self.now = now
        self.curve = curve

    def charge(self, name: str) -> None:
        """Counts a failure in advance, so that parallel guesses cannot share one try; clear() takes it back.

        Raises Problem `zu-viele-anfragen` while the wait lasts. *name* counts whether or not an account has it.
        """
        now = int(self.now())
        for _ in range(3):
            item = self.table.get(self._key(name)) or {}
            until, before = int(item.get("until", 0)), int(item.get("failures", 0))
            if until > now:
                raise Problem("zu-viele-anfragen", retry_after=until - now)
            forgotten = int(item.get("ttl", 0)) <= now  # the table deletes when it likes to
            try:
                self._set(name, before, 1 if forgotten else before + 1, now)
            except ConditionFailedError:
                continue
            return
        raise Problem("zu-viele-anfragen", retry_after=1)

    def _set(self, name: str, before: int, failures: int, now: int) -> None:
        over = failures - self.curve.free
        wait = 0 if over < 0 else min(self.curve.first * 2 ** min(over, 20), self.curve.most)
        self.table.update(
            self._key(name),
            "SET failures = :failures, #until = :until, #ttl = :ttl",
            "failures = :before" if before else "attribute_not_exists(failures)",
            {"failures": failures, "before": before, "until": now + wait, "ttl": now + DAY},
        )

    def clear(self, name: str) -> None:
        """Forgets the failures after a success."""
        self.table.delete(self._key(name))

    def clearing(self, name: str) -> Operation:
        """Forgets the failures as part of a transaction."""
        return self.table.deleting(self._key(name))

    @staticmethod
    def _key(name: str) -> dict[str, str]:
        return {"pk": f"backoff#{name}"}


class MailAllowance:
    """How many mails one account gets: some at once, then with a wait that doubles, so many in 24 hours (R57, X28).

    The day slides: nobody gets a second handful at midnight.
    """

    def __init__(self, table: Table, now: Callable[[], float], limits: Limits) -> None:
        self.table = table
        self.now = now
        self.limits = limits

    def take(self, account: str, vorgang: str) -> bool:
        """Whether this request may mail; asking again for the same *vorgang* costs nothing (R60, X42)."""
        now = int(self.now())
        key = {"pk": f"mails#{account}"}
        for _ in range(3):
            item = self.table.get(key) or {}
            taken = {name: at for name, at in item.get("taken", {}).items() if at > now - DAY}
            if vorgang in taken:
                return True
            if len(taken) >= self.limits.mails_per_day or now < int(item.get("next_at", 0)):
                return False
            over = len(taken) + 1 - self.limits.mails_free
            wait = self.limits.mails_wait * 2**over if over >= 0 else 0
            turn = int(item.get("turn", 0))
            changed = {"taken": {**taken, vorgang: now}, "next_at": now + wait, "turn": turn + 1, "ttl": now + 2 * DAY}
            condition = "turn = :turn" if turn else "attribute_not_exists(pk)"
            try:
                self.table.put(key | changed, condition, {"turn": turn})
            except ConditionFailedError:
                continue
            return True
        return False
