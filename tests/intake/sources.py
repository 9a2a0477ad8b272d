"""The real source files the transcribed figures are compared with, as text cells."""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path

Row = dict[str, str]
#: Codes of the source for places that have other codes here.
PLACES = {"00000": ("nation", "us"), "29000": ("state", "29")}


def shared(name: str) -> Path:
    return Path(os.environ["EQUITY_SHARED_DATA"]) / name


@cache
def rows(name: str) -> tuple[Row, ...]:
    with shared(name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def rankings(measure: str) -> dict[tuple[str, str, str, str], Row]:
    """County Health Rankings by release, area kind, area and group."""
    found = {}
    for row in rows("chr/chr_missouri_tidy.csv"):
        if row["measure"] == measure:
            kind, area = PLACES.get(row["fips"], ("county", row["fips"]))
            found.setdefault((row["release"], kind, area, row["group"]), row)
    return found
