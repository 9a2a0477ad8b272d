"""What each report that agencies hand in must hold: one declaration per column.

From the declaration come the checks, the headings a column answers to, the templates and the data
dictionary, so that none of them can say something else than the others.
"""

from __future__ import annotations

from typing import Final

from equity.intake.schemas.column import Column, Schema
from equity.intake.schemas.quarterly import QUARTERLY
from equity.intake.schemas.roster import ROSTER
from equity.intake.schemas.vital import VITAL_EXTRACT

__all__ = ["SCHEMAS", "Column", "Schema"]

#: Every declared report by its kind.
SCHEMAS: Final[dict[str, Schema]] = {schema.kind: schema for schema in (ROSTER, QUARTERLY, VITAL_EXTRACT)}
