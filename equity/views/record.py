"""What was recorded of who did what, as a table a person reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

import pandas as pd

from equity.words import say

COLUMNS: Final = ("at", "actor", "action", "subject", "detail")
#: Letters of a word that fit into a narrow cell; a checksum has more, and the file has it whole.
LONGEST_WORD: Final = 24


class Recorded(Protocol):
    """An event: times are UTC text, ``detail`` is JSON text."""

    @property
    def at(self) -> str: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102
    @property
    def action(self) -> str: ...  # noqa: D102
    @property
    def subject(self) -> str: ...  # noqa: D102
    @property
    def detail(self) -> str: ...  # noqa: D102


def record_table(events: Iterable[Recorded]) -> pd.DataFrame:
    """Events as texts, in the order given; long words are cut."""
    rows = [
        (minute(one.at), *map(short, (one.actor, one.action, one.subject, _said(json.loads(one.detail)))))
        for one in events
    ]
    return pd.DataFrame(rows, columns=[say(f"data.record.{name}") for name in COLUMNS])


def minute(at: str) -> str:
    """A time of the store to the minute."""
    return at[:16].replace("T", " ")


def short(text: str) -> str:
    """A text whose long words are cut."""
    return " ".join(
        word if len(word) <= LONGEST_WORD else f"{word[: LONGEST_WORD - 1]}…" for word in text.split()
    )


def _said(detail: Mapping[str, Any]) -> str:
    return "; ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in detail.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return say("data.record.nothing") if value in (None, "") else str(value)
