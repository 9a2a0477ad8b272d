"""The releases that may be read, loaded once, with the answers made from them."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

import pandas as pd
from sqlalchemy import Engine

from equity.config import load_config
from equity.release.figure import KEY_COLUMNS, Figure
from equity.release.freeze import FORMAT
from equity.release.load import Release, ReleaseError, load_release
from equity.store.releases import ReleaseRow, list_releases

#: Publishing or going back shows after at most this many seconds.
LOOK_AGAIN_SECONDS: Final = 3
#: Releases kept loaded beside the current one, which is shared with the pages.
EARLIER_KEPT: Final = 1
#: Bytes of answers kept ready.
MOST_KEPT: Final = 8_000_000


@dataclass(frozen=True)
class Shelf:
    """A release as the API reads it.

    In the order of its table of figures: ``figures`` the figures themselves, ``regions`` the region each
    one's place lies in, or is.
    """

    release: Release
    figures: tuple[Figure, ...]
    regions: pd.Categorical[str]


class Library:
    """Releases under the policy that pages show to everybody: the current one and those it followed.

    A release that was gone back from did something wrong: it is not among them. ``shared`` gives the
    release that pages show, so that it is in memory once.
    """

    def __init__(
        self, open_engine: Callable[[], Engine], shared: Callable[[], Release] | None = None
    ) -> None:
        self._open_engine, self._shared = open_engine, shared
        self._rows: tuple[float, list[ReleaseRow]] = (float("-inf"), [])
        self._shelves: OrderedDict[str, Shelf] = OrderedDict()
        self._answers: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self._kept_bytes = 0
        self._lock, self._loading = Lock(), Lock()

    def rows(self) -> list[ReleaseRow]:
        """The releases that may be read, the current one first, then the one before it, and so on.

        Raises ``StoreError`` where the store cannot be used.
        """
        at, rows = self._rows
        if time.monotonic() - at < LOOK_AGAIN_SECONDS:
            return rows
        shown = load_config().policy
        found = {row.id: row for row in list_releases(self._open_engine()) if row.policy == shown}
        chain: list[ReleaseRow] = []
        step = next((row for row in found.values() if row.current), None)
        while step is not None and step not in chain:
            chain.append(step)
            step = found.get(step.parent or "")
        readable = [row for row in chain if row.manifest.get("format") == FORMAT]
        self._rows = (time.monotonic(), readable)
        return readable

    def row(self, release_id: str) -> ReleaseRow | None:
        """The release of this id, or the current one for ``current``; ``None`` where it may not be read.

        Raises ``ReleaseError`` where none is current.
        """
        rows = self.rows()
        if release_id != "current":
            return next((row for row in rows if row.id == release_id), None)
        if not rows or not rows[0].current:
            raise ReleaseError("No release is current: run `python -m equity publish`.")
        return rows[0]

    def shelf(self, row: ReleaseRow) -> Shelf:
        """A release, loaded. The first time takes a second; one is loaded at a time."""
        with self._loading:
            if row.id not in self._shelves:
                release = self._load(row.id)
                self._shelves[row.id] = _shelved(release)
            self._shelves.move_to_end(row.id)
            while len(self._shelves) > 1 + EARLIER_KEPT:
                self._shelves.popitem(last=False)
            return self._shelves[row.id]

    def answer(self, key: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
        """An answer that was made before, or is made now and kept as long as there is room."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        made = make()
        with self._lock:
            if key not in self._answers and len(made) <= MOST_KEPT:
                self._answers[key] = made
                self._kept_bytes += len(made)
            while self._kept_bytes > MOST_KEPT:
                self._kept_bytes -= len(self._answers.popitem(last=False)[1])
        return made

    def _load(self, release_id: str) -> Release:
        if self._shared is not None:
            shown = self._shared()
            if shown.id == release_id:
                return shown
        return load_release(self._open_engine(), release_id)


def _shelved(release: Release) -> Shelf:
    columns = [release.figures[name].tolist() for name in KEY_COLUMNS]
    figures = tuple(
        release.figure(measure, kind, area, group, (first, last))
        for measure, kind, area, group, first, last in zip(*columns, strict=True)
    )
    regions = [
        figure.area if figure.area_kind == "region" else release.region_of(figure.area_kind, figure.area)
        for figure in figures
    ]
    return Shelf(release, figures, pd.Categorical(regions))
