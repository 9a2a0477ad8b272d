"""Publish: freeze a draft and make it the release that pages read, all in one transaction."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine

from equity.release.freeze import FORMAT, Draft, release_id, to_parts
from equity.release.load import Release, ReleaseError, load_release, require_format
from equity.release.policy import PUBLIC, find_policy
from equity.store import releases, write
from equity.store.engine import reading, writing

if TYPE_CHECKING:
    from equity.release.attack import Audit


#: Releases before a new one that it is attacked with.
REMEMBERED: Final = 8


@dataclass(frozen=True)
class Published:
    """What publishing did: the release's id, its parent, its figures, and whether it is new."""

    id: str
    parent: str | None
    figures: int
    new: bool


class UnsafeReleaseError(ReleaseError):
    """A release was not published, for hidden counts could be worked out from it."""

    #: Leaks named in the sentence; the rest are only numbered.
    NAMED = 5
    MEND = "Merge or withdraw one of the sources that add up here."
    WAIT = (
        "Wait with this publication until more files for the same places and times are taken in, "
        "or withdraw the newest."
    )

    def __init__(self, found: Audit) -> None:
        told = [*found.contradictions, *map(str, found.leaks)]
        more = f"; and {len(told) - self.NAMED} more" if len(told) > self.NAMED else ""
        super().__init__(
            "Not published, because hidden counts could be worked out: "
            f"{'; '.join(told[: self.NAMED])}{more}. {self.WAIT if found.across else self.MEND}"
        )
        self.found = found


def publish(engine: Engine, home: Path | None, policy_name: str = "public") -> Published:
    """Build, attack, freeze and publish. The same content as the current release changes nothing.

    Raises :class:`UnsafeReleaseError` where a hidden count could be worked out; the release before stays.
    Raises :class:`~equity.release.policy_file.PolicyError` where there is no such policy.
    """
    policy = find_policy(policy_name)
    # building takes libraries that are slow to load, and that listing and going back do without
    from equity.release.build import build_draft
    from geo.boundaries import load_layers

    with reading(engine) as connection:
        draft = build_draft(connection, load_layers(home), policy)
    new_id = release_id(draft)
    if new_id == releases.current_release_id(engine, policy_name):
        # it withstood the attack when it became current
        return Published(new_id, None, len(draft.figures), new=False)
    sought = require_safe(draft, earlier_releases(engine, policy_name))
    return publish_draft(engine, draft, policy_name, {"hidden_counts_attacked": sought})


def earlier_releases(engine: Engine, policy_name: str, before: str | None = None) -> list[Release]:
    """The latest releases that readers of a policy may still have, newest first; ``before`` one of them.

    Whoever reads another policy's releases has the current public one too.
    """
    rows = [row for row in releases.list_releases(engine) if row.policy == policy_name]
    ids = [row.id for row in rows]
    rows = rows[ids.index(before) + 1 :] if before in ids else rows
    ids = [row.id for row in rows if row.manifest.get("format") == FORMAT][:REMEMBERED]
    public = None if policy_name == PUBLIC.name else releases.current_release_id(engine, PUBLIC.name)
    return [load_release(engine, each) for each in (*ids, *filter(None, [public]))]


def require_safe(draft: Draft, earlier: Sequence[Release] = ()) -> int:
    """Attack a draft; returns how many hidden counts withstood, or raises :class:`UnsafeReleaseError`."""
    from equity.release.attack import audit

    found = audit(draft, earlier)
    if not found.safe:
        raise UnsafeReleaseError(found)
    return found.sought


def publish_draft(
    engine: Engine, draft: Draft, policy_name: str, audited: dict[str, int] | None = None
) -> Published:
    """Freeze a draft and make it current; what its audit came to is recorded with it.

    A crash at any moment leaves the previous release current: the release, its parts, the pointer to it
    and the audit record are one transaction.
    """
    new_id, parts, by = release_id(draft), to_parts(draft), actor()
    with writing(engine) as connection:
        parent = releases.current_release_id(connection, policy_name)
        if parent == new_id:
            return Published(new_id, None, len(draft.figures), new=False)
        releases.save_release(
            connection,
            id=new_id,
            policy=policy_name,
            parent=parent,
            created_by=by,
            manifest=draft.manifest,
            figure_count=len(draft.figures),
            parts=parts,
        )
        releases.set_current(connection, policy_name, new_id)
        write.audit(
            connection, by, "publish", new_id, {"policy": policy_name, "parent": parent, **(audited or {})}
        )
    return Published(new_id, parent, len(draft.figures), new=True)


def rollback(engine: Engine, policy_name: str = "public", to: str | None = None) -> str:
    """Make an earlier release current again: ``to``, or the parent of the current one."""
    known = {row.id: row for row in releases.list_releases(engine) if row.policy == policy_name}
    current = releases.current_release_id(engine, policy_name)
    target = to or (known[current].parent if current in known else None)
    if target is None:
        raise ReleaseError("There is no earlier release to go back to.")
    if target not in known:
        raise ReleaseError(f"There is no release {target} under the policy {policy_name}.")
    require_format(known[target])
    with writing(engine) as connection:
        releases.set_current(connection, policy_name, target)
        write.audit(connection, actor(), "rollback", target, {"policy": policy_name, "from": current})
    return target


def actor() -> str:
    """Who is at the keyboard, as the system names the account; a service has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "service"
