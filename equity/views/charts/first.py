"""How often each place is among the first of a plan when need is drawn again: bars, filled where planned."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from equity.release.planning import Sureness
from equity.views.charts.chart import GROUP_LOOKS, INK, Chart, layout
from equity.views.format import number
from equity.views.plan import PlanView
from equity.words import say

#: Bars: the first of the plan, and others that come first as often, up to so many in all.
BARS: Final = 10


def first_chart(view: PlanView, sure: Sureness) -> Chart:
    """Bars of the first places and of those that most often stand in for them."""
    planned = [row.area for row in view.first]
    order = [view.question.areas[place] for place in np.argsort(-sure.top, kind="stable")]
    others = [area for area in order if area not in planned and view.share(sure, area) > 0]
    areas = sorted(
        [*planned, *others[: BARS - len(planned)]], key=lambda area: (-view.share(sure, area), area)
    )
    names = [view.release.area_name("zip", area) for area in areas]
    shares = [view.share(sure, area) * 100 for area in areas]
    colour = GROUP_LOOKS["black"][0]
    where = [say(f"plan.chart.{'in_plan' if area in planned else 'other'}") for area in areas]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": shares,
        "y": names,
        "text": [number(share) for share in shares],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": where,
        "marker": {
            "color": [colour if area in planned else "#ffffff" for area in areas],
            "line": {"color": colour, "width": 2},
        },
        "hovertemplate": "%{y}: %{x:.0f}, %{customdata}<extra></extra>",
    }
    spec = layout(
        say("plan.chart.axis"),
        "",
        height=110 + 30 * len(areas),
        xaxis={"range": [0, 108], "tickvals": [0, 25, 50, 75, 100]},
        yaxis={
            "type": "category", "categoryorder": "array", "categoryarray": names[::-1],
            "tickfont": {"color": INK},
        },
        showlegend=False,
    )  # fmt: skip
    said = "; ".join(
        say("plan.chart.point", name=name, share=number(share))
        for name, share in zip(names, shares, strict=True)
    )
    table = pd.DataFrame(
        {
            say("plan.table.place"): names,
            say("plan.table.top"): [number(share) for share in shares],
            say("table.note"): where,
        }
    )
    sentence = say("plan.chart.sentence", draws=sure.draws)
    return Chart({"data": [bars], "layout": spec}, sentence, say("plan.chart.alt", points=said), table)
