"""How a text is read: in small Latin letters, as a list of known words has them."""

import unicodedata

# A Cyrillic letter is read as the Latin one on its key: so leaks have it, and so it shows a run of keys.
CYRILLIC = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


KOREAN = range(0xAC00, 0xD7A4)  # syllables: NFKD would leave the first sound of each


def fold(text: str) -> str:
    """*text* in small Latin letters without accents, character by character, so that places stay the same."""
    if text.isascii():
        return text.lower()
    small = "".join(char.lower()[0] for char in text).translate(CYRILLIC)
    return "".join(char if ord(char) in KOREAN else unicodedata.normalize("NFKD", char)[0].lower()[0] for char in small)


def spellings(words: str) -> set[str]:
    """How *words* may be typed: without the dots of the umlauts, and with the umlauts written out."""
    words = unicodedata.normalize("NFC", words.lower())
    return {fold(words), fold(words.translate(UMLAUTS))}
