"""The article as somebody reads it: its steps, what each sentence quotes, and the source line where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

DOCS = Path(__file__).parents[1] / "docs"
# The word before a quotation says what it is; the nearest one counts.
NOUNS = {
    "link": r"Link|link",
    "button": r"Button|button",
    "textbox": r"Feld|field",
    "checkbox": r"Haken|tick",
    "page": r"Seite|page",
    "subject": r"Betreff|subject",
    "sender": r"Absender|E-Mail kommt von|sender|e-mail comes from",
}
_READ = """() => {
  const sections = [];
  for (const element of document.querySelector("main article").children) {
    if (/^h[1-6]$/.test(element.localName)) {
      sections.push({ id: element.id, title: element.textContent, page: element.dataset.page ?? null, blocks: [] });
    } else if (element.matches("ol") || (element.matches("p:not([class])") && !element.querySelector("picture"))) {
      for (const block of element.matches("ol") ? element.children : [element]) {
        const copy = block.cloneNode(true);
        for (const mark of copy.querySelectorAll(".mark")) mark.remove();
        const quotes = [...copy.querySelectorAll("b, strong, a")].map((quote) => {
          const range = document.createRange();
          range.setStart(copy, 0);
          range.setEndBefore(quote);
          return { text: quote.textContent, tag: quote.localName, lang: quote.lang || null,
                   href: quote.href ?? null, before: range.toString() };
        });
        sections.at(-1).blocks.push({ step: element.matches("ol"), text: copy.textContent, quotes });
      }
    }
  }
  return sections;
}"""


@dataclass(frozen=True)
class Quote:
    """A label, button, link, subject or sender that the article names."""

    kind: str
    text: str
    lang: str | None
    href: str | None
    place: str


@dataclass(frozen=True)
class Block:
    """A list item (a step to do) or a paragraph."""

    step: bool
    text: str
    quotes: tuple[Quote, ...]
    place: str


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it; *page* is where its steps happen."""

    id: str
    title: str
    page: str | None
    blocks: tuple[Block, ...]


def read(page: Page, language: str) -> list[Section]:
    """The article of an open page, against its source."""
    source = Path("index.md" if language == "de" else "en/index.md")
    found = page.evaluate(_READ)
    lines = list(_source_lines((DOCS / source).read_text()))
    sections = []
    for heading in found:
        start = next((at for at, (_, text) in enumerate(lines) if f"#{heading['id']} " in text), 0)
        numbers = [number for number, text in lines[start + 1 :]][: len(heading["blocks"])]
        blocks = tuple(
            _block(raw, f"docs/{source}", number) for raw, number in zip(heading["blocks"], numbers, strict=True)
        )
        sections.append(Section(heading["id"], heading["title"], heading["page"], blocks))
    return sections


def _source_lines(markdown: str) -> Iterator[tuple[int, str]]:
    """Where headings, list items and paragraphs begin; macros and HTML alone on their line are no text."""
    before = ""
    header = True
    for number, line in enumerate(markdown.splitlines(), 1):
        header = header and not (number > 1 and line == "---")
        starts = not before.strip() or re.match(r"\d\. |#", line) or before.startswith("#")
        if not header and line.strip() and line != "---" and starts and not re.match(r"\{\{ [^}]+ \}\}$|<", line):
            yield number, line
        before = line


def _block(raw: dict[str, Any], path: str, line: int) -> Block:
    quotes = []
    seen = ""
    for each in raw["quotes"]:
        between = each["before"][len(seen) :]
        place = f"{path}:{line + each['before'].count(chr(10))}"
        text = each["text"].strip('„“”"')
        seen = each["before"] + each["text"]
        kind = "address" if "@" in text else _kind(between)
        if kind == "control" and each["lang"] and quotes:
            kind = quotes[-1].kind  # the same in the other language
        if each["tag"] == "a" and kind not in ("page", "address"):
            continue  # a plain link: the build proves that its target exists
        if each["tag"] == "strong" and re.search(r"[:?]$", text):
            continue  # emphasis
        quotes.append(Quote(kind, text, each["lang"], each["href"], place))
    return Block(raw["step"], " ".join(raw["text"].split()), tuple(quotes), f"{path}:{line}")


def _kind(before: str) -> str:
    """What the nearest noun of the same sentence says; "control" where it says nothing."""
    sentence = re.split(r"[.!?:] ", before)[-1]
    nearest = [
        (max(m.end() for m in found), kind)
        for kind, noun in NOUNS.items()
        if (found := list(re.finditer(rf"\b(?:{noun})\b", sentence)))
    ]
    return max(nearest)[1] if nearest else "control"
