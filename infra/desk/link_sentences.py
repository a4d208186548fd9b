"""The sentences about a link: used, expired, replaced, refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reset.clock import german_time as when

from .history import reason
from .sentences import SEND, Verdict

if TYPE_CHECKING:
    from .case import Case
    from .history import Event


def used(case: Case, changed: Event) -> Verdict:
    """The link was used already."""
    mail = next((mail for mail in reversed(case.link_mails) if mail.at <= changed.at), None)
    return Verdict(
        "link-benutzt",
        f"Ihr Link{f' aus der E-Mail vom {when(mail.at)}' if mail else ''} wurde schon benutzt: am"
        f" {when(changed.at)} wurde damit das Passwort geändert; melden Sie sich mit dem neuen Passwort an.",
        f"Passwort nicht mehr bekannt? {SEND}",
    )


def password_refused(case: Case, refused: Event, mail: Event) -> Verdict:
    """The link worked, the password did not."""
    live = case.live(mail)
    rest = f"Ihr Link gilt noch bis zum {when(case.expires(mail))}" if live else "ich schicke Ihnen einen neuen Link"
    return Verdict(
        "passwort-abgelehnt",
        f"Ihr Link hat funktioniert, nur das neue Passwort wurde am {when(refused.at)} abgelehnt"
        f" ({reason(refused.detail)}); {rest}.",
        "" if live else SEND,
    )


def expired(case: Case, mail: Event) -> Verdict:
    """Opened too late."""
    return Verdict(
        "abgelaufen",
        f"Der Link aus der E-Mail vom {when(mail.at)} galt nur bis zum {when(case.expires(mail))}; ich schicke Ihnen"
        " jetzt einen neuen, bitte öffnen Sie ihn gleich.",
        SEND,
    )


def ended(mail: Event) -> Verdict:
    """A lock, a stop of mail or "not me" ended it before its time."""
    return Verdict(
        "link-beendet",
        f"Der Link aus der E-Mail vom {when(mail.at)} gilt nicht mehr, weil danach Ihr Konto oder Ihre Adresse"
        " gesperrt oder „Das war ich nicht“ gemeldet wurde; ich schicke Ihnen jetzt einen neuen.",
        SEND,
    )


def used_up(mail: Event) -> Verdict:
    """Its password was refused too often."""
    return Verdict(
        "link-beendet",
        f"Der Link aus der E-Mail vom {when(mail.at)} gilt nicht mehr, weil damit zu oft ein Passwort abgelehnt wurde;"
        " ich schicke Ihnen jetzt einen neuen.",
        SEND,
    )


def two_links(case: Case, mail: Event) -> Verdict:
    """Several mails, one link that is still valid."""
    return Verdict(
        "zwei-links",
        f"Es gingen {len(case.replaced) + 1} E-Mails an Sie, und nur der Link in der neuesten vom {when(mail.at)} gilt,"
        f" bis zum {when(case.expires(mail))}; löschen Sie die älteren und schauen Sie auch im Spam-Ordner nach.",
    )


def wrong_link(refused: Event, mail: Event) -> Verdict:
    """The right mail, but not the whole link or another address; or a stranger's try, which proves nothing."""
    return Verdict(
        "link-falsch",
        f"Am {when(refused.at)} wurde ein Link eingegeben, der unvollständig war oder nicht zur Adresse passte; bitte"
        f" suchen Sie unsere neueste E-Mail vom {when(mail.at)}, auch im Spam-Ordner, kopieren Sie daraus den ganzen"
        " Code in das Feld und geben Sie genau diese E-Mail-Adresse ein.",
        "Einen falschen Link kann jedermann eingeben, es muss nicht die anrufende Person gewesen sein. Klappt es nicht:"
        f" {SEND[0].lower()}{SEND[1:]}",
    )
