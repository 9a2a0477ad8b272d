"""Commands about agreements with partners: add, list, end."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from equity.config import Config
from equity.release.publish import actor
from equity.store.agreements import ALL_AREAS, add_agreement, end_agreement, list_agreements
from equity.store.engine import open_store


def add_agreement_commands(commands: Any) -> None:
    """Add ``agreement`` and its own commands to a parser's subcommands."""
    agreement = commands.add_parser("agreement", help="let a partner see partner figures, or no longer")
    acts = agreement.add_subparsers(required=True, metavar="add|list|end")
    new = acts.add_parser("add", help="agree with an organization; it is in force at once")
    new.add_argument("party", help="the organization, written as its people's sign-in names it")
    new.add_argument(
        "--area",
        action="append",
        metavar="KIND:CODE",
        help=f"such as county:29510; repeat for several; default: {ALL_AREAS}",
    )
    new.add_argument("--purpose", required=True, help="what the figures are for")
    new.add_argument(
        "--until", required=True, type=dt.date.fromisoformat, metavar="DATE", help="its last day (UTC)"
    )
    new.set_defaults(run=_add)
    listing = acts.add_parser("list", help="list agreements, newest first")
    listing.set_defaults(run=_list)
    end = acts.add_parser("end", help="end an agreement at once and for good")
    end.add_argument("id", help="the id of the agreement")
    end.set_defaults(run=_end)


def _add(options: argparse.Namespace, config: Config) -> int:
    engine = open_store(config.database_url)
    areas = options.area or [ALL_AREAS]
    made = add_agreement(engine, options.party, areas, options.purpose, options.until, actor())
    print(f"Agreement {made.id} with {made.party} for {', '.join(made.areas)}, until {made.until}.")
    return 0


def _list(_options: argparse.Namespace, config: Config) -> int:
    found = list_agreements(open_store(config.database_url))
    if not found:
        print("No agreement yet. Make one with: python -m equity agreement add ORGANIZATION")
    today = dt.datetime.now(dt.UTC).date()
    for one in found:
        state = f"{one.state(today):<8} until {one.until}"
        print(f"{one.id}  {state}  {one.party}: {', '.join(one.areas)}; {one.purpose}")
    return 0


def _end(options: argparse.Namespace, config: Config) -> int:
    ended = end_agreement(open_store(config.database_url), options.id, actor())
    print(f"Agreement {ended.id} with {ended.party} is ended.")
    return 0
