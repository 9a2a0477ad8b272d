"""One line of the results, and how the lines are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

HEAD = ("what", "ours", "plain", "ratio", "target", "met")


@dataclass(frozen=True)
class Row:
    """What was measured: ``ours`` and ``plain`` in ``unit``, less is better.

    ``target`` is the most that ``ours`` may be (``None``: none is set). ``detail`` goes into the file of
    results: how often it was measured, what each side did.
    """

    what: str
    ours: float
    plain: float
    unit: str
    target: float | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How many times the plain alternative takes; infinite where ours takes nothing."""
        return self.plain / self.ours if self.ours > 0 else float("inf")

    @property
    def met(self) -> bool | None:
        """Whether the target is met; ``None`` where there is none."""
        return None if self.target is None else self.ours <= self.target

    def record(self) -> dict[str, Any]:
        """The line for the file of results."""
        ratio = round(self.ratio, 2) if self.ours > 0 else None
        return {
            "what": self.what,
            "unit": self.unit,
            "ours": round(self.ours, 3),
            "plain": round(self.plain, 3),
            "ratio": ratio,
            "target": self.target,
            "met": self.met,
            **self.detail,
        }


def table(rows: Sequence[Row]) -> str:
    """The rows as text in columns."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    return "\n".join(_line(line, widths) for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    target = "" if row.target is None else f"<= {row.target:g} {row.unit}"
    met = "" if row.met is None else ("yes" if row.met else "NO")
    return (
        row.what,
        f"{_number(row.ours)} {row.unit}",
        f"{_number(row.plain)} {row.unit}",
        f"{row.ratio:.1f} x",
        target,
        met,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([first, *others]).rstrip()
