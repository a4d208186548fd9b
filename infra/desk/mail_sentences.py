"""The sentences about a mail: not sent, not delivered, not found."""

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


def on_its_way() -> Verdict:
    """Asked a moment ago."""
    return Verdict(
        "unterwegs",
        "Ihre Anforderung ist eben eingegangen und die E-Mail geht gerade hinaus; bitte warten Sie zwei Minuten.",
        "Danach noch einmal nachsehen.",
    )


def stuck(request: Event) -> Verdict:
    """A fault of ours."""
    return Verdict(
        "stoerung",
        f"Ihre Anforderung vom {when(request.at)} ist eingegangen, die E-Mail ist aber wegen einer Störung bei uns noch"
        " nicht verschickt; wir kümmern uns darum.",
        f"An den Betrieb melden, mit Vorgangsnummer {request.vorgang}.",
    )


def mailbox_full(mail: Event) -> Verdict:
    """The mailbox is full."""
    return Verdict(
        "postfach-voll",
        f"Ihr Postfach ist voll, deshalb kam unsere E-Mail vom {when(mail.at)} nicht an; schaffen Sie dort Platz,"
        " danach schicke ich Ihnen eine neue.",
        SEND,
    )


def delayed(case: Case, mail: Event) -> Verdict:
    """A gateway keeps the mail waiting."""
    rest = (
        f"ihr Link gilt bis zum {when(case.expires(mail))}"
        if case.live(mail)
        else "ihr Link gilt dann nicht mehr, wir schicken eine neue"
    )
    return Verdict(
        "verzoegert",
        f"Ihr Mailserver lässt unsere E-Mail vom {when(mail.at)} warten; sie wird weiter versucht und kommt ohne Ihr"
        f" Zutun an, {rest}.",
        "Kommt das öfter vor: desk domains, und desk domains --letter DOMAIN für die Stelle, die den Mailserver führt",
    )


def rejected(mail: Event) -> Verdict:
    """SES refused the mail."""
    return Verdict(
        "stoerung",
        f"Unsere E-Mail vom {when(mail.at)} ist wegen einer Störung bei uns nicht hinausgegangen; wir kümmern uns"
        " darum.",
        f"An den Betrieb melden, mit Vorgangsnummer {mail.vorgang}.",
    )


def bounced_once(mail: Event, fate: Event) -> Verdict:
    """The receiving server refused one mail."""
    return Verdict(
        "abgelehnt",
        f"Ihr Mailserver hat unsere E-Mail vom {when(mail.at)} abgelehnt; ich schicke Ihnen jetzt eine"
        " neue, und wenn auch sie nicht kommt, fragen Sie bitte Ihre IT.",
        f"Antwort des Mailservers: {fate.answer or fate.detail or 'keine'}. {SEND}",
    )


def unfinished(case: Case, mail: Event) -> Verdict:
    """Invited, mailed, not opened."""
    live = case.live(mail)
    rest = (
        f"öffnen Sie sie bis zum {when(case.expires(mail))} und legen Sie Ihr erstes Passwort fest"
        if live
        else "ihr Link gilt nicht mehr, ich schicke Ihnen jetzt eine neue"
    )
    return Verdict(
        "registrierung-offen",
        "Ihre Registrierung ist noch nicht abgeschlossen; die E-Mail „Ihre Registrierung abschließen“ ging am"
        f" {when(mail.at)} an Sie (auch im Spam-Ordner suchen), {rest}.",
        "" if live else SEND,
    )


def look_for_it(case: Case, mail: Event) -> Verdict:
    """Accepted or sent, never opened."""
    fate = case.fate(mail)
    arrived = fate is not None and fate.name in ("delivered", "complained")
    first = (
        f"Ihr Mailserver hat unsere E-Mail am {when(fate.at)} angenommen"
        if fate and arrived
        else f"Unsere E-Mail ging am {when(mail.at)} hinaus, eine Antwort Ihres Mailservers steht noch aus"
    )
    last = (
        f"der Link darin gilt bis zum {when(case.expires(mail))}"
        if case.live(mail)
        else "ihr Link gilt nicht mehr, ich schicke eine neue"
    )
    return Verdict(
        "im-spam-suchen",
        f"{first}; schauen Sie im Spam-Ordner nach einer E-Mail von {case.facts['sender_address']} mit dem Betreff"
        f" „{case.facts['subject_prefix']} Ihr Passwort zurücksetzen“, {last}.",
        "Nicht im Spam-Ordner? Dann hält sie ein Filter der Behörde zurück: desk domains. " + SEND,
    )
