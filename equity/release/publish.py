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
from equity.release.policy import find_policy
from equity.store import releases, write
from equity.store.engine import reading, writing

if TYPE_CHECKING:
    from equity.release.attack import Audit
    from equity.release.readable import Content


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
    """A release was not published, or not shown ``again``, for hidden counts could be worked out."""

    #: Leaks named in the sentence; the rest are only numbered.
    NAMED = 5
    MEND = "Merge or withdraw one of the sources that add up here."
    WAIT = (
        "Wait with this publication until more files for the same places and times are taken in, "
        "or withdraw the newest."
    )

    OTHER = "Go back to another release, or publish a new one."

    def __init__(self, found: Audit, again: bool = False) -> None:
        told = [*found.contradictions, *map(str, found.leaks)]
        more = f"; and {len(told) - self.NAMED} more" if len(told) > self.NAMED else ""
        super().__init__(
            f"Not {'shown again' if again else 'published'}, because hidden counts could be worked out: "
            f"{'; '.join(told[: self.NAMED])}{more}. "
            f"{self.OTHER if again else self.WAIT if found.across else self.MEND}"
        )
        self.found = found


def publish(
    engine: Engine, home: Path | None, policy_name: str = "public", by: str | None = None
) -> Published:
    """Build, attack, freeze and publish. The same content as the current release changes nothing.

    ``by`` is who does it, the account of this process where nobody is named.
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
    return publish_draft(engine, draft, policy_name, {"hidden_counts_attacked": sought}, by)


def earlier_releases(engine: Engine, policy_name: str, before: str | None = None) -> list[Release]:
    """The latest releases that readers of a policy may still have, newest first; ``before`` one of them.

    What is shown under any other policy stands beside them, however old it is: partners read the public
    release too, and have theirs still when a new public one comes.
    """
    rows = [row for row in releases.list_releases(engine) if row.manifest.get("format") == FORMAT]
    own = [row.id for row in rows if row.policy == policy_name]
    own = own[own.index(before) + 1 :] if before in own else own
    others = [row.id for row in rows if row.current and row.policy != policy_name]
    return [load_release(engine, each) for each in (*own[:REMEMBERED], *others)]


def beside(engine: Engine, release: Release) -> list[Release]:
    """What readers may have beside a release that is shown again: earlier and later ones, but itself."""
    found = earlier_releases(engine, release.policy)
    return [each for each in found if each.id != release.id]


def require_safe(content: Content, earlier: Sequence[Release] = (), again: bool = False) -> int:
    """Attack a draft, or a release that is shown ``again``, beside others.

    Returns how many hidden counts withstood, or raises :class:`UnsafeReleaseError`.
    """
    from equity.release.attack import audit

    found = audit(content, earlier)
    if not found.safe:
        raise UnsafeReleaseError(found, again)
    return found.sought


def publish_draft(
    engine: Engine,
    draft: Draft,
    policy_name: str,
    audited: dict[str, int] | None = None,
    by: str | None = None,
) -> Published:
    """Freeze a draft and make it current; what its audit came to is recorded with it.

    A crash at any moment leaves the previous release current: the release, its parts, the pointer to it
    and the audit record are one transaction.
    """
    new_id, parts, by = release_id(draft), to_parts(draft), by or actor()
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


def rollback(
    engine: Engine, policy_name: str = "public", to: str | None = None, by: str | None = None
) -> str:
    """Make an earlier release current again: ``to``, or the parent of the current one; ``by`` whom.

    It is attacked as it would be if it were new: what was published since stands beside it now. Raises
    :class:`UnsafeReleaseError` where that tells hidden counts, and :class:`ReleaseError` where there is no
    such release; the current one stays.
    """
    known = {row.id: row for row in releases.list_releases(engine) if row.policy == policy_name}
    current = releases.current_release_id(engine, policy_name)
    target = to or (known[current].parent if current in known else None)
    if target is None:
        raise ReleaseError("There is no earlier release to go back to.")
    if target not in known:
        raise ReleaseError(f"There is no release {target} under the policy {policy_name}.")
    require_format(known[target])
    again = load_release(engine, target)
    sought = require_safe(again, beside(engine, again), again=True)
    detail = {"policy": policy_name, "from": current, "hidden_counts_attacked": sought}
    with writing(engine) as connection:
        if releases.current_release_id(connection, policy_name) != current:
            raise ReleaseError("Another release has become current meanwhile: look, and try again.")
        releases.set_current(connection, policy_name, target)
        write.audit(connection, by or actor(), "rollback", target, detail)
    return target


def actor() -> str:
    """Who is at the keyboard, as the system names the account; a service has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "service"
