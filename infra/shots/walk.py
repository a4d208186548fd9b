"""The way from the login page to the portal; it halts wherever the article wants a picture."""

import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page

from .shot import LIST

USERNAMES = {"de": "erika.beispiel@example.org", "en": "erica.example@example.org"}
PASSWORDS = {"de": "Laterne Kiesel Wolke 41", "en": "Lantern pebble cloud 41"}
NEW_PASSWORDS = {"de": "Birke Tassen Orgel 58", "en": "Birch teacup organ 58"}
WIDTH = 420  # narrow enough to be legible where a phone shows the whole picture
_MAIL = Path(__file__).with_name("mail.js").read_text()
_EXAMPLE_CODES = {"de": "Nur-ein-Beispiel_In-Ihrer-Mail-steht-Ihrer", "en": "Just-an-example_Yours-is-in-your-own-mail"}
_EXAMPLE_VORGANG = "7KM-4QX-9TR"


def new_context(browser: Browser, url: str, language: Literal["de", "en"]) -> BrowserContext:
    """Everything fixed that may differ from one machine to the next."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": WIDTH, "height": 900},
        device_scale_factor=2,
        locale={"de": "de-DE", "en": "en-GB"}[language],
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
        bypass_csp=True,  # the marks and the still caret are ours, not the page's
    )
    context.set_default_timeout(15_000)
    return context


def walk(context: BrowserContext, url: str, language: Literal["de", "en"]) -> Iterator[tuple[str, Page]]:
    """Yields each picture's name with the page as it then looks; the account in USERNAMES must exist."""
    home = "/en/" if language == "en" else "/"
    username, new_password = USERNAMES[language], NEW_PASSWORDS[language]
    page = context.new_page()
    page.goto(f"{home}anmelden/")
    yield "login", page
    page.get_by_role("link", name="Forgot your password?", exact=True).click()
    page.wait_for_url(f"**{home}passwort-vergessen/")
    yield "forgot", page
    page.get_by_role("textbox", name="Username", exact=True).fill(username)
    page.get_by_role("button", name="E-mail me", exact=True).click()
    page.wait_for_url("**/gesendet/?vorgang=*")
    letter = context.new_page()  # a window of its own, as from a mail program: nothing is filled in yet
    mail = newest_mail(url, username, page.url.partition("vorgang=")[2])
    letter.set_content(mail["html"])
    letter.evaluate(_MAIL, [mail, language, _EXAMPLE_CODES[language], _EXAMPLE_VORGANG])
    yield "mail", letter
    (mark,) = LIST["mail"]["marks"]
    letter.get_by_role("link", name=mark["name"][language], exact=True).click()
    letter.wait_for_url(f"**{home}neues-passwort/")
    letter.locator(LIST["create"]["open"]).evaluate("details => { details.open = true }")
    yield "create", letter
    letter.get_by_role("textbox", name="Username", exact=True).fill(username)
    letter.get_by_role("textbox", name="New password", exact=True).fill(new_password)
    letter.get_by_role("textbox", name="Confirm", exact=True).fill(new_password)
    letter.get_by_role("button", name="Create", exact=True).click()
    letter.wait_for_url("**/fertig/")
    page.goto(f"{home}anmelden/")
    page.get_by_role("textbox", name="Username", exact=True).fill(username)
    page.get_by_role("textbox", name="Password", exact=True).fill(new_password)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(f"**{home}portal/")
    page.get_by_text(username).wait_for()
    yield "portal", page


def newest_mail(url: str, to: str, vorgang: str) -> dict[str, str]:
    """The mail of this case from the local inbox, once it is there."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with urllib.request.urlopen(f"{url}/_inbox/messages.json") as answer:  # noqa: S310  # our own loopback address
            mails: list[dict[str, str]] = json.load(answer)
        for mail in mails:
            if mail["to"] == to and vorgang in mail["text"]:
                return mail
        time.sleep(0.1)
    raise TimeoutError(f"no mail of case {vorgang} came to {to}")
