"""Every public function of the room says its shapes and units, its source, and shows an example that runs."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import equity.measures

MODULES = [
    importlib.import_module(f"equity.measures.{found.name}")
    for found in pkgutil.iter_modules(equity.measures.__path__)
]
#: Helpers of a release, documented in the shorter form of the rooms above.
SHORT_FORM = ("need", "apportion", "achieved")


def public_functions() -> list[Callable[..., Any]]:
    return [
        function
        for module in MODULES
        if not module.__name__.rsplit(".", 1)[1].startswith("_") and not module.__name__.endswith(SHORT_FORM)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__
    ]


@pytest.mark.parametrize("function", public_functions(), ids=lambda f: f"{f.__module__}.{f.__name__}")
def test_a_public_function_is_documented(function: Callable[..., Any]) -> None:
    text = inspect.getdoc(function) or ""
    for heading in ("Parameters\n---", "Returns\n---", "Examples\n---"):
        assert heading in text, f"no {heading.split()[0]}"
    assert "Source" in text
    for name in inspect.signature(function).parameters:
        assert name in text, f"{name} is not described"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_run(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_modules_and_functions_stay_small(module: ModuleType) -> None:
    assert len(inspect.getsource(module).splitlines()) <= 400
    for _, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__:
            assert len(inspect.getsource(function).splitlines()) <= 40, function.__name__
