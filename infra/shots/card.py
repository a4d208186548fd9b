"""The social card: what a messenger shows of a link, drawn from mkdocs.yml `extra:`, colours, icon and texts."""

import hashlib
import io
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

import yaml
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser

from infra.deploy.facts import ROOT, read_facts

from .shot import LANGUAGES

WIDTH, HEIGHT = 1200, 630  # what Open Graph asks for
_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><style>
body{{margin:0;height:100vh;display:flex;align-items:center;gap:70px;padding:0 90px;box-sizing:border-box;
background:{brand};color:{on_brand};font-family:Arial,"Liberation Sans",sans-serif}}
svg{{width:200px;flex:none}} h1{{font-size:68px;line-height:1.2;margin:0}} p{{font-size:36px;margin:34px 0 0}}
</style>{icon}<div><h1>{title}</h1><p>{name}</p></div></html>"""


def picture(language: str) -> Path:
    """The card's file."""
    return ROOT / f"docs/assets/card.{language}.png"


def page(language: str) -> str:
    """The card as HTML: title, the portal's name, the icon in the card's two colours."""
    title = yaml.safe_load((ROOT / "docs/texts.yml").read_text())["texts"]["card_alt"][language]
    light = (ROOT / "docs/styles/1-colours.css").read_text().partition("@media")[0]
    colours = dict(re.findall(r"--([\w-]+): (#\w+);", light))
    icon = (ROOT / "docs/assets/icon.svg").read_text()
    shield, keyhole = re.findall(r'fill="(#\w+)"', icon)
    icon = icon.replace(shield, "shield").replace(keyhole, colours["brand"]).replace("shield", colours["on-brand"])
    return _PAGE.format(
        language=language,
        brand=colours["brand"],
        on_brand=colours["on-brand"],
        icon=icon,
        title=escape(title).replace("? ", "?<br>"),
        name=escape(read_facts()["portal_name"]),
    )


def mark(language: str) -> str:
    """What the card must have been drawn from."""
    return hashlib.sha256(page(language).encode()).hexdigest()[:16]


def drawn_from(language: str) -> str:
    """What the card was drawn from; empty where there is none or somebody else's."""
    if not picture(language).exists():
        return ""
    with Image.open(picture(language)) as image:
        return str(image.info.get("Source", ""))


def draw_cards(browser: Browser, say: Callable[[str], None] = print) -> None:
    """Draws those that are not of the present settings; the others keep their bytes."""
    for language in LANGUAGES:
        if drawn_from(language) == mark(language):
            continue
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        tab.set_content(page(language))
        note = PngInfo()
        note.add_text("Source", mark(language))
        shot = Image.open(io.BytesIO(tab.screenshot())).convert("RGB").quantize(64, dither=Image.Dither.NONE)
        shot.save(picture(language), optimize=True, pnginfo=note)
        tab.close()
        say(f"{picture(language).name}: drawn anew")
