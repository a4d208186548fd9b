"""What a row of the import may hold, and why it may not."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reset.accounts import account_id
from reset.errors import Problem
from reset.usernames import canonical

if TYPE_CHECKING:
    from .csv_lines import Sheet

FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would run (OWASP CSV Injection)
LANGUAGES, STATUSES = ("de", "en"), ("invited", "active", "locked")


@dataclass(frozen=True)
class Row:
    """A good row."""

    number: int
    username: str
    name: str = ""
    language: str = "de"
    status: str = "invited"


class BadRowError(Exception):
    """Why a row cannot be taken."""


def read_rows(sheet: Sheet) -> list[Row]:
    """The good rows; bad and repeated ones are added to the sheet's."""
    rows: dict[str, Row] = {}
    for number, cells in sheet.rows:
        try:
            row = _row(number, cells)
        except BadRowError as error:
            sheet.bad.append((number, str(error)))
            continue
        first = rows.setdefault(row.username, row)
        if first is not row:
            sheet.bad.append((number, f"doppelt: {row.username} steht schon in Zeile {first.number}, die gilt"))
    sheet.bad.sort()
    return list(rows.values())


def _row(number: int, cells: dict[str, str]) -> Row:
    try:
        username = canonical(cells["username"])
    except Problem:
        shown = cells["username"][:60]
        raise BadRowError(f"„{shown}“ kann keine E-Mail-Adresse sein" if shown else "username ist leer") from None
    if username.startswith(FORMULA):
        raise BadRowError(f"Adresse beginnt mit „{username[0]}“ (wäre in einer Tabelle eine Formel)")
    name = cells.get("name", "")
    if unicodedata.normalize("NFKC", name).startswith(FORMULA):  # a spreadsheet reads wide signs as theirs, too
        raise BadRowError(f"Name beginnt mit „{name[0]}“ (wäre in einer Tabelle eine Formel)")
    if len(name) > 200 or not name.isprintable():
        raise BadRowError("Name ist länger als 200 Zeichen oder enthält Steuerzeichen")
    language = (cells.get("language") or "de").lower()
    status = (cells.get("status") or "invited").lower()
    if language not in LANGUAGES:
        raise BadRowError(f"language „{language[:20]}“ gibt es nicht; erlaubt: {', '.join(LANGUAGES)}")
    if status not in STATUSES:
        raise BadRowError(f"status „{status[:20]}“ gibt es nicht; erlaubt: {', '.join(STATUSES)}")
    return Row(number, username, name, language, status)


def new_account(key: bytes, row: Row, now: float, who: str) -> dict[str, Any]:
    """The account's item: the same for an import and for the demo accounts."""
    return {
        "id": account_id(key, row.username),
        "username": row.username,
        "address": row.username,
        "domain": row.username.rpartition("@")[2],
        "name": row.name,
        "language": row.language,
        "status": row.status,
        "epoch": int(now),
        "created_at": int(now),
        "created_by": who,
    }
