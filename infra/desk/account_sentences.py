"""The sentences about an account: unknown, locked, stopped, reported, changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reset.clock import german_time as when

from .sentences import SEND, Verdict, quoted
from .stops import stopped

if TYPE_CHECKING:
    from .case import Case
    from .history import Event


PAUSED = "Will die Person doch einen Link: desk send ADRESSE (umgeht die Pause)"
FOREIGN = "Hat die Person ihr Passwort nicht selbst geändert, gilt ein fremdes: desk lock ADRESSE --reason …"


def unknown() -> Verdict:
    """No account."""
    return Verdict(
        "unbekannt",
        "Zu dieser E-Mail-Adresse gibt es bei uns kein Konto; bitte buchstabieren Sie mir die Adresse,"
        " mit der Sie sich registriert haben.",
        "Nennen Sie keine andere Adresse von sich aus; fragen Sie, bis die anrufende Person sie selbst sagt.",
    )


def locked(case: Case) -> Verdict:
    """A locked account."""
    since = case.stored.get("locked_at")
    why = case.stored.get("lock_reason")
    return Verdict(
        "gesperrt",
        f"Ihr Konto ist{f' seit dem {when(since)}' if since else ''} gesperrt, ein neues Passwort hilft deshalb erst,"
        " wenn die Sperre aufgehoben ist.",
        f"Grund der Sperre: {quoted(why) if why else 'nicht angegeben'}. Aufheben: desk unlock ADRESSE --reason …",
    )


def suppressed(case: Case) -> Verdict:
    """On SES's suppression list."""
    return Verdict(
        "unterdrueckt",
        "An Ihre Adresse dürfen wir zurzeit nichts schicken, weil frühere E-Mails dort unzustellbar waren oder als Spam"
        " gemeldet wurden;"
        " nimmt Ihr Postfach wieder E-Mails an, hebe ich das jetzt auf und schicke Ihnen einen neuen Link.",
        f"Vermerkt: {_why(case)}. Aufheben: desk unsuppress ADRESSE --reason …, danach desk send ADRESSE",
    )


def bounced(case: Case) -> Verdict:
    """A hard bounce."""
    return Verdict(
        "unzustellbar",
        "Ihr Mailserver hat unsere E-Mail endgültig abgelehnt, weil er dieses Postfach nicht kennt oder sperrt;"
        " bitte lassen Sie Ihre IT prüfen, ob die Adresse noch gilt, und rufen Sie dann wieder an.",
        f"Vermerkt: {_why(case)}. Gilt die Adresse wieder: desk unsuppress ADRESSE --reason …,"
        " danach desk send ADRESSE",
    )


def complained(case: Case) -> Verdict:
    """A complaint."""
    return Verdict(
        "als-spam-gemeldet",
        "Eine E-Mail von uns wurde in Ihrem Postfach als Spam gemeldet, deshalb schicken wir dorthin nichts mehr;"
        " wenn Sie wieder E-Mails von uns möchten, schalte ich das jetzt frei.",
        f"Vermerkt: {_why(case)}. Nur auf Wunsch: desk unsuppress ADRESSE --reason …, danach desk send ADRESSE",
    )


def not_me(case: Case, pressed: Event | None) -> Verdict:
    """Somebody pressed "Das war ich nicht"."""
    until = case.account.paused_until if case.account else 0
    changed_at = int(case.stored.get("changed_at", 0))
    rest, advice = f"Ihr Passwort wurde zuletzt am {when(changed_at)} geändert", PAUSED
    if case.taken_over:
        rest = "davor wurde das Passwort geändert"
        advice = "Das Passwort wurde vor der Meldung geändert: desk lock ADRESSE --reason …"
    elif case.now - changed_at < int(case.facts["retention_days"]) * 86400:
        advice = f"{PAUSED}. {FOREIGN}"
    if case.password_gone:
        rest = "Ihr Konto hat zurzeit kein Passwort"
    elif case.account and case.account.status == "invited":
        rest = "Ihre Registrierung bleibt offen"
    elif "changed_at" not in case.stored:
        rest = "am Konto hat sich sonst nichts geändert"
    return Verdict(
        "nicht-ich",
        f"{f'Am {when(pressed.at)} wurde' if pressed else 'Es wurde'} „Das war ich nicht“ gemeldet: der Link ist"
        f" ungültig, alle Anmeldungen sind beendet, bis zum {when(until)} gehen auf neue Anforderungen keine E-Mails"
        f" hinaus, und {rest}.",
        advice,
    )


def taken_over(changed: Event | None) -> Verdict:
    """The password that is valid now is one whose owner said "not me"; the pause is over."""
    on = f"am {when(changed.at)} " if changed else ""
    return Verdict(
        "nicht-ich",
        f"Ihr Passwort wurde {on}geändert, und danach wurde „Das war ich nicht“ gemeldet; ich schicke Ihnen jetzt einen"
        " Link, mit dem Sie ein eigenes vergeben.",
        f"{SEND}. {FOREIGN}",
    )


def password_gone() -> Verdict:
    """Unlocking took away a password that its owner had disowned."""
    return Verdict(
        "passwort-geloescht",
        "Nach „Das war ich nicht“ war Ihr Konto gesperrt; die Sperre ist aufgehoben, das Passwort von damals gilt"
        " nicht mehr, und ich schicke Ihnen jetzt einen Link, mit dem Sie ein eigenes vergeben.",
        SEND,
    )


def changed(event: Event) -> Verdict:
    """The password was changed."""
    return Verdict(
        "geaendert",
        f"Ihr Passwort wurde am {when(event.at)} geändert; melden Sie sich mit dem neuen Passwort an.",
        f"Passwort nicht mehr bekannt? {SEND}",
    )


def not_invited() -> Verdict:
    """Invited, but no mail ever."""
    return Verdict(
        "registrierung-offen",
        "Ihre Registrierung ist noch nicht abgeschlossen; ich schicke Ihnen jetzt die E-Mail, mit der Sie Ihr erstes"
        " Passwort festlegen.",
        "Einladen: desk invite ADRESSE",
    )


def never_asked(case: Case) -> Verdict:
    """Nothing happened."""
    return Verdict(
        "nichts-angefordert",
        f"In den letzten {case.facts['retention_days']} Tagen wurde für Ihr Konto kein neues Passwort angefordert;"
        " wählen Sie auf der Anmeldeseite „Forgot your password?“, oder ich schicke Ihnen jetzt den Link.",
        SEND,
    )


def _why(case: Case) -> str:
    event = case.last("bounced", "complained")
    at = f" am {when(event.at)}" if event else ""
    why = case.account.undeliverable if case.account else None
    return f"{stopped(why) if why else ''}{at}"
