"""Every page can be used by everybody: axe, keyboard, narrow screens, forced colours, the reader's own spacing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from probe import axe, context, spaced_out, stops, too_wide

from infra.local.cloud import Cloud

DOCS = Path(__file__).parents[1] / "docs"
WIDTHS = (1280, 360, 320)
FORMS = ("/anmelden/", "/passwort-vergessen/", "/neues-passwort/", "/das-war-ich-nicht/")
_SOURCES = (path.relative_to(DOCS).with_suffix("") for path in sorted(DOCS.rglob("*.md")))
PAGES = [*(f"/{source}/".replace("/index/", "/") for source in _SOURCES), "/gibt-es-nicht/"]


@pytest.fixture(scope="module")
def page(browser: Browser, cloud: Cloud) -> Iterator[Page]:
    """One window for all: each test goes where it wants."""
    made = context(browser, cloud)
    yield made.new_page()
    made.close()


def go(page: Page, address: str, width: int = 1280) -> None:
    """Opens a page as if for the first time."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("() => { try { sessionStorage.clear(); } catch {} }")  # the first page of all has none
    page.goto("about:blank")
    page.goto(address)


def said_at(page: Page, name: str) -> str:
    """What Chromium has a screen reader say with the one field that has *name* in its own."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    (field,) = (node for node in tree if node["role"]["value"] == "textbox" and name in node["name"]["value"])
    return str(field["description"]["value"])


def press_submit(page: Page) -> None:
    """Sends the page's form with nothing in it."""
    page.locator("form.form button[type=submit]").click()
    expect(page.locator(".fehler.is-shown, [aria-invalid]").first).to_be_visible()


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing(page: Page, address: str) -> None:
    """Violations or doubts, light and dark, on a desk and on phones; nothing is wider than the screen."""
    go(page, address)
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        faults += [*axe(page), *too_wide(page)]
    faults += spaced_out(page)
    assert faults == [], f"{address}\n" + "\n".join(faults)


@pytest.mark.parametrize("address", FORMS)
def test_text_of_twice_the_size_fits_a_phone(page: Page, address: str) -> None:
    """WCAG 1.4.4: with all messages at the fields, and without."""
    go(page, address, 360)
    page.add_style_tag(content="html { font-size: 250% !important }")  # its own is 125 %
    assert "\n".join(too_wide(page)) == ""
    press_submit(page)
    assert "\n".join(too_wide(page)) == ""


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", FORMS)
def test_axe_finds_nothing_in_a_failed_form(page: Page, address: str, prefix: str) -> None:
    """Error shown and, where there are some, criteria open; in both themes."""
    go(page, prefix + address)
    press_submit(page)
    if address == "/neues-passwort/":
        page.locator(".info").evaluate("details => { details.open = true }")
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        faults += [*axe(page), *too_wide(page)]
    assert faults == [], f"{address}\n" + "\n".join(faults)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", ["/", "/en/"])
def test_axe_finds_nothing_in_menu_and_search(page: Page, address: str, width: int) -> None:
    go(page, address, width)
    if width < 1280:
        page.locator(".menu__button").click()
        expect(page.locator(".menu__panel")).to_be_visible()
    page.locator("#suche").fill("kennwort")
    expect(page.locator(".search__results a").first).to_be_visible()
    faults = [*axe(page), *too_wide(page)]
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("address", ["/", "/leichte-sprache/", *FORMS, "/en/", "/en/neues-passwort/", "/datenschutz/"])
def test_every_tab_stop_is_in_sight(page: Page, address: str, width: int) -> None:
    go(page, address, width)
    faults = stops(page)
    assert faults == [], f"{address} at {width} px\n" + "\n".join(faults)


MEET = """() => [...document.querySelectorAll(".reveal")].filter((button) => {
  const words = document.createRange();
  words.selectNodeContents(button.parentElement.querySelector("label"));
  const [one, two] = [words.getBoundingClientRect(), button.getBoundingClientRect()];
  return one.right > two.left && one.bottom > two.top + 1;
}).length"""


@pytest.mark.parametrize("width", [412, 360, 320])
@pytest.mark.parametrize("address", ["/neues-passwort/", "/en/neues-passwort/", "/anmelden/"])
def test_large_text_covers_no_other(page: Page, address: str, width: int) -> None:
    """WCAG 1.4.4: letters of twice the size; the label of a password and its button do not meet, shown or hidden."""
    go(page, address, width)
    for button in page.locator(".reveal").all():
        button.click()
    for size in ("100%", "150%", "200%"):
        page.evaluate("(size) => (document.documentElement.style.fontSize = size)", size)
        assert page.evaluate(MEET) == 0, size
    assert too_wide(page) == []


def test_a_fault_begins_in_sight(page: Page) -> None:
    """WCAG 2.2, 1.4.10: at 400 % the block is higher than the window, and its title is what is read first."""
    go(page, f"/neues-passwort/#{'A' * 43}", 320)
    page.set_viewport_size({"width": 320, "height": 256})
    for field, text in (("username", "x@y.de"), ("new_password", "vier lose Wörter"), ("confirm", "vier lose Wörter")):
        page.locator(f"#{field}").fill(text)
    page.locator("form.form button[type=submit]").click()
    expect(page.locator(".fehler.is-shown")).to_be_focused()
    expect(page.locator(".fehler.is-shown h2")).to_be_in_viewport(ratio=1)


def test_an_address_that_names_a_part_of_a_fault_breaks_nothing(page: Page) -> None:
    faults: list[str] = []
    page.once("pageerror", lambda fault: faults.append(str(fault)))
    go(page, "/neues-passwort/#fehler-stoerung-titel")
    expect(page.locator("#fehler-stoerung")).to_be_focused()
    assert faults == []


def test_a_message_that_came_with_the_address_goes_with_the_next(browser: Browser, cloud: Cloud) -> None:
    """Also where a new address takes nothing back of what was shown by the old one: Firefox."""
    with context(browser, cloud) as visitor:
        visitor.add_init_script("history.replaceState = () => {}")
        page = visitor.new_page()
        page.goto("/anmelden/#fehler-anmeldung-fehlgeschlagen")
        expect(page.locator(".fehler:visible")).to_have_count(1)
        page.locator("form.form button[type=submit]").click()
        expect(page.locator("[aria-invalid]")).to_have_count(2)
        expect(page.locator(".fehler:visible")).to_have_count(0)


def test_without_the_stylesheet_nothing_is_told_that_did_not_happen(page: Page) -> None:
    """In a reader's view, too: the messages are hidden by themselves; a real one shows."""
    page.route("**/*.css", lambda route: route.abort())
    go(page, f"/neues-passwort/#{'A' * 43}")
    assert not [each for each in page.locator(".fehler, .helpful__thanks").all() if each.is_visible()]
    page.locator("form.form button[type=submit]").click()
    assert [each.get_attribute("id") for each in page.locator(".fehler").all() if each.is_visible()] == [
        "fehler-eingabe-ungueltig"
    ]
    page.unroute("**/*.css")


def test_faults_say_english_labels_in_english(page: Page) -> None:
    """WCAG 3.1.2: in the summary and at the field, as the German page itself does."""
    go(page, f"/neues-passwort/#{'A' * 43}")
    press_submit(page)
    expect(page.locator(".fehler.is-shown [lang=en]")).to_have_text(["Username", "New password", "Confirm"])
    page.locator("#username").fill("wer@example.org")
    page.locator("#new_password").fill("vier lose Woerter Nebel")
    page.locator("#confirm").fill("vier lose Woerter")
    page.locator("form.form button[type=submit]").click()
    expect(page.locator("#confirm-fehler [lang=en]")).to_have_text(["Confirm", "New password"])
    assert said_at(page, "Confirm").endswith("Geben Sie in „Confirm“ dasselbe ein wie in „New password“.")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/en/neues-passwort/", "The link or code is no longer valid or is not complete."),
        ("/das-war-ich-nicht/", "Der Link oder der Code gilt nicht mehr oder ist nicht vollständig."),
    ],
)
def test_a_fault_is_said_as_one_sentence(page: Page, path: str, said: str) -> None:
    """As Chromium hands it to a screen reader; a page without English labels has nothing to mark in it."""
    go(page, f"{path}#{'A' * 43}")
    for field in page.locator("form.form input[id]:not(#token)").all():
        field.fill("Nebel-Orgel-77-Gabel" if field.get_attribute("type") == "password" else "wer@example.org")
    press_submit(page)
    assert said_at(page, "ode").endswith(said)


def test_menu_by_keyboard(page: Page) -> None:
    go(page, "/", 360)
    page.locator(".menu__button").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".menu__panel a").first).to_be_focused()
    assert stops(page)[:1] != [".menu"]
    page.locator(".menu__button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".menu__panel")).to_be_hidden()


def test_search_says_english_labels_in_english(page: Page) -> None:
    """WCAG 3.1.2."""
    go(page, "/")
    page.locator("#search, .search input").first.fill("passwort")
    expect(page.locator(".search__results a").first).to_be_visible()
    english = page.locator(".search__results [lang=en]").all_text_contents()
    assert sorted(english) == ["Create new password", "Forgot password"]


def test_search_by_keyboard(page: Page) -> None:
    go(page, "/", 360)
    page.locator("#suche").focus()
    page.keyboard.type("Passwort")
    expect(page.locator(".search__status")).to_contain_text("Treffer")
    page.wait_for_timeout(500)  # the last letter's results have replaced the ones before
    page.keyboard.press("ArrowDown")
    expect(page.locator(".search__results a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#suche")).to_be_focused()
    expect(page.locator(".search__panel")).to_be_hidden()


@pytest.mark.parametrize(("prefix", "word"), [("", "Fehler: "), ("/en", "Error: ")])
@pytest.mark.parametrize("address", FORMS)
def test_an_error_takes_focus_and_names_its_fields(page: Page, address: str, prefix: str, word: str) -> None:
    """Title, focus, a link from the summary to the field, and the field's own message."""
    go(page, prefix + address)
    press_submit(page)
    assert page.title().startswith(word)
    invalid = page.locator("[aria-invalid=true]")
    summary = page.locator(".fehler.is-shown")
    if summary.count():
        expect(summary).to_be_focused()
        expect(summary).to_have_accessible_name(page.locator(".fehler.is-shown h2").inner_text())
    else:
        expect(invalid.first).to_be_focused()
    for field in invalid.all():
        described = (field.get_attribute("aria-describedby") or "").split()
        message = page.locator(f"#{described[-1]}")
        expect(message).to_be_visible()
        assert message.inner_text().strip()
        if summary.count():
            summary.locator(f"a[href='#{field.get_attribute('id')}']").click()
            expect(field).to_be_focused()
    assert invalid.count()
