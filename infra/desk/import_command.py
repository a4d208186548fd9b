"""How `desk import` goes: read, show, ask, write, say what came of it."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .desk import DESK
from .excuses import broken_off
from .faults import DONE, NOT_DONE, not_done
from .importing import plan, write
from .output import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .desk import Desk
    from .importing import Plan
    from .output import Output

SHOWN = 50


def run(desk: Desk, out: Output, file: Path, *, apply: bool, dry_run: bool) -> int:
    """Exit code 4 where lines were bad; the good ones are written all the same."""
    name = file.name.encode(errors="replace").decode()[:100]  # a name may be no text
    with _bar(out, "Prüfen") as bar:
        found = plan(desk, file, lambda done, total: bar.update(bar.task_ids[0], advance=done, total=total))
    # Before anything is shown: it tells who has an account, whatever is answered below.
    desk.log(DESK, f"Import angesehen: {_accounts(len(found.fresh))} neu, {found.there} schon vorhanden", name)
    _show(out, found, file)
    result = _result(found)
    if dry_run:
        out.say("Nichts geändert (--dry-run).")
        out.result(result | {"applied": False})
        return NOT_DONE if found.sheet.bad else DONE
    if found.fresh and not apply and out.interactive and not out.ask(f"{_accounts(len(found.fresh))} anlegen?"):
        raise not_done("Nichts geändert.")
    late = _apply(desk, out, found.fresh, name)
    desk.log(DESK, f"Import: {_accounts(len(found.fresh) - late)} angelegt", name)
    out.say(f"Angelegt: {_accounts(len(found.fresh) - late)}.", "bold green")
    out.result(result | {"applied": True, "created": len(found.fresh) - late})
    return NOT_DONE if found.sheet.bad else DONE


def _apply(desk: Desk, out: Output, rows: list[Any], name: str) -> int:
    done: list[int] = []  # told by several threads
    with _bar(out, "Anlegen") as bar:
        bar.update(bar.task_ids[0], total=len(rows))

        def written(count: int) -> None:
            done.append(count)
            bar.update(bar.task_ids[0], advance=count)

        with broken_off(lambda: _how_far(desk, sum(done), len(rows), name)):
            late = write(desk, rows, written)
    return late


def _how_far(desk: Desk, done: int, of: int, name: str) -> str:
    """Records and says how far it came, or farther: the last answers may be lost, and the record refused."""
    with suppress(ClientError, BotoCoreError):
        desk.log(DESK, f"Import unterbrochen: mindestens {done} von {of} angelegt", name)
    return (
        f"Unterbrochen: mindestens {done} von {of} Konten sind angelegt. Derselbe Befehl legt den Rest an, nichts geht"
        " verloren und nichts wird doppelt."
    )


@contextmanager
def _bar(out: Output, what: str) -> Iterator[Progress]:
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out.console, disable=out.as_json or not out.console.is_terminal) as bar:
        bar.add_task(what, total=None)
        yield bar


def _show(out: Output, found: Plan, file: Path) -> None:
    bad, shown = found.sheet.bad, found.differing[:SHOWN]
    for note in found.sheet.notes:
        out.say(f"Hinweis: {note}", "yellow")
    for number, reason in bad[: SHOWN * 20]:
        out.say(f"Zeile {number}: {reason}", "red")
    if len(bad) > SHOWN * 20:
        out.say(f"… und {len(bad) - SHOWN * 20} weitere fehlerhafte Zeilen; vollständig mit --json")
    for row in shown:
        out.say(
            f"Zeile {row.number}: {row.username} gibt es schon mit anderen Angaben; das Konto bleibt, wie es ist",
            "yellow",
        )
    if len(found.differing) > SHOWN:
        out.say(f"… und {len(found.differing) - SHOWN} weitere mit anderen Angaben")
    out.say(
        f"{file.name}: {len(found.fresh)} neu, {found.there} schon vorhanden, {len(bad)} nicht übernommen.",
        "bold",
    )


def _accounts(number: int) -> str:
    return count(number, "Konto", "Konten")


def _result(found: Plan) -> dict[str, Any]:
    return {
        "new": len(found.fresh),
        "known": found.there,
        "bad": [{"line": number, "reason": reason} for number, reason in found.sheet.bad],
        "differing": [{"line": row.number, "username": row.username} for row in found.differing],
        "notes": found.sheet.notes,
    }
