"""The invented agencies and programs of the demonstration.

The program models are real; every agency is made up and says so in its name. Sizes, sites and
reach follow an imagined history, not need, so that gaps exist for the maps to show.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import pandas as pd

CITY, COUNTY = "29510", "29189"
DUNKLIN, MISSISSIPPI, NEW_MADRID = "29069", "29133", "29143"
PEMISCOT, SCOTT, STODDARD = "29155", "29201", "29207"

PAT: Final = "Parents as Teachers"
NFP: Final = "Nurse-Family Partnership"
HFA: Final = "Healthy Families America"
EHS: Final = "Early Head Start home-based"
NURSE: Final = "Nurse home visiting"
_SOUTH = (DUNKLIN, PEMISCOT, NEW_MADRID)


class Model(NamedTuple):
    """What the demonstration assumes of a program model."""

    suffix: str
    eligibility: str
    households_per_visitor: int  # caseload of one full-time home visitor
    leaving: float  # share of households that leave in a quarter


MODELS: Final = {
    PAT: Model("pat", "Pregnant, or with a child not yet in kindergarten; any family", 22, 0.11),
    NFP: Model("nfp", "First-time mothers with low income, before the 29th week of pregnancy", 25, 0.10),
    HFA: Model("hfa", "Pregnant, or with a child under 3 months; screened for need of support", 18, 0.09),
    EHS: Model("ehs", "Pregnant, or with a child under 3; income up to the federal poverty level", 11, 0.08),
    NURSE: Model("nurse", "Pregnant, or with a child under 2; medical or social risk", 25, 0.14),
}


class Agency(NamedTuple):
    """An invented agency; its site is the centre of ``site_zip``."""

    id: str
    name: str
    county: str
    region: str
    site_zip: str


class Program(NamedTuple):
    """An invented program: where it reaches, since when, from how many slots to how many."""

    agency_id: str
    model: str
    funder: str
    cost_per_slot: int  # US dollars a year
    counties: tuple[str, ...]
    zips: int  # number of ZIPs it serves
    opened: str  # first quarter
    slots_start: int
    slots_final: int
    saturation: float  # usual caseload as a share of slots


AGENCIES: Final = (
    Agency("lantern-row", "Lantern Row Family Visiting (demo)", CITY, "stl", "63109"),
    Agency("copper-kettle", "Copper Kettle Parent Circle (demo)", CITY, "stl", "63110"),
    Agency("marigold-stoop", "Marigold Stoop Nurse Visiting (demo)", CITY, "stl", "63108"),
    Agency("tall-window", "Tall Window Early Years (demo)", CITY, "stl", "63116"),
    Agency("brick-garden", "Brick Garden Families (demo)", CITY, "stl", "63107"),
    Agency("quiet-acorn", "Quiet Acorn Family Visiting (demo)", COUNTY, "stl", "63122"),
    Agency("paper-kite", "Paper Kite Parent Circle (demo)", COUNTY, "stl", "63017"),
    Agency("halfmoon-orchard", "Halfmoon Orchard Nurse Visiting (demo)", COUNTY, "stl", "63031"),
    Agency("bluebird-gate", "Bluebird Gate Early Years (demo)", COUNTY, "stl", "63129"),
    Agency("long-table", "Long Table Families (demo)", COUNTY, "stl", "63121"),
    Agency("cotton-row", "Cotton Row Family Visiting (demo)", DUNKLIN, "bootheel", "63857"),
    Agency("wide-field", "Wide Field Early Years (demo)", DUNKLIN, "bootheel", "63863"),
    Agency("willow-ditch", "Willow Ditch Families (demo)", MISSISSIPPI, "bootheel", "63845"),
    Agency("catfish-porch", "Catfish Porch Parent Circle (demo)", NEW_MADRID, "bootheel", "63869"),
    Agency("levee-lamp", "Levee Lamp Nurse Visiting (demo)", PEMISCOT, "bootheel", "63830"),
    Agency("sandhill-door", "Sandhill Door Family Visiting (demo)", SCOTT, "bootheel", "63736"),
    Agency("fern-ridge-lane", "Fern Ridge Lane Parent Circle (demo)", STODDARD, "bootheel", "63841"),
)

PROGRAMS: Final = (
    Program("lantern-row", PAT, "State", 3150, (CITY,), 9, "2010Q1", 45, 85, 0.97),
    Program("lantern-row", HFA, "Federal MIECHV", 4250, (CITY,), 7, "2012Q4", 20, 60, 0.82),
    Program("copper-kettle", EHS, "Federal MIECHV", 10400, (CITY,), 6, "2011Q3", 25, 55, 0.99),
    Program("marigold-stoop", NFP, "Federal MIECHV", 5600, (CITY,), 11, "2010Q1", 55, 115, 0.86),
    Program("marigold-stoop", NURSE, "Medicaid", 2900, (CITY,), 12, "2010Q1", 70, 120, 0.78),
    Program("tall-window", PAT, "Foundation", 3600, (CITY,), 6, "2014Q1", 15, 45, 0.66),
    Program("brick-garden", HFA, "State", 4100, (CITY,), 8, "2016Q3", 25, 70, 0.90),
    Program("quiet-acorn", PAT, "State", 2800, (COUNTY,), 16, "2010Q1", 85, 145, 0.93),
    Program("quiet-acorn", HFA, "County", 4050, (COUNTY,), 9, "2013Q1", 30, 90, 0.74),
    Program("paper-kite", PAT, "State", 2750, (COUNTY,), 14, "2010Q1", 70, 120, 0.96),
    Program("paper-kite", EHS, "Federal MIECHV", 11200, (COUNTY,), 7, "2015Q3", 15, 45, 0.88),
    Program("halfmoon-orchard", NFP, "Federal MIECHV", 5900, (COUNTY,), 15, "2011Q1", 40, 90, 0.81),
    Program("halfmoon-orchard", NURSE, "Foundation", 3200, (COUNTY, CITY), 13, "2010Q1", 55, 105, 0.69),
    Program("bluebird-gate", PAT, "Foundation", 3400, (COUNTY,), 10, "2017Q1", 20, 55, 0.65),
    Program("bluebird-gate", HFA, "State", 3900, (COUNTY,), 8, "2018Q3", 25, 70, 0.84),
    Program("long-table", NURSE, "Medicaid", 2650, (COUNTY, CITY), 15, "2010Q3", 45, 135, 0.80),
    Program("long-table", HFA, "Foundation", 4400, (COUNTY, CITY), 8, "2019Q1", 15, 45, 0.72),
    Program("cotton-row", PAT, "State", 2900, (DUNKLIN,), 6, "2010Q1", 15, 30, 0.91),
    Program("cotton-row", HFA, "Federal MIECHV", 4300, (DUNKLIN,), 5, "2014Q3", 10, 25, 0.83),
    Program("wide-field", EHS, "Federal MIECHV", 9600, _SOUTH, 10, "2012Q1", 15, 30, 1.00),
    Program("willow-ditch", PAT, "State", 2850, (MISSISSIPPI,), 3, "2011Q1", 10, 20, 0.76),
    Program("willow-ditch", EHS, "Federal MIECHV", 9900, (MISSISSIPPI, SCOTT), 4, "2016Q1", 10, 15, 0.95),
    Program("catfish-porch", HFA, "State", 4150, (NEW_MADRID,), 8, "2013Q3", 10, 25, 0.87),
    Program("catfish-porch", PAT, "County", 2700, (NEW_MADRID,), 5, "2010Q1", 10, 15, 0.64),
    Program("levee-lamp", NFP, "Federal MIECHV", 5300, (PEMISCOT, DUNKLIN), 9, "2010Q1", 20, 40, 0.94),
    Program("levee-lamp", PAT, "State", 2950, (PEMISCOT,), 5, "2012Q3", 10, 25, 0.79),
    Program("sandhill-door", PAT, "State", 2800, (SCOTT,), 6, "2010Q1", 20, 35, 0.92),
    Program("sandhill-door", NURSE, "Foundation", 3050, (SCOTT, NEW_MADRID), 6, "2015Q1", 15, 30, 0.73),
    Program("fern-ridge-lane", PAT, "State", 2750, (STODDARD,), 7, "2010Q1", 15, 25, 0.85),
)


def agency_table(parts: pd.DataFrame) -> pd.DataFrame:
    """Agencies with coordinates: the centre of the site's ZIP, taken from the plan's ``parts``."""
    sites = parts.drop_duplicates("zip").set_index("zip")[["latitude", "longitude"]]
    table = pd.DataFrame(AGENCIES).sort_values("id", ignore_index=True)
    absent = sorted(set(table["site_zip"]) - set(sites.index))
    if absent:
        raise ValueError(f"plan_zip has no ZIP {', '.join(absent)}, where a demonstration agency stands.")
    return table.join(sites, on="site_zip").drop(columns="site_zip")


def program_table() -> pd.DataFrame:
    """Programs with ids and names made from agency and model; sorted by id."""
    names = {agency.id: agency.name.removesuffix(" (demo)") for agency in AGENCIES}
    table = pd.DataFrame(PROGRAMS)
    suffix = table["model"].map({model: facts.suffix for model, facts in MODELS.items()})
    table.insert(0, "id", table["agency_id"] + "-" + suffix)
    table.insert(2, "name", table["agency_id"].map(names) + ": " + table["model"] + " (demo)")
    return table.sort_values("id", ignore_index=True)
