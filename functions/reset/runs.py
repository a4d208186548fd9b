"""Finds what goes on by itself: series, and what repeats or mirrors what stood before (R34)."""

import math
from collections.abc import Iterator
from itertools import pairwise

SHORTEST = 3  # characters
MANY = 8  # up to this size each part of a run or copy counts, beyond it only the whole

Run = tuple[int, int, float]  # start, end and bits


def series(text: str) -> Iterator[Run]:
    """Runs such as `abcd`, `9876`, `2468` and `aaaa`, and two woven into each other."""
    yield from _woven(text)
    steps = [ord(two) - ord(one) for one, two in pairwise(text)]
    for start, step in enumerate(steps):
        end = start + 1
        while end < len(steps) and steps[end] == step:
            end += 1
        if abs(step) <= 2 and (text[start].isalnum() or not text[start].isascii()):  # rows of pictures, too
            for size in _sizes(SHORTEST, end + 1 - start):
                yield start, start + size, 4.0 + abs(step) + math.log2(size)


def _sizes(least: int, most: int) -> Iterator[int]:
    """Every short size and the longest: enough for the cheapest way, and no more work for long runs (R61)."""
    yield from range(least, min(most, MANY) + 1)
    if most > MANY:
        yield most


def copies(folded: str) -> Iterator[Run]:
    """What was there before, once more or backwards: guessing it costs only from where and how long."""
    for second, (first, length) in enumerate(_longest(folded)):
        bits = 4.0 if first + length >= second else 3.0 + math.log2(second)
        for size in _sizes(2, length):
            yield second, second + size, bits
        mirror = 0
        while mirror < min(second, len(folded) - second) and folded[second + mirror] == folded[second - mirror - 1]:
            mirror += 1
        for size in _sizes(SHORTEST, mirror):
            yield second, second + size, 4.0


def _longest(folded: str) -> list[tuple[int, int]]:
    """For each place, where the longest text that also stands there began before, and its length."""
    size = len(folded)
    best = [(0, 0)] * size
    after = [0] * (size + 1)  # how much is alike from first + 1 and second + 1 on, for each second
    for first in range(size - 1, -1, -1):
        now = [0] * (size + 1)
        for second in range(first + 1, size):
            if folded[first] == folded[second]:
                now[second] = after[second + 1] + 1
                if now[second] > best[second][1]:
                    best[second] = (first, now[second])
        after = now
    return best


def _woven(folded: str) -> Iterator[Run]:
    """Two runs woven into each other, such as `1a2b3c4d5e`."""
    for start in range(len(folded) - 7):
        end = start + 4
        steps = [ord(folded[start + place + 2]) - ord(folded[start + place]) for place in (0, 1)]
        if max(map(abs, steps)) > 1 or steps == [0, 0]:
            continue
        while end < len(folded) and ord(folded[end]) - ord(folded[end - 2]) == steps[(end - start) % 2]:
            end += 1
        if end - start > 7:
            yield start, end, 14.0
