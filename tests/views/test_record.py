"""The record of who did what, on a page: readable, and narrow enough for it."""

from __future__ import annotations

from equity.store.events import Event
from equity.views.record import LONGEST_WORD, record_table


def test_details_are_words_and_long_ones_are_cut() -> None:
    detail = (
        '{"areas":["county:29510","region:stl"],"of":{"partner":"q","public":"p"},"parent":null,'
        '"hidden_counts_attacked":3474,"sha256":"' + "a" * 64 + '"}'
    )
    event = Event(1, "2026-01-02T03:04:05.678901+00:00", "u" * 255, "download", "r1", detail)
    (row,) = record_table([event]).to_numpy().tolist()
    assert row[0] == "2026-01-02 03:04" and row[2:4] == ["download", "r1"]
    assert row[4] == (
        "areas: county:29510, region:stl; of: partner q, public p; parent: none; "
        f"hidden counts attacked: 3474; sha256: {'a' * 23}…"
    )
    assert max(len(word) for cell in row for word in cell.split()) <= LONGEST_WORD


def test_an_empty_record_is_an_empty_table() -> None:
    assert list(record_table([]).columns) == ["When", "Who", "What", "To what", "Details"]
