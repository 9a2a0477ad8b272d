"""The inner step of the small-area model: the most likely effects for given hyperparameters, by Newton."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, lapack

from equity.measures._arrays import Array
from equity.measures._icar import ScaledIcar

NEWTON_STEPS: Final = 60
#: Newton stops when the next step would raise the log posterior by less than this.
TOLERANCE: Final = 1e-9


@dataclass(frozen=True)
class Model:
    """Counts, and how each row's log risk is put together: fixed effects, its area's effect, its own.

    ``deaths expected area`` (rows,), ``design`` (rows, p), ``precision`` (p,) of the fixed effects' priors.
    A row that is not observed has expected 0 and deaths 0.
    """

    deaths: Array
    expected: Array
    area: NDArray[np.int64]
    design: Array
    precision: Array
    icar: ScaledIcar


@dataclass(frozen=True)
class Point:
    """Hyperparameters: size of the area effect, its structured share, size of the rows' own effect."""

    sigma: float
    rho: float
    tau: float


@dataclass(frozen=True)
class Mode:
    """Mode of the effects (p + areas,) and of the rows' own (rows,), and the Gaussian around it.

    ``drift`` (rows,) is what the skewness of the *other* rows does to a row's mean, to first order; a row's
    own skewness is dealt with exactly where its density is made.
    """

    effects: Array
    own: Array
    log_risk: Array
    variance: Array
    drift: Array
    log_evidence: float
    converged: bool


@dataclass(frozen=True)
class _State:
    """Where the search stands: effects of areas and fixed effects, own effects, and the loss there."""

    effects: Array
    own: Array
    loss: float


@dataclass(frozen=True)
class _Step:
    """Newton's step, what it would gain, and the curvature it came from (its Cholesky factor)."""

    effects: Array
    own: Array
    gain: float
    factor: Array
    shrink: Array


def find_mode(
    model: Model, point: Point, start: Mode | None, marginals: bool, structure: Array | None = None
) -> Mode:
    """Newton's method with halving, from an earlier mode if there is one.

    ``structure`` is what `area_precision` gives for the point's rho, if at hand: where areas are many, it
    takes longer than a step.
    """
    along = point.sigma**2 * ((1 - point.rho) + point.rho * model.icar.variances)
    areas = None if structure is None else structure / point.sigma**2
    prior, spread = _prior_precision(model, along, areas), point.tau**2
    effects = np.zeros(len(prior)) if start is None else start.effects
    own = np.zeros(len(model.deaths)) if start is None or spread == 0 else start.own
    state = _State(effects, own, _loss(model, prior, spread, effects, own))
    converged = False
    for _ in range(NEWTON_STEPS):
        step = _newton(model, prior, spread, state)
        state = _forward(model, prior, spread, state, step)
        if step.gain < TOLERANCE:
            converged = True
            break
    return _at_mode(model, along, spread, state, step, converged, marginals)


def _newton(model: Model, prior: Array, spread: float, state: _State) -> _Step:
    """One step; rows' own effects are eliminated first, as each touches one count only."""
    mean = model.expected * np.exp(_log_risk(model, state.effects) + state.own)
    shrink = 1 / (1 + mean * spread)
    residual = model.deaths - mean
    own_score = residual - _over(state.own, spread)
    push = spread * shrink * own_score
    score = _transposed(model, residual - mean * push) - prior @ state.effects
    factor = cho_factor(prior + _information(model, mean * shrink), lower=True, check_finite=False)[0]
    effects = cho_solve((factor, True), score, check_finite=False)
    own = push - spread * shrink * mean * _log_risk(model, effects)
    return _Step(effects, own, float(score @ effects + push @ own_score), factor, shrink)


def _forward(model: Model, prior: Array, spread: float, state: _State, step: _Step) -> _State:
    """Take the step, halved until it does not lead uphill (but for rounding)."""
    length = 1.0
    while True:
        effects, own = state.effects + length * step.effects, state.own + length * step.own
        loss = _loss(model, prior, spread, effects, own)
        if loss <= state.loss + 1e-12 * abs(state.loss) or length < 1e-6:
            return _State(effects, own, loss)
        length /= 2


def _at_mode(
    model: Model, along: Array, spread: float, state: _State, step: _Step, converged: bool, marginals: bool
) -> Mode:
    factor, shrink = step.factor, step.shrink
    log_det = 2 * float(np.log(np.diag(factor)).sum()) - float(np.log(shrink).sum())
    log_prior = float(np.log(model.precision).sum() - np.log(along).sum())
    evidence = (log_prior - log_det) / 2 - state.loss
    log_risk = _log_risk(model, state.effects) + state.own
    if not marginals:
        return Mode(state.effects, state.own, log_risk, np.zeros(0), np.zeros(0), evidence, converged)
    # own effect given the rest: log risk keeps a share of the rest's spread and adds its own
    variance = shrink**2 * _row_variances(model, factor) + spread * shrink
    skew = model.expected * np.exp(log_risk) * variance / 2
    pulled = cho_solve((factor, True), _transposed(model, shrink * skew), check_finite=False)
    drift = variance * skew - (shrink * _log_risk(model, pulled) + spread * shrink * skew)
    return Mode(state.effects, state.own, log_risk, variance, drift, evidence, converged)


def _over(own: Array, spread: float) -> Array:
    return own / spread if spread > 0 else np.zeros_like(own)


def area_precision(model: Model, rho: float) -> Array:
    """Precision of the area effects for sigma 1."""
    along, vectors = (1 - rho) + rho * model.icar.variances, model.icar.vectors
    return np.asarray((vectors / along) @ vectors.T)


def _prior_precision(model: Model, along: Array, areas: Array | None = None) -> Array:
    """Precision of fixed and area effects; ``areas`` is the block of the latter, if at hand."""
    fixed, vectors = len(model.precision), model.icar.vectors
    prior = np.zeros((fixed + len(along),) * 2)
    prior[np.arange(fixed), np.arange(fixed)] = model.precision
    prior[fixed:, fixed:] = (vectors / along) @ vectors.T if areas is None else areas
    return prior


def _log_risk(model: Model, effects: Array) -> Array:
    fixed = len(model.precision)
    return model.design @ effects[:fixed] + effects[fixed:][model.area]


def _transposed(model: Model, rows: Array) -> Array:
    areas = len(model.icar.variances)
    return np.r_[model.design.T @ rows, np.bincount(model.area, rows, areas)]


def _information(model: Model, weight: Array) -> Array:
    fixed, areas = len(model.precision), len(model.icar.variances)
    weighted = weight[:, None] * model.design
    block = np.zeros((fixed + areas,) * 2)
    block[:fixed, :fixed] = model.design.T @ weighted
    for column in range(fixed):
        cross = np.bincount(model.area, weighted[:, column], areas)
        block[column, fixed:] = block[fixed:, column] = cross
    own = np.arange(fixed, fixed + areas)
    block[own, own] = np.bincount(model.area, weight, areas)
    return block


def _loss(model: Model, prior: Array, spread: float, effects: Array, own: Array) -> float:
    log_risk = _log_risk(model, effects) + own
    mean = model.expected * np.exp(np.minimum(log_risk, 50.0))
    quadratic = float(effects @ prior @ effects + own @ _over(own, spread))
    return float((mean - model.deaths * log_risk).sum()) + quadratic / 2


def _row_variances(model: Model, factor: Array) -> Array:
    """Variance of each row's fixed and area effects together: entries of the inverse."""
    inverse, failed = lapack.dpotri(factor, lower=1)
    if failed:
        raise np.linalg.LinAlgError("the covariance at the mode could not be computed")
    fixed = len(model.precision)
    corner = np.tril(inverse[:fixed, :fixed])
    of_area = np.diag(inverse)[fixed:][model.area]
    of_fixed = ((model.design @ (corner + np.tril(corner, -1).T)) * model.design).sum(1)
    between = (model.design * inverse[fixed:, :fixed][model.area]).sum(1)
    return of_area + of_fixed + 2 * between
