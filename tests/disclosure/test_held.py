"""A publication that would tell what one file added is held, and the steward told why."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from equity.intake.submit import accept, receive
from equity.release.publish import UnsafeReleaseError, publish
from equity.store.releases import current_release_id

HEAD = "Agency,Program,Model,Quarter,ZIP code,Race or ethnicity,New households,Continuing households,"
HEAD += "Current caseload,Maximum service capacity"


def _hand_in(engine: Engine, agency: str, counts: dict[str, int]) -> None:
    total, quarter = sum(counts.values()), "2026Q3"
    lines = [HEAD, f"{agency},{agency} Visits,Parents as Teachers,{quarter},,,0,{total},{total},90"]
    lines += [f"{agency},{agency} Visits,,{quarter},{code},all,0,{n},{n}," for code, n in counts.items()]
    found = receive(engine, f"{agency}.csv", "\n".join(lines).encode(), "hub").submission
    assert found.status == "waiting", found.report["findings"]
    accept(engine, found.id, "steward", "seen")


def test_what_a_single_file_adds_is_not_published_before_others_join_it(engine: Engine) -> None:
    _hand_in(engine, "First Example", {"63851": 31, "63830": 14, "63801": 22})
    first = publish(engine, None)
    _hand_in(engine, "Second Example", {"63851": 3, "63830": 12, "63801": 15})
    with pytest.raises(UnsafeReleaseError) as held:
        publish(engine, None)
    told = str(held.value)
    assert "what was added to families of zip 63851, all, 2026 (reported) since an earlier release" in told
    assert "Wait with this publication until more files" in told
    assert current_release_id(engine, "public") == first.id
