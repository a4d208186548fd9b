"""Markdown tables, printed as they are measured."""

from collections.abc import Iterable

lines: list[str] = []


def say(text: str = "") -> None:
    """A line of the report."""
    print(text, flush=True)
    lines.append(text)


def heading(text: str) -> None:
    """A section."""
    say(f"\n## {text}\n")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """A table."""
    head = list(head)
    say("| " + " | ".join(head) + " |")
    say("|" + "---|" * len(head))
    for row in rows:
        say("| " + " | ".join(map(str, row)) + " |")
