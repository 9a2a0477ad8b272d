"""Figures from the working tables: pandas for the sums, a loop over areas for the rest."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.stats import chi2
from sqlalchemy import create_engine

Tables = dict[str, pd.DataFrame]
#: One figure, or one row of a table, by the names of its columns.
Row = dict[Any, Any]

TABLES = (
    "vital_count", "area", "area_part", "context", "published_estimate", "program", "service_area",
    "capacity", "enrollment", "target", "source",
)  # fmt: skip
BLOCKS = ((2010, 2016), (2017, 2023))
GROUPS = ("all", "black", "white")
#: Measure, kind, event in the numerator.
RECIPES = (
    ("births", "count", "births"),
    ("infant_deaths", "count", "infant_deaths"),
    ("infant_mortality", "rate", "infant_deaths"),
    ("neonatal_mortality", "rate", "neonatal"),
    ("postneonatal_mortality", "rate", "postneonatal"),
    ("preterm", "share", "preterm"),
    ("low_birthweight", "share", "low_birthweight"),
    ("very_low_birthweight", "share", "very_low_birthweight"),
)
Z = 1.959963984540054
MISSOURI_SHARE = 0.44


def read_tables(database: Path) -> Tables:
    """The working tables, whole."""
    engine = create_engine(f"sqlite:///{database}")
    tables = {name: pd.read_sql_table(name, engine) for name in TABLES}
    engine.dispose()
    return tables


def all_figures(tables: Tables) -> list[Row]:
    """Births, deaths, rates and shares of every margin, and the service of every place and year."""
    rows = vital_figures(tables, "zip", "block", ("all",))
    rows += vital_figures(tables, "zip_group", "block", GROUPS)
    rows += vital_figures(tables, "county", "block", GROUPS)
    rows += vital_figures(tables, "county", "year", ("all",))
    rows += vital_figures(tables, "region", "block", GROUPS)
    rows += vital_figures(tables, "region", "year", ("all",))
    rows += [row for row in vital_figures(tables, "region", "year", GROUPS[1:]) if row["area"] == "stl"]
    service = zip_service(tables)
    for kind in ("zip", "zip_group", "county", "region"):
        rows += service_figures(tables, service, kind)
    return rows


def vital_sums(tables: Tables, kind: str, by: str) -> pd.DataFrame:
    """Events side by side, one row an area, group and period; ``by`` is ``block`` or ``year``."""
    counts = tables["vital_count"]
    counts = counts[(counts["source_id"] == "demonstration") & (counts["stratum"] == "")]
    counts = counts[counts["area_kind"] == ("zip" if kind in ("zip", "zip_group") else "county")]
    if by == "block":
        late = counts["first_year"] >= BLOCKS[1][0]
        first, last = (late.map({False: BLOCKS[0][end], True: BLOCKS[1][end]}) for end in (0, 1))
        counts = counts.assign(first_year=first, last_year=last)
    if kind in ("zip_group", "region"):
        parts = tables["area_part"]
        parts = parts[parts["whole_kind"] == kind][["whole", "part"]]
        counts = counts.merge(parts, left_on="area", right_on="part")
        counts["area"] = counts["whole"]
    keys = ["area", "first_year", "last_year", "event"]
    everyone = counts.groupby(keys)["count"].sum().unstack("event").reset_index().assign(group="all")
    groups = counts.groupby([*keys, "group"])["count"].sum().unstack("event").reset_index()
    return pd.concat([everyone, groups], ignore_index=True)


def vital_figures(tables: Tables, kind: str, by: str, groups: tuple[str, ...]) -> list[Row]:
    """Every vital measure of every area of a kind."""
    rows = []
    sums = vital_sums(tables, kind, by)
    for _, cell in sums[sums["group"].isin(groups)].iterrows():
        for measure, recipe, event in RECIPES:
            row = {
                "measure": measure, "area_kind": kind, "area": cell["area"], "group": cell["group"],
                "first_year": cell["first_year"], "last_year": cell["last_year"],
                "numerator": float(cell[event]),
            }  # fmt: skip
            if recipe == "count":
                row |= {"value": float(cell[event]), "low": None, "high": None, "denominator": None}
            else:
                row |= rate_or_share(recipe, float(cell[event]), float(cell["births"]), measure)
            rows.append(hide(row, recipe))
    return rows


def rate_or_share(recipe: str, count: float, births: float, measure: str) -> Row:
    """Value and interval of a rate per 1,000 or a share."""
    if births == 0:
        return {"value": None, "low": None, "high": None, "denominator": births}
    if recipe == "share":
        low, high = wilson(count, births)
        return {"value": count / births, "low": low, "high": high, "denominator": births}
    low, high = poisson_interval(count)
    if measure == "infant_mortality" and count >= 100:
        low, high = count - Z * math.sqrt(count), count + Z * math.sqrt(count)
    per = 1000 / births
    return {"value": count * per, "low": low * per, "high": high * per, "denominator": births}


def poisson_interval(count: float) -> tuple[float, float]:
    """Exact limits of a count."""
    low = chi2.ppf(0.025, 2 * count) / 2 if count > 0 else 0.0
    return float(low), float(chi2.ppf(0.975, 2 * (count + 1)) / 2)


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Wilson's limits of a share."""
    middle = (part + Z**2 / 2) / (whole + Z**2)
    half = Z * math.sqrt(part * (whole - part) / whole + Z**2 / 4) / (whole + Z**2)
    return (0.0 if part == 0 else middle - half), (1.0 if part == whole else middle + half)


def hide(row: Row, recipe: str) -> Row:
    """Give a row its status and empty what must not be seen."""
    top, base = row["numerator"], row["denominator"]
    small = recipe != "open" and ((0 < top < 10) or (base is not None and 0 < base < 10))
    if row["value"] is None:
        row["status"] = "not_applicable"
    elif small or (recipe == "rate" and (top < 10 or row["high"] - row["low"] > 1.6 * row["value"])):
        row["status"] = "suppressed"
    else:
        row["status"] = "unstable" if recipe in ("rate", "share") and 0 < top < 20 else "shown"
    if row["status"] in ("suppressed", "not_applicable"):
        row |= dict.fromkeys(("value", "low", "high", "numerator", "denominator"))
    return row


def zip_service(tables: Tables) -> pd.DataFrame:
    """Births of the block, need, slots and families of every ZIP code and year."""
    sums = vital_sums(tables, "zip", "block")
    births = sums[sums["group"] == "all"].set_index(["area", "first_year"])["births"].to_dict()
    share = priority_shares(tables)
    capacity = tables["capacity"][tables["capacity"]["quarter"].str.endswith("Q4")]
    years = sorted(capacity["quarter"].str[:4].astype(int).unique())
    rows = {}
    for zip_code in share:
        for year in years:
            first, last = next(block for block in BLOCKS if block[0] <= year <= block[1])
            number = births.get((zip_code, first), 0)
            part, own_error, county_error = share[zip_code]
            rows[zip_code, year] = {
                "zip": zip_code, "year": year, "births": number, "need": number / (last - first + 1) * part,
                "own_error": own_error, "county_error": county_error, "slots": 0.0, "caseload": 0.0,
            }  # fmt: skip
    served = tables["service_area"].groupby("program_id")["zip"].apply(list)
    for _, offer in capacity.iterrows():
        year, zips = int(offer["quarter"][:4]), sorted(served[offer["program_id"]])
        weights = [rows[zip_code, year]["births"] for zip_code in zips]
        for zip_code, slots in zip(zips, whole_parts(offer["slots"], weights), strict=True):
            rows[zip_code, year]["slots"] += slots
    for (zip_code, year), families in caseloads(tables).items():
        if (zip_code, year) in rows:
            rows[zip_code, year]["caseload"] += families
    return pd.DataFrame(list(rows.values()))


def priority_shares(tables: Tables) -> dict[str, tuple[float, float, float]]:
    """Each ZIP code's share of families with a priority mark, and the errors of its two parts."""
    parts = tables["area_part"]
    parts = parts[(parts["whole_kind"] == "zip") & (parts["part_kind"] == "county")]
    main = parts.sort_values("weight", ascending=False).drop_duplicates("whole")
    context = tables["context"]
    wide = context[context["area_kind"] == "zip"].pivot(index="area", columns="measure", values="value")
    zips = main.set_index("whole")[["part"]].join(wide)
    child = context[(context["measure"] == "child_poverty") & (context["group"] == "all")]
    latest = child.sort_values("last_year").drop_duplicates("area", keep="last").set_index("area")
    poor, errors = latest["value"], (latest["high"] - latest["low"]) / (2 * Z * latest["value"])
    shares: dict[str, tuple[float, float, float]] = {}
    for county, inside in zips.groupby("part"):
        known = inside[inside["poverty"].notna() & (inside["population"] > 0)]
        around = (known["poverty"] * known["population"]).sum() / known["population"].sum()
        spread = min(known["poverty"].std(ddof=0) / around, 1.0)
        for zip_code, row in inside.iterrows():
            here = row["poverty"]
            within = here / around if pd.notna(here) and around > 0 else 1.0
            share = min(MISSOURI_SHARE * poor[county] / poor["29"] * within, 0.95)
            own = survey_error(here, row["population"]) if pd.notna(here) else spread
            shares[str(zip_code)] = share, own, float(errors[county])
    return shares


def survey_error(poverty: float, people: float) -> float:
    """How far a survey's poverty may be off, of itself: 7.5 of 100 people asked, design factor 1.5."""
    if poverty <= 0 or people <= 0:
        return 1.0
    return min(1.5 * math.sqrt(0.925 / 0.075 * poverty * (1 - poverty) / people) / poverty, 1.0)


def whole_parts(total: float, weights: list[float]) -> list[float]:
    """Split a whole number in proportion to weights, in whole numbers."""
    top = sum(weights)
    exact = [total * weight / top if top else total / len(weights) for weight in weights]
    parts = [math.floor(value + 1e-9) for value in exact]
    order = sorted(range(len(exact)), key=lambda place: parts[place] - exact[place])
    for place in order[: round(total - sum(parts))]:
        parts[place] += 1
    return [float(part) for part in parts]


def caseloads(tables: Tables) -> dict[tuple[str, int], float]:
    """Families enrolled by ZIP code and year: the program's last quarter of the year."""
    rows = tables["enrollment"]
    year = rows["quarter"].str[:4].astype(int)
    rows = rows[rows["quarter"] == rows.groupby(["program_id", year])["quarter"].transform("max")]
    families = (rows["new"] + rows["continuing"]).groupby([rows["zip"], year[rows.index]]).sum()
    return dict(zip(families.index, families.tolist(), strict=True))


def members(tables: Tables, kind: str) -> pd.DataFrame:
    """Which ZIP codes, with which weight, make up each area of a kind: ``zip, area, weight``."""
    parts = tables["area_part"]
    counties = parts[(parts["whole_kind"] == "zip") & (parts["part_kind"] == "county")]
    counties = counties.rename(columns={"whole": "zip", "part": "area"})[["zip", "area", "weight"]]
    counties["weight"] /= counties.groupby("zip")["weight"].transform("sum")
    if kind == "county":
        return counties
    if kind == "zip":
        zips = counties["zip"].unique()
        return pd.DataFrame({"zip": zips, "area": zips, "weight": 1.0})
    if kind == "zip_group":
        groups = parts[parts["whole_kind"] == "zip_group"]
        return groups.rename(columns={"whole": "area", "part": "zip"})[["zip", "area", "weight"]]
    region = parts[parts["whole_kind"] == "region"].set_index("part")["whole"]
    regions = counties.assign(area=counties["area"].map(region))
    return regions.groupby(["zip", "area"])["weight"].sum().reset_index()


def service_figures(tables: Tables, service: pd.DataFrame, kind: str) -> list[Row]:
    """Need, slots, families, use, coverage and gap of every area of a kind in every year."""
    rows = []
    inside = members(tables, kind).merge(service, on="zip")
    for count in ("slots", "caseload"):
        for _, own in inside.groupby(["zip", "year"]):
            inside.loc[own.index, count] = whole_parts(own[count].iloc[0], own["weight"].tolist())
    for (area, year), zips in inside.groupby(["area", "year"]):
        births, need = ((zips[name] * zips["weight"]).sum() for name in ("births", "need"))
        slots, caseload = zips["slots"].sum(), zips["caseload"].sum()
        parts = zips["need"] * zips["weight"]
        alone = math.sqrt(float(((parts * zips["own_error"]) ** 2).sum()))
        around = float((parts * zips["county_error"]).sum())
        low, high = limits(births, need, math.hypot(alone, around) / need if need > 0 else 0.0)
        key = {"area_kind": kind, "area": area, "group": "all", "first_year": year, "last_year": year}
        found: list[tuple[str, str, float, float | None, float | None, float, float | None]] = [
            ("need", "derived", need, low, high, births, None),
            ("slots", "open", slots, None, None, 0, None),
            ("caseload", "count", caseload, None, None, caseload, None),
            ("service_gap", "derived", need - slots, low - slots, high - slots, births, None),
        ]
        if slots > 0:
            found.append(("saturation", "derived", caseload / slots, None, None, caseload, None))
        if need > 0:
            top = min(caseload, need)
            ends = reached(top / need, wilson(top, need), need, (low, high))
            found.append(("coverage", "share", top / need, *ends, caseload, need))
        for measure, recipe, value, lower, upper, numerator, denominator in found:
            row = {
                "measure": measure, **key, "value": float(value), "low": lower, "high": upper,
                "numerator": numerator, "denominator": denominator,
            }  # fmt: skip
            rows.append(hide(row, recipe))
    return rows


def limits(births: float, need: float, error: float) -> tuple[float, float]:
    """Limits of a need: the chance of its births and the error of its share, squared and added as logs."""
    if births <= 0 or need <= 0:
        return 0.0, 0.0
    more = births + 1
    low = births * (1 - 1 / (9 * births) - Z / (3 * math.sqrt(births))) ** 3
    high = more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3
    down = math.sqrt(math.log(births / low) ** 2 + (Z * error) ** 2)
    up = math.sqrt(math.log(high / births) ** 2 + (Z * error) ** 2)
    return need / math.exp(down), need * math.exp(up)


def reached(
    share: float, wilson_ends: tuple[float, float], need: float, need_ends: tuple[float, float]
) -> tuple[float, float]:
    """Limits of a share whose base is an estimate with limits of its own."""
    if share == 0 or need_ends[0] <= 0:
        return wilson_ends
    down = math.sqrt(math.log(share / wilson_ends[0]) ** 2 + math.log(need_ends[1] / need) ** 2)
    up = math.sqrt(math.log(wilson_ends[1] / share) ** 2 + math.log(need / need_ends[0]) ** 2)
    return share / math.exp(down), min(share * math.exp(up), 1.0)
