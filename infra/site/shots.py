"""The article's pictures: listed in docs/shots.yml, shown as soon as their files exist."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from .data import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DENSITY = 2  # pictures are taken with two pixels for each of the page


@dataclass(frozen=True)
class Shots:
    """The list of pictures and the folder with their files."""

    folder: Path
    listed: Mapping[str, Any]

    @classmethod
    def load(cls, docs: Path) -> Shots:
        """Reads docs/shots.yml."""
        return cls(docs / "assets/shots", read(docs / "shots.yml"))

    def exists(self, name: str, language: str) -> bool:
        """Whether the picture is there, light and dark."""
        return all((self.folder / f"{name}.{language}.{theme}.webp").exists() for theme in ("light", "dark"))

    def picture(self, name: str, language: str) -> str:
        """The picture in its two themes, or nothing while it is still to be taken."""
        shot = self.listed[name]
        if not self.exists(name, language):
            return ""
        width, height = size((self.folder / f"{name}.{language}.light.webp").read_bytes())
        source = f"/assets/shots/{name}.{language}"
        return (
            f'<picture class="shot"><source srcset="{source}.dark.webp" media="(prefers-color-scheme: dark)">'
            f'<img src="{source}.light.webp" alt="{escape(shot["alt"][language])}" width="{width // DENSITY}"'
            f' height="{height // DENSITY}" loading="lazy" decoding="async"></picture>'
        )

    def number(self, name: str, label: str, language: str) -> str:
        """The number that *label* carries in the picture; a label without a mark is a fault of the list."""
        numbers = [mark["number"] for mark in self.listed[name]["marks"] if name_of(mark, language) == label]
        if len(numbers) != 1:
            raise ValueError(f"docs/shots.yml: {name} has {len(numbers)} marks on {label!r}, not one")
        if not self.exists(name, language):
            return ""
        hint = {"de": "Nummer {} im Bild", "en": "number {} in the picture"}[language].format(numbers[0])
        seen = f'<span aria-hidden="true">{numbers[0]}</span>'
        return f'<span class="mark">&NoBreak;<span class="sr">, {hint}</span>{seen}</span>'


def name_of(mark: Mapping[str, Any], language: str) -> str:
    """The accessible name that a mark stands on: one for both languages, or one each."""
    name = mark["name"]
    return str(name[language] if isinstance(name, dict) else name)


def size(webp: bytes) -> tuple[int, int]:
    """Width and height of a WebP file (RFC 9649), lossless or extended."""
    kind = webp[12:16]
    if kind == b"VP8L":
        bits = int.from_bytes(webp[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return int.from_bytes(webp[24:27], "little") + 1, int.from_bytes(webp[27:30], "little") + 1
    raise ValueError("not a lossless WebP")
