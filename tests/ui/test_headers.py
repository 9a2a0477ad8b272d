"""The content security policy, from the root document of the Streamlit that is installed."""

from __future__ import annotations

import base64
import hashlib

from equity.ui.headers import (
    HASHED_FILE,
    content_security_policy,
    permissions_policy,
    root_document,
    script_hashes,
)


def test_inline_scripts_are_allowed_by_their_hash_alone() -> None:
    document = b'<script>\n a = 1\n</script><script type="module" src="./x.js"></script><script>b()</script>'
    expected = [base64.b64encode(hashlib.sha256(body).digest()).decode() for body in (b"\n a = 1\n", b"b()")]
    assert script_hashes(document) == [f"'sha256-{digest}'" for digest in expected]


def test_the_installed_root_document_has_one_inline_script() -> None:
    assert len(script_hashes(root_document().read_bytes())) == 1


def test_scripts_are_never_run_from_text_nor_from_elsewhere() -> None:
    policy = dict(part.split(" ", 1) for part in content_security_policy(b"").split("; "))
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["connect-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"
    assert not any("http" in sources or "*" in sources for sources in policy.values())


def test_no_page_may_use_a_device() -> None:
    granted = dict(part.split("=") for part in permissions_policy().split(", "))
    assert {"camera", "geolocation", "microphone", "payment", "usb"} <= set(granted)
    assert {feature for feature, to in granted.items() if to != "()"} == {"fullscreen"}


def test_only_files_named_by_content_are_kept_for_good() -> None:
    assert HASHED_FILE.fullmatch("/app/static/fonts/atkinson-latin-400-normal.7b7025859029.woff2")
    assert not HASHED_FILE.fullmatch("/app/static/icon.svg")
    assert not HASHED_FILE.fullmatch("/app/static/../x.7b7025859029.woff2\n")
