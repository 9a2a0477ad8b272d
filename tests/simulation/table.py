"""The committed table of what simulations found, and the lines it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

TABLE: Final = Path(__file__).with_name("summary.csv")
SEED: Final = 20_330_101
Line = dict[str, object]


def line(
    what: str,
    setting: str,
    result: float,
    wanted: tuple[float, float],
    repetitions: int,
    seed: int | None = SEED,
    note: str = "",
) -> Line:
    """One result and the limits it should keep within; without a seed it was summed exactly.

    ``note`` says what a line that misses its limits comes from; it is left out where they are met.
    """
    low, high = wanted
    met = low <= round(float(result), 4) <= high
    return {
        "what": what,
        "setting": setting,
        "result": round(float(result), 4),
        "wanted": _limits(low, high),
        "met": "yes" if met else "no",
        "seed": "exact" if seed is None else str(seed),
        "repetitions": repetitions,
        "note": "" if met else note,
    }


def _limits(low: float, high: float) -> str:
    if low == -np.inf:
        return f"at most {high:g}"
    return f"at least {low:g}" if high == np.inf else f"{low:g} to {high:g}"


def bins(what: str, said: np.ndarray, happened: np.ndarray, count: int = 10, note: str = "") -> list[Line]:
    """Share of what happened by bins of what was said, each wanted within 5 points of the mean said."""
    place = np.clip((count * said).astype(int), 0, count - 1)
    lines = []
    for i in range(count):
        inside = place == i
        mean = round(float(said[inside].mean()), 3)
        setting = f"said {i / count:.1f} to {(i + 1) / count:.1f}, on average {mean:.3f}"
        limits = (round(mean - 0.05, 3), round(mean + 0.05, 3))
        lines.append(line(what, setting, happened[inside].mean(), limits, int(inside.sum()), note=note))
    return lines


def committed() -> pd.DataFrame:
    """The table as it is kept."""
    return pd.read_csv(TABLE, dtype={"seed": str}, keep_default_na=False)


def as_table(lines: Sequence[Line]) -> pd.DataFrame:
    """Lines as a table in their order."""
    return pd.DataFrame(list(lines))
