"""The letter table: which sign follows which four, learnt from leaked passwords, names and words."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from reset.blocklist import DENSE, LONGEST, NUMBERS, OTHER, SIGNS, STEPS, WIDTH
from reset.folding import fold

Counts = list[dict[int, float]]  # for each length of a run: how often it was seen, or how likely its last sign is

SEEN = 30  # a longer run seen less often is chance; a run of one list has its weight, at most 60
WORTH = {4: 100, 5: 800}  # bits, times weight: what a longer run must save in all to be kept
MOST = 15  # bits


def count(lists: Iterable[tuple[int, Iterable[str]]]) -> Counts:
    """How often each run of one to five signs ends a beginning of a text; each list has its weight."""
    runs: Counter[int] = Counter()
    for weight, texts in lists:
        for text in texts:
            run = 0
            for char in fold(text):
                run = run * SIGNS % SIGNS**LONGEST + NUMBERS.get(char, OTHER)
                runs[run] += weight
    counts: Counts = [{}, {}, {}, {}, {}, dict(runs)]
    for length in range(LONGEST - 1, 0, -1):
        for run, seen in counts[length + 1].items():
            shorter = run % SIGNS**length
            counts[length][shorter] = counts[length].get(shorter, 0) + seen
    for length in range(DENSE + 1, LONGEST + 1):
        counts[length] = {run: seen for run, seen in counts[length].items() if seen >= SEEN}
    return counts


class Model:
    """The chance of a sign after others (Witten and Bell): the longer run counts as far as it was seen."""

    def __init__(self, counts: Counts) -> None:
        self._chances: Counts = [{} for _ in counts]
        self._spare: Counts = [{} for _ in counts]
        for length in range(1, LONGEST + 1):
            total: dict[int, float] = defaultdict(float)
            kinds: Counter[int] = Counter()
            for run, seen in counts[length].items():
                total[run // SIGNS] += seen / 10
                kinds[run // SIGNS] += 1
            for run, seen in counts[length].items():
                whole, own = total[run // SIGNS], kinds[run // SIGNS]
                self._chances[length][run] = (seen / 10 + own * self.chance(run, length - 1)) / (whole + own)
                self._spare[length][run // SIGNS] = own / (whole + own)

    def chance(self, run: int, length: int) -> float:
        """The chance of the last of *length* signs after the others."""
        if not length:
            return 1 / SIGNS
        run %= SIGNS**length
        return self._chances[length].get(run) or self.shorter(run, length)

    def shorter(self, run: int, length: int) -> float:
        """The same, had the run of that *length* not been seen."""
        return self._spare[length].get(run // SIGNS, 1.0) * self.chance(run, length - 1)


def table(lists: Iterable[tuple[int, Iterable[str]]]) -> bytes:
    """The letter table as it is kept in front of the words."""
    counts = count(lists)
    model = Model(counts)
    dense = bytes(min(31, _bits(model.chance(run, DENSE), STEPS)) for run in range(SIGNS**DENSE))
    return dense + b"".join(_packed(counts[length], model, length) for length in range(DENSE + 1, LONGEST + 1))


def _packed(seen: dict[int, float], model: Model, length: int) -> bytes:
    kept = {}
    for run in sorted(seen):
        chance = model.chance(run, length)
        if seen[run] * math.log2(chance / model.shorter(run, length)) > WORTH[length]:
            kept[run] = min(MOST, _bits(chance))
    return packed(list(kept)) + bytes(kept.values())


def packed(numbers: list[int]) -> bytes:
    """Rising *numbers* as `reset.blocklist.numbers` reads them."""
    steps = [after - before for before, after in zip([0, *numbers], numbers, strict=False)]
    planes = [bytes(step >> 8 * place & 255 for step in steps) for place in range(WIDTH)]
    return b"".join([len(numbers).to_bytes(WIDTH, "big"), *planes])


def _bits(chance: float, steps: int = 1) -> int:
    return round(-math.log2(chance) * steps)


def names(first: list[str], last: list[str], most: int) -> Iterator[str]:
    """Names as accounts and passwords have them: joined, with a dot, turned round, with a year."""
    for number in range(most):
        one, two = first[number % len(first)], last[number * 7919 % len(last)]
        one, two = (two, one) if number % 10 >= 7 else (one, two)
        yield one + ("", "", ".", "_")[number // 3 % 4] + two + ("", "", f"{1940 + number % 72}")[number // 7 % 3]
