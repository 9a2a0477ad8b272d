"""Do slots follow need: cumulative shares of both, from the neediest place on, against an even split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from equity.release.follow_need import FollowNeed
from equity.views.charts.chart import INK, Chart, layout
from equity.views.format import number
from equity.words import say

#: Colour and dash of each ranking: told apart by either.
LOOKS: Final = {"need": ("#d55e00", "solid"), "mortality": ("#0072b2", "dash")}
#: An index this near to zero leans neither way.
EVEN: Final = 0.005
#: Shares of need at which the table reads the curve.
READ_AT: Final = (0.1, 0.25, 0.5, 0.75)


def follow_chart(found: Sequence[FollowNeed], place: str) -> Chart:
    """One curve a ranking, with the diagonal on which slots would follow it."""
    traces = [_diagonal(), *(_curve(one) for one in found if len(one.curve[0]) > 2)] if found else []
    spec = layout(
        say("coverage.follow.axis_need"),
        say("coverage.follow.axis_slots"),
        height=430,
        xaxis={"range": [0, 100]},
        yaxis={"range": [0, 100]},
    )
    sentence = " ".join(dict.fromkeys(said for one in found for said in follow_sentences(one)))
    sentence = sentence or say("coverage.follow.none", place=place)
    alt = say("coverage.follow.alt", place=place, said=sentence)
    return Chart({"data": traces, "layout": spec}, sentence, alt, _table(found))


def follow_sentences(found: FollowNeed) -> list[str]:
    """Which way slots lean and how far, how many would have to move, and what was left out."""
    if len(found.curve[0]) <= 2:
        return [say("coverage.follow.flat")]
    low, high = found.index_range
    key = "even" if low <= 0 <= high or abs(found.index) < EVEN else "away" if found.index > 0 else "toward"
    by = say(f"coverage.follow.by_{found.by}")
    numbers = {"index": number(found.index, 2), "low": number(low, 2), "high": number(high, 2)}
    said = [say(f"coverage.follow.{key}", by=by, **numbers), _moved(found)]
    if found.left_out:
        said.append(say("coverage.follow.left_out", count=found.left_out, places=found.places))
    return said


def _moved(found: FollowNeed) -> str:
    low, high = (number(100 * end) for end in found.moved_range)
    interval = say("view.interval", low=low, high=high)
    likely = f" ({say('view.likely', interval=interval)})" if low != high else ""
    share = number(100 * found.moved)
    return say(f"coverage.follow.moved_{found.by}", share=share, likely=likely)


def _diagonal() -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": [0, 100], "y": [0, 100], "hoverinfo": "skip",
        "name": say("coverage.follow.diagonal"), "line": {"color": INK, "width": 1.5, "dash": "dot"},
    }  # fmt: skip


def _curve(found: FollowNeed) -> dict[str, Any]:
    colour, dash = LOOKS[found.by]
    x, y = (100 * share for share in found.curve)
    return {
        "type": "scatter", "mode": "lines", "x": x.round(2).tolist(), "y": y.round(2).tolist(),
        "name": say(f"coverage.follow.name_{found.by}"),
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "hovertemplate": say("coverage.follow.hover") + "<extra></extra>",
    }  # fmt: skip


def slots_at(found: FollowNeed, share: float) -> float:
    """The share of slots in the neediest places that hold ``share`` of need, read from the curve."""
    x, y = found.curve
    after = int((x < share).sum())
    if after == 0:
        return float(y[0])
    part = (share - x[after - 1]) / (x[after] - x[after - 1])
    return float(y[after - 1] + part * (y[after] - y[after - 1]))


def _table(found: Sequence[FollowNeed]) -> pd.DataFrame:
    """The curve at a few points, the index and what would have to move, with their ranges."""
    rows = []
    for one in found:
        name = say(f"coverage.follow.name_{one.by}")
        basis = say(f"figure.basis_short.{one.basis}")
        for share in READ_AT:
            at = say("coverage.follow.at", share=number(100 * share))
            rows.append((name, at, number(100 * slots_at(one, share)), "", basis))
        low, high = one.index_range
        index = say("view.interval", low=number(low, 2), high=number(high, 2))
        rows.append((name, say("coverage.follow.index"), number(one.index, 2), index, basis))
        low, high = one.moved_range
        moved = say("view.interval", low=number(100 * low), high=number(100 * high))
        rows.append((name, say("coverage.follow.moved"), number(100 * one.moved), moved, basis))
    columns = ("table.group", "table.measure", "table.value", "table.interval", "table.basis")
    names = [say("coverage.follow.ranked"), *(say(key) for key in columns[1:])]
    return pd.DataFrame(rows, columns=names)
