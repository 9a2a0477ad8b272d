"""Every setting, read once from the environment, with its default."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Config:
    """Where things are kept and under which rules figures are shown.

    ``database_url`` is any SQLAlchemy URL; ``home`` holds the embedded database and own boundaries;
    ``policy`` names the disclosure policy of the release that pages read; ``policy_file`` is the file of an
    own policy, if there is one. ``steward`` is ``local`` where whoever sits at this machine may take files
    in, else ``off``.
    """

    database_url: str
    home: Path
    policy: str
    policy_file: Path | None
    steward: str


def load_config() -> Config:
    """Read ``EQUITY_HOME``, ``EQUITY_DATABASE_URL``, ``EQUITY_POLICY``, ``EQUITY_POLICY_FILE`` and
    ``EQUITY_STEWARD``.
    """
    own = os.environ.get("EQUITY_POLICY_FILE")
    home = Path(os.environ.get("EQUITY_HOME") or ROOT / "var").expanduser().resolve()
    url = os.environ.get("EQUITY_DATABASE_URL") or f"sqlite:///{home / 'equity.sqlite3'}"
    return Config(
        database_url=url,
        home=home,
        policy=os.environ.get("EQUITY_POLICY") or "public",
        policy_file=Path(own).expanduser() if own else None,
        steward=os.environ.get("EQUITY_STEWARD") or "off",
    )


@dataclass(frozen=True)
class SignInConfig:
    """Whether people may sign in, and in which claims their provider says who they are.

    The claims are named as ``access.visitor.ClaimNames`` has them. The provider itself is named in
    ``.streamlit/secrets.toml``.
    """

    on: bool = False
    roles_claim: str = "roles"
    organization_claim: str = "organization"


def load_sign_in_config() -> SignInConfig:
    """Read ``EQUITY_SIGN_IN``, ``EQUITY_SIGN_IN_ROLES`` and ``EQUITY_SIGN_IN_ORGANIZATION``.

    Raises ``ValueError``, a sentence, for what cannot be.
    """
    switch = os.environ.get("EQUITY_SIGN_IN") or "off"
    if switch not in ("on", "off"):
        raise ValueError("EQUITY_SIGN_IN must be on or off.")
    return SignInConfig(
        on=switch == "on",
        roles_claim=os.environ.get("EQUITY_SIGN_IN_ROLES") or SignInConfig.roles_claim,
        organization_claim=os.environ.get("EQUITY_SIGN_IN_ORGANIZATION") or SignInConfig.organization_claim,
    )


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class ApiConfig:
    """What the HTTP API allows.

    ``reads_per_minute`` is for one client address, ``submissions_per_hour`` for one token. ``proxies`` are
    the networks of proxies whose word on a client's address is believed; none unless they are named.
    """

    reads_per_minute: int = 300
    submissions_per_hour: int = 60
    proxies: tuple[Network, ...] = ()


def load_api_config() -> ApiConfig:
    """Read ``EQUITY_API_READS``, ``EQUITY_API_SUBMISSIONS`` and ``EQUITY_API_PROXIES``.

    Raises ``ValueError``, a sentence, for what cannot be.
    """
    try:
        named = [name.strip() for name in (os.environ.get("EQUITY_API_PROXIES") or "").split(",")]
        proxies = tuple(ipaddress.ip_network(name, strict=False) for name in named if name)
    except ValueError:
        raise ValueError(
            "EQUITY_API_PROXIES must name networks of proxies, separated by commas: such as 10.0.0.0/8,::1."
        ) from None
    return ApiConfig(
        reads_per_minute=_whole("EQUITY_API_READS", ApiConfig.reads_per_minute),
        submissions_per_hour=_whole("EQUITY_API_SUBMISSIONS", ApiConfig.submissions_per_hour),
        proxies=proxies,
    )


def _whole(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{name} must be a whole number of at least 1: such as {default}.")
    return int(text)
