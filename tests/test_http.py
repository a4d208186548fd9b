"""Every route and code of the interface, over HTTP, through the whole local cloud."""

import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest
from conftest import FACTS, PASSWORD, Customer, Inbox, client_address

from infra.local.cloud import Cloud
from reset.routes import METHODS

NEW = "Birke Tassen Orgel 58"
PREFIX = FACTS["subject_prefix"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
VORGANG = re.compile(r"[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}")


def problem(answer: httpx.Response, status: int, code: str) -> dict:
    """The problem in an answer, after its shape is checked (RFC 9457)."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    body: dict = answer.json()
    assert (body["status"], body["code"]) == (status, code), body
    assert body["title"]
    assert VORGANG.fullmatch(body["vorgang"])
    assert answer.headers["cache-control"] == "no-store"
    return body


def ask(visitor: httpx.Client, inbox: Inbox, customer: Customer, count: int = 1) -> str:
    """Asks for a link and returns its token."""
    assert visitor.post("/api/forgot", data={"username": customer.username}).status_code == 202
    return inbox.token(customer.username, count)


def form(customer: Customer, link: str, **changed: str) -> dict[str, str]:
    """A filled-in reset form."""
    return {"username": customer.username, "token": link, "new_password": NEW, "confirm": NEW} | changed


def login(visitor: httpx.Client, customer: Customer, password: str) -> httpx.Response:
    return visitor.post("/api/login", data={"username": customer.username, "password": password})


def test_health(visitor: httpx.Client) -> None:
    answer = visitor.get("/api/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_the_whole_way(visitor: httpx.Client, inbox: Inbox, customer: Customer) -> None:
    """Forgot, mail, reset, notice, log in; the old password and the old session are dead (R26–R29, X33)."""
    answer = login(visitor, customer, PASSWORD)
    assert answer.status_code == 200
    old_session = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
    token = ask(visitor, inbox, customer)
    answer = visitor.post("/api/reset", data=form(customer, token))
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers  # R26
    assert inbox.wait(customer.username, 2)[0]["subject"] == f"{PREFIX} Ihr Passwort wurde geändert"
    assert visitor.get("/api/session", headers=old_session).status_code == 401
    problem(login(visitor, customer, PASSWORD), 401, "anmeldung-fehlgeschlagen")
    assert login(visitor, customer, NEW).status_code == 200


def test_forgot_answers_alike_for_every_account(
    visitor: httpx.Client, new_customer: Callable[..., Customer], inbox: Inbox
) -> None:
    """R01, X15, X18: status, headers and body differ in nothing but the Vorgangsnummer."""
    names = [new_customer(status).username for status in ("active", "invited", "locked")]
    limited = new_customer()
    for _ in range(4):
        visitor.post("/api/forgot", data={"username": limited.username})
    seen = set()
    for name in [*names, limited.username, "niemand@example.org"]:
        answer = visitor.post("/api/forgot", data={"username": name})
        assert VORGANG.fullmatch(answer.json()["vorgang"])
        kept = {key: value for key, value in answer.headers.items() if not re.search("date|x-amz|via|apigw", key)}
        seen.add((answer.status_code, VORGANG.sub("", answer.text), str(sorted(kept.items()))))
    assert len(seen) == 1
    assert [inbox.wait(name)[0]["subject"] for name in names] == [
        f"{PREFIX} Ihr Passwort zurücksetzen",
        f"{PREFIX} Ihre Registrierung abschließen",
        f"{PREFIX} Ihr Konto ist gesperrt",
    ]
    assert inbox.messages("niemand@example.org") == []  # R04


def test_a_browser_is_led_to_pages(new_visitor: Callable[..., httpx.Client], customer: Customer, inbox: Inbox) -> None:
    browser = new_visitor(headers=BROWSER)
    answer = browser.post("/api/forgot", data={"username": customer.username})
    assert answer.status_code == 303
    assert re.fullmatch(rf"/passwort-vergessen/gesendet/\?vorgang={VORGANG.pattern}", answer.headers["location"])
    bad = browser.post("/api/forgot", data={"username": "keine-adresse"})
    assert bad.status_code == 303
    assert re.fullmatch(
        rf"/passwort-vergessen/\?vorgang={VORGANG.pattern}#fehler-eingabe-ungueltig", bad.headers["location"]
    )
    done = browser.post("/api/reset", data=form(customer, inbox.token(customer.username)))
    assert (done.status_code, done.headers["location"]) == (303, "/neues-passwort/fertig/")
    into = browser.post("/api/login", data={"username": customer.username, "password": NEW})
    assert (into.status_code, into.headers["location"]) == (303, "/portal/")
    out = browser.post("/api/logout")
    assert (out.status_code, out.headers["location"]) == (303, "/anmelden/")
    english = browser.post("/api/login?lang=en", data={"username": customer.username, "password": "falsch"})
    assert english.headers["location"].startswith("/en/anmelden/")
    assert english.headers["location"].endswith("#fehler-anmeldung-fehlgeschlagen")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"confirm": NEW + "x"}, 422, "passwort-ungleich"),
        ({"new_password": "kurz", "confirm": "kurz"}, 422, "passwort-zu-kurz"),
        ({"new_password": "ab cde fgh" * 13, "confirm": "ab cde fgh" * 13}, 422, "passwort-zu-lang"),
        ({"new_password": "passwortpasswort", "confirm": "passwortpasswort"}, 422, "passwort-zu-einfach"),
        ({"new_password": NEW + "\t", "confirm": NEW + "\t"}, 422, "passwort-zu-einfach"),
        ({"new_password": PASSWORD, "confirm": PASSWORD}, 422, "passwort-wie-bisher"),
        ({"token": "A" * 43}, 400, "link-ungueltig"),
        ({"token": "kaputt"}, 400, "link-ungueltig"),
    ],
)
def test_a_refused_reset_does_not_use_the_link_up(
    visitor: httpx.Client, inbox: Inbox, customer: Customer, changed: dict[str, str], status: int, code: str
) -> None:
    """R18, R22, R29, R30, R31, R34."""
    token = ask(visitor, inbox, customer)
    problem(visitor.post("/api/reset", data=form(customer, token, **changed)), status, code)
    assert login(visitor, customer, PASSWORD).status_code == 200
    assert visitor.post("/api/reset", data=form(customer, token)).status_code == 200


def test_a_link_works_once(visitor: httpx.Client, inbox: Inbox, customer: Customer) -> None:
    """R16; who pastes the whole mail without JavaScript gets in, too."""
    token = ask(visitor, inbox, customer)
    mail = " ".join(inbox.messages(customer.username)[0]["text"].split())
    assert visitor.post("/api/reset", data=form(customer, mail)).status_code == 200
    other = "Giraffe Ofen Lineal 33"
    problem(
        visitor.post("/api/reset", data=form(customer, token, new_password=other, confirm=other)), 400, "link-ungueltig"
    )


def test_a_newer_link_replaces_the_older(visitor: httpx.Client, inbox: Inbox, customer: Customer) -> None:
    """R17."""
    old = ask(visitor, inbox, customer)
    new = ask(visitor, inbox, customer, 2)
    problem(visitor.post("/api/reset", data=form(customer, old)), 400, "link-ungueltig")
    assert visitor.post("/api/reset", data=form(customer, new)).status_code == 200


def test_a_link_opens_only_its_own_account(
    visitor: httpx.Client, inbox: Inbox, new_customer: Callable[..., Customer]
) -> None:
    """R14, X04."""
    mine, other = new_customer(), new_customer()
    token = ask(visitor, inbox, mine)
    problem(visitor.post("/api/reset", data=form(other, token)), 400, "link-ungueltig")
    assert login(visitor, other, PASSWORD).status_code == 200


def test_an_invited_customer_sets_the_first_password(
    visitor: httpx.Client, inbox: Inbox, new_customer: Callable[..., Customer]
) -> None:
    invited = new_customer("invited")
    token = ask(visitor, inbox, invited)
    assert visitor.post("/api/reset", data=form(invited, token)).status_code == 200
    assert login(visitor, invited, NEW).status_code == 200


def test_a_locked_customer_gets_no_link(
    visitor: httpx.Client, inbox: Inbox, new_customer: Callable[..., Customer]
) -> None:
    """R07, X31."""
    locked = new_customer("locked")
    visitor.post("/api/forgot", data={"username": locked.username})
    mail = inbox.wait(locked.username)[0]
    assert "/#" not in mail["text"]
    assert "<a " not in mail["html"]
    assert FACTS["mailbox"] in mail["text"]


def test_an_address_brings_its_tab_along_and_a_password_keeps_its_own(
    visitor: httpx.Client, customer: Customer
) -> None:
    """R33: what is unseen at the ends of an address goes; a password is what was typed."""
    tabbed = {"username": f" {customer.username}\t ", "password": PASSWORD}
    assert visitor.post("/api/login", data=tabbed).status_code == 200
    assert visitor.post("/api/login", data=tabbed | {"password": f"{PASSWORD}\t"}).status_code == 401
    assert visitor.post("/api/forgot", data={"username": f"{customer.username}\t"}).status_code == 202
    for strange in (f"a\t{customer.username}", "\t", f"{customer.username}\0", f"{customer.username}\r\nBcc: a@b.de"):
        problem(visitor.post("/api/forgot", data={"username": strange}), 400, "eingabe-ungueltig")


def test_session_and_logout(visitor: httpx.Client, customer: Customer) -> None:
    """R49, R50, R51, R52, R99: the answer holds what the portal's page shows and no more."""
    answer = login(visitor, customer, PASSWORD)
    assert answer.json().keys() == {"vorgang"}
    cookie = answer.headers["set-cookie"]
    for part in ("__Host-session=", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"):
        assert part in cookie
    assert "Max-Age" not in cookie
    token = re.search(r"__Host-session=([\w-]{43})", cookie)
    assert token
    mine = {"Cookie": f"__Host-session={token[1]}"}
    session = visitor.get("/api/session", headers=mine)
    assert session.status_code == 200
    assert session.json().keys() == {"username", "since"}
    assert session.json()["username"] == customer.username
    assert session.json()["since"].endswith("Z")
    assert visitor.post("/api/logout", headers=mine).status_code == 200
    problem(visitor.get("/api/session", headers=mine), 401, "nicht-angemeldet")


def test_a_new_log_in_ends_the_session_before_it(visitor: httpx.Client, customer: Customer) -> None:
    """R49, ASVS 7.2.4: the browser forgets that session's number, so nobody could log out of it any more."""
    form = {"username": customer.username, "password": PASSWORD}
    first, *later = (
        {"Cookie": visitor.post("/api/login", data=form, headers=before).headers["set-cookie"].partition(";")[0]}
        for before in ({}, {"Cookie": "__Host-session=" + "A" * 43})
    )
    answer = visitor.post("/api/login", data=form | {"password": "falsch"}, headers=first)
    assert (answer.status_code, visitor.get("/api/session", headers=first).status_code) == (401, 200)
    again = visitor.post("/api/login", data=form, headers=first).headers["set-cookie"].partition(";")[0]
    problem(visitor.get("/api/session", headers=first), 401, "nicht-angemeldet")
    for alive in (*later, {"Cookie": again}):
        assert visitor.get("/api/session", headers=alive).status_code == 200


def test_keep_me_logged_in_lasts(visitor: httpx.Client, customer: Customer) -> None:
    data = {"username": customer.username, "password": PASSWORD, "keep_me_logged_in": "on"}
    assert "Max-Age=2592000" in visitor.post("/api/login", data=data).headers["set-cookie"]


def test_login_fails_alike(visitor: httpx.Client, new_customer: Callable[..., Customer]) -> None:
    """R47: wrong password, unknown, invited, locked, over-long, no address at all."""
    active, invited, locked = (new_customer(status) for status in ("active", "invited", "locked"))
    tries = [
        (active.username, "falsch"),
        (active.username, "x" * 600),
        (invited.username, PASSWORD),
        (locked.username, PASSWORD),
        ("niemand@example.org", PASSWORD),
        ("keine-adresse", PASSWORD),
    ]
    bodies = set()
    for username, password in tries:
        answer = visitor.post("/api/login", data={"username": username, "password": password})
        body = problem(answer, 401, "anmeldung-fehlgeschlagen")
        assert "set-cookie" not in answer.headers
        body.pop("vorgang")
        bodies.add(str(body))
    assert len(bodies) == 1


def test_guessing_passwords_gets_slow_and_a_reset_clears_it(
    visitor: httpx.Client, inbox: Inbox, customer: Customer
) -> None:
    """R07, R48, X32; an unknown address is slowed down in the same way."""
    for username in (customer.username, "niemand.da@example.org"):
        for _ in range(5):
            answer = visitor.post("/api/login", data={"username": username, "password": "falsch"})
            problem(answer, 401, "anmeldung-fehlgeschlagen")
        answer = visitor.post("/api/login", data={"username": username, "password": PASSWORD})
        problem(answer, 429, "zu-viele-anfragen")
        assert 0 < int(answer.headers["retry-after"]) <= 30
    assert visitor.post("/api/reset", data=form(customer, ask(visitor, inbox, customer))).status_code == 200
    assert login(visitor, customer, NEW).status_code == 200


def test_one_address_is_stopped_others_are_not(new_visitor: Callable[..., httpx.Client], customer: Customer) -> None:
    """R57, R59, R60, X26: forged headers change nothing."""
    flooder, neighbour = new_visitor(), new_visitor()
    for number in range(60):
        forged = {"X-Forwarded-For": f"10.0.0.{number}", "CloudFront-Viewer-Address": f"10.0.0.{number}:1"}
        assert (
            flooder.post("/api/forgot", data={"username": f"a{number}@example.org"}, headers=forged).status_code == 202
        )
    answer = flooder.post("/api/forgot", data={"username": customer.username})
    problem(answer, 429, "zu-viele-anfragen")
    assert int(answer.headers["retry-after"]) > 0
    assert neighbour.post("/api/forgot", data={"username": customer.username}).status_code == 202


def test_an_account_over_its_limit_keeps_its_link(visitor: httpx.Client, inbox: Inbox, customer: Customer) -> None:
    """R60, X21, X28: the answer is the same, no fourth mail, the third link works."""
    for _ in range(3):
        token = ask(visitor, inbox, customer, _ + 1)
    assert visitor.post("/api/forgot", data={"username": customer.username}).status_code == 202
    time.sleep(1)
    assert len(inbox.messages(customer.username)) == 3
    assert visitor.post("/api/reset", data=form(customer, token)).status_code == 200


def test_not_me_voids_the_link_and_pauses_mails(visitor: httpx.Client, inbox: Inbox, customer: Customer) -> None:
    token = ask(visitor, inbox, customer)
    stop = inbox.token(customer.username, path="/das-war-ich-nicht/")
    for _ in range(2):
        assert visitor.post("/api/not-me", data={"token": stop}).status_code == 200
    problem(visitor.post("/api/reset", data=form(customer, token)), 400, "link-ungueltig")
    visitor.post("/api/forgot", data={"username": customer.username})
    time.sleep(1)
    assert len(inbox.messages(customer.username)) == 1
    assert login(visitor, customer, PASSWORD).status_code == 200


def test_not_me_throws_out_whoever_took_the_account(visitor: httpx.Client, inbox: Inbox, customer: Customer) -> None:
    """R27: somebody reset the password and logged in; the owner's press on the notice ends that session."""
    visitor.post("/api/reset", data=form(customer, ask(visitor, inbox, customer)))
    taken = {"Cookie": login(visitor, customer, NEW).headers["set-cookie"].partition(";")[0]}
    assert visitor.get("/api/session", headers=taken).status_code == 200
    stop = inbox.token(customer.username, 2, path="/das-war-ich-nicht/")
    assert visitor.post("/api/not-me", data={"token": stop}).status_code == 200
    assert visitor.get("/api/session", headers=taken).status_code == 401


def test_not_me_with_a_wrong_token(visitor: httpx.Client) -> None:
    for token in ("A" * 43, "x", "ä"):
        problem(visitor.post("/api/not-me", data={"token": token}), 400, "link-ungueltig")


BAD_FORMS = [
    b"",
    b"username=",
    b"username=a%40example.org&username=b%40example.org",
    b"username=a%40example.org&email=b%40example.org",
    b"username[]=a%40example.org",
    b"username=a%40example.org%00",
    b"username=a%40example.org%0D%0ABcc:%20b@example.org",
    b"username=a%1B%5B31m%40example.org",
    b"username=%FF%FE",
    b"username=%ED%A0%80%40example.org",
    "username=ä@example.org".encode(),
    b"username",
    b"&&&",
    b"username=" + b"a" * 300 + b"%40example.org",
    b"username=ann%C4%B1%40example.org",
    b"username=anna@ex\xc5\xbfample.org",
    b'{"username": "a@example.org"}',
]


@pytest.mark.parametrize("path", ["/api/forgot", "/api/reset", "/api/login", "/api/not-me"])
def test_bad_forms_are_refused(visitor: httpx.Client, path: str) -> None:
    """R63, X02, X03, X05, X07; the code is the route's own, and never a 5xx."""
    code = {"/api/login": "anmeldung-fehlgeschlagen", "/api/not-me": "link-ungueltig"}.get(path, "eingabe-ungueltig")
    for body in BAD_FORMS:
        answer = visitor.post(path, content=body, headers=FORM)
        problem(answer, 401 if path == "/api/login" else 400, code)


def test_a_field_given_twice_is_no_form(visitor: httpx.Client, customer: Customer) -> None:
    """R63, X02 (CVE-2023-7028): also where an optional field leaves room for one more."""
    data = f"username=wer@example.org&username={customer.username}&password={quote_plus(PASSWORD)}"
    problem(visitor.post("/api/login", content=data.encode(), headers=FORM), 401, "anmeldung-fehlgeschlagen")
    assert login(visitor, customer, PASSWORD).status_code == 200


def test_http_says_no_as_http_does(visitor: httpx.Client) -> None:
    """R61, R71, X39."""
    good = {"username": "a@example.org"}
    problem(visitor.post("/api/forgot", content=b"username=" + b"a" * 5000, headers=FORM), 413, "zu-gross")
    problem(visitor.post("/api/forgot", content=b"x" * 1_000_000, headers=FORM), 413, "zu-gross")
    problem(visitor.post("/api/forgot", json=good), 415, "format-nicht-erlaubt")
    problem(visitor.post("/api/forgot", content=b"username=a"), 415, "format-nicht-erlaubt")
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded+x"):
        answer = visitor.post("/api/forgot", content=b"username=a", headers={"Content-Type": kind})
        problem(answer, 415, "format-nicht-erlaubt")
    latin = {"Content-Type": "application/x-www-form-urlencoded; charset=latin-1"}
    problem(visitor.post("/api/forgot", content=b"username=a", headers=latin), 415, "format-nicht-erlaubt")
    problem(visitor.post("/api/logout", content=b"x" * 5000, headers=FORM), 413, "zu-gross")
    problem(visitor.post("/api/logout", json={}), 415, "format-nicht-erlaubt")
    problem(visitor.post("/api/logout", data={"a": "b"}), 400, "eingabe-ungueltig")
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        answer = visitor.request(method, "/api/forgot", headers={"X-HTTP-Method-Override": "POST"})
        problem(answer, 405, "methode-nicht-erlaubt")
        assert answer.headers["allow"] == "POST"
    problem(visitor.post("/api/health", data=good), 405, "methode-nicht-erlaubt")
    for path in ("/api/", "/api/nichts", "/api/forgot/", "/api/FORGOT"):
        problem(visitor.get(path), 404, "nicht-gefunden")
    for path in ("/api/forgot/", "/api/forgot%0A", "/api/forgot%00", "/api/forgot;x", "/api//forgot"):
        problem(visitor.post(path, data=good), 404, "nicht-gefunden")


def test_a_browser_never_sees_data(new_visitor: Callable[..., httpx.Client]) -> None:
    """Enter in the address bar after a broken post, and far too much text: back to the form, without a script."""
    browser, anything = new_visitor(headers=BROWSER), new_visitor(headers={"Accept": "*/*"})
    for path, page in (
        ("/api/forgot", "/passwort-vergessen/"),
        ("/api/reset?lang=en", "/en/neues-passwort/"),
        ("/api/login", "/anmelden/"),
        ("/api/not-me", "/das-war-ich-nicht/"),
        ("/api/logout", "/portal/"),
        ("/api/helpful", "/"),
    ):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, page)
        problem(anything.get(path), 405, "methode-nicht-erlaubt")
        problem(browser.put(path), 405, "methode-nicht-erlaubt")
    for path, code in (
        ("/api/forgot", "eingabe-ungueltig"),
        ("/api/login", "anmeldung-fehlgeschlagen"),
        ("/api/not-me", "link-ungueltig"),
    ):
        answer = browser.post(path, content=b"token=" + b"a" * 5000, headers=FORM)
        assert answer.status_code == 303
        assert answer.headers["location"].endswith(f"#fehler-{code}")
        problem(anything.post(path, content=b"token=" + b"a" * 5000, headers=FORM), 413, "zu-gross")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"token=x&new_password=" + b"a" * 5000, "passwort-zu-lang"),
        (b"new_password=" + b"a" * 20 + b"&token=" + b"a" * 5000, "eingabe-ungueltig"),
    ],
)
def test_a_form_far_too_long_is_told_by_what_is(
    new_visitor: Callable[..., httpx.Client], body: bytes, code: str
) -> None:
    """R31: a browser without script reads neither "incomplete" of a long password nor "too long" of a pasted mail."""
    answer = new_visitor(headers=BROWSER).post("/api/reset", content=body, headers=FORM)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"#fehler-{code}")


@pytest.mark.parametrize(
    "what",
    ["{code}", "{code}!", "{cut}", "{older}", "{mark}", "https://hilfe.example/neues-passwort/%23{older}", "{stop}"],
)
def test_what_stands_in_the_mail_is_no_password(
    visitor: httpx.Client, inbox: Inbox, customer: Customer, what: str
) -> None:
    """R13, R39: the mailbox would keep it in clear, long after the link is dead."""
    older, token = ask(visitor, inbox, customer), ask(visitor, inbox, customer, 2)
    lines = inbox.wait(customer.username)[0]["text"].splitlines()
    stop = next(line.strip() for line in lines if "/das-war-ich-nicht/#" in line)
    mark = stop.partition("#")[2]
    password = what.format(code=token, cut=token[:-1].upper(), older=older, mark=mark, stop=stop)
    answer = visitor.post("/api/reset", data=form(customer, token, new_password=password, confirm=password))
    assert "aus der E-Mail" in problem(answer, 422, "passwort-zu-einfach")["errors"][0]["detail"]


def test_the_product_knows_its_own_name(visitor: httpx.Client, inbox: Inbox, customer: Customer) -> None:
    """R35: what the pages and mails call it, from mkdocs.yml through the deploy to the form."""
    token = ask(visitor, inbox, customer)
    facts = (FACTS["portal_title"], f"{FACTS['mailbox'].partition('@')[0]} 2026", f"{FACTS['desk_name']} 2026")
    for fact in (*facts, f"{PREFIX} Ihr Passwort zurücksetzen"):
        answer = visitor.post("/api/reset", data=form(customer, token, new_password=fact, confirm=fact))
        detail = problem(answer, 422, "passwort-zu-einfach")["errors"][0]["detail"]
        assert ("zu diesem Dienst gehört" in detail) is (fact in facts), fact


def test_other_sites_cannot_post_for_a_customer(visitor: httpx.Client, customer: Customer) -> None:
    """R55, X37."""
    data = {"username": customer.username}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        problem(visitor.post("/api/forgot", data=data, headers=headers), 400, "eingabe-ungueltig")
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert visitor.post("/api/forgot", data=data, headers=own).status_code == 202


@pytest.mark.parametrize(
    "foreign",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
    ids=str,
)
def test_no_route_takes_a_post_of_another_site(
    visitor: httpx.Client, inbox: Inbox, customer: Customer, foreign: dict[str, str]
) -> None:
    """R55, X37: each form is right in all but where it comes from, is refused, and changes nothing."""
    mine = {"Cookie": login(visitor, customer, PASSWORD).headers["set-cookie"].partition(";")[0]}
    token = ask(visitor, inbox, customer)
    forms = {
        "/api/forgot": {"username": customer.username},
        "/api/reset": form(customer, token),
        "/api/login": {"username": customer.username, "password": PASSWORD},
        "/api/not-me": {"token": inbox.token(customer.username, path="/das-war-ich-nicht/")},
        "/api/helpful": {"page": "/", "answer": "yes"},
        "/api/logout": {},
    }
    assert forms.keys() == {path for path, method in METHODS.items() if method == "POST"}
    for path, data in forms.items():
        answer = visitor.post(path, data=data, headers=mine | foreign)
        assert answer.status_code == (401 if path == "/api/login" else 400), path
        assert "set-cookie" not in answer.headers, path
    assert visitor.get("/api/session", headers=mine).status_code == 200
    assert visitor.post("/api/reset", data=form(customer, token)).status_code == 200
    assert len(inbox.wait(customer.username, 2)) == 2


@pytest.mark.parametrize(("path", "page"), [("/api/helpful", "/"), ("/api/logout", "/portal/")])
def test_an_old_browser_is_led_back_to_a_page(visitor: httpx.Client, path: str, page: str) -> None:
    """R55: it says neither where its post comes from nor that it comes from elsewhere; JSON is no page."""
    heads = {"Origin": "null", "Accept": "text/html,*/*;q=0.8"}
    data = {"page": "/", "answer": "yes"} if path == "/api/helpful" else {}
    answer = visitor.post(path, data=data, headers=heads)
    assert answer.status_code == 303
    assert re.fullmatch(rf"{page}\?vorgang=[\w-]+#fehler-stoerung", answer.headers["location"])


@pytest.mark.parametrize("path", METHODS)
def test_every_route_refuses_whoever_went_around_cloudfront(cloud: Cloud, path: str) -> None:
    """R59, X40: without the origin's secret, or with a guessed one; with it the same request gets further."""
    secrets: Any = cloud.session.client("secretsmanager")
    secret = json.loads(secrets.get_secret_value(SecretId=cloud.outputs["SecretArn"])["SecretString"])
    url = f"http://127.0.0.1:{cloud.gateway}/_aws/execute-api/{cloud.outputs['ApiId']}/$default{path}"
    method, got = METHODS[path].partition(",")[0], []
    for value in ("", "A" * 43, secret["origin"][0]):
        headers = FORM | {"Accept": "application/json", "CloudFront-Viewer-Address": f"{client_address()}:1"}
        answer = httpx.request(
            method, url, content=b"x", headers=headers | {"X-Origin-Secret": value} if value else headers, timeout=60
        )
        got.append(answer.status_code == 403 and answer.json()["code"] == "nicht-erlaubt")
    assert got == [True, True, False]


def test_the_worker_waits_until_whoever_asked_is_gone(visitor: httpx.Client, inbox: Inbox, customer: Customer) -> None:
    """R02, X15: its load, which only a known account causes, never falls into the requests right after."""
    asked = time.time()
    visitor.post("/api/forgot", data={"username": customer.username})
    sent = datetime.fromisoformat(inbox.wait(customer.username)[0]["sent_at"]).timestamp()
    assert sent - asked > 1.0


def test_a_help_page_is_thanked_for_and_nobody_is_remembered(visitor: httpx.Client) -> None:
    """R70, R93, X35: to our own page, no cookie; the answer is counted by the metrics alone (tests/test_watch.py)."""
    answer = visitor.post("/api/helpful", data={"page": "/leichte-sprache/", "answer": "no"}, headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/leichte-sprache/#danke")
    answer = visitor.post("/api/helpful?lang=en", data={"page": "/", "answer": "yes"}, headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/#danke")
    assert "set-cookie" not in answer.headers
    for wrong in ({"page": "//evil.example", "answer": "yes"}, {"page": "/", "answer": "maybe"}):
        problem(visitor.post("/api/helpful", data=wrong), 400, "eingabe-ungueltig")


def test_forged_hosts_do_not_move_the_link(
    visitor: httpx.Client, inbox: Inbox, customer: Customer, cloud: Cloud
) -> None:
    """R19, X01."""
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    visitor.post("/api/forgot", data={"username": customer.username}, headers=forged)
    assert inbox.link(customer.username).startswith(f"{cloud.url}/neues-passwort/#")


def test_errors_speak_the_customers_language(visitor: httpx.Client) -> None:
    german = visitor.post("/api/forgot", data={"username": "x"}).json()["title"]
    english = visitor.post("/api/forgot?lang=en", data={"username": "x"}).json()["title"]
    assert german.startswith("Das Formular")
    assert english.startswith("The form")


def test_a_mistyped_address_is_named_at_its_field(visitor: httpx.Client) -> None:
    """R01: by its letters alone; the login keeps its one answer."""
    for typed in ("anna.example.org", "anna@example", "anna@@example.org", "anna@exa mple.org", "anna@-.org"):
        for query, word in (("", "E-Mail-Adresse"), ("?lang=en", "e-mail address")):
            answer = visitor.post(f"/api/forgot{query}", data={"username": typed})
            (error,) = problem(answer, 400, "eingabe-ungueltig")["errors"]
            assert (error["field"], error["code"]) == ("username", "eingabe-ungueltig")
            assert word in error["detail"]
    assert "errors" not in problem(visitor.post("/api/forgot", data={"username": ""}), 400, "eingabe-ungueltig")
