"""The article is the test: what it says is done, and what it names must be there."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from article import DOCS, Section, read
from conftest import Customer, Inbox
from playwright.sync_api import Page
from reader import NEW_PASSWORD, Mail, Reader

from infra.deploy.facts import read_facts
from infra.site.checked import last_checked, sentence, write
from reset.mail_texts import TEXTS

LANGUAGES = ("de", "en")


@pytest.fixture(scope="module")
def letters(cloud: object, inbox: Inbox, new_customer: Callable[..., Customer]) -> list[Mail]:
    """The mails that the article speaks of beside the reader's own, in both languages."""
    mails = []
    customers = [
        new_customer(status, language=language) for language in LANGUAGES for status in ("active", "invited", "locked")
    ]
    for customer in customers:
        transport = httpx.HTTPTransport(local_address="127.77.0.1")
        with httpx.Client(base_url=inbox.url, transport=transport, timeout=30) as client:
            client.post("/api/forgot", data={"username": customer.username})
            mails += inbox.wait(customer.username)
            if customer.password:
                form = {"username": customer.username, "token": inbox.token(customer.username)}
                client.post("/api/reset", data=form | {"new_password": NEW_PASSWORD, "confirm": NEW_PASSWORD})
                mails.append(inbox.wait(customer.username, 2)[0])
    return mails


@pytest.mark.parametrize("language", LANGUAGES)
def test_doing_what_the_article_says(
    open_page: Callable[..., Page],
    inbox: Inbox,
    letters: list[Mail],
    new_customer: Callable[..., Customer],
    language: str,
) -> None:
    """Each step leads to the next, the last one into the portal, and everything quoted exists."""
    page = open_page("/" if language == "de" else "/en/")
    article = read(page, language)
    steps = [section for section in article if section.page]
    assert len(steps) == 5
    username = new_customer(language=language).username
    reader = Reader(page, inbox, username, letters)
    for section in steps:
        if section.page == "mail:reset":
            inbox.wait(username)
        if section is steps[-1]:
            inbox.wait(username, 2)
        reader.do(section)
    assert reader.page.url.endswith("/portal/"), f"the last step ends on {reader.page.url}, not in the portal"
    reader.decline(next(section for section in article if section.id == "nicht-ich"))
    assert reader.page.url.endswith("/das-war-ich-nicht/fertig/"), f"who asked for nothing ends on {reader.page.url}"
    _quotes_elsewhere(reader, [section for section in article if not section.page])


def _quotes_elsewhere(reader: Reader, sections: list[Section]) -> None:
    """Outside of the steps a quoted control must be on one of their pages or in a mail."""
    brand = reader.page.locator(".brand__name").inner_text()
    for section in sections:
        for block in section.blocks:
            for quote in block.quotes:
                if quote.text != brand:
                    reader.find(quote, reader.known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_is_read(open_page: Callable[..., Page], language: str) -> None:
    """The reader overlooks no list item of a step, and the source lines are the right ones."""
    article = read(open_page("/" if language == "de" else "/en/"), language)
    facts = read_facts()
    source = (DOCS / ("index.md" if language == "de" else "en/index.md")).read_text().splitlines()
    for section in article:
        for block in section.blocks:
            line = source[int(block.place.rpartition(":")[2]) - 1]
            line = re.sub(r"{{ (\w+) }}", lambda name: str(facts.get(name[1], "")), line)
            begin = re.match(r"[\w ]{3,}?(?=[^\w ])", block.text)
            assert begin is None or begin[0].split()[0] in line, f"{block.place} is not {block.text!r}"
    items = sum(block.step for section in article if section.page for block in section.blocks)
    assert items == 15, f"the five steps of the article ({language}) have {items} things to do"


def test_the_day_of_the_last_check_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept by a green run, shown while the article is the one that was proven, gone with its next change."""
    for name in ("index.md", "en/index.md", "shots.yml", "assets/shots/login.de.light.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("as proven")
    assert last_checked(tmp_path) is None
    write(tmp_path, date(2026, 3, 1))
    assert last_checked(tmp_path) == date(2026, 3, 1)
    assert "1. März 2026" in sentence(tmp_path, "de", "Zuletzt geprüft am {date}.")
    assert "on <time datetime=" in sentence(tmp_path, "en", "Last checked on {date}.")
    (tmp_path / "index.md").write_text("as somebody changed it")
    assert sentence(tmp_path, "de", "Zuletzt geprüft am {date}.") == ""


@pytest.mark.parametrize(("language", "text"), [("de", "Zuletzt geprüft am"), ("en", "Last checked on")])
def test_the_article_shows_the_day(new_visitor: Callable[..., httpx.Client], language: str, text: str) -> None:
    shown = text in new_visitor().get("/" if language == "de" else "/en/").text
    day = last_checked(DOCS)
    assert shown == (day is not None)
    assert day is None or day <= datetime.now(UTC).date()


def test_the_article_quotes_the_mails_as_they_are() -> None:
    """A guard for the reader itself: the sections on other mails name what the function sends."""
    assert {TEXTS[language]["reset"].not_me_link for language in LANGUAGES} == {"Das war ich nicht", "That was not me"}
