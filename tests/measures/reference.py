"""Reads the reference values in ``tests/reference``."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

REFERENCE = Path(__file__).resolve().parent.parent / "reference"


@functools.cache
def vectors() -> dict[str, dict[str, Any]]:
    """Every reference vector of both files by its id."""
    found = [
        vector
        for name in ("vectors_statistics.json", "vectors_published.json")
        for vector in json.loads((REFERENCE / name).read_text(encoding="utf-8"))
    ]
    by_id = {vector["id"]: vector for vector in found}
    assert len(by_id) == len(found), "two vectors share an id"
    return by_id


@functools.cache
def carolina() -> pd.DataFrame:
    """North Carolina's 100 counties: NAME, SID74 deaths, BIR74 births, X and Y of the centroid."""
    counties = pd.read_csv(REFERENCE / "nc_sids/ncsids.csv")
    return counties.join(pd.read_csv(REFERENCE / "nc_sids/ncsids_cent.csv"))


@functools.cache
def carolina_touching() -> NDArray[np.float64]:
    """100 by 100 matrix of ones where two counties touch."""
    pairs = pd.read_csv(REFERENCE / "nc_sids/ncsids_edges.csv").to_numpy() - 1
    touching = np.zeros((100, 100))
    touching[pairs[:, 0], pairs[:, 1]] = touching[pairs[:, 1], pairs[:, 0]] = 1
    return touching


def rows_of(counties: list[str]) -> list[int]:
    """Row numbers of the named counties."""
    names = carolina()["NAME"].tolist()
    return [names.index(county) for county in counties]
