"""What a process takes of the machine, as Linux tells it."""

from __future__ import annotations

import os
from pathlib import Path


def resident_megabytes(pid: int) -> float:
    """Memory that a process holds now, in MB (10^6 bytes)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
