"""Reported wins; what was withheld is never filled with a made-up number."""

from __future__ import annotations

from equity.release.precedence import resolve
from tests.release.cells import cells, rate

WITHHELD = {"area": "29133", "status": "suppressed", "reason": "withheld_by_publisher", "basis": "reported"}


def test_a_reported_figure_wins_its_cell() -> None:
    table = resolve(cells(rate(238, 26307, basis="reported")), cells(rate(240, 26307)))
    assert table["numerator"].tolist() == [238]


def test_demonstration_fills_what_nobody_covers() -> None:
    table = resolve(
        cells(rate(238, 26307, basis="reported")), cells(rate(20, 3000, area_kind="zip", area="63106"))
    )
    assert table["basis"].tolist() == ["reported", "demonstration"]


def test_a_withheld_cell_gets_no_demonstration_number() -> None:
    table = resolve(cells(WITHHELD), cells(rate(12, 700, area="29133")))
    assert table["numerator"].isna().all()
    assert table["reason"].tolist() == ["withheld_by_publisher"]


def test_neither_do_the_years_groups_and_parts_inside_it() -> None:
    inside = [
        rate(12, 200, area="29133", first_year=2019, last_year=2019),
        rate(11, 500, area="29133", group="black"),
        rate(11, 700, area="29133", measure="neonatal_mortality"),
        {"area": "29133", "measure": "infant_deaths", "value": 12, "numerator": 12},
    ]
    table = resolve(cells(WITHHELD), cells(*inside))
    assert table["value"].isna().all()
    assert table["basis"].eq("reported").all()
    assert table["reason"].iloc[1:].eq("inside_withheld").all()


def test_births_of_a_withheld_cell_are_not_withheld() -> None:
    births = {"area": "29133", "measure": "births", "value": 800, "numerator": 800}
    table = resolve(cells(WITHHELD), cells(births))
    assert table.loc[table["measure"].eq("births"), "value"].tolist() == [800]
