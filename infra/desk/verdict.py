"""What to tell the caller: the first rule that fits the case decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import account_sentences, link_sentences, mail_sentences
from .case import GONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from .case import Case
    from .sentences import Verdict

SOON = 120  # seconds until a mail that did not go out is a fault of ours


def verdict(case: Case) -> Verdict:
    """The one sentence for this case, and what the clerk can do."""
    return next(found for rule in RULES if (found := rule(case)))


def _unknown(case: Case) -> Verdict | None:
    return account_sentences.unknown() if case.account is None else None


def _locked(case: Case) -> Verdict | None:
    return account_sentences.locked(case) if case.account and case.account.status == "locked" else None


def _stopped(case: Case) -> Verdict | None:
    """No mail at all: SES's list, a hard bounce, a complaint."""
    why = case.account.undeliverable if case.account else None
    if not why:
        return None
    if "Suppress" in why:
        return account_sentences.suppressed(case)
    return account_sentences.bounced(case) if "Permanent" in why else account_sentences.complained(case)


def _gone(case: Case) -> Verdict | None:
    """No password, and nobody has asked for a link since."""
    unlocked = int(case.stored[GONE]) / 1000 if case.password_gone else 0
    asked = case.request and case.request.at >= unlocked
    return account_sentences.password_gone() if unlocked and not asked else None


def _not_me(case: Case) -> Verdict | None:
    pressed = case.last("not-me")
    by_desk = [event for event in case.named("asked") if event.by == "desk" and pressed and event.at > pressed.at]
    if case.account and case.account.paused_until > case.now and not by_desk:
        return account_sentences.not_me(case, pressed)
    return None


def _changed(case: Case) -> Verdict | None:
    changed = case.last("changed")
    if case.request and not (changed and changed.at >= case.request.at):
        return None
    if case.taken_over:
        return account_sentences.taken_over(changed)
    if changed is None:
        return None
    refused = case.refusal
    return (
        link_sentences.used(case, changed)
        if refused and refused.detail == "link-ungueltig"
        else account_sentences.changed(changed)
    )


def _never_asked(case: Case) -> Verdict | None:
    if case.request or case.mail:
        return None
    return (
        account_sentences.not_invited()
        if case.account and case.account.status == "invited"
        else account_sentences.never_asked(case)
    )


def _was_locked(case: Case) -> Verdict | None:
    """The newest mail is the one without a link."""
    mail, request = case.last("mailed"), case.request
    told = request and mail and (mail.mail, mail.vorgang) == ("locked", request.vorgang)
    return mail_sentences.was_locked(request) if request and told else None


def _not_mailed(case: Case) -> Verdict | None:
    """The newest request led to no mail."""
    request = case.request
    if request is None:
        return None
    names = {event.name for event in case.events if event.vorgang == request.vorgang}
    if "mailed" in names:
        return None
    if "limited" in names or "superseded" in names:
        return mail_sentences.limited(case, request)
    if "paused" in names and case.account and case.account.paused_until > case.now:
        return mail_sentences.paused(case, request)
    if names & {"paused", "undeliverable", "unknown"}:
        return mail_sentences.ask_again(request)
    return mail_sentences.on_its_way() if case.now - request.at < SOON else mail_sentences.stuck(request)


def _not_delivered(case: Case) -> Verdict | None:
    mail = case.last("mailed")
    fate = case.fate(mail) if mail else None
    if mail is None or fate is None or fate.name in ("delivered", "complained"):
        return None
    if "MailboxFull" in (fate.detail or ""):
        return mail_sentences.mailbox_full(mail)
    if fate.name == "delayed":
        return mail_sentences.delayed(case, mail)
    return mail_sentences.rejected(mail) if fate.name == "rejected" else mail_sentences.bounced_once(mail, fate)


def _refused(case: Case) -> Verdict | None:
    refused, mail = case.refusal, case.mail
    if refused is None or mail is None:
        return None
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
    _unknown,
    _locked,
    _stopped,
    _gone,
    _not_me,
    _changed,
    _never_asked,
    _was_locked,
    _not_mailed,
    _not_delivered,
    _refused,
    _two_links,
    _unopened,
)
