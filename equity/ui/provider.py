"""What must be set before people can sign in: where they do so, with which secrets. Asked at the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st
from sqlalchemy import Engine
from starlette.middleware import Middleware
from streamlit.errors import StreamlitSecretNotFoundError

from equity.access.look import note_refused
from equity.ui.answers import CALLBACK, SignInAnswers
from equity.ui.machine import LOOPBACK

_NEEDED: Final = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
#: Letters of a secret that nobody can guess.
SHORTEST_SECRET: Final = 32
_FILE: Final = ".streamlit/secrets.toml"


def sign_in_middleware(open_engine: Callable[[], Engine]) -> list[Middleware]:
    """What the server needs for sign-in.

    Raises ``ValueError``, a sentence that repeats no secret, where its settings cannot be right.
    """
    try:
        settings = dict(st.secrets.get("auth", {}))
    except StreamlitSecretNotFoundError:
        settings = {}
    check_provider(settings)
    return [Middleware(SignInAnswers, record=partial(_record, open_engine))]


def check_provider(settings: Mapping[str, Any]) -> None:
    """Raise ``ValueError`` for settings of a provider that cannot be right."""
    lacking = [name for name in _NEEDED if not str(settings.get(name) or "").strip()]
    if lacking:
        raise ValueError(
            f"EQUITY_SIGN_IN is on, but {_FILE} lacks {', '.join(lacking)} under [auth]: "
            "see .streamlit/secrets.example.toml, or leave EQUITY_SIGN_IN off."
        )
    if len(str(settings["cookie_secret"])) < SHORTEST_SECRET:
        raise ValueError(
            f"cookie_secret in {_FILE} must have at least {SHORTEST_SECRET} letters that nobody can guess: "
            'python -c "import secrets; print(secrets.token_hex(32))" makes one.'
        )
    for name in ("redirect_uri", "server_metadata_url"):
        parts = urlsplit(str(settings[name]))
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError(f"{name} in {_FILE} must begin with https:// (http:// only on this machine).")
    if not str(settings["redirect_uri"]).endswith(CALLBACK):
        raise ValueError(f"redirect_uri in {_FILE} must end with {CALLBACK}.")


def _record(open_engine: Callable[[], Engine], reason: str, detail: Mapping[str, Any]) -> None:
    note_refused(open_engine(), reason, detail)
