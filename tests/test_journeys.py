"""What customers do, in a real browser: with and without JavaScript, on a desk and on a phone."""

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from conftest import FACTS, PASSWORD, QUIET, Customer, Inbox
from playwright.sync_api import Browser, Page, Route, expect

from infra.local.chromium import chromium
from infra.local.cloud import Cloud
from infra.local.seed import put_account
from reset.errors import CODES
from reset.table import Table

NEW = "Birke Tassen Orgel 58"
SHORT = NEW[: FACTS["password_minimum"] - 1]
OpenPage = Callable[..., Page]
_PAINTED = """new Promise((say) => {
  new PerformanceObserver(() => say(true)).observe({ type: "paint", buffered: true });
  setTimeout(() => say(false), 5000);
})"""

# What a browser does whose site data are blocked: the constructor throws, and so does each look at the storage.
_REFUSES = """
const no = () => { throw new DOMException("The operation is insecure.", "SecurityError"); };
globalThis.BroadcastChannel = class { constructor() { no(); } };
Object.defineProperty(globalThis, "sessionStorage", { get: no });
Object.defineProperty(globalThis, "localStorage", { get: no });
"""


def ask_for_link(page: Page, username: str) -> None:
    """From the login page to "look into your mailbox"."""
    page.goto("/anmelden/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_role("textbox", name="Username").fill(username)
    page.get_by_role("button", name="E-mail me").click()
    page.wait_for_url("**/passwort-vergessen/gesendet/?vorgang=*")


def open_link(page: Page, inbox: Inbox, username: str, *, javascript: bool = True, count: int = 1) -> None:
    """Opens the newest mail's link; without JavaScript the code is pasted from the mail."""
    page.goto(inbox.link(username, count=count))
    if not javascript:
        page.get_by_role("textbox", name="Code aus der E-Mail").fill(inbox.token(username, count))


def set_password(page: Page, username: str, password: str, confirm: str | None = None) -> None:
    """Fills in the form "Create new password" and sends it."""
    page.get_by_role("textbox", name="Username").fill(username)
    page.get_by_role("textbox", name="New password").fill(password)
    page.get_by_role("textbox", name="Confirm").fill(password if confirm is None else confirm)
    page.get_by_role("button", name="Create").click()


def around(link: str, mail: str) -> list[str]:
    """What comes along when a code or a link is copied with too much around it."""
    code, safe = link.partition("#")[2], quote(link, safe="")
    return [
        *(f"{code}\u200b", f"{code}.", f"<{code}>", f"„{code}“", f"Code: {code}", f"{code}#", f"Code: {code} Vorgang"),
        *(link.replace("#", "%23"), f"https://safelinks.example/?url={safe}&data=05%7C" + "b" * 43, mail),
    ]


def log_in(page: Page, username: str, password: str) -> None:
    """Fills in the form "Log in" and sends it."""
    page.goto("/anmelden/")
    page.get_by_role("textbox", name="Username").fill(username)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize("width", [1280, 360])
def test_from_the_article_to_the_portal(
    open_page: OpenPage, inbox: Inbox, customer: Customer, width: int, javascript: bool
) -> None:
    """The whole way: article, forgot, mail, new password, log in, portal; the old password is dead."""
    page = open_page("/", width=width, javascript=javascript)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kennwort vergessen? Kein Problem!")
    ask_for_link(page, customer.username)
    assert inbox.wait(customer.username)[0]["subject"] == f"{FACTS['subject_prefix']} Ihr Passwort zurücksetzen"
    open_link(page, inbox, customer.username, javascript=javascript)
    set_password(page, customer.username, NEW)
    page.wait_for_url("**/neues-passwort/fertig/")
    log_in(page, customer.username, PASSWORD)
    expect(page.locator("#fehler-anmeldung-fehlgeschlagen")).to_be_visible()
    log_in(page, customer.username, NEW)
    page.wait_for_url("**/portal/")
    if javascript:
        expect(page.get_by_text(customer.username)).to_be_visible()
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url("**/anmelden/")
    expect(page.get_by_role("textbox", name="Username")).to_have_value("")  # it may be somebody else's device
    assert page.evaluate("sessionStorage.length") == 0


@pytest.fixture(scope="module")
def keeping(browser: Browser) -> Iterator[Browser]:
    """A browser that keeps pages for Back, as people's do and Playwright's does not."""
    keeps = ["--disable-back-forward-cache"]
    running = browser.browser_type.launch(executable_path=chromium(), args=QUIET, ignore_default_args=keeps)
    yield running
    running.close()


def back(page: Page, *fields: str) -> list[str]:
    """What the fields hold after Back; Playwright waits for a page that loads, and this one may not."""
    devtools = page.context.new_cdp_session(page)
    history = devtools.send("Page.getNavigationHistory")
    before = history["entries"][history["currentIndex"] - 1]
    devtools.send("Page.navigateToHistoryEntry", {"entryId": before["id"]})
    there = f"location.href === {before['url']!r} && document.readyState === 'complete'"
    values = f"{there} ? [{', '.join(f'document.getElementById({name!r})?.value' for name in fields)}] : null"
    for _ in range(100):
        time.sleep(0.1)
        found = devtools.send("Runtime.evaluate", {"expression": values, "returnByValue": True})["result"]
        if found.get("value") is not None:
            return list(found["value"])
    raise AssertionError(before["url"])


@pytest.mark.parametrize("javascript", [True, False])
def test_back_brings_no_password(
    keeping: Browser, cloud: Cloud, inbox: Inbox, customer: Customer, visitor: httpx.Client, javascript: bool
) -> None:
    """R78: Chrome keeps pages for Back, whatever `no-store` says; the next one at this computer finds nothing there."""
    assert visitor.post("/api/forgot", data={"username": customer.username}).status_code == 202
    page = keeping.new_context(base_url=cloud.url, java_script_enabled=javascript).new_page()
    page.goto("/anmelden/")
    page.get_by_role("textbox", name="Username").fill(customer.username)
    page.get_by_role("textbox", name="Password").fill("noch nicht abgeschickt")
    page.get_by_role("link", name="Datenschutz").first.click()
    page.wait_for_url("**/datenschutz/")
    if javascript:
        assert back(page, "username", "password") == [customer.username, ""], "kept, but for the secret"
        page.goto("/neues-passwort/")
        page.get_by_role("textbox", name="New password").fill(NEW)
        page.get_by_role("link", name="Datenschutz").first.click()
        page.wait_for_url("**/datenschutz/")
        assert back(page, "new_password") == [""]
        devtools = page.context.new_cdp_session(page)
        ticks = {"expression": "document.querySelectorAll('.is-met').length", "returnByValue": True}
        assert devtools.send("Runtime.evaluate", ticks)["result"]["value"] == 0
    log_in(page, customer.username, "falsch, und abgeschickt")
    page.locator(".fehler:visible").wait_for()
    if not javascript:
        assert back(page, "password") == [""]
    open_link(page, inbox, customer.username, javascript=javascript)
    set_password(page, customer.username, NEW)
    page.wait_for_url("**/neues-passwort/fertig/")
    assert back(page, "token", "new_password", "confirm") == ["", "", ""]
    page.context.close()


def test_the_token_leaves_the_address_bar(open_page: OpenPage, inbox: Inbox, customer: Customer) -> None:
    """R20, R21: moved into the field, gone from the address bar, Back and all that a page can store.

    Not from the browser's own history files, which no page reaches: SECURITY.md says so.
    """
    page = open_page("/")
    ask_for_link(page, customer.username)
    token = inbox.token(customer.username)
    page.goto(inbox.link(customer.username))
    field = page.locator("[name=token]")
    assert field.input_value() == token
    assert page.evaluate("location.href") == page.url.partition("#")[0]
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state])")
    assert token not in stored
    page.evaluate("dispatchEvent(new Event('pagehide'))")  # a browser may keep the page as it is; Playwright's does not
    expect(field).to_have_value("")
    expect(page.get_by_text("Kopieren Sie den ganzen Code aus der E-Mail")).to_be_visible()
    page.get_by_role("link", name="Fordern Sie zuerst den Link an").click()
    page.go_back()
    expect(field).to_be_visible()
    expect(field).to_have_value("")
    expect(page.get_by_text("Kopieren Sie den ganzen Code aus der E-Mail")).to_be_visible()
    expect(field).to_have_accessible_description(re.compile("den Link in der E-Mail noch einmal zu öffnen"))
    page.get_by_role("link", name="English").click()
    expect(field).to_have_accessible_description(re.compile("open the link in the e-mail once more"))


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_a_refused_password_says_why_and_keeps_the_link(
    open_page: OpenPage, inbox: Inbox, customer: Customer, javascript: bool
) -> None:
    page = open_page("/", javascript=javascript)
    ask_for_link(page, customer.username)
    for password, confirm, code in (
        (SHORT, None, "passwort-zu-kurz"),
        ("passwortpasswort", None, "passwort-zu-einfach"),
        (NEW, NEW + "!", "passwort-ungleich"),
        (PASSWORD, None, "passwort-wie-bisher"),
    ):
        open_link(page, inbox, customer.username, javascript=javascript)
        set_password(page, customer.username, password, confirm)
        message = page.locator(f"#fehler-{code}")
        expect(message).to_be_visible()
        expect(message).to_be_focused()
        if javascript:
            assert page.title().startswith("Fehler: ")
    open_link(page, inbox, customer.username, javascript=javascript)
    set_password(page, customer.username, NEW)
    page.wait_for_url("**/neues-passwort/fertig/")


def test_a_dead_link_sends_a_new_one_with_one_press(
    open_page: OpenPage, inbox: Inbox, customer: Customer, cloud: Cloud
) -> None:
    """Expired: the page says what to do; nothing has to be typed again."""
    page = open_page("/")
    ask_for_link(page, customer.username)
    open_link(page, inbox, customer.username)
    slots = Table(cloud.session.client("dynamodb"), cloud.outputs["ResetsTable"])
    slots.update({"pk": f"reset#{customer.id}"}, "SET expires_at = :past", None, {"past": int(time.time())})
    set_password(page, "vertippt@example.org", NEW)
    dead = page.locator("#fehler-link-ungueltig")
    expect(dead).to_be_visible()
    page.get_by_role("textbox", name="Username").fill(customer.username)
    dead.get_by_role("link", name="Neuen Link anfordern").click()
    page.wait_for_url("**/passwort-vergessen/gesendet/?vorgang=*")
    expect(page.locator(".sent__address strong")).to_have_text(customer.username)
    open_link(page, inbox, customer.username, count=2)
    set_password(page, customer.username, NEW)
    page.wait_for_url("**/neues-passwort/fertig/")


def test_used_replaced_and_mangled_links(open_page: OpenPage, inbox: Inbox, customer: Customer) -> None:
    page = open_page("/")
    ask_for_link(page, customer.username)
    first = inbox.link(customer.username)
    ask_for_link(page, customer.username)
    second = inbox.link(customer.username, count=2)
    code = page.get_by_role("textbox", name="Code aus der E-Mail")
    for link, shown in ((first, False), (second[:-3], True)):
        page.goto("about:blank")
        page.goto(link)
        expect(code).to_be_visible(visible=shown)
        set_password(page, customer.username, NEW)
        expect(page.locator("#fehler-link-ungueltig")).to_be_visible()
        expect(code).to_have_value(link.partition("#")[2])
    code.fill(f" {second} ")
    expect(code).to_have_value(second.partition("#")[2])
    for pasted in around(second, inbox.messages(customer.username)[0]["text"]):
        code.fill(pasted)
        expect(code).to_have_value(second.partition("#")[2])
    page.goto("about:blank")
    page.goto(second + "x.")
    expect(code).to_be_hidden()
    set_password(page, customer.username, NEW)
    page.wait_for_url("**/neues-passwort/fertig/")
    page.goto(second)
    set_password(page, customer.username, NEW + "9")
    expect(page.locator("#fehler-link-ungueltig")).to_be_visible()


def test_a_reset_ends_the_session_in_another_browser(open_page: OpenPage, inbox: Inbox, customer: Customer) -> None:
    """R27."""
    old = open_page("/")
    log_in(old, customer.username, PASSWORD)
    old.wait_for_url("**/portal/")
    page = open_page("/")
    ask_for_link(page, customer.username)
    open_link(page, inbox, customer.username)
    set_password(page, customer.username, NEW)
    page.wait_for_url("**/neues-passwort/fertig/")
    old.reload()
    expect(old.get_by_text("Sie sind nicht angemeldet")).to_be_visible()


@pytest.mark.parametrize("status", ["invited", "locked"])
def test_no_dead_end_for_other_accounts(
    open_page: OpenPage, inbox: Inbox, new_customer: Callable[..., Customer], status: str
) -> None:
    other = new_customer(status)
    page = open_page("/")
    ask_for_link(page, other.username)
    mail = inbox.wait(other.username)[0]
    if status == "locked":
        assert mail["subject"] == f"{FACTS['subject_prefix']} Ihr Konto ist gesperrt"
        assert "/neues-passwort/" not in mail["html"]
        return
    assert mail["subject"] == f"{FACTS['subject_prefix']} Ihre Registrierung abschließen"
    open_link(page, inbox, other.username)
    set_password(page, other.username, NEW)
    page.wait_for_url("**/neues-passwort/fertig/")
    log_in(page, other.username, NEW)
    page.wait_for_url("**/portal/")


def test_an_unknown_address_sees_the_same_page_and_gets_no_mail(open_page: OpenPage, inbox: Inbox) -> None:
    page = open_page("/")
    ask_for_link(page, "unbekannt@example.org")
    expect(page.get_by_text("unbekannt@example.org")).to_be_visible()
    assert inbox.messages("unbekannt@example.org") == []


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_a_mistyped_address_is_told_apart_from_an_empty_form(open_page: OpenPage, javascript: bool) -> None:
    """Without JavaScript the browser's own check lets this one through."""
    page = open_page("/passwort-vergessen/", javascript=javascript)
    field = page.get_by_role("textbox", name="Username")
    field.fill("anna@example")
    page.get_by_role("button", name="E-mail me").click()
    expect(page.locator("#fehler-eingabe-ungueltig")).to_contain_text("name@example.com")
    if javascript:
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.locator("#username-fehler")).to_contain_text("name@example.com")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_that_was_not_me(open_page: OpenPage, inbox: Inbox, customer: Customer, javascript: bool) -> None:
    """Opening the link does nothing; pressing the button voids the link of the mail."""
    page = open_page("/", javascript=javascript)
    ask_for_link(page, customer.username)
    stop = inbox.link(customer.username, "/das-war-ich-nicht/")
    page.goto(stop[:-3])
    if not javascript:
        page.locator("[name=token]").fill(stop[:-3])
    page.get_by_role("main").get_by_role("button").click()
    expect(page.locator("#fehler-link-ungueltig").get_by_role("link", name=FACTS["mailbox"])).to_be_visible()
    page.goto(stop)
    if not javascript:
        page.locator("[name=token]").fill(stop)
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url("**/das-war-ich-nicht/fertig/")
    open_link(page, inbox, customer.username, javascript=javascript)
    set_password(page, customer.username, NEW)
    expect(page.locator("#fehler-link-ungueltig")).to_be_visible()


def test_an_address_comes_through_letter_by_letter(open_page: OpenPage, inbox: Inbox, cloud: Cloud) -> None:
    """Wherever a page shows what was typed: a JavaScript replacement reads `$&`, `$$`, `$'` and `` $` `` as its own."""
    local = "a$&b$$c$'d$`e$1"
    username, meant = f"{local}@gmial.com", f"{local}@gmail.com"
    put_account(cloud.session, cloud.outputs, username, "active", password=PASSWORD)
    page = open_page("/passwort-vergessen/")
    field, hint = page.get_by_role("textbox", name="Username"), page.locator(".suggestion")
    for real in (
        "mail.com",
        "ymail.com",
        "outlook.at",
        "hotmail.fr",
        "yahoo.it",
        "posteo.net",
        *(f"posteo.{land}" for land in ("eu", "us", "lu", "li", "uk")),
        "outlook.sk",
        "outlook.lv",
        "t-online.at",
        "arcor.at",
    ):
        field.fill(f"anna@{real}")
        field.blur()
        expect(hint).to_be_empty()
    field.fill(username)
    field.blur()
    expect(hint).to_contain_text(meant)
    page.get_by_role("button", name="E-mail me").click()
    page.wait_for_url("**/passwort-vergessen/gesendet/?vorgang=*")
    expect(page.locator(".sent__address strong")).to_have_text(username)
    expect(hint).to_contain_text(meant)
    hint.get_by_role("link", name="Adresse ändern").click()
    expect(field).to_have_value(username)
    expect(hint.get_by_role("button", name="Übernehmen")).to_be_visible()
    open_link(page, inbox, username)
    expect(field).to_have_value(username)
    log_in(page, username, PASSWORD)
    expect(page.locator(".portal__who")).to_contain_text(username)


def test_the_other_language_knows_the_case_number_and_the_wait(open_page: OpenPage) -> None:
    page = open_page("/passwort-vergessen/")
    page.get_by_role("textbox", name="Username").fill("niemand@example.org")
    page.get_by_role("button", name="E-mail me").click()
    page.wait_for_url("**/passwort-vergessen/gesendet/?vorgang=*")
    number = page.locator(".sent__vorgang")
    told, begun = number.inner_text().rpartition(" ")[2], page.evaluate("sessionStorage.getItem('sent')")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile("/en/passwort-vergessen/gesendet/"))
    expect(number).to_contain_text(told)
    assert page.evaluate("sessionStorage.getItem('sent')") == begun
    plain = open_page("/en/passwort-vergessen/gesendet/", javascript=False)
    expect(plain.locator(".sent__vorgang")).to_contain_text("None there? Go back one page.")


def test_the_other_language_takes_the_link_along(open_page: OpenPage, inbox: Inbox, customer: Customer) -> None:
    page = open_page("/")
    ask_for_link(page, customer.username)
    page.goto(inbox.link(customer.username))
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile("/en/neues-passwort/$"))
    expect(page.locator(".token")).to_be_hidden()
    page.get_by_role("textbox", name="New password").fill(NEW)
    page.get_by_role("textbox", name="Confirm").fill(NEW)
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/en/neues-passwort/fertig/")


def test_each_case_number_stands_beside_its_own_address(open_page: OpenPage) -> None:
    """Asked for two, then Back; and a post that went out without the script names nobody."""
    page, shown = open_page("/passwort-vergessen/"), []
    for username in ("anna.kudne@example.org", "anna.kunde@example.org"):
        page.get_by_role("textbox", name="Username").fill(username)
        page.get_by_role("button", name="E-mail me").click()
        page.wait_for_url("**/passwort-vergessen/gesendet/?vorgang=*")
        expect(page.locator(".sent__address strong")).to_have_text(username)
        shown.append((page.url, username))
        page.get_by_role("link", name="andere Adresse").click()
    for url, username in reversed(shown):
        page.goto(url)
        expect(page.locator(".sent__address strong")).to_have_text(username)
    page.goto("/passwort-vergessen/gesendet/?vorgang=K7M-2QX-9RT")
    expect(page.locator(".sent__vorgang")).to_contain_text("K7M-2QX-9RT")
    expect(page.locator(".sent__address")).to_be_hidden()
    expect(page.locator("form.again")).to_be_hidden()


def test_who_gets_no_script_can_still_log_out(open_page: OpenPage, customer: Customer) -> None:
    """R52: the browser would run it, but a gateway keeps it back, or it fails."""
    page = open_page("/")
    page.route("**/assets/forms*.js", lambda route: route.abort())
    page.goto("/anmelden/")
    log_in(page, customer.username, PASSWORD)
    button, link = page.get_by_role("button", name="Abmelden"), page.locator(".portal__login a")
    expect(button).to_be_visible()
    expect(link).to_be_visible()
    page.wait_for_timeout(200)
    above, below = button.bounding_box(), link.bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"]
    button.click()
    page.wait_for_url("**/anmelden/")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_a_manager_types_name_tab_password_enter(open_page: OpenPage, customer: Customer, javascript: bool) -> None:
    """R37: nothing stands between the two fields but the Tab."""
    page = open_page("/anmelden/", javascript=javascript)
    page.get_by_role("textbox", name="Username").focus()
    for keys in (customer.username, "Tab", PASSWORD, "Enter"):
        page.keyboard.press(keys) if keys in ("Tab", "Enter") else page.keyboard.type(keys)
    page.wait_for_url("**/portal/")


def test_criteria_tick_while_typing(open_page: OpenPage) -> None:
    page = open_page("/neues-passwort/")
    page.get_by_role("textbox", name="Username").fill("erika@example.org")
    field = page.get_by_role("textbox", name="New password")
    short = page.locator("[data-code=passwort-zu-kurz] .criteria__state")
    field.press_sequentially(SHORT)
    expect(short).to_contain_text("noch nicht erfüllt")
    field.press_sequentially(NEW[len(SHORT) :])
    expect(short).to_have_text(re.compile(r"\(erfüllt\)"))
    page.get_by_role("button", name=re.compile("Anzeigen ?: ?New password")).click()
    expect(field).to_have_attribute("type", "text")
    expect(field).to_have_attribute("autocomplete", "off")  # what is shown, a browser writes down to restore the page
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_attribute("autocomplete", "new-password")
    field.fill("erika Tassen Orgel Birke 58")  # is taken: what only the server can weigh, no tick forestalls
    expect(page.locator("[data-code=passwort-zu-einfach] .criteria__state")).to_have_text(["", ""])


def test_no_failed_press_is_silent(open_page: OpenPage) -> None:
    """Without network, in a fault, and where a proxy answers in our place with a page of its own."""
    page = open_page("/anmelden/")
    kept = '{"K7M-2QX-9RT": {"address": "a@example.org", "at": 0}}'
    page.evaluate(f"sessionStorage.setItem('username', 'a@example.org'); sessionStorage.setItem('sent', '{kept}')")
    page.route("**/api/session", lambda route: route.fulfill(json={"username": "a@example.org", "since": ""}))
    page.add_init_script("const w = AbortSignal.timeout; AbortSignal.timeout = (ms) => w.call(AbortSignal, ms / 100)")
    answers: list[tuple[str, Callable[[Route], None]]] = [
        ("netz", lambda route: route.abort()),
        ("netz", lambda _: None),  # a connection that is held and never answers
        ("stoerung", lambda route: route.fulfill(status=500, json={"code": "stoerung", "title": "Störung"})),
        ("stoerung", lambda route: route.fulfill(content_type="text/html", body="<h1>Hotel</h1>")),
    ]
    sent = "/passwort-vergessen/gesendet/?vorgang=K7M-2QX-9RT"
    for address, name in (("/portal/", "Abmelden"), (sent, "E-mail me")):
        for code, answer in answers:
            page.route(re.compile("/api/(logout|forgot)"), answer)
            page.goto(address)
            page.get_by_role("button", name=name).click()
            expect(page.locator(f"#fehler-{code}")).to_be_focused()
    page.route("**/api/session", lambda _: None)
    page.goto("/portal/")
    expect(page.get_by_role("button", name="Abmelden")).to_be_visible()


def test_what_a_browser_can_tell_costs_no_try(open_page: OpenPage) -> None:
    """R24, R31: two different passwords are told before anything is sent, far too long a one by its own message."""
    page, sent = open_page("/neues-passwort/#" + "A" * 43), []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    set_password(page, "anna@example.org", NEW, NEW + "!")
    expect(page.locator("#fehler-passwort-ungleich")).to_be_focused()
    assert not sent
    set_password(page, "anna@example.org", "ä" * 800)
    expect(page.locator("#fehler-passwort-zu-lang")).to_be_focused()
    assert len(sent) == 1


def test_back_to_a_sent_form_finds_it_ready(open_page: OpenPage) -> None:
    """A browser may restore the page as it was left, with "sending …" on it and every press swallowed."""
    page, sent = open_page("/passwort-vergessen/"), []
    page.route("**/passwort-vergessen/gesendet/*", lambda route: route.fulfill(status=204))  # the page stays
    page.route("**/api/forgot", lambda route: (sent.append(1), route.fulfill(status=202, json={"vorgang": ""}))[1])
    page.get_by_role("textbox", name="Username").fill("a@example.org")
    button = page.get_by_role("button", name="E-mail me")
    button.click()
    expect(page.locator(".form__status")).not_to_be_empty()
    button.click()
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    expect(page.locator(".form__status")).to_be_empty()
    assert len(sent) == 1
    button.click()
    expect(page.locator(".form__status")).not_to_be_empty()
    assert len(sent) == 2


def test_no_window_goes_on_naming_who_logged_out(open_page: OpenPage) -> None:
    page = open_page("/portal/")
    page.context.route("**/api/session", lambda route: route.fulfill(json={"username": "a@example.org", "since": ""}))
    page.context.route("**/api/logout", lambda route: route.fulfill(json={}))
    other = page.context.new_page()
    for window in (page, other):
        window.goto(page.url)
        expect(window.locator(".portal__who")).to_contain_text("a@example.org")
    page.context.route("**/api/session", lambda route: route.fulfill(status=401, json={}))
    page.get_by_role("button", name="Abmelden").click()
    expect(other.locator(".portal__ways.is-known")).to_be_visible()
    expect(other.locator("body")).not_to_contain_text("a@example.org")


def test_a_log_out_is_one_in_all_windows(open_page: OpenPage) -> None:
    """The address that one window kept goes when another logs out, and when the session ended by itself."""
    page = open_page("/passwort-vergessen/")
    other, portal = page.context.new_page(), page.url.replace("passwort-vergessen", "portal")
    kept = "sessionStorage.length"
    for end in ("log out", "session over"):
        page.evaluate("sessionStorage.setItem('username', 'a@example.org')")
        alive = end == "log out"
        if not alive:
            other.goto(portal)  # who was never logged in here forgets nothing
            expect(other.locator(".portal__ways.is-known")).to_be_visible()
            assert page.evaluate(kept) == 1
            other.evaluate("sessionStorage.setItem('logged-in', '1')")
        answer = {"json": {"username": "a@example.org", "since": ""}} if alive else {"status": 401, "json": {}}
        other.route("**/api/session", partial(_fulfil, answer))
        other.goto(portal)
        if alive:
            assert page.evaluate(kept) == 1
            other.get_by_role("button", name="Abmelden").click()
            other.wait_for_url("**/anmelden/")
        for _ in range(50):
            if not page.evaluate(kept):
                break
            page.wait_for_timeout(100)
        assert page.evaluate(kept) == 0


def _fulfil(answer: dict[str, Any], route: Route) -> None:
    route.fulfill(**answer)


def test_only_an_address_is_kept(open_page: OpenPage) -> None:
    """R21, R93: a password that was typed into the wrong field stands in no storage and on no other page."""
    page = open_page("/anmelden/")
    page.get_by_role("textbox", name="Username").fill(NEW)
    page.get_by_role("textbox", name="Password").fill(NEW)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#fehler-anmeldung-fehlgeschlagen")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_a_browser_that_refuses_its_storage_loses_a_comfort_and_nothing_else(open_page: OpenPage) -> None:
    """R20: cookies and site data switched off by an authority's policy; the link of the mail works."""
    page, faults = open_page("/"), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(_REFUSES)
    page.goto("/neues-passwort/#" + "A" * 43)
    expect(page.locator("[name=token]")).to_have_value("A" * 43)
    assert page.url.endswith("/neues-passwort/")
    for address in ("/anmelden/", "/passwort-vergessen/gesendet/", "/portal/"):
        page.goto(address)
    expect(page.get_by_text("Ihr Browser nimmt keine Cookies an")).to_be_visible()
    assert not faults


def test_the_wait_is_told_once(open_page: OpenPage) -> None:
    """Where the answer says how long, not also "up to an hour"."""
    page = open_page("/anmelden/")
    text = CODES["zu-viele-anfragen"].de
    answer = {"code": "zu-viele-anfragen", "title": text, "vorgang": ""}
    page.route("**/api/login", lambda route: route.fulfill(status=429, headers={"Retry-After": "61"}, json=answer))
    log_in(page, "a@example.org", PASSWORD)
    said = page.locator("#fehler-zu-viele-anfragen .fehler__text")
    expect(said).to_contain_text("2 Minuten")
    expect(said).to_contain_text(text.partition(".")[0])
    expect(said).not_to_contain_text("Stunde")


@pytest.mark.parametrize("answer", [{"body": "<p>Zu viele."}, {"json": {"message": "Too Many Requests"}}])
def test_what_stands_before_the_function_may_refuse_too(open_page: OpenPage, answer: dict[str, Any]) -> None:
    """I18: firewall and API Gateway know no codes; nothing was taken, so it is no fault that may have worked."""
    page = open_page("/passwort-vergessen/")
    page.route("**/api/forgot", lambda route: route.fulfill(status=429, headers={"Retry-After": "300"}, **answer))
    page.get_by_label("Username").fill("anna@example.org")
    page.get_by_role("button", name="E-mail me").click()
    expect(page.locator("#fehler-zu-viele-anfragen .fehler__text")).to_contain_text("5 Minuten")
    page.goto("/neues-passwort/#" + "A" * 43)
    page.route("**/api/reset", lambda route: route.fulfill(status=413, **answer))
    set_password(page, "anna@example.org", "ä" * 4000)
    expect(page.locator("#fehler-passwort-zu-lang")).to_be_focused()


def test_a_script_that_hangs_leaves_no_blank_page(open_page: OpenPage) -> None:
    """The way starts at these two, and both work without it; the pages that it rearranges wait for it."""
    page = open_page("/")
    page.route("**/assets/forms*", lambda _: None)
    for address in ("/anmelden/", "/passwort-vergessen/"):
        page.goto(address, wait_until="commit")
        assert page.evaluate(_PAINTED), address


def test_a_message_is_about_the_last_press(open_page: OpenPage) -> None:
    """What an answer wrote into a message goes with it, and all of a failure goes when a new link is opened."""
    page = open_page("/neues-passwort/")
    fault, first = page.locator("#fehler-stoerung"), page.locator("#fehler-stoerung .fehler__text").text_content()
    page.route("**/api/reset", lambda route: route.fulfill(status=418, json={"code": "fremd", "title": "Zu groß."}))
    page.get_by_role("textbox", name="Code aus der E-Mail").fill("kaputt")
    set_password(page, "anna@example.org", NEW)
    expect(fault).to_contain_text("Zu groß.")
    page.route("**/api/reset", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
    page.get_by_role("button", name="Create").click()
    expect(fault.locator(".fehler__text")).to_have_text(first or "-")
    assert page.title().startswith("Fehler: ")
    page.goto("/neues-passwort/#" + "A" * 43)
    expect(fault).to_be_hidden()
    assert not page.title().startswith("Fehler: ")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize(("path", "word"), [("/", "Nein"), ("/en/", "Yes"), ("/leichte-sprache/", "Ja")])
def test_a_reader_says_whether_it_helped(open_page: OpenPage, path: str, word: str, javascript: bool) -> None:
    """One press, a thank-you where the question was, and the mailbox for whoever misses something."""
    page = open_page(path, javascript=javascript)
    page.get_by_role("button", name=word, exact=True).click()
    page.wait_for_url(f"**{path}#danke")
    thanks = page.locator("#danke")
    expect(thanks).to_be_visible()
    expect(thanks.get_by_role("link")).to_have_attribute("href", re.compile("^mailto:"))
    expect(page.get_by_role("button", name=word, exact=True)).to_be_hidden()


@pytest.mark.parametrize("path", ["/anmelden/", "/neues-passwort/", "/en/anmelden/", "/en/neues-passwort/"])
def test_a_password_comes_in_by_pasting_and_by_a_manager(open_page: OpenPage, path: str) -> None:
    """R37, R38: every password field takes the clipboard, hides what it holds and tells a manager which it is."""
    page = open_page(path)
    source, fields = page.get_by_role("textbox", name="Username"), page.locator("[name*=password], [name=confirm]")
    kinds = [(field.get_attribute("type"), field.get_attribute("autocomplete")) for field in fields.all()]
    known = [("password", "current-password")] if "anmelden" in path else [("password", "new-password")] * 2
    assert kinds == known
    for field in fields.all():
        source.fill(NEW)
        source.press("ControlOrMeta+a")
        source.press("ControlOrMeta+c")
        field.press("ControlOrMeta+v")
        expect(field).to_have_value(NEW)


def test_any_fragment_leaves_the_form_usable(open_page: OpenPage) -> None:
    """A mail program may mangle a link; the page says so at the latest when the form is sent."""
    page = open_page("/neues-passwort/#%")
    expect(page.get_by_role("textbox", name="Code aus der E-Mail")).to_be_visible()
    page.get_by_role("button", name="Create").click()
    expect(page.locator(".fehler.is-shown")).to_be_visible()
