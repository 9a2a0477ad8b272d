"""Releases never change, and publishing happens as a whole."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from equity.store import schema
from equity.store.engine import StoreError, writing
from equity.store.releases import (
    Part,
    current_release_id,
    list_releases,
    read_release,
    save_release,
    set_current,
)
from equity.store.write import audit

PARTS: dict[str, Part] = {
    "figures": ("application/vnd.apache.parquet", bytes(range(256)) * 100),
    "empty": ("text/plain", b""),
}
MANIFEST = {"policy": "public", "blocks": [[2010, 2016], [2017, 2023]], "note": "größer"}


def publish(store: Engine, id: str, policy: str = "public", **change: Any) -> None:
    release = {"parent": None, "created_by": "data steward", "manifest": MANIFEST, "figure_count": 5}
    with writing(store) as connection:
        save_release(connection, id, policy, **(release | {"parts": PARTS} | change))
        set_current(connection, policy, id)
        audit(connection, "data steward", "publish", id, {"policy": policy})


def _events(store: Engine) -> int:
    with store.connect() as connection:
        return connection.execute(select(func.count()).select_from(schema.audit_event)).scalar_one()


def test_a_release_comes_back_as_it_was(store: Engine) -> None:
    assert current_release_id(store, "public") is None
    publish(store, "r1")
    row, parts = read_release(store, "r1")
    assert parts == PARTS
    assert row.manifest == MANIFEST
    assert (row.id, row.policy, row.parent, row.created_by, row.figure_count, row.current) == (
        "r1", "public", None, "data steward", 5, True,
    )  # fmt: skip
    assert current_release_id(store, "public") == "r1"
    assert current_release_id(store, "partner") is None


def test_big_parts_arrive(store: Engine) -> None:
    parts = {
        f"part-{number}": ("application/octet-stream", bytes([number]) * 3_000_000) for number in range(5)
    }
    publish(store, "r1", parts=parts)
    assert read_release(store, "r1")[1] == parts


def test_releases_are_listed_newest_first_and_rolled_back_by_pointer(store: Engine) -> None:
    publish(store, "r1")
    publish(store, "r2", parent="r1", figure_count=6)
    publish(store, "p1", policy="partner")
    assert [(row.id, row.parent, row.current) for row in list_releases(store)] == [
        ("p1", None, True),
        ("r2", "r1", True),
        ("r1", None, False),
    ]
    with writing(store) as connection:
        set_current(connection, "public", "r1")
    assert current_release_id(store, "public") == "r1"
    assert [row.id for row in list_releases(store) if row.current] == ["p1", "r1"]


def test_the_same_release_again_is_no_change(store: Engine) -> None:
    publish(store, "r1")
    before = list_releases(store)
    with writing(store) as connection:
        assert not save_release(connection, "r1", "public", None, "someone else", MANIFEST, 5, PARTS)
    assert list_releases(store) == before


@pytest.mark.parametrize(
    "change",
    [
        {"parts": PARTS | {"empty": ("text/plain", b"x")}},
        {"parts": PARTS | {"empty": ("text/csv", b"")}},
        {"parts": {"figures": PARTS["figures"]}},
        {"figure_count": 6},
        {"manifest": MANIFEST | {"note": "other"}},
    ],
)
def test_another_content_under_the_same_id_is_refused(store: Engine, change: dict[str, Any]) -> None:
    publish(store, "r1")
    with pytest.raises(StoreError, match="Release r1 is kept already with another content"):
        publish(store, "r1", **change)
    assert read_release(store, "r1")[1] == PARTS
    assert _events(store) == 1


def test_unknown_releases_and_foreign_policies_are_refused(store: Engine) -> None:
    publish(store, "r1")
    with pytest.raises(StoreError, match="There is no release r9 in this store"):
        read_release(store, "r9")
    with pytest.raises(StoreError, match="There is no release r9"), writing(store) as connection:
        set_current(connection, "public", "r9")
    with pytest.raises(StoreError, match="made under the policy 'public'"), writing(store) as connection:
        set_current(connection, "partner", "r1")
    with pytest.raises(StoreError, match="cannot follow release r9"):
        publish(store, "r2", parent="r9")
    assert [replace(row, created_at="").id for row in list_releases(store)] == ["r1"]


def test_publishing_that_fails_leaves_nothing(store: Engine) -> None:
    publish(store, "r1")
    with pytest.raises(RuntimeError, match="power cut"), writing(store) as connection:
        save_release(connection, "r2", "public", "r1", "data steward", MANIFEST, 5, PARTS)
        set_current(connection, "public", "r2")
        raise RuntimeError("power cut")
    assert current_release_id(store, "public") == "r1"
    assert [row.id for row in list_releases(store)] == ["r1"]
    with store.connect() as connection:
        table = schema.release_part
        assert set(connection.execute(select(table.c.release_id)).scalars()) == {"r1"}


def test_readers_see_the_old_release_while_a_writer_is_at_work(store: Engine) -> None:
    publish(store, "r1")
    with writing(store) as connection:
        save_release(connection, "r2", "public", "r1", "data steward", MANIFEST, 5, PARTS)
        set_current(connection, "public", "r2")
        assert current_release_id(store, "public") == "r1"
        assert read_release(store, "r1")[1] == PARTS
        with pytest.raises(StoreError):
            read_release(store, "r2")
    assert current_release_id(store, "public") == "r2"


def test_two_publishers_take_turns(store: Engine) -> None:
    publish(store, "r0")
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(5):
                publish(store, f"{name}{number}", parent="r0")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(list_releases(store)) == _events(store) == 11
