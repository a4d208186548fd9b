"""The commands: what a clerk types, and what each one answers."""

from __future__ import annotations

from typing import Annotated

import typer
from typer._click.core import ParameterSource

from . import bulk_commands, person_commands
from .faults import bad_input
from .german import Command, Group
from .session import Session

HELP = (
    "Service Desk der Passwort-Hilfe: nachsehen, helfen, Konten pflegen.\n\n"
    "Ein Anruf? Nur das: [bold]desk status ADRESSE[/] oder [bold]desk status VORGANGSNUMMER[/]. Es steht da, was"
    " geschah und was Sie sagen können. Niemand kann hier ein Passwort sehen oder setzen. Jeder Aufruf wird mit Ihrem"
    " Namen aufgezeichnet.\n\n"
    "Eine Vorgangsnummer beweist nicht, wer anruft. Ob es ein Konto gibt und was darin geschah, erfährt eine anrufende"
    " Person nur so weit, wie der Satz es sagt.\n\n"
    "Mehr zu einem Befehl: desk BEFEHL --help. Lokal üben: desk --local 8000 status anna.kunde@example.org"
)
CODES = (
    "Rückgabewerte: 0 erledigt · 1 Störung · 2 Eingabe falsch · 3 nicht gefunden · 4 nicht oder nur zum Teil erledigt"
    " · 5 kein Zugang · 130 abgebrochen."
)

app = typer.Typer(
    cls=Group,
    help=HELP,
    epilog=CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.callback()
def main(
    ctx: typer.Context,
    local: Annotated[
        int | None,
        typer.Option(
            metavar="PORT",
            min=1,
            max=65535,
            envvar="DESK_LOCAL",
            show_envvar=False,
            help="Die lokale Cloud von „make serve“ auf diesem Port; für viele Aufrufe: export DESK_LOCAL=PORT.",
        ),
    ] = None,
    stage: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            envvar="DESK_STAGE",
            show_envvar=False,
            help="Welcher Aufbau in AWS (Profil wie üblich: AWS_PROFILE); für viele Aufrufe: export DESK_STAGE=NAME.",
        ),
    ] = "prod",
    json: Annotated[bool, typer.Option("--json", help="Ergebnis als JSON; geht auch hinter jedem Befehl.")] = False,
) -> None:
    """Remembers where the commands work."""
    typed, exported = (
        {name for name in ("local", "stage") if ctx.get_parameter_source(name) == ParameterSource[kind]}
        for kind in ("COMMANDLINE", "ENVIRONMENT")
    )
    if len(where := typed or exported) > 1:
        raise bad_input("--local und --stage (DESK_LOCAL und DESK_STAGE) nennen zwei Orte. Bitte nur einen angeben.")
    ctx.obj = Session(local if "local" in where else None, stage, as_json=json)


person_commands.add_to(app, Command)
bulk_commands.add_to(app, Command)
