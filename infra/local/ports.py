"""Ports on loopback for servers that run beside each other."""

import random
import socket

OURS = range(20_000, 32_000)  # below those that Linux lends to clients: one of them could take it before we listen


def free_port() -> int:
    """A port that nobody listens on; RuntimeError when there is none."""
    for port in random.SystemRandom().sample(OURS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")
