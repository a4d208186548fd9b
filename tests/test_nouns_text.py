"""Usernames, forms, Vorgangsnummern, tokens, times and table values, against whatever anybody may type."""

import datetime as dt
import itertools
import string
from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import quote_plus, urlencode
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from proof import amount
from world import World, calm

from infra.local.cloud import Cloud
from reset.accounts import account_id
from reset.clock import german_time
from reset.errors import Problem
from reset.feedback import _answer, _detail
from reset.forms import BODY_MOST, Field, read_form
from reset.table import ConditionFailedError
from reset.tokens import digest, is_token, new_token, typed
from reset.usernames import UNSEEN, canonical
from reset.vorgang import ALPHABET, new_vorgang, parse_vorgang

KIND = "application/x-www-form-urlencoded"
EARLY, LATE = (dt.datetime(year, 1, 1) for year in (2020, 2060))  # noqa: DTZ001  # the strategy adds the zone
ATEXT = string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-"


def username(text: str) -> str | None:
    """The canonical form; None where it is refused."""
    try:
        return canonical(text)
    except Problem:
        return None


def test_a_domain_has_no_case() -> None:
    """R64: also where it has umlauts; what only looks like an ASCII letter stays another."""
    assert username("info@Übersee-MUSEUM.de") == username("info@übersee-museum.de") is not None
    for alike in ("info@\u212aoeln.de", "info@\u0130stanbul.example"):
        assert username(alike) is None


def test_no_address_is_longer_than_mail_allows() -> None:
    """R64: 64 signs before the @, 254 in all (RFC 5321 §4.5.3.1)."""
    domain = ".".join(letter * 62 for letter in "bcd") + ".org"
    for local, taken in (("a" * 64, True), ("a" * 65, False)):
        assert (username(f"{local}@example.org") is not None) is taken
    for local, taken in (("a" * (253 - len(domain)), True), ("a" * (254 - len(domain)), False)):
        assert (username(f"{local}@{domain}") is not None) is taken


STRANGE = st.sampled_from(("", "", "", "", *UNSEEN, "\n", "\0", ".", "@", "ı", "ß", "\u0301", "😀")) | st.characters()


def test_a_username_is_ascii_and_stable_or_refused() -> None:
    """R64: one form at import, look-up and limit; no control, no blank, never longer than 254."""
    taken = []
    domains = st.sampled_from(("example.org", "Stadt.Example.DE", "müller.de", "xn--mller-kva.de", f"{'b' * 63}.de"))

    @given(st.text(ATEXT, min_size=1, max_size=70), domains, STRANGE, st.integers(0, 90))
    def check(local: str, domain: str, strange: str, place: int) -> None:
        text = f"{local}@{domain}"
        found = username(text[:place] + strange + text[place:])
        taken.append(found is not None)
        if found is not None:
            assert found.isascii()
            assert found.isprintable()
            assert " " not in found
            assert len(found) <= 254
            assert found.count("@") == 1
            assert canonical(found) == found == found.lower()
            assert not strange or strange in UNSEEN or strange.lower() in found or not strange.isascii()

    check()
    assert sum(taken) > len(taken) / 5


@given(st.text(string.ascii_lowercase + string.digits + "-", max_size=12), st.text(max_size=4))
def test_broken_punycode_is_refused_and_no_fault(label: str, more: str) -> None:
    """R64, R88: beside a label with an umlaut Python decodes the others too."""
    assert username(f"a@xn--{label}-.ü.de") is None
    username(f"a@xn--{label}{more}.ü.de")


@given(
    st.text(ATEXT, min_size=1, max_size=64), st.sampled_from(("example.org", "Stadt.Example.DE", "xn--mller-kva.de"))
)
def test_an_ordinary_address_is_taken(local: str, domain: str) -> None:
    assert username(f" {local}@{domain} ") == f"{local}@{domain}".lower()


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_a_copied_address_brings_along_unseen_comes_off(unseen: str) -> None:
    """R64: at its ends only, where nobody could have meant it."""
    assert username(f" {unseen} anna@example.org{unseen} ") == "anna@example.org"
    assert username(f"an{unseen}na@example.org") is None
    assert username(f"anna@exam{unseen}ple.org") != "anna@example.org"


@given(
    st.text(ATEXT, min_size=1, max_size=20),
    st.characters(min_codepoint=128, exclude_characters=UNSEEN),
    st.integers(0, 20),
)
def test_no_other_letter_ever_becomes_an_ascii_one(local: str, strange: str, place: int) -> None:
    """R05, X07, CVE-2019-19844: ı, ſ, K, ß and all the rest are never folded onto another address."""
    assert username(f"{local[:place]}{strange}{local[place:]}@example.org") is None
    found = username(f"{local}@exa{strange}mple.org")
    assert found is None or (found.partition("@")[2].startswith("xn--") and found != f"{local}@example.org".lower())


@pytest.mark.parametrize("text", ["ann\u0131@example.org", "\u017fun@example.org", "\u212aarl@example.org"])
@pytest.mark.parametrize("domain", [False, True])
def test_look_alikes_are_refused(text: str, domain: bool) -> None:
    """X07: the letters of CVE-2019-19844, before and behind the @."""
    found = username(text if not domain else f"a@{text.partition('@')[0]}.org")
    assert found is None or found.startswith("a@xn--")


@pytest.mark.parametrize(("typed", "stored"), [("a@müller.de", "a@xn--mller-kva.de"), ("a@straße.de", None)])
def test_an_idn_domain_is_its_punycode(typed: str, stored: str | None) -> None:
    """R64: ß would become ss, another domain: refused."""
    assert username(typed) == stored


@pytest.mark.parametrize(
    "bad", ["a@b@example.org", '"a b"@example.org', "a@[127.0.0.1]", "a@example", "a..b@example.org"]
)
def test_odd_addresses_are_refused(bad: str) -> None:
    """R64."""
    assert username(bad) is None


@pytest.mark.parametrize(("length", "taken"), [(64, True), (65, False)])
def test_the_local_part_ends_at_64(length: int, taken: bool) -> None:
    """R64."""
    assert (username("a" * length + "@example.org") is not None) is taken


def test_a_form_is_its_fields_or_a_problem() -> None:
    """R61, R63, R71, X02, X03: exactly the known fields, once each, without controls; never another error."""
    taken = []
    values = st.sampled_from(("on", "x", "Grün & blau", "\0")) | st.text(max_size=20)
    names = st.lists(st.sampled_from("aaaabc"), min_size=1, max_size=2, unique=True)
    pairs = names.flatmap(lambda names: st.tuples(*(st.tuples(st.just(name), values) for name in names)))
    kinds = st.sampled_from((*[KIND] * 5, KIND + "; charset=UTF-8", "text/plain", ""))
    odds = st.sampled_from((b"", b"", b"", b"&", b"%", b"=")) | st.binary(max_size=1)

    @given(pairs, odds, st.integers(0, 40), kinds)
    @example([], b"a=%00", 0, KIND)
    @example([("a", "1"), ("a", "2")], b"", 0, KIND)
    @example([("a", "x" * BODY_MOST)], b"", 0, KIND)
    def check(pairs: Sequence[tuple[str, str]], odd: bytes, place: int, kind: str) -> None:
        body = urlencode(pairs, errors="replace").encode()
        try:
            body = body[:place] + odd + body[place:]
            form = read_form(body, kind, (Field("a"), Field("b", optional=True, values=("on",))))
        except Problem as problem:
            taken.append(False)
            assert problem.code in ("eingabe-ungueltig", "zu-gross", "format-nicht-erlaubt")  # noqa: PT017
            return
        taken.append(True)
        assert kind.startswith(KIND)
        assert {"a"} <= form.keys() <= {"a", "b"}
        assert form.get("b", "on") == "on"
        assert all(0 < len(value) <= 512 and not any(ord(char) < 32 for char in value) for value in form.values())

    check()
    assert sum(taken) > len(taken) / 20


@given(st.dictionaries(st.sampled_from("ab"), st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)))
def test_a_well_formed_form_comes_out_as_it_went_in(values: dict[str, str]) -> None:
    """R32: spaces, umlauts, emoji survive."""
    body = urlencode(values).encode()
    if "a" in values and all(len(value) <= 100 for value in values.values()) and len(body) <= BODY_MOST:
        assert read_form(body, KIND, (Field("a"), Field("b", optional=True))) == values


@pytest.mark.parametrize("body", [b"a=1&a=2", b"a=1&a=1", b"b=on&b=on", b"a=1&%61=2"])
def test_a_doubled_field_is_refused(body: bytes) -> None:
    """R63, X02, CVE-2023-7028: also where the form leaves room for it, because another field may be missing."""
    with pytest.raises(Problem, match="eingabe-ungueltig"):
        read_form(body, KIND, (Field("a"), Field("b", optional=True, values=("on",))))


@pytest.mark.parametrize("value", ["%FF", "%C3", "%E4", "%C0%AF", "%ED%A0%80", "%F5%80%80%80"])
def test_broken_utf8_is_refused(value: str) -> None:
    """R61, R63: mended, another password would be set than the one that was typed."""
    with pytest.raises(Problem, match="eingabe-ungueltig"):
        read_form(f"a=x{value}y".encode(), KIND, (Field("a"),))


@pytest.mark.parametrize(("size", "code"), [(BODY_MOST, "eingabe-ungueltig"), (BODY_MOST + 1, "zu-gross")])
def test_a_body_ends_at_4096_bytes(size: int, code: str) -> None:
    """R61, X23: before anything is decoded, normalised or hashed."""
    with pytest.raises(Problem, match=code):
        read_form(b"x" * size, KIND, (Field("a"),))


def test_any_text_is_a_vorgang_or_none() -> None:
    """However it is written down: blanks, hyphens, small letters; anything else is none."""
    taken = []

    @given(
        st.lists(st.sampled_from(ALPHABET), min_size=8, max_size=8),
        STRANGE | st.just("-"),
        st.integers(0, 11),
        st.booleans(),
    )
    def check(signs: list[str], strange: str, place: int, small: bool) -> None:
        said = iter(signs)
        whole = new_vorgang(lambda _: next(said))
        text = whole[:place] + strange + whole[place:]
        found = parse_vorgang(text.lower() if small else text)
        taken.append(found is not None)
        assert found in (None, whole)
        assert found == whole or strange

    check()
    assert sum(taken) > len(taken) / 5


@given(st.integers(0, 8), st.sampled_from(ALPHABET))
def test_a_misheard_vorgang_is_noticed(place: int, heard: str) -> None:
    """Each wrong character is found, so the desk never looks at another customer's case."""
    said = new_vorgang().replace("-", "")
    wrong = said[:place] + heard + said[place + 1 :]
    assert (parse_vorgang(wrong) is not None) is (wrong == said)
    assert parse_vorgang(f" {said[:3].lower()} {said[3:6]} {said[6:]}") == "-".join((said[:3], said[3:6], said[6:]))


def test_tokens_are_long_and_never_the_same() -> None:
    """R12, X22: 32 random bytes each."""
    found = {new_token() for _ in range(1000)}
    assert len(found) == 1000
    assert all(is_token(token) and len(token) == 43 for token in found)


def test_a_token_is_the_systems_randomness(monkeypatch: pytest.MonkeyPatch) -> None:
    """R12, X22: `secrets` makes it, from 32 bytes, and nothing is added that a clock or a counter could tell."""
    sizes: list[int] = []
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: sizes.append(size) or "A" * 43)
    assert (new_token(), sizes) == ("A" * 43, [32])


@pytest.mark.parametrize(
    "around",
    [
        "{token}",
        " {token}\u200b",
        "{token}.",
        "<{token}>",
        "„{token}“",
        "Code: {token}",
        "{token}#",
        "http://localhost/neues-passwort/#{token}x.",
        "http://localhost/en/neues-passwort/%23{token}",
        "https://safe.example/?url=https%3A%2F%2Fa.example%2Fneues-passwort%2F%23{token}&data=05%7C{other}",
        "https://safe.example/?url=https%3a%2f%2fa.example%2fneues-passwort%2f%23{token}&data=05%7c{other}",
        "https://a.example/neues-passwort/#{token} Code: {token} https://a.example/das-war-ich-nicht/#{other} OSI",
    ],
)
def test_a_token_is_found_in_what_was_pasted_around_it(around: str) -> None:
    token, other = "-" + "A" * 41 + "_", "b" * 43
    assert typed(around.format(token=token, other=other), "/neues-passwort/") == token


def test_a_swapped_pair_in_a_vorgang_is_noticed() -> None:
    """Neighbours said in the wrong order: of all pairs only the first and the last letter look the same."""
    unseen = []
    for pair in itertools.combinations(ALPHABET, 2):
        said = iter("".join(pair) * 4)
        whole = new_vorgang(lambda _, said=said: next(said)).replace("-", "")  # type: ignore[misc]  # one is bound
        if parse_vorgang(whole[1] + whole[0] + whole[2:]):
            unseen.append(pair)
    assert unseen == [(ALPHABET[0], ALPHABET[-1])]


@given(st.text(max_size=120))
@example(" kaputt ")
@example("A" * 43 + " " + "B" * 43)
@example("https://a.example/neues-passwort/#" + "A" * 40)
def test_nothing_is_made_a_token(text: str) -> None:
    """R22: what holds none, or two, stays as it was typed, and is refused."""
    assert typed(text, "/neues-passwort/") == text.strip()


@given(st.text(max_size=60))
def test_only_a_token_matches_its_digest(text: str) -> None:
    """R13, R46: 64 hex digits are kept; no other text fits them."""
    token = new_token()
    assert digest(token) == digest(token) not in (digest(text), digest(new_token()))
    assert set(digest(text)) <= set(string.hexdigits.lower())
    assert len(digest(text)) == 64


@given(st.text(max_size=60), st.text(max_size=60))
def test_an_account_id_needs_the_key(one: str, two: str) -> None:
    """R86: a keyed hash; equal only for equal names and keys."""
    assert (account_id(b"k", one) == account_id(b"k", two)) is (one == two)
    assert account_id(b"k", one) != account_id(b"l", one)


@given(st.datetimes(EARLY, LATE, timezones=st.just(dt.UTC)))
@example(dt.datetime(2026, 3, 29, 0, 59, 59, tzinfo=dt.UTC))
@example(dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC))
@example(dt.datetime(2026, 10, 25, 0, 59, 59, tzinfo=dt.UTC))
@example(dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC))
def test_german_time_is_what_clocks_in_germany_show(moment: dt.datetime) -> None:
    """Both changes of the clock, for forty years."""
    local = moment.astimezone(ZoneInfo("Europe/Berlin"))
    assert german_time(moment.timestamp()) == local.strftime("%d.%m.%Y um %H:%M Uhr")


@pytest.fixture(scope="module")
def world(cloud: Cloud) -> World:
    """Real tables."""
    return calm(cloud.session, cloud.outputs)


VALUES = st.one_of(st.text(max_size=50), st.integers(-(10**15), 10**15), st.booleans())


def test_a_table_gives_back_what_it_was_given(world: World) -> None:
    """R68: any text is a value, never part of an expression."""
    table, tried = world.table("resets"), []

    @given(st.dictionaries(st.sampled_from(("x", "status", "ttl2", "size")), VALUES), st.text(max_size=30))
    def check(item: dict[str, object], odd: str) -> None:
        key = {"pk": f"nouns#{odd}"}
        table.put(key | item)
        assert table.get(key) == key | {n: Decimal(v) if type(v) is int else v for n, v in item.items()}
        table.update(key, "SET #status = :odd", "attribute_exists(pk)", {"odd": f"{odd} OR pk = :pk"})
        assert (table.get(key) or {})["status"] == f"{odd} OR pk = :pk"
        with pytest.raises(ConditionFailedError):
            table.put(key, "#status = :odd", {"odd": odd + "#"})
        tried.append(odd)

    check()
    assert len(tried) >= amount(100, 2000) // 2


@given(st.text())
def test_quoting_changes_nothing(text: str) -> None:
    """X02: a percent-coded name or value is the same name or value: no second reading of the query."""
    if text and text.isprintable() and len(quote_plus(text)) < 400:
        assert read_form(f"a={quote_plus(text)}".encode(), KIND, (Field("a"),)) == {"a": text}


@pytest.mark.parametrize(
    ("mailbox", "said", "kept"),
    [
        ("01701234567", "452 4.2.2 <01701234567> Mailbox 01701234567 full", "452 4.2.2 <…> Mailbox … full"),
        ("550", "550 5.1.1 unknown", "550 5.1.1 unknown"),
        ("anna.kunde", "550 ANNA.KUNDE is no user", "550 … is no user"),
        ("anna.kunde", "550 no" + 1985 * " " + "anna.kunde@t-online.example", "550 no"),
    ],
)
def test_a_mail_servers_words_name_no_mailbox(mailbox: str, said: str, kept: str) -> None:
    """R86: with the domain beside it, it would be the address; three figures are the server's code."""
    bounced = {"bouncedRecipients": [{"diagnosticCode": said}]}
    assert _answer(bounced, {"destination": [f"{mailbox}@t-online.example"]}) == kept


@pytest.mark.parametrize(("kind", "kept"), [("abuse", "abuse"), ("anna.kunde", None), (["anna"], None)])
def test_a_provider_says_only_what_is_known(kind: object, kept: str | None) -> None:
    """R86: the kind of a complaint is a word of the provider's."""
    assert _detail({"complaintFeedbackType": kind}) == kept
