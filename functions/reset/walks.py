"""Finds runs of neighbouring keys, on German (QWERTZ) and American (QWERTY) keyboards and the number pad (R34)."""

from collections.abc import Iterator

KEYBOARDS = (
    ("^1234567890ß´", " qwertzuiopü+", " asdfghjklöä#", "<yxcvbnm,.-"),
    ("`1234567890-=", " qwertyuiop[]", " asdfghjkl;'", " zxcvbnm,./"),
    ("789", "456", "123", "0"),
)
SHIFTED: tuple[dict[str, str], ...] = (
    dict(zip('!"§$%&/()=?*;:_', "1234567890ß+,.-", strict=True)),
    dict(zip("!@#$%^&*()_+{}:<>?", "1234567890-=[];,./", strict=True)),
    {},
)
FIRST, ON, TURN = 5.0, 0.5, 2.5  # bits for the first key, for going on as before, for a change of direction
LONGEST = 10  # keys; a longer walk counts as several

Place = tuple[int, int]


def _places(rows: tuple[str, ...], shifted: dict[str, str]) -> dict[str, Place]:
    places = {key: (x, y) for y, row in enumerate(rows) for x, key in enumerate(row) if key != " "}
    return places | {sign: places[key] for sign, key in shifted.items() if sign not in places}


PLACES = tuple(_places(rows, shifted) for rows, shifted in zip(KEYBOARDS, SHIFTED, strict=True))


def walks(text: str, *, straight: bool = False) -> Iterator[tuple[int, int, float]]:
    """Start, end and bits of each run of four or more keys that touch each other, or that lie *straight* in a row."""
    for places in PLACES:
        at = [places.get(char) for char in text]
        for start in range(len(text) - 3):
            for end, bits, turns in _from(at, start):
                if not (straight and turns > 1):
                    yield start, end, bits


def _from(at: list[Place | None], start: int) -> Iterator[tuple[int, float, int]]:
    bits, turns, before = FIRST, 0, (9, 9)
    for end in range(start + 1, min(len(at), start + LONGEST)):
        one, two = at[end - 1], at[end]
        if one is None or two is None:
            return
        step = (two[0] - one[0], two[1] - one[1])
        if max(abs(step[0]), abs(step[1])) != 1:  # the same key again is a repetition, not a walk
            return
        turns += step != before
        bits += ON if step == before else TURN
        before = step
        if end - start >= 3:
            yield end + 1, bits, turns
