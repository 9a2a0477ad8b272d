"""Keeping releases: what was published stays as it was, and one of them is current for each policy.

The writing functions work inside the caller's transaction (``writing``), so that saving a release,
making it current and recording who did so happen together or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, insert, select, update

from equity.store.engine import Readable, connected
from equity.store.errors import StoreError
from equity.store.schema import current_release, release, release_part
from equity.store.write import as_json, now

#: A part's content type (MIME) and its bytes.
Part = tuple[str, bytes]
#: Bytes of parts sent to the database in one call, so that a big release does not fill the memory twice.
_BATCH_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release without its content. ``created_at`` is UTC text; ``current`` is for its own policy."""

    id: str
    policy: str
    parent: str | None
    created_at: str
    created_by: str
    manifest: dict[str, Any]
    figure_count: int
    current: bool


def save_release(
    connection: Connection,
    id: str,
    policy: str,
    parent: str | None,
    created_by: str,
    manifest: Mapping[str, Any],
    figure_count: int,
    parts: Mapping[str, Part],
) -> bool:
    """Keep a release and its parts; return False where the very same release is there already.

    Raises :class:`StoreError` where another content is kept under this id (a release never changes)
    and where the parent is not there.
    """
    if _find(connection, id) is not None:
        _require_same(connection, id, policy, manifest, figure_count, parts)
        return False
    if parent is not None and _find(connection, parent) is None:
        raise StoreError(f"Release {id} cannot follow release {parent}, which is not in this store.")
    connection.execute(
        insert(release).values(
            id=id,
            policy=policy,
            parent=parent,
            created_at=now(),
            created_by=created_by,
            manifest_json=as_json(manifest),
            figure_count=figure_count,
        )
    )
    for batch in _batches(id, parts):
        connection.execute(insert(release_part), batch)
    return True


def set_current(connection: Connection, policy: str, release_id: str) -> None:
    """Let viewers of this policy read this release from now on; publishing and rolling back alike.

    Raises :class:`StoreError` for an unknown release and for one made under another policy.
    """
    found = _require(connection, release_id)
    if found.policy != policy:
        raise StoreError(
            f"Release {release_id} was made under the policy '{found.policy}' and cannot be current for "
            f"'{policy}': choose a release of that policy."
        )
    done = connection.execute(
        update(current_release).where(current_release.c.policy == policy).values(release_id=release_id)
    )
    if done.rowcount == 0:
        connection.execute(insert(current_release).values(policy=policy, release_id=release_id))


def current_release_id(readable: Readable, policy: str) -> str | None:
    """The release viewers of this policy read, or None where none was published yet."""
    query = select(current_release.c.release_id).where(current_release.c.policy == policy)
    with connected(readable) as connection:
        return connection.execute(query).scalar_one_or_none()


def list_releases(readable: Readable) -> list[ReleaseRow]:
    """All releases, the newest first."""
    with connected(readable) as connection:
        found = connection.execute(_rows().order_by(release.c.created_at.desc(), release.c.id)).all()
    return [_release_row(row) for row in found]


def find_release(readable: Readable, release_id: str) -> ReleaseRow:
    """One release without its content; raises :class:`StoreError` where there is none of this id."""
    with connected(readable) as connection:
        return _require(connection, release_id)


def read_release(readable: Readable, release_id: str) -> tuple[ReleaseRow, dict[str, Part]]:
    """One release and its parts by name; raises :class:`StoreError` where there is none of this id."""
    with connected(readable) as connection:
        row = _require(connection, release_id)
        return row, _read_parts(connection, release_id)


def _rows() -> Select[Any]:
    current = current_release.c.release_id.is_not(None).label("current")
    at = (current_release.c.policy == release.c.policy) & (current_release.c.release_id == release.c.id)
    return select(release, current).join_from(release, current_release, at, isouter=True)


def _release_row(row: Row[Any]) -> ReleaseRow:
    values = dict(row._mapping)
    return ReleaseRow(manifest=json.loads(values.pop("manifest_json")), **values)


def _find(connection: Connection, release_id: str) -> ReleaseRow | None:
    found = connection.execute(_rows().where(release.c.id == release_id)).one_or_none()
    return None if found is None else _release_row(found)


def _require(connection: Connection, release_id: str) -> ReleaseRow:
    found = _find(connection, release_id)
    if found is None:
        raise StoreError(
            f"There is no release {release_id} in this store: "
            "`python -m equity releases` lists those there are."
        )
    return found


def _read_parts(connection: Connection, release_id: str) -> dict[str, Part]:
    columns = (release_part.c.name, release_part.c.content_type, release_part.c.content)
    query = select(*columns).where(release_part.c.release_id == release_id).order_by(release_part.c.name)
    return {name: (content_type, bytes(content)) for name, content_type, content in connection.execute(query)}


def _require_same(
    connection: Connection,
    id: str,
    policy: str,
    manifest: Mapping[str, Any],
    figure_count: int,
    parts: Mapping[str, Part],
) -> None:
    kept = _require(connection, id)
    same = (kept.policy, as_json(kept.manifest), kept.figure_count) == (
        policy,
        as_json(manifest),
        figure_count,
    )
    if not same or _read_parts(connection, id) != dict(parts):
        raise StoreError(
            f"Release {id} is kept already with another content, and a release never changes: "
            "publish the new content under its own id."
        )


def _batches(release_id: str, parts: Mapping[str, Part]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for name, (content_type, content) in parts.items():
        batch.append(
            {"release_id": release_id, "name": name, "content_type": content_type, "content": content}
        )
        size += len(content)
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
