"""The article's pictures still show the product: their facts are taken anew on the same walk and compared."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from infra.local.cloud import Cloud
from infra.local.seed import put_account
from infra.shots import card
from infra.shots.camera import ShotError, facts
from infra.shots.difference import differences
from infra.shots.shot import LANGUAGES, LIST, SCHEMES, Shot, all_shots, digest, script
from infra.shots.walk import PASSWORDS, USERNAMES, new_context, walk
from infra.site.shots import DENSITY, size

RENEW = "if that is meant, run `make screenshots`"
STRAYED = """() => [...document.querySelectorAll(".mark")].filter((mark) => {
  const word = [...mark.previousElementSibling.getClientRects()].at(-1);
  return mark.querySelector("[aria-hidden]").getBoundingClientRect().top > word.bottom;
}).map((mark) => mark.previousElementSibling.textContent)"""
each_shot = pytest.mark.parametrize("shot", all_shots(), ids=lambda shot: shot.picture.stem)


@pytest.fixture(scope="module")
def shown(browser: Browser, cloud: Cloud) -> dict[Shot, dict[str, Any] | str]:
    """The facts of every picture, from the product as it is; or in words why there are none."""
    found: dict[Shot, dict[str, Any] | str] = {}
    for language in LANGUAGES:
        username, password = USERNAMES[language], PASSWORDS[language]
        put_account(cloud.session, cloud.outputs, username, "active", language=language, password=password)
        context = new_context(browser, cloud.url, language)
        try:
            for name, page in walk(context, cloud.url, language):
                for scheme in SCHEMES:
                    shot = Shot(name, language, scheme)
                    found[shot] = _facts(page, shot)
        except PlaywrightError as error:
            reason = f"the way there is broken: {' '.join(str(error).split())[:300]}"
            found |= {shot: reason for shot in all_shots() if shot.language == language and shot not in found}
        context.close()
    return found


def _facts(page: Page, shot: Shot) -> dict[str, Any] | str:
    try:
        return facts(page, shot)
    except ShotError as error:
        return str(error)


@each_shot
def test_the_picture_shows_the_product(shown: dict[Shot, dict[str, Any] | str], shot: Shot) -> None:
    now = shown[shot]
    faults = [now] if isinstance(now, str) else differences(shot.kept(), now)
    assert not faults, f"docs/assets/shots/{shot.facts.name}: {'; '.join(faults)} ({RENEW})"


@each_shot
def test_the_picture_is_the_one_that_was_taken(shot: Shot) -> None:
    kept = shot.kept()
    assert shot.picture.exists(), f"{shot.picture.name} is missing: {RENEW}"
    assert kept["script"] == script(), f"infra/shots changed since {shot.picture.name} was taken: {RENEW}"
    assert kept["picture"] == digest(shot.picture.read_bytes()), f"{shot.picture.name} was changed by hand"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_social_card_is_drawn_from_the_settings(language: str) -> None:
    assert card.drawn_from(language) == card.mark(language), (
        f"docs/assets/card.{language}.png is of other settings: {RENEW}"
    )


@pytest.mark.parametrize("name", LIST)
def test_every_picture_has_alt_texts_that_name_its_marks(name: str) -> None:
    shot = LIST[name]
    numbers = [mark["number"] for mark in shot["marks"]]
    assert numbers == list(range(1, len(numbers) + 1)), f"docs/shots.yml: {name}: marks are numbered {numbers}"
    for language in LANGUAGES:
        alt = shot["alt"].get(language, "")
        assert 30 <= len(alt) <= 250, f"docs/shots.yml: {name}: the alt text ({language}) has {len(alt)} characters"
        told = [int(number) for number in re.findall(r"(?:[Nn]ummer|[Nn]umber) (\d)", alt)]
        assert told == numbers, f"docs/shots.yml: {name}: the alt text ({language}) names {told}, the marks {numbers}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_articles_use_every_picture(new_visitor: Callable[..., httpx.Client], language: str) -> None:
    """With alt text, measures and both themes, each of them once."""
    article = new_visitor().get("/" if language == "de" else "/en/").text
    for name in LIST:
        found = re.findall(rf'<picture class="shot"><source srcset="/assets/shots/{name}\.[^>]+><img [^>]+>', article)
        assert len(found) == 1, f"the article ({language}) shows {name} {len(found)} times"
        light = Shot(name, language, "light")
        width, height = size(light.picture.read_bytes())
        assert f'width="{width // DENSITY}" height="{height // DENSITY}"' in found[0]
        assert f"{name}.{language}.dark." in found[0]
        assert 'loading="lazy"' in found[0]
    for url in re.findall(r"/assets/shots/[\w.-]+", article):
        assert new_visitor().get(url).headers["content-type"] == "image/webp", url


@pytest.mark.parametrize("name", LIST)
def test_the_article_numbers_what_the_picture_numbers(new_visitor: Callable[..., httpx.Client], name: str) -> None:
    """Every mark is told of in the text, so nobody looks for a step that does not exist."""
    for language in LANGUAGES:
        article = new_visitor().get("/" if language == "de" else "/en/").text
        assert unnumbered(article, Shot(name, language, "light")) == [], f"the article ({language}), {name}"


def test_leichte_sprache_numbers_what_its_pictures_number(new_visitor: Callable[..., httpx.Client]) -> None:
    page = new_visitor().get("/leichte-sprache/").text
    shown = set(re.findall(r"/assets/shots/(\w+)\.de\.light", page))
    assert len(shown) >= 3
    assert {name: left for name in shown if (left := unnumbered(page, Shot(name, "de", "light")))} == {}


@pytest.mark.parametrize("path", ["/", "/en/", "/leichte-sprache/"])
def test_a_number_stays_on_the_line_of_its_control(open_page: Callable[..., Page], path: str) -> None:
    """On any phone: alone at the start of a line it belongs to nothing."""
    for width in (320, 360, 375, 412):
        assert open_page(path, width=width).evaluate(STRAYED) == [], width


def unnumbered(page: str, shot: Shot) -> list[str]:
    """The picture's marks whose control a page names without their number."""
    told = r'<b>(?:<span lang="en">)?{}(?:</span>)?</b><span class="mark">\D*{}\D'
    return [
        mark["name"] for mark in shot.marks if not re.search(told.format(re.escape(mark["name"]), mark["number"]), page)
    ]
