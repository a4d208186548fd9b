"""Why a password is easy to guess, in words that help to find a better one (R39)."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from .blocklist import Blocklist
from .errors import Language
from .folding import spellings
from .guesses import Estimate, enough, estimate, hard_enough

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
OWN = ("adresse", "kontext")
TELLING = 4  # letters of an own name: shorter ones, such as `org`, stand in other words by chance
# Unicode categories that no keyboard types: control characters with NUL, halves of a character, and what nobody sees;
# SHAPING does something to be seen: it joins emoji, and parts or joins letters of Persian and Indian scripts.
UNTYPED, SHAPING = ("Cc", "Cs", "Cf"), "\u200c\u200d"


@dataclass(frozen=True)
class Reason:
    """One sentence: what makes the password easy, and what to do."""

    de: str
    en: str

    def text(self, language: Language) -> str:
        """The customer's sentence in *language*."""
        return self.en if language == "en" else self.de


REASONS = {
    "bekannt": Reason(
        "Das Passwort besteht aus bekannten Wörtern oder Passwörtern und ist schnell erraten. Nehmen Sie vier oder mehr"
        " Wörter, die nichts miteinander zu tun haben.",
        "The password is made of well-known words or passwords and is guessed quickly. Use four or more words that have"
        " nothing to do with each other.",
    ),
    "tastenfolge": Reason(
        "Das Passwort folgt den Tasten der Tastatur; das probieren Angreifer zuerst. Nehmen Sie vier oder mehr Wörter.",
        "The password follows the keys of the keyboard; attackers try that first. Use four or more words.",
    ),
    "wiederholung": Reason(
        "Das Passwort wiederholt sich; die Wiederholung schützt nicht. Ersetzen Sie sie durch andere Wörter.",
        "The password repeats itself; the repetition adds no protection. Replace it with other words.",
    ),
    "reihenfolge": Reason(
        "Das Passwort zählt Ziffern oder Buchstaben der Reihe nach auf. Nehmen Sie vier oder mehr Wörter.",
        "The password counts digits or letters in order. Use four or more words.",
    ),
    "kontext": Reason(
        "Das Passwort enthält den Namen dieses Dienstes und sonst zu wenig. Nehmen Sie Wörter, die nichts damit zu tun"
        " haben.",
        "The password holds the name of this service and too little else. Use words that have nothing to do with it.",
    ),
    "adresse": Reason(
        "Das Passwort ist einer E-Mail-Adresse zu ähnlich. Nehmen Sie Wörter, die nichts mit Ihnen zu tun haben.",
        "The password is too close to an e-mail address. Use words that have nothing to do with you.",
    ),
    "jahr": Reason(
        "Das Passwort besteht vor allem aus Jahren, Daten oder Ziffern. Nehmen Sie vier oder mehr Wörter.",
        "The password is mostly made of years, dates or digits. Use four or more words.",
    ),
    "zeichen": Reason(
        "Das Passwort enthält ein unsichtbares Steuerzeichen. Tippen Sie es ein oder kopieren Sie nur das Passwort.",
        "The password holds an invisible control character. Type it, or copy the password only.",
    ),
}


def reason(text: str, username: str, context: tuple[str, ...], known: Blocklist) -> str | None:
    """The key of why *text* is refused, or None: nothing speaks against it."""
    if any(unicodedata.category(char) in UNTYPED for char in text if char not in SHAPING):
        return "zeichen"
    if ADDRESS.fullmatch(text):
        return "adresse"
    own = {part: "kontext" for word in context for part in parts(word)} | dict.fromkeys(parts(username), "adresse")
    found = estimate(text, known, own)
    if hard_enough(found.bits, text, known):
        return None
    # What costs enough was refused because it leaked as a whole, or is known but for the sign that parts it.
    return "bekannt" if found.bits >= enough(text) else _worst(found)


def parts(words: str) -> set[str]:
    """What an attacker tries of a name or an address: each word of three letters or more, and all of them joined."""
    found = set()
    for spelling in spellings(words):
        pieces = [piece for piece in re.split(r"[\W_]+", spelling) if len(piece) > 2]
        found |= {*pieces, "".join(pieces), spelling}
    return found - {""}


def _worst(found: Estimate) -> str:
    """What a customer should change first: own names before all else, then what most of the password is."""
    for own in OWN:
        if any(piece.kind == own and piece.end - piece.start >= TELLING for piece in found.pieces):
            return own
    covered: Counter[str] = Counter()
    for piece in found.pieces:
        covered[piece.kind or ("jahr" if piece.digit else "bekannt")] += piece.end - piece.start
    return covered.most_common(1)[0][0]
