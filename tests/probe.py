"""Looks at a page as assistive technology, a keyboard or a narrow screen does; each probe lists what is wrong."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from infra.local.cloud import Cloud

ROOT = Path(__file__).parents[1]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = """async (tags) => {
  const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations", "incomplete"] });
  return [...found.violations, ...found.incomplete].flatMap(({ id, nodes }) => nodes.map((node) =>
     `${id}: ${node.html.slice(0, 99)} (${node.any.concat(node.all, node.none)[0]?.message ?? ""})`));
}"""
_STOPS = """() => [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && each.type !== "hidden"
    && each.getClientRects().length)
  .map((each, at) => (each.dataset.stop = at)).length"""
_STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const [line] = at.getClientRects(); // of a link that breaks into two; the middle of its box may be another's
  const label = at.getAttribute("aria-label") || at.labels?.[0]?.textContent || at.textContent;
  const name = label.replace(/\\s+/g, " ").trim();
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(at);
  const faults = [];
  const [x, y] = [line.left + line.width / 2, line.top + Math.min(line.height / 2, 10)];
  const top = document.elementFromPoint(x, y) ?? document.elementFromPoint(line.left + 3, line.top + 3);
  const inside = box.left >= -1 && box.right <= innerWidth + 1 && box.top >= -1 && box.top < innerHeight;
  if (box.width < 10 || box.height < 10 || !inside) faults.push("is not in sight");
  else if (!top || !(at.contains(top) || top.contains(at))) faults.push(`is covered by ${top?.outerHTML.slice(0, 80)}`);
  if (!name) faults.push("has no name");
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) faults.push("has no outline");
  return { stop: Number(at.dataset.stop ?? -1), name: name || at.outerHTML.slice(0, 80), faults };
}"""
_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => `too wide: ${each.outerHTML.slice(0, 100)}`)"""
_CUT = """() => [...document.querySelectorAll("body *")]
  .filter((each) => !each.closest(".sr, .skip") && each.checkVisibility()
    && ["hidden", "clip"].includes(getComputedStyle(each).overflowY) && each.scrollHeight > each.clientHeight + 2)
  .map((each) => `cuts its text: ${each.outerHTML.slice(0, 100)}`)"""
_SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""


def context(browser: Browser, cloud: Cloud, **options: Any) -> BrowserContext:
    """A visitor without animations; the page's CSP is off, for axe is not the page's own."""
    made = browser.new_context(
        base_url=cloud.url,
        bypass_csp=True,
        reduced_motion=options.pop("reduced_motion", "reduce"),
        locale="de-DE",
        **options,
    )
    made.set_default_timeout(15_000)
    return made


def axe(page: Page) -> list[str]:
    """Violations and doubts, in light and in dark."""
    if not page.evaluate("typeof axe === 'object'"):
        page.add_script_tag(path=AXE)
    faults = []
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # mypy widens the two words
        faults += [f"{scheme}: {fault}" for fault in page.evaluate(_AXE, STANDARD)]
    return [f"{page.viewport_size and page.viewport_size['width']} px: {fault}" for fault in faults]


def stops(page: Page) -> list[str]:
    """Tab through the whole page: every stop in sight, named, outlined, in the order of the page, none left out."""
    count = page.evaluate(_STOPS)
    faults, last = [], -1
    for _ in range(count + 3):
        page.keyboard.press("Tab")
        at = page.evaluate(_STOP)
        if at is None or at["stop"] < last == count - 1:
            break
        faults += [f"{at['name']} {fault}" for fault in at["faults"]]
        if at["stop"] != last + 1:
            faults.append(f"{at['name']} is stop {at['stop']}, not {last + 1}")
        last = at["stop"]
    return faults if last == count - 1 else [*faults, f"only {last + 1} of {count} stops can be reached"]


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return list(page.evaluate(_WIDE))


def spaced_out(page: Page) -> list[str]:
    """What WCAG 1.4.12's text spacing breaks."""
    page.add_style_tag(content=_SPACING)
    return [*page.evaluate(_WIDE), *page.evaluate(_CUT)]
