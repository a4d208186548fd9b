"""What axe does not see: forced colours, still pages, placeholders, live ticks, valid HTML, weight, steady layout."""

import gzip
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from probe import ROOT, context
from test_accessible import FORMS, PAGES

from infra.local.cloud import Cloud
from infra.shots.shot import LIST, SCHEMES, Shot

KB = 1024
_CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll("[placeholder]")].filter((each) => each.checkVisibility()).map((each) => {
    const a = light(getComputedStyle(each, "::placeholder").color);
    const b = light(getComputedStyle(each).backgroundColor);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  });
}"""
_MOVING = """() => [...document.querySelectorAll("*")].filter((each) => {
  const style = getComputedStyle(each);
  const longest = (value) => Math.max(...value.split(",").map(parseFloat));
  const moves = style.animationName !== "none" && longest(style.animationDuration) > 0.01;
  return moves || longest(style.transitionDuration) > 0.01 || style.scrollBehavior === "smooth";
}).map((each) => each.outerHTML.slice(0, 80))"""
_SHIFTS = """window.shifts = 0; new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value;
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_placeholders_can_be_read(browser: Browser, cloud: Cloud, scheme: str) -> None:
    made = context(browser, cloud, color_scheme=scheme)
    page = made.new_page()
    for address in ("/", *FORMS):
        page.goto(address)
        found = page.evaluate(_CONTRAST)
        assert found or address == "/das-war-ich-nicht/"
        assert all(ratio >= 4.5 for ratio in found), f"{address} ({scheme}): {found}"
    made.close()


def test_forced_colours_leave_icons_marks_and_focus(browser: Browser, cloud: Cloud) -> None:
    """Masks and backgrounds vanish there: what they say must have a colour of its own."""
    made = context(browser, cloud, forced_colors="active", viewport={"width": 360, "height": 900})
    page = made.new_page()
    page.goto("/neues-passwort/")
    page.locator("form.form button[type=submit]").click()
    for icon in page.locator(".kern-icon:visible").all():
        colours = icon.evaluate("""icon => {
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.backgroundColor = "Canvas";
          return [getComputedStyle(icon).backgroundColor, getComputedStyle(probe).backgroundColor]; }""")
        assert colours[0] != colours[1], f"{icon.get_attribute('class')} is not visible in forced colours"
    button = page.get_by_role("button", name="Create")
    button.focus()
    assert button.evaluate("each => getComputedStyle(each).outlineStyle") != "none"
    assert button.evaluate("each => parseFloat(getComputedStyle(each).borderTopWidth)") > 0, "buttons need a border"
    made.close()


def test_nothing_moves_for_who_wants_that(browser: Browser, cloud: Cloud) -> None:
    made = context(browser, cloud)
    page = made.new_page()
    for address in ("/", "/neues-passwort/", "/anmelden/"):
        page.goto(address)
        assert page.evaluate(_MOVING) == []
    made.close()


def test_ticks_are_told(browser: Browser, cloud: Cloud) -> None:
    """A live region says what changed, once typing rests."""
    made = context(browser, cloud)
    page = made.new_page()
    page.goto("/neues-passwort/")
    page.get_by_role("textbox", name="New password").fill("Birke Tassen Orgel 58")
    expect(page.locator(".criteria__live[role=status]")).to_contain_text("erfüllt")
    made.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_jumps_while_the_page_loads(browser: Browser, cloud: Cloud, width: int) -> None:
    made = context(browser, cloud, viewport={"width": width, "height": 700})
    made.add_init_script(_SHIFTS)
    page = made.new_page()
    for address in ("/", *FORMS, "/portal/"):
        page.goto(address)
        while page.evaluate("scrollY + innerHeight < document.documentElement.scrollHeight - 1"):
            page.mouse.wheel(0, 600)
            page.wait_for_timeout(60)
        page.wait_for_timeout(300)
        assert page.evaluate("shifts") < 0.01, f"{address} at {width} px"
    made.close()


def test_the_html_is_valid(new_visitor: Callable[..., httpx.Client], tmp_path: Path) -> None:
    """The Nu HTML checker has nothing to say about any page."""
    visitor = new_visitor()
    for number, address in enumerate(PAGES):
        (tmp_path / f"{number}.html").write_text(visitor.get(address).text)
    jar = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = [
        "java",
        "-jar",
        str(jar),
        "--format",
        "json",
        "--exit-zero-always",
        *map(str, sorted(tmp_path.iterdir())),
    ]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stderr)["messages"]
    faults = [f"{PAGES[int(Path(each['url']).stem)]}:{each.get('lastLine')}: {each['message']}" for each in told]
    assert faults == [], "\n".join(faults)


def weight(visitor: httpx.Client, address: str) -> int:
    """A page with its style and script as a browser gets them, compressed."""
    html = visitor.get(address).text
    loaded = set(re.findall(r"/assets/[\w.-]+\.(?:css|js|svg)", html))
    bodies = [html.encode(), *(visitor.get(asset).content for asset in loaded)]
    return sum(len(gzip.compress(body, 9)) for body in bodies)


def test_the_pages_are_light(new_visitor: Callable[..., httpx.Client]) -> None:
    """A form at most 30 KB, an article with its pictures of one theme at most 200 KB."""
    visitor = new_visitor()
    for prefix, language in (("", "de"), ("/en", "en")):
        for address in (*FORMS, "/portal/"):
            assert weight(visitor, prefix + address) <= 30 * KB, prefix + address
        for scheme in SCHEMES:
            pictures = sum(Shot(name, language, scheme).picture.stat().st_size for name in LIST)  # type: ignore[arg-type]
            assert weight(visitor, f"{prefix}/") + pictures <= 200 * KB, f"{prefix}/ ({scheme})"
