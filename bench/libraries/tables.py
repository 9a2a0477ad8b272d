"""Both tables: what they are called, what is in them, and how a fit becomes a line."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from bench.libraries.carolina import Counties, Fit

RESULTS: Final = Path(__file__).with_name("results.csv")
COUNTIES: Final = Path(__file__).with_name("counties.csv")
OURS: Final = "ours"
#: The samplers, and the packages whose versions matter.
SAMPLERS: Final = {"pymc_nutpie": ("pymc", "nutpie"), "numpyro": ("numpyro", "jax")}
CHAINS: Final = 4
#: As many draws for each chain as users take by default, and so many that chance hardly shows.
USUAL: Final = 1000
LONG: Final = 5000
COLUMNS: Final = (
    "method", "versions", "chains", "draws", "seed", "compile_s", "sample_s", "compile_cpu_s", "sample_cpu_s",
    "rhat_max", "ess_min", "mean_diff_max", "above_diff_max",
)  # fmt: skip


def line(name: str, fit: Fit, our: Fit) -> dict[str, Any]:
    """One line of the results. Differences are the largest over the counties, from ours."""
    packages = SAMPLERS.get(name, ("numpy", "scipy"))
    values = (
        name,
        " ".join(f"{package}={version(package)}" for package in packages),
        CHAINS if fit.draws else 0,
        fit.draws,
        fit.seed,
        round(fit.compiling.clock, 3),
        round(fit.sampling.clock, 3),
        round(fit.compiling.processor, 3),
        round(fit.sampling.processor, 3),
        fit.rhat and round(fit.rhat, 4),
        fit.ess and round(fit.ess),
        round(float(np.abs(fit.mean - our.mean).max()), 5),
        round(float(np.abs(fit.above - our.above).max()), 5),
    )
    return dict(zip(COLUMNS, values, strict=True))


def by_county(data: Counties, fits: list[tuple[str, Fit]]) -> pd.DataFrame:
    """Mean of the relative risk, and probability that it is above 1, by county: ours and the long runs."""
    table = pd.DataFrame({"county": data.names})
    for name, fit in fits:
        if fit.draws != USUAL:
            table[f"{name}_mean"], table[f"{name}_above"] = fit.mean.round(5), fit.above.round(5)
    return table
