"""The helpers that show things: nothing without a description, nothing read as Markdown."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from equity.ui.plain import plain
from equity.ui.show import Direction, change_arrow, change_color, chart, legend, table


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("9.1 per 1,000 (7.9–10.2), St. Louis City", "9.1 per 1,000 (7.9–10.2), St. Louis City"),
        ("$6,500 and $7,000", r"\$6,500 and \$7,000"),
        ("[a](http://x.example)", r"\[a\](http://x.example)"),
        (":material/home: :smile:", r"\:material/home: \:smile:"),
        ("*star* _line_ `code` ~no~", r"\*star\* \_line\_ \`code\` \~no\~"),
        ("https://x.example/a_b_2", "https://x.example/a_b_2"),
        ("<b>", r"\<b>"),
        (":red[x] at 15:04", r"\:red\[x\] at 15:04"),
        ("# no heading", r"\# no heading"),
        ("2017. A year", r"2017\. A year"),
        ("- no list", r"\- no list"),
        ("back\\slash", r"back\\slash"),
    ],
)
def test_plain_text_stays_plain(text: str, escaped: str) -> None:
    assert plain(text) == escaped


@pytest.mark.parametrize(
    ("change", "direction", "colour", "arrow"),
    [
        ("−0.3 since 2016", "lower", "blue", "down"),
        ("-0.3", "lower", "blue", "down"),
        ("+0.3", "lower", "orange", "up"),
        ("+12 slots", "higher", "blue", "up"),
        ("−12 slots", "higher", "orange", "down"),
        ("+1", "neutral", "gray", "up"),
        ("no change", "lower", "gray", "off"),
        ("", "lower", "gray", "off"),
    ],
)
def test_a_change_is_coloured_by_what_it_means(
    change: str, direction: Direction, colour: str, arrow: str
) -> None:
    assert (change_color(change, direction), change_arrow(change)) == (colour, arrow)


def test_a_picture_without_a_description_is_refused() -> None:
    with pytest.raises(ValueError, match="description"):
        legend("<svg/>", alt=" ")
    with pytest.raises(ValueError, match="description"):
        chart({"data": [{"y": [1]}]}, alt="", sentence="A sentence.", table=pd.DataFrame(), key="undescribed")


def test_a_missing_value_is_refused_with_its_column() -> None:
    with pytest.raises(ValueError, match="columns Rate of “Rates”"):
        table(pd.DataFrame({"Place": ["a"], "Rate": [float("nan")]}), "Rates")


def _page() -> None:
    import pandas as pd

    from equity.ui.show import chart, table

    numbers = pd.DataFrame({"Cost": ["$3", "[x](y)"]})
    drawn = {"data": [{"y": [3, 5]}]}
    chart(drawn, alt="Two points.", sentence="Costs $3 to $5.", table=numbers, key="drawn")
    chart({"data": []}, alt="Nothing.", sentence="All of it is hidden.", table=numbers, key="hidden")
    table(pd.DataFrame({"Row": [str(row) for row in range(41)]}), "Long")


def test_a_chart_comes_with_sentence_description_and_numbers() -> None:
    at = AppTest.from_function(_page, default_timeout=30).run()
    assert not at.exception
    assert at.markdown[0].value == r"Costs \$3 to \$5."
    (drawn,) = [element.proto for element in at.get("plotly_chart")]
    assert drawn.alt == "Two points."
    assert '"showSendToCloud": false' in drawn.config
    assert drawn.theme == ""
    assert at.expander[0].label == "See the numbers"
    assert at.expander[0].table[0].value["Cost"].tolist() == [r"\$3", r"\[x\](y)"]
    assert len(at.expander) == 2
    assert len(at.dataframe[0].value) == 41
