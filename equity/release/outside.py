"""An attack by a reader who may see partner figures of some areas, on those of all others.

Shares nothing with the code that cuts or hides: it has what the reader sees, how the world adds up, and
arithmetic. Which numbers it is after it learns from the partner release, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from equity.release.audit import ContradictionError
from equity.release.readable import Cell, Content, Knowledge
from equity.release.world import relations


def told_outside(seen: Content, public: Content, partner: Content, areas: Collection[str]) -> list[str]:
    """The counts of other areas than these (such as ``county:29510``) that ``seen`` tells.

    Only counts that the partner release shows, and that the public release does not tell by itself; each as
    a sentence without its value. A count is told where fewer whole values are left to it than a release
    leaves to a hidden one, however large it is.
    """
    theirs, everybody = Knowledge(partner), Knowledge(public)
    secret = [
        cell
        for cell in theirs.cells
        if cell not in theirs.sought
        and cell not in everybody.published
        and f"{cell.kind}:{cell.area}" not in areas
    ]
    if not secret:
        return []
    try:
        told = _told(seen, secret)
        told -= _told(public, told) if told else set()
    except ContradictionError as reason:
        return [str(reason)]
    return [f"{cell} could be worked out" for cell in secret if cell in told]


def _told(content: Content, secret: Iterable[Cell]) -> set[Cell]:
    """Those that a reader can work out, or reads."""
    known = Knowledge(content)
    read = {cell for cell in secret if cell in known.published}
    wanted = [cell for cell in secret if cell not in read]
    # that there are such counts is no secret, only how many
    known.sought |= dict.fromkeys(wanted)
    ranges = known.ranges(relations(known, content.tables), wanted)
    return read | {cell for cell, found in ranges.items() if found.values < known.rules.room}
