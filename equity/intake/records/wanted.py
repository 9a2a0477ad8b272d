"""The fields that a count looks at, cut from lines by an engine that gets whole ones.

A table of wanted fields has a text column ``codes``, the fields by which lines are summed, one after the
other, and a text column for each field that is summed. A line of a wrong length has no fields, for they are
not where they should be: its ``codes`` say so, and the rest is empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Final

import ibis
import ibis.expr.types as ir

from equity.intake.records.layouts import Field, Layout

CODES: Final = "codes"
#: What ``codes`` are where a line has none: it is empty, or of a wrong length.
EMPTY, LENGTH = "empty", "length"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Fields of lines of ``length`` characters: summed by ``keys``, and summed as ``measured``."""

    length: int
    keys: tuple[Field, ...]
    measured: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of a table of these fields."""
        return (CODES, *(field.name for field in self.measured))

    def cut(self, lines: ir.Table) -> ir.Table:
        """The table of a table with one text column ``line``."""
        line = lines.line.fill_null("")
        length = line.length()
        whole = length == self.length
        codes = reduce(add, (part(line, first, size) for first, size in _runs(self.keys)))
        return lines.select(
            codes=ibis.cases((whole, codes), (length == 0, EMPTY), else_=LENGTH),
            **{
                field.name: whole.ifelse(part(line, field.first, field.length), "") for field in self.measured
            },
        )

    def apart(self, codes: ir.StringValue) -> dict[str, ir.StringValue]:
        """The single codes of their text, and in ``bad`` why there are none."""
        bad = codes.isin((EMPTY, LENGTH))
        found, place = {"bad": bad.ifelse(codes, "")}, 1
        for field in self.keys:
            found[field.name] = bad.ifelse("", part(codes, place, field.length))
            place += field.length
        return found


def wanted(layout: Layout, keys: tuple[str, ...], measured: tuple[str, ...]) -> Wanted:
    """Those fields of some names that a layout has."""
    own = [tuple(layout.field(name) for name in names if layout.has(name)) for names in (keys, measured)]
    return Wanted(layout.length, *own)


def part(text: ir.StringValue, first: int, length: int) -> ir.StringValue:
    """So many characters from a position on, which counts from 1."""
    return text.substr(first - 1, length)


def _runs(fields: tuple[Field, ...]) -> list[tuple[int, int]]:
    """First position and length of each stretch of line that the fields make up, in their order."""
    runs: list[tuple[int, int]] = []
    for field in fields:
        if runs and sum(runs[-1]) == field.first:
            runs[-1] = (runs[-1][0], runs[-1][1] + field.length)
        else:
            runs.append((field.first, field.length))
    return runs
