"""Hide the companions of small counts among figures: what `protect` finds, put into words of figures."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from equity.release.disclose import BESIDE, SHOWN, disclose, hide
from equity.release.linked import CELL, FAMILIES, REST, LinkedTables, link
from equity.release.load import ReleaseError
from equity.release.policy import Policy
from equity.release.programs import PROGRAM_CASELOAD
from equity.release.protect import Counts, ProtectionError, companions
from equity.release.tables import as_figures
from equity.release.vital import RECIPES

#: Measures by the count in their numerator.
EVENTS: Final = {recipe.measure: recipe.numerator for recipe in RECIPES} | dict.fromkeys(
    ("caseload", "coverage", "saturation", PROGRAM_CASELOAD), FAMILIES
)
#: Measures of what happens to births: hidden with them, counts too.
PER_BIRTH: Final = tuple(recipe.measure for recipe in RECIPES if recipe.numerator != "births")
#: The events of which each is a part: there are no fewer of them.
MOST: Final = {
    "neonatal": ("infant_deaths", "births"),
    "postneonatal": ("infant_deaths", "births"),
    "infant_deaths": ("births",),
    "very_low_birthweight": ("low_birthweight", "births"),
    "low_birthweight": ("births",),
    "preterm": ("births",),
}
GROUPS: Final = ("black", "white")
#: Reasons that tell how many there are at most.
FEW: Final = ("small_count", "few_deaths", "few_cases")
#: What hiding a count costs, by kind of place: larger places speak for more people and are looked at more. It
#: grows with the count, by its doublings above the hidden range.
LOSS: Final = {"zip": 1.0, "zip_group": 2.0, "program": 2.0, "county": 4.0, "region": 16.0}
#: Times as much, by what is counted: without births no rate stands, and trends need the deaths of every year.
EVENT_LOSS: Final = {"births": 8.0, "infant_deaths": 4.0, "neonatal": 0.5, "postneonatal": 0.5}
#: Times as much for the group this software is for.
BLACK_LOSS: Final = 1.5
NEED, GAP, ALL, LEAST = "need", "service_gap", "caseload", "caseload_least"
_CELL_OF: Final = ["area_kind", "area", "group", "first_year", "last_year"]


class UnprotectedError(ReleaseError):
    """Counts cannot be protected, whatever else is hidden: nothing is published."""

    #: Counts named in the sentence; the rest are only numbered.
    NAMED = 3

    def __init__(self, tables: LinkedTables, cells: list[int]) -> None:
        told = [f"{_name(tables, cell)}, through {_through(tables, cell)}" for cell in cells[: self.NAMED]]
        more = f"; and {len(cells) - self.NAMED} more" if len(cells) > self.NAMED else ""
        super().__init__(
            f"Not published, because hidden counts could be worked out whatever else were hidden: "
            f"{'; '.join(told)}{more}. Merge or withdraw one of the files whose counts add up here."
        )


class Places(NamedTuple):
    """``areas`` (kind, geoid, region) and ``parts`` (which area is in which), as in the store."""

    areas: pd.DataFrame
    parts: pd.DataFrame

    def with_programs(self, programs: pd.DataFrame) -> Places:
        """Programs too, each in its region, as ``program_id region``."""
        own = (
            programs[["program_id", "region"]].rename(columns={"program_id": "geoid"}).assign(kind="program")
        )
        return self._replace(areas=pd.concat([self.areas, own], ignore_index=True))


def hide_beside(
    figures: pd.DataFrame,
    counts: pd.DataFrame,
    places: Places,
    policy: Policy,
    basis: str,
) -> pd.DataFrame:
    """Hide what else must be hidden among ``figures`` (disclosed) of one basis.

    Six counties of one death or more each, in a region of nine or fewer, leave nobody room: "hidden for being
    few" then says too much, and those counts are said to be hidden beside others, of whatever size.

    ``counts``: the same figures before any was hidden, row by row. Raises ``UnprotectedError`` where counts
    cannot be protected even so.
    """
    rows = figures["measure"].isin(EVENTS) & counts["numerator"].notna() & counts["basis"].eq(basis)
    cells = _cells(figures[rows], counts.loc[rows[rows].index, "numerator"], policy)
    tables = link(cells, places.areas, places.parts)
    few = cells["few"].to_numpy(bool, copy=True)
    while True:
        try:
            struck = companions(tables, _counts(cells, policy), policy.room)
            break
        except ProtectionError as error:
            if not cells["few"].iloc[error.cells].any():
                raise UnprotectedError(tables, error.cells) from None
            cells.loc[cells.index[error.cells], "few"] = False
    figures = _say_less(figures, cells.loc[few & ~cells["few"], CELL], basis)
    return _suppress(figures, cells.loc[struck, CELL], basis)


def hide_service(
    counts: pd.DataFrame,
    caseloads: pd.DataFrame,
    vital: pd.DataFrame,
    places: Places,
    policy: Policy,
    basis: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Disclose figures of service, and say which programs' families are hidden beside others.

    ``counts``: the figures before any is hidden; ``caseloads``: families of programs (`program_caseloads`);
    ``vital``: disclosed figures of births. Returns the figures and ``program_id year``.
    """
    small = caseloads["numerator"].between(policy.hide_from, policy.hide_to)
    caseloads = as_figures(caseloads, basis=basis).assign(
        status=np.where(small, "suppressed", "shown"), reason=np.where(small, "small_count", "")
    )
    both = pd.concat([counts, caseloads], ignore_index=True)
    judged = pd.concat([disclose(counts, policy), caseloads], ignore_index=True)
    figures = hide_beside(judged, both, places, policy, basis)
    program = figures["measure"].eq(PROGRAM_CASELOAD)
    beside = figures[program & figures["reason"].eq(BESIDE)]
    named = beside.rename(columns={"area": "program_id", "first_year": "year"})[["program_id", "year"]]
    figures = hide_need(figures[~program].reset_index(drop=True), vital, policy)
    return hide_least(figures, policy), named


def hide_need(service: pd.DataFrame, vital: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Hide need and gap (``service``) where the births they are made from are hidden (``vital``).

    The numerator of both is the births of the block.
    """
    births = vital[vital["measure"].eq("births") & vital["status"].eq("suppressed")]
    hidden = pd.MultiIndex.from_frame(births[_CELL_OF])
    blocks = {year: policy.block_of(year) or (year, year) for year in service["first_year"].unique()}
    first, last = (
        service["first_year"].map({y: block[end] for y, block in blocks.items()}) for end in (0, 1)
    )
    mine = pd.MultiIndex.from_frame(service[_CELL_OF].assign(first_year=first, last_year=last))
    made_of = service["measure"].str.startswith(NEED) | service["measure"].eq(GAP)
    return hide(service, mine.isin(hidden) & made_of.to_numpy())


def hide_least(service: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Hide the largest program's families where all families are hidden, or those of the others are few."""
    all_families = service[service["measure"].eq(ALL)].set_index(_CELL_OF)["value"]
    families = all_families.reindex(pd.MultiIndex.from_frame(service[_CELL_OF])).set_axis(service.index)
    others = families - service["value"]
    few = families.isna() | others.between(policy.hide_from, policy.hide_to)
    return hide(service, (few & service["measure"].eq(LEAST)).to_numpy())


def _suppress(figures: pd.DataFrame, cells: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Hide every figure of the basis that holds one of the counts (``CELL``) above or below the line."""
    wanted = pd.MultiIndex.from_frame(cells[CELL])
    above = pd.MultiIndex.from_frame(_keys(figures, figures["measure"].map(EVENTS).fillna("")))
    births = np.where(figures["measure"].isin(PER_BIRTH), "births", "")
    below = pd.MultiIndex.from_frame(_keys(figures, pd.Series(births, figures.index)))
    return hide(figures, (above.isin(wanted) | below.isin(wanted)) & figures["basis"].eq(basis).to_numpy())


def _name(tables: LinkedTables, cell: int) -> str:
    row = tables.cells.iloc[cell]
    years = sorted({str(row["first_year"]), str(row["last_year"])})
    return f"{row['event']} of {row['area_kind']} {row['area']}, {row['group']}, {'-'.join(years)}"


def _through(tables: LinkedTables, cell: int) -> str:
    """In what a count differs from those that it adds up with."""
    rows = tables.matrix[tables.matrix[:, [cell]].nonzero()[0]]
    others = np.unique(rows.nonzero()[1])
    beside = tables.cells.iloc[others[others < len(tables.cells)]]
    own = tables.cells.iloc[cell]
    kinds = {"group": "groups", "event": "kinds of event", "area": "places", "first_year": "years"}
    return " and ".join(word for name, word in kinds.items() if beside[name].ne(own[name]).any())


def _say_less(figures: pd.DataFrame, cells: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Say of hidden figures of these counts (``CELL``) that they are hidden, and not that they are few."""
    mine = pd.MultiIndex.from_frame(_keys(figures, figures["measure"].map(EVENTS).fillna("")))
    hit = mine.isin(pd.MultiIndex.from_frame(cells)) & figures["reason"].isin(FEW).to_numpy()
    hit &= figures["basis"].eq(basis).to_numpy()
    return figures.assign(reason=figures["reason"].mask(hit, BESIDE))


def _keys(figures: pd.DataFrame, event: pd.Series) -> pd.DataFrame:
    return figures[_CELL_OF].assign(event=event)[CELL]


def _cells(figures: pd.DataFrame, numerator: pd.Series, policy: Policy) -> pd.DataFrame:
    """Each count once: its value, whether any figure shows it, how it was hidden, and the most it is then."""
    rows = _keys(figures, figures["measure"].map(EVENTS)).assign(
        count=numerator.round(),
        shown=figures["status"].isin(SHOWN),
        few=figures["reason"].isin(FEW),
        most=np.where(figures["reason"].eq("few_deaths"), policy.rate_floor - 1, policy.hide_to),
    )
    cells = rows.groupby(CELL, observed=True, as_index=False).agg(
        count=("count", "first"), shown=("shown", "any"), few=("few", "any"), most=("most", "min")
    )
    return pd.concat([cells, _everybody_else(cells)], ignore_index=True)


def _everybody_else(cells: pd.DataFrame) -> pd.DataFrame:
    """All less the groups, wherever a group is published: never shown itself, and as telling."""
    key = [name for name in CELL if name != "group"]
    wide = cells.pivot_table(index=key, columns="group", values="count").reindex(columns=["all", *GROUPS])
    wide = wide[wide["all"].notna() & wide[list(GROUPS)].notna().any(axis=1)]
    rest = (wide["all"] - wide[list(GROUPS)].sum(axis=1)).clip(lower=0.0)
    return rest.rename("count").reset_index().assign(group=REST, shown=False, few=False)


def _counts(cells: pd.DataFrame, policy: Policy) -> Counts:
    value = cells["count"].to_numpy(float)
    hidden = ~cells["shown"].to_numpy(bool)
    small = value <= policy.hide_to
    most = cells["most"].fillna(policy.hide_to).to_numpy(float)
    # everybody knows the range of a count that was hidden for being small
    told = hidden & (value <= most) & cells["few"].to_numpy(bool)
    some = told & (value > 0)
    loss = cells["area_kind"].map(LOSS).fillna(np.inf).to_numpy(float)
    loss = loss * np.where(cells["group"].eq("black"), BLACK_LOSS, 1.0)
    loss = loss * (1 + np.log2(1 + value / (policy.hide_to + 1)))
    loss = loss * cells["event"].map(EVENT_LOSS).fillna(1.0).to_numpy(float)
    high = np.where(told, most, np.inf)
    for inner, around in MOST.items():
        for outer in around:
            of_inner = cells["event"].eq(inner)
            high = np.where(of_inner, np.fmin(high, _shown(cells, event=outer)), high)
            # where all are none, so is every group
            high = np.where(of_inner & (_shown(cells, event=outer, group="all") == 0), 0.0, high)
    high = np.where(cells["group"].ne("all") & (_shown(cells, group="all") == 0), 0.0, high)
    low = np.where(some, float(policy.hide_from), 0.0)
    # where there can be none there is nobody to protect
    return Counts(value, hidden, low, high, small & (high > 0), loss.astype(float))


def _shown(cells: pd.DataFrame, **other: str) -> NDArray[np.float64]:
    """The count of each cell's place and period for another event or group, where it is shown."""
    shown = cells[cells["shown"]].set_index(CELL)["count"]
    return shown.reindex(pd.MultiIndex.from_frame(cells.assign(**other)[CELL])).to_numpy(float)
