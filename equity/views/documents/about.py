"""What every file says about itself: definitions, sources, rules and the words for what is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from equity.registry import Measure, measures
from equity.release.figure import Figure
from equity.release.load import Release
from equity.views.about import release_facts
from equity.views.documents.wording import release_date
from equity.views.notes import policy_name, thresholds
from equity.words import say

SOURCE_COLUMNS: Final = ("publisher", "title", "vintage", "url", "licence", "basis", "note", "id")
#: Words of the glossary that every file explains, since its figures may carry them.
_WORDS: Final = ("interval", "demonstration", "unstable", "hidden", "withheld", "not_reported")


def definitions(figures: Iterable[Figure]) -> list[Measure]:
    """The measures the figures are of, each once, in the order of the registry."""
    used = {figure.measure for figure in figures}
    return [entry for key, entry in measures().items() if key in used]


def source_rows(release: Release, figures: Iterable[Figure]) -> list[dict[str, str]]:
    """The sources the figures rest on, each once, with the columns ``SOURCE_COLUMNS``."""
    used = {key for figure in figures for key in figure.source.split(";")}
    table = release.tables["sources"]
    rows = table[table["id"].isin(used)].to_dict("records")
    return [{name: _text(row.get(name)) for name in SOURCE_COLUMNS} for row in rows]


def release_sentence(release: Release) -> str:
    """Which release this is, in one line."""
    policy = policy_name(release.policy)
    return say("view.release_line", id=release.id, date=release_date(release), policy=policy)


def explained(release: Release) -> list[tuple[str, str]]:
    """Words that stand beside figures, with what they mean: likely range, hidden, zero, demonstration."""
    limits = thresholds(release.manifest.get("rules", {}))
    words = [(say(f"glossary.{word}.term"), say(f"glossary.{word}.text", **limits)) for word in _WORDS]
    return [*words, (say("document.zero"), say("document.zero_means"))]


def release_rows(release: Release) -> list[tuple[str, str]]:
    """The release in a few lines: id, date, policy, rules, how many figures of each kind, boundaries."""
    return list(release_facts(release).items())


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)
