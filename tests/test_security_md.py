"""SECURITY.md keeps its word: each rule has a test that exists and names it, or a reason."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from infra.deploy.facts import ROOT
from reset.backoff import DAY as FORGOTTEN
from reset.settings import Limits, Sessions

TEXT = (ROOT / "SECURITY.md").read_text()
RULES = {f"{kind}{number:02d}" for kind, most in (("R", 100), ("X", 42), ("I", 30)) for number in range(1, most + 1)}
ID = re.compile(r"\b([RXI])(\d{2,3})(?:–(?:[RXI])?(\d{2,3}))?")


def named(text: str) -> set[str]:
    """The rules in a text; `R72–R77` is six."""
    found = set()
    for kind, first, last in ID.findall(text):
        found |= {f"{kind}{number:02d}" for number in range(int(first), int(last or first) + 1)}
    return found


def rows(heading: str) -> list[list[str]]:
    """A section's table, without its head."""
    section = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    assert len(lines) > 3, heading
    return [[cell.strip() for cell in line] for line in lines[2:]]


def every_test() -> dict[str, set[str]]:
    """The tests of each rule, those whose docstring names it, as pytest takes them: `file.py::name`."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        tree = ast.parse(path.read_text()).body
        inner = [(f"{each.name}::", node) for each in tree if isinstance(each, ast.ClassDef) for node in each.body]
        for owner, node in [("", each) for each in tree] + inner:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for rule in named(ast.get_docstring(node) or ""):
                    found[rule].add(f"{path.name}::{owner}{node.name}")
    return found


def test_each_rule_lists_all_its_tests() -> None:
    """R94: the table of rules and tests is true, and whole: whoever breaks a rule finds what must turn red."""
    known = every_test()
    for rule, cell in rows("Rule and test"):
        line = f"| {rule} | {', '.join(f'`{name}`' for name in sorted(known[rule]))} |"
        assert set(re.findall("`(.+?)`", cell)) == known[rule] != set(), f"the line should be:\n{line}"


def test_every_rule_is_tested_or_explained() -> None:
    """R94: none is forgotten, and each reason is one."""
    tested = set().union(*(named(rules) for rules, _ in rows("Rule and test")))
    explained = set().union(*(named(rules) for rules, _ in rows("Not tested, or another way taken")))
    assert tested | explained == RULES
    assert all(len(reason) > 15 for _, reason in rows("Not tested, or another way taken"))


def test_the_limits_are_those_of_the_settings() -> None:
    """R24, R48, R51, R57, R94, X28: the numbers in words are the numbers in force."""
    said, limits, sessions = dict(rows("Limits")), Limits(), Sessions()
    both = " ".join([*said, *said.values()])
    assert (limits.forgot_per_address.count, limits.reset_per_address.count) == (60, 600)
    assert (limits.login_per_address.count, limits.login_per_address.seconds) == (300, 900)
    assert (limits.mails_free, limits.mails_wait, limits.mails_per_day) == (3, 3600, 10)
    assert (limits.login_failures.free, limits.login_failures.first, limits.login_failures.most) == (5, 30, 3600)
    whole = limits.login_failures_whole
    assert (whole.free, whole.first, whole.most, FORGOTTEN) == (10, 30, 3600, 86400)
    assert (limits.token_failures.free, limits.tries_per_link) == (20, 50)
    assert (sessions.idle, sessions.most, sessions.kept_idle, sessions.kept_most) == (900, 43200, 604800, 2592000)
    for words in (
        "60 an hour",
        "600 an hour",
        "300 in 15 minutes",
        "three at once",
        "seven in 24 hours",
        "five free",
        "twenty free",
    ):
        assert words in both, words
