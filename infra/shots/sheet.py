"""The contact sheet: all pictures with their alt texts at a glance."""

from html import escape
from pathlib import Path

from infra.deploy.facts import ROOT

from .shot import LANGUAGES, LIST, SCHEMES, Shot

_PAGE = """<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Alle Bilder</title><style>
body{{font:15px/1.4 sans-serif;margin:2rem}}.row{{display:flex;flex-wrap:wrap;gap:1rem}}figure{{margin:0;width:21rem}}
img{{width:100%;border:1px solid #888}}.dark{{background:#222;color:#eee}}</style></head><body>{rows}</body></html>"""


def write_sheet(path: Path = ROOT / "build/contact-sheet.html") -> Path:
    """Writes the sheet and says where."""
    rows = "".join(f'<h2>{escape(name)}</h2><div class="row">{_row(name)}</div>' for name in LIST)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_PAGE.format(rows=rows))
    return path


def _row(name: str) -> str:
    return "".join(
        f'<figure class="{shot.scheme}"><img src="{shot.picture.as_uri()}" alt="{escape(alt)}">'
        f"<figcaption>{shot.language}, {shot.scheme}: {escape(alt)}</figcaption></figure>"
        for language in LANGUAGES
        for alt in (LIST[name]["alt"][language],)
        for shot in (Shot(name, language, scheme) for scheme in SCHEMES)
    )
