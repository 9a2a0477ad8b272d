"""What the server does beside the pages: warm up once, and tell a load balancer whether it can serve."""

from __future__ import annotations

import gc
import importlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse

from equity.release.load import OtherFormatError, ReleaseError
from equity.store.errors import StoreError

log = logging.getLogger(__name__)

#: Slow to import, needed by the first page that anybody opens.
HEAVY: Final = ("pandas", "pyarrow", "plotly.graph_objects", "pydeck", "orjson")


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Warm up before the first visitor; start also where the store cannot be opened: pages say so."""
    await anyio.to_thread.run_sync(warm_up)
    yield {}


def warm_up() -> None:
    """Import what is slow, load the current release, and take both out of the collector's rounds.

    Streamlit collects garbage after every run of a page; objects that live as long as the process would
    be walked through each time.
    """
    for name in HEAVY:
        importlib.import_module(name)
    # Imported here: cached functions must be defined after the runtime has started.
    from equity.ui import session

    try:
        session.load_current()
    except (StoreError, ReleaseError) as reason:
        log.warning("The server starts without figures. %s", reason)
    except Exception:
        # Whatever it is, readers are better served by a page that says so than by no server.
        log.exception("The server starts without figures.")
    gc.collect()
    gc.freeze()


def ready(_request: Request) -> JSONResponse:
    """Answer 200 with the current release's id where the store opens and pages can show it, else 503."""
    from equity.ui import session

    try:
        body, status = {"ready": True, "release": session.current_id()}, 200
    except OtherFormatError:
        told = "the current release is of another format: run python -m equity publish"
        body, status = {"ready": False, "reason": told}, 503
    except ReleaseError:
        body, status = {"ready": False, "reason": "no release is current"}, 503
    except (StoreError, SQLAlchemyError) as reason:
        log.warning("Not ready. %s", reason)
        body, status = {"ready": False, "reason": "the store cannot be used"}, 503
    return JSONResponse(body, status, headers={"Cache-Control": "no-store"})
