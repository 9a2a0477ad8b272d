"""Record-level files of any size in the publisher's layouts, with totals counted apart from any reader.

Positions are written here once more, from the user guides: a mistake in the reader's own list shows. Lines
are filled with digits and blanks as real ones are, and only the fields that are counted mean something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

#: Birth year and resident status, group, weeks, grams; death flag, age in days and weight where linked.
FIRST: Final[Mapping[str, Mapping[str, int]]] = {
    "natality-2014": {
        "length": 1345, "year": 9, "state": 89, "county": 91, "resident": 104, "bridged": 110, "origin": 115,
        "group": 117, "weeks": 499, "grams": 504,
    },
    "natality-2005": {
        "length": 775, "year": 15, "state": 109, "county": 114, "resident": 138, "group": 149, "weeks": 451,
        "grams": 463,
    },
    "linked-2014": {
        "length": 1384, "year": 9, "state": 89, "county": 91, "resident": 104, "bridged": 110, "origin": 115,
        "group": 117, "weeks": 499, "grams": 512, "died": 1346, "age": 1356, "weight": 1377,
    },
    "linked-2005": {
        "length": 900, "year": 15, "state": 109, "county": 114, "resident": 138, "group": 149, "weeks": 451,
        "grams": 467, "died": 868, "age": 872, "weight": 893,
    },
}  # fmt: skip
#: Shares of the groups and how each is written: origin and bridged race, one field until 2013, since 2016.
GROUPS: Final = ("white", "black", "hispanic", "other", "unknown")
SHARES: Final = (0.52, 0.14, 0.24, 0.09, 0.01)
_WRITTEN: Final = {
    "bridged": (b"1", b"2", b"1", b"4", b"1"),
    "origin": (b"0", b"0", b"1", b"0", b"9"),
    "until_2013": (b"6", b"7", b"2", b"8", b"9"),
    "since_2016": (b"1", b"2", b"7", b"4", b"8"),
}
_BLOCK: Final = 40_000
_DIGITS: Final = {
    size: np.array([f"{number:0{size}d}".encode() for number in range(10**size)]) for size in (2, 3, 4)
}
#: The nation's births of 2015 and the deaths among them, as the user guide of the linked file prints them.
NATION_2015: Final = {"births": 3_978_497, "infant_deaths": 23_326, "neonatal": 15_554, "postneonatal": 7_772}


@dataclass(frozen=True)
class Made:
    """A file and what is in it: counts by area, group and event; weights of deaths by area and group."""

    path: Path
    records: int
    counts: Mapping[tuple[str, str, str], int] = field(repr=False)
    weights: Mapping[tuple[str, str], float] = field(repr=False)

    def total(self, event: str) -> int:
        """An event over all areas and groups."""
        return sum(count for (_, _, name), count in self.counts.items() if name == event)


def make(
    path: Path,
    layout: str,
    year: int,
    births: int,
    neonatal: int = 0,
    postneonatal: int = 0,
    foreign: int = 0,
    counties: int = 0,
    seed: int = 7,
) -> Made:
    """Write ``births`` of residents with exactly so many deaths among them, and some of foreign residents.

    With ``counties`` the lines name so many counties of Missouri, else no place. Foreign residents die too.
    """
    first, rng = FIRST[layout], np.random.default_rng(seed)
    whole = births + foreign
    # What each record is: 0 lives, 1 and 2 die early and late, 4 to 6 the same of foreign residents.
    fates = np.zeros(whole, np.uint8)
    fates[:neonatal], fates[neonatal : neonatal + postneonatal] = 1, 2
    fates[births:] = 4 + np.arange(foreign) % 3
    rng.shuffle(fates)
    filler = _filler(first, rng)
    counts: dict[tuple[str, str, str], int] = {}
    weights: dict[tuple[str, str], float] = {}
    with path.open("wb") as file:
        for part in tqdm(list(_parts(fates)), desc=f"{layout}, {whole:,} lines", leave=False):
            drawn = _draw(part, counties, rng)
            _lines(filler, first, year, drawn).tofile(file)
            _count(drawn, "died" in first, counts, weights)
    return Made(path, whole, counts, weights)


def nation_2015(path: Path, share: int = 1) -> Made:
    """A linked file of 2015 with the nation's totals, or with one in ``share`` of its births and deaths."""
    early, late = NATION_2015["neonatal"] // share, NATION_2015["postneonatal"] // share
    births = NATION_2015["births"] // share
    return make(path, "linked-2014", 2015, births, early, late, foreign=births // 500)


def _parts(fates: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    for start in range(0, len(fates), _BLOCK):
        yield fates[start : start + _BLOCK]


def _filler(first: Mapping[str, int], rng: np.random.Generator) -> NDArray[np.uint8]:
    """One line of digits and blanks; blank where a state and county would stand."""
    line = rng.choice(np.frombuffer(b"0123456789    ", np.uint8), first["length"] + 1)
    line[first["state"] - 1 : first["county"] + 2] = ord(" ")
    if "age" in first:
        line[first["age"] - 1 : first["weight"] + 7] = ord(" ")
    line[-1] = ord("\n")
    return line


def _draw(fates: NDArray[np.uint8], counties: int, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    """The fields of some records as numbers."""
    size = len(fates)
    weeks = np.clip(np.round(rng.normal(38.6, 2.4, size)), 17, 47).astype(int)
    grams = np.clip(np.round(rng.normal(3250, 600, size)), 227, 8165).astype(int)
    weeks[rng.random(size) < 0.002], grams[rng.random(size) < 0.001] = 99, 9999
    fate = fates % 4
    return {
        "foreign": fates >= 4,
        "resident": np.where(fates >= 4, 4, rng.integers(1, 4, size)),
        "group": rng.choice(len(GROUPS), size, p=SHARES),
        "weeks": weeks,
        "grams": grams,
        "fate": fate,
        "age": np.where(fate == 1, rng.integers(0, 28, size), rng.integers(28, 366, size)),
        # Millionths: a death stands for itself and a little of those that no birth was found for.
        "weight": np.where(fate > 0, 1_000_000 + rng.integers(0, 30_000, size), 1_000_000),
        "county": rng.integers(0, counties, size) * 2 + 1 if counties else np.full(size, -1),
    }


def _lines(
    filler: NDArray[np.uint8], first: Mapping[str, int], year: int, drawn: Mapping[str, NDArray[Any]]
) -> NDArray[np.uint8]:
    """Records as bytes, a row for each with its end of line."""
    block = np.tile(filler, (len(drawn["fate"]), 1))

    def put(name: str, text: NDArray[np.bytes_] | bytes) -> None:
        array = np.asarray(text)
        cells = np.frombuffer(array.tobytes(), np.uint8).reshape(-1, array.itemsize)
        block[:, first[name] - 1 : first[name] - 1 + array.itemsize] = cells

    put("year", str(year).encode())
    put("resident", drawn["resident"].astype("S1"))
    written = "until_2013" if "origin" not in first else "since_2016"
    put("group", np.array(_WRITTEN[written])[drawn["group"]])
    for name in ("bridged", "origin"):
        if name in first:
            put(name, np.array(_WRITTEN[name])[drawn["group"]])
    put("weeks", _DIGITS[2][drawn["weeks"]])
    put("grams", _DIGITS[4][drawn["grams"]])
    if drawn["county"][0] >= 0:
        put("state", b"MO")
        put("county", _DIGITS[3][drawn["county"]])
    if "died" in first:
        dead = drawn["fate"] > 0
        put("died", np.where(dead, b"1", b" "))
        put("age", np.where(dead, _DIGITS[3][drawn["age"]], b"   "))
        put("weight", np.array([f"{n // 10**6}.{n % 10**6:06d}".encode() for n in drawn["weight"]]))
    return block


def _count(
    drawn: Mapping[str, NDArray[Any]],
    linked: bool,
    counts: dict[tuple[str, str, str], int],
    weights: dict[tuple[str, str], float],
) -> None:
    """Add what these records come to, by area and group."""
    fate, grams = drawn["fate"], drawn["grams"]
    masks = {
        "births": np.ones(len(fate), bool),
        "preterm": drawn["weeks"] < 37,
        "low_birthweight": grams < 2500,
        "very_low_birthweight": grams < 1500,
    }
    if linked:
        masks |= {"infant_deaths": fate > 0, "neonatal": fate == 1, "postneonatal": fate == 2}
    for county in np.unique(drawn["county"]):
        area = "us" if county < 0 else f"29{county:03d}"
        for place, group in enumerate(GROUPS):
            here = ~drawn["foreign"] & (drawn["group"] == place) & (drawn["county"] == county)
            for event, mask in masks.items():
                key = (area, group, event)
                counts[key] = counts.get(key, 0) + int((here & mask).sum())
            if linked:
                heavy = int(drawn["weight"][here & (fate > 0)].sum())
                weights[area, group] = weights.get((area, group), 0) + heavy / 1e6
