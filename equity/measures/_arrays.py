"""What every measure does first: read its counts, share shapes, refuse what cannot be counted."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Array = NDArray[np.float64]


def read_counts(**given: ArrayLike) -> list[Array]:
    """Read named counts as float arrays broadcast to one shape (read only); NaN means not known.

    Raises ValueError, naming the count, if one is negative or infinite or the shapes do not fit.

    >>> read_counts(deaths=[1, 2], births=100)[1].tolist()
    [100.0, 100.0]
    """
    arrays = {name: np.asarray(value, dtype=np.float64) for name, value in given.items()}
    for name, array in arrays.items():
        # unlike min and max, these pass over NaN
        least, most = (find.reduce(array, axis=None, initial=0) for find in (np.fmin, np.fmax))
        if least < 0 or np.isposinf(most):
            raise ValueError(f"{name} must be zero or more and finite; correct the rows where they are not.")
    try:
        return list(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"These counts do not belong to the same areas: {shapes}.") from None


def divide(top: ArrayLike, base: ArrayLike, empty: float = np.nan) -> Array:
    """Divide, with ``empty`` where the base is zero; NaN says that there is no value.

    >>> divide([1, 1], [2, 0]).tolist()
    [0.5, nan]
    """
    over, under = np.broadcast_arrays(np.asarray(top, float), np.asarray(base, float))
    if under.all():  # several times as fast as a division with a mask
        return np.divide(over, under, out=np.empty(over.shape))
    return np.divide(over, under, out=np.full(over.shape, empty), where=under != 0)


def lower_tail(level: float) -> float:
    """Probability left below a two-sided interval: 0.025 for a level of 0.95."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, for example 0.95; it is {level}.")
    return (1 - level) / 2


def normal_quantile(level: float) -> float:
    """Two-sided quantile of the normal distribution: 1.96 for a level of 0.95.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return float(-ndtri(lower_tail(level)))
