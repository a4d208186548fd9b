"""What signs beyond ASCII tell of each other: one alphabet, one picture of several signs."""

import unicodedata

# What follows of itself in one picture of a phone's keyboard: joiners, variants, key caps, colours of skin.
JOINER, GOES_ON = "\u200d", "\u200c\u200d\ufe0e\ufe0f\u20e3" + "".join(map(chr, range(0x1F3FB, 0x1F400)))
FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))


def goes_on(text: str, place: int) -> bool:
    """Whether the sign at *place* only goes on with the picture before it."""
    return text[place] in GOES_ON or (place > 0 and text[place - 1] == JOINER) or _second_of_a_flag(text, place)


def script(char: str) -> str:
    """The alphabet of a letter or its mark, such as THAI; of a picture or a Chinese sign itself: each is a choice."""
    of_letters = unicodedata.category(char)[0] in "LM" and char < "\u3100"
    return unicodedata.name(char, char).partition(" ")[0] if of_letters else char


def _second_of_a_flag(text: str, place: int) -> bool:
    """Whether the sign is the second of two letters that stand for a country's flag."""
    before = len(text[:place]) - len(text[:place].rstrip(FLAGS))
    return text[place] in FLAGS and before % 2 == 1
