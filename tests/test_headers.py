"""What a browser is told, on every page and every answer (R03, R50, R72–R79, R81, R83, R91, R93, I21)."""

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from conftest import Customer, client_address
from playwright.sync_api import Browser

from infra.local.cloud import Cloud
from reset.answers import SESSION
from reset.exchange import Exchange
from reset.routes import ROUTES

FORMS = ("anmelden", "passwort-vergessen", "neues-passwort", "portal", "das-war-ich-nicht")
STATIC = (
    "/404.html",
    "/gibt-es-nicht/",
    "/robots.txt",
    "/sitemap.xml",
    "/.well-known/security.txt",
    "/passwort-vergessen",
)
API = (
    *(("POST", path, code) for path, code in (("/api/forgot", 202), ("/api/reset", 400), ("/api/login", 401))),
    *(("GET", path, code) for path, code in (("/api/session", 401), ("/api/health", 200), ("/api/nichts", 404))),
    *(
        ("POST", "/api/logout", 200),
        ("POST", "/api/not-me", 400),
        ("GET", "/api/forgot", 405),
        ("PUT", "/api/login", 405),
    ),
)


def pages(cloud: Cloud) -> list[str]:
    """Every page's path."""
    site = Path(cloud.home) / "build" / "site"
    found = sorted(f"/{path.relative_to(site).as_posix()}" for path in site.rglob("*.html"))
    assert len(found) > 20
    return [path.removesuffix("index.html") for path in found]


def edge(cloud: Cloud, method: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """CloudFront's own answer: the local front door only takes HSTS away, lest it stick to localhost."""
    connection = http.client.HTTPConnection("127.0.0.1", cloud.gateway, source_address=(client_address(), 0))
    given = {"Host": cloud.outputs["DistributionDomain"], "X-Forwarded-Proto": "https", "Accept": "application/json"}
    connection.request(method, path, headers=given | headers)
    answer = connection.getresponse()
    found = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read()
    connection.close()
    return answer.status, found, body


def policy(headers: dict[str, str]) -> dict[str, list[str]]:
    """The content security policy, directive by directive."""
    parts = [part.split() for part in headers["content-security-policy"].split(";") if part.strip()]
    return {part[0]: part[1:] for part in parts}


def check(headers: dict[str, str]) -> None:
    """What every answer must carry (R72–R77, R79, R83)."""
    rules = policy(headers)
    assert rules["default-src"] == rules["base-uri"] == rules["object-src"] == rules["frame-ancestors"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == rules["connect-src"] == ["'self'"]
    allowed = {name: values for name, values in rules.items() if not set(values) <= {"'none'", "'self'"}}
    assert allowed in ({}, {"img-src": ["'self'", "data:"]}), "nothing unsafe, no hash, no host, no wildcard"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    for name, value in (("opener", "same-origin"), ("resource", "same-origin"), ("embedder", "require-corp")):
        assert headers[f"cross-origin-{name}-policy"] == value
    for sensor in ("camera", "microphone", "geolocation", "payment", "usb"):
        assert f"{sensor}=()" in headers["permissions-policy"]
    assert not [name for name in headers if name.startswith("access-control-") or name in ("server", "x-powered-by")]


def observatory(headers: dict[str, str]) -> int:
    """MDN's HTTP Observatory, version 5 (its score table): what a scan of this answer over https would give."""
    rules, score = policy(headers), 100
    values = [value for each in rules.values() for value in each]
    if not any(value.startswith(("'unsafe", "http:", "*")) for value in values) and "data:" not in rules["script-src"]:
        score += 10 if rules["default-src"] == ["'none'"] and rules["form-action"] == ["'self'"] else 5
    else:
        score -= 20
    score += 5 if headers.get("referrer-policy") in ("no-referrer", "same-origin", "strict-origin") else -5
    age = re.search(r"max-age=(\d+)", headers.get("strict-transport-security", ""))
    score += 0 if age and int(age[1]) >= 15768000 else -20  # +5 only once the domain is on the preload list
    score += 0 if headers.get("x-content-type-options") == "nosniff" else -5
    score += 5 if rules.get("frame-ancestors") == ["'none'"] else -20
    score += 10 if headers.get("cross-origin-resource-policy") in ("same-origin", "same-site") else 0
    score += -50 if headers.get("access-control-allow-origin") == "*" else 0
    cookie = headers.get("set-cookie", "")
    safe = all(part in cookie for part in ("Secure", "HttpOnly", "SameSite"))
    return score + ((5 if safe else -40) if cookie else 0)


def test_every_page_is_locked_down(cloud: Cloud) -> None:
    """R72–R77, R79, R83, R84, R93, I21: pages, files, redirects aside; missing pages too; no cookie before a login."""
    for path in (*pages(cloud), *STATIC):
        status, headers, body = edge(cloud, "GET", path)
        if status in (301, 302):
            assert headers["location"].startswith("/")
            continue
        check(headers)
        assert "set-cookie" not in headers
        assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains; preload"
        assert observatory(headers) >= 130, path
        if any(f"/{form}/" in path for form in FORMS) and status == 200:
            assert headers["cache-control"] == "no-store", path
        assert not re.search(rb"<script(?![^>]* src=)[^>]*>[^<]|\son[a-z]+=\"|style=\"|javascript:", body), path


@pytest.mark.parametrize("path", ROUTES)
def test_no_redirect_of_a_form_is_kept(cloud: Cloud, path: str) -> None:
    """R78, X38: a browser without script gets nothing else, with the session's cookie."""
    sent = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded", "Content-Length": "0"}
    status, headers, _ = edge(cloud, "POST", path, **sent, **{"CloudFront-Viewer-Address": f"{client_address()}:1"})
    assert (status, headers["cache-control"]) in ((303, "no-store"), (400, "no-store"))
    assert status == 303 or path == "/api/helpful"
    check(headers)


@pytest.mark.parametrize(("method", "path", "status"), API)
def test_every_answer_is_locked_down(cloud: Cloud, method: str, path: str, status: int) -> None:
    """R03, R72–R79, R99, X38: also failures; never cached, never a page, never a token."""
    form = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": "0"}
    if path == "/api/forgot" and method == "POST":
        connection_body = b"username=niemand%40example.org"
        with httpx.Client(transport=httpx.HTTPTransport(local_address=client_address())) as visitor:
            answer = visitor.post(
                f"http://127.0.0.1:{cloud.port}{path}",
                content=connection_body,
                headers={"Content-Type": form["Content-Type"], "Accept": "application/json"},
            )
        got, headers, body = answer.status_code, dict(answer.headers), answer.content
    else:
        viewer = {"CloudFront-Viewer-Address": f"{client_address()}:1"}
        got, headers, body = edge(cloud, method, path, **form, **viewer)
        assert headers["strict-transport-security"].startswith("max-age=63072000")
        assert observatory(headers) >= 130
    assert got == status
    check(headers)
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] in ("application/json", "application/problem+json")
    assert not re.search(rb"[A-Za-z0-9_-]{43}", body)


def test_the_cookie_is_as_narrow_as_a_cookie_can_be(visitor: httpx.Client, customer: Customer) -> None:
    """R50: __Host-, Secure, HttpOnly, SameSite, the whole path, no domain; and MDN's five points for it."""
    answer = visitor.post("/api/login", data={"username": customer.username, "password": customer.password})
    first, *attributes = answer.headers["set-cookie"].split("; ")
    assert re.fullmatch(r"__Host-session=[\w-]{43}", first)
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]


@pytest.mark.parametrize(
    "path",
    [
        *("/.git/HEAD", "/.env", "/assets/", "/index.html.map", "/api", "/infra/template.yaml"),
        *("/_ministack/health", "/%5Fministack/health", "/%76%32/email/identities"),
    ],
)
def test_nothing_else_is_served(visitor: httpx.Client, path: str) -> None:
    """R83, R100: no directory listing, source map, repository or test route, and nothing of the emulator's own."""
    assert visitor.get(path, follow_redirects=True).status_code == 404


def test_trace_is_refused(visitor: httpx.Client) -> None:
    """R71, R83."""
    for path in ("/", "/api/health"):
        assert visitor.request("TRACE", path).status_code in (403, 404, 405)


@pytest.fixture(scope="module")
def visited(cloud: Cloud, browser: Browser) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """What a real browser complained about, asked for elsewhere and stored, over every page."""
    violations, foreign, stored = [], [], []  # type: list[str], list[str], list[str]
    context = browser.new_context()
    context.add_init_script("addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.blockedURI))")
    context.on("request", lambda request: foreign.append(request.url) if ours not in request.url else None)
    ours = f"//localhost:{cloud.port}/"
    page = context.new_page()
    page.on("console", lambda message: violations.append(message.text) if "CSP" in message.text else None)
    page.on("console", lambda message: violations.append(message.text) if "Content Security" in message.text else None)
    for path in pages(cloud):
        page.goto(f"http://localhost:{cloud.port}{path}#{'A' * 43}", wait_until="load")
        page.wait_for_timeout(300)
        stored += page.evaluate("[...Object.values(localStorage), ...Object.values(sessionStorage), document.cookie]")
    stored += [cookie["name"] for cookie in context.cookies()]
    yield violations, [url for url in foreign if not url.startswith(("data:", "blob:"))], stored
    context.close()


def test_a_browser_finds_no_violation(visited: tuple[list[str], list[str], list[str]]) -> None:
    """R73: every page, with everything that its scripts do at load."""
    assert visited[0] == []


def test_nothing_is_asked_of_a_third_party(visited: tuple[list[str], list[str], list[str]]) -> None:
    """R40, R81, R91, X08."""
    assert visited[1] == []


def test_a_token_is_stored_nowhere(visited: tuple[list[str], list[str], list[str]]) -> None:
    """R21, R93: no cookie, and nothing of the fragment in the browser's storage."""
    assert not [value for value in visited[2] if "A" * 43 in value or "session" in value]


def test_a_scanner_with_javascript_uses_no_link_up(
    cloud: Cloud, visitor: httpx.Client, inbox: object, customer: Customer, browser: Browser
) -> None:
    """R18, R20, X13: a real browser opens both links of the mail; the fragment is gone, the link still works."""
    visitor.post("/api/forgot", data={"username": customer.username})
    text = inbox.wait(customer.username)[0]["text"]  # type: ignore[attr-defined]
    links = re.findall(r"^http\S+#\S+$", text, re.MULTILINE)
    assert len(links) == 2
    for link in links:
        context = browser.new_context()
        posts: list[str] = []
        context.on(
            "request", lambda request, posts=posts: posts.append(request.url) if request.method == "POST" else None
        )
        page = context.new_page()
        page.goto(link, wait_until="load")
        page.wait_for_timeout(500)
        assert posts == []
        assert link.partition("#")[2] not in page.url
        context.close()
    password = "Birke Tassen Orgel 58"
    form = {"username": customer.username, "token": links[0].partition("#")[2], "confirm": password}
    assert visitor.post("/api/reset", data=form | {"new_password": password}).status_code == 200


@pytest.mark.parametrize("blank", ["\u2000", "\xa0", "\x85"])
def test_only_the_cookies_own_name_is_its_name(blank: str) -> None:
    """R50: `__Host-` binds a browser by the exact name; a sibling host may set one with a blank before it."""
    planted = {"cookies": [f"{blank}{SESSION}=planted", f" {SESSION}=own"], "headers": {}}
    assert Exchange(APIGatewayProxyEventV2(planted), "V").cookie(SESSION) == "own"
