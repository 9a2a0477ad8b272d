"""The command that shows, and gives away as a file, what was recorded of who did what."""

from __future__ import annotations

import argparse
import datetime as dt
from dataclasses import astuple
from pathlib import Path
from typing import Any

from equity.config import Config
from equity.store.engine import open_store
from equity.store.errors import StoreError
from equity.store.events import EVENT_COLUMNS, list_events
from equity.views.documents.rows_csv import rows_csv


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
            options.out.write_bytes(rows_csv(EVENT_COLUMNS, map(astuple, found)))
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
