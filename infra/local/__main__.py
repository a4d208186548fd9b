"""`make serve`: the product on this machine until Ctrl-C."""

import argparse
import signal
import sys
import threading
from types import FrameType

from infra.deploy.slips import right_facts
from infra.deploy.trouble import in_words

from .cloud import Cloud, PortTakenError
from .seed import DEMO

LAST_PORT = 65535


def main() -> int:
    """Starts, prints the addresses, waits; 1 with a plain sentence where something is in the way."""
    parser = argparse.ArgumentParser(prog="make serve")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    if not 1 <= port <= LAST_PORT:
        print(f"A port is a number from 1 to {LAST_PORT}:  make serve PORT=8001", file=sys.stderr)
        return 1
    cloud = Cloud(port, lambda text: print(text, flush=True))
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGHUP, stop)  # the terminal's window was closed
    try:
        right_facts()
        cloud.start()
        print(_welcome(cloud.url), flush=True)
        while not stopped.wait(1):
            if cloud.process.poll() is not None:
                print(f"The local cloud stopped by itself; see {cloud.home}/cloud.log", file=sys.stderr)
                return 1
    except PortTakenError as error:
        print(f"Port {error} is taken. Stop what runs there or choose another:  make serve PORT=8001", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
    except Exception as error:
        if (text := in_words(error)) is None:
            raise
        print(f"The local cloud could not be set up: {text}", file=sys.stderr)
        return 1
    finally:
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, signal.SIG_IGN)  # a second Ctrl-C must leave no process behind
        cloud.stop()
    return 0


def _welcome(url: str) -> str:
    lines = [f"\nReady. Ctrl-C stops it.\n\n  Site   {url}/\n  Inbox  {url}/_inbox/\n", "Demo accounts:"]
    lines += [f"  {name} ({status}){'  password ' + word if word else ''}" for name, _, status, word in DEMO]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
