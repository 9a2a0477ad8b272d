"""The intrinsic conditional autoregressive (ICAR) model, scaled within each connected part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import eigh

from equity.measures._arrays import Array
from equity.measures._neighbours import parts


@dataclass(frozen=True)
class ScaledIcar:
    """Eigenvectors (areas, areas) and variances (areas,) of the scaled structured effect.

    Each connected part has its own scale (1 for a part of one area, an island) and sums to zero; an
    island's effect is independent with variance 1. Sources: Riebler and others 2016, Statistical Methods in
    Medical Research 25:1145; Freni-Sterrantino and others 2018, Spatial and Spatio-temporal Epidemiology
    26:25.
    """

    vectors: Array
    variances: Array
    scale: Array
    part: NDArray[np.int64]


def scaled_icar(touching: sparse.csr_array) -> ScaledIcar:
    """Decompose part by part. The null direction of each part is set to zero, not left to rounding."""
    areas = touching.shape[0]
    vectors, variances = np.zeros((areas, areas)), np.zeros(areas)
    part, scales = np.zeros(areas, dtype=np.int64), []
    for number, members in enumerate(parts(touching)):
        part[members] = number
        if len(members) == 1:
            vectors[members, members], variances[members] = 1.0, 1.0
            scales.append(1.0)
            continue
        values, basis = eigh(_laplacian(touching[members][:, members].toarray()))
        inverse = np.r_[0.0, 1 / values[1:]]
        scale = float(np.exp(np.log((basis**2 * inverse).sum(1)).mean()))
        vectors[np.ix_(members, members)], variances[members] = basis, inverse / scale
        scales.append(scale)
    return ScaledIcar(vectors, variances, np.array(scales), part)


def _laplacian(touching: Array) -> Array:
    return np.diag(touching.sum(1)) - touching
