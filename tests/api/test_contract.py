"""The OpenAPI document: whole, and kept to, whatever is asked (schemathesis)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from equity.api.app import create_api
from equity.api.problems import KINDS
from equity.config import ROOT, ApiConfig
from equity.store.engine import StoreError, open_store, upgrade
from equity.store.tokens import SCOPES, create_token
from tests.api.serve import Client, serving
from tests.api.small import publish

#: Cases for each route and kind: a few under CI, many in check-all.
CASES = 300 if os.environ.get("EQUITY_SLOW") == "1" else 20
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def document() -> dict[str, Any]:
    def no_store() -> Engine:
        raise StoreError("The document needs no store.")

    return create_api(no_store, ApiConfig()).openapi()


OPERATIONS = [
    (path, method, operation)
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
]
#: What the document allows, of every route; what it does not, of those that take something.
ASKED = [
    pytest.param(path, method, mode, id=f"{method} {path} {mode.value}")
    for path, method, operation in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or "parameters" in operation
]


class Contract(NamedTuple):
    """A client with a token, and the document the server hands out."""

    client: Client
    schema: Any


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contract]:
    """The API over a store with two releases."""
    file = tmp_path_factory.mktemp("contract") / "store.sqlite3"
    engine = open_store(f"sqlite:///{file}", create=True)
    upgrade(engine)
    publish(engine, 5.0)
    publish(engine, 6.0)
    token = create_token(engine, "Hub", SCOPES, 1, "steward")[1]
    with serving(engine) as client:
        address = f"http://127.0.0.1:{client.port}/api/v1/openapi.json"
        yield Contract(Client(client.port, token), schemathesis.openapi.from_url(address))
    engine.dispose()


@pytest.mark.parametrize(("path", "method", "mode"), ASKED)
def test_whatever_is_asked_is_answered_as_the_document_says(
    contract: Contract, path: str, method: str, mode: GenerationMode
) -> None:
    found = contract.schema[path][method.upper()]
    checks = CHECKS if mode is GenerationMode.POSITIVE else [*CHECKS, negative_data_rejection]
    statuses: list[int] = []

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=found.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        headers = {"Authorization": f"Bearer {contract.client.token}"}
        statuses.append(case.call_and_validate(headers=headers, checks=checks).status_code)

    ask()
    assert statuses


def test_every_route_is_described_for_people() -> None:
    assert len(OPERATIONS) == 11
    for path, _, operation in OPERATIONS:
        assert operation["summary"] and operation["description"].endswith("."), path
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])
        for status, answer in operation["responses"].items():
            assert answer["description"], (path, status)
            if status.startswith(("4", "5")):
                assert list(answer["content"]) == ["application/problem+json"]
                assert answer["content"]["application/problem+json"]["example"]["status"] == int(status)
        assert {"429", "500"} <= set(operation["responses"])


def test_the_document_is_whole_and_leads_nowhere_else() -> None:
    found = document()
    assert found["openapi"].startswith("3.1")
    text = str(found)
    for name in text.split("#/components/schemas/")[1:]:
        assert name.split("'")[0] in found["components"]["schemas"]
    assert "http://" not in text and "https://" not in text
    assert "HTTPValidationError" not in text
    (scheme,) = found["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path, _, operation in OPERATIONS:
        assert ("security" in operation) == path.startswith("/submissions")


def test_every_kind_of_problem_is_listed(contract: Contract) -> None:
    listed = contract.client.get("/problems").json()["problems"]
    assert {row["kind"]: row["status"] for row in listed} == {
        name: kind.status for name, kind in KINDS.items()
    }


def test_the_document_comes_with_the_address_it_is_served_under(contract: Contract) -> None:
    answer = contract.client.get("/openapi.json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json()["servers"] == [{"url": "/api/v1"}]
    assert answer.json()["paths"] == document()["paths"]


def test_the_guide_names_every_parameter() -> None:
    guide = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    for path, _, operation in OPERATIONS:
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                assert f"`{parameter['name']}`" in guide, (path, parameter["name"])
    for kind in KINDS:
        assert f"`{kind}`" in guide
