"""What the service itself says: the first that whoever attacks just this service tries (R34, R35)."""

import re
from functools import cache

from .errors import CODES
from .guesses import WHOLE, joined


@cache
def said(*reasons: str) -> frozenset[str]:
    """Letters and digits of each sentence, and of its parts, in messages, mails and the *reasons* of a refusal."""
    from .mail_texts import TEXTS  # noqa: PLC0415  # only a reset needs it

    texts = [*reasons, *(text for code in CODES.values() for text in (code.de, code.en))]
    for words in (each for kinds in TEXTS.values() for each in kinds.values()):
        texts += [
            words.subject,
            words.link,
            words.code,
            *words.opening,
            *words.closing,
            words.not_me,
            words.not_me_link,
        ]
    parts = {joined(part) for text in texts for cut in ("[.:;?!]", "[.:;?!,]") for part in re.split(cut, text)}
    return frozenset(part for part in parts if len(part) >= WHOLE)
