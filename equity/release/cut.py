"""A release for some areas: of these what the partner release shows, of all others the public one.

Whoever reads it has the public release too, so both are attacked as one, twice: for small counts, and for
numbers of other areas that only the partner release shows. A sum of the public release less the parts of the
agreement can be such a number; then nothing is opened.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from equity.release.figure import KEY_COLUMNS
from equity.release.freeze import Draft, as_read, count_figures, ordered, release_id
from equity.release.load import Release, ReleaseError
from equity.release.readable import EVENTS, SHOWN

#: Figures worked out from counts of their own place alone. What a model or a comparison makes of several
#: places is the public release's, whatever the agreement: it could hold numbers of others.
OF_ONE_PLACE: Final = frozenset(EVENTS) | {
    "infant_mortality_ratio", "infant_mortality_difference", "infant_mortality_change", "excess_deaths",
    "excess_share", "attributable_fraction", "black_share_of_births", "black_share_of_deaths",
}  # fmt: skip
#: Tables of which the same holds.
TABLES_OF_ONE_PLACE: Final = ("trends", "gap_changes")

Why = Literal["unlike", "told"]


class CutError(ReleaseError):
    """Partner figures of some areas cannot be opened; ``why`` as a code, for those who must not read more."""

    def __init__(self, why: Why, told: str) -> None:
        super().__init__(told)
        self.why = why


@dataclass(frozen=True)
class _Both:
    """All that the reader of a cut has: the cut, and the public release."""

    figures: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    manifest: dict[str, Any]


def cut(public: Release, partner: Release, areas: Collection[str]) -> Release:
    """The release for these areas (codes such as ``county:29510``), attacked; takes some ten seconds.

    Raises :class:`CutError` where the two releases do not fit together, or where it would tell too much.
    """
    made = put_together(public, partner, areas)
    _require_closed(made, public, partner, areas)
    return made


def put_together(public: Release, partner: Release, areas: Collection[str]) -> Release:
    """The same, not attacked: for areas that withstood before.

    The manifest is the public release's, with the policy of the partner release, ``areas`` and the two
    releases it was cut from (``of``). Raises :class:`CutError` where the releases do not fit together.
    """
    _require_alike(public, partner)
    own = partner.figures[
        partner.figures["measure"].isin(list(OF_ONE_PLACE)) & _within(partner.figures, areas)
    ]
    figures = pd.concat([table.astype(_texts(table)) for table in (own, public.figures)], ignore_index=True)
    figures = as_read(ordered(figures.drop_duplicates(list(KEY_COLUMNS))))
    tables = public.tables | {
        name: _joined(public.tables[name], partner.tables[name], areas)
        for name in TABLES_OF_ONE_PLACE
        if name in public.tables and name in partner.tables
    }
    manifest = public.manifest | {
        "policy": partner.policy,
        "figures": count_figures(figures),
        "areas": sorted(areas),
        "of": {"public": public.id, "partner": partner.id},
    }
    draft = Draft(figures, tables, public.layers, manifest)
    return Release(
        id=release_id(draft),
        policy=partner.policy,
        parent=None,
        created_at=max(public.created_at, partner.created_at),
        manifest=draft.manifest,
        figures=figures,
        tables=tables,
        layers=public.layers,
    )


def more_shown(made: Release, public: Release) -> int:
    """How many figures a cut shows that the public release does not."""
    keys = [
        set(
            map(
                tuple,
                each.figures.loc[each.figures["status"].isin(list(SHOWN)), list(KEY_COLUMNS)].to_numpy(),
            )
        )
        for each in (made, public)
    ]
    return len(keys[0] - keys[1])


def _require_alike(public: Release, partner: Release) -> None:
    """Numbers of the two can stand side by side only where both are of the same files and rules."""
    from equity.release.earlier import marks

    same_rules = all(public.manifest.get(key) == partner.manifest.get(key) for key in ("rules", "blocks"))
    if not same_rules or marks(public) != marks(partner):
        raise CutError(
            "unlike",
            f"Release {partner.id} ({partner.policy}) is of other files or rules than release {public.id} "
            f"({public.policy}), so areas of one cannot be put into the other: publish both again.",
        )


def _require_closed(made: Release, public: Release, partner: Release, areas: Collection[str]) -> None:
    from equity.release.attack import audit
    from equity.release.outside import told_outside

    both = _Both(pd.concat([made.figures, public.figures], ignore_index=True), made.tables, made.manifest)
    found = audit(both)
    leaks = [*found.contradictions, *map(str, found.leaks)]
    leaks = leaks or told_outside(both, public, partner, areas)
    if leaks:
        more = f"; and {len(leaks) - 3} more" if len(leaks) > 3 else ""
        raise CutError(
            "told",
            f"Partner figures of {', '.join(sorted(areas))} beside the public ones would tell numbers that "
            f"this agreement does not open: {'; '.join(leaks[:3])}{more}. Agree on those areas too, "
            "or on fewer.",
        )


def _joined(public: pd.DataFrame, partner: pd.DataFrame, areas: Collection[str]) -> pd.DataFrame:
    rows = [partner[_within(partner, areas)], public[~_within(public, areas)]]
    return pd.concat([each for each in rows if len(each)] or [public], ignore_index=True)


def _within(table: pd.DataFrame, areas: Collection[str]) -> pd.Series:
    return (table["area_kind"].astype(str) + ":" + table["area"].astype(str)).isin(list(areas))


def _texts(table: pd.DataFrame) -> dict[str, str]:
    return {name: "str" for name in table.columns if not pd.api.types.is_numeric_dtype(table[name])}
