"""Build a draft release: join the store, measure, resolve who holds each cell, disclose.

The margins published are listed here and nowhere else, from finest to coarsest, so that one reader, or
one auditor, can see them all.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import pandas as pd
from geopandas import GeoDataFrame

from equity.release.clusters import clusters
from equity.release.compare import changes, comparisons
from equity.release.disclose import disclose
from equity.release.disparities import disparities, gap_changes, inequality_table
from equity.release.drivers import driver_tables
from equity.release.figure import KEY_COLUMNS
from equity.release.freeze import Draft
from equity.release.policy import Policy
from equity.release.precedence import resolve
from equity.release.reported import context_figures, printed_figures, reported_births
from equity.release.service import ServiceInputs, service_figures
from equity.release.small_areas import small_areas
from equity.release.tables import join_sources
from equity.release.target_paths import target_paths
from equity.release.target_progress import target_progress
from equity.release.trends import trends
from equity.release.vital import region_from_reported, sum_into, vital_figures
from equity.store import read
from equity.store.engine import Readable
from equity.store.service import capacity_by_quarter, enrollment_by, programs, service_areas
from equity.store.vital import vital_totals
from geo.boundaries import Layers, label_points, to_geojson

#: Groups published anywhere: the others are too small here and stay inside "all".
GROUPS: Final = ("all", "black", "white")
#: A region this large may be shown by year and group.
LARGE_REGIONS: Final = ("stl",)
#: Kinds of place for which births by year are printed.
PRINTED_BIRTHS: Final = ("county", "state", "nation")
#: Basis of the counts that no publisher covers.
DEMONSTRATION: Final = "demonstration"


def build_draft(store: Readable, layers: Layers, policy: Policy) -> Draft:
    """Make the whole release as a draft. Reads the store; writes nothing."""
    areas, parts = read.areas(store), read.area_parts(store)
    sources = read.sources(store)
    demo_source = join_sources(sources.loc[sources["basis"].eq(DEMONSTRATION), "id"])
    reported = _reported(store, parts)
    made_up = _demonstration_vital(store, parts, policy, demo_source)
    table = disclose(resolve(reported, made_up), policy)
    service = disclose(_service(store, parts, policy, demo_source), policy)
    context = disclose(context_figures(read.context_rows(store)), policy)
    # a comparison made from printed counts has an interval: it stands before one printed without
    made = [comparisons(table), changes(table, policy.blocks), disparities(table)]
    zips = vital_totals(store, "zip", blocks=policy.blocks)
    smoothed = small_areas(zips, layers.zips, policy, DEMONSTRATION, demo_source)
    clustered = clusters(zips, layers.zips, policy, DEMONSTRATION, demo_source)
    made += [smoothed.figures, clustered.figures]
    models = smoothed.manifest | clustered.manifest
    figures = pd.concat([*made, table, service, context], ignore_index=True)
    figures = figures.drop_duplicates(list(KEY_COLUMNS))
    targets = target_progress(read.targets(store), figures, policy)
    tables = {
        "areas": areas,
        "parts": parts,
        "sources": sources.drop(columns=["loaded_at", "loaded_by"], errors="ignore"),
        "targets": targets,
        "target_paths": target_paths(targets, figures),
        "evidence": read.program_evidence(store),
        "programs": programs(store),
        "inequality": inequality_table(table, policy),
        "gap_changes": gap_changes(table, policy),
        "trends": trends(table, policy),
        **driver_tables(store, table, policy, DEMONSTRATION, demo_source),
    }
    return Draft(figures, tables, _layers(layers), _manifest(policy, layers, figures) | {"models": models})


def _reported(store: Readable, parts: pd.DataFrame) -> pd.DataFrame:
    printed = printed_figures(read.published(store))
    births = pd.concat(
        [
            reported_births(vital_totals(store, kind, by="year", basis="reported"), kind)
            for kind in PRINTED_BIRTHS
        ],
        ignore_index=True,
    )
    counties = pd.concat([printed, births], ignore_index=True)
    regions = region_from_reported(counties, _members(parts, "region", "county"))
    return pd.concat([counties, regions], ignore_index=True)


def _demonstration_vital(store: Readable, parts: pd.DataFrame, policy: Policy, source: str) -> pd.DataFrame:
    """Every published margin of births and deaths, from the demonstration counts."""
    blocks = policy.blocks
    zips = vital_totals(store, "zip", blocks=blocks)
    county_blocks = vital_totals(store, "county", blocks=blocks)
    county_years = vital_totals(store, "county", by="year")
    to_region = _members(parts, "region", "county")
    region_blocks = sum_into(county_blocks, to_region, "region")
    region_years = sum_into(county_years, to_region, "region")
    large = region_years["area"].isin(LARGE_REGIONS) & region_years["group"].isin(GROUPS)
    margins = [
        zips[zips["group"].eq("all")].assign(area_kind="zip"),
        _of_groups(sum_into(zips, _members(parts, "zip_group", "zip"), "zip_group")),
        _of_groups(county_blocks.assign(area_kind="county")),
        county_years[county_years["group"].eq("all")].assign(area_kind="county"),
        _of_groups(region_blocks),
        region_years[region_years["group"].eq("all") | large],
    ]
    counts = pd.concat(margins, ignore_index=True)
    return vital_figures(counts, DEMONSTRATION, DEMONSTRATION, source)


def _of_groups(counts: pd.DataFrame) -> pd.DataFrame:
    return counts[counts["group"].isin(GROUPS)]


def _members(parts: pd.DataFrame, whole_kind: str, part_kind: str) -> pd.DataFrame:
    """Which areas make up which larger ones, as ``area, whole, weight``."""
    rows = parts[parts["whole_kind"].eq(whole_kind) & parts["part_kind"].eq(part_kind)]
    return rows.rename(columns={"part": "area"})[["area", "whole", "weight"]].reset_index(drop=True)


def _service(store: Readable, parts: pd.DataFrame, policy: Policy, source: str) -> pd.DataFrame:
    births = vital_totals(store, "zip", blocks=policy.blocks)
    births = births[births["event"].eq("births") & births["group"].eq("all")]
    context = read.context_rows(store)
    capacity = capacity_by_quarter(store)
    capacity = capacity[capacity["quarter"].str.endswith("Q4")]
    inputs = ServiceInputs(
        births=births.rename(columns={"count": "births"})[["area", "first_year", "last_year", "births"]],
        poverty=_zip_poverty(context, parts),
        child_poverty=_child_poverty(context),
        slots=capacity.assign(year=capacity["quarter"].str[:4].astype(int))[["program_id", "year", "slots"]],
        areas_served=service_areas(store),
        caseload=enrollment_by(store, by=("zip", "group", "year")),
        membership=_membership(parts),
    )
    return service_figures(inputs, policy, source)


def _zip_poverty(context: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Each ZIP with its main county, poverty and people; a ZIP without a survey value keeps an empty one."""
    counties = parts[parts["whole_kind"].eq("zip") & parts["part_kind"].eq("county")]
    main = counties.sort_values("weight", ascending=False).drop_duplicates("whole")
    table = main.rename(columns={"whole": "zip", "part": "county"})[["zip", "county"]]
    zips = context[context["area_kind"].eq("zip")]
    for measure in ("poverty", "population"):
        values = zips[zips["measure"].eq(measure)].set_index("area")["value"]
        table[measure] = table["zip"].map(values)
    return table


def _child_poverty(context: pd.DataFrame) -> pd.DataFrame:
    rows = context[context["measure"].eq("child_poverty") & context["group"].eq("all")]
    latest = rows.sort_values("last_year").drop_duplicates(["area_kind", "area"], keep="last")
    return latest.rename(columns={"area": "county"})[["county", "value"]]


def _membership(parts: pd.DataFrame) -> pd.DataFrame:
    """Every ZIP in itself, its ZIP group, its counties (by weight) and its region."""
    counties = parts[parts["whole_kind"].eq("zip") & parts["part_kind"].eq("county")]
    counties = counties.rename(columns={"whole": "zip", "part": "area"})[["zip", "area", "weight"]]
    total = counties.groupby("zip")["weight"].transform("sum")
    counties = counties.assign(area_kind="county", weight=counties["weight"] / total)
    own = pd.DataFrame({"zip": counties["zip"].unique()})
    own = own.assign(area_kind="zip", area=own["zip"], weight=1.0)
    to_group = _members(parts, "zip_group", "zip").rename(columns={"area": "zip", "whole": "area"})
    to_region = _members(parts, "region", "county").rename(columns={"area": "county", "whole": "area"})
    regions = counties.rename(columns={"area": "county"}).merge(to_region[["county", "area"]], on="county")
    regions = regions.groupby(["zip", "area"])["weight"].sum().reset_index().assign(area_kind="region")
    both = [own, counties, to_group.assign(area_kind="zip_group"), regions]
    return pd.concat(both, ignore_index=True)[["zip", "area_kind", "area", "weight"]]


def _layers(layers: Layers) -> dict[str, dict[str, Any]]:
    return {kind: _layer(layers.of(kind)) for kind in ("zip", "zip_group", "county")}


def _layer(frame: GeoDataFrame) -> dict[str, Any]:
    """A layer as GeoJSON, with a point inside each shape where a mark or a name can stand."""
    document = to_geojson(frame, properties=("geoid", "name", "approximate"))
    points = label_points(frame)
    for feature in document["features"]:
        feature["properties"]["approximate"] = bool(feature["properties"]["approximate"])
        feature["properties"]["label_point"] = list(points[feature["id"]])
    return document


def _manifest(policy: Policy, layers: Layers, figures: pd.DataFrame) -> dict[str, Any]:
    counted = Counter(
        f"{basis}/{status}" for basis, status in zip(figures["basis"], figures["status"], strict=True)
    )
    return {
        "policy": policy.name,
        "blocks": [list(block) for block in policy.blocks],
        "rules": {
            "hidden_counts": [policy.hide_from, policy.hide_to],
            "deaths_for_a_rate": policy.rate_floor,
            "widest_relative_interval_percent": policy.widest,
            "marked_below_deaths": policy.steady,
            "zero_shown": policy.zero_shown,
        },
        "boundaries": layers.vintage,
        "figures": dict(sorted(counted.items())),
    }
