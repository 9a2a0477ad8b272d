"""The command line: prepare the store, take files in, publish, go back to an earlier release."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from sqlalchemy import Engine
from tqdm import tqdm

from equity.cli.agreements import add_agreement_commands
from equity.cli.audit import add_audit_command
from equity.cli.events import add_event_commands
from equity.cli.files import add_commands
from equity.cli.profiles import add_profile_command
from equity.cli.tokens import add_token_commands
from equity.config import Config, load_config
from equity.intake.load import LoadReport, load_demo, load_geo, load_reference
from equity.intake.report import IntakeError
from equity.release.load import ReleaseError
from equity.release.publish import Published, publish, rollback
from equity.store import releases
from equity.store.engine import open_store
from equity.store.errors import StoreError
from equity.store.migrate import upgrade
from geo.errors import GeoError

DESCRIPTION = """\
Prepare and publish the figures of the equity dashboard.

Viewers never see the working tables: they read a release, which is built, checked for
small numbers and frozen as a whole. Going back to an earlier release moves a pointer.
"""
EXAMPLES = """\
examples:
  python -m equity bootstrap                 a first release from the shipped figures
  python -m equity publish                   a new release from what the store holds now
  python -m equity releases                  what was published, and what is current
  python -m equity rollback                  back to the release before
  python -m equity rollback --to 3f2a...     back to a certain release
  python -m equity submit births.txt         hand in a file; it is checked and waits
  python -m equity accept 1a2b... --publish  take it in and show it to readers

settings (environment):
  EQUITY_DATABASE_URL   any SQLAlchemy URL; default: an SQLite file in EQUITY_HOME
  EQUITY_HOME           folder of the embedded database and own boundaries; default: ./var
  EQUITY_POLICY         disclosure policy that pages read; default: public
  EQUITY_POLICY_FILE    file of an own disclosure policy (TOML)

exit codes: 0 done, 1 it could not be done (the reason is printed), 2 wrong use
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options, load_config()))
    except (StoreError, ReleaseError, GeoError, IntakeError) as reason:
        print(f"Could not do it: {reason}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m equity", description=DESCRIPTION, epilog=EXAMPLES, formatter_class=shape
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    first = commands.add_parser("bootstrap", help="make or upgrade the store, load what ships, publish")
    first.set_defaults(run=_bootstrap)
    new = commands.add_parser("publish", help="build, freeze and publish a release from the store")
    new.set_defaults(run=_publish)
    listing = commands.add_parser("releases", help="list releases, newest first")
    listing.set_defaults(run=_releases)
    back = commands.add_parser("rollback", help="make an earlier release current again")
    back.add_argument("--to", metavar="ID", help="the release to go back to; default: the one before")
    back.set_defaults(run=_rollback)
    add_commands(commands)
    add_token_commands(commands)
    add_agreement_commands(commands)
    add_event_commands(commands)
    add_audit_command(commands)
    add_profile_command(commands)
    for command in (first, new, back):
        command.add_argument(
            "--policy",
            metavar="NAME",
            help="public, partner or an own one; default: EQUITY_POLICY, or public",
        )
    return parser


def _bootstrap(options: argparse.Namespace, config: Config) -> int:
    engine = open_store(config.database_url, create=True)
    reports: list[LoadReport] = []
    loads: list[tuple[str, Callable[[Engine], LoadReport]]] = [
        ("places", load_geo),
        ("published figures", load_reference),
        ("demonstration data", load_demo),
    ]
    with _progress(len(loads) + 2) as bar:
        _step(bar, "tables")
        upgrade(engine)
        for name, load in loads:
            _step(bar, name)
            reports.append(load(engine))
        _step(bar, "release")
        done = publish(engine, config.home, options.policy or config.policy)
        bar.update()
    refused = [refusal for report in reports for refusal in report.refused]
    for refusal in refused:
        print(f"Row refused: {refusal}", file=sys.stderr)
    print(_published_sentence(done))
    return 1 if refused else 0


def _publish(options: argparse.Namespace, config: Config) -> int:
    with _progress(1) as bar:
        _step(bar, "release")
        done = publish(open_store(config.database_url), config.home, options.policy or config.policy)
        bar.update()
    print(_published_sentence(done))
    return 0


def _releases(_options: argparse.Namespace, config: Config) -> int:
    rows = releases.list_releases(open_store(config.database_url))
    if not rows:
        print("No release yet. Make the first one with: python -m equity bootstrap")
    for row in rows:
        mark = "current" if row.current else ""
        size = f"{row.figure_count:>8,} figures"
        print(f"{row.id}  {row.created_at[:19]}  {row.policy:<8} {size}  {mark}".rstrip())
    return 0


def _rollback(options: argparse.Namespace, config: Config) -> int:
    target = rollback(open_store(config.database_url), options.policy or config.policy, options.to)
    print(f"Release {target} is current again.")
    return 0


def _published_sentence(done: Published) -> str:
    if not done.new:
        return f"Nothing has changed: release {done.id} stays current."
    return f"Published release {done.id} with {done.figures:,} figures."


def _progress(steps: int) -> tqdm[NoReturn]:
    return tqdm(total=steps, bar_format="{desc:<22} {bar:30} {n_fmt}/{total_fmt} {elapsed}", file=sys.stderr)


def _step(bar: tqdm[NoReturn], name: str) -> None:
    """Name the step under way; the one before it is done."""
    if bar.desc:
        bar.update()
    bar.set_description_str(name)
