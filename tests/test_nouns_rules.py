"""Rules that the code itself must show: what is not there, and what happens in one place only."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace

import pytest
import yaml
from world import KEY, World, calm

from infra.deploy.facts import ROOT
from infra.desk.desk import open_desk
from infra.desk.locking import lock
from infra.desk.place import local_place
from infra.local.cloud import Cloud
from reset import changes
from reset.accounts import account_id
from reset.errors import Language, Problem
from reset.mail_texts import TEXTS
from reset.request import Request
from reset.routes import ROUTES
from reset.settings import Sessions
from reset.tokens import digest, is_token
from reset.vorgang import new_vorgang

PRODUCT = sorted((ROOT / "functions" / "reset").glob("*.py"))


def lines(*folders: str, kinds: tuple[str, ...] = (".js", ".html", ".mjs")) -> Iterator[tuple[str, str]]:
    """Every line of the pages' own scripts and templates, with its place."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in kinds and "node_modules" not in path.parts:
                for number, line in enumerate(path.read_text().splitlines(), 1):
                    yield f"{path.relative_to(ROOT)}:{number}", line


def test_no_script_of_a_page_writes_html() -> None:
    """R21, R67, X06: text goes in as text; no HTML from strings, no code from strings; the token is kept nowhere."""
    seen = list(lines("docs/assets", "docs/theme"))
    assert len(seen) > 200
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|parseHTML|parseFromString|createContextualFragment"
    forbidden += r"|document\.write|\beval\(|new Function|srcdoc|\|\s*safe"
    kept = r"localStorage|sessionStorage|indexedDB|document\.cookie"
    assert not [place for place, line in seen if re.search(forbidden, line)]
    # The typed address alone, for the window's life, so that nobody types it twice.
    assert {place.partition(":")[0] for place, line in seen if re.search(kept, line)} == {
        "docs/assets/forms/address.js"
    }


def test_fields_work_with_password_managers() -> None:
    """R37, R38: names by the HTML standard, passwords hidden at first, no length that cuts a long one."""
    site = [line for _, line in lines("docs/theme/forms")]
    text = "\n".join(site)
    for value in ("username", "current-password", "new-password"):
        assert f'"{value}"' in text
    assert "maxlength" not in text
    assert '"password"' in text


def test_only_strong_primitives() -> None:
    """R12, R45, R98, X25: no weak hash, no guessable randomness, no bcrypt."""
    for path in PRODUCT:
        text = path.read_text()
        assert not re.search(r"^\s*(import|from) (random|uuid|bcrypt|pickle|crypt)\b", text, re.MULTILINE), path.name
        assert not re.search(r"\b(md5|sha1)\b", text), path.name


def test_the_origins_secret_is_compared_in_constant_time() -> None:
    """R46: by `compare_digest`, and by nothing in that file that stops at the first letter that differs."""
    tree = ast.parse((ROOT / "functions" / "reset" / "keys.py").read_text())
    (knows,) = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "_knows"]
    called = {ast.unparse(node.func) for node in ast.walk(knows) if isinstance(node, ast.Call)}
    assert "hmac.compare_digest" in called
    compared = [each for node in ast.walk(tree) if isinstance(node, ast.Compare) for each in node.ops]
    assert not [each for each in compared if isinstance(each, (ast.Eq, ast.NotEq, ast.In, ast.NotIn))]


def test_a_password_is_written_in_one_file() -> None:
    """R09, R95: all ways to a new password lead through the service; desk and deploy have none of their own."""
    writing = re.compile(r"(hashes|passwords)\w*\.(put|update|putting|updating)\(", re.IGNORECASE)
    everywhere = [*PRODUCT, *(ROOT / "infra" / "desk").glob("*.py"), *(ROOT / "infra" / "deploy").glob("*.py")]
    assert {path.name for path in everywhere if writing.search(path.read_text())} == {"service.py"}


def test_demo_accounts_stay_local() -> None:
    """R54: nothing that goes to AWS can make them."""
    for folder in ("deploy", "desk"):
        for path in (ROOT / "infra" / folder).glob("*.py"):
            assert "local.seed" not in path.read_text(), path
    assert not [path for path in PRODUCT if re.search("Sonnenblume|example.org", path.read_text())]


def test_no_question_hint_or_short_code_is_asked() -> None:
    """R08, R11: an address, the mail's token and the new password; nothing that could be looked up or guessed."""
    fields = {field.name for route in ROUTES.values() for field in route.fields}
    assert fields == {"username", "token", "new_password", "confirm", "password", "keep_me_logged_in", "page", "answer"}


def test_every_dependency_is_pinned_by_hash() -> None:
    """R96: each line of each lock, of Node packages too; and who installs from one asks for the hashes."""
    locks = [ROOT / "requirements.lock", ROOT / "functions/requirements.lock", *ROOT.glob("infra/**/*.lock.txt")]
    assert len(locks) >= 5
    for name in locks:
        entries = re.split(r"\n(?=\S)", name.read_text().strip())
        pins = [entry for entry in entries if not entry.startswith(("#", "--"))]
        assert pins
        assert not [entry for entry in pins if "==" not in entry or "--hash=sha256:" not in entry], name
    for folder in (ROOT, ROOT / "infra" / "campaign" / "node", ROOT / "tests" / "dynamodb-local"):
        packages = json.loads((folder / "package-lock.json").read_text())["packages"]
        assert not [name for name, each in packages.items() if name and "integrity" not in each]
    sources = [ROOT / "Makefile", ROOT / "infra" / "bootstrap", *(ROOT / "infra").rglob("*.py")]
    seen = [line for path in sources if "node_modules" not in path.parts for line in path.read_text().splitlines()]
    installing = [line for line in seen if re.search(r"\bpip\W+(install|sync)\b", line)]
    assert len(installing) >= 5
    assert not [line for line in installing if "--require-hashes" not in line and "--offline -e ." not in line]
    runtime = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert len(runtime) <= 3


@pytest.fixture(scope="module")
def world(cloud: Cloud) -> World:
    """The product in this process, without faults."""
    return calm(cloud.session, cloud.outputs)


def test_no_password_ever_expires(world: World) -> None:
    """R36: ten years after it was set it still opens the account."""
    name = world.customer()
    world.service.forgot(world.request(), name)
    world.drain()
    form = {"username": name, "token": str(world.mails(name)[-1].token), "new_password": "neu", "confirm": "neu"}
    world.service.reset(world.request(), form)
    world.drain()
    assert int(world.account(name)["changed_at"]) <= world.clock.at
    world.clock.at += 10 * 365 * 86400
    assert world.service.login(world.request(), {"username": name, "password": "neu"})


# Days that each kind of item is needed, and after which it goes at the latest.
KEPT = {
    "count": (1 / 24, 2),
    "backoff": (1, 3),
    "mails": (1, 2),
    "reset": (1, 2),  # a day longer than its link: as long as a job from before it may wait on the queue
    "notme": (14, 16),
    "changed": (1, 16),
    "session": (0.5, 2.5),
    "timeline": (14, 16),
}


@pytest.mark.parametrize(
    ("what", "figures"),
    [
        ("Login: random", [Sessions().most // 3600, Sessions().kept_most // 86400]),
        ("Login: random", [Sessions().idle // 60, Sessions().kept_idle // 86400]),
        ("Proof that", [changes.KEPT // 86400]),
        ("Number and times", [KEPT["count"][1], KEPT["mails"][1]]),
    ],
)
def test_the_privacy_page_tells_the_times_of_the_code(what: str, figures: list[int]) -> None:
    """R92: and no latest day of deletion, which DynamoDB's TTL does not promise."""
    rows = yaml.safe_load((ROOT / "docs/data-retention.yml").read_text())
    (row,) = (each["how_long"] for each in rows if each["what"]["en"].startswith(what))
    words = {"one": 1, "two": 2, "four": 4}
    told = [words.get(each) or int(each) for each in re.findall(r"\d+|one|two|four", row["en"])]
    assert set(figures) <= set(told)
    assert re.findall(r"\d+", row["de"]) == re.findall(r"\d+", row["en"])
    assert not [each for each in rows if re.search("at the latest|spätestens", str(each))]


def test_what_ends_a_link_that_is_gone_goes_in_its_time(cloud: Cloud) -> None:
    """R92: "not me" works for days, and the slot that it ends may have gone before."""
    world = calm(cloud.session, cloud.outputs)
    name = world.customer()
    world.service.forgot(world.request(), name)
    world.drain()
    key = {"pk": f"reset#{account_id(KEY, name)}"}
    world.table("resets").delete(key)
    world.service.not_me(world.request(), world.mails(name)[-1].stop)
    left = world.table("resets").get(key)
    assert left
    assert 0 < left["ttl"] - world.clock.at <= 86400


@pytest.mark.parametrize("keep", [False, True])
def test_each_item_goes_in_its_time_and_not_before(cloud: Cloud, keep: bool) -> None:
    """R28, R92: looked at after every step, for a later one may set the end anew."""
    world = calm(cloud.session, cloud.outputs)
    name, client = world.customer(), f"client-{new_vorgang()}"
    account, seen = account_id(KEY, name), set()
    kept = KEPT | ({"session": (30, 32)} if keep else {})

    def look() -> None:
        for table in ("resets", "timeline"):
            pages = world.real.get_paginator("scan").paginate(TableName=world.table(table).name)
            for item in (item for page in pages for item in page["Items"]):
                if account in str(item) or client in str(item):
                    kind = item["pk"]["S"].partition("#")[0] if table == "resets" else table
                    least, most = kept[kind]
                    assert least * 86400 - 60 <= int(item["ttl"]["N"]) - world.clock.at <= most * 86400, item
                    seen.add(kind)

    def request() -> Request:
        return replace(world.request(), client=client)

    world.service.forgot(request(), name)
    world.drain()
    look()
    world.delivery.timeline.add_at(world.clock.at - 10 * 86400, account, "K7M-2QX-9RT", "delivered")
    (old,) = (event for event in world.events(name) if event["vorgang"] == "K7M-2QX-9RT")
    assert abs(int(old["ttl"]) - world.clock.at - 4 * 86400) < 60, "an event counts from when it happened"
    world.table("timeline").delete({"account": account, "at": old["at"]})
    with pytest.raises(Problem):
        world.service.login(request(), {"username": name, "password": "falsch"})
    look()
    mail = world.mails(name)[-1]
    form = {"username": name, "token": str(mail.token), "new_password": "neu", "confirm": "neu"}
    world.service.reset(request(), form)
    look()
    login = {"username": name, "password": "neu"} | ({"keep_me_logged_in": "on"} if keep else {})
    world.service.login(request(), login)
    look()
    world.service.not_me(request(), mail.stop)
    look()
    desk = open_desk(local_place(cloud.port))
    lock(replace(desk, key=KEY, now=world.clock, timeline=world.delivery.timeline), name, "Probe")
    look()
    assert seen == kept.keys()


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_mail_holds_no_word_of_a_customer(world: World, language: Language) -> None:
    """R19, R65, R66, R69, I26, X05, X06: a hostile name in the account changes no header and no letter of a mail."""
    mails = []
    sending = world.post.send_email
    world.post.send_email = lambda **mail: (mails.append(mail), sending(**mail))[1]  # type: ignore[method-assign]
    username = world.customer()
    hostile = '<a href="https://evil.example">X</a>\r\nBcc: evil@example.org\u202e{portal}'
    key = {"id": account_id(KEY, username)}
    values = {"name": hostile, "language": language}
    world.table("accounts").update(key, "SET #name = :name, #language = :language", None, values)
    for status in ("active", "locked"):
        world.set_status(username, status)
        world.service.forgot(world.request(), username)
        world.drain()
    assert len(mails) == 2
    for mail, linked in zip(mails, (True, False), strict=True):
        whole = json.dumps(mail, ensure_ascii=False)
        assert "evil" not in whole
        assert mail["Destination"] == {"ToAddresses": [username]}
        simple = mail["Content"]["Simple"]
        assert "Raw" not in mail["Content"]
        assert mail["ConfigurationSetName"], "TLS required, suppression and events hang on it"
        # So that no absence note answers it.
        assert simple["Headers"] == [{"Name": "Auto-Submitted", "Value": "auto-generated"}]
        subjects = {f"{world.settings.subject_prefix} {words.subject}" for words in TEXTS[language].values()}
        assert simple["Subject"]["Data"] in subjects
        assert simple["Body"]["Text"]["Data"]
        links = re.findall(r'href="([^"]+)"', simple["Body"]["Html"]["Data"])
        assert bool(links) is linked
        assert all(link.startswith("https://hilfe.example/") for link in links)
        assert "<img" not in simple["Body"]["Html"]["Data"]


def test_a_token_never_leaves_by_http(world: World) -> None:
    """R03, X11: what the web entry does cannot even know it: only the worker makes one, and only the mail holds it."""
    name = world.customer()
    world.service.forgot(world.request(), name)
    left = json.dumps([world.queue.waiting, world.events(name)], default=str)
    assert world.slot(name).links == {}
    world.drain()
    (mail,) = world.mails(name)
    assert is_token(mail.token or "")
    assert world.slot(name).links.keys() == {digest(mail.token or "")}
    assert not re.findall(r"[\w-]{43,}", left)  # nothing as long as a token
