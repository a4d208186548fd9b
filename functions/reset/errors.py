"""The codes a customer can meet: the contract between function, pages, log and help desk."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["de", "en"]


@dataclass(frozen=True)
class Code:
    """One failure: HTTP status, the form field it belongs to, and what a customer reads."""

    status: int
    field: str | None
    de: str
    en: str

    def text(self, language: Language) -> str:
        """The customer's sentence in *language*."""
        return self.en if language == "en" else self.de


CODES = {
    "eingabe-ungueltig": Code(
        400,
        None,
        "Das Formular ist unvollständig oder nicht lesbar. Füllen Sie alle Felder aus, die E-Mail-Adresse ganz"
        " (name@example.com), und senden Sie es noch einmal.",
        "The form is incomplete or cannot be read. Fill in all fields, the e-mail address in full (name@example.com),"
        " and send it again.",
    ),
    "link-ungueltig": Code(
        400,
        "token",
        "Der Link oder der Code gilt nicht mehr oder ist nicht vollständig.",
        "The link or code is no longer valid or is not complete.",
    ),
    "passwort-ungleich": Code(
        422,
        "confirm",
        "Die beiden Passwörter sind verschieden. Geben Sie in „Confirm“ dasselbe ein wie in „New password“.",
        "The two passwords differ. Enter the same in “Confirm” as in “New password”.",
    ),
    "passwort-zu-kurz": Code(
        422,
        "new_password",
        "Das Passwort ist zu kurz. Hängen Sie weitere Wörter an, bis es mindestens {minimum} Zeichen hat.",
        "The password is too short. Add more words until it has at least {minimum} characters.",
    ),
    "passwort-zu-lang": Code(
        422,
        "new_password",
        "Das Passwort ist zu lang. Kürzen Sie es auf höchstens {maximum} Zeichen.",
        "The password is too long. Shorten it to at most {maximum} characters.",
    ),
    "passwort-zu-einfach": Code(
        422,
        "new_password",
        "Das Passwort ist leicht zu erraten. Nehmen Sie vier oder mehr Wörter, die nichts miteinander zu tun haben.",
        "The password is easy to guess. Use four or more words that have nothing to do with each other.",
    ),
    "passwort-wie-bisher": Code(
        422,
        "new_password",
        "Das ist Ihr bisheriges Passwort. Denken Sie sich ein neues aus.",
        "This is your current password. Think of a new one.",
    ),
    "anmeldung-fehlgeschlagen": Code(
        401,
        None,
        "Username und Passwort passen nicht zusammen. Prüfen Sie beide oder setzen Sie Ihr Passwort zurück.",
        "Username and password do not match. Check both or reset your password.",
    ),
    "nicht-angemeldet": Code(
        401,
        None,
        "Sie sind nicht angemeldet. Melden Sie sich an.",
        "You are not logged in. Log in.",
    ),
    "zu-viele-anfragen": Code(
        429,
        None,
        "Das waren zu viele Versuche in kurzer Zeit. Warten Sie bis zu einer Stunde und versuchen Sie es dann noch"
        " einmal.",
        "Too many attempts in a short time. Wait for up to an hour, then try again.",
    ),
    "nicht-erlaubt": Code(403, None, "Dieser Weg ist nicht erlaubt.", "This way is not allowed."),
    "nicht-gefunden": Code(404, None, "Diese Adresse gibt es hier nicht.", "There is nothing at this address."),
    "methode-nicht-erlaubt": Code(
        405, None, "Diese Adresse nimmt diese Methode nicht an.", "This address does not take this method."
    ),
    "zu-gross": Code(413, None, "Die Anfrage ist zu groß.", "The request is too large."),
    "format-nicht-erlaubt": Code(
        415,
        None,
        "Die Anfrage muss als Formular kommen (application/x-www-form-urlencoded).",
        "The request must be a form (application/x-www-form-urlencoded).",
    ),
    "stoerung": Code(
        500,
        None,
        "Wegen einer Störung ist nicht sicher, ob das geklappt hat. Versuchen Sie es in einigen Minuten"
        " noch einmal und nennen Sie bei Rückfragen die Vorgangsnummer.",
        "Because of a fault on our side we cannot tell whether this worked. Try again in a few minutes, and quote the"
        " case number if you ask for help.",
    ),
    "nicht-bereit": Code(503, None, "Der Dienst ist gerade nicht bereit.", "The service is not ready."),
}

# What is wrong with one field where the code is about the whole form.
FIELDS = {
    "username": Code(
        400,
        "username",
        "Das ist keine vollständige E-Mail-Adresse. Geben Sie sie so ein: name@example.com",
        "This is not a complete e-mail address. Enter it like this: name@example.com",
    ),
}


class Problem(Exception):  # noqa: N818  # RFC 9457's word
    """A failure with a public *code*.

    *field* is a key of FIELDS, *detail* one of passwords.REASONS, *retry_after* is in seconds, *allow* names the
    methods of a 405.
    """

    def __init__(
        self,
        code: str,
        *,
        field: str | None = None,
        detail: str | None = None,
        retry_after: int | None = None,
        allow: str | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.detail = detail
        self.retry_after = retry_after
        self.allow = allow
