"""Command line: ``python -m equity.demonstration``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from equity.demonstration import SEED, generate, load_plan, scale_plan
from equity.demonstration.plan import DEMO_FOLDER
from equity.demonstration.transcribe import transcribe
from equity.demonstration.write import write


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit code (0 done, 2 refused with a sentence)."""
    options = _parser().parse_args(arguments)
    started = time.perf_counter()
    try:
        if options.transcribe:
            transcribe(options.transcribe, options.out)
            print(f"wrote plan_zip.csv and plan_county.csv to {options.out}")
            return 0
        if options.scale and options.out == DEMO_FOLDER:
            raise ValueError("--scale needs --out FOLDER: the shipped demonstration is not overwritten.")
        print("drawing births, deaths and service ...", file=sys.stderr)
        plan = scale_plan(options.scale, options.seed) if options.scale else load_plan()
        data = generate(plan, options.seed)
        print("writing ...", file=sys.stderr)
        for path in write(data, options.out):
            print(f"{path}  {path.stat().st_size / 1000:,.0f} kB")
    except (ValueError, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    print(f"done in {time.perf_counter() - started:.1f} s", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m equity.demonstration",
        description=(
            "Make the demonstration data: births and infant deaths by ZIP and county, agencies, programs, "
            "capacity and enrollment, 2010-2023. All of it is made up; the county totals equal the figures "
            "publishers print. The same seed gives the same files."
        ),
        epilog="Example: python -m equity.demonstration --scale nation --out var/nation",
    )
    parser.add_argument("--seed", type=_seed, default=SEED, help="random seed, 0 or more (%(default)s)")
    parser.add_argument(
        "--out", type=Path, default=DEMO_FOLDER, metavar="FOLDER", help="where to write (%(default)s)"
    )
    parser.add_argument(
        "--scale",
        choices=("state", "nation"),
        help="invent a whole state (1,000 ZIPs, 115 counties, by year) or the nation (33,000 ZIPs, "
        "3,144 counties, by block) instead of the eight counties; for benchmarks",
    )
    parser.add_argument(
        "--transcribe",
        type=Path,
        metavar="SOURCES",
        help="write the plan files from a folder of source files to --out, and stop",
    )
    return parser


def _seed(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
