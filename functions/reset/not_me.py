"""The "Das war ich nicht" link: each mail has one of its own, and it can do nothing but stop things."""

from collections.abc import Callable

from .accounts import Accounts
from .resets import Resets
from .table import ConditionFailedError, Table, transact
from .timeline import Timeline
from .tokens import digest, is_token


class NotMe:
    """The links' tokens, in the resets table, and what pressing one does."""

    def __init__(
        self,
        table: Table,
        resets: Resets,
        accounts: Accounts,
        timeline: Timeline,
        now: Callable[[], float],
        *,
        pause_hours: int,
    ) -> None:
        self.table = table
        self.resets = resets
        self.accounts = accounts
        self.timeline = timeline
        self.now = now
        self.pause_hours = pause_hours

    def keep(self, token: str, account: str, mail: str, days: int) -> None:
        """Remembers the token of a *mail*, by its kind; pressing it twice is no fault, so it is not used up."""
        end = int(self.now()) + days * 86400
        self.table.put(self._key(token) | {"account": account, "mail": mail, "expires_at": end, "ttl": end})

    def mailed(self, token: str) -> tuple[str, str | None] | None:
        """The account that *token* was mailed to and the kind of mail, or None."""
        item = self.table.get(self._key(token)) if is_token(token) else None
        return (str(item["account"]), item.get("mail")) if item and self.now() < item["expires_at"] else None

    def act(self, account: str, mail: str | None, vorgang: str) -> None:
        """Voids the link, ends sessions, pauses mails, writes the event: all, or nothing where the account is gone."""
        until = int(self.now()) + self.pause_hours * 3600
        try:
            transact(
                self.table.client,
                ("Update", self.resets.voiding(account)),
                ("Update", self.accounts.pausing(account, until, reported=mail == "changed")),
                ("Put", self.timeline.adding(account, vorgang, "not-me", mail=mail)),
            )
        except ConditionFailedError:
            return  # the account was removed: nothing is left to protect

    @staticmethod
    def _key(token: str) -> dict[str, str]:
        return {"pk": f"notme#{digest(token)}"}
