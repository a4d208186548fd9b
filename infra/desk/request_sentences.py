"""The sentences about a request that led to no mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reset.clock import german_time as when

from .sentences import SEND, Verdict

if TYPE_CHECKING:
    from .case import Case
    from .history import Event


def limited(case: Case, request: Event) -> Verdict:
    """Too many requests."""
    return Verdict(
        "zu-viele",
        f"Für Ihr Konto wurden in kurzer Zeit mehrere E-Mails angefordert, deshalb ging auf die Anforderung vom"
        f" {when(request.at)} keine weitere hinaus; {_what_counts(case)}.",
        SEND,
    )


def paused(case: Case, request: Event) -> Verdict:
    """Asked after "not me", while the desk's own mail counts."""
    until = case.account.paused_until if case.account else 0
    return Verdict(
        "pausiert",
        f"Nach „Das war ich nicht“ gehen bis zum {when(until)} auf Anforderungen keine E-Mails hinaus, auch nicht auf"
        f" die vom {when(request.at)}; {_what_counts(case)}.",
        SEND,
    )


def _what_counts(case: Case) -> str:
    mail = case.mail
    if mail and case.live(mail):
        return f"es gilt der Link in der E-Mail vom {when(mail.at)}, noch bis zum {when(case.expires(mail))}"
    return "ich schicke Ihnen jetzt einen neuen Link"


def was_locked(request: Event) -> Verdict:
    """Asked while the account was locked, which it is no more."""
    return Verdict(
        "neu-anfordern",
        f"Ihre Anforderung vom {when(request.at)} kam, während Ihr Konto gesperrt war, deshalb stand in unserer E-Mail"
        " kein Link; die Sperre ist aufgehoben, und ich schicke Ihnen jetzt einen.",
        SEND,
    )


def ask_again(request: Event) -> Verdict:
    """What stopped the request is gone."""
    return Verdict(
        "neu-anfordern",
        f"Auf Ihre Anforderung vom {when(request.at)} ging keine E-Mail hinaus, das Hindernis ist inzwischen behoben;"
        " ich schicke Ihnen jetzt einen neuen Link.",
        SEND,
    )


def overtaken(request: Event) -> Verdict:
    """The worker dropped the request: what ends all links came before its mail."""
    return Verdict(
        "neu-anfordern",
        f"Auf Ihre Anforderung vom {when(request.at)} ging keine E-Mail hinaus, weil gleich danach Ihr Konto oder Ihre"
        " Adresse gesperrt, entsperrt oder „Das war ich nicht“ gemeldet wurde; ich schicke Ihnen jetzt einen neuen.",
        SEND,
    )


def on_its_way() -> Verdict:
    """Asked a moment ago."""
    return Verdict(
        "unterwegs",
        "Ihre Anforderung ist eben eingegangen, und eine E-Mail braucht bis zu zwei Minuten; bitte warten Sie das ab.",
        "Danach noch einmal nachsehen.",
    )


def stuck(request: Event) -> Verdict:
    """A fault of ours."""
    return Verdict(
        "stoerung",
        f"Ihre Anforderung vom {when(request.at)} ist eingegangen, die E-Mail ist aber wegen einer Störung bei uns noch"
        " nicht verschickt; ich schicke Ihnen jetzt eine neue.",
        f"{SEND}. An den Betrieb melden, mit Vorgangsnummer {request.vorgang}.",
    )
