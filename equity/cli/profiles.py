"""The command that writes profiles to a folder."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tqdm import tqdm

from equity.config import Config
from equity.release.figure import period_code
from equity.release.load import Release, ReleaseError, load_release
from equity.store import releases
from equity.store.engine import open_store
from equity.words import DEFAULT, LANGUAGES, speaking

EXAMPLES = """\
examples:
  python -m equity profile --area 29155 --out profiles            Pemiscot County, as PDF
  python -m equity profile --area 63106 --format xlsx --out .     a ZIP code, as a spreadsheet
  python -m equity profile --pack --out profiles                  every county, every format, in one ZIP file
"""


def add_profile_command(commands: Any) -> None:
    """Add ``profile`` to a parser's subcommands."""
    command = commands.add_parser(
        "profile",
        help="write equity profiles of places to a folder",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--area",
        action="append",
        metavar="CODE",
        help="a county's five digits, a ZIP code, a region; as often as needed",
    )
    what.add_argument("--pack", action="store_true", help="every county in every format, in one ZIP file")
    command.add_argument(
        "--format", action="append", choices=("pdf", "xlsx", "csv"), help="as often as needed; default: pdf"
    )
    command.add_argument("--lang", choices=tuple(LANGUAGES), default=DEFAULT, help="default: en")
    command.add_argument("--period", metavar="YEARS", help="such as 2017-2023; default: the newest")
    command.add_argument("--release", metavar="ID", help="default: the current one")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="made where it is not there")
    command.set_defaults(run=_spoken)


def _spoken(options: argparse.Namespace, config: Config) -> int:
    with speaking(options.lang):
        return _profile(options, config)


def _profile(options: argparse.Namespace, config: Config) -> int:
    # drawing takes libraries that are slow to load, and that other commands do without
    from equity.views.documents.profile_pack import FORMATS, pack_name, profile_name, profile_pack
    from equity.views.profile import build_profile
    from equity.views.selecting import place_codes

    release = _release(options, config)
    period = _period(options.period, release)
    if options.pack:
        print(_write(options.out, pack_name(release, period), profile_pack(release, period)))
        return 0
    known = place_codes(release)
    places = {code: known[_known(code, list(known))] for code in options.area}
    for code, place in tqdm(places.items(), leave=False, disable=None):
        profile = build_profile(release, *place, period)
        for ending in dict.fromkeys(options.format or ["pdf"]):
            print(_write(options.out, f"{profile_name(profile, code)}.{ending}", FORMATS[ending](profile)))
    return 0


def _release(options: argparse.Namespace, config: Config) -> Release:
    engine = open_store(config.database_url)
    release_id = options.release or releases.current_release_id(engine, config.policy)
    if release_id is None:
        raise ReleaseError("There is no release yet: run `python -m equity bootstrap`.")
    return load_release(engine, release_id)


def _period(asked: str | None, release: Release) -> tuple[int, int]:
    blocks = [(int(first), int(last)) for first, last in release.manifest["blocks"]]
    known = {period_code(*block): block for block in blocks}
    if asked is not None and asked not in known:
        raise ReleaseError(f"There are no profiles of {asked!r}: there are {', '.join(known)}.")
    return known[asked] if asked else blocks[-1]


def _known(code: str, codes: list[str]) -> str:
    if code in codes:
        return code
    close = get_close_matches(code, codes, n=3)
    near = f" Close to it are {', '.join(close)}." if close else ""
    raise ReleaseError(
        f"There is no place {code!r} with a profile: write a county's five digits (29155), a ZIP code (63106)"
        f" or a region ({', '.join(c for c in codes if c.isalpha())}).{near}"
    )


def _write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file whole or not at all, whatever becomes of the disk."""
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{name}.part"
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as reason:
        raise ReleaseError(
            f"{path} cannot be written ({reason.strerror or 'no reason given'}): see that the folder can be "
            "written to and that its disk is not full."
        ) from None
    return path
