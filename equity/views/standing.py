"""Where one place stands by its gap, beside that gap."""

from __future__ import annotations

from equity.release.figure import Figure
from equity.views.coverage import Coverage, rank_text
from equity.views.notes import two_kinds
from equity.words import say


def gap_place(view: Coverage, gap: Figure) -> str:
    """Where a place stands by its gap, and where it may stand as ranges overlap.

    ``gap`` is the one shown beside: one that is hidden, does not apply or is of another year than the list
    has no place in it.
    """
    levels = say(f"coverage.levels.{view.asked.level}")
    if not gap.visible:
        why_not = say(f"figure.status.{gap.status}")
        return say("coverage.profile.none", levels=levels, why=why_not)
    ranked = [place for place in view.places if place.ranks]
    here = next((at for at, place in enumerate(ranked, 1) if place.area == gap.area), None)
    listed = next((place.gap.last_year for place in ranked), gap.last_year)
    if here is None or listed != gap.last_year:
        return say("coverage.profile.other_year", levels=levels, year=gap.last_year, listed=listed)
    rank = rank_text(ranked[here - 1])
    said = say("coverage.profile.rank", position=here, total=len(ranked), levels=levels, rank=rank)
    return " ".join(part for part in (said, two_kinds(place.gap.basis for place in ranked)) if part)
