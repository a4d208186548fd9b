"""Requests from hell: any method, path, header and body, well formed or not (R01, R61, R63, R70, R71, R87, R88)."""

import base64
import html
import io
import json
import logging
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

import httpx
import pytest
from aws_lambda_powertools import Logger, Metrics
from conftest import Customer, client_address
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from logs import log_lines
from proof import SIZE, amount, tally
from world import calm

from infra.campaign import template
from infra.campaign.node_parts import package
from infra.local.cloud import Cloud
from reset.app import Web
from reset.routes import METHODS, ROUTES

pytestmark = pytest.mark.timeout(2400)
CANARY = "Zq7Kanarie"
NAUGHTY = json.loads((package("blns") / "resources" / "blns.json").read_text())
FORM = "application/x-www-form-urlencoded"
TEXT = st.one_of(
    st.sampled_from(NAUGHTY), st.text(max_size=80), st.sampled_from(["\r\nBcc: x@example.org", "\x1b[31m"])
)
HOSTILE = TEXT.map(lambda text: f"{text}{CANARY}")
FIELDS = (
    "username",
    "token",
    "password",
    "new_password",
    "confirm",
    "keep_me_logged_in",
    "username[]",
    "email",
    "_method",
)
HEADERS = (
    *("Accept", "Content-Type", "Origin", "Sec-Fetch-Site", "Cookie", "Host", "X-Forwarded-For", "X-Forwarded-Host"),
    *("Forwarded", "X-HTTP-Method-Override", "X-Original-URL", "X-Origin-Secret", "CloudFront-Viewer-Address", "Range"),
    *(
        "Authorization",
        "Transfer-Encoding-X",
        "Accept-Language",
        "Referer",
        "User-Agent",
        "If-None-Match",
        "X-Amz-Date",
    ),
)
KINDS = (FORM, f"{FORM}; charset=utf-8", "application/json", "text/plain", "multipart/form-data; boundary=x", "")


def _values(route: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    """The route's own fields, each maybe missing, doubled or strange."""
    names = [field.name for field in ROUTES[route].fields] if route in ROUTES else list(FIELDS)
    pair = st.sampled_from([*names, *FIELDS]).flatmap(lambda name: st.tuples(st.just(name), _good(name) | HOSTILE))
    valid = st.tuples(*[st.tuples(st.just(name), _good(name)) for name in names]).map(list)
    whole = st.tuples(*[st.tuples(st.just(name), _good(name) | HOSTILE) for name in names]).map(list)
    return valid | whole | whole | st.lists(pair, max_size=6)


def _good(name: str) -> st.SearchStrategy[str]:
    """A value that the form takes: only what it means can be wrong then."""
    odd = TEXT.filter(lambda text: text and text.isprintable() and len(text) < 100)
    kinds = {"token": st.just("A" * 43), "keep_me_logged_in": st.just("on"), "username": st.just("anna@example.org")}
    return kinds.get(name, odd.map(lambda text: f"{text}{CANARY}"))


PATHS = (
    st.sampled_from(list(METHODS)) | st.sampled_from(list(METHODS)) | HOSTILE.map(lambda text: "/api/" + quote(text))
)
# ASCII over HTTP: the emulator's edge, not ours, fails at other bytes; the function itself gets them below.
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
METHOD_NAMES = ("POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
HEAD = st.dictionaries(st.sampled_from(HEADERS), LATIN.map(lambda text: text.strip() + CANARY), max_size=4)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, dict[str, bytes], bytes]:
    """Method, target, headers, body; two of three get past the entry, to the form and beyond."""
    entered = draw(st.sampled_from((True, True, False)))
    path = draw(st.sampled_from(list(ROUTES))) if entered else draw(PATHS)
    method = "POST" if entered else draw(st.sampled_from(METHOD_NAMES))
    query = draw(st.just("") | st.just("?lang=en") | HOSTILE.map(lambda text: "?lang=" + quote(text)))
    filled = _values(path).map(lambda values: urlencode(values, errors="replace").encode())
    body = draw(filled if entered else st.binary(max_size=5000) | filled)
    headers = {"Content-Type": FORM if entered else draw(st.sampled_from(KINDS))}
    headers |= draw(st.just({}) | HEAD) if entered else draw(HEAD)
    accept = draw(st.sampled_from(["application/json", "text/html", "*/*"]))
    headers = {"Accept": accept, "Content-Length": str(len(body))} | headers
    return method, path + query, {name: value.encode("latin-1") for name, value in headers.items()}, body


class Sender:
    """Sends each request exactly as it is; a new client address now and then, so that limits are not all there is."""

    def __init__(self, port: int) -> None:
        self.port, self.sent = port, 0
        self.connection: httpx.Client | None = None
        self.slowest, self.statuses = 0.0, Counter()  # type: float, Counter[int]

    def close(self) -> None:
        if self.connection:
            self.connection.close()

    def send(self, method: str, target: str, headers: dict[str, bytes], body: bytes) -> tuple[int, str]:
        """Status, and everything that came back as text."""
        if self.sent % 25 == 0:
            self.close()
            self.connection = httpx.Client(transport=httpx.HTTPTransport(local_address=client_address()), timeout=120)
        self.sent += 1
        url = httpx.URL(f"http://127.0.0.1:{self.port}").copy_with(raw_path=target.encode())
        assert self.connection
        answer = self.connection.request(method, url, headers=list(headers.items()), content=body)
        self.slowest = max(self.slowest, answer.elapsed.total_seconds())
        self.statuses[answer.status_code] += 1
        return answer.status_code, f"{answer.headers}\n{answer.text}"


def test_no_request_breaks_or_echoes(cloud: Cloud, customer: Customer) -> None:
    """R61, R63, R71, R88, R99: never a 5xx, nothing that was sent comes back; at the end all still works."""
    sender, last = Sender(cloud.port), Sender(cloud.port)

    @settings(max_examples=amount(400, 20_000), suppress_health_check=list(HealthCheck), database=None)
    @given(requests())
    @example(("GET", f"/etc/hosts{CANARY}", {}, b""))  # came back in a redirect; one of 20,000 found it
    def check(request: tuple[str, str, dict[str, bytes], bytes]) -> None:
        status, answer = sender.send(*request)
        assert status < 500, (status, answer)
        assert CANARY.lower() not in html.unescape(answer).lower()

    check()
    assert sender.sent >= (20_000 * SIZE if SIZE else 400)
    assert len(sender.statuses) > 6, sender.statuses
    lines = log_lines(cloud)
    assert len(lines) > 100
    for line in lines:
        assert CANARY.lower() not in line.lower()
    assert_one_json_each(lines)
    form = urlencode({"username": customer.username, "password": customer.password}).encode()
    good = {"Content-Type": FORM.encode(), "Accept": b"application/json"}
    assert last.send("POST", "/api/login", good, form)[0] == 200
    sender.close()
    last.close()
    tally("hostile requests", requests=sender.sent, slowest_s=round(sender.slowest, 2), statuses=dict(sender.statuses))


def assert_one_json_each(lines: list[str]) -> None:
    """R87: each of our lines is one JSON object without a control character; START and the like are AWS's."""
    ours = [line.strip("\n") for line in lines if not re.match(r"(START|END|REPORT|INIT_START) ", line)]
    assert ours
    for line in ours:
        entry = json.loads(line)
        assert isinstance(entry, dict)
        assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", line), line


def test_the_function_answers_whatever_event_comes(cloud: Cloud) -> None:
    """R61, R63, R87, R88: the entry itself, with header values and bodies that no edge would let through."""
    world = calm(cloud.session, cloud.outputs)
    written = io.StringIO()
    logger = Logger(service="web", logger_handler=logging.StreamHandler(written))
    web = Web(lambda: world.service, world.settings, logger, Metrics(namespace="Test", service="web"))
    values = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(lambda text: text + CANARY)
    heads = st.dictionaries(st.sampled_from([name.lower() for name in HEADERS]), values, max_size=5)
    bodies = st.binary(max_size=300) | _values("/api/reset").map(lambda v: urlencode(v, errors="replace").encode())

    @settings(max_examples=amount(200, 5_000), suppress_health_check=list(HealthCheck), database=None)
    @given(PATHS, st.sampled_from(("POST", "GET", "HEAD", "PUT", "\u0130")), heads, bodies, values)
    def check(path: str, method: str, head: dict[str, str], body: bytes, query: str) -> None:
        http = {"method": method, "path": path, "sourceIp": "127.0.0.1", "protocol": "HTTP/1.1", "userAgent": CANARY}
        event = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"content-type": FORM} | head | {"cloudfront-viewer-address": f"10.9.{len(body) % 250}.1:1"},
            "queryStringParameters": {"lang": query},
            "cookies": [query],
            "requestContext": {"http": http, "stage": "$default", "requestId": "1"},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
        answer = web.handle(event, None)  # type: ignore[arg-type]  # the function asks nothing of its context
        assert answer["statusCode"] < 500, answer
        assert CANARY.lower() not in json.dumps(answer).lower()

    check()
    lines = written.getvalue().splitlines()
    assert len(lines) > 100
    assert CANARY.lower() not in written.getvalue().lower()
    assert_one_json_each(lines)


# --- the function at the edge

ELSEWHERE = (
    *(
        "//evil.example",
        "//evil.example/",
        "/\\evil.example",
        "/\\\\evil.example",
        "///evil.example",
        "/%2F%2Fevil.example",
    ),
    *(
        "/%5Cevil.example",
        "/%5C%5Cevil.example/x",
        "/x//evil.example",
        "/.evil.example/..",
        "/@evil.example",
        "/\tevil",
    ),
    *("/https:evil.example", "/%0d%0aLocation:%20https://evil.example", "/evil.example%2F..", "/a/..//evil.example"),
    *("/.well-known/change-password//evil.example", "/en//evil.example", "/?next=//evil.example", "/a?//evil.example"),
)


def test_no_redirect_leaves_the_site(cloud: Cloud) -> None:
    """R70, X35: whatever the path, a redirect is one to a path of ours."""
    for target in ELSEWHERE:
        connection = HTTPConnection("127.0.0.1", cloud.port)
        connection.putrequest("GET", target.replace("\t", "%09"), skip_host=True)
        connection.putheader("Host", "localhost")
        connection.endheaders()
        answer = connection.getresponse()
        location = answer.headers.get("location", "/")
        assert urlsplit(urljoin("https://own.example/", location)).netloc == "own.example", target
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        assert answer.status < 500
        answer.close()
        connection.close()


def test_the_edge_function_redirects_only_to_paths_of_ours() -> None:
    """R70, R74, X35: the CloudFront Function itself, over thousands of paths; locked down as every answer is."""
    code = template.read("template.yaml")["Resources"]["IndexFunction"]["Properties"]["FunctionCode"]
    targets: list[str] = [target.partition("?")[0] for target in ELSEWHERE]

    @settings(max_examples=amount(300, 20_000), database=None)
    @given(
        st.lists(st.sampled_from([*"/\\.%-_aZ0:@?#\t\r\n", "//", "en", "evil.example", "%2F", "%5c", "ı"]), max_size=12)
    )
    def collect(parts: list[str]) -> None:
        targets.append("/" + "".join(parts))

    collect()
    ask = "console.log(JSON.stringify(all.map(uri => handler({request: {uri}}))))"
    run = f"{code}\nconst all = {json.dumps(targets)}; {ask}"
    node = Path(sys.executable).with_name("node")
    done = subprocess.run([str(node), "-"], input=run, capture_output=True, text=True, check=True)
    redirects = [
        (uri, found) for uri, found in zip(targets, json.loads(done.stdout), strict=True) if "statusCode" in found
    ]
    assert redirects
    for uri, found in redirects:
        location = found["headers"]["location"]["value"]
        assert re.fullmatch(r"(/[a-z0-9-]+)+/", location), (uri, location)
        said = {name: value["value"] for name, value in found["headers"].items()}
        assert said["strict-transport-security"].startswith("max-age=63072000")
        assert (said["x-content-type-options"], said["cache-control"]) == ("nosniff", "no-store")
        assert said["content-security-policy"].startswith("default-src 'none'")


# --- one attack each

COLLISIONS = ("\u0131", "\u017f", "\u212a", "\u00df", "\uff41", "\u0430", "a\u0301", "\u200b", "\u00ad")


@pytest.mark.parametrize("strange", COLLISIONS)
def test_a_look_alike_never_reaches_the_account(
    visitor: httpx.Client, inbox: Any, new_customer: Callable[..., Customer], strange: str
) -> None:
    """R05, X07, CVE-2019-19844: dotless ı, long ſ, Kelvin K, ß, wide a, Cyrillic а, accents, invisible signs."""
    victim = new_customer()
    name, _, domain = victim.username.partition("@")
    for typed in (
        f"{name[0]}{strange}{name[1:]}@{domain}",  # at the ends an invisible sign comes off: tests/test_nouns_text.py
        f"{name.replace('k', strange, 1)}@{domain}",
        f"{name}@{strange}{domain}",
    ):
        visitor.post("/api/forgot", data={"username": typed})
        answer = visitor.post("/api/login", data={"username": typed, "password": victim.password})
        assert answer.status_code == 401
    visitor.post("/api/forgot", data={"username": victim.username.upper()})
    inbox.wait(victim.username)
    assert len(inbox.messages(victim.username)) == 1
    assert [mail for mail in inbox.messages(victim.username) if mail["to"] != victim.username] == []


@pytest.mark.parametrize(
    "body",
    [
        "username={v}&username=evil%40example.org",
        "username={v}&email=evil%40example.org",
        "username={v}%2Cevil%40example.org",
        "username={v}%0ACc%3A%20evil%40example.org",
        "username={v}%20evil%40example.org",
        "username[]={v}&username[]=evil%40example.org",
        "username={v};username=evil%40example.org",
        "username=%3C{v}%3E",
    ],
)
def test_a_second_recipient_is_refused(visitor: httpx.Client, inbox: Any, customer: Customer, body: str) -> None:
    """X02, X05, CVE-2023-7028: doubled, comma, line break, array: 400, and no mail to anybody."""
    content = body.format(v=quote(customer.username)).encode()
    answer = visitor.post("/api/forgot", content=content, headers={"Content-Type": FORM})
    assert answer.status_code == 400
    assert inbox.messages(customer.username) == inbox.messages("evil@example.org") == []


def test_get_and_head_never_use_a_link_up(visitor: httpx.Client, inbox: Any, customer: Customer) -> None:
    """R18, X13: a scanner that fetches page and API, by every safe method."""
    visitor.post("/api/forgot", data={"username": customer.username})
    token = inbox.token(customer.username)
    data = {"username": customer.username, "token": token, "new_password": "Birke Tassen Orgel 58"}
    for method in ("GET", "HEAD", "OPTIONS"):
        for path in (f"/neues-passwort/?token={token}", f"/api/reset?{urlencode(data)}", f"/api/reset/{token}"):
            for override in ({}, {"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "POST"}):
                assert visitor.request(method, path, headers=override).status_code in (200, 403, 404, 405)
    answer = visitor.post("/api/reset", data=data | {"confirm": data["new_password"]})
    assert answer.status_code == 200
