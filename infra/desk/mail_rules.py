"""The rules about mails and links: what became of the newest request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import account_sentences, link_sentences, mail_sentences, request_sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    from .case import Case
    from .history import Event
    from .sentences import Verdict

WHY_NOT = {"mailed", "limited", "paused", "undeliverable", "unknown"}  # what may become of a request by itself
SOON = 120  # seconds until a mail that did not go out is a fault of ours


def _was_locked(case: Case) -> Verdict | None:
    """The newest mail is the one without a link."""
    mail, request = case.reply, case.request
    told = request and mail and (mail.mail, mail.vorgang) == ("locked", request.vorgang)
    return request_sentences.was_locked(request) if request and told else None


def _overtaken(case: Case) -> Verdict | None:
    """Every link was ended after the request: where it got no mail until then, it gets none."""
    request, ended = case.request, case.ended
    if request is None or ended is None or ended.at < request.at or _names(case, request) & WHY_NOT:
        return None
    return request_sentences.overtaken(request)


def _limited(case: Case) -> Verdict | None:
    """The newest request came too soon; which mail counts, unless that one is known to have arrived nowhere."""
    request = case.request
    names = _names(case, request) if request else set()
    if request is None or "mailed" in names or not names & {"limited", "superseded"}:
        return None
    return request_sentences.limited(case, request) if not (case.mail and case.lost(case.mail)) else None


def _not_mailed(case: Case) -> Verdict | None:
    """The newest request led to no mail."""
    request = case.request
    names = _names(case, request) if request else set()
    if request is None or names & {"mailed", "limited", "superseded"}:
        return None
    if "paused" in names and case.account and case.account.paused_until > case.now:
        return request_sentences.paused(case, request)
    if names & WHY_NOT:
        return request_sentences.ask_again(request)
    return request_sentences.on_its_way() if case.now - request.at < SOON else request_sentences.stuck(request)


def _names(case: Case, request: Event) -> set[str]:
    return {event.name for event in case.events if event.vorgang == request.vorgang}


def _not_delivered(case: Case) -> Verdict | None:
    mail = case.reply
    fate = case.fate(mail) if mail else None
    opened = case.refusal and case.refusal.detail != "link-ungueltig"  # only the right link gets so far
    if mail is None or fate is None or opened or fate.name in ("delivered", "complained"):
        return None
    if fate.name == "delayed":
        return mail_sentences.delayed(case, mail, fate)
    if "MailboxFull" in (fate.detail or ""):
        return mail_sentences.mailbox_full(mail)
    if fate.name == "rejected":
        return mail_sentences.rejected(mail)
    return mail_sentences.kept_back(mail) if fate.ours else mail_sentences.bounced_once(mail)


def _refused(case: Case) -> Verdict | None:
    refused, mail = case.refusal, case.mail
    if refused is None or mail is None:
        return None
    if case.used_up(mail):
        return link_sentences.used_up(mail)
    if refused.detail != "link-ungueltig":
        return link_sentences.password_refused(case, refused, mail)
    if case.ended and mail.at <= case.ended.at:
        return link_sentences.ended(mail)
    if not case.live(mail):
        return link_sentences.expired(case, mail)
    return link_sentences.two_links(case, mail) if case.replaced else link_sentences.wrong_link(refused, mail)


def _two_links(case: Case) -> Verdict | None:
    mail = case.mail
    return link_sentences.two_links(case, mail) if mail and case.replaced and case.live(mail) else None


def _unopened(case: Case) -> Verdict:
    mail = case.mail
    if mail is None:
        return account_sentences.never_asked(case)
    if case.account and case.account.status == "invited":
        return mail_sentences.unfinished(case, mail)
    return mail_sentences.look_for_it(case, mail)


RULES: tuple[Callable[[Case], Verdict | None], ...] = (
    _was_locked,
    _overtaken,
    _limited,
    _not_mailed,
    _not_delivered,
    _refused,
    _two_links,
    _unopened,
)
