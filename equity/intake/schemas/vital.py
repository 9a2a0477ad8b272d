"""An extract of vital records: births and infant deaths by place, year and race, as counts."""

from __future__ import annotations

from typing import Final

from equity.intake.schemas.column import Column, Needed, Schema
from equity.store.codes import GROUPS, SCHEMES

_MOST: Final = 10_000_000


def _counted(
    name: str, title: str, description: str, example: str, *aliases: str, needed: Needed = "no"
) -> Column:
    write = "A whole number, or the mark that stands where a small count is hidden, such as * or <10."
    return Column(name, title, description, write, example, "count", needed, 0, _MOST, aliases=aliases)


_COLUMNS: Final = (
    Column(
        name="area",
        title="Area",
        description="The place where the mother lived.",
        write="A ZIP code, or a county by its name or five-digit code; Missouri for the state.",
        example="63106",
        holds="area",
        needed="always",
        aliases=("zip", "zip code", "zip codes", "zcta", "county", "county name", "county fips", "fips",
                 "geography", "place", "geoid", "county of residence", "residence"),
    ),
    Column(
        name="period",
        title="Year or years",
        description="The calendar year, or the years counted together.",
        write="One year such as 2021, or the first and the last such as 2017-2023.",
        example="2017-2023",
        holds="period",
        needed="always",
        aliases=("year", "years", "period", "year or period", "data years", "time period", "calendar year"),
    ),
    Column(
        name="race",
        title="Race or ethnicity",
        description="The mother's race or ethnicity.",
        write="A group; empty or all for all babies together.",
        example="all",
        holds="group",
        choices=GROUPS,
        aliases=("race", "group", "race ethnicity", "ethnicity", "race and ethnicity", "mother s race",
                 "maternal race"),
    ),
    Column(
        name="scheme",
        title="Way of recording race",
        description="How race and Hispanic origin were recorded: groups told apart in other ways differ.",
        write="One of the ways to choose from; empty where Hispanic mothers are in their race's group too.",
        example="mophims_any_hispanic",
        holds="name",
        choices=tuple(scheme for scheme in SCHEMES if scheme and scheme != "demonstration"),
        closed=True,
        aliases=("scheme", "race scheme", "race recorded as", "race method"),
    ),
    _counted("births", "Births", "Live births.", "120", "live births", "number of births", "resident births",
             needed="sometimes"),
    _counted("infant_deaths", "Infant deaths", "Deaths before the first birthday.", "2", "deaths",
             "infant deaths under 1 year", "number of infant deaths", "resident infant deaths",
             needed="sometimes"),
    _counted("neonatal", "Neonatal deaths", "Deaths in the first 27 days of life.", "1", "neonatal",
             "deaths under 28 days"),
    _counted("postneonatal", "Postneonatal deaths", "Deaths from day 28 to the first birthday.", "1",
             "postneonatal", "post neonatal deaths"),
    _counted("preterm", "Preterm births", "Live births before 37 weeks of pregnancy.", "14", "preterm",
             "premature births", "births under 37 weeks"),
    _counted("low_birthweight", "Low-birthweight births", "Live births under 2,500 grams.", "13",
             "low birthweight", "low birth weight", "low birth weight births", "lbw"),
    _counted("very_low_birthweight", "Very-low-birthweight births", "Live births under 1,500 grams.", "3",
             "very low birthweight", "very low birth weight", "very low birth weight births", "vlbw"),
    _counted("fetal_deaths", "Fetal deaths", "Deaths before birth, from 20 weeks of pregnancy on.", "1",
             "stillbirths"),
)  # fmt: skip

VITAL_EXTRACT: Final = Schema(
    kind="vital_extract",
    title="Extract of vital records",
    columns=_COLUMNS,
    marks=(("area",), ("period",), ("births", "infant_deaths")),
    intro=(
        "One row for every place, year (or years) and group.",
        "Counts only: no rate, no percent, nothing about single babies or mothers.",
        "Leave a cell empty where nothing was counted; write 0 where it was counted and there was none.",
        "The figures of this example are made up; they are no example of any place's figures.",
    ),
    rows=(
        {"area": "63106", "period": "2017-2023", "race": "all", "births": "1200", "infant_deaths": "14"},
        {
            "area": "St. Louis City",
            "period": "2021",
            "race": "black",
            "births": "1700",
            "infant_deaths": "22",
        },
        {"area": "29155", "period": "2021", "race": "all", "births": "210", "infant_deaths": "*"},
    ),
)
