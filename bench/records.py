"""A national year of linked records, read and counted, against ``pandas.read_fwf`` on the same file.

The file has the totals of 2015 and is made here, in the exact layout. Both sides read the same eight fields,
come to the same counts, and take turns; each is also run once in a process of its own for its memory.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench.plain import records as plain
from bench.record_files import Made, nation_2015
from bench.row import Row
from bench.subject import Subject
from bench.timing import in_turns, median
from equity.config import ROOT
from equity.intake.records.read import aggregate_records

#: ``read_fwf`` may take no less than so many times what ours takes.
FACTOR: Final = 20.0
TIMES: Final = 2
#: Ours is measured on a quarter of the year too: its memory must not grow with the file.
QUARTER: Final = 4
#: Runs one side and prints the most memory its process ever held, in MB (10^6 bytes).
_PEAK: Final = """
import sys
from pathlib import Path
from {module} import {function}
{function}(Path(sys.argv[1]))
status = Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024 / 1e6)
"""


def records(_: Subject) -> list[Row]:
    """Seconds and peak memory for a national year."""
    with tempfile.TemporaryDirectory(prefix="equity-bench-") as folder:
        whole = nation_2015(Path(folder) / "whole")
        check(whole)
        times, others = in_turns(
            lambda: aggregate_records(whole.path), lambda: plain.count(whole.path), TIMES, "records", False
        )
        ours, slower = peak(whole.path), peak(whole.path, plain=True)
        whole.path.unlink()
        quarter = nation_2015(Path(folder) / "quarter", QUARTER)
        detail = {"runs": TIMES, "records": whole.records}
        rates = {
            "rows_per_second": round(whole.records / median(times)),
            "plain_rows_per_second": round(whole.records / median(others)),
        }
        memory = {"records": whole.records, "mb_for_a_quarter": round(peak(quarter.path))}
    target = round(median(others) / FACTOR, 2)
    return [
        Row("record-level files", median(times), median(others), "s", target, {**detail, **rates}),
        Row("memory for them", ours, slower, "MB", detail=memory),
    ]


def check(made: Made) -> None:
    """Both sides come to what the file was made of, or there is nothing to compare."""
    counts = aggregate_records(made.path).counts
    for group, event, count in counts[["group", "event", "count"]].to_numpy().tolist():
        if made.counts["us", group, event] != count:
            raise RuntimeError(
                f"{event} of {group}: {count:,} counted, not {made.counts['us', group, event]:,}."
            )


def peak(path: Path, plain: bool = False) -> float:
    """The most memory that a process held which read the file, in MB."""
    module = "bench.plain.records" if plain else "equity.intake.records.read"
    program = _PEAK.format(module=module, function="count" if plain else "aggregate_records")
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return float(done.stdout)
