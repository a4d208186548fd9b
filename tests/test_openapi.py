"""infra/openapi.yaml says what the code does, and the running product keeps to it whatever is sent."""

from collections import defaultdict
from typing import Any

import httpx
import pytest
import schemathesis
import yaml
from conftest import client_address
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from infra.deploy.facts import ROOT
from infra.local.cloud import Cloud
from reset.errors import CODES
from reset.routes import METHODS, ROUTES

FILE = ROOT / "infra/openapi.yaml"
SPEC = yaml.safe_load(FILE.read_text())
EVERYWHERE = {"format-nicht-erlaubt", "zu-gross", "stoerung"}
NO_BODY = {"content": {"": {"schema": {"properties": {}, "required": []}}}}
ELSEWHERE = {"nicht-erlaubt", "nicht-gefunden", "methode-nicht-erlaubt"}  # of no route
# What a client may rely on. Not that every well-formed form is taken: an unknown link is one, and gets a 400.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    operation.ok()
    for operation in schemathesis.openapi.from_path(FILE).get_all_operations()  # type: ignore[attr-defined]
]


def codes(operation: dict[str, Any]) -> dict[int, set[str]]:
    """The failure codes that an operation declares, by status."""
    found = defaultdict(set)
    for status, answer in operation["responses"].items():
        if schema := answer.get("content", {}).get("application/problem+json", {}).get("schema"):
            facts = schema["allOf"][1]["properties"]
            assert facts["status"]["const"] == int(status)
            found[int(status)] |= set(facts["code"]["enum"])
    return dict(found)


def test_routes_and_methods_are_those_of_the_code() -> None:
    declared = {path: {name.upper() for name in item} for path, item in SPEC["paths"].items()}
    assert declared == {path: {methods.partition(",")[0]} for path, methods in METHODS.items()}


@pytest.mark.parametrize("path", ROUTES)
def test_fields_and_codes_are_those_of_the_code(path: str) -> None:
    """R61, R94: also the most that each field holds."""
    operation, route = SPEC["paths"][path]["post"], ROUTES[path]
    assert ("requestBody" in operation) == bool(route.fields)
    (form,) = operation.get("requestBody", NO_BODY)["content"].values()
    fields = {field.name: (field.most, not field.optional, tuple(field.values)) for field in route.fields}
    declared = form["schema"]["properties"]
    assert fields == {
        name: (each["maxLength"], name in form["schema"]["required"], tuple(each.get("enum", ())))
        for name, each in declared.items()
    }
    assert str(route.status) in operation["responses"]
    assert set().union(*codes(operation).values()) == {*route.codes, route.invalid} | EVERYWHERE


def test_each_code_stands_at_its_status_and_none_is_forgotten() -> None:
    used = set()
    for item in SPEC["paths"].values():
        for operation in item.values():
            for status, names in codes(operation).items():
                assert {CODES[name].status for name in names} == {status}
                used |= names
    assert used | ELSEWHERE == CODES.keys()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_whatever_is_sent_the_answer_is_as_described(cloud: Cloud, operation: Any) -> None:
    """A small seeded run through the front door; each request is a client of its own, so no limit is in the way."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=15,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def hold(case: Any) -> None:
        transport = httpx.HTTPTransport(local_address=client_address())
        with httpx.Client(base_url=f"http://127.0.0.1:{cloud.port}", transport=transport, timeout=30) as client:
            headers = {"Accept": "application/json", **{str(k): str(v) for k, v in (case.headers or {}).items()}}
            form = case.body if isinstance(case.body, dict) else None
            query = dict(case.query or {})
            cookies = {name: value for name, value in (case.cookies or {}).items() if str(value).isascii()}
            if cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items() if value.isalnum())
            answer = client.request(case.method, case.path, params=query, data=form, headers=headers)
        case.validate_response(answer, checks=CHECKS)

    hold()
