"""Reads which areas touch, in any of the forms in use, and splits them into connected parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

#: A matrix (dense or sparse), pairs of area numbers (m, 2), lists of neighbours by area, a mapping of area to
#: neighbours, or anything with a ``.sparse`` matrix (libpysal's W and Graph).
Neighbours = Any


def adjacency(neighbours: Neighbours, areas: int | None = None) -> sparse.csr_array:
    """Symmetric matrix of ones where two areas touch, zero diagonal, shape (areas, areas)."""
    matrix = _as_matrix(neighbours, areas)
    if matrix.shape[0] != matrix.shape[1] or (areas is not None and matrix.shape[0] != areas):
        raise ValueError(f"neighbours are of {matrix.shape[0]} areas, the counts of {areas}.")
    touching = sparse.csr_array((matrix != 0).astype(float))
    touching.setdiag(0)
    touching.eliminate_zeros()
    one_way = touching - touching.T
    if abs(one_way).sum():
        first, second = (int(index[0]) for index in (one_way > 0).nonzero())
        raise ValueError(f"Area {first} names area {second} as a neighbour, but not the other way round.")
    return touching


def _as_matrix(neighbours: Neighbours, areas: int | None) -> sparse.csr_array:
    if hasattr(neighbours, "sparse"):
        return sparse.csr_array(neighbours.sparse)
    if sparse.issparse(neighbours):
        return sparse.csr_array(neighbours)
    if isinstance(neighbours, Mapping):
        place = {name: number for number, name in enumerate(neighbours)}
        return _from_lists([[place[name] for name in names] for names in neighbours.values()])
    if isinstance(neighbours, np.ndarray) and neighbours.ndim == 2:
        if neighbours.shape[0] == neighbours.shape[1]:
            return sparse.csr_array(neighbours)
        return _from_pairs(neighbours, areas)
    return _from_lists(neighbours)


def _from_pairs(pairs: NDArray[Any], areas: int | None) -> sparse.csr_array:
    if pairs.shape[1] != 2:
        raise ValueError("neighbours must be a square matrix, pairs of areas, or a list for each area.")
    count = int(pairs.max()) + 1 if areas is None else areas
    both = np.concatenate([pairs, pairs[:, ::-1]]).astype(int)
    if both.size and not 0 <= both.min() <= both.max() < count:
        raise ValueError(
            f"A pair of neighbours names area {both.max()}; areas are numbered 0 to {count - 1}."
        )
    return sparse.csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count))


def _from_lists(lists: Sequence[Sequence[int]]) -> sparse.csr_array:
    rows = np.repeat(np.arange(len(lists)), [len(names) for names in lists])
    columns = np.array([name for names in lists for name in names], dtype=int)
    if columns.size and not 0 <= columns.min() <= columns.max() < len(lists):
        raise ValueError(f"A list of neighbours names area {columns.max()}; there are {len(lists)} areas.")
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(lists),) * 2)


def parts(touching: sparse.csr_array) -> list[NDArray[np.int64]]:
    """Area numbers of each connected part, in the order of their first areas."""
    count, label = connected_components(touching, directed=False)
    return [np.flatnonzero(label == part) for part in range(count)]
