"""The launcher: ``streamlit run app.py`` or ``uvicorn app:app``. It has no pages of its own.

It puts security headers on every answer and a gate before the pages, adds the route for load balancers and
the HTTP API, and warms up. What readers see is drawn by ``equity/ui/router.py``. Run one process for each
port, never several workers on one.
"""

from __future__ import annotations

import streamlit as st
from sqlalchemy import Engine
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from equity.api.later import Later, mounted
from equity.api.limits import Buckets, client_of
from equity.config import ROOT, load_api_config, load_config, load_sign_in_config
from equity.release.load import Release, ReleaseError
from equity.release.policy import require_for_everybody
from equity.ui.gate import RATES, Gate, Permits
from equity.ui.headers import SecurityHeaders
from equity.ui.service import lifespan, ready
from equity.ui.spoken_document import SpokenDocument

if not st.get_option("server.enableStaticServing"):
    raise SystemExit(
        "The settings in .streamlit/config.toml were not found: start the server in the folder of app.py."
    )


def on_script_error(error: Exception) -> bool:
    """Show a sentence in place of a page that failed."""
    # Imported here: cached functions must be defined after the runtime has started.
    from equity.ui import problem

    return problem.on_script_error(error)


def open_engine() -> Engine:
    """The store that pages read."""
    from equity.ui import session

    return session.open_engine()


def shown_release() -> Release:
    """The release that pages show, which is in memory already."""
    from equity.ui import session

    return session.load_current()


def sign_in_answers() -> list[Middleware]:
    """What a server needs where people may sign in."""
    # Imported here: where sign-in is off, nothing of it is loaded.
    from equity.ui.provider import sign_in_middleware

    return sign_in_middleware(open_engine)


try:
    require_for_everybody(load_config().policy)
    api_config = load_api_config()
    signing_in = sign_in_answers() if load_sign_in_config().on else []
except (ValueError, ReleaseError) as reason:
    raise SystemExit(str(reason)) from None


def make_api() -> ASGIApp:
    """The HTTP API over the store and the release that pages read."""
    from equity.api.app import create_api

    return create_api(open_engine, api_config, shown_release)


def visitor(scope: Scope) -> str:
    """The address a request comes from."""
    return client_of(scope, api_config.proxies)


permits = Permits(**{kind: Buckets(*rate).take for kind, rate in RATES.items()})
# the steward's desk is the only page on which files are given
desk = bool(signing_in) or load_config().steward != "off"
app = st.App(
    ROOT / "equity" / "ui" / "router.py",
    lifespan=lifespan,
    routes=[Route("/api/ready", ready), mounted(Later(make_api))],
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(SpokenDocument),
        Middleware(Gate, client=visitor, permits=permits, uploads=desk),
        *signing_in,
    ],
    on_script_error=on_script_error,
)
