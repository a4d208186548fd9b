"""What a command says: text for people, tables and colours on a terminal, JSON for programs."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.prompt import Confirm
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class German(Confirm):
    """A question that is answered with j or n."""

    choices = ["j", "n"]  # noqa: RUF012  # rich declares it so
    validate_error_message = "Bitte j oder n eingeben."

    def process_response(self, value: str) -> bool:
        """Whether the answer is yes."""
        value = value.strip().lower()
        if value in ("j", "ja", "n", "nein"):
            return value.startswith("j")
        return super().process_response(value)


class Output:
    """Where a command writes; *as_json* keeps everything but the result silent."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.console = Console(highlight=False, stderr=False)

    @property
    def interactive(self) -> bool:
        """Whether somebody can be asked, wherever the answer itself goes."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def say(self, text: str = "", style: str | None = None) -> None:
        """One line for people; never wrapped, so that it can be copied and searched."""
        if not self.as_json:
            self.console.print(Text(clean(text), style=style or ""), soft_wrap=True)

    def result(self, value: Any) -> None:
        """The result for programs."""
        if self.as_json:
            sys.stdout.write(as_json(value, indent=2) + "\n")

    def ask(self, question: str) -> bool:
        """Asks beside the output, so that it can be piped; the default is no."""
        return German.ask(question, console=Console(stderr=True, highlight=False), default=False)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A table; as aligned text where there is no terminal."""
        cells = [[clean(str(cell)) for cell in row] for row in rows]
        if self.as_json:
            return
        if self.console.is_terminal:
            table = Table(*heads, header_style="bold", box=None, pad_edge=False)
            for row in cells:
                table.add_row(*map(Text, row))
            self.console.print(table)
            return
        widths = [max(len(row[column]) for row in [list(heads), *cells]) for column in range(len(heads))]
        for row in [list(heads), *cells]:
            self.say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def count(number: int, one: str, many: str) -> str:
    """The number with its word: 1 Konto, 2 Konten."""
    return f"{number} {one if number == 1 else many}"


def clean(text: str) -> str:
    """*text* without what could steer a terminal."""
    return _CONTROL.sub("�", text)


def as_json(value: Any, indent: int | None = None) -> str:
    """*value* as JSON that cannot steer a terminal either: json itself leaves C1 controls and turned text in."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)
    return _CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, set | frozenset) else str(value)
