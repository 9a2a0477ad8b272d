"""The command that attacks a release which is published already."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from equity.config import Config
from equity.release.load import ReleaseError, load_release
from equity.release.publish import public_beside
from equity.store import releases
from equity.store.engine import open_store


def add_audit_command(commands: Any) -> None:
    """Add ``audit`` to a parser's subcommands."""
    attack = commands.add_parser("audit", help="try to work out what a release hides; 1 where that succeeds")
    attack.add_argument("release", nargs="?", metavar="RELEASE", help="default: the current one")
    attack.set_defaults(run=_audit)


def _audit(options: argparse.Namespace, config: Config) -> int:
    from equity.release.attack import audit

    engine = open_store(config.database_url)
    release_id = options.release or releases.current_release_id(engine, config.policy)
    if release_id is None:
        raise ReleaseError("There is no release yet: run `python -m equity bootstrap`.")
    release = load_release(engine, release_id)
    beside = public_beside(engine, release.policy)
    found, *together = [audit(release), *(audit(release, other) for other in beside)]
    for told in dict.fromkeys(
        str(told) for each in (found, *together) for told in (*each.contradictions, *each.leaks)
    ):
        print(f"Leak: {told}", file=sys.stderr)
    if not all(each.safe for each in (found, *together)):
        return 1
    print(f"Release {release_id}: {found.sought:,} hidden counts attacked, none could be worked out.")
    return 0
