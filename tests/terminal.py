"""A terminal with somebody at its keyboard."""

import os
import pty
import select
import signal
import time


def typed(words: list[str], keys: list[tuple[str, bytes]]) -> tuple[int, str]:
    """Runs the program on a terminal; each key is pressed once its text is seen. Exit code and all that was shown.

    A key is pressed again while nothing happens, as people do: a Ctrl-C that comes just before input() reads is lost.
    """
    child, terminal = pty.fork()
    if child == 0:
        os.execv(words[0], words)
    seen, left, key, deadline = "", list(keys), b"", time.monotonic() + 60
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 2)[0]:
            os.write(terminal, key)
            continue
        try:
            seen += os.read(terminal, 65536).decode(errors="replace")
        except OSError:
            break
        if left and left[0][0] in seen:
            key = left.pop(0)[1]
            os.write(terminal, key)
    else:
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen
