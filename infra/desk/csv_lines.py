"""A CSV file as lines of cells: encoding, separator and header recognised, each line judged by itself."""

from __future__ import annotations

import csv
import errno
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .faults import bad_input

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = ("username", "name", "language", "status")
LONGEST = 2000  # bytes in a line; the longest address and name have a quarter of it
TALLEST = 50  # lines of a cell; after so many it was one quotation mark too much
BOM = b"\xef\xbb\xbf"
UNREADABLE = {
    errno.ENOENT: "die Datei gibt es nicht",
    errno.EISDIR: "das ist ein Ordner",
    errno.EACCES: "das Leserecht fehlt",
}


@dataclass
class Sheet:
    """*rows* are line number and cells by column; *bad* are line number and reason; *notes* are about the file."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    old: list[int] = field(default_factory=list)
    utf8: int = 0
    quoted: int = 0  # the line where a cell began that its line does not end


def read_sheet(path: Path) -> Sheet:
    """Reads the file line by line, so that a bad or endless line costs only itself."""
    sheet = Sheet()
    try:
        lines = _lines(path)
        header, separator = _header(sheet, lines)
        for number, line in lines:
            _take(sheet, number, line, header, separator)
    except OSError as error:
        raise bad_input(f"{path} ist nicht lesbar: {UNREADABLE.get(error.errno or 0, error.strerror)}.") from None
    if sheet.old:
        _tell_encoding(sheet)
    if not sheet.rows and not sheet.bad:
        sheet.notes.append("In der Datei steht keine Zeile mit einem Konto")
    return sheet


def _lines(path: Path) -> Iterator[tuple[int, bytes | int]]:
    """Line number and bytes; of a line that is too long only its length."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST + 1):
            number += 1
            length = len(line)
            if length > LONGEST and not line.endswith(b"\n"):
                while (rest := file.readline(1 << 16)) and not rest.endswith(b"\n"):
                    length += len(rest)
                yield number, length + len(rest)
            else:
                yield number, line.rstrip(b"\r\n")


def _header(sheet: Sheet, lines: Iterator[tuple[int, bytes | int]]) -> tuple[list[str], str]:
    _, first = next(lines, (0, b""))
    if isinstance(first, int) or first.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in first or b"\r" in first:
        raise bad_input("Die Datei ist keine CSV-Textdatei. Speichern Sie sie in Excel als „CSV UTF-8“.")
    text = first.removeprefix(BOM).decode("utf-8", "replace").strip().lower()
    separator = ";" if text.count(";") >= text.count(",") else ","
    names = [cell.strip().strip('"').strip() for cell in text.split(separator)]
    if "username" not in names:
        raise bad_input(
            "In der ersten Zeile fehlt die Spalte „username“. Erwartet wird: username;name;language;status"
            f" (die letzten drei dürfen fehlen). Gefunden: {text[:100] or 'nichts'}"
        )
    if len(set(names)) < len(names):
        raise bad_input(f"In der ersten Zeile steht eine Spalte doppelt: {text[:100]}")
    if extra := [name for name in names if name not in COLUMNS]:
        sheet.notes.append(f"Nicht übernommene Spalten: {', '.join(extra)}")
    return names, separator


def _take(sheet: Sheet, number: int, line: bytes | int, header: list[str], separator: str) -> None:
    if isinstance(line, int):
        sheet.bad.append((number, f"Zeile ist {line} Bytes lang, erlaubt sind {LONGEST}"))
        return
    if sheet.quoted and number - sheet.quoted < TALLEST and line.count(b'"') % 2:
        _ended(sheet, number)
        return
    if not line.strip(b" ;,\t"):
        return
    try:
        text = _decode(sheet, number, line)
        cells = next(csv.reader([text], delimiter=separator, strict=True))
    except (csv.Error, StopIteration):
        sheet.bad.append((number, "Anführungszeichen nicht geschlossen oder an falscher Stelle"))
        sheet.quoted = number
    except ValueError:
        sheet.bad.append((number, "Zeichen, die weder UTF-8 noch Windows-1252 sind"))
    else:
        if len(cells) != len(header):
            sheet.bad.append((number, f"Felder: {len(cells)} statt {len(header)}"))
            return
        sheet.rows.append((number, dict(zip(header, (cell.strip() for cell in cells), strict=True))))


def _ended(sheet: Sheet, last: int) -> None:
    """A cell over several lines ends here: what looked like rows in between is its text, and no account."""
    first, sheet.quoted = sheet.quoted, 0
    inside = [last]
    while sheet.rows and sheet.rows[-1][0] > first:
        inside.append(sheet.rows.pop()[0])
    sheet.bad += [
        (number, f"gehört zu dem Feld, dessen Anführungszeichen in Zeile {first} beginnt") for number in inside
    ]


def _decode(sheet: Sheet, number: int, line: bytes) -> str:
    """UTF-8, else Windows-1252; ValueError where it is neither."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("cp1252")
        sheet.old.append(number)
    else:
        sheet.utf8 += not text.isascii()
    if "\x00" in text:
        raise ValueError
    return text


def _tell_encoding(sheet: Sheet) -> None:
    if not sheet.utf8:
        sheet.notes.append("Zeichensatz Windows-1252 erkannt")
        return
    few = ", ".join(map(str, sheet.old[:10])) + (" …" if len(sheet.old) > 10 else "")
    sheet.notes.append(f"Gemischter Zeichensatz: UTF-8, aber Windows-1252 in Zeile {few}. Bitte die Namen dort prüfen.")
