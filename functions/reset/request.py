"""Who asks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """Who asks: the request's Vorgangsnummer, a keyed hash of the client's network, the session in its cookie."""

    vorgang: str
    client: str
    session: str = ""
