"""Where a page's numbers come from: every source of its figures, each once, with its file."""

from __future__ import annotations

from equity.release.load import Release
from equity.views.origins import origins_table
from equity.views.overview import build_overview
from equity.views.profile import build_profile
from equity.views.targets import target_views
from equity.words import say


def test_every_source_of_a_profile_is_listed_once(shipped: Release) -> None:
    figures = build_profile(shipped, "county", "29510", (2017, 2023)).figures()
    table = origins_table(shipped, figures)
    named = {part for figure in figures for part in figure.source.split(";") if part}
    assert len(table) == len(named) > 3
    assert table[say("table.source")].is_unique
    assert table[say("table.basis")].str.contains("demonstration").any()
    assert (table[say("view.origins.file")] != "").all()
    assert table[say("view.origins.figures")].str.contains("Infant mortality").any()


def test_overview_and_targets_rest_on_sources(shipped: Release) -> None:
    assert len(origins_table(shipped, build_overview(shipped).figures)) > 1
    figures = [figure for view in target_views(shipped) for figure in view.figures]
    assert len(origins_table(shipped, figures)) > 1


def test_nothing_rests_on_nothing(shipped: Release) -> None:
    assert origins_table(shipped, []).empty
