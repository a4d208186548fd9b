"""Why a password is easy to guess, in words that help to find a better one (R39)."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from .blocklist import Blocklist
from .errors import Language
from .folding import spellings
from .guesses import Estimate, enough, estimate, hard_enough, joined
from .said import said
from .usernames import BLANKS

# Of a domain only real endings: random words with an @ and a dot between them are no address.
ENDINGS = "example com net org info biz gov edu online email app cloud berlin hamburg bayern koeln nrw wien swiss"
ADDRESS = re.compile(rf"[\w.%+'-]+@((?:[\w-]+\.)+(?i:[a-z]{{2}}|{ENDINGS.replace(' ', '|')}))")
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
        "Das Passwort enthält ein Wort, das zu diesem Dienst gehört, und sonst zu wenig. Nehmen Sie Wörter, die nichts"
        " damit zu tun haben.",
        "The password holds a word that belongs to this service and too little else. Use words that have nothing to do"
        " with it.",
    ),
    "adresse": Reason(
        "Das Passwort ist einer E-Mail-Adresse zu ähnlich. Nehmen Sie Wörter, die nichts mit Ihnen zu tun haben.",
        "The password is too close to an e-mail address. Use words that have nothing to do with you.",
    ),
    "jahr": Reason(
        "Das Passwort besteht vor allem aus Jahren, Daten oder Ziffern. Nehmen Sie vier oder mehr Wörter.",
        "The password is mostly made of years, dates or digits. Use four or more words.",
    ),
    "code": Reason(
        "Das ist der Code, ein Link oder die Vorgangsnummer aus der E-Mail. Denken Sie sich ein eigenes Passwort aus,"
        " das nirgends steht.",
        "This is the code, a link or the case number from the e-mail. Make up a password of your own that stands"
        " nowhere.",
    ),
    "zeichen": Reason(
        "Das Passwort enthält ein unsichtbares Steuerzeichen. Tippen Sie es ein oder kopieren Sie nur das Passwort.",
        "The password holds an invisible control character. Type it, or copy the password only.",
    ),
}


def reason(text: str, username: str, context: tuple[str, ...], known: Blocklist) -> str | None:
    """The key of why *text* is refused, or None: nothing speaks against it."""
    if any(unicodedata.category(char) in UNTYPED for char in text if char not in SHAPING) or not text.strip(
        SHAPING + BLANKS
    ):
        return "zeichen"
    address = ADDRESS.fullmatch(text)
    if address and address[1] in (address[1].lower(), address[1].upper(), address[1].title()):  # a person typed it
        return "adresse"
    own = {part: "kontext" for word in context for part in parts(word)}
    own |= dict.fromkeys(parts(username) | parts(username.partition("@")[0]), "adresse")
    whole = joined(text).strip(string.digits)
    if kind := own.get(whole):
        return kind  # with whatever blanks in it
    if {whole, _without(whole, own)} & said(*(text for each in REASONS.values() for text in (each.de, each.en))):
        return "bekannt"
    found = estimate(text, known, own)
    if hard_enough(found.bits, text, known, own):
        return None
    # What costs enough was refused because it leaked as a whole, or is known but for the sign that parts it.
    return "bekannt" if found.bits >= enough(text) else _worst(found)


def _without(whole: str, own: Mapping[str, str]) -> str:
    """*whole* without the names that it begins with, such as the one before a mail's subject."""
    return re.sub(f"^({'|'.join(map(re.escape, sorted(own, key=len, reverse=True)))})+", "", whole)


def parts(words: str) -> set[str]:
    """What an attacker tries of a name or an address: each word of three letters or more, and all of them joined."""
    found = set()
    for spelling in spellings(words) | spellings(_decoded(words)):
        pieces = [piece for piece in re.split(r"[\W_]+", spelling) if len(piece) > 2]
        found |= {*pieces, "".join(pieces), spelling}
    return {short for word in found for short in _umlauts(word) if len(short) > 2}


def _umlauts(word: str) -> set[str]:
    """*word* as an address has it, and as it folds when its umlauts and its ß are written."""
    short = re.sub("([aou])e", r"\1", word)
    return {word, short, word.replace("ss", "ß"), short.replace("ss", "ß")}


def _decoded(address: str) -> str:
    """*address* with its domain as people read it, not in punycode."""
    local, at, domain = address.rpartition("@")
    try:
        return local + at + domain.encode().decode("idna")
    except UnicodeError:
        return address


def _worst(found: Estimate) -> str:
    """What a customer should change first: own names before all else, then what most of the password is."""
    covered: Counter[str] = Counter()
    for piece in found.pieces:
        covered[piece.kind or ("jahr" if piece.digit else "bekannt")] += piece.end - piece.start
    told = {piece.kind for piece in found.pieces if piece.end - piece.start >= TELLING}
    own = [(covered[kind], kind) for kind in OWN if kind in told]
    return max(own)[1] if own else covered.most_common(1)[0][0]
