"""Read one finished release. It is loaded once per process and never changed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from equity.release.figure import Figure, Status
from equity.release.freeze import FORMAT, read_figures, read_json
from equity.release.index import FigureIndex, Key, index_figures
from equity.store import releases


class ReleaseError(RuntimeError):
    """No release is current, or there is none to go back to: the sentence says what to do."""


class OtherFormatError(ReleaseError):
    """A release was published by another version of this software, whose format this one cannot read."""


@dataclass(frozen=True)
class Release:
    """An immutable set of figures with the places, boundaries, targets and sources they speak of.

    ``figures`` has the columns of ``FIGURE_COLUMNS`` and is shared by every session: treat it as
    read-only. ``layers`` is GeoJSON by area kind; ``tables`` are small frames by name.
    """

    id: str
    policy: str
    parent: str | None
    created_at: str
    manifest: dict[str, Any]
    figures: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    layers: dict[str, dict[str, Any]]
    _index: FigureIndex = field(init=False, repr=False, compare=False)
    _places: dict[tuple[str, str], tuple[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = self.areas[["kind", "geoid", "name", "region"]].fillna("").itertuples(index=False)
        object.__setattr__(self, "_index", index_figures(self.figures))
        object.__setattr__(self, "_places", {(row[0], row[1]): (row[2], row[3]) for row in places})

    @cached_property
    def sources(self) -> dict[str, dict[Hashable, Any]]:
        """What is known of each source, by its id."""
        return {str(row["id"]): row for row in self.tables["sources"].to_dict("records")}

    @property
    def areas(self) -> pd.DataFrame:
        """Places: ``kind, geoid, name, region``."""
        return self.tables["areas"]

    def figure(self, measure: str, area_kind: str, area: str, group: str, period: tuple[int, int]) -> Figure:
        """One figure; where the release has none, one that says so: not reported, or no margin of ours."""
        key = (measure, area_kind, area, group, *period)
        found = self._index.by_key.get(key)
        return found or _missing(key, (measure, area_kind, group) in self._index.margins)

    def series(self, measure: str, area_kind: str, area: str, group: str = "all") -> tuple[Figure, ...]:
        """All figures of a measure for a place and group, oldest first."""
        return self._index.series.get((measure, area_kind, area, group), ())

    def select(self, measure: str, area_kind: str, **where: object) -> pd.DataFrame:
        """Figures of a measure for one kind of area, narrowed by equal values of other columns."""
        rows = self._index.frames.get((measure, area_kind))
        if rows is None:
            return self.figures.iloc[0:0]
        for column, wanted in where.items():
            rows = rows[rows[column] == wanted]
        return rows

    def periods(self, measure: str, area_kind: str) -> list[tuple[int, int]]:
        """The periods a measure has for a kind of area, oldest first."""
        rows = self.select(measure, area_kind)
        return sorted(set(zip(rows["first_year"].tolist(), rows["last_year"].tolist(), strict=True)))

    def area_name(self, area_kind: str, area: str) -> str:
        """The plain name of a place; its code where it is unknown."""
        return self._places.get((area_kind, area), (area, ""))[0]

    def region_of(self, area_kind: str, area: str) -> str:
        """The region a place lies in; empty where it lies in none."""
        return self._places.get((area_kind, area), ("", ""))[1]


def require_format(row: releases.ReleaseRow) -> None:
    """Raise ``OtherFormatError`` where a release is of another format, or of none, as the first ones were."""
    found = row.manifest.get("format")
    if found != FORMAT:
        written = "no format" if found is None else f"format {found}"
        raise OtherFormatError(
            f"Release {row.id} was published by another version of this software ({written}; this version "
            f"reads format {FORMAT}): run `python -m equity publish` to make a release that it can read."
        )


def load_release(engine: Engine, release_id: str) -> Release:
    """Load a release from the store.

    Raises ``StoreError`` where it does not exist and ``OtherFormatError`` where it cannot be read.
    """
    row, packed = releases.read_release(engine, release_id)
    require_format(row)
    parts = {name: content for name, (_, content) in packed.items()}
    return Release(
        id=release_id,
        policy=row.policy,
        parent=row.parent,
        created_at=row.created_at,
        manifest=row.manifest,
        figures=read_figures(parts["figures"]),
        tables={name: pd.DataFrame(read_json(data)) for name, data in _under("table/", parts)},
        layers={name: read_json(data) for name, data in _under("layer/", parts)},
    )


def _under(prefix: str, parts: dict[str, bytes]) -> Iterable[tuple[str, bytes]]:
    return [(name.removeprefix(prefix), data) for name, data in parts.items() if name.startswith(prefix)]


def _missing(key: Key, published: bool) -> Figure:
    """A figure the release does not hold: not reported, or of a margin that is never published."""
    status: Status = "missing" if published else "not_applicable"
    reason = "not_reported" if published else "not_published"
    return Figure(*key, None, None, None, None, None, status, reason, "reported", "", "", "")
