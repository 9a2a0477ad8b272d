"""Partner figures of some areas: only of these, and nothing of others can be taken from what is public."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from equity.release.cut import CutError, cut, more_shown
from equity.release.load import Release
from equity.release.outside import told_outside
from tests.disclosure.leaking import AREAS, PARTS, content, row

BIRTHS, YEAR = "births", (2023, 2023)
COUNTIES = ("29001", "29002", "29003")
TREND = pd.DataFrame({"area_kind": ["region", "county"], "area": ["r", "29001"], "apc": [None, None]})


def release(name: str, *rows: dict[str, Any], sums: str = "s", trend: float | None = None) -> Release:
    """A small release of a policy; ``trend`` is the pace of every place."""
    made = content(*rows)
    sources = pd.DataFrame({"id": ["demo"], "sha256": [sums]})
    tables = {"areas": AREAS.assign(name=AREAS["geoid"]), "parts": PARTS, "sources": sources,
              "trends": TREND.assign(apc=trend)}  # fmt: skip
    manifest = made.manifest | {"policy": name}
    return Release(name[:2] * 8, name, None, "2026-01-01", manifest, made.figures, tables, {})


def _births(kind: str, code: str, count: float | None, **more: Any) -> dict[str, Any]:
    return row(BIRTHS, kind, code, count, years=YEAR, source="demo", **more)


REGION = _births("region", "r", 900)
BY_COUNTY = [_births("county", code, count) for code, count in zip(COUNTIES, (200, 300, 400), strict=True)]
PUBLIC = release("public", REGION, trend=1.0)
PARTNER = release("partner", REGION, *BY_COUNTY, trend=2.0)


def _shown(made: Release) -> dict[str, float]:
    return {f"{row.area_kind}:{row.area}": row.value for row in made.figures.itertuples()}


def test_only_the_areas_of_the_agreement_are_the_partners() -> None:
    made = cut(PUBLIC, PARTNER, ["county:29001"])
    assert _shown(made) == {"region:r": 900, "county:29001": 200}
    assert made.tables["trends"].set_index("area")["apc"].to_dict() == {"29001": 2.0, "r": 1.0}
    assert made.policy == "partner" and made.manifest["areas"] == ["county:29001"]
    assert made.manifest["of"] == {"public": PUBLIC.id, "partner": PARTNER.id}
    assert made.manifest["figures"] == {"demonstration/shown": 2}
    assert more_shown(made, PUBLIC) == 1
    assert made.figures.dtypes.astype(str).to_dict()["area"] == "category"


def test_a_cut_has_an_id_of_its_content() -> None:
    one, same, other = (
        cut(PUBLIC, PARTNER, [area]) for area in ("county:29001", "county:29001", "county:29002")
    )
    assert one.id == same.id and len({one.id, other.id, PUBLIC.id, PARTNER.id}) == 4


def test_a_public_sum_less_the_parts_agreed_on_tells_the_last_one_and_is_refused() -> None:
    with pytest.raises(
        CutError, match=r"births of county 29003, all, 2023 .* could be worked out"
    ) as refused:
        cut(PUBLIC, PARTNER, ["county:29001", "county:29002"])
    assert refused.value.why == "told" and "400" not in str(refused.value)
    assert _shown(cut(PUBLIC, PARTNER, [f"county:{code}" for code in COUNTIES]))["county:29003"] == 400


def test_a_total_that_only_the_partner_release_has_is_not_of_its_parts() -> None:
    public = release("public", *BY_COUNTY[:2])
    partner = release("partner", REGION, *BY_COUNTY)
    assert _shown(cut(public, partner, ["county:29002"])) == {"county:29001": 200, "county:29002": 300}
    # with the total, the county that the public release leaves out is told; and with that county, the total
    for area in ("region:r", "county:29003"):
        with pytest.raises(CutError, match="could be worked out"):
            cut(public, partner, [area])


def test_what_the_public_release_tells_anyway_is_no_secret() -> None:
    public = release("public", REGION, *BY_COUNTY[:2])
    assert told_outside(public, public, PARTNER, ["county:29001"]) == []
    assert told_outside(PARTNER, PUBLIC, PARTNER, ["county:29001"]) == [
        f"births of county {code}, all, 2023 (demonstration) could be worked out" for code in COUNTIES[1:]
    ]


def test_a_small_count_told_by_both_together_is_found() -> None:
    hidden = [_births("county", "29003", None)]
    public = release("public", _births("region", "r", 506), BY_COUNTY[0], *hidden)
    partner = release("partner", _births("region", "r", 506), *BY_COUNTY[:2], *hidden)
    with pytest.raises(CutError, match=r"births of county 29003, all, 2023 .* is told"):
        cut(public, partner, ["county:29002"])


def test_a_figure_made_of_several_places_stays_the_public_one() -> None:
    model = [
        row("infant_mortality_smoothed", "county", "29001", value, source="demo") for value in (5.0, 6.0)
    ]
    made = cut(
        release("public", REGION, model[0]),
        release("partner", REGION, *BY_COUNTY, model[1]),
        ["county:29001"],
    )
    assert made.select("infant_mortality_smoothed", "county")["value"].tolist() == [5.0]


@pytest.mark.parametrize(
    "partner",
    [
        release("partner", REGION, *BY_COUNTY, sums="of another file"),
        replace(PARTNER, manifest=PARTNER.manifest | {"rules": {"hidden_counts": [1, 12]}}),
    ],
)
def test_releases_of_other_files_or_rules_are_not_put_together(partner: Release) -> None:
    with pytest.raises(CutError, match="publish both again") as refused:
        cut(PUBLIC, partner, ["county:29001"])
    assert refused.value.why == "unlike"
