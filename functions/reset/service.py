"""What a customer can do: ask for a link, set a password, log in and out, say "that was not me"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .accounts import STANDING, Account, Accounts, Standing, account_id
from .backoff import Backoff
from .changes import Changes
from .errors import Problem
from .hasher import Hasher
from .keys import Keys
from .limits import Counters
from .not_me import NotMe
from .passwords import Policy, normalise
from .queue import MailQueue
from .request import Request
from .resets import Resets
from .sessions import Session, Sessions
from .settings import Limits
from .table import ConditionFailedError, Table, read_all, transact
from .timeline import Timeline
from .tokens import typed
from .usernames import canonical


@dataclass(frozen=True)
class Service:
    """The use cases of the web entry; everything they touch is handed in."""

    keys: Keys
    accounts: Accounts
    hashes: Table
    resets: Resets
    sessions: Sessions
    changes: Changes
    not_me_tokens: NotMe
    counters: Counters
    logins: Backoff
    guesses: Backoff
    queue: MailQueue
    timeline: Timeline
    policy: Policy
    hasher: Hasher
    limits: Limits
    now: Callable[[], float]

    def forgot(self, request: Request, username: str) -> None:
        """Takes a request for a link. Reads no account: neither answer nor time can tell who has one (R01, R02)."""
        account = account_id(self.keys.account_key, canonical(username))
        self.counters.hit(f"forgot#{request.client}", self.limits.forgot_per_address)
        self.timeline.add(account, request.vorgang, "asked", by="customer")
        self.queue.ask(account, request.vorgang, int(self.now() * 1000))

    def reset(self, request: Request, form: dict[str, str]) -> None:
        """Sets a new password with the live link, once; raises Problem and changes nothing otherwise."""
        username, token = canonical(form["username"]), typed(form["token"], "/neues-passwort/")
        account = account_id(self.keys.account_key, username)
        self.counters.hit(f"reset#{request.client}", self.limits.reset_per_address)
        try:
            live = self.resets.opens(account, token, self.limits.tries_per_link)
            found, old = self._standing(account) if live else (None, None)
            if not (found and found.may_reset):
                raise Problem("link-ungueltig")  # noqa: TRY301  # one answer and one event for every dead link (R22)
            self._check(form | {"token": token}, username, old)
            self._change(request, found, token, form["new_password"])
        except Problem as problem:
            if problem.code == "link-ungueltig":  # beyond its limit a guess leaves no event: nobody fills a timeline
                self.guesses.charge(f"token#{account}#{request.client}", request.client)
            self.timeline.add(account, request.vorgang, "refused", problem.code)
            raise

    def _standing(self, account: str) -> tuple[Standing | None, str | None]:
        """The account as far as it matters, and its hash; each may be missing."""
        key = {"id": account}
        found, kept = read_all((self.accounts.table, key, STANDING), (self.hashes, key, ("hash",)))
        return Standing(**found) if found else None, kept["hash"] if kept else None

    def _check(self, form: dict[str, str], username: str, old: str | None) -> None:
        if normalise(form["new_password"]) != normalise(form["confirm"]):
            raise Problem("passwort-ungleich")
        self.policy.check(form["new_password"], username, form["token"])
        if old and self.hasher.verify(old, form["new_password"]):
            raise Problem("passwort-wie-bisher")

    def _change(self, request: Request, account: Standing, token: str, password: str) -> None:
        """Announces first, then changes all or nothing: no change without a notice, and no false one (R25, R28)."""
        hashed = self.hasher.hash(password)
        self.queue.announce(account.id, request.vorgang, int(self.now()))
        try:
            transact(
                self.hashes.client,
                ("Update", self.resets.using(account.id, token)),
                ("Update", self.accounts.changing(account)),
                ("Put", self.hashes.putting({"id": account.id, "hash": hashed})),
                ("Put", self.changes.recording(account.id, request.vorgang)),
                ("Put", self.timeline.adding(account.id, request.vorgang, "changed")),
                ("Delete", self.logins.clearing(f"login#{account.id}")),
            )
        except ConditionFailedError:
            raise Problem("link-ungueltig") from None

    def login(self, request: Request, form: dict[str, str]) -> str:
        """The new session's id. One answer and the same work for every failure (R47)."""
        self.counters.hit(f"login#{request.client}", self.limits.login_per_address)
        account = account_id(self.keys.account_key, canonical(form["username"]))
        self.logins.charge(f"login#{account}", request.client)
        session = self._open(account, form) or self._open(account, form)
        if session is None:
            raise Problem("anmeldung-fehlgeschlagen")
        self.logins.succeed(f"login#{account}", request.client)
        self.sessions.end(request.session)  # this browser forgets it now, so nobody could log out of it (ASVS 7.2.4)
        return session

    def _open(self, account: str, form: dict[str, str]) -> str | None:
        """A session, only while the hash that was verified stands: a reset or a removal may have been faster.

        The same write keeps the password at today's cost (R41); None where somebody else wrote a hash meanwhile.
        """
        found, kept = self._standing(account)
        if not (found and kept and found.status == "active"):
            self.hasher.dummy(form["password"])
            raise Problem("anmeldung-fehlgeschlagen")
        if not self.hasher.verify(kept, form["password"]):
            raise Problem("anmeldung-fehlgeschlagen")
        dated = self.hasher.needs_rehash(kept)
        stands = {"before": kept, "hash": self.hasher.hash(form["password"]) if dated else kept}
        token, starting = self.sessions.starting(account, found.epoch, keep="keep_me_logged_in" in form)
        renewing = self.hashes.updating({"id": account}, "SET #hash = :hash", "#hash = :before", stands)
        try:
            transact(self.hashes.client, ("Put", starting), ("Update", renewing))
        except ConditionFailedError:
            return None
        return token

    def session(self, token: str) -> tuple[Session, Account]:
        """Who is logged in; a session ends with its account's password or status (R27, R52)."""
        session = self.sessions.get(token)
        account = self.accounts.get(session.account) if session else None
        if session is None or account is None or account.epoch != session.epoch or account.status != "active":
            raise Problem("nicht-angemeldet")
        return session, account

    def logout(self, token: str) -> None:
        """Ends the session; there may be none."""
        self.sessions.end(token)

    def not_me(self, request: Request, token: str) -> None:
        """Voids the live link, ends all sessions, pauses mails to the account and leaves an event for the desk."""
        found = self.not_me_tokens.mailed(typed(token, "/das-war-ich-nicht/"))
        if found is None:
            raise Problem("link-ungueltig")
        self.not_me_tokens.act(found, request.vorgang)
