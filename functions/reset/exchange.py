"""One HTTP request as the routes see it: who, in which language, page or data."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .limits import network

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

    from .errors import Language


@dataclass(frozen=True)
class Exchange:
    """API Gateway's event and the request's Vorgangsnummer."""

    event: APIGatewayProxyEventV2
    vorgang: str

    @property
    def language(self) -> Language:
        """`?lang=en` as the English pages post it; German otherwise."""
        return "en" if self.event.query_string_parameters.get("lang") == "en" else "de"

    @property
    def _kinds(self) -> set[str]:
        return {kind.partition(";")[0].strip().lower() for kind in self.event.headers.get("accept", "").split(",")}

    @property
    def wants_json(self) -> bool:
        """Whether the client asks for data; a browser's own form post asks for text/html."""
        return bool(self._kinds & {"application/json", "application/problem+json"}) and not self.wants_page

    @property
    def wants_page(self) -> bool:
        """Whether a person looks at the answer; a program that takes anything is told as HTTP tells it."""
        return "text/html" in self._kinds

    @property
    def client(self) -> str:
        """The address or network that CloudFront saw; no other header is believed (R59, X26)."""
        return network(self.event.headers["cloudfront-viewer-address"])

    @property
    def body(self) -> bytes:
        """The body as it was sent."""
        text = self.event.body or ""
        return base64.b64decode(text) if self.event.is_base64_encoded else text.encode()

    def cookie(self, name: str) -> str:
        """A cookie's value, or ""; AWS lists cookies in the event, others leave them in the header."""
        pairs = [*self.event.raw_event.get("cookies", ()), *self.event.headers.get("cookie", "").split(";")]
        found = [value for key, _, value in (pair.strip(" \t").partition("=") for pair in pairs) if key == name]
        return found[0] if found else ""

    def page(self, path: str) -> str:
        """One of our pages, in the request's language."""
        return f"/en{path}" if self.language == "en" else path

    def failed_page(self, path: str, code: str) -> str:
        """The form's page with the message shown: by `:target` without JavaScript."""
        return f"{self.page(path)}?vorgang={self.vorgang}#fehler-{code}"
