"""The wait after failures: per account and client, and per account from whatever clients."""

from collections.abc import Callable

from .errors import Problem
from .settings import Curve
from .table import ConditionFailedError, Item, Operation, Table

DAY = 86400
NEVER = Curve(1 << 30, 0, 0)


class Backoff:
    """A wait that doubles with each failure: per account and client, and per account from whatever clients (R48).

    A success ends its own client's wait and leaves everybody's as it was, with the owner's own failures in it: none may
    tell that he was there.
    """

    def __init__(self, table: Table, now: Callable[[], float], curve: Curve, whole: Curve = NEVER) -> None:
        self.table = table
        self.now = now
        self.curve = curve
        self.whole = whole

    def charge(self, name: str, client: str) -> None:
        """Counts a failure in advance, so that parallel guesses cannot share one try; succeed() takes it back.

        Raises Problem `zu-viele-anfragen` while a wait lasts. *name* counts whether or not an account has it.
        """
        now = int(self.now())

        def one_more(tries: Item, until: int) -> int:
            mine = tries.get(client, {"at": [], "forgiven": 0, "until": 0})
            if (end := max(until, mine["until"])) > now:
                raise Problem("zu-viele-anfragen", retry_after=end - now)
            at = [*mine["at"], now]
            wait = _wait(self.curve, len(at) - mine["forgiven"])
            tries[client] = {"at": at, "forgiven": mine["forgiven"], "until": now + wait}
            return self._whole_until(tries)

        if not self._change(name, now, one_more):
            raise Problem("zu-viele-anfragen", retry_after=1)

    def succeed(self, name: str, client: str) -> None:
        """Ends this client's wait, and takes back what charge() counted in advance."""

        def forgive(tries: Item, _: int) -> int:
            mine = tries.pop(client, None)
            if mine and (at := mine["at"][:-1]):
                tries[client] = {"at": at, "forgiven": len(at), "until": 0}
            return self._whole_until(tries)

        self._change(name, int(self.now()), forgive)

    def _whole_until(self, tries: Item) -> int:
        """Until when all clients wait: counted from the last failure that is not forgotten.

        Of one client only those without a wait of its own count, or a single stranger could keep the owner out.
        """
        failures = sum(min(len(each["at"]), self.curve.free) for each in tries.values())
        return _wait(self.whole, failures) + max((int(each["at"][-1]) for each in tries.values()), default=0)

    def _change(self, name: str, now: int, change: Callable[[Item, int], int]) -> bool:
        """Changes the tries by client, each without what is a day old; *change* returns the end of the whole wait."""
        for _ in range(3):
            item = self.table.get(self._key(name)) or {}
            turn = item.get("turn", 0)
            tries = {client: _since(each, now - DAY) for client, each in item.get("tries", {}).items()}
            tries = {client: each for client, each in tries.items() if each["at"]}
            until = change(tries, item.get("until", 0))
            changed = {"tries": tries, "until": until, "turn": turn + 1, "ttl": now + DAY}
            condition = "turn = :turn" if turn else "attribute_not_exists(pk)"
            try:
                self.table.put(self._key(name) | changed, condition, {"turn": turn})
            except ConditionFailedError:
                continue
            return True
        return False

    def clearing(self, name: str) -> Operation:
        """Forgets all failures as part of a transaction."""
        return self.table.deleting(self._key(name))

    @staticmethod
    def _key(name: str) -> dict[str, str]:
        return {"pk": f"backoff#{name}"}


def _since(mine: Item, start: int) -> Item:
    """One client's tries after *start*."""
    at = [each for each in mine["at"] if each > start]
    return {**mine, "at": at, "forgiven": max(0, mine["forgiven"] + len(at) - len(mine["at"]))}


def _wait(curve: Curve, failures: int) -> int:
    over = failures - curve.free
    return 0 if over < 0 else min(curve.first * 2 ** min(over, 20), curve.most)
