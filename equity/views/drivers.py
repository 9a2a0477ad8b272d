"""What drives the gap, and its pace: each part as a chart or a sentence, or a sentence why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from equity.release.load import Release
from equity.views.charts.chart import Chart
from equity.views.charts.drivers import kitagawa_bars, risk_bars, span
from equity.views.disparities import table_rows
from equity.views.format import inside, number, period_text
from equity.views.notes import thresholds
from equity.views.profile import Profile
from equity.words import say

Row = Mapping[str, Any]
#: The definition drawn; the other one stands beside it in words.
DRAWN: Final = "citymatch"
OTHER: Final = "all_weights"
#: Below so many deaths expected in a year, one year says next to nothing.
FEW_A_YEAR: Final = 10

#: Indices of inequality by poverty, with the decimals they are published to.
GRADIENT: Final = {"slope": 0, "relative": 1, "concentration": 2, "absolute": 1}


@dataclass(frozen=True)
class Driver:
    """One part of the section: a chart, or (``chart`` is ``None``) a sentence alone. ``key`` names it."""

    key: str
    sentence: str
    chart: Chart | None = None


def drivers(profile: Profile) -> tuple[Driver, ...]:
    """The gap by birthweight, by period of risk, and how poverty goes with infant mortality."""
    return (_kitagawa(profile), _risk(profile), _association(profile), *_gradient(profile))


def _words(profile: Profile) -> dict[str, str]:
    return {"place": inside(profile.name), "period": period_text(*profile.period)}


def _limits(profile: Profile) -> dict[str, int]:
    """The thresholds of the policy in force."""
    return thresholds(profile.release.manifest.get("rules", {}))


def _marked(row: Row, *sentences: str) -> str:
    """Sentences with the mark of made-up figures before them."""
    mark = [say("drivers.mark")] if row["basis"] == "demonstration" else []
    return " ".join([*mark, *(sentence for sentence in sentences if sentence)])


def _kitagawa(profile: Profile) -> Driver:
    rows = table_rows(profile.release, "kitagawa", profile, profile.period)
    words = _words(profile)
    if not rows or rows[0]["reason"]:
        reason = rows[0]["reason"] if rows else "none"
        return Driver("kitagawa", say(f"drivers.kitagawa.{reason}", **words, **_limits(profile)))
    total = next(row for row in rows if row["stratum"] == "total")
    sentence = say(
        "drivers.kitagawa.sentence",
        **words,
        difference=number(total["composition"] + total["rate"], 1),
        composition=number(total["composition"], 1),
        composition_range=span(total["composition_low"], total["composition_high"]),
        rate=number(total["rate"], 1),
        rate_range=span(total["rate_low"], total["rate_high"]),
    )
    drawn = kitagawa_bars(rows, _marked(total, sentence), **words)
    return Driver("kitagawa", drawn.sentence, drawn)


def _risk(profile: Profile) -> Driver:
    rows = table_rows(profile.release, "periods_of_risk", profile, profile.period)
    words = _words(profile)
    own = [row for row in rows if row["definition"] == DRAWN]
    if not own or own[0]["reason"]:
        reason = own[0]["reason"] if own else "none"
        return Driver("risk", say(f"drivers.risk.{reason}", **words, **_limits(profile)))
    total = next(row for row in own if row["period"] == "total")
    largest = max((row for row in own if row is not total), key=lambda row: float(row["excess_rate"]))
    sentence = say(
        "drivers.risk.sentence",
        **words,
        excess=number(total["excess_rate"], 1),
        range=span(total["low"], total["high"]),
        largest=_uncapitalised(say(f"drivers.period.{largest['period']}")),
        part=f"{number(largest['excess_rate'], 1)} ({span(largest['low'], largest['high'])})",
    )
    what = say("drivers.risk.definition", what=say(f"drivers.definition.{DRAWN}"))
    text = _marked(total, sentence, what, _other_definition(rows))
    drawn = risk_bars(own, text, **words)
    return Driver("risk", text, drawn)


def _uncapitalised(text: str) -> str:
    return text[0].lower() + text[1:]


def _other_definition(rows: list[Row]) -> str:
    total = [row for row in rows if row["definition"] == OTHER and row["period"] == "total"]
    if not total:
        return ""
    return say(
        "drivers.risk.other_definition",
        what=say(f"drivers.definition.{OTHER}"),
        excess=number(total[0]["excess_rate"], 1),
        range=span(total[0]["low"], total[0]["high"]),
    )


def _association(profile: Profile) -> Driver:
    rows = table_rows(profile.release, "associations", profile, profile.period)
    if not rows:
        return Driver("association", say("drivers.association.none"))
    row, words = rows[0], _words(profile)
    if row["reason"]:
        return Driver("association", say(f"drivers.association.{row['reason']}", **words))
    numbers = {name: number(row[name], 2) for name in ("ratio", "spearman", "pearson")}
    ranges = {f"{name}_range": span(row[f"{name}_low"], row[f"{name}_high"], 2) for name in numbers}
    sentence = say("drivers.association.sentence", **words, areas=int(row["areas"]), **numbers, **ranges)
    return Driver("association", _marked(row, sentence, say("drivers.association.warning")))


def _gradient(profile: Profile) -> tuple[Driver, ...]:
    """Inequality from the poorest to the least poor ZIP codes; nothing where no row is made for a place."""
    rows = table_rows(profile.release, "gradient", profile, profile.period)
    if not rows:
        return ()
    row, words = rows[0], _words(profile)
    if row["reason"]:
        return (Driver("gradient", say(f"drivers.gradient.{row['reason']}", **words)),)
    numbers = {name: number(row[name], places) for name, places in GRADIENT.items()}
    ranges = {
        f"{name}_range": span(row[f"{name}_low"], row[f"{name}_high"], places)
        for name, places in GRADIENT.items()
    }
    poorer_worse = row["slope_low"] > 0 and row["relative_low"] > 1
    said = say(
        f"drivers.gradient.{'sentence' if poorer_worse else 'sentence_even'}", **words, **numbers, **ranges
    )
    spread = say("drivers.gradient.concentration", **numbers, **ranges)
    return (Driver("gradient", _marked(row, said, spread, say("drivers.gradient.warning"))),)


def pace(profile: Profile) -> list[str]:
    """The yearly pace of each group and the counts that would be ordinary next year."""
    release, here = profile.release, (profile.area_kind, profile.area)
    rows = table_rows(release, "trends", here, None)
    place = inside(profile.name)
    if not rows:
        return [say("drivers.trend.none", place=place)]
    return [sentence for row in rows for sentence in _pace(release, row, place) if sentence]


def _pace(release: Release, row: Row, place: str) -> list[str]:
    words = {"group": say(f"drivers.trend.group_{row['group']}"), "place": place}
    if row["reason"]:
        fitted = say(f"drivers.trend.{row['reason']}", **words)
    else:
        fitted = _marked(row, _fitted(row, words))
    if not row["next_basis"]:
        return [fitted]
    first, last = release.manifest["blocks"][-1]
    coming = say(
        "drivers.trend.next",
        **words,
        block=period_text(int(first), int(last)),
        births=number(row["next_births"]),
        low=number(row["next_low"]),
        high=number(row["next_high"]),
    )
    few = say("drivers.trend.next_few") if row["next_expected"] < FEW_A_YEAR else ""
    return [fitted, _marked({"basis": row["next_basis"]}, coming, few)]


def _fitted(row: Row, words: Mapping[str, str]) -> str:
    verdict = "chance" if row["low"] <= 0 <= row["high"] else "fall" if row["high"] < 0 else "rise"
    joints = say("drivers.trend.no_joint_few" if row["joints_reason"] else "drivers.trend.no_joint")
    if row["joints"]:
        joints = say("drivers.trend.joint", years=row["joints"].replace(";", ", "))
    scatter = say(f"drivers.trend.family_{row['family']}")
    said = say(
        "drivers.trend.fitted",
        **words,
        apc=number(row["apc"], 1),
        first=int(row["first_year"]),
        last=int(row["last_year"]),
        range=f"{span(row['low'], row['high'])} %",
        verdict=f"{say(f'drivers.trend.{verdict}')} {scatter}",
        joints=joints,
        marker=say(f"drivers.trend.marker_{row['marker']}"),
    )
    return said.strip()
