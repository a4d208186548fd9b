"""Who is logged in: opaque ids, kept as digests, bound to the account's epoch (OWASP, R27, R49, R51)."""

from collections.abc import Callable
from dataclasses import dataclass

from .settings import Sessions as Times
from .table import ConditionFailedError, Operation, Table
from .tokens import digest, is_token, new_token


@dataclass(frozen=True)
class Session:
    """A live session; *since* is in epoch seconds."""

    account: str
    epoch: int
    since: int


class Sessions:
    """The sessions in the resets table.

    Each belongs to the table *accounts*: in one that was restored from a backup the epochs are former ones again, and
    sessions that a reset or a "not me" has ended since would live again.
    """

    def __init__(
        self,
        table: Table,
        now: Callable[[], float],
        times: Times,
        accounts: str,
        new_token: Callable[[], str] = new_token,
    ) -> None:
        self.table = table
        self.now = now
        self.times = times
        self.accounts = accounts
        self.new_token = new_token

    def starting(self, account: str, epoch: int, *, keep: bool) -> tuple[str, Operation]:
        """A new session's id, for the cookie, and its start as part of a transaction."""
        now, token = int(self.now()), self.new_token()
        most = self.times.kept_most if keep else self.times.most
        idle = self.times.kept_idle if keep else self.times.idle
        item = {"account": account, "accounts": self.accounts, "epoch": epoch, "since": now, "idle": idle}
        item |= {"idle_at": now + idle, "ends_at": now + most, "ttl": now + most}
        return token, self.table.putting(self._key(token) | item)

    def get(self, token: str) -> Session | None:
        """The session behind a cookie, or None; moves its idle end on, at most once a minute."""
        now = int(self.now())
        item = self.table.get(self._key(token)) if is_token(token) else None
        if item is None or now >= min(int(item["idle_at"]), int(item["ends_at"])):
            return None
        if item.get("accounts") != self.accounts:
            return None
        if now + int(item["idle"]) - int(item["idle_at"]) >= 60:
            values = {"idle_at": now + int(item["idle"])}
            try:
                self.table.update(self._key(token), "SET idle_at = :idle_at", "attribute_exists(pk)", values)
            except ConditionFailedError:
                return None  # logged out at this very moment
        return Session(item["account"], int(item["epoch"]), int(item["since"]))

    def end(self, token: str) -> None:
        """Logs out on the server."""
        if is_token(token):
            self.table.delete(self._key(token))

    @staticmethod
    def _key(token: str) -> dict[str, str]:
        return {"pk": f"session#{digest(token)}"}
