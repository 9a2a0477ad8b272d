"""The profile as plain data for its template: every word and number of the PDF, ready to be set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from equity.release.figure import Figure
from equity.views.charts.dots import verdict
from equity.views.documents import charts
from equity.views.documents.about import definitions, explained, release_rows, release_sentence, source_rows
from equity.views.documents.tables import refuse_hidden_numbers
from equity.views.documents.wording import caution, profile_title, release_date, shown_value
from equity.views.format import count_text, figure_period, interval_text
from equity.views.notes import beside, demonstration_notice, schemes_note, why, widened
from equity.views.overview import state
from equity.views.profile import Profile, Row, SpineRow
from equity.words import language, say

#: Parts that make a measure's number; shown where they are counts that people can follow.
_COUNTED: Final = ("rate", "share")
Json = dict[str, Any]


class Files:
    """The chart files of a document by name, as the template asks for them."""

    def __init__(self) -> None:
        self.by_name: dict[str, bytes] = {}

    def add(self, name: str, chart: charts.Chart | None) -> Json | None:
        """Keep a chart under ``name``; what the template needs to place it, or ``None`` for none."""
        if chart is None:
            return None
        self.by_name[f"{name}.svg"] = chart.svg
        return {"file": f"{name}.svg", "alt": chart.alt}


class Notes:
    """The notes under one table: each text once, marked a, b, c in order of appearance."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def mark(self, text: str) -> str:
        """The mark of a note; empty for no text."""
        if not text:
            return ""
        if text not in self._texts:
            self._texts.append(text)
        return _letter(self._texts.index(text))

    def listed(self) -> list[Json]:
        """All notes with their marks."""
        return [{"mark": _letter(place), "text": text} for place, text in enumerate(self._texts)]


def _letter(place: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[place % 26]


def profile_pages(profile: Profile) -> tuple[Json, dict[str, bytes]]:
    """Everything the template sets, and the charts it places."""
    gap = {row.figure for row in profile.gap}
    # the gap in deaths stands on the screen and in the tables: what is not set here is not explained here
    files, figures = Files(), [figure for figure in profile.figures() if figure not in gap]
    refuse_hidden_numbers(figures)
    notice = demonstration_notice(figures)
    aside = {row.figure for row in profile.gap}  # on the page and in the spreadsheet, not on paper
    said = [figure for figure in figures if figure not in aside]
    data = {
        "meta": _meta(profile),
        "summary": summary(profile),
        "notice": {"title": say("document.notice_title"), "text": notice} if notice else None,
        "headline": _headline(profile),
        "race": _race(profile, files),
        "trend": _trend(profile, files),
        "printed": _printed(profile),
        "spine": _spine(profile, files),
        "service": _service(profile, files),
        "context": _context(profile),
        "definitions": _definitions(said),
        "sources": _sources(profile, said),
        "about": _about(profile),
        "page": say("document.page"),
        "footer": release_sentence(profile.release),
        "marked": say("document.profile.marked") if notice else "",
    }
    return data, files.by_name


def summary(profile: Profile) -> list[list[Json]]:
    """The place in two short paragraphs of plain sentences, each with the tag of a made-up figure.

    The first says its infant mortality, against Missouri's and by race, or why it cannot be known; the
    second sets visits against need.
    """
    rate, ratio = profile.headline[0].figure, profile.comparisons[0].figure
    outcome = _said(profile, rate)
    spine = profile.spine[0] if profile.spine else None
    if rate.visible and spine is not None and spine.measure.id == rate.measure and _comparable(spine):
        outcome.append({"text": verdict(spine), "tag": ""})
    outcome += _said(profile, ratio) if ratio.visible else []
    if profile.stand_in:
        outcome.append({"text": widened(profile.release, profile.name, profile.stand_in), "tag": ""})
        outcome += _said(profile, profile.stand_in)
    visits = [row.figure for row in profile.service if row.measure.id in ("need", "slots")]
    return [outcome, [said for figure in visits if figure.visible for said in _said(profile, figure)]]


def _said(profile: Profile, figure: Figure) -> list[Json]:
    statement = state(profile.release, figure)
    said = [{"text": statement.sentence, "tag": _tag(figure)}]
    return said if figure.visible or not statement.note else [*said, {"text": statement.note, "tag": ""}]


def _comparable(row: SpineRow) -> bool:
    """Whether there is a figure of Missouri on the same basis: nothing is judged across bases."""
    state_figures = [other for other in row.others if other.area_kind == "state" and other.visible]
    return row.here.visible and any(other.basis == row.here.basis for other in state_figures)


def _meta(profile: Profile) -> Json:
    year, month, day = (int(part) for part in release_date(profile.release).split("-"))
    return {
        "title": profile_title(profile),
        "name": profile.name,
        "kicker": say("ui.site.title"),
        "kind": say("document.profile.kicker"),
        "subtitle": say("document.profile.subtitle", period=_years(profile)),
        "author": say("ui.site.title"),
        "about": say("ui.site.about"),
        "lang": language(),
        "date": {"year": year, "month": month, "day": day},
    }


def _years(profile: Profile) -> str:
    return figure_period(profile.headline[0].figure)


def _headline(profile: Profile) -> Json:
    notes = Notes()
    rows = [_measure_row(profile, row, notes) for row in profile.headline]
    table = _table("headline", ("measure", "value", "unit", "interval", "counts", "basis"), rows, notes)
    return table | {"lead": _lead("headline", profile, [])}


def _measure_row(profile: Profile, row: Row, notes: Notes) -> list[Json]:
    figure = row.figure
    return [
        _cell(row.measure.name, strong=True),
        _value(profile, figure, notes),
        _cell(row.measure.unit if figure.visible else "", quiet=True),
        _cell(interval_text(figure)),
        _cell(count_text(figure) if row.measure.floor in _COUNTED else ""),
        _basis(figure),
    ]


def _race(profile: Profile, files: Files) -> Json:
    notes = Notes()
    figures = [row.figure for row in profile.by_race]
    rows = [
        [
            _cell(say(f"figure.group.{figure.group}"), strong=True),
            _value(profile, figure, notes),
            _cell(interval_text(figure)),
            _cell(count_text(figure)),
        ]
        for figure in figures
    ]
    table = _table("race", ("group", "rate", "interval", "counts"), rows, notes)
    gap = [_comparison(profile, row) for row in profile.comparisons]
    table["lead"] = _lead("race", profile, figures)
    return table | {"chart": files.add("race", charts.race_chart(profile)), "gap": gap}


def _comparison(profile: Profile, row: Row) -> Json:
    """A comparison of Black and white: a number with its meaning, or why there is none."""
    figure = row.figure
    interval = interval_text(figure)
    return {
        "name": row.measure.name,
        "value": shown_value(figure),
        "unit": row.measure.unit if figure.visible else "",
        "visible": figure.visible,
        "interval": say("document.alt.likely", interval=interval) if interval else "",
        "text": row.measure.definition if figure.visible else why(profile.release, figure),
        "tag": _tag(figure),
    }


def _trend(profile: Profile, files: Files) -> Json:
    notes = Notes()
    blocks = list(dict.fromkeys(figure_period(figure) for figure in profile.trend))
    by_group: dict[str, list[Figure]] = {}
    for figure in profile.trend:
        by_group.setdefault(figure.group, []).append(figure)
    rows = []
    for group, line in by_group.items():
        cells = [_cell(say(f"figure.group.{group}"), strong=True)]
        for figure in line:
            under = {"under": interval_text(figure), "tag": _tag(figure)}
            cells.append(_value(profile, figure, notes) | under)
        rows.append(cells)
    table = _table("trend", ("group",), rows, notes)
    table["columns"] += blocks
    schemes = [schemes_note(line) for line in by_group.values()]
    table["lead"] = " ".join([_lead("trend", profile, profile.trend), *dict.fromkeys(filter(None, schemes))])
    return table | {"chart": files.add("trend", charts.trend_chart(profile))}


def _printed(profile: Profile) -> Json:
    notes = Notes()
    rows = [
        [
            _cell(row.measure.name, strong=True),
            _cell(say(f"figure.group.{row.figure.group}")),
            _cell(figure_period(row.figure)),
            _value(profile, row.figure, notes),
            _cell(row.measure.unit, quiet=True),
            _cell(interval_text(row.figure)),
        ]
        for row in profile.printed
    ]
    table = _table("printed", ("measure", "group", "period", "value", "unit", "interval"), rows, notes)
    return table | {"lead": _lead("printed", profile, [])}


def _spine(profile: Profile, files: Files) -> Json:
    panels = []
    for place, row in enumerate(profile.spine):
        chart = files.add(f"spine{place}", charts.spine_chart(profile, row))
        said = " ".join(filter(None, [verdict(row) if _comparable(row) else "", _warning(profile, row.here)]))
        panel: Json = {"name": row.measure.name, "unit": row.measure.unit, "period": _periods(row)}
        panels.append(panel | {"chart": chart, "said": said})
    starred = any(_tag(figure) for row in profile.spine for figure in (row.here, *row.others))
    return {
        "heading": say("document.spine.heading"),
        "lead": say("document.spine.lead"),
        "panels": panels,
        "star": say("document.spine.star") if starred else "",
    }


def _warning(profile: Profile, figure: Figure) -> str:
    return why(profile.release, figure) if figure.status == "unstable" else ""


def _periods(row: SpineRow) -> str:
    """The periods of a comparison, the place's own first: places may be printed for different years."""
    return ", ".join(dict.fromkeys(figure_period(figure) for figure in (row.here, *row.others)))


def _service(profile: Profile, files: Files) -> Json:
    notes = Notes()
    rows = [
        [
            _cell(row.measure.name, strong=True),
            _value(profile, row.figure, notes),
            _cell(row.measure.unit if row.figure.visible else "", quiet=True),
            _cell(interval_text(row.figure)),
        ]
        for row in profile.service
    ]
    table = _table("service", ("measure", "value", "unit", "interval"), rows, notes)
    year = profile.service_year
    if year:
        table["heading"] = say("document.service.heading_year", end=profile.service_end)
    table["lead"] = _lead("service", profile, [row.figure for row in profile.service]) if year else ""
    return table | {"chart": files.add("service", charts.service_chart(profile))}


def _context(profile: Profile) -> Json:
    notes = Notes()
    rows = [
        [
            _cell(row.measure.name, strong=True),
            _value(profile, row.figure, notes),
            _cell(row.measure.unit, quiet=True),
            _cell(interval_text(row.figure)),
            _cell(figure_period(row.figure)),
        ]
        for row in profile.context
    ]
    table = _table("context", ("measure", "value", "unit", "interval", "period"), rows, notes)
    return table | {"lead": _lead("context", profile, [])}


def _definitions(figures: Iterable[Figure]) -> Json:
    used = definitions(figures)
    entries = [{"name": entry.name, "text": entry.definition, "quiet": entry.misleads} for entry in used]
    return {"heading": say("document.profile.definitions"), "entries": entries}


def _about(profile: Profile) -> Json:
    pairs = [*explained(profile.release), *release_rows(profile.release)]
    entries = [{"name": name, "text": text, "quiet": ""} for name, text in pairs]
    return {"heading": say("document.profile.about"), "entries": entries}


def _sources(profile: Profile, figures: Sequence[Figure]) -> Json:
    """Titles of sources by publisher, each linked to its address."""
    publishers: dict[str, list[Json]] = {}
    for row in source_rows(profile.release, figures):
        vintage = f" ({row['vintage']})" if row["vintage"] else ""
        title = {"text": f"{row['title']}{vintage}", "url": row["url"]}
        publishers.setdefault(row["publisher"], []).append(title)
    entries = [{"name": name, "titles": titles} for name, titles in publishers.items()]
    return {"heading": say("document.profile.sources"), "entries": entries}


def _table(name: str, columns: Sequence[str], rows: list[list[Json]], notes: Notes) -> Json:
    return {
        "heading": say(f"document.{name}.heading"),
        "columns": [say(f"document.heading.{column}") for column in columns],
        "rows": rows,
        "notes": notes.listed(),
    }


def _lead(name: str, profile: Profile, figures: Iterable[Figure]) -> str:
    """The line under a heading; where every value of the part is made up it ends by saying so."""
    lead = say(f"document.{name}.lead", name=profile.name, period=_years(profile), year=profile.service_year)
    bases = {figure.basis for figure in figures if figure.visible}
    return f"{lead} {say('document.all_made_up')}" if bases == {"demonstration"} else lead


def _value(profile: Profile, figure: Figure, notes: Notes) -> Json:
    """The cell of a value: a bold number, or a quiet word, with the mark of its note."""
    mark = notes.mark(beside(profile.release, figure))
    return {**_cell(shown_value(figure), strong=figure.visible, quiet=not figure.visible), "mark": mark,
            "caution": caution(figure)}  # fmt: skip


def _basis(figure: Figure) -> Json:
    word = say(f"figure.basis_short.{figure.basis}") if figure.visible else ""
    return _cell(word) | {"tag": _tag(figure)}


def _tag(figure: Figure) -> str:
    """The word for a made-up value, set as a label."""
    made_up = figure.visible and figure.basis == "demonstration"
    return say("figure.basis_short.demonstration") if made_up else ""


def _cell(text: str, strong: bool = False, quiet: bool = False) -> Json:
    return {"text": text, "strong": strong, "quiet": quiet}
