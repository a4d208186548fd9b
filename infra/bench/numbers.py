"""Medians, spread, and whether two series can be told apart."""

import random
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

SHIFTS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50)  # milliseconds
NEAR = 8  # pairs on either side that count as the same moment


@dataclass
class Pairs:
    """Times and CPU in milliseconds, pair by pair."""

    known: list[float] = field(default_factory=list)
    unknown: list[float] = field(default_factory=list)
    known_cpu: list[float] = field(default_factory=list)
    unknown_cpu: list[float] = field(default_factory=list)

    def still(self) -> "Pairs":
        """The times with the machine's drift divided out: each by the median of its neighbourhood."""
        calm = Pairs()
        for place in range(len(self.known)):
            near = slice(max(0, place - NEAR), place + NEAR + 1)
            middle = statistics.median(self.known[near] + self.unknown[near])
            calm.known.append(self.known[place] / middle)
            calm.unknown.append(self.unknown[place] / middle)
        return calm

    def shifted(self, milliseconds: float) -> "Pairs":
        """A product with these very times whose known accounts take longer: the control."""
        return Pairs([each + milliseconds for each in self.unknown], self.unknown)

    def smallest_shift(self) -> float | None:
        """The smallest leak that this measurement would have shown outside its 95 % interval."""
        count = len(self.unknown)
        margin = 1.96 * ((2 * count + 1) / (12 * count * count)) ** 0.5
        for shift in SHIFTS:
            moved = self.shifted(shift).still()
            if auc(moved.known, moved.unknown) - margin > 0.5:
                return shift
        return None


def auc(known: Sequence[float], unknown: Sequence[float]) -> float:
    """How often a known one is slower than an unknown one: 0.5 tells nothing, 0 and 1 tell all."""
    ordered = sorted(unknown)
    below = sum(bisect_left(ordered, each) + bisect_right(ordered, each) for each in known)
    return below / 2 / len(known) / len(unknown)


def auc_interval(pairs: Pairs, rounds: int = 200) -> tuple[float, float, float]:
    """The AUC and its 95 % interval by bootstrap over pairs."""
    chance, count = random.Random(7), len(pairs.known)  # noqa: S311  # no secret
    found = []
    for _ in range(rounds):
        picked = chance.choices(range(count), k=count)
        found.append(auc([pairs.known[each] for each in picked], [pairs.unknown[each] for each in picked]))
    found.sort()
    return auc(pairs.known, pairs.unknown), found[int(rounds * 0.025)], found[int(rounds * 0.975)]


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Median and quartiles, as `12.3 (11.0–14.2)`."""
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that *share* of all stay below."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def ratio(one: Sequence[float], other: Sequence[float], of: Callable[[Sequence[float]], float] = sum) -> float:
    """One series as a multiple of the other."""
    return of(one) / of(other)
