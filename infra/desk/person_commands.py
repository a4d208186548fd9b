"""The commands about one person."""

# ruff: noqa: PLC0415  # --help must not wait for AWS's library

from __future__ import annotations

import sys
from shlex import quote
from typing import Annotated, Any

import typer

from .faults import bad_input

Address = Annotated[str, typer.Argument(metavar="ADRESSE", help="E-Mail-Adresse der Person.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Ergebnis als JSON.")]
Why = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Warum; wird aufgezeichnet.")]
Every = Annotated[bool, typer.Option("--all", help="Den ganzen Verlauf zeigen, nicht nur die neuesten Einträge.")]
Must = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Warum; wird aufgezeichnet und angezeigt.", show_default=False)
]
Who = Annotated[
    list[str],
    typer.Argument(metavar="ADRESSE|VORGANGSNUMMER", help="Wie am Telefon genannt.", show_default=False),
]
LOOK, ACT, DATA = "Am Telefon", "Konten", "Datenschutz"


def status(ctx: typer.Context, who: Who, reason: Why = None, every: Every = False, json: Json = False) -> int:
    """Was geschah und was Sie sagen können: zu einer Adresse oder Vorgangsnummer.

    Kennt niemand die Adresse, stehen ähnliche da. Rückgabewert 3: kein Konto.
    """
    from .status import status as show

    return show(ctx.obj.desk(), ctx.obj.output(as_json=json), who, checked(reason) if reason else None, every=every)


def send(ctx: typer.Context, address: Address, reason: Why = None, json: Json = False) -> None:
    """Schickt jetzt einen Link: an die gespeicherte Adresse, auch trotz Pause oder Grenze."""
    from .sending import send as act

    done = act(ctx.obj.desk(), address, checked(reason) if reason else None)
    _tell(ctx, done, f"Unterwegs an {done['address']}: „{done['subject']}“. Vorgangsnummer {done['vorgang']}", json)


def unsuppress(ctx: typer.Context, address: Address, reason: Must, json: Json = False) -> None:
    """Hebt auf, dass an eine Adresse nichts mehr geht (unzustellbar, als Spam gemeldet)."""
    from .stops import stopped
    from .suppression import unsuppress as act

    done = act(ctx.obj.desk(), address, checked(reason))
    text = "War nicht gesperrt; nichts geändert."
    if was := stopped(done["was"]) if done["was"] else done["ses"]:
        text = f"Aufgehoben: {was}. Jetzt: desk send {quote(done['address'])}"
    _tell(ctx, done, f"{done['address']}: {text}", json)


def lock(ctx: typer.Context, address: Address, reason: Must, json: Json = False) -> None:
    """Sperrt ein Konto: keine Anmeldung, kein Link; alle Sitzungen enden sofort."""
    from .locking import lock as act

    done = act(ctx.obj.desk(), address, checked(reason))
    _tell(ctx, done, f"{done['address']} ist gesperrt. Vorgangsnummer {done['vorgang']}", json)


def unlock(ctx: typer.Context, address: Address, reason: Must, json: Json = False) -> None:
    """Entsperrt ein Konto: es ist wieder, was es vorher war."""
    from .locking import unlock as act

    done = act(ctx.obj.desk(), address, checked(reason))
    state = {"active": "aktiv", "invited": "eingeladen, Registrierung offen"}[done["status"]]
    text = f"{done['address']} ist entsperrt: {state}. Vorgangsnummer {done['vorgang']}"
    if done["taken_over"]:
        text += (
            "\nAchtung: Vor „Das war ich nicht“ wurde das Passwort geändert; jenes gilt nicht mehr. Schicken Sie der"
            f" Person einen Link: desk send {quote(done['address'])}"
        )
    _tell(ctx, done, text, json)


def remove(
    ctx: typer.Context,
    address: Address,
    reason: Must,
    yes: Annotated[bool, typer.Option("--yes", help="Ohne Rückfrage; in einem Skript nötig.")] = False,
    json: Json = False,
) -> None:
    """Löscht alles über eine Person (Art. 17 DSGVO). Nicht umkehrbar.

    Es bleiben die Sperrliste des Versanddienstes (vorher desk unsuppress ADRESSE nimmt die Adresse auch dort heraus)
    und, höchstens 14 Tage nach jedem Versuch, dessen Meldungen, die wir nicht lesen konnten, und Aufträge für E-Mails,
    die nicht hinausgingen (ohne Adresse). Sicherungskopien verfallen nach 35 Tagen.
    """
    from .desk import username_of
    from .faults import not_done
    from .output import count
    from .removal import remove as act

    why, out, username = checked(reason), ctx.obj.output(as_json=json), username_of(address)
    if not yes and not out.interactive:
        raise bad_input("Löschen ist nicht umkehrbar. Wo niemand gefragt werden kann, geht es nur mit --yes.")
    if not yes and not out.ask(f"Alles über {username} löschen? Das ist nicht umkehrbar."):
        raise not_done("Nichts gelöscht.")
    done = act(ctx.obj.desk(), address, why)
    listed = (
        " Stand die Adresse auf der Sperrliste unseres Versanddienstes, steht sie dort noch; jetzt nimmt sie nur der"
        f" Betrieb heraus: aws sesv2 delete-suppressed-destination --email-address {quote(done['address'])}"
    )
    rest = count(done["events"] + done["others"], "weiterer Eintrag", "weitere Einträge")
    _tell(
        ctx,
        done,
        f"Gelöscht: {'Konto, Passwort' if done['account'] else 'kein Konto mehr da'}, dazu {rest} zu {done['address']}."
        f" Löschnachweis ohne Personenbezug: Vorgangsnummer {done['vorgang']}.{listed}",
        json,
    )


def export(ctx: typer.Context, address: Address, reason: Why = None, json: Json = False) -> None:
    """Gibt alles aus, was über eine Person gespeichert ist (Art. 15 DSGVO), als JSON, ohne Geheimnisse."""
    from .output import Output
    from .removal import export as act

    del json
    Output(as_json=True).result(act(ctx.obj.desk(), address, checked(reason) if reason else None))


def checked(reason: str) -> str:
    """A reason that can be shown: one line, not empty."""
    reason = " ".join(reason.split())
    if not reason or len(reason) > 300 or not reason.isprintable():
        raise bad_input("Der Grund (--reason) muss eine Zeile mit 1 bis 300 Zeichen sein.")
    return reason


def _tell(ctx: typer.Context, done: dict[str, Any], text: str, as_json: bool) -> None:
    out = ctx.obj.output(as_json=as_json)
    out.say(text)
    out.result(done)
    sys.stdout.flush()


def add_to(app: typer.Typer, cls: Any) -> None:
    """Puts the commands into the program."""
    for panel, commands in ((LOOK, (status, send, unsuppress)), (ACT, (lock, unlock)), (DATA, (remove, export))):
        for command in commands:
            app.command(cls=cls, rich_help_panel=panel)(command)
