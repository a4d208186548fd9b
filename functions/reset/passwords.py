"""What a password must be, and how it is kept."""

from dataclasses import dataclass

MAXIMUM = 128


@dataclass(frozen=True)
class Rule:
    """One criterion: the code of its refusal, what a customer reads, and how a page can tick it while typing.

    *live* is `min`, `max` or `address` for what a browser can tell, None for what only the server knows.
    """

    code: str
    de: str
    en: str
    live: str | None


def rules(minimum: int = 15) -> tuple[Rule, ...]:
    """The criteria in the order they are shown; form, article, mail and server all read them here."""
    return (
        Rule("passwort-zu-kurz", f"Mindestens {minimum} Zeichen.", f"At least {minimum} characters.", "min"),
        Rule("passwort-zu-lang", f"Höchstens {MAXIMUM} Zeichen.", f"At most {MAXIMUM} characters.", "max"),
        Rule(
            "passwort-zu-einfach",
            "Kein bekanntes oder leicht zu erratendes Passwort, keine Tastenfolge und keine Wiederholung.",
            "No well-known or easily guessed password, no keyboard run and no repetition.",
            None,
        ),
        Rule(
            "passwort-zu-einfach",
            "Nicht Ihre E-Mail-Adresse und nicht der Name dieses Dienstes.",
            "Not your e-mail address and not the name of this service.",
            "address",
        ),
        Rule("passwort-wie-bisher", "Nicht Ihr bisheriges Passwort.", "Not your current password.", None),
    )
