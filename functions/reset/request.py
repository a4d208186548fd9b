"""Who asks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """Who asks: the request's Vorgangsnummer, the client's address or network, the session in its cookie."""

    vorgang: str
    client: str
    session: str = ""
