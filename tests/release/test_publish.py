"""Publishing, going back, and the command line that does both."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from equity.release.freeze import Draft, release_id, to_parts
from equity.release.load import ReleaseError, load_release
from equity.release.publish import publish, rollback
from equity.store.engine import writing
from equity.store.releases import current_release_id, list_releases
from tests.release.cells import cells, rate
from tests.shipped import run_equity


def small_draft(deaths: int = 30) -> Draft:
    places = pd.DataFrame({"kind": ["county"], "geoid": ["29510"], "name": ["City"], "region": ["stl"]})
    return Draft(cells(rate(deaths, 3000, status="shown")), {"areas": places}, {}, {"policy": "public"})


def test_the_same_content_has_the_same_id_and_other_content_another() -> None:
    assert release_id(small_draft()) == release_id(small_draft())
    assert release_id(small_draft()) != release_id(small_draft(31))
    assert to_parts(small_draft()) == to_parts(small_draft())


def test_publishing_again_changes_nothing(engine: Engine) -> None:
    before = current_release_id(engine, "public")
    again = publish(engine, None)
    assert (again.id, again.new) == (before, False)
    assert len(list_releases(engine)) == 1


def test_publish_then_roll_back(engine: Engine) -> None:
    first = current_release_id(engine, "public")
    with writing(engine) as connection:
        connection.execute(text("UPDATE capacity SET slots = slots + 1 WHERE quarter = '2023Q4'"))
    second = publish(engine, None)
    assert second.new and second.parent == first
    assert current_release_id(engine, "public") == second.id
    slots = [
        load_release(engine, key).select("slots", "region", area="stl", last_year=2023)["value"].iloc[0]
        for key in (first, second.id)
        if key
    ]
    assert slots[1] > slots[0]
    assert rollback(engine) == first
    assert current_release_id(engine, "public") == first


def test_there_is_nothing_before_the_first_release(engine: Engine) -> None:
    with pytest.raises(ReleaseError, match="no earlier release"):
        rollback(engine)
    with pytest.raises(ReleaseError, match="no release ffff"):
        rollback(engine, to="ffff")


def test_command_line_lists_and_explains(home: Path) -> None:
    listing = run_equity(home, "releases")
    assert listing.returncode == 0 and "current" in listing.stdout
    back = run_equity(home, "rollback")
    assert back.returncode == 1
    assert back.stderr.strip() == "Could not do it: There is no earlier release to go back to."
    assert run_equity(home, "publish").stdout.startswith("Nothing has changed")
    assert run_equity(home, "teleport").returncode == 2
    help_text = run_equity(home, "--help").stdout
    for word in ("bootstrap", "publish", "releases", "rollback", "EQUITY_DATABASE_URL", "exit codes"):
        assert word in help_text


def test_bad_stores_give_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    empty = run_equity(tmp_path / "nothing", "publish")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "equity.sqlite3").write_bytes(b"not a database at all" * 100)
    corrupt = run_equity(broken, "publish")
    nowhere = run_equity(tmp_path, "publish", EQUITY_DATABASE_URL="nonsense")
    secret = run_equity(tmp_path, "publish", EQUITY_DATABASE_URL="postgresql://me:s3cret@127.0.0.1:1/x")
    for done in (empty, corrupt, nowhere, secret):
        assert done.returncode == 1
        assert done.stderr.count("Could not do it:") == 1
        assert "Traceback" not in done.stderr and "s3cret" not in done.stderr
