"""Which places are known, and the repair of the ways in which people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from equity.intake.csvfile import read_csv
from equity.intake.geography import BOUNDARIES
from equity.intake.sheet import plain
from equity.store import read
from equity.store.engine import Readable

STATE: Final = "29"
NATION: Final = "us"
_ZIP: Final = re.compile(r"^(\d{3,5})(?:\.0+|-\d{4}|-)?$")
_FIPS: Final = re.compile(r"^(\d{4,5})(?:\.0+)?$")


@dataclass(frozen=True, slots=True)
class Found:
    """What a cell was taken for: the code (``''`` where it is no known place) and what was repaired."""

    code: str
    repair: str = ""


@dataclass(frozen=True)
class Places:
    """Known places: names by ``(kind, geoid)``, PO-box ZIPs by their area, counties by ZIP."""

    names: dict[tuple[str, str], str]
    aliases: dict[str, str]
    counties_of: dict[str, tuple[str, ...]]

    def zip(self, text: str) -> Found:
        """A ZIP code as text of five digits.

        ``1003``, ``63106-1234`` and ``63106.0`` are repaired; a PO-box ZIP becomes the area it lies in.
        """
        match = _ZIP.match(text.strip())
        if match is None:
            return Found("")
        code = match[1].zfill(5)
        repair = "" if code == text.strip() else f"read as {code}"
        if code in self.aliases:
            code = self.aliases[code]
            repair = f"a PO-box ZIP code, counted in {code}"
        return Found(code, repair) if ("zip", code) in self.names else Found("", repair)

    def county(self, text: str) -> Found:
        """A county by its five-digit code or its name, with or without the state.

        ``St. Louis`` alone is two places, a city and a county, and so no known one.
        """
        written = text.strip()
        match = _FIPS.match(written)
        if match:
            code = match[1].zfill(5)
            if ("county", code) not in self.names:
                return Found("")
            return Found(code, "" if code == written else f"read as {code}")
        hits = self._counties.get(_county_name(written), [])
        return Found(hits[0]) if len(hits) == 1 else Found("")

    @cached_property
    def _counties(self) -> dict[str, list[str]]:
        """Codes of counties by name in its plainest form: a file asks for every row."""
        found: dict[str, list[str]] = {}
        for (kind, geoid), name in self.names.items():
            if kind == "county":
                found.setdefault(_county_name(name), []).append(geoid)
        return found

    def known(self, kind: str, code: str) -> bool:
        """True where the place is known."""
        return (kind, code) in self.names


def load_places(readable: Readable) -> Places:
    """The places of the store, with the PO-box ZIPs that ship."""
    areas, parts = read.areas(readable), read.area_parts(readable)
    names = dict(zip(zip(areas["kind"], areas["geoid"], strict=True), areas["name"], strict=True))
    shares = parts[parts["whole_kind"].eq("zip") & parts["part_kind"].eq("county")]
    return Places(names, _aliases(), {str(z): tuple(rows["part"]) for z, rows in shares.groupby("whole")})


def _aliases() -> dict[str, str]:
    table: pd.DataFrame = read_csv(BOUNDARIES / "zip_alias.csv", ("zip", "zcta")).text
    return dict(zip(table["zip"], table["zcta"], strict=True))


def _county_name(text: str) -> str:
    """A county's name in its plainest form: without the state, *Saint* as *st*, the word *county* kept
    only where a city has the same name."""
    name = plain(re.sub(r",?\s*(MO|Missouri)\.?$", "", text.strip()))
    name = re.sub(r"^saint\b", "st", name)
    if name.startswith("st louis"):
        return name
    return name.removesuffix(" county")
