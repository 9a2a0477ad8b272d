"""What the store already knows, which readers need: places, programs with their agencies, caseloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from equity.intake.places import Places, load_places
from equity.store.engine import Readable, connected
from equity.store.service import caseloads, programs

#: Basis of what is made up: nobody reports on such programs.
_MADE_UP = "demonstration"


@dataclass(frozen=True)
class Known:
    """Known places, and of real programs what the store has.

    ``programs`` has ``program_id, name, model, agency_id, agency`` and more; ``caseloads`` are households of
    known ZIP codes by program and quarter (``YYYYQn``).
    """

    places: Places
    programs: pd.DataFrame
    caseloads: Mapping[tuple[str, str], int] = field(default_factory=dict)


def load_known(readable: Readable) -> Known:
    """Read from the store, at one moment, what readers need."""
    with connected(readable) as connection:
        listed, counted = programs(connection), caseloads(connection)
        places = load_places(connection)
    real = listed[listed["basis"].ne(_MADE_UP)].reset_index(drop=True)
    own = counted[counted["basis"].ne(_MADE_UP)]
    keys = zip(own["program_id"], own["quarter"], strict=True)
    return Known(places, real, dict(zip(keys, own["caseload"].tolist(), strict=True)))
