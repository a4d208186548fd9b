"""What can go wrong at the desk, each with the exit code that a script can rely on."""

DONE, BROKEN, USAGE, NOT_FOUND, NOT_DONE, NO_ACCESS, STOPPED = 0, 1, 2, 3, 4, 5, 130

UNWRITTEN = "ausgabe"  # where no answer can be written, none is tried


class DeskError(Exception):
    """A fault in a plain German sentence; *code* is its name for scripts, *status* the exit code."""

    def __init__(self, message: str, code: str, status: int = BROKEN) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status


def bad_input(message: str) -> DeskError:
    """The clerk typed something that cannot be right."""
    return DeskError(message, "eingabe", USAGE)


def not_found(message: str) -> DeskError:
    """There is no such account or Vorgang."""
    return DeskError(message, "unbekannt", NOT_FOUND)


def not_done(message: str) -> DeskError:
    """The account's state does not allow it; nothing was changed."""
    return DeskError(message, "nicht-moeglich", NOT_DONE)


def no_access(message: str) -> DeskError:
    """The cloud cannot be reached or does not let this clerk in."""
    return DeskError(message, "kein-zugang", NO_ACCESS)
