"""What releases tell together: counts that an earlier one shows, and what a file has added since.

A count is the same in two releases where both made it from the same files (by checksum). Where a release made
it from the same files and more, the difference of the two is what the new ones hold. Shares nothing with the
code that hides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

import pandas as pd

from equity.release.audit import ContradictionError, Range, Reach, Relation, attainable_ranges
from equity.release.readable import EVENTS, Cell, Content, Knowledge
from equity.release.world import relations

NAME: Final = "an earlier release"
Files = frozenset[str]
#: What an attacker compares of two releases.
_COMPARED: Final = [
    "measure", "area_kind", "area", "group", "first_year", "last_year", "value", "numerator", "denominator",
    "status", "reason", "basis", "source",
]  # fmt: skip


class Count(NamedTuple):
    """A count as some files have it."""

    cell: Any
    files: Files

    def __str__(self) -> str:
        return str(self.cell)


class Added(NamedTuple):
    """What files hold of a count that others hold too."""

    cell: Cell
    files: Files

    def __str__(self) -> str:
        return f"what was added to {self.cell} since an earlier release"


def together(own: View, earlier: Sequence[Content]) -> dict[Count | Added, Range]:
    """The small hidden counts that a release tells with those before it, and these alone do not.

    Releases that say nothing else are left out, and so are those that contradict it: there the same files
    were counted otherwise, and no difference means anything.
    """
    views = [View(each) for each in earlier if not _same(own.content, each)]
    views = [view for view in views if _told([own, view]) is not None]
    found = _told([own, *views]) if views else None
    if not found:
        return {}
    before = _told(views, everything=True) or {}
    return {count: each for count, each in found.items() if count not in before}


def _same(one: Content, other: Content) -> bool:
    """Whether two releases show the same counts from the same files."""
    frames = []
    for content in (one, other):
        rows = content.figures[content.figures["measure"].isin(list(EVENTS))][_COMPARED]
        texts = rows.select_dtypes(exclude="number").astype(str)
        frames.append(rows.assign(**texts).sort_values(_COMPARED, ignore_index=True))
    return frames[0].equals(frames[1]) and marks(one) == marks(other)


def _told(views: Sequence[View], everything: bool = False) -> dict[Count | Added, Range] | None:
    """What releases tell together, or ``everything`` they tell; ``None`` where they contradict each other."""
    try:
        return _Joined(views).told(everything)
    except ContradictionError:
        return None


def marks(content: Content) -> dict[str, str]:
    """Each source by its checksum, or by its name where it has none."""
    sources = content.tables.get("sources")
    if sources is None:
        return {}
    sums = sources["sha256"].fillna("") if "sha256" in sources else pd.Series("", sources.index)
    return {str(name): str(found or name) for name, found in zip(sources["id"], sums, strict=True)}


class View:
    """One release: what it tells, and from which files each count is."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.known = Knowledge(content)
        self.relations = relations(self.known, content.tables)

    @cached_property
    def files(self) -> dict[Cell, Files]:
        """The files of each count that has a figure."""
        sums = marks(self.content)
        found: dict[Cell, Files] = {}
        figures = self.content.figures
        for row in figures[figures["measure"].isin(list(EVENTS))].itertuples(index=False):
            files = frozenset(sums.get(name, name) for name in str(row.source).split(";"))
            found.setdefault(self.known.cell_of(row), files)
        return found

    def variable(self, cell: Any, whole: Files = frozenset()) -> Count:
        """The count as this release has it; one without a figure is from the files of what it belongs to."""
        return Count(cell, self.files.get(cell, whole))

    def linked(self) -> Iterator[Relation]:
        """Its relations between counts of named files."""
        for each in self.relations:
            files = next((self.files[cell] for cell in each.terms if cell in self.files), frozenset())
            terms = {self.variable(cell, files): factor for cell, factor in each.terms.items()}
            yield each._replace(terms=terms)


class _Joined:
    """Several releases as one system; the first is the newest."""

    def __init__(self, views: Sequence[View]) -> None:
        self.published: dict[Count | Added, float] = {}
        self.lower: dict[Count | Added, float] = {}
        self.upper: dict[Count | Added, float] = {}
        self.sought: dict[Count | Added, None] = {}
        # each has rules of its own, and another may show what one hides: what is small is what all agree on
        rules = [view.known.rules for view in views]
        self.judge = rules[0]._replace(
            most=min(each.most for each in rules), room=min(each.room for each in rules)
        )
        found: dict[frozenset[Any], Relation] = {}
        for number, view in enumerate(views):
            self._learn(view, number)
            added = self._differences(views[0], view) if number else ()
            for each in (*view.linked(), *added):
                found.setdefault(frozenset(each.terms.items()), each)
            if not number:
                # what the newest tells by itself has been attacked before
                self.alone = {count for each in found.values() for count in each.terms}
                self.told_alone = set(self.published)
        for count in self.published:
            self.sought.pop(count, None)
        self.relations = list(found.values())

    def told(self, everything: bool) -> dict[Count | Added, Range]:
        """The counts sought whose range is too narrow; without ``everything`` not by the newest alone."""
        rows, near = self._within_reach(everything)
        wanted = [count for count in self.sought if count in near]
        ranges = attainable_ranges(
            rows, self.published, self.lower, self.upper, of=wanted, enough=self.judge.room
        )
        return {count: each for count, each in ranges.items() if self.judge.tells(each)}

    def _within_reach(self, everything: bool) -> tuple[list[Relation], set[Any]]:
        """The relations in reach of what the newest release does not tell, and their counts."""
        if everything:
            rows = self.relations
        else:
            own = {count for count in self.alone if count not in self.published or count in self.told_alone}
            news = [at for at, each in enumerate(self.relations) if not own.issuperset(each.terms)]
            rows = Reach(self.relations, self.published).of(news)
        return rows, {count for each in rows for count in each.terms}

    def _learn(self, view: View, number: int) -> None:
        known = view.known
        for cell, value in known.published.items():
            if self.published.get(view.variable(cell), value) != value:
                # the same files, counted otherwise: nothing follows from one for the other
                view.files[cell] = frozenset({f"as counted in release {number}"})
            self.published[view.variable(cell)] = value
        for ends, mine, pick in ((known.lower, self.lower, max), (known.upper, self.upper, min)):
            for cell, value in ends.items():
                count = view.variable(cell)
                mine[count] = pick(mine.get(count, value), value)
        self.sought |= {view.variable(cell): None for cell in known.sought if cell in view.files}

    def _differences(self, new: View, old: View) -> Iterator[Relation]:
        """Counts of the new release that hold those of an earlier one and more."""
        for cell, before in old.files.items():
            now = new.files.get(cell, frozenset())
            if before < now:
                added = Added(cell, now - before)
                self.sought[added] = None
                yield Relation({Count(cell, now): 1.0, Count(cell, before): -1.0, added: -1.0}, name=NAME)
