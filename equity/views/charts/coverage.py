"""All charts of the Coverage page that do not depend on the chosen place, drawn once for a view."""

from __future__ import annotations

from dataclasses import dataclass

from equity.views.charts.chart import Chart
from equity.views.charts.curve import follow_chart
from equity.views.charts.reached import reached_chart
from equity.views.charts.strip import use_strip
from equity.views.charts.years import service_years, slots_by_quarter
from equity.views.coverage import Coverage


@dataclass(frozen=True)
class CoverageCharts:
    """The charts of one view; ``years`` holds slots and families, then coverage, for each region."""

    use: Chart
    follow: Chart
    race: Chart
    years: dict[str, tuple[Chart, Chart]]
    quarters: Chart


def coverage_charts(view: Coverage) -> CoverageCharts:
    """Draw the charts of a view."""
    release = view.release
    return CoverageCharts(
        use=use_strip(view.programs, view.year_end),
        follow=follow_chart(view.follow, view.region_name),
        race=reached_chart(release, view.regions),
        years={
            region: (
                service_years(release, region, ("slots", "caseload")),
                service_years(release, region, ("coverage",)),
            )
            for region in view.regions
        },
        quarters=slots_by_quarter(release, [program.id for program in view.programs]),
    )
