"""The outer step of the small-area model: hyperparameters summed over a grid, and each row's posterior."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from scipy.special import ndtri

from equity.measures._arrays import Array, lower_tail
from equity.measures._laplace import Mode, Model, Point, area_precision, find_mode

#: Search grid of sigma (log scale), and how far below the best log posterior a point still counts.
SIGMA_RANGE: Final = (0.01, 4.0)
COARSE_SIGMAS: Final = 14
COARSE_RHOS: Final = (0.15, 0.5, 0.85)
FINE_SIGMAS: Final = 15
FINE_RHOS: Final = 9
DROP: Final = 9.0
#: Rows' own effect: middles of five equal parts of its half-normal(0.3) prior.
OWN_SD: Final = 0.3
OWN_PARTS: Final = 5
#: Points of each row's density of log risk, and its reach in standard deviations.
DENSITY_POINTS: Final = 161
DENSITY_REACH: Final = 6.5
#: Posterior that may lie on the upper edge of sigma's grid.
EDGE_MASS: Final = 0.01


@dataclass(frozen=True)
class Posterior:
    """Densities of the rows' log risks on their own grids, and weights of the hyperparameters.

    ``log_risk`` (rows, points), ``cumulative`` (rows, points) from 0 to 1, ``mean`` (rows,) of the risk,
    ``weight`` (hyperparameters,).
    """

    log_risk: Array
    cumulative: Array
    mean: Array
    weight: Array
    hyper_mean: Array
    rho_sd: float
    edge_mass: float
    converged: bool

    def probability_above(self, risk: Array) -> Array:
        """Probability that each row's risk is above ``risk``, a number or one for each row."""
        with_rows = np.broadcast_to(np.log(risk), self.mean.shape)
        rows = zip(with_rows, self.log_risk, self.cumulative, strict=True)
        return np.array([1 - np.interp(x, grid, area) for x, grid, area in rows])

    def quantiles(self, level: float) -> tuple[Array, Array]:
        """Lower and upper limit of each row's risk."""
        tail = lower_tail(level)
        low, high = (
            np.exp(
                [np.interp(q, area, grid) for grid, area in zip(self.log_risk, self.cumulative, strict=True)]
            )
            for q in (tail, 1 - tail)
        )
        return low, high


def integrate(model: Model) -> Posterior:
    """Fit at every point of a fine grid around the best hyperparameters, and mix."""
    taus = _taus(model)
    sigmas = _fine_sigmas(model, taus[len(taus) // 2])
    nodes, rho_weight = np.polynomial.legendre.leggauss(FINE_RHOS)
    rhos = (nodes + 1) / 2
    points = [Point(s, r, t) for t in taus for r in rhos for s in sigmas]
    modes = _walk(model, points, marginals=True)
    log_prior = np.log(np.tile(np.repeat(rho_weight, len(sigmas)), len(taus)))
    log_weight = log_prior + [_log_posterior(p, m) for p, m in zip(points, modes, strict=True)]
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    hyper = np.array([(p.sigma, p.rho, p.tau) for p in points])
    hyper_mean = weight @ hyper
    at_edge = hyper[:, 0] >= 0.999 * SIGMA_RANGE[1]
    grid, cumulative, mean = _mix(model, modes, weight)
    return Posterior(
        grid, cumulative, mean, weight, hyper_mean,
        rho_sd=float(np.sqrt(weight @ (hyper[:, 1] - hyper_mean[1]) ** 2)),
        edge_mass=float(weight[at_edge].sum()),
        converged=all(mode.converged for mode, w in zip(modes, weight, strict=True) if w > 1e-6),
    )  # fmt: skip


def _taus(model: Model) -> list[float]:
    if np.bincount(model.area).max() < 2:
        return [0.0]
    middles = (np.arange(OWN_PARTS) + 0.5) / OWN_PARTS
    return [float(tau) for tau in OWN_SD * ndtri(0.5 + middles / 2)]


def _fine_sigmas(model: Model, tau: float) -> Array:
    """Sigmas that matter: those near the best on a coarse grid, one step wider on either side."""
    coarse = np.geomspace(*SIGMA_RANGE, COARSE_SIGMAS)
    points = [Point(sigma, rho, tau) for rho in COARSE_RHOS for sigma in coarse]
    modes = _walk(model, points, marginals=False)
    height = np.array([_log_posterior(p, m) for p, m in zip(points, modes, strict=True)])
    best = height.reshape(len(COARSE_RHOS), -1).max(0)
    near = np.flatnonzero(best > best.max() - DROP)
    first, last = max(near[0] - 1, 0), min(near[-1] + 1, len(coarse) - 1)
    return np.geomspace(coarse[first], coarse[last], FINE_SIGMAS)


def _walk(model: Model, points: list[Point], marginals: bool) -> list[Mode]:
    """Fit one point after the other, each from the mode before it."""
    modes: list[Mode] = []
    for rho, alike in groupby(points, key=lambda point: point.rho):
        structure = area_precision(model, rho)
        for point in alike:
            modes.append(find_mode(model, point, modes[-1] if modes else None, marginals, structure))
    return modes


def _log_posterior(point: Point, mode: Mode) -> float:
    """Evidence and the half-normal(1) prior of sigma, on the log scale of sigma that the grid is even in."""
    return mode.log_evidence - point.sigma**2 / 2 + float(np.log(point.sigma))


def _mix(model: Model, modes: list[Mode], weight: Array) -> tuple[Array, Array, Array]:
    """Each row's posterior of log risk: a mixture over hyperparameters, on a grid of its own."""
    means = np.array([mode.log_risk for mode in modes])
    variances = np.array([mode.variance for mode in modes])
    centre = weight @ means
    spread = np.sqrt(weight @ (variances + (means - centre) ** 2))
    grid = centre[:, None] + spread[:, None] * np.linspace(-DENSITY_REACH, DENSITY_REACH, DENSITY_POINTS)
    density = np.zeros_like(grid)
    for mode, share in zip(modes, weight, strict=True):
        if share > 1e-7:
            density += share * _row_density(model, mode, grid)
    density /= density.sum(1, keepdims=True)
    # the mass at a point lies half below and half above it
    cumulative = density.cumsum(1) - density / 2
    return grid, cumulative, (density * np.exp(grid)).sum(1)


def _row_density(model: Model, mode: Mode, grid: Array) -> Array:
    """What the other rows say of a row's log risk (Gaussian), times its own Poisson likelihood (exact)."""
    mean = model.expected * np.exp(mode.log_risk)
    precision = 1 / mode.variance - mean
    lean = (mode.log_risk + mode.drift) / mode.variance - (mean * mode.log_risk + model.deaths - mean)
    log_density = (
        (lean + model.deaths)[:, None] * grid
        - precision[:, None] * grid**2 / 2
        - model.expected[:, None] * np.exp(grid)
    )
    density = np.exp(log_density - log_density.max(1, keepdims=True))
    return np.asarray(density / density.sum(1, keepdims=True))
