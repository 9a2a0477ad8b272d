"""The command that shows, and gives away as a file, what was recorded of who did what."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from equity.config import Config
from equity.store.engine import open_store
from equity.store.errors import StoreError
from equity.store.events import Event, list_events
from equity.views.documents.tables import inert


def add_event_commands(commands: Any) -> None:
    """Add ``events`` to a parser's subcommands."""
    listing = commands.add_parser("events", help="who did what and when, the oldest first")
    listing.add_argument(
        "--since", type=dt.date.fromisoformat, metavar="DATE", help="from this day on (UTC): 2026-01-31"
    )
    listing.add_argument("--out", type=Path, metavar="FILE.csv", help="write them to a file for spreadsheets")
    listing.set_defaults(run=_events)


def _events(options: argparse.Namespace, config: Config) -> int:
    found = list_events(open_store(config.database_url), options.since)
    if options.out is not None:
        try:
            options.out.write_bytes(events_csv(found))
        except OSError as error:
            raise StoreError(f"{options.out} cannot be written: {error.strerror}.") from None
        print(f"Written: {options.out}, {len(found):,} events")
        return 0
    if not found:
        print("Nothing was recorded.")
    for event in found:
        line = f"{event.at[:19]}  {event.actor}  {event.action}  {event.subject}  {event.detail}"
        # names come from files and senders: none of their signs may steer the terminal
        print("".join(sign if sign.isprintable() else "?" for sign in line))
    return 0


def events_csv(events: list[Event]) -> bytes:
    """Events as CSV (RFC 4180, UTF-8 with a byte order mark); no text in it is a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([field.name for field in fields(Event)])
    writer.writerows([[inert(str(cell)) for cell in astuple(event)] for event in events])
    return buffer.getvalue().encode("utf-8-sig")
