"""How many mails an account gets."""

from collections.abc import Callable
from typing import Literal

from .settings import Limits
from .table import ConditionFailedError, Table

DAY = 86400
Took = Literal["first", "again", ""]


class MailAllowance:
    """How many mails one account gets: some at once, then with a wait that doubles, so many in 24 hours (R57, X28).

    The day slides: nobody gets a second handful at midnight.
    """

    def __init__(self, table: Table, now: Callable[[], float], limits: Limits) -> None:
        self.table = table
        self.now = now
        self.limits = limits

    def take(self, account: str, vorgang: str) -> Took:
        """Whether this request may mail; asking again for the same *vorgang* costs nothing (R60, X42)."""
        for _ in range(3):
            now, (taken, next_at, turn) = int(self.now()), self._read(account)
            if vorgang in taken:
                return "again"
            if len(taken) >= self.limits.mails_per_day or now < next_at:
                return ""
            if self._write(account, {**taken, vorgang: now}, now, turn):
                return "first"
        return ""

    def give_back(self, account: str, vorgang: str) -> None:
        """The request that took it *first* got no mail: a newer one overtook it."""
        for _ in range(3):
            taken, _, turn = self._read(account)
            left = {name: at for name, at in taken.items() if name != vorgang}
            if left == taken or self._write(account, left, max(left.values(), default=0), turn):
                return

    def _read(self, account: str) -> tuple[dict[str, int], int, int]:
        """When which request took a mail in the last day, when the next may, and how often this was written."""
        item = self.table.get({"pk": f"mails#{account}"}) or {}
        day = int(self.now()) - DAY
        taken = {name: int(at) for name, at in item.get("taken", {}).items() if at > day}
        return taken, int(item.get("next_at", 0)), int(item.get("turn", 0))

    def _write(self, account: str, taken: dict[str, int], last: int, turn: int) -> bool:
        over = len(taken) - self.limits.mails_free
        wait = self.limits.mails_wait * 2**over if over >= 0 else 0
        changed = {"taken": taken, "next_at": last + wait, "turn": turn + 1, "ttl": int(self.now()) + DAY}
        condition = "turn = :turn" if turn else "attribute_not_exists(pk)"
        try:
            self.table.put({"pk": f"mails#{account}"} | changed, condition, {"turn": turn})
        except ConditionFailedError:
            return False
        return True
