"""Reading a database URL: which database is meant, and whether this software can use it."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from equity.store.errors import BOOTSTRAP, StoreError, place

_EXAMPLES = "such as sqlite:////data/equity.sqlite3 or postgresql://user:password@host:5432/equity"

_SQLITE_HEADER = b"SQLite format 3\x00"


def parse_url(url: str) -> URL:
    """Read a database URL, or say what is wrong with it without repeating it (it may hold a password)."""
    if not url.strip():
        raise StoreError(f"EQUITY_DATABASE_URL is empty: remove it for the default, or give one {_EXAMPLES}.")
    try:
        parsed = make_url(url.strip())
    except (ArgumentError, ValueError):
        raise StoreError(
            f"EQUITY_DATABASE_URL is not a database URL: write one {_EXAMPLES}; "
            "signs like @ : / in a password are written %40 %3A %2F."
        ) from None
    if "@" in f"{parsed.host}{parsed.database}" and parsed.get_backend_name() != "sqlite":
        raise StoreError(
            "EQUITY_DATABASE_URL cannot be read because its password holds a sign with a meaning of its own: "
            "write @ : / in a password as %40 %3A %2F."
        )
    _check_driver(parsed)
    if parsed.get_backend_name() == "sqlite":
        _check_file_named(parsed)
    return parsed


def _check_driver(url: URL) -> None:
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        named = url.get_backend_name() if re.fullmatch(r"\w{1,20}", url.get_backend_name()) else "another"
        raise StoreError(
            f"EQUITY_DATABASE_URL asks for the database kind '{named}', which this software cannot use: "
            f"write one {_EXAMPLES}."
        )
    try:
        url.get_dialect().import_dbapi()
    except NoSuchModuleError:
        raise StoreError(
            f"EQUITY_DATABASE_URL asks for a driver that SQLAlchemy does not know ({url.drivername}): "
            f"write a URL {_EXAMPLES}."
        ) from None
    except ImportError:
        raise StoreError(
            f"The driver that EQUITY_DATABASE_URL asks for ({url.drivername}) is not installed: "
            "run `pip install -r requirements.txt`, or write the URL with postgresql:// in front."
        ) from None


def _check_file_named(url: URL) -> None:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise StoreError(
            "EQUITY_DATABASE_URL names no database file, so nothing would be kept: "
            "write one such as sqlite:////data/equity.sqlite3."
        )


def check_file(url: URL, create: bool) -> None:
    """Make the folder of an SQLite file where asked; say what stands in the way of using the file."""
    file = Path(str(url.database))
    try:
        if create:
            file.parent.mkdir(parents=True, exist_ok=True)
        exists = file.exists()
    except OSError:
        raise StoreError(
            f"The folder of the database file {file} cannot be made or read: "
            "check that its path holds only folders this user may write to."
        ) from None
    if file.is_dir():
        raise StoreError(
            f"{file} is a folder and not a database file: name a file in it in EQUITY_DATABASE_URL."
        )
    if not exists and not create:
        raise StoreError(f"{place(url)} is not there yet: {BOOTSTRAP} to make it, or name another file.")
    if exists:
        _check_readable(file, url)


def _check_readable(file: Path, url: URL) -> None:
    """SQLite would take a file shorter than a page for an empty one, and write over it."""
    try:
        with file.open("rb") as opened:
            start = opened.read(len(_SQLITE_HEADER))
    except OSError:
        raise StoreError(
            f"{place(url)} cannot be read: give this user permission to read and write it."
        ) from None
    if start and start != _SQLITE_HEADER:
        raise StoreError(
            f"{place(url)} is not a database: name another file, or move it away and {BOOTSTRAP}."
        )
