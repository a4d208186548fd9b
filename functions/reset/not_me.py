"""The "Das war ich nicht" link: each mail has one of its own, and it can do nothing but stop things."""

from collections.abc import Callable

from .accounts import Accounts
from .resets import Resets
from .table import ConditionFailedError, Item, Table, transact
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

    def keep(self, token: str, account: str, since: float, days: int, *, notice: bool) -> None:
        """Remembers a mail's token; pressing it twice is no fault, so it is not used up.

        It disowns what happened *since*: when the mail went out, or the change that it is the *notice* of.
        """
        end = int(self.now()) + days * 86400
        item = {"account": account, "since": int(since), "notice": notice, "expires_at": end, "ttl": end}
        self.table.put(self._key(token) | item)

    def mailed(self, token: str) -> Item | None:
        """What is kept of *token*, or None."""
        item = self.table.get(self._key(token)) if is_token(token) else None
        return item if item and self.now() < item["expires_at"] else None

    def act(self, mail: Item, vorgang: str) -> None:
        """Voids the link, ends sessions, pauses mails, writes the event: all, or nothing where the account is gone."""
        account, until = str(mail["account"]), int(self.now()) + self.pause_hours * 3600
        since, notice = int(mail.get("since", self.now())), bool(mail.get("notice"))
        for disowned in (since, None):  # the notice of a former change says nothing about the one that followed
            try:
                transact(
                    self.table.client,
                    ("Update", self.resets.voiding(account)),
                    ("Update", self.accounts.pausing(account, until, disowned, notice=notice)),
                    ("Put", self.timeline.adding(account, vorgang, "not-me")),
                )
            except ConditionFailedError:
                continue  # or the account was removed: nothing is left to protect
            return

    @staticmethod
    def _key(token: str) -> dict[str, str]:
        return {"pk": f"notme#{digest(token)}"}
