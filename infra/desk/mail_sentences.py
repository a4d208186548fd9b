"""The sentences about a mail that went out: not delivered, not found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reset.clock import german_time as when

from .case import LINKS
from .sentences import SEND, Verdict, subject

if TYPE_CHECKING:
    from reset.mail_texts import Kind

    from .case import Case
    from .history import Event


LETTER = "Kommt das öfter vor: desk domains, und desk domains --letter DOMAIN für die Stelle, die den Mailserver führt"
REPORT = "An den Betrieb melden, mit Vorgangsnummer "


def mailbox_full(mail: Event) -> Verdict:
    """The mailbox is full."""
    return Verdict(
        "postfach-voll",
        f"Ihr Postfach ist voll, deshalb kam unsere E-Mail vom {when(mail.at)} nicht an; schaffen Sie dort Platz,"
        " danach schicke ich Ihnen eine neue.",
        SEND,
    )


def delayed(case: Case, mail: Event, fate: Event) -> Verdict:
    """A gateway, a full mailbox or SES itself keeps the mail waiting."""
    code, why, advice = "verzoegert", f"Ihr Mailserver lässt unsere E-Mail vom {when(mail.at)} warten", LETTER
    again = "ich schicke Ihnen jetzt eine neue"
    if fate.ours:
        why, advice = (
            f"Unser Versanddienst stellt unsere E-Mail vom {when(mail.at)} verspätet zu",
            REPORT + mail.vorgang,
        )
    elif fate.detail == "MailboxFull":
        code, advice = "postfach-voll", "Danach, falls der Link nicht mehr gilt: desk send ADRESSE"
        why = f"Ihr Postfach ist voll, deshalb wartet unsere E-Mail vom {when(mail.at)}; schaffen Sie dort Platz"
        again = "danach schicke ich Ihnen eine neue"
    rest = ""
    if mail.mail in LINKS and case.live(mail):
        rest = f", ihr Link gilt bis zum {when(case.expires(mail))}"
    elif mail.mail in LINKS:
        rest = f", aber ihr Link gilt nicht mehr; {again}"
        advice = f"{SEND}. {advice}" if code == "verzoegert" else advice
    return Verdict(code, f"{why}; sie wird weiter versucht und kommt ohne Ihr weiteres Zutun an{rest}.", advice)


def rejected(mail: Event) -> Verdict:
    """SES refused the mail."""
    return Verdict(
        "stoerung",
        f"Unsere E-Mail vom {when(mail.at)} ist wegen einer Störung bei uns nicht hinausgegangen; wir kümmern uns"
        " darum.",
        REPORT + mail.vorgang,
    )


def kept_back(mail: Event) -> Verdict:
    """SES's list held the mail back; the entry is lifted by now, or the account would be stopped."""
    return Verdict(
        "abgelehnt",
        f"Unsere E-Mail vom {when(mail.at)} ging nicht hinaus, weil Ihre Adresse damals auf der Sperrliste unseres"
        " Versanddienstes stand; ich schicke Ihnen jetzt eine neue.",
        SEND,
    )


def bounced_once(mail: Event) -> Verdict:
    """The receiving server refused one mail."""
    return Verdict(
        "abgelehnt",
        f"Ihr Mailserver hat unsere E-Mail vom {when(mail.at)} abgelehnt; ich schicke Ihnen jetzt eine"
        " neue, und wenn auch sie nicht kommt, fragen Sie bitte Ihre IT.",
        SEND,
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
        f"Ihre Registrierung ist noch nicht abgeschlossen; die E-Mail „{_subject(case, 'finish')}“ ging am"
        f" {when(mail.at)} an Sie (auch im Spam-Ordner suchen), {rest}.",
        "" if live else SEND,
    )


def look_for_it(case: Case, mail: Event) -> Verdict:
    """Accepted or sent, never opened."""
    fate, took = case.fate(mail), case.arrival(mail)
    first = f"Unsere E-Mail ging am {when(mail.at)} hinaus, eine Antwort Ihres Mailservers steht noch aus"
    if took:
        first = f"Ihr Mailserver hat unsere E-Mail am {when(took.at)} angenommen"
    elif fate and fate.name == "complained":
        first = f"Ihr Mailserver hat unsere E-Mail vom {when(mail.at)} angenommen"
    last = (
        f"der Link darin gilt bis zum {when(case.expires(mail))}"
        if case.live(mail)
        else "ihr Link gilt nicht mehr, ich schicke eine neue"
    )
    return Verdict(
        "im-spam-suchen",
        f"{first}; schauen Sie im Spam-Ordner nach einer E-Mail von {case.facts['sender_address']} mit dem Betreff"
        f" „{case.facts['subject_prefix']} {_subject(case, 'reset')}“, {last}.",
        "Nicht im Spam-Ordner? Dann hält sie ein Filter der Behörde zurück: desk domains. " + SEND,
    )


def _subject(case: Case, kind: Kind) -> str:
    return subject(case.account, kind) if case.account else ""
