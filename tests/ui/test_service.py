"""The server over HTTP: both launchers, headers, readiness, and stores that cannot be used."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from equity.ui.session import LOOK_AGAIN_SECONDS
from tests.release.own_policy import write_own
from tests.ui.release import publish_small
from tests.ui.server import Launcher, Server, running


def font_path(shell: Path) -> str:
    """The address of one font file."""
    file = next((shell / "equity" / "ui" / "static" / "fonts").glob("*.woff2"))
    return f"/app/static/fonts/{file.name}"


@pytest.mark.parametrize("path", ["/", "/map", "/api/ready", "/_stcore/health", "/app/static/icon.svg"])
def test_every_answer_carries_the_security_headers(shell_server: Server, path: str) -> None:
    status, headers, _ = shell_server.get(path)
    assert status == 200
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


def test_browsers_keep_what_never_changes_and_ask_again_for_the_rest(
    shell_server: Server, shell: Path
) -> None:
    assert shell_server.get(font_path(shell))[1]["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in (shell_server.get("/app/static/icon.svg")[1].get("Cache-Control") or "")
    assert shell_server.get("/")[1]["Cache-Control"] == "no-cache"
    missing, headers, _ = shell_server.get("/app/static/fonts/none.000000000000.woff2")
    assert missing == 404
    assert "immutable" not in (headers.get("Cache-Control") or "")


def test_ready_names_the_current_release(shell_server: Server, small_release: str) -> None:
    status, headers, body = shell_server.get("/api/ready")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert json.loads(body) == {"ready": True, "release": small_release}


@pytest.mark.parametrize("launcher", ["streamlit", "uvicorn"])
def test_both_launchers_serve_pages_settings_and_routes(
    shell: Path, small_home: Path, small_release: str, launcher: Launcher
) -> None:
    with running(shell, small_home, launcher) as server:
        assert json.loads(server.get("/api/ready")[2])["release"] == small_release
        status, headers, body = server.get("/profile?area=29189")
        assert (status, b"<title>Streamlit</title>" in body) == (200, True)
        assert "sha256-" in headers["Content-Security-Policy"]
        assert server.get(font_path(shell))[0] == 200
    assert "Traceback" not in server.log.read_text()


def test_a_server_without_its_settings_does_not_start(shell: Path, tmp_path: Path) -> None:
    """Streamlit's own defaults would show error texts and call its makers."""
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(shell), "app:app", "--port", "0"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode != 0
    assert "start the server in the folder of app.py" in ended.stderr


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "the store cannot be used"),
        ("postgresql://steward:topsecret@localhost:1/equity", "the store cannot be used"),
        ("no url with topsecret", "the store cannot be used"),
    ],
    ids=["no store", "no server", "no url"],
)
def test_a_store_that_cannot_be_used_is_not_ready_and_keeps_its_secrets(
    shell: Path, tmp_path: Path, url: str, reason: str
) -> None:
    settings = {"EQUITY_DATABASE_URL": url} if url else {}
    with running(shell, tmp_path, settings=settings) as server:
        status, _, body = server.get("/api/ready")
        assert (status, json.loads(body)) == (503, {"ready": False, "reason": reason})
    log = server.log.read_text()
    assert "starts without figures" in log
    assert "topsecret" not in log


def test_a_policy_without_a_release_is_not_ready(shell: Path, tmp_path: Path) -> None:
    publish_small(tmp_path, rate=9.1)
    own = {"EQUITY_POLICY": "own", "EQUITY_POLICY_FILE": str(write_own(tmp_path))}
    with running(shell, tmp_path, settings=own) as server:
        status, _, body = server.get("/api/ready")
        assert (status, json.loads(body)["reason"]) == (503, "no release is current")
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("sign_in", ["off", "on"])
def test_a_policy_that_is_not_for_everybody_is_not_served(shell: Path, tmp_path: Path, sign_in: str) -> None:
    settings = {"EQUITY_POLICY": "partner", "EQUITY_SIGN_IN": sign_in}
    with (
        pytest.raises(
            RuntimeError, match="EQUITY_POLICY is partner, which is not for everybody: by its margins"
        ),
        running(shell, tmp_path, settings=settings),
    ):
        pass


def test_a_server_with_a_policy_file_that_is_wrong_does_not_start(shell: Path, tmp_path: Path) -> None:
    file = write_own(tmp_path, ("hide_to = 9", "hide_to = 4"))
    with (
        pytest.raises(RuntimeError, match=r"own.toml is no policy: line 11: hide_to must be 9 or more"),
        running(shell, tmp_path, settings={"EQUITY_POLICY_FILE": str(file)}),
    ):
        pass


def test_a_release_of_another_format_is_not_ready_until_one_is_published(shell: Path, tmp_path: Path) -> None:
    publish_small(tmp_path, rate=9.1, with_format=False)
    with running(shell, tmp_path) as server:
        status, _, body = server.get("/api/ready")
        assert (status, json.loads(body)["ready"]) == (503, False)
        assert "run python -m equity publish" in json.loads(body)["reason"]
        new = publish_small(tmp_path, rate=9.1)
        time.sleep(LOOK_AGAIN_SECONDS + 0.5)
        assert json.loads(server.get("/api/ready")[2]) == {"ready": True, "release": new}
    assert "Traceback" not in server.log.read_text()


def test_the_application_is_ready_after_bootstrap(app_server: Server) -> None:
    status, _, body = app_server.get("/api/ready")
    assert (status, json.loads(body)["ready"]) == (200, True)
    assert "Traceback" not in app_server.log.read_text()
