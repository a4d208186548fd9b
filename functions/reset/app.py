"""The routes: API Gateway's event in, a page or data out."""

from __future__ import annotations

import traceback
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler.api_gateway import APIGatewayHttpResolver, Response
from aws_lambda_powertools.metrics import MetricUnit

from . import answers, guards
from .errors import Problem
from .exchange import Exchange
from .forms import read_form
from .keys import keyed_hash
from .request import Request
from .routes import METHODS, PAGES, ROUTES, Route
from .timeline import stamp
from .vorgang import new_vorgang

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools import Logger, Metrics
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from .service import Service
    from .settings import Settings


class Web:
    """The routes over one Service, made at the first request that gets its secrets; the rest belongs to the entry."""

    def __init__(self, create: Callable[[], Service], settings: Settings, logger: Logger, metrics: Metrics) -> None:
        self._service, self.settings, self.logger, self.metrics = cache(create), settings, logger, metrics
        self.app = APIGatewayHttpResolver()
        for path, route in ROUTES.items():
            self.app.post(path)(self._posting(route))
        self.app.get("/api/session")(self._session)
        self.app.get("/api/health")(self._health)
        self.app.not_found(self._unrouted)
        self.app.exception_handler(Exception)(self._failed)

    def handle(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answers one event and logs one line about it, with nothing in it that the client sent."""
        vorgang, http = new_vorgang(), event["requestContext"]["http"]
        route, method = event["rawPath"] if event["rawPath"] in METHODS else "-", http["method"]
        event["rawPath"] = route  # Powertools would also take an address with a line's end behind it
        self.logger.append_keys(vorgang=vorgang)
        self.app.append_context(vorgang=vorgang)  # type: ignore[no-untyped-call]  # Powertools leaves it untyped
        http["method"] = "GET" if method == "HEAD" else method  # what stands before the function drops the body
        answer = self.app.resolve(event, context)
        self.logger.info("answered", route=route, status=answer["statusCode"])
        return answer

    @property
    def service(self) -> Service:
        """The use cases."""
        return self._service()

    @property
    def exchange(self) -> Exchange:
        """The request in hand."""
        return Exchange(self.app.current_event, self.app.context["vorgang"])

    def _posting(self, route: Route) -> Callable[[], Response[str]]:
        def post() -> Response[str]:
            exchange = self.exchange
            try:
                form = self._form(exchange, route)
                client = keyed_hash(self.service.keys.account_key, "client", exchange.client)
                request = Request(exchange.vorgang, client, exchange.cookie(answers.SESSION))
                result, cookie = route.act(self.service, request, form)
            except Exception as error:  # noqa: BLE001  # a browser is led back to its form whatever happened
                return self._refused(exchange, route, error)
            self._count(route.metric.format_map(form))
            if exchange.wants_json:
                answer = answers.data(route.status, result)
            else:
                answer = answers.see_other(exchange.page(route.done.format_map(form | result)), forget=route.secret)
            answer.cookies += [cookie] if cookie else []
            return answer

        return post

    def _form(self, exchange: Exchange, route: Route) -> dict[str, str]:
        headers = exchange.event.headers
        self._through_cloudfront()
        guards.same_site(headers, self.settings.site_url)
        if not (route.fields or exchange.body):
            return {}
        return read_form(exchange.body, headers.get("content-type", ""), route.fields)

    def _through_cloudfront(self) -> None:
        guards.through_cloudfront(self.app.current_event.headers, self.service.keys)

    def _refused(self, exchange: Exchange, route: Route, error: Exception) -> Response[str]:
        answer = self._failed(error)  # counts the code as it is, before a form hides it behind its own
        problem = error if isinstance(error, Problem) else Problem("stoerung")
        if problem.code == "eingabe-ungueltig" != route.invalid:
            problem = Problem(route.invalid)
            answer = answers.failure(problem, exchange.vorgang, exchange.language, self.settings.password_minimum)
        if exchange.wants_page:
            problem = route.shown(problem, exchange.body)
        if exchange.wants_json or problem.code not in route.codes:
            return answer
        page = exchange.failed_page(route.form, problem.code)
        return answers.see_other(page, answers.headers_of(problem), forget=route.secret)

    def _failed(self, error: Exception) -> Response[str]:
        """Every failure as problem+json; what was not foreseen is logged whole and told as `stoerung` (R88)."""
        if isinstance(error, Problem):
            problem = error
            self._count("Refused", reason=problem.code)
        else:
            problem = Problem("stoerung")
            # The text of an error may hold what a client sent: only its kind and its place are logged (R86).
            self.logger.error("unforeseen", fault=type(error).__name__, place=_place(error))
            self._count("Faults")
        exchange = self.exchange
        return answers.failure(problem, exchange.vorgang, exchange.language, self.settings.password_minimum)

    def _unrouted(self, _: Exception) -> Response[str]:
        event = self.app.current_event
        try:
            self._through_cloudfront()
        except Exception as error:  # noqa: BLE001  # secrets that cannot be read, too
            return self._failed(error)
        if event.http_method == "GET" and event.path in PAGES and self.exchange.wants_page:
            return answers.see_other(self.exchange.page(PAGES[event.path]))  # Enter in the address bar, after a post
        allow = METHODS.get(event.path)
        return self._failed(Problem("methode-nicht-erlaubt", allow=allow) if allow else Problem("nicht-gefunden"))

    def _session(self) -> Response[str]:
        self._through_cloudfront()
        session, account = self.service.session(self.exchange.cookie(answers.SESSION))
        return answers.data(200, {"username": account.username, "since": stamp(session.since)})

    def _health(self) -> Response[str]:
        try:
            self._through_cloudfront()
            self.service.accounts.get("health")
        except Problem:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the answer is 503
            self.logger.error("unhealthy", fault=type(error).__name__, place=_place(error))  # noqa: TRY400  # see _failed
            raise Problem("nicht-bereit") from None
        return answers.data(200, {"status": "ok"})

    def _count(self, name: str, **dimensions: str) -> None:
        for dimension, value in dimensions.items():
            self.metrics.add_dimension(dimension, value)
        self.metrics.add_metric(name, MetricUnit.Count, 1)
        self.metrics.flush_metrics()


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "-"
