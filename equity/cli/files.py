"""Commands about files handed in: submit, list, look at, accept, decline, withdraw, templates."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from equity.config import Config
from equity.intake.findings import LEVELS, Finding
from equity.intake.records.read import main_records
from equity.intake.submit import accept, decline, findings_of, receive, withdraw
from equity.intake.templates import KINDS, Shape, file_name, template
from equity.intake.upload import read_bytes
from equity.release.publish import actor, publish
from equity.steward.preview import Preview, preview
from equity.store.engine import open_store
from equity.store.submissions import Submission, list_submissions, require_submission
from equity.views.handed_in import before_and_after, replaced_sentence

#: Findings and changed figures printed of each kind.
SHOWN = 20


def add_commands(commands: Any) -> None:
    """Add the commands of this module to a parser's subcommands."""
    new = commands.add_parser("submit", help="hand in a file: it is read, checked, and waits for a decision")
    new.add_argument("file", type=Path, help="an export, a spreadsheet or a filled-in template")
    new.set_defaults(run=_submit)
    listing = commands.add_parser("submissions", help="list files handed in, newest first")
    listing.set_defaults(run=_list)
    counted = commands.add_parser("records", help="count a record-level file of births; keeps nothing of it")
    counted.add_argument("file", type=Path, help="a fixed-width natality or linked file, plain or compressed")
    counted.set_defaults(run=_records)
    blank = commands.add_parser("template", help="write a template to fill in, or a filled-in example")
    blank.add_argument("kind", choices=KINDS, help="the report it is for")
    blank.add_argument("--csv", action="store_true", help="as CSV, else as a spreadsheet")
    blank.add_argument("--filled", action="store_true", help="filled in as an example")
    blank.set_defaults(run=_template)
    for name, run, text in (
        ("show", _show, "what the reader found in a submission"),
        ("preview", _preview, "what accepting a submission would change in the next release"),
        ("accept", _accept, "take a submission into the store"),
        ("decline", _decline, "turn a submission down"),
        ("withdraw", _withdraw, "undo accepting a submission; what it had replaced comes back"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("id", help="the id of the submission")
        command.set_defaults(run=run)
        if name in ("accept", "decline", "withdraw"):
            command.add_argument("--reason", default="", help="why; needed where the reader warned")
        if name in ("accept", "withdraw"):
            command.add_argument("--publish", action="store_true", help="publish a new release at once")


def _submit(options: argparse.Namespace, config: Config) -> int:
    engine = open_store(config.database_url)
    received = receive(engine, options.file.name, read_bytes(options.file), actor())
    if received.again:
        print(f"This very file came in before, as submission {received.submission.id}.")
    _print_submission(received.submission)
    return 1 if received.submission.status == "refused" else 0


def _records(options: argparse.Namespace, _config: Config) -> int:
    reading = main_records(options.file, print)
    return 0 if reading.acceptable else 1


def _template(options: argparse.Namespace, _config: Config) -> int:
    shape: Shape = "csv" if options.csv else "xlsx"
    path = Path(file_name(options.kind, shape, filled=options.filled))
    path.write_bytes(template(options.kind, shape, filled=options.filled))
    print(f"Written: {path}")
    return 0


def _list(_options: argparse.Namespace, config: Config) -> int:
    rows = list_submissions(open_store(config.database_url))
    if not rows:
        print("Nothing was handed in yet. Hand a file in with: python -m equity submit FILE")
    for row in rows:
        print(f"{row.id}  {row.received_at[:16]}  {row.status:<10}  {row.kind:<14}  {row.file_name}")
    return 0


def _show(options: argparse.Namespace, config: Config) -> int:
    _print_submission(require_submission(open_store(config.database_url), options.id))
    return 0


def _preview(options: argparse.Namespace, config: Config) -> int:
    _print_preview(preview(open_store(config.database_url), config.home, options.id, config.policy))
    return 0


def _accept(options: argparse.Namespace, config: Config) -> int:
    return _decide(options, config, accept, "accepted")


def _decline(options: argparse.Namespace, config: Config) -> int:
    return _decide(options, config, decline, "declined")


def _withdraw(options: argparse.Namespace, config: Config) -> int:
    return _decide(options, config, withdraw, "withdrawn")


def _decide(options: argparse.Namespace, config: Config, act: Callable[..., Submission], done: str) -> int:
    engine = open_store(config.database_url)
    act(engine, options.id, actor(), options.reason)
    print(f"Submission {options.id} is {done}.")
    if getattr(options, "publish", False):
        made = publish(engine, config.home, config.policy)
        print(
            f"Published release {made.id}." if made.new else f"Nothing has changed: release {made.id} stays."
        )
    elif done != "declined":
        print("Readers see it with the next release: python -m equity publish")
    return 0


def _print_submission(found: Submission) -> None:
    report = found.report
    print(f"Submission {found.id}: {found.file_name}, {found.status}.")
    print(f"It is {report['title']}: {report['rows_read']:,} rows read, {report['rows_refused']:,} refused.")
    findings = findings_of(found)
    for level in LEVELS:
        own = [finding for finding in findings if finding.level == level]
        if own:
            _print_findings(level, own)
    if found.status == "waiting":
        print(f"See what it would change: python -m equity preview {found.id}")
        print(f"Take it in:               python -m equity accept {found.id}")


def _print_findings(level: str, findings: list[Finding]) -> None:
    print(f"{level.capitalize()}s: {len(findings)}")
    for finding in findings[:SHOWN]:
        print(f"  - {finding.sentence()}")
    if len(findings) > SHOWN:
        print(f"  ... and {len(findings) - SHOWN} more")


def _print_preview(seen: Preview) -> None:
    brought = ", ".join(f"{rows:,} of {name.replace('_', ' ')}" for name, rows in sorted(seen.rows.items()))
    print(f"Rows it brings: {brought or 'none'}.")
    if seen.supersedes:
        print(f"It takes the place of submission {seen.supersedes}.")
    counts = ", ".join(f"{seen.count(change):,} {change}" for change in ("new", "changed", "gone"))
    print(f"Figures of the next release: {counts}. {replaced_sentence(seen.changes)}".rstrip())
    for row in seen.changes.head(SHOWN).to_dict("records"):
        years = "-".join(dict.fromkeys((str(row["first_year"]), str(row["last_year"]))))
        place = f"{row['area_kind']} {row['area']}, {row['group']}, {years}"
        before, after = before_and_after(row)
        print(f"  {row['change']:<8} {row['measure']}, {place}: {before} -> {after}")
