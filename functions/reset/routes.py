"""Which address takes which form, and which page shows what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from aws_lambda_powertools.shared.cookies import Cookie

from .answers import session_cookie
from .errors import Problem
from .forms import BODY_MOST, Field
from .request import Request
from .service import Service
from .shown import SHOWN
from .tokens import TYPED_MOST

USERNAME = Field("username", 320, controls=True)
TOKEN = Field("token", TYPED_MOST)
NEW_PASSWORD = Field("new_password", BODY_MOST, controls=True)
Result = dict[str, Any]


@dataclass(frozen=True)
class Route:
    """A form post: its fields, what it does, the page that shows a failure, the page that shows the success.

    Without fields the body is empty. *act* returns the JSON of a success and, after a login, the session's cookie.
    *invalid* is a bad form's code. *done* and *metric* may name fields that have fixed values.
    """

    fields: tuple[Field, ...]
    act: Callable[[Service, Request, dict[str, str]], tuple[Result, Cookie | None]]
    form: str
    done: str
    metric: str
    invalid: str = "eingabe-ungueltig"
    status: int = 200

    @property
    def secret(self) -> bool:
        """Whether a password or a code is typed into it."""
        return not {field.name for field in self.fields}.isdisjoint(("password", "new_password", "token"))

    @property
    def codes(self) -> tuple[str, ...]:
        """The failures that its page can show."""
        return SHOWN[self.form]

    def shown(self, problem: Problem, body: bytes) -> Problem:
        """What a page shows: of a *body* that is too large its longest field tells.

        A form with nothing to fill in is refused only to a browser too old to say where it posts from.
        """
        if problem.code == "zu-gross":
            longest = max(body.split(b"&"), key=len).partition(b"=")[0]
            return Problem("passwort-zu-lang" if longest in (b"new_password", b"confirm") else self.invalid)
        return Problem("stoerung") if problem.code == "eingabe-ungueltig" not in self.codes else problem


def _forgot(service: Service, request: Request, form: dict[str, str]) -> tuple[Result, None]:
    service.forgot(request, form["username"])
    return {"vorgang": request.vorgang}, None


def _reset(service: Service, request: Request, form: dict[str, str]) -> tuple[Result, None]:
    service.reset(request, form)
    return {"vorgang": request.vorgang}, None


def _login(service: Service, request: Request, form: dict[str, str]) -> tuple[Result, Cookie]:
    keep = "keep_me_logged_in" in form
    session = service.login(request, form)
    return {"vorgang": request.vorgang}, session_cookie(session, service.sessions.times.kept_most if keep else None)


def _logout(service: Service, request: Request, _: dict[str, str]) -> tuple[Result, Cookie]:
    service.logout(request.session)
    return {}, session_cookie("", -1)


def _not_me(service: Service, request: Request, form: dict[str, str]) -> tuple[Result, None]:
    service.not_me(request, form["token"])
    return {"vorgang": request.vorgang}, None


def _helpful(_: Service, request: Request, __: dict[str, str]) -> tuple[Result, None]:
    return {"vorgang": request.vorgang}, None


ROUTES = {
    "/api/forgot": Route(
        (USERNAME,),
        _forgot,
        "/passwort-vergessen/",
        "/passwort-vergessen/gesendet/?vorgang={vorgang}",
        "Asked",
        status=202,
    ),
    "/api/reset": Route(
        (USERNAME, TOKEN, NEW_PASSWORD, replace(NEW_PASSWORD, name="confirm")),
        _reset,
        "/neues-passwort/",
        "/neues-passwort/fertig/",
        "Changed",
    ),
    "/api/login": Route(
        (USERNAME, Field("password", BODY_MOST), Field("keep_me_logged_in", 2, optional=True, values=("on",))),
        _login,
        "/anmelden/",
        "/portal/",
        "LoggedIn",
        invalid="anmeldung-fehlgeschlagen",
    ),
    "/api/not-me": Route(
        (TOKEN,),
        _not_me,
        "/das-war-ich-nicht/",
        "/das-war-ich-nicht/fertig/",
        "NotMe",
        invalid="link-ungueltig",
    ),
    "/api/logout": Route((), _logout, "/portal/", "/anmelden/", "LoggedOut"),
    # Counted, and nothing else: no cookie, no person, no table. The API's throttle bounds it.
    "/api/helpful": Route(
        (Field("page", 32, values=("/", "/leichte-sprache/")), Field("answer", 3, values=("yes", "no"))),
        _helpful,
        "/",
        "{page}#danke",
        "Helpful_{answer}",
    ),
}

PAGES = {path: route.form for path, route in ROUTES.items()}
METHODS = dict.fromkeys(ROUTES, "POST") | dict.fromkeys(("/api/session", "/api/health"), "GET, HEAD")
