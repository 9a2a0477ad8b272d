"""Every setting, read once from the environment, with its default."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Config:
    """Where things are kept and under which rules figures are shown.

    ``database_url`` is any SQLAlchemy URL; ``home`` holds the embedded database and own boundaries;
    ``policy`` names the disclosure policy of the release that pages read.
    """

    database_url: str
    home: Path
    policy: str


def load_config() -> Config:
    """Read ``EQUITY_HOME``, ``EQUITY_DATABASE_URL`` and ``EQUITY_POLICY`` from the environment."""
    home = Path(os.environ.get("EQUITY_HOME") or ROOT / "var").expanduser().resolve()
    url = os.environ.get("EQUITY_DATABASE_URL") or f"sqlite:///{home / 'equity.sqlite3'}"
    return Config(database_url=url, home=home, policy=os.environ.get("EQUITY_POLICY") or "public")
