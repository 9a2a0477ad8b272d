"""Read one finished release. It is loaded once per process and never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from equity.release.figure import FIGURE_COLUMNS, KEY_COLUMNS, Figure, Status
from equity.release.freeze import read_figures, read_json
from equity.store import releases

Key = tuple[str, str, str, str, int, int]


class ReleaseError(RuntimeError):
    """No release is current, or there is none to go back to: the sentence says what to do."""


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
    _rows: dict[Key, int] = field(repr=False, default_factory=dict)
    _slices: dict[tuple[str, str], pd.DataFrame] = field(repr=False, default_factory=dict)

    @property
    def areas(self) -> pd.DataFrame:
        """Places: ``kind, geoid, name, region``."""
        return self.tables["areas"]

    def figure(self, measure: str, area_kind: str, area: str, group: str, period: tuple[int, int]) -> Figure:
        """One figure; where the release has none, one that says so: not reported, or no margin of ours."""
        row = self._rows.get((measure, area_kind, area, group, *period))
        if row is None:
            published = not self.select(measure, area_kind, group=group).empty
            return _missing((measure, area_kind, area, group, *period), published)
        values = self.figures.iloc[row].tolist()
        return Figure(**dict(zip(FIGURE_COLUMNS, map(_plain, values), strict=True)))

    def select(self, measure: str, area_kind: str, **where: object) -> pd.DataFrame:
        """Figures of a measure for one kind of area, narrowed by equal values of other columns."""
        rows = self._slices.get((measure, area_kind))
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
        return self._names().get((area_kind, area), area)

    def region_of(self, area_kind: str, area: str) -> str:
        """The region a place lies in; empty where it lies in none."""
        areas = self.areas
        rows = areas[areas["kind"].eq(area_kind) & areas["geoid"].eq(area)]
        return next((str(region) for region in rows["region"].dropna() if region), "")

    def _names(self) -> dict[tuple[str, str], str]:
        cached = self.__dict__.get("_name_index")
        if cached is None:
            areas = self.areas
            cached = dict(zip(zip(areas["kind"], areas["geoid"], strict=True), areas["name"], strict=True))
            object.__setattr__(self, "_name_index", cached)
        return cached


def load_release(engine: Engine, release_id: str) -> Release:
    """Load a release from the store. Raises ``StoreError`` where it does not exist."""
    row, packed = releases.read_release(engine, release_id)
    parts = {name: content for name, (_, content) in packed.items()}
    figures = read_figures(parts["figures"])
    return Release(
        id=release_id,
        policy=row.policy,
        parent=row.parent,
        created_at=row.created_at,
        manifest=row.manifest,
        figures=figures,
        tables={name: pd.DataFrame(read_json(data)) for name, data in _under("table/", parts)},
        layers={name: read_json(data) for name, data in _under("layer/", parts)},
        _rows={key: row for row, key in enumerate(_keys(figures))},
        _slices=_slices(figures),
    )


def _under(prefix: str, parts: dict[str, bytes]) -> Iterable[tuple[str, bytes]]:
    return [(name.removeprefix(prefix), data) for name, data in parts.items() if name.startswith(prefix)]


def _keys(figures: pd.DataFrame) -> Iterable[Key]:
    return zip(*(figures[column].tolist() for column in KEY_COLUMNS), strict=True)


def _slices(figures: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    grouped = figures.groupby(["measure", "area_kind"], observed=True)
    return {(str(measure), str(kind)): rows for (measure, kind), rows in grouped}


def _plain(value: Any) -> Any:
    """A cell as a plain value: no number is ``None``, and no numpy type is let out."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and value != value else value


def _missing(key: Key, published: bool) -> Figure:
    """A figure the release does not hold: not reported, or of a margin that is never published."""
    status: Status = "missing" if published else "not_applicable"
    reason = "not_reported" if published else "not_published"
    return Figure(*key, None, None, None, None, None, status, reason, "reported", "", "", "")
