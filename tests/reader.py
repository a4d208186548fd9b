"""Somebody who does what the article says, sentence by sentence, and complains with the line of its source."""

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from article import Block, Quote, Section
from conftest import Inbox
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TooLongError

NEW_PASSWORD = "Birke Tassen Orgel 58"
ROLES = ("link", "button", "textbox", "checkbox")
Mail = dict[str, str]


class Reader:
    """Reads with a browser and a mailbox at hand."""

    def __init__(self, page: Page, inbox: Inbox, username: str, others: list[Mail]) -> None:
        self.page = page
        self.inbox = inbox
        self.username = username
        self.others = others  # mails that other customers got: finish, changed, the other language
        self.seen: list[tuple[str, str, str]] = []  # where, role, name: in this step
        self.known: list[tuple[str, str, str]] = []  # … in the whole article
        self.words = ""

    def do(self, section: Section) -> None:
        """One step with its page: act, then check what the text around the actions names."""
        self.seen, self.words = [], ""
        where = section.page or ""
        for block in section.blocks:
            if block.step:
                self._act(block, where)
        self.look()
        for block in section.blocks:
            self._visit(block)
            for quote in block.quotes:
                self.find(quote, self.seen)
            self._spoken(block)
        self.known += self.seen

    def decline(self, section: Section) -> None:
        """What the article tells whoever asked for nothing: the link in the newest mail, then the button behind it."""
        link, button = (block for block in section.blocks if block.step)
        self.page, self.seen = self.page.context.new_page(), []
        self.page.set_content(self.inbox.wait(self.username)[0]["html"])
        self.look()
        self._act_in_mail(link)
        self.look()
        self._press(button, button.quotes[0])
        self.known += self.seen

    def look(self) -> None:
        """Takes note of every control on the page as it is now."""
        snapshot = self.page.locator("body").aria_snapshot()
        place = urlsplit(self.page.url).path if self.page.url.startswith("http") else "the mail"
        found = re.findall(r"""^\s*- '?([\w-]+) "((?:[^"\\]|\\.)*)\"""", snapshot, re.MULTILINE)
        self.seen += [(place, role, name.replace('\\"', '"')) for role, name in found]
        self.words += " " + " ".join(self.page.locator("body").inner_text().split())

    def find(self, quote: Quote, seen: list[tuple[str, str, str]]) -> None:
        """Fails unless what is quoted exists, by role and accessible name."""
        roles = {"control": ROLES, "page": ("heading",)}.get(quote.kind, (quote.kind,))
        if quote.kind in ("subject", "sender", "address"):
            self._find_in_mails(quote)
            return
        deadline = time.monotonic() + 5
        while not (there := any(role in roles and name == quote.text for _, role, name in seen)):
            if seen is not self.seen or quote.lang == "de" or time.monotonic() > deadline:
                break
            time.sleep(0.2)  # the page may still be finding out who is logged in
            self.look()
        if quote.lang == "de" or not there:
            foreign = [name for mail in self.others for name in re.findall(r"<a [^>]*>([^<]+)</a>", mail["html"])]
            places = ", ".join(sorted({place for place, _, _ in seen}))
            assert quote.text in foreign, f'{quote.place}: no {" or ".join(roles)} "{quote.text}" on {places}'

    def _find_in_mails(self, quote: Quote) -> None:
        mails = [*self.inbox.messages(self.username), *self.others]
        told = {
            "subject": [mail["subject"] for mail in mails],
            "sender": [mail["from"].partition(" <")[0] for mail in mails],
            "address": [
                word for mail in mails for word in re.findall(r"[\w.-]+@[\w.-]+\w", mail["from"] + mail["text"])
            ],
        }[quote.kind]
        assert quote.text in told, (
            f'{quote.place}: no mail with the {quote.kind} "{quote.text}", only {sorted(set(told))}'
        )

    def _spoken(self, block: Block) -> None:
        """Words in quotation marks and addresses that stand in the text itself."""
        quoted = {quote.text for quote in block.quotes}
        for words in re.findall(r"[„“]([^“”]+)[“”]", block.text):
            assert words in quoted or words in self.words, f'{block.place}: "{words}" is nowhere on the page'
        for address in re.findall(r"[\w.-]+@[\w.-]+\w", block.text):
            self._find_in_mails(Quote("address", address, None, None, block.place))
        if re.search(r"Seite mit Ihrer Vorgangsnummer|page with your case number", block.text):
            assert re.search(r"Vorgangsnummer\)?: \w{3}-", self.words), f"{block.place}: no Vorgangsnummer on the page"

    def _visit(self, block: Block) -> None:
        """A paragraph that opens a page and names a field of it: the page is looked at on its own."""
        if block.step:
            return
        for quote in block.quotes:
            if quote.kind == "page" and quote.href:
                here = self.page
                self.page = here.context.new_page()
                self.page.goto(quote.href)
                self.look()
                self.page.close()
                self.page = here

    def _act(self, block: Block, where: str) -> None:
        if where.startswith("mail:"):
            self._act_in_mail(block)
            return
        (quote,) = block.quotes or (None,)
        assert quote, f"{block.place}: this step names nothing to do"
        if quote.kind == "page":
            self._try(block, lambda: self.page.goto(str(quote.href)))
        path = urlsplit(self.page.url).path
        assert path == where, f"{block.place}: the step is on {where}, the reader on {path}"
        self.look()
        self.find(quote, self.seen)
        if quote.kind == "textbox":
            secret = re.search("Passwort|password", block.text.replace(quote.text, ""))
            self.page.get_by_role("textbox", name=quote.text, exact=True).fill(
                NEW_PASSWORD if secret else self.username
            )
        elif quote.kind in ("link", "button"):
            self._press(block, quote)

    def _press(self, block: Block, quote: Quote) -> None:
        before = self.page.url
        self._try(block, self.page.get_by_role(quote.kind, name=quote.text, exact=True).click)  # type: ignore[arg-type]
        self._try(block, lambda: self.page.wait_for_url(lambda url: url != before and "#fehler" not in url))

    def _act_in_mail(self, block: Block) -> None:
        """Open the mailbox, look for the subject, press the link."""
        for quote in block.quotes:
            if quote.kind == "subject":
                mail = next(iter(self.inbox.wait(self.username)))
                assert mail["subject"] == quote.text, f'{quote.place}: the mail\'s subject is "{mail["subject"]}"'
                self.page = self.page.context.new_page()
                self.page.set_content(mail["html"])
                self.look()
            else:
                self.find(quote, self.seen)
                self._press(block, quote)

    def _try(self, block: Block, action: Callable[[], object]) -> None:
        try:
            action()
        except TooLongError:
            raise AssertionError(f'{block.place}: "{block.text}" led nowhere from {self.page.url}') from None
