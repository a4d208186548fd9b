"""Few colours make a small lossless picture; those of the page itself stay as they are."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from PIL import Image

Colour = tuple[int, int, int]
STEP = 100  # distance in RGB between two shades that soften an edge; two or three of them do for text at double density
WIDE = 0.002  # a colour that covers more of the picture than this is an area, not an edge


def few_colours(picture: Image.Image, exact: Iterable[str]) -> Image.Image:
    """*picture* with its areas and the colours *exact* (`#rrggbb`) untouched, and fewer shades between them."""
    counted: list[tuple[int, Any]] = sorted(picture.getcolors(1 << 24) or [], reverse=True)
    there = {colour for _, colour in counted}
    named = {(int(each[1:3], 16), int(each[3:5], 16), int(each[5:7], 16)) for each in exact if each}
    areas = {colour for count, colour in counted if count > WIDE * picture.width * picture.height}
    kept = list((named & there) | areas)
    for _, colour in counted:
        if all(_distance(colour, other) >= STEP**2 for other in kept):
            kept.append(colour)
    nearest: dict[Any, Colour] = {each: min(kept, key=partial(_distance, each)) for each in there}
    result = Image.new("RGB", picture.size)
    result.putdata([nearest[pixel] for pixel in picture.get_flattened_data()])
    return result


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
