"""What pages and templates can say: registered with mkdocs-macros, and as `config.extra.site` for the theme."""

from pathlib import Path
from typing import Any

from .checked import sentence
from .words import Language, Site


def define_env(env: Any) -> None:
    """mkdocs-macros calls this before the first page."""
    config = env.conf
    site = Site.load(Path(config.docs_dir), config.extra)
    config.extra["site"] = site

    def language() -> Language:
        return "en" if env.page.file.src_uri.startswith("en/") else "de"

    env.macro(site.fact, "fact")
    env.macro(site.outside, "outside")
    env.macro(site.mailto, "mailto")
    env.macro(lambda label: site.label(label, language()), "label")
    env.macro(lambda label, shot=None: site.control(label, language(), shot), "control")
    env.macro(lambda name: site.shots.picture(name, language()), "shot")
    env.macro(lambda: sentence(Path(config.docs_dir), language(), site.texts[language()]["checked"]), "checked")
    env.macro(lambda: site.criteria(language()), "criteria")
    env.macro(lambda: site.messages(language()), "messages")
    env.macro(lambda: site.retention(language()), "retention")
    env.macro(lambda kind, lang=None: site.subject(kind, lang or language()), "subject")
    env.macro(lambda kind: site.subjects(kind, language()), "subjects")
    env.macro(lambda kind, lang=None: site.mail_link(kind, lang or language()), "mail_link")
