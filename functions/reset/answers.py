"""What goes back over HTTP: a page for a browser, JSON for a program, RFC 9457 for a failure."""

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Response
from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from .errors import CODES, FIELDS, Language, Problem
from .passwords import MAXIMUM, REASONS

SESSION, FORGET = "__Host-session", "__Host-forget"


def session_cookie(value: str, max_age: int | None) -> Cookie:
    """The session's cookie; a negative *max_age* deletes it, None keeps it until the browser closes (R50)."""
    return _cookie(SESSION, value, max_age)


def _cookie(name: str, value: str, max_age: int | None) -> Cookie:
    return Cookie(name, value, path="/", http_only=True, max_age=max_age, same_site=SameSite.LAX_MODE)


def data(status: int, body: Mapping[str, Any], kind: str = "application/json", **headers: str) -> Response[str]:
    """A JSON answer; never cached (R78)."""
    return Response(status, kind, json.dumps(body, ensure_ascii=False), headers={"Cache-Control": "no-store"} | headers)


def see_other(location: str, headers: Mapping[str, str] | None = None, *, forget: bool = False) -> Response[str]:
    """A 303 to one of our own pages (R70); with *forget* no browser keeps the page before with what was typed.

    For Back Chrome keeps it, `no-store` or not, until an HttpOnly cookie changes: one comes and goes.
    """
    return Response(
        303,
        "text/plain",
        "",
        headers={"Cache-Control": "no-store", "Location": location, **(headers or {})},
        cookies=[_cookie(FORGET, "1", None), _cookie(FORGET, "", -1)] if forget else [],
    )


def failure(problem: Problem, vorgang: str, language: Language, minimum: int) -> Response[str]:
    """A failure as application/problem+json with the customer's sentence and the Vorgangsnummer."""
    code = CODES[problem.code]
    limits = {"minimum": minimum, "maximum": MAXIMUM}
    title = code.text(language).format_map(limits)
    about = FIELDS[problem.field] if problem.field else code
    reason = REASONS[problem.detail].text(language) if problem.detail else about.text(language).format_map(limits)
    body: dict[str, Any] = {"code": problem.code, "title": title, "status": code.status, "vorgang": vorgang}
    if about.field:
        body["errors"] = [{"field": about.field, "code": problem.code, "detail": reason}]
    answer = data(code.status, body, "application/problem+json")
    answer.headers.update(headers_of(problem))
    return answer


def headers_of(problem: Problem) -> dict[str, str]:
    """How long to wait, where the problem knows; which methods there are."""
    wait = {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
    return wait | ({"Allow": problem.allow} if problem.allow else {})
