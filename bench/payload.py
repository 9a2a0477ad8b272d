"""What is sent for the map, against pydeck's own layer with a GeoDataFrame of the same places.

Counted on the websocket of both real servers: the messages that hold the map, as they are sent. Where the
page shows two regions, that is the maps of both.
"""

from __future__ import annotations

from typing import Final

from tqdm import tqdm

from bench import servers
from bench.row import Row
from bench.session import Session
from bench.subject import Subject
from bench.visits import map_queries

TARGET_KB: Final = 300.0


def payload(subject: Subject) -> list[Row]:
    """Kilobytes of the map that the page opens on, and of the largest of all that can be chosen."""
    queries = map_queries(subject.release)
    with servers.ours(subject.home) as server, Session(server.url) as session:
        opening = session.visit("map").map_bytes
        sizes = {query: session.visit("map", query).map_bytes for query in tqdm(queries, "map", leave=False)}
    heaviest = max(sizes, key=sizes.__getitem__)
    with servers.plain(subject.home) as server, Session(server.url) as session:
        plain_opening = session.visit("map").map_bytes
        plain_heaviest = session.visit("map", heaviest).map_bytes
    return [
        Row("map sent, opening", opening / 1000, plain_opening / 1000, "kB", TARGET_KB),
        Row(
            "map sent, heaviest",
            sizes[heaviest] / 1000,
            plain_heaviest / 1000,
            "kB",
            TARGET_KB,
            {"address": heaviest, "maps": len(sizes)},
        ),
    ]
