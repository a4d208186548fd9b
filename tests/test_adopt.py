"""Another authority changes `extra:` and the colours, and nothing of the first one is left in site, mails or stacks."""

import os
import re
import shutil
import subprocess
import sys
from email.header import decode_header, make_header
from email.utils import getaddresses
from pathlib import Path

import pytest
import yaml

from infra.deploy.facts import ROOT, parameters, placeholders, read_facts
from infra.deploy.target import Options
from infra.desk.near import one_slip, own_domains
from reset.mail_texts import TEXTS
from reset.mails import Facts, compose
from reset.settings import Settings

FIRST = ("OSI", "Dataport", "Eingangskanal", "dataportonlinedienste")
OURS = ("docs", "functions", "infra")
SECOND = yaml.safe_load((ROOT / "tests/adopt/extra.yml").read_text())
TEXT = {".html", ".css", ".js", ".json", ".xml", ".txt", ".svg", ".webmanifest"}


def traces(text: str) -> set[str]:
    """What of the first authority is in *text*, whatever its case; OSI only as a word."""
    return {word for word in FIRST if re.search(rf"\b{word}\b" if word == "OSI" else word, text, re.IGNORECASE)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second authority's site, from a copy of the sources with two files changed."""
    copy = tmp_path_factory.mktemp("adopt") / "sources"
    for name in OURS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("package.json", "package-lock.json", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    for name in ("node_modules", ".venv"):
        (copy / name).symlink_to(ROOT / name)
    config = (ROOT / "mkdocs.yml").read_text()
    before, _, after = config.partition("\nextra:\n")
    rest = after[re.search(r"^(?=\S)", after, re.MULTILINE).start() :]  # type: ignore[union-attr]
    block = yaml.safe_dump({"extra": SECOND}, allow_unicode=True, sort_keys=False)
    (copy / "mkdocs.yml").write_text(f"{before}\n{block}\n{rest}")
    shutil.copy(ROOT / "tests/adopt/1-colours.css", copy / "docs/styles/1-colours.css")
    done = built(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy / "build/site"


def built(copy: Path) -> subprocess.CompletedProcess[str]:
    """`python -m infra.site` in a copy of the sources."""
    command = [sys.executable, "-m", "infra.site", "--out", str(copy / "build/site")]
    command += ["--site-url", "https://konto.musterstadt.example/"]
    environ = os.environ | {"PYTHONPATH": f"{copy / 'functions'}{os.pathsep}{copy}"}
    return subprocess.run(command, cwd=copy, env=environ, capture_output=True, text=True, check=False)


def test_site_shows_the_second_authority_and_no_trace_of_the_first(site: Path) -> None:
    found = {}
    for path in sorted(path for path in site.rglob("*") if path.suffix in TEXT):
        if left := traces(path.read_text()):
            found[path.relative_to(site).as_posix()] = left
    assert found == {}
    article = (site / "index.html").read_text()
    for fact in ("portal_name", "mailbox", "selfservice_name", "selfservice_url"):
        assert SECOND[fact] in article
    assert "PLATZHALTER" not in "".join(path.read_text() for path in site.rglob("*.html"))
    assert "Erika Muster" in (site / "impressum/index.html").read_text()
    assert "mailto:sicherheit@musterstadt.example" in (site / ".well-known/security.txt").read_text()


def test_site_wears_the_second_colours(site: Path) -> None:
    styles = "".join(path.read_text() for path in site.rglob("*.css"))
    assert "#00543c" in styles
    first = re.search(r"--brand: (#\w+)", (ROOT / "docs/styles/1-colours.css").read_text())
    assert first
    assert first[1] not in styles


def test_a_slip_in_a_page_is_named_with_its_page(site: Path) -> None:
    """Who writes sentences of their own reads what is wrong and where, and the former site stays."""
    page = site.parents[1] / "docs/impressum.md"
    page.write_text(f"{page.read_text()}\n{{{{ mailbocks }}}}\n")
    done = built(site.parents[1])
    assert done.returncode == 1
    assert "The site could not be built" in done.stderr
    assert "impressum.md" in done.stderr
    assert "mailbocks" in done.stderr
    assert (site / "index.html").exists()


def test_mails_come_from_the_second_authority() -> None:
    given = parameters(SECOND)
    settings = Settings(
        site_url="https://konto.musterstadt.example",
        accounts_table="",
        resets_table="",
        timeline_table="",
        sender=given["Sender"],
        subject_prefix=given["SubjectPrefix"],
        mailbox=given["Mailbox"],
        portal_title=given["PortalTitle"],
        portal_title_en=given["PortalTitleEn"],
        link_minutes=int(given["LinkMinutes"]),
    )
    assert settings.sender == "Buergerservice Musterstadt <buergerservice@post.musterstadt.example>"
    for language, kinds in TEXTS.items():
        for kind in kinds:
            mail = compose(kind, language, Facts("K7M-2QX-9RT", "t" * 43, "n" * 43, 0), settings)
            assert traces(mail.subject + mail.text + mail.html) == set()
            assert mail.subject.startswith("[Bürgerservice] ")
            assert "konto@musterstadt.example" in mail.text


@pytest.mark.parametrize("name", ["Bürgerservice Köln", "Amt, Service (Köln)", "Amt, Service", 'Der "Dienst"'])
def test_any_sender_name_is_one_sender(name: str) -> None:
    """SES refuses a From with raw umlauts, and reads a comma as a second address."""
    given = parameters(SECOND | {"sender_name": name})["Sender"]
    assert given.isascii()
    ((shown, address),) = getaddresses([given])
    assert (str(make_header(decode_header(shown))), address) == (name, SECOND["sender_address"])


def test_stacks_get_the_second_authoritys_facts() -> None:
    given = parameters(SECOND)
    assert traces(str(given)) == set()
    assert given["SenderIdentity"] == "post.musterstadt.example"
    assert (given["PasswordMinimum"], given["RetentionDays"]) == ("12", "7")
    assert placeholders(SECOND) == []
    kept = {days: parameters(SECOND | {"retention_days": days})["LogDays"] for days in (1, 7, 10, 14, 29, 365)}
    assert kept == {1: "1", 7: "7", 10: "7", 14: "14", 29: "14", 365: "90"}, "as the privacy page says: never longer"
    assert Options.read(SECOND, "prod", {}).firewall == "own"


def test_the_example_names_every_fact_that_there_is() -> None:
    assert SECOND.keys() - {"stages"} == read_facts().keys() - {"stages"}
    assert SECOND["operator"].keys() == read_facts()["operator"].keys()


def test_the_first_authoritys_names_stay_letter_by_letter() -> None:
    """Whatever was announced to its customers; another authority has other names."""
    facts = read_facts()
    found = tuple(facts[name] for name in ("subject_prefix", "mailbox", "portal_title", "selfservice_name"))
    announced = (
        "[OSI Service Desk]",
        "dataportonlinedienstezekzugang@dataport.de",
        "Kundenportal des Zentralen Eingangskanals",
        "Passwort Self Service von Dataport",
    )
    assert found == announced or facts["portal_name"] != "Zentraler Eingangskanal"


def test_the_desk_knows_the_second_authority_by_its_configuration() -> None:
    """A caller's slip in the authority's own domain is understood; its name stands in no line of the program."""
    own = SECOND["mailbox"].rpartition("@")[2]
    assert f"erika.muster@{own}" in one_slip(f"erika.muster@{own[1:]}x", own_domains(SECOND))
    assert own_domains(read_facts()) != own_domains(SECOND)
    sources = [path for name in ("infra/desk", "functions/reset") for path in (ROOT / name).rglob("*.py")]
    assert {path.name: left for path in sources if (left := traces(path.read_text()))} == {}
