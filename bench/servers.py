"""The two servers that are compared: this software's, and the plain pages'."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from equity.config import ROOT
from tests.ui.server import Server, running

PLAIN: Final = Path(__file__).parent / "plain"
#: What a sensible operator sets, the same for both, but for the statistics: with them on, Streamlit measures
#: its scripts. It is a browser that would send them anywhere, and there is none.
SETTINGS: Final = {
    "STREAMLIT_SERVER_HEADLESS": "true",
    "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "true",
    "STREAMLIT_RUNNER_MAGIC_ENABLED": "false",
    "PYTHONPATH": str(ROOT),
}


@contextmanager
def ours(home: Path) -> Iterator[Server]:
    """``streamlit run app.py``, with its warm-up and ``gc.freeze``, as it is served to readers."""
    with running(ROOT, home, settings=SETTINGS) as server:
        yield server


@contextmanager
def plain(home: Path) -> Iterator[Server]:
    """``streamlit run app.py`` of ``bench/plain``, on the same store."""
    with running(PLAIN, home, settings=SETTINGS) as server:
        yield server
