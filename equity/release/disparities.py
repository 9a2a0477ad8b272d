"""What the gap between Black and white babies adds up to: deaths, shares, and inequality in one number.

All of it is worked out from disclosed figures of one basis and one way of recording race, so nothing here
says more than the rates beside it. Single years are left out: their counts are too small for it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from equity.measures.disparity import (
    Fraction,
    attributable_fraction,
    excess_deaths,
    inequality,
    levelling_down,
)
from equity.measures.rates import proportion_interval
from equity.release.compare import CELL, MARKS
from equity.release.figure import VISIBLE
from equity.release.policy import Policy
from equity.release.tables import as_figures, join_sources
from equity.release.vital import PER

#: Kinds of place for which the gap is counted in deaths.
PLACES: Final = ("county", "region", "state", "nation")
RATE: Final = "infant_mortality"
#: Summary measures published, as named by `equity.measures.disparity.inequality`.
SUMMARIES: Final = ("bgv", "theil", "mld", "idis_mean", "idis_weighted", "idis_best")


def disparities(rates: pd.DataFrame) -> pd.DataFrame:
    """Excess deaths, the shares they make up, and shares of births and deaths, for every place and period.

    ``rates`` are disclosed figures. A cell where a rate is hidden is hidden too; the shares also need the
    figure of all babies, counted on the same basis.
    """
    pairs = _pairs(rates)
    visible = _visible(pairs, "_1") & _visible(pairs, "_0")
    counted = pairs[visible & pairs["numerator_1"].notna() & pairs["numerator_0"].notna()]
    hidden = pairs[~visible]
    everybody = _with_all(counted, rates)
    made = [_excess(counted), _share_of_black(counted), _share_of_all(everybody), *_shares(everybody)]
    made += [_hidden(hidden, name) for name in ("excess_deaths", "excess_share", "attributable_fraction")]
    return pd.concat([part for part in made if len(part)] or [as_figures(pairs[CELL])], ignore_index=True)


def _pairs(rates: pd.DataFrame) -> pd.DataFrame:
    """Black (``_1``) and white (``_0``) infant mortality of one place, period, basis and scheme."""
    rows = rates[rates["measure"].eq(RATE) & rates["area_kind"].isin(PLACES)]
    rows = rows[rows["first_year"] < rows["last_year"]]
    sides = (rows[rows["group"].eq(group)] for group in ("black", "white"))
    return next(sides).merge(next(sides), on=CELL, suffixes=("_1", "_0"))


def _visible(pairs: pd.DataFrame, side: str) -> pd.Series:
    return pairs[f"status{side}"].isin(VISIBLE)


def _with_all(pairs: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Add deaths and births of all babies, where they are visible."""
    everybody = rates[rates["measure"].eq(RATE) & rates["group"].eq("all") & rates["status"].isin(VISIBLE)]
    everybody = everybody[everybody["numerator"].notna()]
    place = [column for column in CELL if column != "scheme"]
    columns = {"numerator": "deaths", "denominator": "births"}
    return pairs.merge(everybody[[*place, *columns]].rename(columns=columns), on=place)


def _counts(pairs: pd.DataFrame) -> list[np.ndarray]:
    names = ("numerator_1", "denominator_1", "numerator_0", "denominator_0")
    return [pairs[name].to_numpy(float) for name in names]


def _excess(pairs: pd.DataFrame) -> pd.DataFrame:
    deaths1, births1, deaths0, births0 = _counts(pairs)
    found = excess_deaths(deaths1, births1, deaths0, births0)
    table = pairs[CELL].assign(value=found.excess, low=found.low, high=found.high)
    table = table.assign(numerator=deaths1, denominator=deaths1 - found.excess, method="normal")
    return _named(table, pairs, "excess_deaths")


def _share_of_black(pairs: pd.DataFrame) -> pd.DataFrame:
    """Share of Black babies' deaths above the white rate."""
    deaths1, births1, deaths0, births0 = _counts(pairs)
    found = attributable_fraction(deaths1, births1, deaths0, births0)
    return _fraction(pairs, found, deaths1, "excess_share")


def _share_of_all(pairs: pd.DataFrame) -> pd.DataFrame:
    """Share of all babies' deaths above the white rate: all babies include the white ones."""
    _, _, deaths0, births0 = _counts(pairs)
    deaths, births = pairs["deaths"].to_numpy(float), pairs["births"].to_numpy(float)
    found = attributable_fraction(deaths, births, deaths0, births0, nested=True)
    return _fraction(pairs, found, deaths, "attributable_fraction")


def _fraction(pairs: pd.DataFrame, found: Fraction, deaths: np.ndarray, measure: str) -> pd.DataFrame:
    table = pairs[CELL].assign(value=found.fraction, low=found.low, high=found.high)
    table = table.assign(numerator=found.fraction * deaths, denominator=deaths)
    # without a death among the reference's few, a limit is endless, and no page can show that
    table = table.replace([np.inf, -np.inf], np.nan).assign(method="exact")
    return _named(table, pairs, measure)


def _shares(pairs: pd.DataFrame) -> list[pd.DataFrame]:
    made = []
    for event, part in (("births", "denominator_1"), ("deaths", "numerator_1")):
        top, base = pairs[part].to_numpy(float), pairs[event].to_numpy(float)
        found = proportion_interval(top, base, method="wilson")
        table = pairs[CELL].assign(value=found.proportion, low=found.low, high=found.high)
        table = table.assign(numerator=top, denominator=base, method="wilson")
        made.append(_named(table, pairs, f"black_share_of_{event}"))
    return made


def _hidden(pairs: pd.DataFrame, measure: str) -> pd.DataFrame:
    withheld = pairs["reason_1"].eq("withheld_by_publisher") | pairs["reason_0"].eq("withheld_by_publisher")
    reason = np.where(withheld, "withheld_by_publisher", "hidden_part")
    table = pairs[CELL].assign(method="", source=_sources(pairs))
    return as_figures(table, measure=measure, group="all", status="suppressed", reason=reason)


def _named(table: pd.DataFrame, pairs: pd.DataFrame, measure: str) -> pd.DataFrame:
    marks = [(pairs["reason_1"].eq(mark) | pairs["reason_0"].eq(mark)).to_numpy() for mark in MARKS]
    reason = np.select(marks, MARKS, "")
    table = table.assign(reason=reason, status=np.where(reason == "", "shown", "unstable"))
    return as_figures(table.assign(source=_sources(pairs)), measure=measure, group="all")


def _sources(pairs: pd.DataFrame) -> list[str]:
    both = zip(pairs["source_1"], pairs["source_0"], strict=True)
    return [join_sources(pd.Series(pair)) for pair in both]


def inequality_table(rates: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Summary measures over Black, white and all other babies, one row a place, period and measure.

    Only where the three groups' deaths and births are large enough to be shown; a measure that does not
    apply has no row. Values are unscaled, in squared deaths per 1,000 for ``bgv``, else without unit.
    """
    pairs = _pairs(rates)
    counted = pairs[_visible(pairs, "_1") & _visible(pairs, "_0")]
    rows = [row for cell in _with_all(counted, rates).to_dict("records") for row in _summaries(cell, policy)]
    return pd.DataFrame(rows)


def _summaries(cell: dict[Any, Any], policy: Policy) -> list[dict[str, Any]]:
    deaths = [cell["numerator_1"], cell["numerator_0"]]
    births = [cell["denominator_1"], cell["denominator_0"]]
    deaths.append(cell["deaths"] - sum(deaths))
    births.append(cell["births"] - sum(births))
    if not min(*deaths, *births) > policy.hide_to:
        return []
    # race has no order, and the best group is not picked after the fact: white babies are the reference
    found = inequality(deaths, births, per=PER, reference=1)
    place = {name: cell[name] for name in CELL}
    place["source"] = join_sources(pd.Series([cell["source_1"], cell["source_0"]]))
    place["doubtful"] = "doubtful_in_print" in (cell["reason_1"], cell["reason_0"])
    estimates = {name: getattr(found, name) for name in SUMMARIES}
    return [
        {**place, "measure": name, "value": one.value, "low": one.low, "high": one.high}
        for name, one in estimates.items()
        if one is not None
    ]


def gap_changes(rates: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """How the gap changed from each block to the next, and whether for a good reason; one row a change.

    ``doubtful`` marks rates that are at odds with other counts of their publisher, ``schemes_differ`` two
    ways of recording race: no change should be read from either.
    """
    pairs = _pairs(rates)
    counted = pairs[_visible(pairs, "_1") & _visible(pairs, "_0")]
    periods = {
        block: counted[counted["first_year"].eq(block[0]) & counted["last_year"].eq(block[1])]
        for block in policy.blocks
    }
    rows = []
    for before, after in zip(policy.blocks, policy.blocks[1:], strict=False):
        both = periods[before].merge(
            periods[after], on=["area_kind", "area", "basis"], suffixes=("_before", "_after")
        )
        rows += [_gap_change(row, before, after) for row in both.to_dict("records")]
    return pd.DataFrame(rows)


def _gap_change(row: dict[Any, Any], before: tuple[int, int], after: tuple[int, int]) -> dict[str, Any]:
    sides = [
        {group: row[f"value_{side}_{when}"] for group, side in (("black", 1), ("white", 0))}
        for when in ("before", "after")
    ]
    found = levelling_down(*sides)
    reasons = [row[f"reason_{side}_{when}"] for side in (1, 0) for when in ("before", "after")]
    return {
        **{name: row[name] for name in ("area_kind", "area", "basis")},
        "before_first_year": before[0],
        "before_last_year": before[1],
        "first_year": after[0],
        "last_year": after[1],
        **{f"{group}_before": value for group, value in sides[0].items()},
        **{f"{group}_after": value for group, value in sides[1].items()},
        "verdict": found.verdict,
        "share_from_better_off": found.share_from_better_off,
        "doubtful": "doubtful_in_print" in reasons,
        "schemes_differ": row["scheme_before"] != row["scheme_after"],
    }
