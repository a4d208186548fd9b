"""The built site, read as files: every page, message, label and fact is there, and nothing that must not be."""

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from infra.deploy.facts import placeholders
from infra.site import build
from infra.site.build import _pages
from infra.site.check import BrokenSiteError, check
from infra.site.data import BuildError
from infra.site.shots import Shots, size
from reset.errors import CODES
from reset.passwords import MAXIMUM, rules
from reset.routes import ROUTES
from reset.settings import Limits, Settings
from reset.shown import SHOWN

ROOT = Path(__file__).parents[1]
EXTRA = yaml.safe_load((ROOT / "mkdocs.yml").read_text())["extra"]
URL = "https://hilfe.example.org/"
PAGES = (
    "/",
    "/anmelden/",
    "/passwort-vergessen/",
    "/passwort-vergessen/gesendet/",
    "/neues-passwort/",
    "/neues-passwort/fertig/",
    "/portal/",
    "/das-war-ich-nicht/",
    "/das-war-ich-nicht/fertig/",
    "/impressum/",
    "/datenschutz/",
    "/barrierefreiheit/",
)
FORMS = tuple(page for page in SHOWN if page != "/")
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Element:
    """One element, its attributes, its text and what it stands in."""

    tag: str
    attrs: dict[str, str]
    inside: "Element | None"
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())

    @property
    def language(self) -> str:
        return self.attrs.get("lang") or (self.inside.language if self.inside else "")

    def within(self, **attrs: str) -> bool:
        return bool(self.inside) and (attrs.items() <= self.inside.attrs.items() or self.inside.within(**attrs))  # type: ignore[union-attr]


class Document(HTMLParser):
    """A page as a flat list of elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        element = Element(tag, given, self._open[-1] if self._open else None)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.parts.append(data)

    def all(self, tag: str, **attrs: str) -> list[Element]:
        wanted = {name.rstrip("_"): value for name, value in attrs.items()}
        return [each for each in self.elements if each.tag == tag and wanted.items() <= each.attrs.items()]

    def one(self, tag: str, **attrs: str) -> Element:
        (found,) = self.all(tag, **attrs)
        return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "site"
    build(out, site_url=URL)
    return out


def document(site: Path, address: str, language: str = "de") -> Document:
    return Document((file_of(site, address, language)).read_text())


def file_of(site: Path, address: str, language: str = "de") -> Path:
    return site / f"{'en' if language == 'en' else ''}{address}".strip("/") / "index.html"


def every(site: Path) -> Iterator[tuple[str, Document]]:
    for path in sorted(site.rglob("*.html")):
        yield f"/{path.relative_to(site)}", Document(path.read_text())


# --- pages


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_page_is_there_in_both_languages(site: Path, address: str, language: str) -> None:
    page = document(site, address, language)
    assert page.one("html").attrs["lang"] == language
    assert page.one("h1").text
    assert page.one("title").text.endswith(f" – {EXTRA['portal_name']}")
    assert page.one("meta", name="description").attrs["content"]
    other = "en" if language == "de" else "de"
    link = page.one("a", class_="language")
    assert link.attrs["lang"] == other
    assert link.attrs["href"] == f"{'/en' if other == 'en' else ''}{address}"


def test_other_pages(site: Path) -> None:
    easy = document(site, "/leichte-sprache/")
    assert easy.one("html").attrs["lang"] == "de-simple"
    assert "Entwurf in Leichter Sprache" in easy.one("main").text
    assert not easy.all("a", class_="language")
    assert not (site / "en/leichte-sprache").exists()
    lost = Document((site / "404.html").read_text())
    assert "/passwort-vergessen/" in [link.attrs["href"] for link in lost.all("a")]
    assert "Sitemap: https://hilfe.example.org/sitemap.xml" in (site / "robots.txt").read_text()


def test_alternates_name_each_other(site: Path) -> None:
    for language in ("de", "en"):
        found = document(site, "/anmelden/", language).all("link", rel="alternate")
        assert {link.attrs["hreflang"]: link.attrs["href"] for link in found} == {
            "de": f"{URL}anmelden/",
            "en": f"{URL}en/anmelden/",
            "x-default": f"{URL}anmelden/",
        }
    sitemap = (site / "sitemap.xml").read_text()
    assert f"<loc>{URL}en/anmelden/</loc>" in sitemap
    assert "gesendet" not in sitemap


def test_legal_pages_are_linked_from_every_page(site: Path) -> None:
    for address, page in every(site):
        home = "/en/" if address.startswith("/en/") else "/"
        links = {link.attrs["href"] for link in page.all("a")}
        for name in ("impressum/", "datenschutz/", "barrierefreiheit/", "barrierefreiheit/#feedback"):
            assert home + name in links, address


def test_security_txt_ends_within_a_year(site: Path) -> None:
    fields = dict(line.split(": ", 1) for line in (site / ".well-known/security.txt").read_text().splitlines())
    assert fields["Contact"].startswith(("mailto:", "https://"))
    assert fields["Canonical"] == f"{URL}.well-known/security.txt"
    ends = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < ends - datetime.now(UTC) < timedelta(days=365)


# --- forms


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("address", SHOWN)
def test_every_failure_has_its_message(site: Path, address: str, language: str) -> None:
    page = document(site, address, language)
    blocks = {each.attrs["id"]: each for each in page.all("section") if "fehler" in each.attrs.get("class", "").split()}
    assert set(blocks) == {f"fehler-{code}" for code in SHOWN[address]} | {"fehler-netz"}
    for code in SHOWN[address]:
        block = blocks[f"fehler-{code}"]
        text = getattr(CODES[code], language).format(minimum=EXTRA["password_minimum"], maximum=MAXIMUM)
        assert text in block.text
        assert block.attrs["tabindex"] == "-1"
        assert block.attrs.get("data-field") == CODES[code].field


def test_messages_belong_to_the_routes(site: Path) -> None:
    assert {route.form for route in ROUTES.values()} == set(SHOWN)


@pytest.mark.parametrize("language", ["de", "en"])
def test_criteria_are_those_of_the_function(site: Path, language: str) -> None:
    wanted = [getattr(rule, language) for rule in rules(EXTRA["password_minimum"])]
    page = document(site, "/neues-passwort/", language)
    assert [each.text for each in page.all("span", class_="criteria__text")] == wanted
    live = [each.attrs.get("data-live") for each in page.all("li", class_="criteria__item")]
    assert live == [rule.live for rule in rules(EXTRA["password_minimum"])]
    article = document(site, "/", language).one("main").text
    assert all(text in article for text in wanted)


FIELDS = {
    "/api/login": {
        "username": ("text", "username", "Username"),
        "password": ("password", "current-password", "Password"),
        "keep_me_logged_in": ("checkbox", None, "Keep me logged in"),
    },
    "/api/forgot": {"username": ("text", "username", "Username")},
    "/api/reset": {
        "token": ("text", "off", None),
        "username": ("text", "username", "Username"),
        "new_password": ("password", "new-password", "New password"),
        "confirm": ("password", "new-password", "Confirm"),
    },
    "/api/not-me": {"token": ("text", "off", None)},
}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("route", FIELDS)
def test_form_posts_the_fields_of_its_route(site: Path, route: str, language: str) -> None:
    page = document(site, ROUTES[route].form, language)
    action = route + ("?lang=en" if language == "en" else "")
    form = next(each for each in page.all("form", action=action) if "form" in each.attrs["class"].split())
    assert form.attrs["method"] == "post"
    done = ROUTES[route].done.partition("?")[0]
    assert form.attrs["data-done"] == f"{'/en' if language == 'en' else ''}{done}"
    inputs = {each.attrs["name"]: each for each in page.all("input") if each.within(**form.attrs)}
    assert set(inputs) == {each.name for each in ROUTES[route].fields}
    for name, (kind, autocomplete, label) in FIELDS[route].items():
        assert inputs[name].attrs["type"] == kind
        assert inputs[name].attrs.get("autocomplete") == autocomplete
        assert "maxlength" not in inputs[name].attrs
        words = page.one("label", for_=inputs[name].attrs["id"])
        assert words.text
        assert label in (None, words.text)


@pytest.mark.parametrize(("address", "language"), [("/", "de"), ("/", "en"), ("/leichte-sprache/", "de")])
def test_help_pages_ask_whether_they_helped(site: Path, address: str, language: str) -> None:
    page, fields = document(site, address, language), {each.name: each for each in ROUTES["/api/helpful"].fields}
    form = page.one("form", action="/api/helpful" + ("?lang=en" if language == "en" else ""))
    hidden = next(each for each in page.all("input", type="hidden") if each.within(**form.attrs))
    assert (hidden.attrs["name"], hidden.attrs["value"]) == ("page", address)
    assert address in fields["page"].values
    buttons = [each for each in page.all("button") if each.within(**form.attrs)]
    assert tuple(each.attrs["value"] for each in buttons) == fields["answer"].values
    assert {each.attrs["name"] for each in buttons} == {"answer"}


@pytest.mark.parametrize(
    ("address", "title", "button"),
    [
        ("/anmelden/", "Log in", "Log in"),
        ("/passwort-vergessen/", "Forgot password", "E-mail me"),
        ("/neues-passwort/", "Create new password", "Create"),
    ],
)
def test_form_looks_like_the_template(site: Path, address: str, title: str, button: str) -> None:
    """Title and labels to the letter, marked as English, one red button."""
    page = document(site, address)
    assert page.one("h1").text == title
    red = [each for each in page.all("button") if "kern-btn--primary" in each.attrs.get("class", "")]
    assert [each.text for each in red] == [button]
    english = {each.text for each in page.elements if each.language == "en"}
    assert {title, button, "Username"} <= english
    if address != "/das-war-ich-nicht/":
        assert page.one("input", id="username").attrs["placeholder"] == "Ihre E-Mailadresse"


def test_a_dead_link_offers_a_new_one(site: Path) -> None:
    """Or the login: without script a second press on "Create" finds the link used up by the first."""
    page = document(site, "/neues-passwort/")
    (again,) = [each for each in page.all("a", href="/passwort-vergessen/") if each.within(id="fehler-link-ungueltig")]
    assert again.attrs["data-action"] == "/api/forgot"
    assert len(page.all("input", name="username")) == 1
    assert [each for each in page.all("a", href="/anmelden/") if each.within(id="fehler-link-ungueltig")]
    assert "gerade schon geändert" in page.one("section", id="fehler-link-ungueltig").text
    for language in ("de", "en"):
        stop = document(site, "/das-war-ich-nicht/", language)
        links = [each.attrs["href"] for each in stop.all("a") if each.within(id="fehler-link-ungueltig")]
        assert links == [f"mailto:{EXTRA['mailbox']}"], "whoever did not ask for a link needs no new one"


def test_a_broken_connection_claims_nothing(site: Path) -> None:
    """The answer was lost; whether the form was, too, nobody knows. A new password is tried before a new link."""
    for address in (*FORMS, "/portal/", "/passwort-vergessen/gesendet/"):
        page = document(site, address)
        assert "Wir wissen nicht, ob" in page.one("section", id="fehler-netz").text
        ways = [each.attrs["href"] for each in page.all("a") if each.within(id="fehler-netz")]
        assert ways == (["/anmelden/"] if address == "/neues-passwort/" else [])
        assert ("drücken" in page.one("section", id="fehler-netz").text.lower()) == (not ways)


def test_who_pressed_not_me_by_mistake_is_told_the_way_back(site: Path) -> None:
    """No dead end: for a day "forgot" answers as ever and mails nothing. All pages say so, and that all logins end."""
    assert Settings.__dataclass_fields__["pause_hours"].default == 24
    assert "Aus Versehen gedrückt?" in file_of(site, "/das-war-ich-nicht/fertig/").read_text()
    assert "Pressed by mistake?" in file_of(site, "/en/das-war-ich-nicht/fertig/").read_text()
    for address in ("/", "/passwort-vergessen/gesendet/", "/das-war-ich-nicht/", "/das-war-ich-nicht/fertig/"):
        assert "24 Stunden lang" in document(site, address).one("main").text, address
        assert "for 24 hours" in document(site, address, "en").one("main").text, address
    assert "Dann warten Sie 24 Stunden." in document(site, "/leichte-sprache/").one("main").text
    for address in ("/", "/das-war-ich-nicht/", "/das-war-ich-nicht/fertig/"):
        assert "lle Anmeldungen" in document(site, address).one("main").text, address
        assert "very login" in document(site, address, "en").one("main").text, address


def test_everybody_is_told_of_the_wait_after_three_mails(site: Path) -> None:
    """R01, R57: on pages that are the same for all, in the numbers that are in force; it looks like a lost mail."""
    assert (Limits().mails_free, Limits().mails_wait) == (3, 3600)
    for address in ("/", "/passwort-vergessen/gesendet/"):
        text = document(site, address).one("main").text
        assert "Nach drei E-Mails innerhalb eines Tages kommt die nächste erst nach einer Stunde oder später." in text
        text = document(site, address, "en").one("main").text
        assert "After three e-mails within a day the next one comes only after an hour or later." in text
    assert (
        "3 E-Mails von uns bekommen? Dann warten Sie 1 Stunde oder"
        in document(site, "/leichte-sprache/").one("main").text
    )


@pytest.mark.parametrize(("language", "word"), [("de", "gesperrt und warum"), ("en", "locked and why")])
def test_the_privacy_page_names_the_state_of_an_account(site: Path, language: str, word: str) -> None:
    assert word in document(site, "/datenschutz/", language).one("table").text


KEPT = {
    "username": ("E-Mail-Adresse", "e-mail address"),
    "sent": ("Vorgangsnummer, den Zeitpunkt der Anfrage", "case number, the time of the request"),
    "logged-in": ("angemeldet sind", "are logged in"),
}


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_privacy_page_names_all_that_the_window_keeps(site: Path, language: str) -> None:
    """R21: each key that a script may write."""
    scripts = "".join(path.read_text() for path in (ROOT / "docs/assets/forms").glob("*.js"))
    named = dict(re.findall(r'const ([A-Z_]+) = "([^"]+)"', scripts))
    assert {named[key] for key in re.findall(r"\bwrite\(([A-Z_]+),", scripts)} == KEPT.keys()
    assert len(re.findall(r"\bwrite\(", scripts)) == len(KEPT) + 1, "one of them is the function itself"
    kept = next(each for each in document(site, "/datenschutz/", language).all("li") if "sessionStorage" in each.text)
    for words in KEPT.values():
        assert words[language == "en"] in kept.text
    assert ("abmelden" if language == "de" else "log out") in kept.text


def test_each_form_and_its_step_link_to_each_other(site: Path) -> None:
    article = document(site, "/")
    ids = {each.attrs.get("id") for each in article.elements}
    for address, step in (("/anmelden/", 1), ("/passwort-vergessen/", 2), ("/neues-passwort/", 4), ("/portal/", 5)):
        assert f"/#schritt-{step}" in {link.attrs["href"] for link in document(site, address).all("a")}
        assert f"schritt-{step}" in ids
    for address in ("anmelden/", "passwort-vergessen/", "neues-passwort/"):
        assert address in {link.attrs["href"].strip("/") + "/" for link in article.all("a")}


# --- article


FACTS = (
    "Kennwort vergessen? Kein Problem!",
    f"Hier setzen Sie Ihr Kennwort für das {EXTRA['portal_title']} zurück.",
    EXTRA["portal_name"],
    "Herzlich Willkommen",
    "Forgot your password?",
    "Keep me logged in",
    "Back to login",
    "E-mail me",
    f"{EXTRA['subject_prefix']} Ihr Passwort zurücksetzen",
    "Mein Passwort zurücksetzen",
    "Username",
    "New password",
    "Confirm",
    "Create",
    "Log in",
    EXTRA["selfservice_name"],
    f"{EXTRA['selfservice_for']} Mitarbeiter mit AD-Konto und Jira Lizenz",
    EXTRA["portal_title"],
    "SPAM-Ordner",
    f"Registrierung für das {EXTRA['portal_title']} noch nicht abgeschlossen",
    f"wenden Sie sich bitte an das Funktionspostfach {EXTRA['mailbox']}",
    f"Warten Sie aber bis zu {EXTRA['wait_minutes']} Minuten",
    f"Der Link gilt {EXTRA['link_minutes']} Minuten",
    f"{EXTRA['sender_name']} (",
)


@pytest.mark.parametrize("fact", FACTS)
def test_article_holds_the_facts(site: Path, fact: str) -> None:
    page = document(site, "/")
    assert fact in page.one("main").text or fact in page.one("header").text


def test_login_page_holds_the_template_s_words(site: Path) -> None:
    text = document(site, "/anmelden/").one("main").text
    for words in (
        "Herzlich Willkommen",
        "Passwort vergessen? Als Kunde verwenden Sie bitte den unten stehenden Link „Forgot your password?“",
        "Als Username verwenden Sie bitte Ihre E-Mail-Adresse",
        f"{EXTRA['selfservice_for']} Mitarbeiter mit AD-Konto und Jira Lizenz nutzen bitte den",
        f" {EXTRA['selfservice_name']}",
        "Keep me logged in",
    ):
        assert words in text


def test_english_labels_are_marked_in_german_pages(site: Path) -> None:
    labels = yaml.safe_load((ROOT / "docs/texts.yml").read_text())["english_labels"]
    for address in ("/", "/leichte-sprache/", "/anmelden/", "/passwort-vergessen/", "/neues-passwort/"):
        for each in document(site, address).elements:
            whole = each.text in labels and each.tag in ("b", "a", "label", "button", "h1", "span")
            inner = [
                child
                for child in document(site, address).elements
                if child.text == each.text and child.language == "en"
            ]
            assert not whole or inner, f"{address}: {each.text}"


@pytest.mark.parametrize("address", ["/", "/neues-passwort/", "/datenschutz/"])
def test_english_labels_are_marked_in_german_sentences(site: Path, address: str) -> None:
    """WCAG 3.1.2: where a message or the table of data quotes them."""
    labels = yaml.safe_load((ROOT / "docs/texts.yml").read_text())["english_labels"]
    said = "|".join(map(re.escape, labels))
    text = re.sub('="[^"]*"', lambda value: value[0] if value[0] == '="en"' else "", file_of(site, address).read_text())
    quoted = re.findall(f'„(<span lang="en">)?(?:{said})(</span>)?“', text)
    assert quoted
    assert all(opens and closes for opens, closes in quoted)


def test_unknown_facts_are_marked(site: Path) -> None:
    for address, page in every(site):
        marks = "".join(each.text for each in page.all("mark", class_="platzhalter"))
        assert page.one("body").text.count("PLATZHALTER") == marks.count("PLATZHALTER"), address
        assert not any("PLATZHALTER" in value for each in page.elements for value in each.attrs.values()), address
    assert bool(document(site, "/impressum/").all("mark", class_="platzhalter")) == bool(
        placeholders(EXTRA["operator"])
    )


def test_a_known_portal_address_is_a_link(tmp_path: Path) -> None:
    build(tmp_path / "site", site_url=URL, portal_url="https://portal.example.org/")
    page = document(tmp_path / "site", "/portal/")
    assert page.one("a", href="https://portal.example.org/").text == EXTRA["portal_title"]


# Names that are given: they stay as they are, however long.
GIVEN = (
    "Kundenportal des Zentralen Eingangskanals",
    "Zentraler Eingangskanal",
    "[OSI Service Desk] Ihre Registrierung abschließen",
    "[OSI Service Desk] Ihr Passwort wurde geändert",
    "[OSI Service Desk] Ihr Passwort zurücksetzen",
    "[OSI Service Desk] Ihr Konto ist gesperrt",
    "Passwort Self Service von Dataport",
    "dataportonlinedienstezekzugang@dataport.de",
    "osi-service-desk@example.org",
    "OSI Service Desk",
    "Forgot your password?",
)
LONGEST_SENTENCE = 20
SYLLABLE = re.compile(r"[aeiouyäöü]+", re.IGNORECASE)


def sentences(page: Document) -> list[list[str]]:
    """The article's sentences as words; the given names count as one short word, the function's messages not at all."""
    found = []
    for block in page.elements:
        if block.tag not in ("p", "li", "h1", "h2", "h3") or not block.within(id="inhalt"):
            continue
        text = re.sub(r"PLATZHALTER: [^.]*", "", block.text)
        if any(text == CODES[code].de.format(minimum=EXTRA["password_minimum"], maximum=MAXIMUM) for code in CODES):
            continue
        for name in GIVEN:
            text = text.replace(name, "Ding")
        parts = re.split(r"(?<=[.!?:])[“”)*]*\s+", text)
        found += [words for part in parts if (words := re.findall(r"[A-Za-zÄÖÜäöüß-]{2,}", part))]
    return found


def test_article_reads_easily(site: Path) -> None:
    """Flesch-Amstad: 180 - words per sentence - 58.5 * syllables per word; 60 and more is plain German."""
    found = sentences(document(site, "/"))
    words = [word for sentence in found for word in sentence]
    syllables = sum(max(1, len(SYLLABLE.findall(word))) for word in words)
    assert 180 - len(words) / len(found) - 58.5 * syllables / len(words) >= 60
    assert [" ".join(sentence) for sentence in found if len(sentence) > LONGEST_SENTENCE] == []


def test_easy_language_keeps_its_sentences_short(site: Path) -> None:
    for block in document(site, "/leichte-sprache/").all("p"):
        for sentence in re.split(r"(?<=[.!?:])\s+", block.text):
            assert len(sentence.split()) <= 15, sentence


# --- pictures


def test_every_listed_picture_is_complete() -> None:
    listed = Shots.load(ROOT / "docs").listed
    assert set(listed) == {"login", "forgot", "mail", "create", "portal"}
    for name, shot in listed.items():
        assert ("page" in shot) != ("mail" in shot), name
        numbers = [mark["number"] for mark in shot["marks"]]
        assert numbers == list(range(1, len(numbers) + 1))
        for language in ("de", "en"):
            assert all(str(number) in shot["alt"][language] for number in numbers), name


def test_a_picture_shows_once_its_files_exist(tmp_path: Path) -> None:
    listed = Shots.load(ROOT / "docs").listed
    shots = Shots(tmp_path, listed)
    assert shots.picture("forgot", "de") == ""
    bits = (800 - 1) | (600 - 1) << 14
    webp = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + bits.to_bytes(4, "little")
    assert size(webp) == (800, 600)
    for theme in ("light", "dark"):
        (tmp_path / f"forgot.de.{theme}.webp").write_bytes(webp)
    picture = Document(shots.picture("forgot", "de"))
    image = picture.one("img")
    assert (image.attrs["width"], image.attrs["height"], image.attrs["loading"]) == ("400", "300", "lazy")
    assert image.attrs["alt"] == listed["forgot"]["alt"]["de"]
    assert "dark" in picture.one("source").attrs["srcset"]


def test_a_step_may_not_name_a_control_without_a_mark() -> None:
    with pytest.raises(ValueError, match="has 0 marks"):
        Shots.load(ROOT / "docs").number("forgot", "Send", "de")


# --- what must not be


def test_nothing_inline_and_nothing_from_outside(site: Path) -> None:
    for address, page in every(site):
        assert not page.all("style"), address
        for each in page.elements:
            assert each.tag != "script" or (each.attrs.get("src", "").startswith("/assets/") and not each.text), address
            assert not [name for name in each.attrs if name == "style" or name.startswith("on")], address
            for name in ("src", "srcset", "action"):
                assert each.attrs.get(name, "/").startswith("/"), address
            if each.tag == "link" and each.attrs["rel"] not in ("canonical", "alternate"):
                assert each.attrs["href"].startswith("/assets/"), address
    for path in site.rglob("*.css"):
        assert not re.findall(r"url\((?!\s*[\"']?data:)", path.read_text())


def test_form_pages_carry_one_style_and_one_script(site: Path) -> None:
    for address in FORMS:
        page = document(site, address)
        assert len(page.all("link", rel="stylesheet")) == 1
        assert [each.attrs["src"].split(".")[0] for each in page.all("script")] == ["/assets/forms"]


def test_every_asset_is_used_and_named_by_its_content(site: Path) -> None:
    text = "".join(path.read_text() for path in site.rglob("*.html"))
    for path in (site / "assets").rglob("*"):
        assert path.is_dir() or re.search(r"\.[0-9a-f]{10}\.\w+$", path.name), path
        assert path.is_dir() or path.name in text, path
    assert not [path for path in site.rglob("*") if path.suffix in (".map", ".yml", ".scss", ".md")]


def wire(*paths: Path) -> int:
    """Bytes on the wire; gzip is the larger of what browsers take."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_pages_are_light(site: Path) -> None:
    patterns = ("site.*.css", "forms.*.js", "search.*.js")
    style, forms, search = (path for pattern in patterns for path in (site / "assets").glob(pattern))
    for address in FORMS:
        assert wire(file_of(site, address), style, forms) <= 20_000, address
    pictures = [path for path in (site / "assets/shots").glob("*.de.*") if ".light." in path.name]
    assert wire(file_of(site, "/"), style, search) <= 20_000
    assert wire(file_of(site, "/"), style, search) + sum(path.stat().st_size for path in pictures) <= 100_000


def test_sources_stay_short() -> None:
    for path in [*(ROOT / "infra/site").glob("*.*"), *(ROOT / "docs/assets").rglob("*.js")]:
        assert len(path.read_text().splitlines()) <= 150, path


# --- the build


def test_same_sources_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """Also where an older site lay: nothing of it stays."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/old.html").write_text("old")
    build(tmp_path / "site", site_url=URL)
    assert contents(tmp_path / "site") == contents(site)


def contents(site: Path) -> dict[str, bytes]:
    return {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("hängen sie weitere wörter", "Hängen Sie mehr Wörter", "message passwort-zu-kurz"),
        (f"Mindestens {EXTRA['password_minimum']} Z", "Mindestens 9 Z", "criterion passwort-zu-kurz"),
        ("<h1", '<h1 style="color:red"', "inline style="),
        ("<h1", '<h1 onclick="x()"', "inline onclick="),
        ("</body>", "<script>x()</script></body>", "inline <script>"),
        ("</body>", '<img src="https://tracker.example.com/x.png" alt=""></body>', "third-party"),
        ("</body>", '<a href="/gibt-es-nicht/">x</a></body>', "dead link /gibt-es-nicht/"),
        ('id="kriterien"', 'id="username"', "id username twice"),
        ('id="fehler-netz"', 'id="netz"', "no message fehler-netz"),
        ("</body>", "<p>&lt;&lt;&lt;&lt;&lt;&lt;&lt; HEAD</p></body>", "marks of a merge"),
    ],
)
def test_a_broken_page_stops_the_build(site: Path, tmp_path: Path, old: str, new: str, fault: str) -> None:
    for name, content in contents(site).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    page = file_of(tmp_path, "/neues-passwort/")
    html, count = re.subn(re.escape(old), new, page.read_text(), flags=re.IGNORECASE)
    assert count
    page.write_text(html)
    with pytest.raises(BrokenSiteError, match=re.escape(fault)):
        check(tmp_path, EXTRA["password_minimum"])


@pytest.mark.parametrize(
    ("name", "slip", "told"),
    [
        ("docs/index.md", "\nGrüße\n".encode("latin-1"), "index.md"),
        ("docs/shots.yml", b"\n<<<<<<< HEAD\n", r"shots\.yml.*line \d+"),
        ("docs/data-retention.yml", b"\n<<<<<<< HEAD\n", r"data-retention\.yml.*line \d+"),
        ("docs/theme/main.html", b"{% block", "main.html"),
    ],
)
def test_a_source_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, slip: bytes, told: str
) -> None:
    """What a merge or an editor may leave; a deploy and `make serve` say it in words."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    (tmp_path / "infra").symlink_to(ROOT / "infra")
    with (tmp_path / name).open("ab") as file:
        file.write(slip)
    monkeypatch.setitem(_pages.__globals__, "ROOT", tmp_path)
    with pytest.raises(BuildError, match=re.compile(told, re.DOTALL)):
        _pages(tmp_path / "site", URL, None)


def test_search_knows_headings_facts_and_messages(site: Path) -> None:
    for language in ("de", "en"):
        index = json.loads(next((site / "assets").glob(f"search.{language}.*.json")).read_text())
        text = " ".join(entry["text"] for entry in index["sections"])
        for code in CODES:
            if any(code in shown for shown in SHOWN.values()):
                words = getattr(CODES[code], language).format(minimum=EXTRA["password_minimum"], maximum=MAXIMUM)
                assert words in text
        assert any({"kennwort", "passwort", "password"} <= set(group) for group in index["synonyms"])
        prefix = "/en/" if language == "en" else "/"
        assert all(entry["url"].startswith(prefix) for entry in index["sections"])
        assert not [entry for entry in index["sections"] if "gesendet" in entry["url"]]


def test_no_word_is_missing_in_one_language() -> None:
    texts = yaml.safe_load((ROOT / "docs/texts.yml").read_text())["texts"]
    assert all(set(text) == {"de", "en"} for text in texts.values())
    rows = yaml.safe_load((ROOT / "docs/data-retention.yml").read_text())
    assert all(set(row[column]) == {"de", "en"} for row in rows for column in ("what", "why", "how_long"))
