"""Commands about agreements with partners: add, list, end."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from sqlalchemy import Engine

from equity.config import Config
from equity.release.cut import CutError, cut, more_shown
from equity.release.load import load_release
from equity.release.policy import PARTNER
from equity.release.publish import actor
from equity.store.agreements import (
    ALL_AREAS,
    add_agreement,
    agreed_areas,
    end_agreement,
    list_agreements,
)
from equity.store.engine import open_store
from equity.store.releases import current_release_id


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
        help=f"such as region:bootheel, which is not its counties; repeat for several; default: {ALL_AREAS}",
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
    print(_opened(engine, config, made.party))
    return 0


def _opened(engine: Engine, config: Config, party: str) -> str:
    """What the agreements with a party open just now, as a sentence."""
    areas = agreed_areas(list_agreements(engine), party, dt.datetime.now(dt.UTC).date())
    public, partner = (current_release_id(engine, name) for name in (config.policy, PARTNER.name))
    if public is None or partner is None:
        return "It opens nothing yet: publish a release with `python -m equity publish --policy partner`."
    if areas == (ALL_AREAS,):
        return f"It opens release {partner}."
    shown = load_release(engine, public)
    try:
        made = cut(shown, load_release(engine, partner), areas)
    except CutError as reason:
        return f"It opens nothing yet. {reason}"
    return f"It opens {more_shown(made, shown):,} figures that release {public} does not show."


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
