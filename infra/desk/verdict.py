"""What to tell the caller: the first rule that fits the case decides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import account_sentences, link_sentences, mail_rules
from .case import GONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from .case import Case
    from .sentences import Verdict


def verdict(case: Case) -> Verdict:
    """The one sentence for this case, and what the clerk can do; of a password that may be a stranger's in any case."""
    found = next(found for rule in RULES if (found := rule(case)))
    locked = case.account is None or case.account.status == "locked"
    if case.taken_over and not locked and "desk lock" not in found.advice:
        return replace(found, advice=f"{found.advice}. {account_sentences.FOREIGN}".removeprefix(". "))
    return found


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


def _taken_over(case: Case) -> Verdict | None:
    """The password of now may be a stranger's, and nobody has asked for a link since."""
    changed = case.last("changed")
    since = changed.at if changed else 0.0
    asked = case.request and case.request.at > since
    return account_sentences.taken_over(changed) if case.taken_over and not asked else None


def _changed(case: Case) -> Verdict | None:
    changed = case.last("changed")
    if case.request and not (changed and changed.at >= case.request.at):
        return None
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


RULES: tuple[Callable[[Case], Verdict | None], ...] = (
    _unknown,
    _locked,
    _stopped,
    _gone,
    _not_me,
    _taken_over,
    _changed,
    _never_asked,
    *mail_rules.RULES,
)
