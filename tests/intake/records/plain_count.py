"""The same counts by a loop over lines, with positions written out: what the engines must come to."""

from __future__ import annotations

import gzip
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from tests.intake.records.lines import Count


def linked_2014(path: Path, weighted: bool = False) -> Count:
    """Births of residents and deaths among them in a linked file of 2014 or 2015."""
    sums: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="ascii") as file:
        for raw in file:
            text = raw.rstrip("\n")
            if len(text) != 1384 or text[8:12] not in ("2014", "2015") or text[103] not in "123":
                continue
            area = "29" + text[90:93] if text[88:90] == "MO" else "us"
            weight = Decimal(text[1376:1384]) if weighted and text[1376:1384].strip() else Decimal(1)
            for event, counts in _events(text).items():
                deaths = event in ("infant_deaths", "neonatal", "postneonatal")
                sums[area, _group(text), event] += (weight if deaths else Decimal(1)) * counts
    whole = {key: int(value.quantize(Decimal(1), ROUND_HALF_UP)) for key, value in sums.items() if value}
    return {key: count for key, count in whole.items() if count}


def _group(text: str) -> str:
    if text[114] in "12345":
        return "hispanic"
    if text[114] != "0":
        return "unknown"
    return {"1": "white", "2": "black", "3": "other", "4": "other"}.get(text[109], "unknown")


def _events(text: str) -> dict[str, bool]:
    weeks, grams, died = int(text[498:500]), int(text[511:515]), text[1345] == "1"
    age = int(text[1355:1358]) if died else -1
    return {
        "births": True,
        "preterm": weeks < 37,
        "low_birthweight": grams < 2500,
        "very_low_birthweight": grams < 1500,
        "infant_deaths": died,
        "neonatal": died and age < 28,
        "postneonatal": died and age >= 28,
    }
