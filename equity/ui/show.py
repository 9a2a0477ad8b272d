"""How pages show things: each picture with a sentence, a description and the same numbers as a table.

All texts are plain: what looks like Markdown in them is shown as written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st
from plotly.basedatatypes import BaseFigure

from equity.ui.canvas import on_phone
from equity.ui.language import carried
from equity.ui.plain import plain
from equity.ui.sign_in import watched
from equity.words import say

Direction = Literal["lower", "higher", "neutral"]

#: The kind of an Excel workbook, as servers name it.
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Points that fit on a printed page, where a chart cannot shrink any more; a phone's are narrower.
CHART_WIDTH: Final = 700
#: Tables with more columns are lists on a phone, where one would have to read them through a slit.
PHONE_COLUMNS: Final = 3
#: Longer tables get a scroll bar and a search of their own.
LONG_TABLE: Final = 40
_WRAP: Final = '[data-testid="stTable"] td a { overflow-wrap: anywhere; }'
_CONFIG: Final = {"displayModeBar": False, "showSendToCloud": False, "scrollZoom": False}


@dataclass(frozen=True, slots=True)
class Headline:
    """One large figure: its name, the value as text, and a note beneath (its interval and period).

    ``change`` is text that starts with + or − and says since when; ``direction`` says which way is better.
    """

    label: str
    value: str
    note: str
    change: str = ""
    direction: Direction = "neutral"


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is made when somebody asks for it; ``build`` must not use Streamlit."""

    label: str
    file_name: str
    mime: str
    build: Callable[[], bytes]


class _AsBuilt(BaseFigure):
    """A figure that is sent as it was built; Plotly's own classes check every part again, 5 ms a chart."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self._spec = spec

    def to_dict(self) -> dict[str, Any]:
        """The figure as plain data."""
        return dict(self._spec)


def wrap_addresses() -> None:
    """Let long addresses in tables break anywhere: they have no spaces, and pushed the table off the page."""
    st.html(f"<style>{_WRAP}</style>")


def described(alt: str) -> str:
    """The description of a picture; raises ``ValueError`` where it says nothing."""
    if not alt.strip():
        raise ValueError("A picture needs a description (alt) for readers who cannot see it.")
    return alt


def chart(figure: Mapping[str, Any], *, alt: str, sentence: str, table: pd.DataFrame, key: str) -> None:
    """Show a Plotly figure given as a plain dict (``data``, ``layout``).

    ``sentence`` says above it what it shows; ``table`` holds its numbers as texts, to be opened below;
    ``key`` is its own name on the page. Where everything is hidden there is nothing to draw.
    """
    st.markdown(plain(sentence))
    if figure["data"]:
        st.plotly_chart(
            _AsBuilt(figure), theme=None, width=CHART_WIDTH, key=key, config=_CONFIG, alt=described(alt)
        )
    numbers(table, sentence)


def numbers(frame: pd.DataFrame, caption: str) -> None:
    """The table twin of a picture, closed until somebody opens it."""
    with st.expander(say("ui.show.numbers"), icon=":material/table_rows:"):
        table(frame, caption)


def table(frame: pd.DataFrame, caption: str, *, whole: bool = False) -> None:
    """Show a frame of texts under a caption, without its index; ``whole`` also where it is long.

    An empty cell must say why it is empty: a missing value raises ``ValueError``.
    """
    if frame.isna().to_numpy().any():
        empty = ", ".join(str(name) for name in frame.columns[frame.isna().any()])
        raise ValueError(f"Missing values in the columns {empty} of “{caption}”: say why they are missing.")
    st.caption(plain(caption))
    if frame.empty:
        st.markdown(plain(say("ui.show.nothing")))
        return
    if len(frame) > LONG_TABLE and not whole:
        st.dataframe(frame, hide_index=True, alt=described(caption))
        return
    safe = pd.DataFrame(
        {plain(str(name)): [plain(str(cell)) for cell in frame[name]] for name in frame.columns}
    )
    if on_phone() and len(frame.columns) > PHONE_COLUMNS:
        st.markdown("\n".join(_item(row) for row in safe.to_dict("records")))
        return
    st.table(safe, hide_index=True, border="horizontal", alt=described(caption))


def _item(row: Mapping[Any, str]) -> str:
    """A row as an item of a list: its first cell, then a line for each other that says something."""
    first, *others = row.items()
    lines = [f"- **{first[1]}**", *(f"{name}: {cell}" for name, cell in others if cell)]
    return "  \n  ".join(lines)


def legend(svg: str, *, alt: str) -> None:
    """Show a legend drawn as SVG. No font of the page reaches a picture: its words name a generic one."""
    st.image(svg, alt=described(alt))


def headline(figures: Sequence[Headline], across: int = 3) -> None:
    """Show large figures as cards, up to ``across`` in a row; on a narrow screen they stack."""
    for start in range(0, len(figures), across):
        for column, figure in zip(st.columns(across), figures[start : start + across], strict=False):
            with column, st.container(border=True, height="stretch"):
                st.metric(
                    plain(figure.label),
                    plain(figure.value),
                    delta=plain(figure.change) or None,
                    delta_color=change_color(figure.change, figure.direction),
                    delta_arrow=change_arrow(figure.change),
                )
                st.caption(plain(figure.note))


def change_color(change: str, direction: Direction) -> Literal["blue", "orange", "gray"]:
    """Blue for a change for the better, orange for the worse: told apart with any colour vision."""
    if direction == "neutral" or not change.startswith(("+", "-", "−")):
        return "gray"
    return "blue" if change.startswith("+") == (direction == "higher") else "orange"


def change_arrow(change: str) -> Literal["up", "down", "off"]:
    """The way a change points, by its sign; Streamlit knows only the hyphen as a minus."""
    return {"+": "up", "-": "down", "−": "down"}.get(change[:1], "off")  # type: ignore[return-value]


def downloads(files: Sequence[Download]) -> None:
    """Offer files side by side. Each is made on the click; the page does not run again."""
    st.subheader(say("ui.show.downloads"))
    offer(files)


def offer(files: Sequence[Download]) -> None:
    """The same under a heading that is there already."""
    with st.container(horizontal=True):
        for file in files:
            st.download_button(
                file.label,
                data=watched(carried(file.build), file.file_name),
                file_name=file.file_name,
                mime=file.mime,
                key=f"download:{file.file_name}",
                on_click="ignore",
                icon=":material/download:",
            )
