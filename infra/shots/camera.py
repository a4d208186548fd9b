"""Reads a page's facts and takes its picture with the marks on it."""

import io
import re
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page

from .palette import few_colours
from .shot import Shot

MARGIN = 16
_FACTS = Path(__file__).with_name("facts.js").read_text()
_MARKS = Path(__file__).with_name("marks.js").read_text()
_ALONE = ".back, .below, .md-header, .md-footer { visibility: hidden !important }"
_ROLE = re.compile(r'- \'?(?P<role>[\w-]+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?')


class ShotError(Exception):
    """The page does not show what docs/shots.yml wants to point at."""


def facts(page: Page, shot: Shot) -> dict[str, Any]:
    """What the picture shows in this theme, and where its marks stand."""
    page.emulate_media(color_scheme=shot.scheme)
    page.mouse.move(0, 0)  # where the last press left it, it may hover over a control
    page.evaluate("document.fonts.ready.then(() => true)")
    shown = page.evaluate(_FACTS)
    for number, fact in enumerate(shown):
        if fact["element"] in ("a", "button", "input", "summary"):
            fact.update(_role_and_name(page.locator(f'[data-fact="{number}"]')))
    for mark in shot.marks:
        target(page, shot, mark)
    return {"controls": shown, "marks": shot.marks}


def target(page: Page, shot: Shot, mark: dict[str, Any]) -> Locator:
    """The one control that a mark stands on."""
    found = page.locator(".frame").get_by_role(mark["role"], name=mark["name"], exact=True)
    if (count := found.count()) != 1:
        raise ShotError(
            f"docs/shots.yml: {shot.name}, mark {mark['number']}: {count} {mark['role']} {mark['name']!r}, not one"
        )
    return found


def take(page: Page, shot: Shot, shown: dict[str, Any]) -> bytes:
    """The picture as lossless WebP, two pixels for each of the page's, in the colours of its facts *shown*."""
    page.emulate_media(color_scheme=shot.scheme)
    page.evaluate("document.fonts.ready.then(() => scrollTo(0, 0))")
    marks = [[target(page, shot, mark).element_handle(), mark["number"]] for mark in shot.marks]
    if faults := page.evaluate(_MARKS, marks):
        raise ShotError(f"{shot.picture.name}: {'; '.join(faults)}")
    box = page.locator(".frame").bounding_box()
    if box is None:
        raise ShotError(f"{shot.picture.name}: the frame is not visible")
    clip: FloatRect = {
        "x": box["x"] - MARGIN,
        "y": box["y"] - MARGIN,
        "width": box["width"] + 2 * MARGIN,
        "height": box["height"] + 2 * MARGIN,
    }
    png = page.screenshot(clip=clip, full_page=True, caret="hide", animations="disabled", style=_ALONE)
    page.evaluate("document.querySelectorAll('.shot-mark').forEach((mark) => mark.remove())")
    colours = [colour for fact in shown["controls"] for colour in (fact["colour"], fact["ground"])]
    webp = io.BytesIO()
    few_colours(Image.open(io.BytesIO(png)).convert("RGB"), colours).save(
        webp, "WEBP", lossless=True, quality=100, method=6
    )
    return webp.getvalue()


def _role_and_name(control: Locator) -> dict[str, str]:
    snapshot = control.aria_snapshot()
    found = _ROLE.match(snapshot)
    return {"role": found["role"], "name": found["name"] or ""} if found else {"role": "", "name": snapshot}
