"""Renews the pictures whose page, marks or script changed; all others keep their bytes."""

import json
from collections.abc import Callable

from playwright.sync_api import Browser

from infra.local.cloud import Cloud
from infra.local.seed import put_account

from .camera import facts, take
from .difference import differences
from .shot import FOLDER, LANGUAGES, LIST, SCHEMES, Shot, all_shots, digest, script
from .walk import PASSWORDS, USERNAMES, new_context, walk


def renew(browser: Browser, cloud: Cloud, say: Callable[[str], None] = print) -> int:
    """Walks the way in each language; returns how many pictures were taken anew."""
    FOLDER.mkdir(exist_ok=True)
    taken = 0
    for language in LANGUAGES:
        username, password = USERNAMES[language], PASSWORDS[language]
        put_account(cloud.session, cloud.outputs, username, "active", language=language, password=password)
        context = new_context(browser, cloud.url, language)
        for name, page in walk(context, cloud.url, language):
            for shot in (Shot(name, language, scheme) for scheme in SCHEMES if name in LIST):
                shown = facts(page, shot)
                kept = shot.kept()
                reasons = differences(kept, shown) or _other_reasons(shot)
                if not reasons:
                    continue
                picture = take(page, shot, shown)
                shot.picture.write_bytes(picture)
                whole = {"script": script(), "picture": digest(picture), **shown}
                shot.facts.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
                say(f"{shot.picture.name}: {reasons[0]}")
                taken += 1
        context.close()
    _forget_unlisted()
    return taken


def _other_reasons(shot: Shot) -> list[str]:
    kept = shot.kept()
    if kept.get("script") != script():
        return ["the shooting script changed"]
    if not shot.picture.exists() or kept.get("picture") != digest(shot.picture.read_bytes()):
        return ["the picture is missing or not the one that was taken"]
    return []


def _forget_unlisted() -> None:
    wanted = {path for shot in all_shots() for path in (shot.picture, shot.facts)}
    for path in FOLDER.glob("*.*.*.*"):
        if path not in wanted:
            path.unlink()
