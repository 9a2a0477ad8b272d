"""Build a draft release: join the store, measure, resolve who holds each cell, disclose.

Which margins of births and deaths are published is in the policy; those of need and service are fixed.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from geopandas import GeoDataFrame

from equity.release.access import access_figures
from equity.release.clusters import clusters
from equity.release.companions import hide_companions
from equity.release.compare import changes, comparisons
from equity.release.counted import LOWER_BOUND, SUBMITTED, counted_figures
from equity.release.disclose import disclose
from equity.release.disparities import disparities, gap_changes, inequality_table
from equity.release.drivers import driver_tables
from equity.release.figure import KEY_COLUMNS
from equity.release.freeze import Draft, count_figures
from equity.release.hidden_deaths import hidden_beside, stand_in
from equity.release.patterns import patterns
from equity.release.policy import Policy
from equity.release.policy_file import FIRST_MARGINS
from equity.release.precedence import resolve
from equity.release.programs import program_caseloads, program_years
from equity.release.reported import context_figures, printed_figures, reported_births
from equity.release.reported_births import told_births
from equity.release.reported_need import need_of_reports
from equity.release.reported_service import reported_service, reports_table, without_demonstration
from equity.release.service import service_figures
from equity.release.service_inputs import members, of_basis, service_inputs
from equity.release.service_zips import ServiceInputs, zip_births
from equity.release.shield import Places, hide_beside, hide_service
from equity.release.slot_rules import DEFAULT_RULE, families_shown, split_slots
from equity.release.small_areas import SMOOTHED, small_areas
from equity.release.tables import join_sources
from equity.release.target_paths import target_paths
from equity.release.target_progress import target_progress
from equity.release.trends import trends
from equity.release.vital import region_from_reported, sum_into, vital_figures
from equity.store import read
from equity.store.engine import Readable
from equity.store.service import capacity_by_quarter, flows_by_program, programs
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
    places = Places(read.areas(store), read.area_parts(store))
    areas, parts = places
    sources = read.sources(store)
    demo_source = join_sources(sources.loc[sources["basis"].eq(DEMONSTRATION), "id"])
    reported = _reported(store, parts, policy)
    zips, around = vital_totals(store, "zip", blocks=policy.blocks), read.context_rows(store)
    made_up = _demonstration_vital(store, zips, parts, policy, demo_source)
    counts = resolve(reported, made_up)
    table = hide_beside(disclose(counts, policy), counts, places, policy, DEMONSTRATION)
    table = hide_companions(table, areas, policy)
    inputs = service_inputs(store, zips, around, parts, DEMONSTRATION)
    service, service_tables = _service(store, inputs, layers, policy, demo_source, table, places)
    handed_in = disclose(reported_service(store, inputs.membership, areas, policy), policy)
    births = told_births(reported, table, members(parts, "zip_group", "zip"))
    estimated = disclose(need_of_reports(inputs, births, handed_in, service, policy), policy)
    service = without_demonstration(service, handed_in, areas)
    context = disclose(context_figures(around), policy)
    # a comparison made from printed counts has an interval: it stands before one printed without
    made = [comparisons(table), changes(table, policy.blocks), disparities(table)]
    beside = hidden_beside(table)
    smoothed = small_areas(zips, layers.zips, policy, DEMONSTRATION, demo_source, beside)
    told = stand_in(zips, beside, smoothed.figures[smoothed.figures["measure"].eq(SMOOTHED)])
    clustered = clusters(told, layers.zips, policy, DEMONSTRATION, demo_source)
    pattern = patterns(told, layers.zips, policy, DEMONSTRATION, demo_source, beside)
    made += [smoothed.figures, clustered.figures, pattern.figures]
    models = smoothed.manifest | clustered.manifest | pattern.manifest
    # what is estimated from births that were handed in stands before the demonstration's
    figures = pd.concat([*made, table, estimated, service, handed_in, context], ignore_index=True)
    figures = figures.drop_duplicates(list(KEY_COLUMNS))
    targets = target_progress(read.targets(store), figures, policy)
    tables = {
        "areas": areas,
        "parts": parts,
        "sources": _public_sources(sources, figures),
        "targets": targets,
        "target_paths": target_paths(targets, figures),
        "evidence": read.program_evidence(store),
        **service_tables,
        "inequality": inequality_table(table, policy),
        "gap_changes": gap_changes(table, policy),
        "trends": trends(table, policy),
        **driver_tables(store, table, policy, DEMONSTRATION, demo_source),
    }
    if len(reports := reports_table(store)):
        tables["reports"] = reports
    return Draft(figures, tables, _layers(layers), _manifest(policy, layers, figures) | {"models": models})


def _public_sources(sources: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Sources without who loaded them and when; a file that was withdrawn is nobody's business."""
    named = set(figures["source"].str.split(";").explode())
    gone = (
        sources["id"].str.startswith(SUBMITTED) & sources["rows_accepted"].eq(0) & ~sources["id"].isin(named)
    )
    return sources[~gone].drop(columns=["loaded_at", "loaded_by"], errors="ignore").reset_index(drop=True)


def _reported(store: Readable, parts: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Every figure that somebody counted: printed ones before submitted counts, withheld ones last."""
    printed = printed_figures(read.published(store))
    counted = counted_figures(store, policy, members(parts, "zip_group", "zip"))
    short = counted["reason"].eq(LOWER_BOUND)
    withheld = printed["status"].eq("suppressed")
    births = [
        reported_births(vital_totals(store, kind, by="year", basis="reported"), kind)
        for kind in PRINTED_BIRTHS
    ]
    in_order = [printed[~withheld], counted[~short], *births, counted[short], printed[withheld]]
    places = pd.concat([table for table in in_order if len(table)], ignore_index=True)
    places = places.drop_duplicates(list(KEY_COLUMNS), ignore_index=True)
    regions = region_from_reported(places, members(parts, "region", "county"))
    return pd.concat([places, regions], ignore_index=True)


def _demonstration_vital(
    store: Readable, zips: pd.DataFrame, parts: pd.DataFrame, policy: Policy, source: str
) -> pd.DataFrame:
    """Every margin of births and deaths of the policy, from the demonstration counts (``zips``: by block)."""
    county_blocks = vital_totals(store, "county", blocks=policy.blocks).assign(area_kind="county")
    county_years = vital_totals(store, "county", by="year").assign(area_kind="county")
    to_region = members(parts, "region", "county")
    region_years = sum_into(county_years, to_region, "region")
    known = {
        ("zip", "block"): zips.assign(area_kind="zip"),
        ("zip_group", "block"): sum_into(zips, members(parts, "zip_group", "zip"), "zip_group"),
        ("county", "block"): county_blocks,
        ("county", "year"): county_years,
        ("region", "block"): sum_into(county_blocks, to_region, "region"),
        ("region", "year"): region_years,
        ("large_region", "year"): region_years[region_years["area"].isin(LARGE_REGIONS)],
    }
    margins = []
    for kind, groups, period in (name.split("/") for name in policy.margins):
        counts = known[kind, period]
        margins.append(counts[counts["group"].isin(GROUPS if groups == "group" else ("all",))])
    # a large region stands among the regions too: what is there twice would count double
    counts = pd.concat(margins, ignore_index=True).drop_duplicates()
    return vital_figures(counts, DEMONSTRATION, DEMONSTRATION, source)


def _service(
    store: Readable,
    inputs: ServiceInputs,
    layers: Layers,
    policy: Policy,
    source: str,
    vital: pd.DataFrame,
    places: Places,
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Disclosed figures of need and service, and the tables of programs behind them.

    ``vital``: disclosed figures of births, which need must not tell.
    """
    births = zip_births(inputs, policy, sorted(inputs.slots["year"].unique()))
    by_births = split_slots(
        inputs.slots, inputs.areas_served, DEFAULT_RULE, births.rename(columns={"births": "weight"})
    )
    counts = service_figures(inputs, by_births, policy, source)
    listed = of_basis(programs(store), DEMONSTRATION)
    linked = places.with_programs(listed)
    caseloads = program_caseloads(inputs.caseload)
    figures, beside = hide_service(counts, caseloads, vital, linked, policy, DEMONSTRATION)
    reach = disclose(access_figures(figures, inputs.slots, listed, layers.zips, policy, source), policy)
    years = program_years(
        inputs.slots,
        inputs.caseload,
        of_basis(flows_by_program(store), DEMONSTRATION),
        inputs.areas_served,
        listed,
        policy,
        beside,
    )
    latest = inputs.slots[inputs.slots["year"].eq(inputs.slots["year"].max())]
    other = [
        split_slots(latest, inputs.areas_served, "caseload", families_shown(figures, policy)),
        split_slots(latest, inputs.areas_served, "equal"),
    ]
    allocated = pd.concat([by_births[by_births["year"].eq(by_births["year"].max())], *other])
    tables = {
        "programs": listed,
        "program_years": years,
        "program_quarters": of_basis(capacity_by_quarter(store), DEMONSTRATION).drop(columns="basis"),
        "service_areas": inputs.areas_served[["program_id", "zip"]],
        "allocated": allocated.drop(columns="year").reset_index(drop=True),
    }
    return pd.concat([figures, reach], ignore_index=True), tables


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
    """What the release is, with its whole policy.

    Rules that came later are named where they differ from what was done before them: a release that they
    leave as it was keeps its id.
    """
    return {
        "policy": policy.name,
        "blocks": [list(block) for block in policy.blocks],
        "rules": {
            "hidden_counts": [policy.hide_from, policy.hide_to],
            "deaths_for_a_rate": policy.rate_floor,
            "widest_relative_interval_percent": policy.widest,
            "marked_below_deaths": policy.steady,
            "zero_shown": policy.zero_shown,
            "values_left_open": policy.room,
            **({"births_for_a_rate": policy.least_births} if policy.least_births else {}),
        },
        **({} if {*policy.margins} == FIRST_MARGINS else {"margins": list(policy.margins)}),
        "boundaries": layers.vintage,
        "figures": count_figures(figures),
    }
