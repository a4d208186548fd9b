"""When the article was last proven against the product: shown only while it is still the text that was proven."""

import hashlib
import json
from datetime import date
from pathlib import Path

MONTHS = {
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def version(docs: Path) -> str:
    """What was proven: both articles, the list of pictures, and what the pictures show."""
    paths = [docs / "index.md", docs / "en/index.md", docs / "shots.yml", *sorted(docs.glob("assets/shots/*.*.*.json"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def write(docs: Path, today: date) -> None:
    """Keeps the day; called after a green run, by nobody else."""
    kept = {"date": today.isoformat(), "version": version(docs)}
    (docs / "assets/shots/checked.json").write_text(json.dumps(kept) + "\n")


def last_checked(docs: Path) -> date | None:
    """The day of the last green run; None if the article or the product changed since."""
    path = docs / "assets/shots/checked.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    return date.fromisoformat(kept["date"]) if kept.get("version") == version(docs) else None


def sentence(docs: Path, language: str, text: str) -> str:
    """*text* with the day in it, or nothing where there is none."""
    day = last_checked(docs)
    if day is None:
        return ""
    point = "." if language == "de" else ""
    words = f"{day.day}{point} {MONTHS[language][day.month - 1]} {day.year}"
    return f'<p class="checked">{text.format(date=f"<time datetime={chr(34)}{day}{chr(34)}>{words}</time>")}</p>'
