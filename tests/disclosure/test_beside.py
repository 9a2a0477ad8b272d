"""What stands beside a release when it is published or shown again: what other readers still have."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine

from equity.release.freeze import Draft
from equity.release.publish import (
    UnsafeReleaseError,
    beside,
    earlier_releases,
    publish_draft,
    require_safe,
    rollback,
)
from equity.store.events import list_events
from equity.store.releases import current_release_id
from tests.disclosure.leaking import AREAS, content, row

BESIDE = {"reason": "beside_hidden"}


def _draft(policy: str, first: float | None, second: float | None, third_reason: str) -> Draft:
    """Deaths of three counties of a region with 60: of the last one that they are hidden, and why."""
    counts: list[dict[str, Any]] = [
        row("infant_deaths", "region", "r", 60, source="a"),
        row("infant_deaths", "county", "29001", first, source="a", **({} if first else BESIDE)),
        row("infant_deaths", "county", "29002", second, source="a", **({} if second else BESIDE)),
        row("infant_deaths", "county", "29003", None, source="a", reason=third_reason),
    ]
    sources = pd.DataFrame({"id": ["a"], "sha256": ["s"]})
    made = content(*counts, sources=sources)
    tables = made.tables | {"areas": AREAS.assign(name=AREAS["geoid"])}
    return Draft(made.figures, tables, {}, made.manifest | {"policy": policy})


SHOWS_FIRST = ("public", 40.0, None, "beside_hidden")
SHOWS_SECOND = (None, 16.0, "small_count")


def test_a_public_release_is_attacked_beside_the_partner_release_still_shown(store: Engine) -> None:
    partner = publish_draft(store, _draft("partner", *SHOWS_SECOND), "partner").id
    draft = _draft(*SHOWS_FIRST)
    assert require_safe(draft) > 0
    shown = earlier_releases(store, "public")
    assert [release.id for release in shown] == [partner]
    with pytest.raises(UnsafeReleaseError, match=r"Not published.*29003.*through an earlier release"):
        require_safe(draft, shown)


def test_a_partner_release_that_is_not_shown_any_more_is_no_part_of_it(store: Engine) -> None:
    publish_draft(store, _draft("partner", *SHOWS_SECOND), "partner")
    shown = publish_draft(store, _draft("partner", None, None, "beside_hidden"), "partner").id
    assert [release.id for release in earlier_releases(store, "public")] == [shown]


def test_a_release_that_a_later_publication_made_unsafe_is_not_shown_again(store: Engine) -> None:
    first = publish_draft(store, _draft(*SHOWS_FIRST), "public").id
    second = publish_draft(store, _draft("public", None, None, "beside_hidden"), "public").id
    later = _draft("partner", *SHOWS_SECOND)
    # beside the public release of its day it tells nothing
    assert require_safe(later, earlier_releases(store, "partner")) > 0
    publish_draft(store, later, "partner")
    before = list_events(store)
    with pytest.raises(UnsafeReleaseError, match=r"Not shown again.*29003.*Go back to another release"):
        rollback(store)
    assert current_release_id(store, "public") == second != first
    assert list_events(store) == before


def test_going_back_is_attacked_and_recorded_with_who_did_it(store: Engine) -> None:
    first = publish_draft(store, _draft(*SHOWS_FIRST), "public", by="steward-1").id
    second = publish_draft(store, _draft("public", None, None, "beside_hidden"), "public", by="s2").id
    assert rollback(store, by="a@example.org (u1)") == first
    events = [(event.action, event.actor, event.subject) for event in list_events(store)]
    assert events == [
        ("publish", "steward-1", first), ("publish", "s2", second), ("rollback", "a@example.org (u1)", first)
    ]  # fmt: skip
    detail = json.loads(list_events(store)[-1].detail)
    assert (detail["from"], detail["policy"]) == (second, "public") and detail["hidden_counts_attacked"] > 0
    again = earlier_releases(store, "public")[-1]
    assert again.id == first and [release.id for release in beside(store, again)] == [second]
