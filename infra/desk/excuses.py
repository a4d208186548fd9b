"""Every fault in a plain German sentence."""

from __future__ import annotations

import errno
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as Unreachable
from typer import _click as click

from infra.deploy.errors import DeployError

from .faults import UNWRITTEN, DeskError, bad_input, no_access, not_done

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
CHECK = "Ob etwas getan ist, zeigt desk status; fehlt etwas, wiederholen Sie den Befehl."
EXPIRED = ("ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId")
UNSIGNED = ("RequestExpired", "SignatureDoesNotMatch", "InvalidSignatureException")


@contextmanager
def broken_off(how_far: Callable[[], str]) -> Iterator[None]:
    """Says with whatever breaks the command off how far it came."""
    try:
        yield
    except KeyboardInterrupt:
        raise not_done(how_far()) from None
    except Exception as error:
        fault = excuse(error)
        raise DeskError(f"{fault.message} {how_far()}", fault.code, fault.status) from error


def excuse(error: Exception) -> DeskError:
    """What to tell the clerk about any exception."""
    if isinstance(error, DeskError):
        return error
    if isinstance(error, click.exceptions.ClickException):
        return _usage(error)
    if isinstance(error, ClientError):
        return _refused(error)
    if isinstance(error, BotoCoreError):
        return _unanswered(error)
    return _unforeseen(error)


def _unanswered(error: BotoCoreError) -> DeskError:
    if isinstance(error, Unreachable):
        said = "Die Cloud antwortet nicht. Läuft sie? Lokal: make serve PORT=…; AWS: Netz und Region prüfen."
        return no_access(f"{said} {CHECK}")  # an earlier try may have gone through
    if isinstance(error, HTTPClientError):
        return DeskError(f"Die Antwort der Cloud ging verloren. {CHECK}", "stoerung")
    return no_access(f"Kein Zugang zu AWS: {error}. Melden Sie sich an (AWS_PROFILE), oder nehmen Sie --local PORT.")


def _unforeseen(error: Exception) -> DeskError:
    if isinstance(error, DeployError):
        return DeskError(f"Die Einstellungen stimmen nicht. {error}", "stoerung")
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return DeskError(f"Die Antwort passt nicht mehr auf den Datenträger. {CHECK}", UNWRITTEN)
    return DeskError(
        f"Unerwarteter Fehler ({type(error).__name__}); noch einmal versuchen. Für den Betrieb: DESK_DEBUG=1 setzen.",
        "stoerung",
    )


def _usage(error: click.exceptions.ClickException) -> DeskError:
    command = error.ctx.command_path if isinstance(error, click.exceptions.UsageError) and error.ctx else "desk BEFEHL"
    return bad_input(f"{_told(error)} Hilfe: {command} --help")


def _told(error: click.exceptions.ClickException) -> str:
    kinds = click.exceptions
    if isinstance(error, kinds.MissingParameter) and error.param:
        return f"Es fehlt: {error.param.get_error_hint()}.".replace("'", "")
    if isinstance(error, kinds.NoSuchOption):
        meant = f" Gemeint: {', '.join(error.possibilities)}?" if error.possibilities else ""
        return f"Die Option {error.option_name} gibt es nicht.{meant}"
    if isinstance(error, kinds.BadOptionUsage):
        takes = "nimmt keinen" if "does not take" in error.message else "braucht einen"
        return f"Die Option {error.option_name} {takes} Wert."
    if isinstance(error, kinds.BadParameter) and error.param:
        return f"{error.param.get_error_hint()} hat keinen gültigen Wert.".replace("'", "")
    return _unknown(error.message)


def _unknown(message: str) -> str:
    """What the library says only in English."""
    command, *meant = re.findall(r"'([^']*)'", message) or [""]
    if "No such command" in message:
        return f"Den Befehl „{command}“ gibt es nicht." + (f" Gemeint: {', '.join(meant)}?" if meant else "")
    found = re.search(r"extra argument.*?\(s\) \((.*)\)", message)
    return f"Zu viel angegeben: {found[1]}." if found else "Es fehlt der Befehl."


def _refused(error: ClientError) -> DeskError:
    code, operation = error.response["Error"]["Code"], error.operation_name
    if code in DENIED:
        return no_access(f"Ihre AWS-Rolle darf das nicht ({operation}).")
    if code in EXPIRED:
        return no_access("Die AWS-Anmeldung ist abgelaufen oder ungültig. Melden Sie sich neu an.")
    if code in UNSIGNED:
        return no_access("AWS glaubt der Anmeldung nicht. Melden Sie sich neu an; prüfen Sie die Uhr dieses Rechners.")
    if operation == "DescribeStacks" and "does not exist" in error.response["Error"].get("Message", ""):
        return no_access("Unter diesem Stage-Namen ist nichts aufgebaut. Prüfen Sie --stage, Profil und Region.")
    told = error.response.get("ResponseMetadata", {})
    if told.get("HTTPStatusCode", 0) >= 500 or told.get("RetryAttempts"):  # it, or an earlier try, may be carried out
        return DeskError(f"AWS ist bei {operation} gestört ({code}). {CHECK}", "stoerung")
    return DeskError(f"AWS hat {operation} abgelehnt ({code}); es kann wiederholt werden.", "stoerung")
