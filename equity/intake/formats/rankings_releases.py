"""Which years a release of County Health Rankings is about, and which measures are taken from it.

A release's year is not its data's: the release of 2026 prints deaths and births of 2017-2023. The years
are those the publisher's own tables of data years (``t_state_data_years`` of every release) and measure
files print.
"""

from __future__ import annotations

from typing import Final

#: Measures by the publisher's code; its other measures are not used here.
CODES: Final = {
    "v129": "infant_mortality",
    "v037": "low_birthweight",
    "v014": "teen_births",
    "v024": "child_poverty",
    "v085": "uninsured",
    "v051": "population",
}
#: The same by the words of the headings, in their plainest form.
LABELS: Final = {
    "infant mortality": "infant_mortality",
    "low birthweight": "low_birthweight",
    "low birth weight": "low_birthweight",
    "teen births": "teen_births",
    "teen birth rate": "teen_births",
    "children in poverty": "child_poverty",
    "uninsured": "uninsured",
    "population": "population",
}
#: The same by the names of tables gathered over releases.
NAMES: Final = {
    "infant_mortality_rate_per_1000": "infant_mortality",
    "low_birthweight_share": "low_birthweight",
    "teen_births_per_1000": "teen_births",
    "children_in_poverty_share": "child_poverty",
    "uninsured_share": "uninsured",
}
#: Measures kept as published estimates, with counts; the others describe places.
PUBLISHED: Final = ("infant_mortality", "low_birthweight")
#: Releases that print infant deaths for every 100,000 births.
PER_100_000: Final = (2013,)
#: First birth year from which mothers' race is known as a single race in every state.
SINGLE_RACE_FROM: Final = 2016

_BIRTHS: Final = {
    2010: (2000, 2006), 2011: (2001, 2007), 2012: (2002, 2008), 2013: (2004, 2010), 2014: (2005, 2011),
    2015: (2006, 2012), 2016: (2007, 2013), 2017: (2008, 2014), 2018: (2010, 2016), 2019: (2011, 2017),
    2020: (2012, 2018), 2021: (2013, 2019), 2022: (2014, 2020), 2023: (2014, 2020), 2024: (2016, 2022),
    2025: (2017, 2023),
}  # fmt: skip
_POVERTY: Final = {2010: 2007, 2011: 2008} | {release: release - 2 for release in range(2012, 2026)}
#: First and last year of the data, by measure and release.
DATA_YEARS: Final[dict[str, dict[int, tuple[int, int]]]] = {
    "infant_mortality": {
        2013: (2006, 2010), 2014: (2002, 2008), 2015: (2004, 2010), 2016: (2006, 2012),
        2017: (2007, 2013), 2018: (2010, 2016), 2019: (2011, 2017), 2020: (2012, 2018),
        2021: (2013, 2019), 2022: (2014, 2020), 2023: (2014, 2020), 2024: (2015, 2021),
        2025: (2016, 2022), 2026: (2017, 2023),
    },
    "low_birthweight": _BIRTHS,
    "teen_births": _BIRTHS,
    "child_poverty": {release: (year, year) for release, year in _POVERTY.items()},
    "uninsured": {release: (release - 3, release - 3) for release in range(2012, 2026)},
    "population": {2025: (2023, 2023)},
}  # fmt: skip

#: The nation's numerator and denominator in each release, by measure and group: a file of one measure
#: names no year in its cells, but these two numbers are in no other release.
_NATION: Final[dict[tuple[str, str], dict[tuple[int, int], int]]] = {
    ("infant_mortality", "all"): {
        (136722, 20270210): 2013, (192962, 29210231): 2015, (184372, 28866034): 2016,
        (179309, 28532622): 2017, (165471, 27722083): 2018, (163220, 27717225): 2019,
        (160702, 27568896): 2020, (157994, 27408871): 2021, (154136, 27202098): 2023,
        (150841, 26597063): 2024, (147939, 26286324): 2025, (144923, 25936466): 2026,
    },
    ("infant_mortality", "black"): {(41441, 3711452): 2026},
    ("infant_mortality", "white"): {(57857, 13223664): 2026},
    ("low_birthweight", "all"): {
        (2276229, 28685272): 2010, (2323532, 28942942): 2011, (2361994, 29163521): 2012,
        (2386163, 29180524): 2013, (2374102, 29021294): 2014, (2351246, 28835757): 2015,
        (2314371, 28502641): 2016, (2278885, 28175804): 2017, (2237637, 27722043): 2018,
        (2230947, 27579119): 2019, (2224988, 27418879): 2020, (2220524, 27213918): 2021,
        (2203029, 26896859): 2023, (2190533, 26262906): 2024, (2176957, 25914651): 2025,
    },
    ("low_birthweight", "black"): {(531828, 3707383): 2025},
    ("low_birthweight", "white"): {(921731, 13214993): 2025},
}  # fmt: skip


def release_of_nation(measure: str, group: str, numerator: int, denominator: int) -> int | None:
    """The release that prints these two numbers for the nation; ``None`` where none is known to.

    The releases of 2022 and 2023 print the same years and numbers: they are taken for the later.
    """
    return _NATION.get((measure, group), {}).get((numerator, denominator))
