"""Births by ZIP code that were handed in, cut into the sums from which need may be told.

Need is births times a share that everybody can work out: whoever reads a need reads the births behind it.
So a ZIP code whose births a release hides has a hidden need there. In its region and period the need of a
larger place is made from the sum of its births and the share of its counties alone, so that it tells that
sum and no more. Counties are told all or none, and a sum only where each hidden count of 1 to 9 keeps
``policy.room`` values (`totals_are_safe`) even for a reader who knows every other birth there, and the
births of ZIP groups that the release prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from equity.release.counted import LOWER_BOUND, SUBMITTED
from equity.release.figure import VISIBLE
from equity.release.policy import Policy
from equity.release.reported_service import totals_are_safe
from equity.release.tables import join_sources

SPAN: Final = ["first_year", "last_year"]
PLACE: Final = ["area_kind", "area"]
UNITS: Final = ["unit", "county", "births", "whole"]
#: Why a place's need is hidden: its own births are, or they would give others away.
OWN: Final = "hidden_part"
BESIDE: Final = "beside_hidden"


@dataclass(frozen=True)
class ToldBirths:
    """What a release knows of births from files, and what of it a reader sees.

    ``zips``: zip, first_year, last_year, births, source, shown · ``groups``: zip, zip_group, first_year,
    last_year, for ZIP groups whose births can be read.
    """

    zips: pd.DataFrame
    groups: pd.DataFrame


@dataclass(frozen=True)
class Cut:
    """How need is made of the births of one region and span.

    ``units``: unit, county, births, whole · ``places``: unit, area_kind, area: which units add up to a place.
    A unit is a ZIP code, or a county (``whole``), of which no ZIP code's share may be used. ``hidden``:
    area_kind, area, reason, for places whose need is hidden · ``sources``: area_kind, area, source.
    """

    units: pd.DataFrame
    places: pd.DataFrame
    hidden: pd.DataFrame
    sources: pd.DataFrame


def told_births(counted: pd.DataFrame, seen: pd.DataFrame, groups_of_zips: pd.DataFrame) -> ToldBirths:
    """Births of ZIP codes from files, and the ZIP groups whose births are printed.

    ``counted``: reported figures before any is hidden, ``seen``: the same after; ``groups_of_zips``: ``area``
    (ZIP) and ``whole``. Lower bounds are left out: need from them would be one too.
    """
    key = ["area", *SPAN]
    own = _of_all(counted, "zip")
    own = own[own["source"].str.startswith(SUBMITTED) & own["measure"].eq("births")]
    own = own[own["value"].notna() & own["reason"].ne(LOWER_BOUND)]
    after = _of_all(seen, "zip")
    after = after[after["measure"].eq("births") & after["status"].isin(VISIBLE)]
    zips = own[[*key, "value", "source"]].merge(after[key].assign(shown=True), how="left", on=key)
    zips["shown"] = zips["shown"].eq(True)
    groups = _of_all(seen, "zip_group")
    # the births under a rate or a share can be read as well as those of a figure of their own
    known = groups["denominator"].notna() | groups["measure"].eq("births") & groups["value"].notna()
    known &= groups["basis"].eq("reported")
    groups = groups.loc[known, key].drop_duplicates().rename(columns={"area": "whole"})
    groups = groups.merge(groups_of_zips[["area", "whole"]], on="whole")
    return ToldBirths(
        zips.rename(columns={"area": "zip", "value": "births"}),
        groups.rename(columns={"area": "zip", "whole": "zip_group"})[["zip", "zip_group", *SPAN]],
    )


def cut_region(
    told: ToldBirths, span: tuple[int, int], homes: pd.DataFrame, people: pd.Series, policy: Policy
) -> Cut | None:
    """The units of need of one region, or ``None`` where no births of it were handed in for the span.

    ``homes``: zip, county, region, needed; of this region alone. A ZIP code is ``needed`` where babies are
    known to be born: a county, or the region, is whole only where all of those have reported births.
    ``people``: population by county, by which a region's births are spread where no county's may be told.
    """
    own = _within(told.zips, span).merge(homes, on="zip")
    if own.empty:
        return None
    lacking = homes[homes["needed"] & ~homes["zip"].isin(own["zip"])]
    own = own.assign(whole=~own["county"].isin(lacking["county"]), all=lacking.empty)
    if own["shown"].all():
        return _by_zip(own)
    groups = _within(told.groups, span)[["zip", "zip_group"]].drop_duplicates("zip")
    own = own.merge(groups, how="left", on="zip")
    return _by_county(own.assign(zip_group=own["zip_group"].fillna("")), people, policy)


def _of_all(figures: pd.DataFrame, kind: str) -> pd.DataFrame:
    return figures[figures["area_kind"].eq(kind) & figures["group"].eq("all")]


def _within(rows: pd.DataFrame, span: tuple[int, int]) -> pd.DataFrame:
    return rows[rows["first_year"].eq(span[0]) & rows["last_year"].eq(span[1])].drop(columns=SPAN)


def _by_zip(own: pd.DataFrame) -> Cut:
    """Nothing is hidden here: need is made ZIP code by ZIP code and added up."""
    places = _places(own)
    units = own.assign(unit=own["zip"], whole=False)[UNITS]
    hidden = places.iloc[:0].assign(reason="")[[*PLACE, "reason"]]
    return Cut(units, places.assign(unit=places["zip"])[["unit", *PLACE]], hidden, _sources(places))


def _by_county(own: pd.DataFrame, people: pd.Series, policy: Policy) -> Cut:
    """Births of some ZIP codes are hidden here: need is made from the sums of counties, or of the region."""
    small = _few(own["births"], policy)
    own = own.assign(few=own["births"].where(small, 0.0), small=small)
    sums = own[own["whole"]].groupby("county")["births"].sum()
    full = bool(own["all"].all())
    counties = not _few(sums, policy).any() and _counties_are_safe(own, policy)
    alone = not _few(pd.Series([sums.sum()]), policy).any() and _region_is_safe(own, policy)
    told = [*(["county"] if counties else []), *(["region"] if full and (counties or alone) else [])]
    places = _places(own)
    zips = places["area_kind"].eq("zip")
    shown = places["area_kind"].isin(told) | (zips & places["shown"])
    # a county may have the digits of a ZIP code
    unit = places["zip"].where(zips, "county " + places["county"])
    places = places.assign(unit=unit, reason=np.where(zips, OWN, BESIDE))
    births = sums if counties else _spread(float(sums.sum()), people.reindex(sums.index))
    units = pd.DataFrame({"county": births.index.astype(str), "births": births.to_numpy(float)})
    units = units.assign(unit="county " + units["county"], whole=True)
    seen = own.loc[own["shown"], ["zip", "county", "births"]].rename(columns={"zip": "unit"})
    return Cut(
        pd.concat([units, seen.assign(whole=False)], ignore_index=True)[UNITS],
        places.loc[shown, ["unit", *PLACE]].drop_duplicates(ignore_index=True),
        places.loc[~shown, [*PLACE, "reason"]].drop_duplicates(ignore_index=True),
        _sources(places),
    )


def _spread(births: float, people: pd.Series) -> pd.Series:
    """A region's births over its counties by people: by births, their need would tell those of each."""
    known = people.fillna(0.0)
    return births * (known / known.sum() if known.sum() > 0 else known + 1 / max(len(known), 1))


def _counties_are_safe(own: pd.DataFrame, policy: Policy) -> bool:
    """True where the sums of whole counties narrow no hidden count, beside the ZIP groups in print.

    A group inside one county is told already, and the county less the group is what its births add. One
    that reaches over counties cuts each of them.
    """
    reach = own.groupby("zip_group")["county"].nunique()
    left = own[own["whole"] & (own["zip_group"].eq("") | own["zip_group"].map(reach).gt(1))]
    return _sums_are_safe(left, ["county", "zip_group"], policy)


def _region_is_safe(own: pd.DataFrame, policy: Policy) -> bool:
    """The same for the region alone: what is left of it beside the groups in print."""
    return _sums_are_safe(own[own["zip_group"].eq("")], ["region"], policy)


def _sums_are_safe(rows: pd.DataFrame, by: list[str], policy: Policy) -> bool:
    sums = rows.groupby(by)[["few", "small"]].sum()
    return all(
        totals_are_safe(few, int(small), policy)
        for few, small in zip(sums["few"], sums["small"], strict=True)
    )


def _few(counts: pd.Series, policy: Policy) -> pd.Series:
    return counts.between(policy.hide_from, policy.hide_to)


def _places(own: pd.DataFrame) -> pd.DataFrame:
    """Every place of which all births are known, with the ZIP codes in it."""
    levels = [own.assign(area_kind="zip", area=own["zip"])]
    levels.append(own[own["whole"]].assign(area_kind="county", area=own["county"]))
    levels.append(own[own["all"]].assign(area_kind="region", area=own["region"]))
    return pd.concat(levels, ignore_index=True)


def _sources(places: pd.DataFrame) -> pd.DataFrame:
    return places.groupby(PLACE)["source"].agg(join_sources).reset_index()
