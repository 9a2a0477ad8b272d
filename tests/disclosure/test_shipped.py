"""The release that ships: nothing in it can be worked out, and without companions it is not published."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from equity.release import build
from equity.release.attack import audit
from equity.release.load import Release
from equity.release.publish import UnsafeReleaseError, publish
from equity.release.readable import Knowledge
from equity.release.shield import Places
from equity.release.world import relations
from equity.store.releases import current_release_id


def test_no_hidden_count_can_be_worked_out(release: Release) -> None:
    found = audit(release)
    assert found.contradictions == ()
    assert [str(leak) for leak in found.leaks] == []
    assert found.sought > 2000


def test_every_kind_of_relation_is_attacked(release: Release) -> None:
    kinds = {each.name for each in relations(Knowledge(release), release.tables)}
    assert kinds == {
        "groups", "years", "age at death", "one among the other", "ZIP groups", "counties", "ZIP codes",
        "ZIP codes in two counties", "programs",
    }  # fmt: skip


def test_a_release_without_companions_is_not_published(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unprotected(figures: pd.DataFrame, counts: pd.DataFrame, places: Places, *_: object) -> pd.DataFrame:
        return figures

    monkeypatch.setattr(build, "hide_beside", unprotected)
    before = current_release_id(engine, "public")
    with pytest.raises(UnsafeReleaseError, match="hidden counts could be worked out") as refused:
        publish(engine, home)
    assert len(refused.value.found.leaks) > 20
    assert current_release_id(engine, "public") == before
