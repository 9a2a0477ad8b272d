"""Headings that tables of births and infant deaths go by."""

from __future__ import annotations

from typing import Final

#: Columns that name a place, in the order in which they are asked.
AREAS: Final = ("zip", "area", "fips", "county")
#: Kinds of place a column may name, the likeliest first.
KINDS: Final = {
    "zip": ("zip",),
    "area": ("zip", "county", "state", "nation"),
    "fips": ("county", "zip", "state", "nation"),
    "county": ("county", "state", "nation"),
}
#: Counted columns and what they are called in a sentence.
EVENTS: Final = {
    "births": "births",
    "infant_deaths": "infant deaths",
    "neonatal": "neonatal deaths",
    "postneonatal": "postneonatal deaths",
    "preterm": "preterm births",
    "low_birthweight": "births of low birthweight",
    "very_low_birthweight": "births of very low birthweight",
    "fetal_deaths": "fetal deaths",
}
#: Events that are part of another one; fetal deaths are part of no births.
PART_OF: Final = {
    "infant_deaths": "births",
    "neonatal": "infant_deaths",
    "postneonatal": "infant_deaths",
    "preterm": "births",
    "low_birthweight": "births",
    "very_low_birthweight": "low_birthweight",
}
DEATHS: Final = ("infant_deaths", "neonatal", "postneonatal")
#: The measure that a hidden count withholds.
WITHHELD: Final = {
    "infant_deaths": "infant_mortality",
    "neonatal": "neonatal_mortality",
    "postneonatal": "postneonatal_mortality",
    "preterm": "preterm",
    "low_birthweight": "low_birthweight",
    "very_low_birthweight": "very_low_birthweight",
}
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "zip": ("zip code", "zipcode", "zip codes", "zcta", "zcta5", "postal code", "mother s zip",
            "residence zip", "zip code of residence", "resident zip code", "mother s zip code",
            "zip of residence"),
    "area": ("place", "location", "geography", "geographic area", "residence", "zip or county",
             "area name", "region", "community", "zip code or county"),
    "fips": ("fips code", "county fips", "county fips code", "county code", "geoid", "county geoid"),
    "county": ("county name", "county of residence", "residence county", "county city", "counties",
               "resident county", "mother s county"),
    "years": ("year", "period", "year or period", "year or years", "birth year", "year of birth",
              "data year", "data years", "calendar year", "time period", "year range", "event year",
              "year s"),
    "first_year": ("from", "start year", "year from", "begin year", "from year", "start"),
    "last_year": ("to", "end year", "year to", "through", "to year", "end"),
    "group": ("race", "race ethnicity", "race or ethnicity", "race and ethnicity", "ethnicity",
              "mother s race", "maternal race", "race of mother", "mother s race ethnicity",
              "population group", "race group", "races"),
    "scheme": ("race scheme", "way of recording race", "race recorded as", "race method"),
    "births": ("live births", "number of births", "birth count", "total births", "resident births",
               "resident live births", "births count", "number of live births", "births n", "births number",
               "births total"),
    "infant_deaths": ("infant death", "deaths", "infant death count", "number of infant deaths",
                      "total infant deaths", "resident infant deaths", "infant deaths under 1 year",
                      "deaths under 1 year", "deaths under one year", "infant deaths count",
                      "infant deaths number", "infant deaths n", "infant deaths total", "infant",
                      "deaths infant"),
    "neonatal": ("neonatal deaths", "neonatal death", "deaths under 28 days", "number of neonatal deaths",
                 "deaths neonatal"),
    "postneonatal": ("postneonatal deaths", "post neonatal deaths", "post neonatal", "postneonatal death",
                     "number of postneonatal deaths", "deaths postneonatal", "deaths post neonatal"),
    "preterm": ("preterm births", "premature births", "births under 37 weeks", "premature", "births preterm",
                "number of preterm births"),
    "low_birthweight": ("low birth weight", "low birthweight births", "low birth weight births", "lbw",
                        "lbw births", "births under 2500 grams", "births low birthweight",
                        "births low birth weight"),
    "very_low_birthweight": ("very low birth weight", "very low birthweight births",
                             "very low birth weight births", "vlbw", "vlbw births",
                             "births under 1500 grams", "births very low birthweight"),
    "fetal_deaths": ("fetal death", "stillbirths", "number of fetal deaths", "foetal deaths",
                     "deaths fetal"),
}  # fmt: skip
