"""How many mails an account gets."""

from collections.abc import Callable

from .settings import Limits
from .table import ConditionFailedError, Table

DAY = 86400


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
