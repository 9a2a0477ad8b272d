"""The demonstration, made once for all tests of this room."""

from __future__ import annotations

import pytest

from equity.demonstration import DemoData, Plan, generate, load_plan


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load_plan()


@pytest.fixture(scope="session")
def demo(plan: Plan) -> DemoData:
    return generate(plan)
