"""The password policy (R30–R40) and what is kept of a password (R41–R46)."""

import ast
import base64
import random
import string
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.bench.work import HARDEST
from infra.deploy.facts import parameters, read_facts
from reset import guesses, passwords
from reset.blocklist import DATA, read
from reset.errors import CODES, Problem
from reset.hasher import CHEAPEST, OWASP, Cost, Hasher
from reset.passwords import MAXIMUM, REASONS, Policy, normalise, rules
from reset.phrases import Reading, reading
from reset.pieces import pieces
from reset.usernames import canonical

USERNAME = "erika.mustermann@gemeinde-musterdorf.example"
POLICY = Policy(15, ("Bürgerportal Musterstadt", "Amt für Soziales", "Kennwort-Hilfe"))
LEAKED = [line for line in (Path(__file__).parent / "leaked.txt").read_text().splitlines() if not line.startswith("#")]
# Words of our own, chosen without a look at the lists that the build reads.
GERMAN = """
regen tasse fahrrad kirsche bagger wolke ziegel pinsel laterne gurke matrose fliese zwiebel kompass teppich
eiche stiefel hammer forelle birne kutsche orgel nebel brunnen kachel pfote segel quaste schaufel trommel
gipfel garage
""".split()  # noqa: SIM905  # words read best as text
ENGLISH = """
pillow anchor ginger tunnel velvet saddle marble lantern pepper canyon ribbon walnut turbine meadow goblet
thimble cactus harbor muffin gravel puzzle falcon ladder copper violin blanket parsley kettle cradle jigsaw
bamboo shovel
""".split()  # noqa: SIM905  # words read best as text


def refusal(password: str, policy: Policy = POLICY) -> tuple[str, str | None] | None:
    try:
        policy.check(password, USERNAME)
    except Problem as problem:
        return problem.code, problem.detail
    return None


GOOD = "Wolke-Bagger Kirsche?quer über 7 Zäune"


class TestLength:
    @pytest.mark.parametrize("minimum", [8, 15, 64])
    def test_one_character_less_than_the_minimum_is_too_short(self, minimum: int) -> None:
        """R30: 14 no, 15 yes, for every setting that is allowed."""
        text = (GOOD * 3)[:minimum]
        assert (refusal(text[:-1], Policy(minimum)) or [""])[0] == "passwort-zu-kurz"
        assert (refusal(text, Policy(minimum)) or [""])[0] != "passwort-zu-kurz"

    @pytest.mark.parametrize("minimum", [7, 65])
    def test_a_minimum_out_of_range_is_no_policy(self, minimum: int) -> None:
        with pytest.raises(ValueError, match="between 8 and 64"):
            Policy(minimum)

    def test_128_characters_are_accepted_and_129_refused(self) -> None:
        """R31: over-long is an error, never cut."""
        dice = random.Random(1)
        text = "".join(dice.choice(string.ascii_letters) for _ in range(MAXIMUM))
        assert refusal(text) is None
        assert refusal(text + "x") == ("passwort-zu-lang", None)

    def test_the_last_of_128_characters_matters(self) -> None:
        """R31."""
        hasher = Hasher(b"pepper", CHEAPEST)
        encoded = hasher.hash("x" * 127 + "y")
        assert not hasher.verify(encoded, "x" * 127 + "z")

    def test_length_is_counted_after_composing(self) -> None:
        """R30, R33: an ü counts once, however the keyboard sends it."""
        text = unicodedata.normalize("NFD", "üüüüüäääääööööo")
        assert len(text) == 29
        assert (refusal(text[:-1]) or [""])[0] == "passwort-zu-kurz"
        assert (refusal(text) or [""])[0] != "passwort-zu-kurz"

    def test_composing_never_sees_more_than_four_times_the_maximum(self) -> None:
        """R61, X24: the cap comes first; nothing that fits after NFC is lost by it."""
        widest = unicodedata.normalize("NFD", "\u1f82")
        assert len(widest) == 4
        assert len(normalise(widest * MAXIMUM)) == MAXIMUM
        assert (refusal(widest * MAXIMUM) or [""])[0] == "passwort-zu-einfach"
        assert normalise(widest * MAXIMUM + "e\u0301").endswith("e\u0301")
        assert refusal("e\u0301" * 500_000) == ("passwort-zu-lang", None)


class TestCharacters:
    @pytest.mark.parametrize(
        "password",
        [
            " Wolke Bagger Kirsche Ziegel ",
            "🦊🐙🍒🚲🌦️🎻🪵🧵🛶🧶🪁🎯🥨🏮🧭",
            "плакат ветер сорока двенадцать",
            "레몬 달빛 단추 창문 거북이",
            "어부-거북이-기차-의자-연필",
            "θάλασσατραπέζιουρανόςκιθάρα",
            "طاولةبحرنافذةجيتارسماءجبل",
            "Wolkebaggerkirschenziegel",
            "wolke.bagger.kirsche.ziegel",
        ],
    )
    def test_every_printable_character_counts_and_none_is_required(self, password: str) -> None:
        """R32: no composition rules, blanks inside and outside, emoji, other scripts."""
        assert refusal(password) is None

    def test_a_password_that_nobody_sees_is_refused(self) -> None:
        """R32: joiners alone."""
        assert refusal("\u200c\u200d" * 8) == ("passwort-zu-einfach", "zeichen")
        assert refusal("\u115f\u3164\u2800\uffa0" * 4) == ("passwort-zu-einfach", "zeichen")

    @pytest.mark.parametrize("sign", [*"\0\t\n\r\x1b\x7f\x85\ud800", *"\u200b\ufeff\xad\u202a"])
    def test_characters_that_no_keyboard_types_are_refused_with_their_reason(self, sign: str) -> None:
        """R32."""
        assert refusal(GOOD + sign) == ("passwort-zu-einfach", "zeichen")

    def test_equal_by_nfc_is_the_same_password_and_equal_by_nfkc_is_not(self) -> None:
        """R33."""
        hasher = Hasher(b"pepper", CHEAPEST)
        assert hasher.verify(hasher.hash("café am Fluss 🌊"), "cafe\u0301 am Fluss 🌊")
        assert not hasher.verify(hasher.hash("ﬁsche im Fluss"), "fische im Fluss")

    @pytest.mark.parametrize("other", ["Wolke ", " Wolke", "wolke", "WOLKE"])
    def test_nothing_is_trimmed_or_folded(self, other: str) -> None:
        """R32, R33."""
        assert normalise(other) == other


class TestReasons:
    @pytest.mark.parametrize(
        ("password", "detail"),
        [
            ("passwortpasswort", "bekannt"),
            ("P4$$w0rt-Passw0rt", "bekannt"),
            ("ichliebedich2020", "bekannt"),
            ("trowssaptrowssap", "bekannt"),
            ("iloveyouforever1", "bekannt"),
            ("schalke04schalke04", "bekannt"),
            ("aaaaaaaaaaaaaaaa", "wiederholung"),
            ("x7x7x7x7x7x7x7x7", "wiederholung"),
            ("abcdefghijklmnop", "reihenfolge"),
            ("1a2b3c4d5e6f7g8h", "reihenfolge"),
            ("абвгдежзийклмноп", "reihenfolge"),
            ("αβγδεζηθικλμνξοπ", "reihenfolge"),
            ("가나다가나다가나다가나다가나다", "wiederholung"),
            ("😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎", "reihenfolge"),
            ("zyxwvutsrqponmlk", "reihenfolge"),
            ("qwertzuiopasdfgh", "tastenfolge"),
            ("<yxcvbnm,.-#äölk", "tastenfolge"),
            ("asdfghjkl;'#zxcvb", "tastenfolge"),
            ("24.12.1987/06.05.1991", "jahr"),
            ("Bürgerportal2026", "kontext"),
            ("buergerportal-musterstadt", "kontext"),
            ("Bürger Portal Muster Stadt 2026", "kontext"),
            ("e-r-i-k-a m-u-s-t-e-r-m-a-n-n", "adresse"),
            ("Bürgerportal für Erika 2026", "kontext"),
            ("KennwortHilfe#2026", "kontext"),
            ("Sozialessoziales1", "kontext"),
            ("erika.mustermann1987", "adresse"),
            ("Mustermann!Musterdorf", "adresse"),
            (USERNAME, "adresse"),
            ("jemand.anders@irgendwo.example", "adresse"),
        ],
    )
    def test_easy_passwords_are_refused_and_told_why(self, password: str, detail: str) -> None:
        """R34, R35, R39."""
        assert refusal(password) == ("passwort-zu-einfach", detail)

    def test_the_whole_password_is_judged_not_a_part(self) -> None:
        """R34: a common word, the portal's name or the own name may stand among enough others."""
        assert refusal("passwort laterne gurke fliese matrose") is None
        assert refusal("Musterstadt laterne gurke fliese matrose") is None
        assert refusal("Erika isst quietschende Laternen zum Frühstück") is None

    @pytest.mark.parametrize(
        "password",
        [
            "correcthorsebatterystaple",
            "correct horse battery staple",
            "Correct-Horse-Battery-Staple1",
            "eins zwei drei vier",
            "Januar Februar März April",
            "Oktober November Dezember Januar",
            "Freitag Donnerstag Mittwoch Dienstag",
            "five six seven eight",
            "Stille Nacht heilige Nacht",
            "stille.nacht.heilige.nacht.2026",
            "Einigkeit und Recht und Freiheit",
            "To be or not to be that is",
            "c0rrect-h0rse-battery-staple",
            "Correct1Horse2Battery3Staple",
            "3inigkeit-und-Recht-und-Fr3iheit",
            "Passwort vergessen? Kein Problem!",
            "In der Ruhe liegt die Kraft",
            "never gonna give you up",
            "Sehr geehrte Damen und Herren",
            "SundayMondayTuesday",
            "Mo-Di-Mi-Do-Fr-Sa-So",
            "JanFebMärAprMaiJun",
            "Nord-Süd-Ost-West",
            "Herz-Pik-Karo-Kreuz",
            "erste-zweite-dritte-vierte",
            "HydrogenHeliumLithium",
            "Hallo, wie geht es dir?",
            "Ich bin dann mal weg",
            "ichweissesnichtmehr",
            "LukeichbindeinVater",
            "Ein sehr sicheres Passwort",
            "diesisteinsicheresPasswort",
            "vier oder mehr Wörter",
            "usefourormorewords",
            "Code aus der E-Mail",
            "Sehen Sie in Ihr Postfach",
            "You'll never walk alone",
            "Rothenburg ob der Tauber",
            "Das Passwort ist leicht zu erraten",
            "Das ist Ihr bisheriges Passwort",
            "Your account is locked!",
            "[Kennwort-Hilfe] Ihr Passwort zurücksetzen",
        ],
    )
    def test_famous_phrases_and_rows_are_no_random_words(self, password: str) -> None:
        """R34: forwards and backwards, from any word on, whatever stands between."""
        assert refusal(password) == ("passwort-zu-einfach", "bekannt")

    @pytest.mark.parametrize(
        "password",
        [
            "qwertz asdf yxcv uiop",
            "abc def ghi jkl",
            "abcd-efgh-ijkl-mnop",
            "aaaa bbbb cccc dddd",
            "1234 qwer asdf yxcv",
            "yes we can yes we can",
            "kupfer lampe dach kupfer lampe dach",
            "password secret login admin",
            "peter.paul.maria.anna",
            "Mein-neues-Passwort-1",
            "Mein Passwort ist 1234",
            "asd fgh jkl yxc vbn",
            "123 qwe asd yxc vbn",
            "ab cd ef gh ij kl",
            "a1 a2 a3 a4 b1 b2 b3",
            "sommer 2019 herbst 2020",
            "football.baseball.soccer.hockey",
            "йцукенгшщзхъ123",
            "👨‍👩‍👧‍👦👩‍❤️‍💋‍👨",
            "1️⃣2️⃣3️⃣4️⃣5️⃣",
            "Geheim-Kennwort-xy-1",
            "Kennwort-Kennwort-Urlaub-1",
            "iloveyoubabygirl1!",
            "ichliebemeinenhund2024!",
            "heuteistdonnerstag2024!",
            "Meinsohnheisstlukas123!",
            "thankgoditsfriday1!",
            "κωδικός12345678",
            "κωδικόςκωδικός1",
            "สวัสดีสวัสดี123",
            "P€rf€ktP€rf€kt1",
            "пароль123456789012",
        ],
    )
    def test_parted_patterns_and_the_first_words_of_all_are_no_phrase(self, password: str) -> None:
        """R34: rows of keys, series, repetitions and everybody's words, with whatever between; Cyrillic keys, too."""
        assert (refusal(password) or [""])[0] == "passwort-zu-einfach"

    @pytest.mark.parametrize(
        "password",
        ["ringoutthebellsagain", "24pedazosdehielo", "codypowellandnickjonas", "TeAmoRuthx100pre"],
    )
    @pytest.mark.parametrize("variant", [str, str.upper, str.title, "{}!".format, "{}2019".format])
    def test_a_leaked_password_stays_one_in_whatever_dress(self, password: str, variant: Callable[[str], str]) -> None:
        """R34: leaked ones that no estimate gets, with other capitals, with signs and with digits around."""
        assert refusal(variant(password)) is not None

    @pytest.mark.parametrize("password", ["Guten Morgen zusammen!", "ich komme gleich", "welcome.combat.com"])
    def test_short_parts_of_the_address_are_not_what_is_wrong(self, password: str) -> None:
        """R39: `org`, `com` and the like stand in other words by chance."""
        with pytest.raises(Problem) as refused:
            POLICY.check(password, "ich@combo.com.org")
        assert refused.value.detail != "adresse"

    @pytest.mark.parametrize(
        "word",
        [
            "Haftpflichtversicherung",
            "einwohnermeldeamt",
            "Bundesausbildungsfoerderungsgesetz",
            "Datenschutz-Grundverordnung",
            "Donaudampfschifffahrtsgesellschaft2026!",
            "hypomagnesaemia",
        ],
    )
    def test_one_long_word_is_no_phrase(self, word: str) -> None:
        """R34: what a dictionary has as one word is one guess of some hundred thousand."""
        assert refusal(word) == ("passwort-zu-einfach", "bekannt")

    @pytest.mark.parametrize("form", ["{}", "{}2026", "{}(at){}.example", "{}2026!{}"])
    @pytest.mark.parametrize("own", ["verwaltungsgemeinschaftoberelbemittelholstein", "hans-peter.mueller"])
    def test_an_own_name_of_any_length_and_spelt_out_is_no_password(self, own: str, form: str) -> None:
        """R35: also an address whose signs are words."""
        with pytest.raises(Problem) as refused:
            POLICY.check(form.format(own, own), f"{own}@{own}.example")
        assert refused.value.detail == "adresse"

    @pytest.mark.parametrize(
        ("username", "password"),
        [
            ("post@amt-moelln-buechen-lauenburg.de", "Amt Mölln-Büchen-Lauenburg"),
            ("schoenhaerl-voehringer@example.org", "Schönhärl-Vöhringer-1984"),
            ("info@strassenverkehrsamt-weissenfels.de", "Straßenverkehrsamt Weißenfels"),
            ("info@müllerstrassenfest-wümme.de", "Müllerstraßenfest-Wümme"),
            ("info@müllerstrassenfest-wümme.de", "Muellerstrassenfest-Wuemme"),
        ],
    )
    def test_an_own_name_is_known_with_its_umlauts(self, username: str, password: str) -> None:
        """R35: an address writes them out, or as punycode."""
        with pytest.raises(Problem) as refused:
            POLICY.check(password, canonical(username))
        assert refused.value.detail == "adresse"

    @pytest.mark.parametrize("join", [str, lambda fact: "".join(fact.split()), lambda fact: "-".join(fact.split())])
    def test_what_the_pages_call_the_service_is_no_password(self, join: Callable[[str], str]) -> None:
        """R35: each name and address of mkdocs.yml, as the deploy hands it over."""
        facts = read_facts()
        policy = Policy(8, tuple(parameters(facts)["ContextWords"].split(",")))
        names = ("portal_name", "portal_title", "portal_title_en", "desk_name", "selfservice_name", "sender_name")
        mailboxes = [facts[name].partition("@")[0] for name in ("mailbox", "sender_address")]
        for fact in [*(facts[name] for name in names), *mailboxes]:
            assert (refusal(join(fact), policy) or [""])[0] == "passwort-zu-einfach", fact
            assert (refusal(join(fact) + " 2026", policy) or [""])[0] == "passwort-zu-einfach", fact

    def test_a_famous_part_does_not_spoil_the_whole(self) -> None:
        """R34: only the whole text is famous."""
        assert refusal("correct horse battery laterne") is None
        assert refusal("Januar Gurke März Fliese") is None
        assert refusal("Stille Nacht quietscht die Matrose") is None

    def test_every_reason_has_both_languages_and_says_what_to_do(self) -> None:
        """R39."""
        for reason in REASONS.values():
            assert reason.text("de") == reason.de != reason.text("en") == reason.en
            assert len(reason.de.split(". ")) > 1 or ";" in reason.de

    def test_codes_are_those_of_the_contract(self) -> None:
        assert {rule.code for rule in rules()} <= set(CODES)


class TestBar:
    def test_leaked_passwords_are_refused(self) -> None:
        """R34: a sample that the list was not built from; `infra.blocklist.evaluate` judges whole lists."""
        assert sum(refusal(password) is not None for password in LEAKED) >= 0.93 * len(LEAKED)

    @pytest.mark.parametrize("words", [GERMAN, ENGLISH], ids=["german", "english"])
    @pytest.mark.parametrize("between", ["-", " ", ".", "", "@", "_", "+"])
    def test_phrases_of_four_words_are_accepted(self, words: list[str], between: str) -> None:
        """R32, R34: words of any list."""
        dice = random.Random(7)
        made = [between.join(dice.sample(words, 4)) for _ in range(200)]
        made += [between.join(map(str.capitalize, dice.sample(words, 4))) for _ in range(200)]
        made += [between.join(map(str.upper, dice.sample(words, 4))) for _ in range(200)]
        made += [between.join(dice.sample(words, 4)) + tail for tail in ("1", "!", "2026", "1!") for _ in range(50)]
        assert sum(refusal(phrase) is None for phrase in made) >= 0.999 * len(made)

    @given(st.text(string.ascii_letters + string.digits + "!?#+-_=", min_size=24, max_size=MAXIMUM), st.randoms())
    @settings(max_examples=60, deadline=None)
    def test_no_input_breaks_the_check(self, text: str, dice: random.Random) -> None:
        """R61."""
        shuffled = "".join(dice.sample(text, len(text)))
        assert refusal(shuffled) is None or refusal(shuffled)[0] == "passwort-zu-einfach"  # type: ignore[index]

    @given(st.text(max_size=300))
    @settings(max_examples=150, deadline=None)
    def test_any_text_gets_an_answer_of_the_contract(self, text: str) -> None:
        found = refusal(text)
        assert found is None or (found[0] in CODES and (found[1] is None or found[1] in REASONS))

    def test_random_passwords_are_accepted(self) -> None:
        dice = random.Random(9)
        for alphabet in (string.ascii_letters + string.digits, string.printable[:94]):
            for _ in range(300):
                password = "".join(dice.choice(alphabet) for _ in range(16))
                assert refusal(password) is None, password

    @pytest.mark.parametrize(
        "alphabet", ["αβγδεζηθικλμνξοπρστυφχψω", "אבגדהוזחטיכלמנסעפצקרשת", "あいうえおかきくけこさしすせそたち"]
    )
    def test_random_letters_of_any_alphabet_are_accepted(self, alphabet: str) -> None:
        """R32: what we have no words of is worth what its letters are."""
        dice = random.Random(13)
        made = ["".join(dice.choice(alphabet) for _ in range(18)) for _ in range(200)]
        assert sum(refusal(password) is None for password in made) >= 0.97 * len(made)

    @pytest.mark.parametrize(
        "text", ["Vorgangsnummer: {}", "vorgang={}", "{0} {0}", "{} nochmal bitte", "k7m-2qx-9rd geheim"]
    )
    def test_a_case_number_is_no_password(self, text: str) -> None:
        """R34: the mail's third thing to copy; whoever asks for the mail sees it, too."""
        assert refusal(text.format("K7M-2QX-9RD")) == ("passwort-zu-einfach", "code")

    @pytest.mark.parametrize(
        "password", ["wer-hat-das gesagt gestern", "K7M-2QX-9RS saugt Nebel", "rzKx7-K7M-2QX-9RD8vPw"]
    )
    def test_what_only_looks_like_one_may_be(self, password: str) -> None:
        """R32: words, a wrong check character, a part of something longer."""
        assert refusal(password) is None

    def test_base64_of_32_bytes_is_no_code_of_a_mail(self) -> None:
        """R32: what `openssl rand -base64 32` prints."""
        dice = random.Random(11)
        made = [base64.b64encode(dice.randbytes(32)).decode() for _ in range(300)]
        assert [each for each in made if refusal(each)] == []

    @pytest.mark.parametrize(
        "password", ["p@l0cqS.mKRbkmOibfmG", ".3S@ze9*gxiA99xr6sK!Y66JCtw.vNrc", "oval2excavate@giggling.bulk"]
    )
    def test_a_random_password_is_no_address(self, password: str) -> None:
        """R32: managers use @ and dots."""
        assert refusal(password) is None

    @pytest.mark.parametrize("length", [8, 10, 12, 14])
    def test_a_lower_minimum_is_kept_to(self, length: int) -> None:
        """R30, R39: random characters of the length that the pages ask for are long enough, everybody's are not."""
        dice, policy = random.Random(9), Policy(8)
        alphabet = string.ascii_letters + string.digits + "!?#+-_=.*"
        made = ["".join(dice.choice(alphabet) for _ in range(length)) for _ in range(500)]
        assert sum(refusal(password, policy) is None for password in made) >= 0.99 * len(made)
        for bad in ("passwort", "Sommer2019!", "qwertz123", "Fussball1", "hallo1234", "P@ssw0rd1", "Schatzi2010"):
            assert refusal(bad, policy) is not None, bad

    @pytest.mark.parametrize("tail", ["", "1!"])
    @pytest.mark.parametrize("unit", HARDEST)
    def test_the_longest_password_takes_no_longer_than_its_length(
        self, unit: str, tail: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """R61: 40 pieces a character, twice at the most; the bench has the time that takes."""
        tried: list[object] = []
        monkeypatch.setattr(guesses, "pieces", lambda *given: (tried.append(each) or each for each in pieces(*given)))
        refusal((unit * MAXIMUM)[: MAXIMUM - len(tail)] + tail)
        assert MAXIMUM <= len(tried) <= 80 * MAXIMUM

    def test_the_list_stays_small(self) -> None:
        assert DATA.stat().st_size < 2_100_000

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("regen tasse wolke birne 7", Reading.SEPARATED),
            ("regen-tasse-wolke-birne", Reading.SEPARATED),
            ("qamru.velto.sirpa.onkwe", Reading.SEPARATED),
            ("RegenTasseWolkeBirne", Reading.JOINED),
            ("regentassewolkebirne", Reading.JOINED),
            ("dagger1700hiveswoo", Reading.JOINED),
            ("hivejoltflipcaped12", Reading.SHORT),
            ("regentassewolkeqamru", Reading.NEARLY),
            ("QamruVeltoSirpaOnkwe", Reading.CAPITALS),
            ("regentassewolkebirne1!", Reading.NONE),
            ("2026regentassewolkebirne", Reading.NONE),
            ("regen tasse wolke", Reading.NONE),
            ("regen-tassewolkebirne", Reading.NONE),
            ("regen regen regen tasse", Reading.NONE),
            ("regen tasse wolke regen tasse wolke", Reading.NONE),
            ("regen asdf uiop wolke tasse", Reading.NONE),
            ("regen asdf wolke tasse", Reading.SEPARATED),
            ("regen tasse wolke birne 123456789", Reading.NONE),
            ("regen.tasse@wolke.birne", Reading.NONE),
        ],
    )
    def test_phrases_need_four_words(self, text: str, kind: Reading) -> None:
        assert reading(text, read()) == kind


def _spent(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


class TestImport:
    def test_the_site_build_imports_the_rules_without_the_hash_and_without_reading_the_list(self) -> None:
        program = """if True:
            import sys, reset.passwords, reset.blocklist
            reset.passwords.rules()
            print([name for name in sys.modules if name.startswith("argon2")], reset.blocklist.read.cache_info().misses)
        """
        run = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONPATH": "functions"}
        )
        assert run.stdout.split() == ["[]", "0"]

    def test_nothing_here_can_reach_the_network(self) -> None:
        """R40: the policy's modules import one another and what cannot reach anybody, in whatever way it is written."""
        folder = Path(passwords.__file__).parent
        ours = {"passwords", "reasons", "guesses", "pieces", "phrases", "walks", "runs", "blocklist", "errors"}
        ours |= {"folding", "scripts", "hasher", "said", "mail_texts", "usernames", "vorgang"}
        pure = {"argon2", "array", "bisect", "collections", "dataclasses", "enum", "functools", "hmac", "itertools"}
        pure |= {"lzma", "math", "pathlib", "re", "secrets", "string", "typing", "unicodedata", "zlib"}
        for name in ours:
            nodes = list(ast.walk(ast.parse((folder / f"{name}.py").read_text())))
            whole = {
                alias.name.partition(".")[0] for each in nodes if isinstance(each, ast.Import) for alias in each.names
            }
            parts = [each for each in nodes if isinstance(each, ast.ImportFrom)]
            assert {str(each.module) for each in parts if each.level} <= ours, name
            assert whole | {str(each.module).partition(".")[0] for each in parts if not each.level} <= pure, name
            assert not {each.id for each in nodes if isinstance(each, ast.Name)} & {"__import__", "eval", "exec"}, name


class TestHasher:
    hasher = Hasher(b"pepper", CHEAPEST)

    def test_the_string_names_scheme_and_cost(self) -> None:
        """R41."""
        assert Hasher(b"pepper").hash(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert Cost(19456, 2, 1) == OWASP

    def test_each_hash_has_its_own_salt_of_16_bytes(self) -> None:
        """R42."""
        one, two = self.hasher.hash(GOOD), self.hasher.hash(GOOD)
        assert one != two
        assert len(one.split("$")[4]) == 22

    def test_without_the_pepper_nothing_verifies(self) -> None:
        """R43."""
        encoded = self.hasher.hash(GOOD)
        assert self.hasher.verify(encoded, GOOD)
        assert not Hasher(b"other", CHEAPEST).verify(encoded, GOOD)

    def test_a_given_salt_gives_the_same_hash(self) -> None:
        assert self.hasher.hash(GOOD, salt=bytes(16)) == self.hasher.hash(GOOD, salt=bytes(16))

    def test_a_raised_cost_asks_for_a_new_hash(self) -> None:
        """R41."""
        encoded = self.hasher.hash(GOOD)
        assert not self.hasher.needs_rehash(encoded)
        assert Hasher(b"pepper", Cost(16, 1, 1)).needs_rehash(encoded)

    def test_a_missing_account_costs_a_hash_too(self) -> None:
        """R47: at the real cost one hash is far above the noise."""
        hasher = Hasher(b"pepper")
        encoded = hasher.hash(GOOD)
        verify, dummy = (
            min(_spent(work) for _ in range(5))
            for work in (lambda: hasher.verify(encoded, GOOD), lambda: hasher.dummy(GOOD))
        )
        assert 0.5 < dummy / verify < 2

    @pytest.mark.parametrize("password", ["", "\ud800", "\0", "x" * 1_000_000, "e\u0301" * 100_000])
    def test_any_input_at_login_is_simply_wrong(self, password: str) -> None:
        """R47, R61."""
        assert not self.hasher.verify(self.hasher.hash(GOOD), password)
