"""What accepting a submission would change: rows of the store, figures of the next release."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
from sqlalchemy import Engine

from equity.intake.submit import rehearse
from equity.release.figure import KEY_COLUMNS
from equity.release.load import load_release
from equity.release.policy import find_policy
from equity.release.tables import empty_figures
from equity.store.releases import current_release_id
from equity.store.submissions import require_submission

#: What a reader sees of a figure: where one of these differs, the figure has changed.
SEEN: Final = ("value", "low", "high", "status", "reason", "basis", "source")


@dataclass(frozen=True)
class Preview:
    """Rows the submission brings by table, and figures that would change.

    ``changes`` has the key of each figure (``area_kind, area, group, first_year, last_year, measure,
    scheme``), ``change`` (new, changed or gone) and what a reader sees (``SEEN``) with ``_before`` and
    ``_after``: disclosed values only. ``supersedes`` names the submission whose place it takes.
    """

    rows: dict[str, int]
    changes: pd.DataFrame
    supersedes: str | None

    def count(self, change: str) -> int:
        """How many figures are new, changed or gone."""
        return int(self.changes["change"].eq(change).sum())


def preview(engine: Engine, home: Path | None, submission_id: str, policy_name: str = "public") -> Preview:
    """Build the next release as if the submission were accepted, compare, and keep nothing of it.

    Takes some seconds. Raises :class:`IntakeError` where the submission cannot be accepted, and
    :class:`~equity.release.policy_file.PolicyError` where there is no such policy.
    """
    from equity.release.build import build_draft  # takes libraries that are slow to load
    from geo.boundaries import load_layers

    policy = find_policy(policy_name)
    found = require_submission(engine, submission_id)
    layers = load_layers(home)
    with rehearse(engine, submission_id) as (connection, supersedes):
        draft = build_draft(connection, layers, policy)
    current = current_release_id(engine, policy_name)
    before = load_release(engine, current).figures if current else empty_figures()
    return Preview(found.report["rows"], changed_figures(before, draft.figures), supersedes)


def changed_figures(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The figures that differ between two releases, by key."""
    keys = list(KEY_COLUMNS)
    texts = {name: "str" for name in (*keys, "status", "reason", "basis", "source")
             if name not in ("first_year", "last_year")}  # fmt: skip
    sides = [table[[*keys, *SEEN]].astype(texts) for table in (before, after)]
    both = sides[0].merge(sides[1], how="outer", on=keys, suffixes=("_before", "_after"), indicator=True)
    same = pd.Series(True, index=both.index)
    for name in SEEN:
        one, other = both[f"{name}_before"], both[f"{name}_after"]
        same &= one.eq(other) | (one.isna() & other.isna())
    names = {"left_only": "gone", "right_only": "new", "both": "changed"}
    both["change"] = both["_merge"].astype("str").map(names)
    columns = [*keys, "change"] + [f"{name}_{side}" for name in SEEN for side in ("before", "after")]
    return both.loc[~(same & both["_merge"].eq("both")), columns].reset_index(drop=True)
