"""The entry point `desk`: every fault becomes a German sentence and an exit code, never a stack trace."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys


def run(arguments: list[str] | None = None) -> None:
    """Runs one command and exits with its code."""
    with contextlib.suppress(AttributeError, ValueError):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `desk … | head` ends quietly
    arguments = sys.argv[1:] if arguments is None else arguments
    sys.exit(call(arguments))


def call(arguments: list[str]) -> int:
    """The exit code of one command."""
    from .app import app  # noqa: PLC0415
    from .faults import BROKEN, STOPPED, DeskError  # noqa: PLC0415

    try:
        answer = app(args=arguments, prog_name="desk", standalone_mode=False)
        return int(answer or 0)
    except (KeyboardInterrupt, EOFError):
        fault = DeskError(
            "Abgebrochen. Was schon erledigt war, bleibt; der Befehl kann wiederholt werden.", "abbruch", STOPPED
        )
    except Exception as error:  # the last resort: a clerk never sees a stack trace
        if os.environ.get("DESK_DEBUG"):
            raise
        from .excuses import excuse  # noqa: PLC0415

        fault = excuse(error)
    if "--json" in arguments:
        sys.stdout.write(
            json.dumps({"error": {"code": fault.code, "message": fault.message}}, ensure_ascii=False) + "\n"
        )
    sys.stderr.write(fault.message + "\n")
    return fault.status or BROKEN
