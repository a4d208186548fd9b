"""One job, one mail: each is safe to run again, and none leaves a dead link as the newest mail."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .changes import KEPT, NotYetError
from .mails import Facts, compose
from .resets import BusyError, SupersededError
from .table import ConditionFailedError, transact

if TYPE_CHECKING:
    from .accounts import Account, Accounts
    from .allowance import MailAllowance
    from .budget import Budget
    from .changes import Changes
    from .mail_texts import Kind
    from .mailer import Mailer
    from .not_me import NotMe
    from .resets import Resets
    from .settings import Settings
    from .table import Operation
    from .timeline import Timeline

MAILS: dict[str, Kind] = {"active": "reset", "invited": "finish", "locked": "locked"}
# Seconds to wait for another worker at the same account; on the queue it would be two minutes, and the mail that comes
# then ends a link that somebody is using. Short, as a mail takes a tenth of one and others need the worker, too.
BUSY = (0.2, 0.4, 0.8)
MOMENT = 60  # seconds in which a job usually comes; an announced change that is not there by then never happened


@dataclass(frozen=True)
class Delivery:
    """The worker's use cases; everything they touch is handed in."""

    accounts: Accounts
    resets: Resets
    changes: Changes
    not_me: NotMe
    budget: Budget
    allowance: MailAllowance
    timeline: Timeline
    mailer: Mailer
    settings: Settings
    now: Callable[[], float]
    new_token: Callable[[], str]
    sleep: Callable[[float], None] = time.sleep

    def run(self, job: dict[str, Any]) -> str:
        """Does one job and says what came of it; an exception means: try again later."""
        if job["job"] == "asked":
            return self.asked(job["account"], job["vorgang"], job["asked_at"], job["by"])
        if job["job"] == "changed":
            return self.changed(job["account"], job["vorgang"], job["at"])
        raise ValueError("unknown job")

    def asked(self, account_id: str, vorgang: str, asked_at: int, by: str) -> str:
        """Mails what fits the account's state; an unknown address gets nothing but an event (R04)."""
        account = self.accounts.get(account_id)
        if account is None:
            late = self.now() - asked_at / 1000 > MOMENT  # of somebody who was erased meanwhile: no new trace (R92)
            return "unknown" if late else self._event(account_id, vorgang, "unknown")
        if account.undeliverable or (by == "customer" and account.paused_until > self.now()):
            return self._event(account_id, vorgang, "undeliverable" if account.undeliverable else "paused")
        took = self.allowance.take(account_id, vorgang) if by == "customer" else "again"
        if not took:
            return self._event(account_id, vorgang, "limited")
        token = self.new_token() if account.may_reset else None
        try:
            self._claim(account_id, vorgang, asked_at, token)
        except SupersededError as error:
            if error.overtaken and took == "first":  # taken before, its mail may be out
                self.allowance.give_back(account_id, vorgang)
                return self._event(account_id, vorgang, "superseded")
            return "mailed" if self._told(account, vorgang, MAILS[account.status], error.untold_at) else "superseded"
        try:
            with self.budget.one():
                self._mail(MAILS[account.status], account, vorgang, token)
        except Exception:
            self.resets.release(account_id, vorgang)
            raise
        self._mailed(account, vorgang, MAILS[account.status], self.resets.mailing(account_id, vorgang))
        return "mailed"

    def changed(self, account_id: str, vorgang: str, at: int) -> str:
        """Mails the notice if, and only if, the announced change really happened (R28)."""
        account = self.accounts.get(account_id)
        if account is None:
            return "superseded"
        try:
            changed_at = self.changes.claim(vorgang, account_id)
        except NotYetError:
            if MOMENT < self.now() - at < KEPT:
                return "unchanged"
            raise  # of weeks ago nothing is known any more: a dead letter is better than a lost notice
        except SupersededError as error:
            return "notified" if self._told(account, vorgang, "changed", error.untold_at) else "superseded"
        try:
            self._mail("changed", account, vorgang, None, changed_at)
        except Exception:
            self.changes.release(vorgang)
            raise
        self._mailed(account, vorgang, "changed", self.changes.mailing(vorgang))
        return "notified"  # not "mailed": that is counted against the hour's budget

    def _claim(self, account_id: str, vorgang: str, asked_at: int, token: str | None) -> None:
        """Makes the new link the live one; BusyError where another worker is at the account for seconds."""
        for pause in (*BUSY, 0):
            try:
                self.resets.claim(account_id, vorgang, asked_at, token, self.settings.link_minutes * 60)
            except BusyError:
                if not pause:
                    raise
                self.sleep(pause)
            else:
                return

    def _mail(self, kind: Kind, account: Account, vorgang: str, token: str | None, at: float | None = None) -> None:
        stop = None if kind == "locked" else self.new_token()
        facts = Facts(vorgang, token, stop, self.now() if at is None else at)
        days, notice = self.settings.retention_days, kind == "changed"
        if stop:
            self.not_me.keep(stop, account.id, facts.at, days, notice=notice)
        mail = compose(kind, "en" if account.language == "en" else "de", facts, self.settings)
        tags = {"vorgang": vorgang, "account": account.id, "mail": kind}
        self.mailer.send(mail, account.address, tags)

    def _mailed(self, account: Account, vorgang: str, kind: Kind, marking: Operation) -> None:
        """The mark against a second mail and the event, in one write; a newer request may have the slot by now."""
        event = self.timeline.adding(account.id, vorgang, "mailed", mail=kind, domain=account.domain)
        try:
            transact(self.accounts.table.client, ("Update", marking), ("Put", event))
        except ConditionFailedError:
            transact(self.accounts.table.client, ("Put", event))

    def _told(self, account: Account, vorgang: str, kind: Kind, untold_at: int | None) -> bool:
        """Writes the event of a mail that went out before its worker died, if any; the same one however often."""
        if untold_at is None:
            return False
        self.timeline.add_at(untold_at, account.id, vorgang, "mailed", mail=kind, domain=account.domain)
        return True

    def _event(self, account_id: str, vorgang: str, name: Any) -> str:
        self.timeline.add(account_id, vorgang, name)
        return str(name)
