"""Which places touch: queen contiguity, with its islands and separate parts named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas


@dataclass(frozen=True)
class Neighbours:
    """Who touches whom.

    ``geoids`` keeps the layer's order; ``pairs`` lists each touching pair once, sorted. ``components``
    are the sets one can walk within, largest first: St. Louis and the Bootheel are always apart, so
    nothing may be smoothed across them. ``islands`` touch nobody.
    """

    geoids: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    components: tuple[tuple[str, ...], ...]

    @property
    def islands(self) -> tuple[str, ...]:
        """Places without any neighbour."""
        return tuple(part[0] for part in self.components if len(part) == 1)

    def as_dict(self) -> dict[str, tuple[str, ...]]:
        """Every place with its neighbours, sorted; an island has none."""
        found: dict[str, list[str]] = {geoid: [] for geoid in self.geoids}
        for one, other in self.pairs:
            found[one].append(other)
            found[other].append(one)
        return {geoid: tuple(sorted(others)) for geoid, others in found.items()}

    def index_pairs(self) -> list[tuple[int, int]]:
        """The pairs as positions in ``geoids``, for array code."""
        position = {geoid: number for number, geoid in enumerate(self.geoids)}
        return [(position[one], position[other]) for one, other in self.pairs]


def contiguity(layer: geopandas.GeoDataFrame) -> Neighbours:
    """Queen contiguity of a layer with a ``geoid`` column: sharing a border or a single point.

    The layers of :func:`geo.boundaries.load_layers` share their borders exactly, so touching means touching.
    """
    from libpysal.graph import Graph

    graph = Graph.build_contiguity(layer.set_index("geoid").geometry, rook=False)
    edges = graph.adjacency[graph.adjacency > 0].index
    pairs = sorted({(min(edge), max(edge)) for edge in edges})
    labels = graph.component_labels
    parts = [tuple(sorted(members.index)) for _, members in labels.groupby(labels)]
    parts.sort(key=lambda part: (-len(part), part))
    return Neighbours(tuple(layer["geoid"]), tuple(pairs), tuple(parts))
