"""Typer's own words in German."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click import Context

WORDS = (
    ("Usage: ", "Aufruf: "),
    ("[OPTIONS]", "[OPTIONEN]"),
    ("COMMAND [ARGS]...", "BEFEHL [ANGABEN]"),
    ("{", ""),
    ("}", ""),
)


def _speak_german() -> None:
    """The titles and marks of the help pages; what draws them is loaded for them alone."""
    from typer import rich_utils  # noqa: PLC0415

    rich_utils.ARGUMENTS_PANEL_TITLE = "Angaben"
    rich_utils.OPTIONS_PANEL_TITLE = "Optionen"
    rich_utils.COMMANDS_PANEL_TITLE = "Befehle"
    rich_utils.DEFAULT_STRING = "[Vorgabe: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[nötig]"
    rich_utils.RANGE_STRING = ""  # the help texts name the bounds


def _no_type(ctx: Context) -> None:
    """Python's names of types tell a clerk nothing."""
    del ctx


class _German:
    """The help pages."""

    help: str | None

    def get_usage(self, ctx: Context) -> str:
        """The usage line."""
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        for english, german in WORDS:
            usage = usage.replace(english, german)
        return usage

    def format_help(self, ctx: Context, formatter: Any) -> None:
        """The whole page."""
        _speak_german()
        paragraphs = cleandoc(self.help or "").split("\n\n")
        self.help = "\n\n".join(" ".join(each.split()) for each in paragraphs)
        for param in self.get_params(ctx):  # type: ignore[attr-defined]
            if getattr(param, "metavar", None) is None or param.param_type_name == "argument":
                param.display_type_rich = _no_type
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def get_help_option(self, ctx: Context) -> Any:
        """The help option."""
        option: Any = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Zeigt diese Hilfe."
        return option


class Command(_German, TyperCommand):
    """A command whose help is German."""


class Group(_German, TyperGroup):
    """The program whose help is German; its commands stand in the order of a clerk's day."""

    def list_commands(self, ctx: Context) -> list[str]:
        """As declared."""
        del ctx
        return list(self.commands)
