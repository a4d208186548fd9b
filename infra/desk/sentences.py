"""What a clerk is handed for each case."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """*code* names the case for scripts; *sentence* is to be said, *advice* to be done."""

    code: str
    sentence: str
    advice: str = ""


SEND = "Neue E-Mail schicken: desk send ADRESSE"
