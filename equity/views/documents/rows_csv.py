"""Plain rows as CSV, such as what was recorded of who did what."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from equity.views.documents.tables import inert


def rows_csv(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as CSV (RFC 4180, UTF-8 with a byte order mark); no text in them is a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([[inert(str(cell)) for cell in row] for row in rows])
    return buffer.getvalue().encode("utf-8-sig")
