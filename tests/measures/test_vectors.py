"""Every reference vector is met, here or in the room that it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pytest

from tests.measures import (
    vectors_clusters,
    vectors_control,
    vectors_disparity,
    vectors_drivers,
    vectors_rates,
    vectors_service,
    vectors_smoothing,
    vectors_targets,
    vectors_trend,
    vectors_waiting,
)
from tests.measures.reference import REFERENCE, vectors

CHECKS: Final[dict[str, Callable[[Any], Any]]] = {
    **vectors_rates.CHECKS,
    **vectors_disparity.CHECKS,
    **vectors_targets.CHECKS,
    **vectors_service.CHECKS,
    **vectors_trend.CHECKS,
    **vectors_smoothing.CHECKS,
    **vectors_clusters.CHECKS,
    **vectors_drivers.CHECKS,
    **vectors_control.CHECKS,
    **vectors_waiting.CHECKS,
}

#: Vectors of another room: id -> the test that runs it.
ELSEWHERE: Final = {
    "areal": "tests/geo/test_crosswalk.py",
    "sdc_naive": "tests/disclosure/test_attainable.py",
    "sdc_opt": "tests/disclosure/test_attainable.py",
    "sdc_2x2": "tests/disclosure/test_attainable.py",
}

#: Parts of a vector that its own note says are for information, not to be met.
INFORMATION: Final = {"HE_ORD": {"aci_se", "sii", "sii_ci", "rii", "rii_ci"}}

#: Where the reference is itself an approximation: R interpolates its profile limits by a spline; ours solve
#: for them.
LOOSER: Final = {"apc_poisson": 2e-5}

#: Where more digits are printed than the vector's own tolerance asks for.
TIGHTER: Final = {"PMC6727205_C": 1e-5, "PMC6727205_D": 1e-5}


def test_every_vector_is_run() -> None:
    assert sorted([*CHECKS, *ELSEWHERE]) == sorted(vectors())


@pytest.mark.parametrize(("vector_id", "test"), ELSEWHERE.items())
def test_a_vector_of_another_room_is_run_there(vector_id: str, test: str) -> None:
    assert f'"{vector_id}"' in (REFERENCE.parent.parent / test).read_text(encoding="utf-8")


@pytest.mark.parametrize("vector_id", sorted(CHECKS))
def test_vector(vector_id: str) -> None:
    vector = vectors()[vector_id]
    found = CHECKS[vector_id](vector["inputs"])
    wanted = vector["expected"]
    skipped = INFORMATION.get(vector_id, set())
    assert set(found) == set(wanted) - skipped
    relative = LOOSER.get(vector_id, vector.get("tolerance_rel", 1e-4))
    absolute = TIGHTER.get(vector_id, vector.get("tolerance", 1e-9))
    for name, value in found.items():
        compare(name, value, wanted[name], relative, absolute)


def compare(name: str, found: Any, wanted: Any, relative: float, absolute: float) -> None:
    """Compare numbers, words, and lists and mappings of them."""
    if isinstance(wanted, dict):
        assert set(found) == set(wanted), name
        for key, value in wanted.items():
            compare(f"{name}.{key}", found[key], value, relative, absolute)
    elif isinstance(wanted, list) and any(isinstance(row, list) for row in wanted):
        for place, (row, value) in enumerate(zip(found, wanted, strict=True)):
            compare(f"{name}[{place}]", row, value, relative, absolute)
    elif isinstance(wanted, str):
        assert found == wanted, name
    else:
        np.testing.assert_allclose(found, wanted, rtol=relative, atol=absolute, err_msg=name)
