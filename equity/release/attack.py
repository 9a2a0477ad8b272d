"""An attack on a release before it is published: which hidden counts could be worked out from all it shows.

Shares nothing with the code that hides (`shield.py`, `protect.py`, `linked.py`): it has what everybody can
read (`readable.py`), how the world adds up (`world.py`) and arithmetic (`audit.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from equity.release.audit import ContradictionError, Range, Reach, Relation
from equity.release.earlier import NAME, Added, Count, View, together
from equity.release.readable import Cell, Content, Knowledge


@dataclass(frozen=True)
class Leak:
    """A hidden count with too narrow a range, and the kinds of relation without which it would be wide."""

    cell: Cell | Count | Added
    found: Range
    through: tuple[str, ...]

    def __str__(self) -> str:
        # never the values: what is printed is kept in logs
        left = "is told" if self.found.values < 2 else f"can only be {self.found.values:g} numbers"
        return f"{self.cell} {left}, through {' and '.join(self.through)}"


@dataclass(frozen=True)
class Audit:
    """What an attack came to: how many hidden counts were sought, which leak, what contradicts itself."""

    sought: int
    leaks: tuple[Leak, ...]
    contradictions: tuple[str, ...] = ()

    @property
    def across(self) -> bool:
        """Whether some leak needs a release before this one."""
        return any(leak.through == (NAME,) for leak in self.leaks)

    @property
    def safe(self) -> bool:
        """Whether the release may be published."""
        return not self.leaks and not self.contradictions


def audit(content: Content, earlier: Sequence[Content] = ()) -> Audit:
    """Attack a release with everything it publishes, and with the releases before it."""
    own = View(content)
    known, every = own.known, own.relations
    try:
        ranges = known.ranges(every, known.sought)
        narrow = {cell: found for cell, found in ranges.items() if known.tells(found)}
        reach = Reach(every, known.published)
        leaks = [
            Leak(cell, found, _through(known, cell, reach.around(cell))) for cell, found in narrow.items()
        ]
    except ContradictionError as reason:
        return Audit(len(known.sought), (), (str(reason),))
    leaks += [Leak(count, each, (NAME,)) for count, each in together(own, earlier).items()]
    return Audit(len(known.sought), tuple(leaks))


def _through(known: Knowledge, cell: Cell, every: list[Relation]) -> tuple[str, ...]:
    """The kinds of relation without any one of which the count would keep room; all, if it takes more."""
    names = sorted({each.name for each in every})
    needed = [
        name for name in names if not _leaks(known, cell, [each for each in every if each.name != name])
    ]
    return tuple(needed or names)


def _leaks(known: Knowledge, cell: Cell, relations: list[Relation]) -> bool:
    found = known.ranges(relations, [cell]).get(cell)
    return found is not None and known.tells(found)
