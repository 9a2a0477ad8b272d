"""The look all documents share: typeface, colours, and the marker shape of each group and place."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from equity.views.charts.chart import GROUP_LOOKS, INK
from equity.views.classes import SEQUENCE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

FONTS: Final = Path(__file__).resolve().parents[1] / "fonts"
FAMILY: Final = "Atkinson Hyperlegible Next"

QUIET: Final = "#5b6b73"
RULE: Final = "#d5dadc"
ACCENT: Final = SEQUENCE[-1]

#: Kept for all text in charts, so that nothing is smaller on paper than it can be read.
SMALL: Final = 8.0


class Look(NamedTuple):
    """How one series is drawn. Shape and colour both tell it apart; ``marker`` is a matplotlib code."""

    colour: str
    marker: str


#: Plotly's names of the shapes that charts use, as matplotlib writes them.
_MARKERS: Final = {"circle": "o", "square": "s", "diamond": "D"}

#: Groups look the same on pages and in documents.
GROUPS: Final[dict[str, Look]] = {
    group: Look(colour, _MARKERS[symbol]) for group, (colour, symbol) in GROUP_LOOKS.items()
}

#: Matplotlib's defaults that would change bytes from run to run, or look unlike the page around.
_SETTINGS: Final[dict[str, Any]] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "equity",
    "font.family": FAMILY,
    "font.size": 9.0,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": QUIET,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": True,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "hatch.color": QUIET,
    "hatch.linewidth": 0.7,
}

#: Matplotlib's settings are global to the process, and pages are drawn by several threads.
_DRAWING: Final = Lock()


@cache
def _register_fonts() -> None:
    from matplotlib import font_manager

    for file in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(str(file))


@contextmanager
def drawing(
    width: float, height: float, left: float = 0.0, bottom: float = 0.0, top: float = 0.0, right: float = 0.05
) -> Iterator[tuple[Drawing, Axes]]:
    """An empty drawing of ``width`` x ``height`` inches in the documents' look, one thread at a time.

    The margins, in inches too, are the room around the plot; where they are fixed, charts on one page
    line up, and need no second pass to find their layout.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with _DRAWING:
        _register_fonts()
        with rc_context(_SETTINGS):
            figure = Figure(figsize=(width, height))
            room = (left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height)
            yield figure, figure.add_axes(room)


def as_svg(figure: Drawing) -> bytes:
    """The drawing as SVG, letters as shapes, without a date. To be called inside ``drawing``."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return buffer.getvalue()


def as_png(figure: Drawing, title: str, description: str, dpi: int) -> bytes:
    """The drawing as PNG with title and description inside. To be called inside ``drawing``."""
    buffer = io.BytesIO()
    texts = {"Title": title, "Description": description, "Software": None}
    figure.savefig(buffer, format="png", dpi=dpi, metadata=texts, facecolor="white")
    return buffer.getvalue()
