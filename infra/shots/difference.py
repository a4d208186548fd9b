"""Says in one line each what a page shows that its picture does not."""

from typing import Any


def differences(kept: dict[str, Any], shown: dict[str, Any]) -> list[str]:
    """Both are facts as camera.facts() gives them."""
    before, now = kept.get("controls", []), shown["controls"]
    faults = [
        f"{number}. {_called(old)}: {key} was {old.get(key)!r}, is {new.get(key)!r}"
        for number, (old, new) in enumerate(zip(before, now, strict=False), 1)
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]
    faults += [f"{_called(fact)} is gone" for fact in before[len(now) :]]
    faults += [f"{_called(fact)} is new" for fact in now[len(before) :]]
    if kept.get("marks") != shown["marks"]:
        faults.append(f"marks were {kept.get('marks')}, are {shown['marks']}")
    return faults


def _called(fact: dict[str, Any]) -> str:
    return f'{fact.get("role") or fact["element"]} "{fact.get("name") or fact["text"]}"'
