"""The entry point `desk`: every fault becomes a German sentence and an exit code, never a stack trace."""

from __future__ import annotations

import contextlib
import os
import signal
import sys


def run(arguments: list[str] | None = None) -> None:
    """Runs one command and exits with its code."""
    for name in ("SIGHUP", "SIGTERM"):  # a closed window is Ctrl-C: what was done is recorded
        with contextlib.suppress(AttributeError, ValueError):
            signal.signal(getattr(signal, name), _interrupt)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115  # as long as the program
        with contextlib.suppress(AttributeError):  # no text stream
            getattr(sys, name).reconfigure(errors="replace")
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        code = call(arguments)
    except KeyboardInterrupt:  # while the program was still loading
        code = 130
    try:
        sys.stdout.flush()
    except (OSError, ValueError):  # a full disk behind `> file`; ValueError: closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or the interpreter tries once more, with a stack trace
        code = code or 1
    sys.exit(code)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def call(arguments: list[str]) -> int:
    """The exit code of one command."""
    from typer import Abort  # noqa: PLC0415

    from .app import app  # noqa: PLC0415
    from .faults import BROKEN, DONE, STOPPED, UNWRITTEN, DeskError  # noqa: PLC0415

    fault = DeskError(
        "Abgebrochen. Was schon erledigt war, bleibt; der Befehl kann wiederholt werden.", "abbruch", STOPPED
    )
    try:
        answer = int(app(args=arguments or ["--help"], prog_name="desk", standalone_mode=False) or DONE)
        if answer != STOPPED:  # so the library answers to Ctrl-C
            return answer
    except (KeyboardInterrupt, EOFError, Abort):
        pass
    except BrokenPipeError:  # `desk … | head` ends quietly; SIGPIPE would also end it at a connection AWS has closed
        return BROKEN
    except Exception as error:  # the last resort: a clerk never sees a stack trace
        if os.environ.get("DESK_DEBUG"):
            raise
        from .excuses import excuse  # noqa: PLC0415

        fault = excuse(error)
    from .output import as_json, clean  # noqa: PLC0415

    if "--json" in arguments and fault.code != UNWRITTEN:
        sys.stdout.write(as_json({"error": {"code": fault.code, "message": fault.message}}) + "\n")
    sys.stderr.write(clean(fault.message) + "\n")  # it may quote a file or a mail of others
    return fault.status or BROKEN
