"""The small-area model by dense algebra over all effects at once, as its formulas are written down.

Effects are the fixed ones, one for each area and one for each row; a Newton step solves for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag, cho_factor, cho_solve, inv
from scipy.sparse import csr_array, diags_array, eye_array, hstack

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """Rows of deaths and expected deaths by area, fixed effects with their precision, and the spatial prior.

    ``spatial`` (areas, areas): covariance of the scaled structured effect.
    """

    deaths: Array
    expected: Array
    area: NDArray[np.int64]
    design: Array
    precision: Array
    spatial: Array


def effects_of(counts: Counts) -> csr_array:
    """Which effects each row's log risk is the sum of (rows, effects)."""
    rows, areas = len(counts.deaths), len(counts.spatial)
    own_area = csr_array((np.ones(rows), (np.arange(rows), counts.area)), shape=(rows, areas))
    return csr_array(hstack([csr_array(counts.design), own_area, eye_array(rows)]))


def newton_step(
    counts: Counts, joint: csr_array, effects: Array, sigma: float, rho: float, tau: float
) -> Array:
    """The effects after one step from ``effects``, at given sizes of the area's and the row's own effect."""
    covariance = sigma**2 * ((1 - rho) * np.eye(len(counts.spatial)) + rho * counts.spatial)
    rows = len(counts.deaths)
    prior = block_diag(np.diag(counts.precision), inv(covariance), np.eye(rows) / tau**2)
    mean = counts.expected * np.exp(joint @ effects)
    curvature = prior + (joint.T @ diags_array(mean) @ joint).toarray()
    score = joint.T @ (counts.deaths - mean) - prior @ effects
    factor = cho_factor(curvature, lower=True, overwrite_a=True, check_finite=False)
    return np.asarray(effects + cho_solve(factor, score, check_finite=False))
