"""A small release, published through the store and the format that readers of releases use."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from equity.release.figure import FIGURE_COLUMNS
from equity.release.freeze import Draft, release_id, to_parts
from equity.store.engine import open_store, upgrade, writing
from equity.store.releases import save_release, set_current


def publish_small(home: Path, rate: float, with_format: bool = True) -> str:
    """Publish one figure as the current public release of a home, and return the release's id.

    ``with_format=False``: as releases were before they had a format.
    """
    engine = open_store(f"sqlite:///{home / 'equity.sqlite3'}", create=True)
    upgrade(engine)
    draft = _draft(rate)
    new = release_id(draft) if with_format else "0" * 16
    manifest = {key: value for key, value in draft.manifest.items() if with_format or key != "format"}
    with writing(engine) as connection:
        save_release(
            connection,
            id=new,
            policy="public",
            parent=None,
            created_by="test",
            manifest=manifest,
            figure_count=len(draft.figures),
            parts=to_parts(draft),
        )
        set_current(connection, "public", new)
    engine.dispose()
    return new


def _draft(rate: float) -> Draft:
    values = (
        "infant_mortality", "county", "29510", "all", 2017, 2023, rate, rate - 1, rate + 1, 250.0, 27_000.0,
        "shown", "", "reported", "Poisson", "", "test",
    )  # fmt: skip
    figures = pd.DataFrame([values], columns=list(FIGURE_COLUMNS))
    areas = pd.DataFrame(
        [("county", "29510", "St. Louis City", "stl")], columns=["kind", "geoid", "name", "region"]
    )
    return Draft(figures, {"areas": areas}, {}, {"policy": "public"})
