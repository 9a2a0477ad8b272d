"""The small-area model for readers: BYM2, fitted by nested Laplace approximation. No sampling, no seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equity.measures._arrays import Array, read_counts
from equity.measures._icar import scaled_icar
from equity.measures._laplace import Model
from equity.measures._neighbours import Neighbours, adjacency
from equity.measures._nested import EDGE_MASS, Posterior, integrate

#: Prior standard deviations: of fixed effects, and of a connected part's level around the common one.
FIXED_SD: Final = 10.0
PART_SD: Final = 0.5
#: More areas than this are slow by dense algebra: fit state by state.
LARGEST: Final = 3000
#: Standard deviation of a flat rho; a posterior nearly as wide has learned nothing about it.
FLAT_RHO_SD: Final = 12**-0.5


@dataclass(frozen=True)
class Diagnostics:
    """Whether the fit may be shown, and what it rests on.

    ``edge_mass``: posterior on the upper edge of sigma's grid; ``points``: hyperparameters that carry
    weight, as an effective number; ``rho_learned``: False where the data do not tell structured from
    unstructured variation, as with a handful of areas; ``unobserved``: rows predicted without a count.
    """

    converged: bool
    reason: str
    edge_mass: float
    points: float
    areas: int
    parts: int
    islands: int
    rho_learned: bool
    unobserved: int


class SmoothingError(ValueError):
    """The model did not fit; ``diagnostics`` says why, and nothing may be shown from it."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics
        super().__init__(
            f"The small-area model did not fit ({diagnostics.reason}): show the raw counts instead."
        )


@dataclass(frozen=True)
class Bym2:
    """Relative risks by row: posterior mean and interval, hyperparameters, and diagnostics.

    ``sigma``: size of the area effect on the log scale; ``rho``: its spatially structured share; ``tau``:
    size of the rows' own effect where an area has several rows (groups, periods), else 0.
    """

    mean: Array
    low: Array
    high: Array
    sigma: float
    rho: float
    tau: float
    level: float
    diagnostics: Diagnostics
    posterior: Posterior

    def probability_above(self, risk: ArrayLike = 1.0) -> Array:
        """Probability (rows,) that the relative risk is above ``risk``. Source: the marginal posterior."""
        return self.posterior.probability_above(np.asarray(risk, float))


def bym2(
    deaths: ArrayLike,
    expected: ArrayLike,
    neighbours: Neighbours,
    area: ArrayLike | None = None,
    design: ArrayLike | None = None,
    level: float = 0.95,
) -> Bym2:
    """Relative risks of small areas that borrow strength from neighbours, and across groups and periods.

    Sources: Riebler and others 2016 (BYM2); Rue, Martino and Chopin 2009, JRSS B 71:319 (nested Laplace).
    Log risk = fixed effects + sigma (sqrt(1 - rho) v + sqrt(rho) u) of the area + own effect of the row,
    u scaled ICAR by connected part; sigma ~ half-normal(1), rho ~ uniform, tau ~ half-normal(0.3).

    Parameters
    ----------
    deaths, expected : array_like, shape (rows,)
        Counts, NaN where not known (then predicted), and expected counts; no births: both 0.
    neighbours
        Of the areas: matrix, pairs, lists, or a libpysal W or Graph; islands and separate regions too.
    area : array_like of int, shape (rows,), optional
        Area of each row; without it rows are areas.
    design : array_like, shape (rows, p), optional
        Fixed effects, an intercept among them; without it one intercept.
    level : float
        Two-sided level.

    Returns
    -------
    Bym2
        ``.mean .low .high .probability_above(x) .sigma .rho .diagnostics``, or SmoothingError.

    Examples
    --------
    >>> found = bym2([2, 9, 4, 0], [4.0, 5.0, 4.0, 2.0], [[1], [0, 2], [1, 3], [2]])
    >>> bool(found.mean[1] > found.mean[0])
    True
    """
    return _fit(*_model(deaths, expected, neighbours, area, design), level)


def _fit(model: Model, unobserved: int, level: float) -> Bym2:
    posterior = integrate(model)
    diagnostics = _diagnose(model, posterior, unobserved)
    if not diagnostics.converged:
        raise SmoothingError(diagnostics)
    low, high = posterior.quantiles(level)
    sigma, rho, tau = (float(x) for x in posterior.hyper_mean)
    return Bym2(posterior.mean, low, high, sigma, rho, tau, level, diagnostics, posterior)


def _model(
    deaths: ArrayLike,
    expected: ArrayLike,
    neighbours: Neighbours,
    area: ArrayLike | None,
    design: ArrayLike | None,
) -> tuple[Model, int]:
    top, base = read_counts(deaths=deaths, expected=expected)
    touching = adjacency(neighbours, len(top) if area is None and top.ndim == 1 else None)
    areas = touching.shape[0]
    row_area = np.arange(areas) if area is None else np.asarray(area, dtype=np.int64)
    fixed = np.ones((len(top), 1)) if design is None else np.asarray(design, float)
    _check(top, base, row_area, fixed, areas)
    known = np.isfinite(top)
    icar = scaled_icar(touching)
    model = Model(
        deaths=np.where(known, top, 0.0),
        expected=np.where(known, base, 0.0),
        area=row_area,
        design=fixed,
        precision=np.full(fixed.shape[1], FIXED_SD**-2),
        icar=icar,
    )
    return _with_part_levels(model), int((~known).sum())


def _check(top: Array, base: Array, area: NDArray[np.int64], fixed: Array, areas: int) -> None:
    if top.ndim != 1 or area.shape != top.shape or fixed.shape[:1] != top.shape:
        raise ValueError("deaths, expected, area and design must have one row for each other.")
    if areas > LARGEST:
        raise ValueError(f"{areas} areas are too many for one fit: fit at most {LARGEST}, state by state.")
    if area.size and not 0 <= area.min() <= area.max() < areas:
        raise ValueError(f"A row names area {area.max()}; there are {areas} areas.")
    if not np.isfinite(base).all() or not np.isfinite(fixed).all():
        raise ValueError("Expected counts and design must be known for every row.")
    if np.any((top > 0) & (base == 0)):
        raise ValueError(
            "A row has deaths where none are expected: it has no births. Correct or leave it out."
        )
    if not np.nansum(top) > 0:
        raise ValueError("There are no deaths to learn from, so risks cannot be compared.")


def _with_part_levels(model: Model) -> Model:
    """Give each connected part of two areas or more its own level, where there are several such parts."""
    sizes = np.bincount(model.icar.part)
    large = np.flatnonzero(sizes > 1)
    if len(large) < 2:
        return model
    levels = (model.icar.part[model.area][:, None] == large).astype(float)
    return replace(
        model,
        design=np.column_stack([model.design, levels]),
        precision=np.r_[model.precision, np.full(len(large), PART_SD**-2)],
    )


def _diagnose(model: Model, posterior: Posterior, unobserved: int) -> Diagnostics:
    sizes = np.bincount(model.icar.part)
    reason = "" if posterior.converged else "Newton's method did not settle"
    if posterior.edge_mass > EDGE_MASS:
        reason = "the areas vary more than the model allows for"
    if not np.isfinite(posterior.mean).all():
        reason = "a risk is not finite"
    return Diagnostics(
        converged=not reason,
        reason=reason,
        edge_mass=posterior.edge_mass,
        points=float(1 / (posterior.weight**2).sum()),
        areas=len(model.icar.part),
        parts=len(sizes),
        islands=int((sizes == 1).sum()),
        rho_learned=bool(posterior.rho_sd < 0.8 * FLAT_RHO_SD),
        unobserved=unobserved,
    )
