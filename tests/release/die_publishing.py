"""Publish a frozen draft and die (SIGKILL) at one point of the transaction: a script for the kill test.

``python -m tests.release.die_publishing URL DRAFT POINT``: ``POINT`` counts moments before and after each
statement, the commit, and halves of the wait between them; -1 lives. Each moment is printed as it passes.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from equity.release.publish import publish_draft
from equity.store import releases
from equity.store.engine import open_store


class Moments:
    """Counts the moments of a transaction, prints each, and dies at the chosen one."""

    def __init__(self, chosen: int) -> None:
        self.chosen, self.count = chosen, 0

    def pass_by(self, name: str) -> None:
        _tell(f"{self.count}\t{name}")
        if self.count == self.chosen:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    url, draft_file, point = sys.argv[1:]
    # made by the test that starts this script, a moment ago
    draft = pickle.loads(Path(draft_file).read_bytes())  # noqa: S301
    releases._BATCH_BYTES = 1  # one part a statement, as with a release a hundred times this size
    engine = open_store(url)
    moments = Moments(int(point))
    for name in ("begin", "commit", "rollback"):
        event.listen(engine, name, lambda _connection, name=name: moments.pass_by(name))

    def before(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        moments.pass_by(f"before {' '.join(statement.split()[:3])}")

    def after(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        moments.pass_by(f"after {' '.join(statement.split()[:3])}")

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    done = publish_draft(engine, draft, "public")
    moments.pass_by("committed")
    _tell(f"published\t{done.id}")


if __name__ == "__main__":
    main()
