"""The format of releases: each carries one, another is refused with a sentence, and publishing goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from equity.release import freeze
from equity.release.freeze import FORMAT, Draft, release_id, to_parts
from equity.release.load import OtherFormatError, Release, ReleaseError, load_release
from equity.release.publish import publish_draft, rollback
from equity.store.engine import open_store, upgrade, writing
from equity.store.releases import current_release_id, save_release, set_current
from tests.release.test_publish import small_draft
from tests.shipped import run_equity

OLD = "0" * 16


def save_old(engine: Engine, manifest: dict[str, Any]) -> None:
    """Make a release of an earlier format current."""
    parent = current_release_id(engine, "public")
    with writing(engine) as connection:
        save_release(connection, OLD, "public", parent, "test", manifest, 1, to_parts(small_draft()))
        set_current(connection, "public", OLD)


@pytest.fixture
def empty(sqlite_url: str) -> Engine:
    """A store without a release."""
    engine = open_store(sqlite_url, create=True)
    upgrade(engine)
    return engine


def test_every_release_carries_its_format(release: Release) -> None:
    assert release.manifest["format"] == FORMAT


def test_another_format_gives_the_same_content_another_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise publishing after an upgrade would change nothing, and pages would go on failing."""
    before = release_id(small_draft())
    monkeypatch.setattr(freeze, "FORMAT", FORMAT + 1)
    assert release_id(small_draft()) != before


@pytest.mark.parametrize("written", [{}, {"format": FORMAT + 1}, {"format": str(FORMAT)}])
def test_a_release_of_another_format_is_refused(empty: Engine, written: dict[str, Any]) -> None:
    save_old(empty, {"policy": "public", **written})
    with pytest.raises(OtherFormatError, match="another version of this software") as refused:
        load_release(empty, OLD)
    assert isinstance(refused.value, ReleaseError)
    assert f"Release {OLD} " in str(refused.value) and "run `python -m equity publish`" in str(refused.value)


def test_there_is_no_going_back_to_another_format(empty: Engine) -> None:
    save_old(empty, {"policy": "public"})
    new = publish_draft(empty, small_draft(), "public")
    assert new.parent == OLD and load_release(empty, new.id)
    with pytest.raises(OtherFormatError, match="another version"):
        rollback(empty)
    assert current_release_id(empty, "public") == new.id


def test_a_draft_keeps_what_its_manifest_says() -> None:
    draft = small_draft()
    again = Draft(draft.figures, draft.tables, draft.layers, draft.manifest)
    assert draft.manifest == again.manifest == {"policy": "public", "format": FORMAT}


def test_the_command_publishes_over_a_release_of_another_format(home: Path, engine: Engine) -> None:
    save_old(engine, {"policy": "public"})
    done = run_equity(home, "publish")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Published release ")
    current = current_release_id(engine, "public")
    assert current not in (None, OLD) and load_release(engine, str(current)).manifest["format"] == FORMAT
