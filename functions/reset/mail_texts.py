"""The words of the mails."""

from dataclasses import dataclass
from typing import Literal

from .errors import Language

Kind = Literal["reset", "finish", "locked", "changed"]


@dataclass(frozen=True)
class Words:
    """One mail's words; *link* is the text of the link that sets a password, "" where there is none."""

    subject: str
    opening: tuple[str, ...]
    link: str = ""
    code: str = ""
    closing: tuple[str, ...] = ()
    not_me: str = ""
    not_me_link: str = ""
    foot: str = ""


_CODE = "Sie können den Link nicht öffnen? Kopieren Sie diesen Code in das Feld „Code aus der E-Mail“:"
_NOT_ME = "Sie haben das nicht angefordert? Dann sagen Sie es uns; der Link gilt danach nicht mehr."
_NOT_ME_LINK = "Das war ich nicht"
_FOOT = "Fragen? Schreiben Sie an {mailbox}\nVorgangsnummer: {vorgang}"
_VALID = "Der Link gilt {minutes} Minuten und nur einmal. Fordern Sie später einen neuen an, gilt nur noch der neue."

_CODE_EN = "The link does not open? Copy this code into the field “Code from the e-mail”:"
_NOT_ME_EN = "You did not ask for this? Then tell us; the link will stop working."
_NOT_ME_LINK_EN = "That was not me"
_FOOT_EN = "Questions? Write to {mailbox}\nCase number (Vorgangsnummer): {vorgang}"
_VALID_EN = (
    "The link is valid for {minutes} minutes and only once. If you ask for a new one, only the new one is valid."
)

TEXTS: dict[Language, dict[Kind, Words]] = {
    "de": {
        "reset": Words(
            "Ihr Passwort zurücksetzen",
            ("Guten Tag,", "für Ihr Konto im {portal} wurde ein neues Passwort angefordert."),
            "Mein Passwort zurücksetzen",
            _CODE,
            (_VALID,),
            _NOT_ME,
            _NOT_ME_LINK,
            _FOOT,
        ),
        "finish": Words(
            "Ihre Registrierung abschließen",
            (
                "Guten Tag,",
                "Ihre Registrierung im {portal} ist noch nicht abgeschlossen. Legen Sie jetzt Ihr erstes Passwort fest,"
                " dann ist Ihr Konto aktiv.",
            ),
            "Meine Registrierung abschließen",
            _CODE,
            (_VALID,),
            "Sie haben sich nicht registriert? Dann sagen Sie es uns; der Link gilt danach nicht mehr.",
            _NOT_ME_LINK,
            _FOOT,
        ),
        "locked": Words(
            "Ihr Konto ist gesperrt",
            (
                "Guten Tag,",
                "für Ihr Konto im {portal} wurde ein neues Passwort angefordert. Das Konto ist aber gesperrt."
                " Ein neues Passwort hilft dann nicht, deshalb enthält diese E-Mail keinen Link dafür.",
                "Schreiben Sie an {mailbox} und nennen Sie die Vorgangsnummer. Dort erfahren Sie den Grund und wie es"
                " weitergeht.",
            ),
            closing=(
                "Sie haben nichts angefordert? Vielleicht hat jemand Ihre Adresse eingetippt. Es ist nichts zu tun.",
            ),
            foot=_FOOT,
        ),
        "changed": Words(
            "Ihr Passwort wurde geändert",
            (
                "Guten Tag,",
                "das Passwort für Ihr Konto im {portal} wurde am {time} geändert."
                " Alle früheren Anmeldungen sind beendet.",
                "Waren Sie das? Dann ist nichts weiter zu tun.",
            ),
            not_me="Waren Sie das nicht? Dann sagen Sie es uns sofort und schreiben Sie an {mailbox}",
            not_me_link=_NOT_ME_LINK,
            foot=_FOOT,
        ),
    },
    "en": {
        "reset": Words(
            "Reset your password",
            ("Hello,", "somebody asked for a new password for your account at the {portal}."),
            "Reset my password",
            _CODE_EN,
            (_VALID_EN,),
            _NOT_ME_EN,
            _NOT_ME_LINK_EN,
            _FOOT_EN,
        ),
        "finish": Words(
            "Finish your registration",
            (
                "Hello,",
                "your registration at the {portal} is not finished yet. Set your first password now, and your account"
                " is active.",
            ),
            "Finish my registration",
            _CODE_EN,
            (_VALID_EN,),
            "You did not register? Then tell us; the link will stop working.",
            _NOT_ME_LINK_EN,
            _FOOT_EN,
        ),
        "locked": Words(
            "Your account is locked",
            (
                "Hello,",
                "somebody asked for a new password for your account at the {portal}. But the account is locked. A new"
                " password does not help then, so this e-mail has no link for it.",
                "Write to {mailbox} and quote the case number. They will tell you the reason and what happens next.",
            ),
            closing=("You did not ask for anything? Perhaps somebody typed your address. There is nothing to do.",),
            foot=_FOOT_EN,
        ),
        "changed": Words(
            "Your password was changed",
            (
                "Hello,",
                "the password for your account at the {portal} was changed on {time}. All earlier logins have ended.",
                "Was it you? Then there is nothing else to do.",
            ),
            not_me="Was it not you? Then tell us at once and write to {mailbox}",
            not_me_link=_NOT_ME_LINK_EN,
            foot=_FOOT_EN,
        ),
    },
}
