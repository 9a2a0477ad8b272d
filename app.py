"""The launcher: ``streamlit run app.py`` or ``uvicorn app:app``. It has no pages of its own.

It puts security headers on every answer, adds the route for load balancers, and warms up. What readers
see is drawn by ``equity/ui/router.py``. Run one process for each port, never several workers on one.
"""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from equity.config import ROOT
from equity.ui.headers import SecurityHeaders
from equity.ui.service import lifespan, ready

if not st.get_option("server.enableStaticServing"):
    raise SystemExit(
        "The settings in .streamlit/config.toml were not found: start the server in the folder of app.py."
    )


def on_script_error(error: Exception) -> bool:
    """Show a sentence in place of a page that failed."""
    # Imported here: cached functions must be defined after the runtime has started.
    from equity.ui import problem

    return problem.on_script_error(error)


app = st.App(
    ROOT / "equity" / "ui" / "router.py",
    lifespan=lifespan,
    routes=[Route("/api/ready", ready)],
    middleware=[Middleware(SecurityHeaders)],
    on_script_error=on_script_error,
)
