"""``python -m bench.libraries``: fit by every method, and write both tables."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

import pandas as pd
from tqdm import tqdm

from bench.libraries.carolina import Counties, Fit, counties, ours
from bench.libraries.samplers import numpyro_nuts, pymc_nutpie
from bench.libraries.tables import COUNTIES, LONG, OURS, RESULTS, USUAL, by_county, line

SEED: Final = 20
RUN: Final[dict[str, Callable[[Counties, int, int], Fit]]] = {
    "pymc_nutpie": pymc_nutpie,
    "numpyro": numpyro_nuts,
}


def main() -> int:
    """Fit all, in order; the tables are written when everything is done."""
    data = counties()
    fits: list[tuple[str, Fit]] = [(OURS, ours(data))]
    runs = [(name, draws) for name in RUN for draws in (USUAL, LONG)]
    for name, draws in tqdm(runs, desc="samplers", file=sys.stderr):
        fits.append((name, RUN[name](data, draws, SEED)))
    results = pd.DataFrame([line(name, fit, fits[0][1]) for name, fit in fits])
    results["seed"] = results["seed"].astype("Int64")
    results["ess_min"] = results["ess_min"].astype("Int64")
    results.to_csv(RESULTS, index=False, lineterminator="\n")
    by_county(data, fits).to_csv(COUNTIES, index=False, lineterminator="\n")
    print(results.to_string(index=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
