"""Files handed in over HTTP: by agencies alone, whole or not at all, and nobody sees another's."""

from __future__ import annotations

import json
import resource
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from equity.api import body
from equity.api.services import UPLOADS_AT_ONCE
from equity.intake.submit import accept
from equity.intake.templates import template
from equity.intake.upload import MOST_BYTES
from equity.store import schema
from equity.store.engine import writing
from equity.store.submissions import list_submissions, require_submission, staged_tables
from equity.store.tokens import create_token, list_tokens, revoke_token
from tests.api.serve import Answer, Client
from tests.intake.sources import shared
from tests.intake.test_submit import export

Agency = Callable[..., Client]


def events(store: Engine, action: str) -> list[tuple[str, str, dict[str, object]]]:
    table = schema.audit_event
    query = select(table.c.actor, table.c.subject, table.c.detail_json).where(table.c.action == action)
    with store.connect() as connection:
        return [
            (row[0], row[1], json.loads(row[2])) for row in connection.execute(query.order_by(table.c.id))
        ]


def rows_of(store: Engine, table: str) -> int:
    with store.connect() as connection:
        counted = select(func.count()).select_from(schema.metadata.tables[table])
        return int(connection.execute(counted).scalar_one())


def test_a_file_waits_for_a_steward_and_its_sender_sees_what_becomes_of_it(
    places: Engine, agency: Agency
) -> None:
    hub = agency("Hub")
    came = hub.send(export(3545), "linked%20export.txt")
    assert came.status == 201
    told = came.json()
    assert (told["status"], told["kind"], told["file_name"]) == ("waiting", "wonder", "linked export.txt")
    assert (told["rows_read"], told["rows_refused"], told["rows"]) == (1, 0, {"vital_count": 2})
    assert came.headers["Location"] == told["link"] == f"/api/v1/submissions/{told['id']}"
    assert came.headers["Cache-Control"] == "no-store"
    kept = require_submission(places, told["id"])
    assert (kept.received_from, kept.status, kept.sha256) == ("Hub", "waiting", told["sha256"])
    assert rows_of(places, "vital_count") == 0
    accept(places, told["id"], "steward", "as printed")
    after = hub.get(told["link"]).json()
    assert (after["status"], after["reason"]) == ("accepted", "as printed") and after["decided"]
    assert "steward" not in json.dumps(after)
    (event,) = events(places, "submit")
    assert event == ("Hub", told["id"], {"again": False, "token": list_tokens(places)[0].id})


def test_the_same_file_again_is_the_same_submission(places: Engine, agency: Agency) -> None:
    first = agency("Hub").send(export(3545))
    again = agency("Hub").send_form(export(3545), "other name.txt")
    assert (first.status, again.status) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert len(list_submissions(places)) == 1
    assert [event[2]["again"] for event in events(places, "submit")] == [False, True]


def test_another_agency_learns_nothing_of_a_submission(places: Engine, agency: Agency) -> None:
    hub, other = agency("Hub"), agency("Other")
    mine = hub.send(export(3545)).json()
    answer = other.get(mine["link"])
    nothing = other.get("/submissions/0123456789ab")
    assert (answer.status, answer.kind) == (nothing.status, nothing.kind) == (404, "not-found")
    assert answer.body.replace(mine["id"].encode(), b"0123456789ab") == nothing.body
    assert other.get("/submissions").json()["submissions"] == []
    same = other.send(export(3545))
    assert (same.status, same.kind) == (409, "handed-in-elsewhere")
    assert mine["id"].encode() not in same.body and b"Hub" not in same.body
    assert require_submission(places, mine["id"]).received_from == "Hub"
    theirs = other.send(export(3546)).json()
    assert [row["id"] for row in other.get("/submissions").json()["submissions"]] == [theirs["id"]]
    assert hub.get(theirs["link"]).status == 404
    declined = other.get(f"/submissions/{mine['id']}/decline")
    assert declined.status == 404


def test_the_list_comes_in_pages_newest_first(agency: Agency) -> None:
    hub = agency("Hub")
    sent = [hub.send(export(3500 + number)).json()["id"] for number in range(5)]
    seen, path = [], "/submissions?limit=2"
    while path:
        answer = hub.get(path)
        seen += [row["id"] for row in answer.json()["submissions"]]
        assert answer.json()["total"] == 5
        path = answer.json()["links"].get("next", "")
        assert (f"<{path}>" in answer.headers.get("Link", "")) == bool(path)
    assert seen == sent[::-1]
    link = hub.get("/submissions?limit=2").json()["links"]["next"]
    foreign = agency("Other").get(link)
    assert (foreign.status, foreign.kind) == (400, "foreign-cursor")


def test_a_refused_file_comes_back_with_row_column_and_what_to_do(places: Engine, agency: Agency) -> None:
    answer = agency("Hub").send(export(3545).replace(b"\t33\t", b"\t<b>3x</b>\t"))
    assert (answer.status, answer.kind) == (422, "refused-file")
    assert b"<" not in answer.body
    found = answer.json()["findings"][-1]
    assert (found["level"], found["row"], found["column"]) == ("error", 2, "Deaths")
    assert "<b>3x</b>" in found["found"] and found["expected"]
    kept = require_submission(places, answer.json()["submission"])
    assert kept.status == "refused" and staged_tables(places, kept.id) == {}
    again = agency("Hub").get(f"/submissions/{kept.id}").json()
    assert again["findings"] == answer.json()["findings"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"colour,taste\nred,sweet\n", "none of the files"), (b"PK\x03\x04junk", "")],
    ids=["empty", "unknown", "broken archive"],
)
def test_what_cannot_be_read_leaves_nothing(
    places: Engine, agency: Agency, content: bytes, said: str
) -> None:
    answer = agency("Hub").send(content)
    assert (answer.status, answer.kind) == (422, "refused-file")
    assert said in answer.json()["detail"]
    assert list_submissions(places) == [] and events(places, "submit") == []


def test_names_are_taken_as_hostile(agency: Agency) -> None:
    hub = agency("Hub")
    names = {
        "..%2F..%2Fetc%2Fpasswd": "passwd",
        "%3Cscript%3E.csv": "_script_.csv",
        "C%3A%5Cx%5C%3Dcmd%7C.txt": "_cmd_.txt",
        "a%0D%0ASet-Cookie%3A%20x.txt": "a_Set-Cookie_ x.txt",
        "": "file",
    }
    for number, (name, kept) in enumerate(names.items()):
        answer = hub.send(export(3600 + number), name)
        assert (answer.status, answer.json()["file_name"]) == (201, kept)
        assert "Set-Cookie" not in answer.headers
    form = hub.send_form(export(3700), "../../<img src=x>.txt")
    assert form.json()["file_name"] == "_img src_x_.txt"
    long = hub.send(export(3800), "x" * 301)
    assert (long.status, long.kind) == (400, "invalid-request")


def refused(client: Client, status: int, kind: str, challenge: str) -> Answer:
    answer = client.send(export(3545))
    assert (answer.status, answer.kind) == (status, kind)
    assert answer.headers["WWW-Authenticate"].endswith(challenge)
    return answer


def test_without_a_valid_token_nothing_is_taken(places: Engine, door: Client, agency: Agency) -> None:
    refused(door, 401, "no-token", 'realm="equity"')
    for text in ("nonsense", "equity_0123456789ab_" + "A" * 43):
        refused(Client(door.port, text), 401, "no-token", 'error="invalid_token"')
    basic = door.ask("POST", "/submissions", b"x", {"Authorization": "Basic YTpi"})
    assert (basic.status, basic.kind) == (401, "no-token")
    assert events(places, "token refuse") == []
    follower = agency("Hub", ("follow",))
    refused(follower, 403, "wrong-scope", 'error="insufficient_scope", scope="submit"')
    assert follower.get("/submissions").status == 200
    sender = agency("Hub", ("submit",))
    assert sender.get("/submissions").status == sender.get("/submissions/0123456789ab").status == 403
    assert list_submissions(places) == []
    assert {event[2]["reason"] for event in events(places, "token refuse")} == {"scope"}


def test_a_token_that_ended_or_was_revoked_opens_nothing(
    places: Engine, door: Client, caplog: pytest.LogCaptureFixture
) -> None:
    token, text = create_token(places, "Hub", ("submit", "follow"), 30, "steward")
    client = Client(door.port, text)
    assert client.get("/submissions").status == 200
    assert list_tokens(places)[0].last_used_at is not None
    with writing(places) as connection:
        connection.execute(update(schema.api_token).values(expires_at=token.created_at))
    assert "has ended" in refused(client, 401, "no-token", 'error="invalid_token"').json()["detail"]
    revoke_token(places, token.id, "steward")
    assert "was revoked" in refused(client, 401, "no-token", 'error="invalid_token"').json()["detail"]
    assert client.get("/submissions").status == 401
    reasons = [event[2]["reason"] for event in events(places, "token refuse")]
    assert reasons == ["expired", "revoked", "revoked"]
    secret = text.rpartition("_")[2]
    assert list_submissions(places) == [] and secret not in str(events(places, "token refuse"))
    assert "A token was refused (revoked)" in caplog.text and secret not in caplog.text


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/html"])
def test_bodies_of_other_kinds_are_not_taken(agency: Agency, kind: str) -> None:
    answer = agency("Hub").ask("POST", "/submissions", export(3545), {"Content-Type": kind})
    assert (answer.status, answer.kind) == (415, "wrong-media")


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=e", b"x"),
        (
            "multipart/form-data; boundary=e",
            b'--e\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--e--\r\n',
        ),
        ("multipart/form-data; boundary=e", b"--e--\r\n"),
        (
            "multipart/form-data; boundary=e",
            b'--e\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nb\r\n' * 2
            + b"--e--\r\n",
        ),
    ],
    ids=["no edge", "no part", "a field", "empty", "two files"],
)
def test_broken_forms_are_told(agency: Agency, kind: str, sent: bytes) -> None:
    answer = agency("Hub").ask("POST", "/submissions", sent, {"Content-Type": kind})
    assert (answer.status, answer.kind) == (400, "invalid-request")
    assert "'file'" in answer.json()["detail"]


def memory() -> int:
    """Bytes this process, and so the server in it, has in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def endless(client: Client, kind: str, head: bytes = b"") -> tuple[int, bytes]:
    """Send a body that never ends, in pieces of a megabyte; return how many were taken, and the answer."""
    piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", client.port), timeout=60) as line:
        line.sendall(
            f"POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.token}\r\n"
            f"Content-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        if head:
            line.sendall(f"{len(head):x}\r\n".encode() + head + b"\r\n")
        sent = 0
        try:
            while sent < 200:
                line.sendall(piece)
                sent += 1
        except OSError:  # the server has closed the line
            pass
        answer = b""
        try:
            while part := line.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
    return sent, answer


@pytest.mark.parametrize("form", [False, True], ids=["as it is", "as a form"])
def test_a_body_that_is_too_long_is_cut_off_while_it_comes(
    places: Engine, agency: Agency, form: bool
) -> None:
    head = b'--e\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' if form else b""
    kind = "multipart/form-data; boundary=e" if form else "application/octet-stream"
    client = agency("Hub")
    before = memory()
    sent, _ = endless(client, kind, head)
    # what the operating system holds on the way is more than what the server read
    assert MOST_BYTES // 2**20 <= sent < MOST_BYTES // 2**20 + 30
    assert memory() - before < 4 * MOST_BYTES
    assert list_submissions(places) == []
    assert client.get("/submissions").status == 200


def test_a_length_beyond_the_limit_is_refused_before_a_byte_is_read(agency: Agency) -> None:
    client = agency("Hub")
    with socket.create_connection(("127.0.0.1", client.port), timeout=60) as line:
        line.sendall(
            f"POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.token}\r\n"
            f"Content-Type: text/csv\r\nContent-Length: {MOST_BYTES + 1}\r\n\r\n".encode()
        )
        answer = b""
        while part := line.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 413") and b"larger than 30 MB" in answer
    assert b"connection: close" in answer.lower()


def test_a_body_of_exactly_the_limit_is_read(agency: Agency) -> None:
    answer = agency("Hub").send(b"x" * MOST_BYTES)
    assert (answer.status, answer.kind) == (422, "refused-file")


def test_filled_in_templates_and_their_way_into_the_store(places: Engine, agency: Agency) -> None:
    hub = agency("Hub")
    roster = hub.send_form(template("roster", "xlsx", filled=True), "roster.xlsx")
    assert (roster.status, roster.json()["kind"]) == (201, "roster")
    accept(places, roster.json()["id"], "steward", "an example")
    report = hub.send(template("quarterly", "csv", filled=True), "form4.csv")
    assert (report.status, report.json()["kind"]) == (201, "quarterly")
    assert rows_of(places, "enrollment") == 0
    accept(places, report.json()["id"], "steward", "an example")
    assert rows_of(places, "enrollment") == report.json()["rows"]["enrollment"] > 0
    statuses = [row["status"] for row in hub.get("/submissions").json()["submissions"]]
    assert statuses == ["accepted", "accepted"]


@pytest.mark.shared
def test_real_exports_of_wonder_come_in_with_their_totals(places: Engine, agency: Agency) -> None:
    hub = agency("Hub")
    totals = {"birthweight12": (26_233, 75_345), "oegest10": (26_240, 75_336)}
    for name, expected in totals.items():
        file = shared(f"wonder/Natality_2016-2024_expanded_county_year_{name}.txt")
        answer = hub.send(file.read_bytes(), file.name)
        told = answer.json()
        assert (answer.status, told["kind"], told["status"]) == (201, "wonder", "waiting")
        counts = staged_tables(places, told["id"])["vital_count"]
        births = counts[counts["event"].eq("births") & counts["first_year"].between(2017, 2023)]
        by_county = births[births["stratum"].eq("")].groupby("area")["count"].sum()
        assert (by_county["29510"], by_county["29189"]) == expected
        assert set(births["bound"]) == {"at_least"}
    assert [row["status"] for row in hub.get("/submissions").json()["submissions"]] == ["waiting"] * 2


def begun(client: Client) -> socket.socket:
    """A submission of which only the first bytes have come."""
    line = socket.create_connection(("127.0.0.1", client.port), timeout=60)
    line.sendall(
        f"POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.token}\r\n"
        "Content-Type: text/csv\r\nContent-Length: 1000\r\n\r\na,b".encode()
    )
    return line


def until(met: Callable[[], bool]) -> None:
    """Wait for something that comes about by itself."""
    deadline = time.monotonic() + 30
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_few_files_come_in_at_a_time_and_who_leaves_makes_room(places: Engine, agency: Agency) -> None:
    hub = agency("Hub")
    # more than there is room for: one that comes while a question below is being answered is sent away
    lines = [begun(hub) for _ in range(3 * UPLOADS_AT_ONCE)]
    until(lambda: hub.send(b"x").status == 503)
    answer = hub.send(export(3545))
    assert (answer.status, answer.kind, answer.headers["Retry-After"]) == (503, "not-ready", "5")
    assert hub.get("/submissions").status == 200
    for line in lines:
        line.close()
    until(lambda: hub.send(export(3545)).status in (200, 201))
    assert [row.status for row in list_submissions(places)] == ["waiting"]


def test_a_file_that_comes_too_slowly_is_not_waited_for(
    places: Engine, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "_PATIENCE", 1)
    with begun(agency("Hub")) as line:
        answer = b""
        while part := line.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 408") and b"did not come within 1 s" in answer
    assert list_submissions(places) == []
