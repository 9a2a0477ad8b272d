"""The OpenAPI document, completed by what holds of every route, such as how errors look."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from equity.api.models import FeatureCollection, Problem
from equity.api.problems import KINDS, MEDIA

_ANYWHERE: Final = {
    "429": "Too many requests from one address; `Retry-After` has the seconds to wait.",
    "500": "Something failed here.",
}
#: FastAPI's own shapes of errors, which are not ours.
_NOT_OURS: Final = ("HTTPValidationError", "ValidationError")
_REF: Final = "#/components/schemas/{model}"


def complete(api: FastAPI) -> None:
    """Let the application hand out the completed document; it is made once."""
    plain = api.openapi

    def document() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = _completed(plain())
        return api.openapi_schema

    api.openapi = document  # type: ignore[method-assign] # FastAPI's own way to do this


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document["components"]["schemas"]
    for model in (Problem, FeatureCollection):
        schema = model.model_json_schema(ref_template=_REF)
        schemas |= schema.pop("$defs", {})
        schemas[model.__name__] = schema
    for name in _NOT_OURS:
        schemas.pop(name, None)
    for path, methods in document["paths"].items():
        for operation in methods.values():
            _complete_operation(path, operation)
    return document


def _complete_operation(path: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    if "HTTPValidationError" in str(answers.get("422")):
        del answers["422"]
        answers.setdefault("400", {"description": "A parameter is wrong."})
        if "{" in path:
            answers.setdefault("404", {"description": "There is nothing of this name."})
    for status, said in _ANYWHERE.items():
        answers.setdefault(status, {"description": said})
    for status, answer in answers.items():
        if status.startswith(("4", "5")):
            kind = next(name for name, found in KINDS.items() if str(found.status) == status)
            answer["content"] = {MEDIA: {"schema": {"$ref": _REF.format(model="Problem")},
                                         "example": _example(kind)}}  # fmt: skip
    operation["responses"] = dict(sorted(answers.items()))


def _example(kind: str) -> dict[str, Any]:
    found = KINDS[kind]
    return {
        "type": f"/api/v1/problems#{kind}",
        "title": found.title,
        "status": found.status,
        "detail": found.meaning,
    }
