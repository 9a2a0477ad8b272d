"""The search finds a secret whatever it is packed in, and takes no other number for one."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.served.plant import WORD
from tests.served.search import of_message, search

SECRET = 4.007324187
TEXT = f"told: {SECRET}, {WORD} name".encode()


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet1.xml", TEXT)
    return buffer.getvalue()


def _png() -> bytes:
    body = b"Comment\0\0" + zlib.compress(TEXT)
    return b"\x89PNG\r\n\x1a\n" + len(body).to_bytes(4) + b"zTXt" + body + b"0000"


def _pdf() -> bytes:
    import typst

    source = f'#set document(title: "{WORD} name")\n{SECRET}'.encode()
    return typst.compile({"main.typ": source}, format="pdf")


def _chart() -> bytes:
    packed = base64.b64encode(np.array([1.5, SECRET]).tobytes()).decode()
    return json.dumps({"x": {"dtype": "f8", "bdata": packed}, "name": WORD}, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "piece",
    [TEXT, gzip.compress(TEXT), _zip(), _png(), _pdf(), _chart(), b"data:x;base64," + base64.b64encode(TEXT)],
    ids=["text", "gzip", "zip", "png", "pdf", "chart", "address"],
)
def test_whatever_it_is_packed_in(piece: bytes) -> None:
    found = [one.secret for one in search([("here", piece)], [SECRET])]
    assert any(text.startswith(WORD) for text in found)
    assert any(text.endswith(f"is {SECRET}") for text in found)


def test_in_the_tables_of_a_message() -> None:
    table = pa.Table.from_pandas(pd.DataFrame({"families": [1.0, SECRET]}))
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    message = ForwardMsg()
    message.delta.new_element.table.arrow_data.data = sink.getvalue()
    pieces = [("here", part) for part in of_message(message.SerializeToString())]
    assert [one.secret for one in search(pieces, [SECRET])] == [f"{SECRET} is {SECRET}"]


def test_other_numbers_are_none() -> None:
    assert search([("here", b"4.007324199 4.0073 4 40.07324187 1234.007324187")], [SECRET]) == []
    assert len(search([("here", b"4.00732418700001")], [SECRET])) == 1
