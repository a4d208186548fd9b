"""The commands about many people."""

# ruff: noqa: PLC0415  # --help must not wait for AWS's library

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .faults import DONE, bad_input, not_found
from .person_commands import Json, Why, checked

File = Annotated[Path, typer.Argument(metavar="DATEI.csv", help="Die Tabelle.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Nur zeigen, was geschähe.")]
Apply = Annotated[bool, typer.Option("--apply", "--yes", help="Ohne Rückfrage ausführen.")]
LEGEND = (
    "gefragt: angefordert · raus: verschickt · da: vom Mailserver angenommen, Dauer im Mittel und bei 99 % · offen:"
    " Link geöffnet · nie offen: angenommen, aber nie geöffnet · nein: abgelehnt"
)
PANEL = "Viele auf einmal"


def import_(ctx: typer.Context, file: File, apply: Apply = False, dry_run: DryRun = False, json: Json = False) -> int:
    """Legt Konten aus einer CSV-Datei an; zeigt erst, was geschähe, und fragt dann.

    Erste Zeile: username und, wenn gewünscht, name, language (de, en), status (invited, active, locked); Trenner ist
    Komma oder Semikolon. Ohne Terminal (in einem Skript) wird ohne Rückfrage angelegt. Konten, die es gibt, bleiben,
    wie sie sind; der Befehl kann nach einer Unterbrechung einfach wiederholt werden.

    Rückgabewert 4: einzelne Zeilen waren fehlerhaft; die guten sind angelegt.
    """
    from .import_command import run

    if apply and dry_run:
        raise bad_input("--apply und --dry-run schließen sich aus.")
    return run(ctx.obj.desk(), ctx.obj.output(as_json=json), file, apply=apply, dry_run=dry_run)


def invite(
    ctx: typer.Context,
    address: Annotated[str | None, typer.Argument(metavar="ADRESSE", help="Eine Person …", show_default=False)] = None,
    everybody: Annotated[bool, typer.Option("--all", help="… oder alle, die noch nicht eingeladen sind.")] = False,
    remind: Annotated[
        bool, typer.Option("--remind", help="Mit --all: auch alle erinnern, die noch nicht fertig sind.")
    ] = False,
    after: Annotated[
        int, typer.Option(metavar="TAGE", min=0, help="Erinnert nur, wer seit so vielen Tagen keine Post bekam.")
    ] = 1,
    rate: Annotated[
        int, typer.Option(metavar="ZAHL", min=1, max=6000, help="Höchstens so viele E-Mails je Minute (1 bis 6000).")
    ] = 60,
    yes: Annotated[bool, typer.Option("--yes", help="Ohne Rückfrage.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur zeigen, wie weit jede Person ist.")] = False,
    reason: Why = None,
    json: Json = False,
) -> None:
    """Lädt ein, die Registrierung abzuschließen: eine Person oder alle, in Wellen."""
    from . import invite_command as command

    if (address is None) == (not everybody):
        raise bad_input("Nennen Sie entweder eine Adresse oder --all.")
    if remind and not everybody:
        raise bad_input("--remind geht nur mit --all; eine einzelne Person erinnert: desk invite ADRESSE")
    desk, out, why = ctx.obj.desk(), ctx.obj.output(as_json=json), checked(reason) if reason else None
    if address is not None:
        command.one(desk, out, address, why, dry_run=dry_run)
        return
    command.everybody(desk, out, why, command.Wave(remind, after, rate, yes, dry_run))


def domains(
    ctx: typer.Context,
    letter: Annotated[
        str | None, typer.Option(metavar="DOMAIN", help="Schreibt den Brief an deren Postmaster.")
    ] = None,
    reason: Why = None,
    json: Json = False,
) -> int:
    """Wie es den E-Mails je Domain ergeht; die Domain, die sie verschluckt, steht oben."""
    from .desk import DESK, domain_of
    from .domains import domains as read
    from .letter import letter as write

    desk, out = ctx.obj.desk(), ctx.obj.output(as_json=json)
    domain = "" if letter is None else domain_of(letter)
    found = read(desk)
    desk.log(DESK, f"Domains {domain}".strip(), checked(reason) if reason else None)
    if letter is not None:
        wanted = [each for each in found if each.name == domain]
        if not wanted:
            raise not_found(f"An {letter} ging in den letzten {desk.facts['retention_days']} Tagen keine E-Mail.")
        out.say(write(desk, wanted[0]))
        out.result({"domain": wanted[0].name, "letter": write(desk, wanted[0])})
        return DONE
    heads = ("Domain", "gefragt", "raus", "da", "Mittel", "99 %", "offen", "nie offen", "nein")
    out.table(heads, [_row(each) for each in found])
    out.say(LEGEND if found else "Noch keine E-Mails.")
    out.result({"domains": [_figures(each) for each in found]})
    return DONE


def reported(ctx: typer.Context, reason: Why = None, json: Json = False) -> None:
    """Wer „Das war ich nicht“ gedrückt hat, das Neueste oben: jeden Morgen ansehen."""
    from .desk import DESK
    from .reports import reports

    desk, out = ctx.obj.desk(), ctx.obj.output(as_json=json)
    found = reports(desk)
    desk.log(DESK, "Meldungen angesehen", checked(reason) if reason else None)
    if found:
        out.table(("Zeit", "Adresse", "Vorgang", "Was zu tun ist"), [each.row for each in found])
    else:
        out.say(f"In den letzten {desk.facts['retention_days']} Tagen hat niemand „Das war ich nicht“ gedrückt.")
    names = ("address", "at", "vorgang", "foreign")
    out.result({"reports": [{name: getattr(each, name) for name in names} for each in found]})


def _figures(domain: Any) -> dict[str, Any]:
    names = ("name", "asked", "mailed", "delivered", "opened", "bounced")
    figures = {name: getattr(domain, name) for name in names}
    late = {"delayed": domain.late, "unopened": len(domain.lost)}
    return figures | late | {"median_seconds": domain.delay(0.5), "p99_seconds": domain.delay(0.99)}


def _row(domain: Any) -> tuple[object, ...]:
    delays = [f"{delay:.0f} s" if (delay := domain.delay(share)) is not None else "–" for share in (0.5, 0.99)]
    counts = (domain.opened, len(domain.lost), domain.bounced)
    return (domain.name, domain.asked, domain.mailed, domain.delivered, *delays, *counts)


def add_to(app: typer.Typer, cls: Any) -> None:
    """Puts the commands into the program."""
    for name, command in (("import", import_), ("invite", invite), ("domains", domains), ("reported", reported)):
        app.command(name, cls=cls, rich_help_panel=PANEL)(command)
