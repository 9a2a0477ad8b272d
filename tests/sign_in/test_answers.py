"""The way back to a page stays on this server; failures are recorded, but not without end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from equity.config import ROOT, load_sign_in_config
from equity.store.errors import StoreError
from equity.ui.answers import MOST_A_MINUTE, Failures, inside, page_of
from equity.ui.provider import check_provider
from tests.ui.server import running

GOOD = {
    "redirect_uri": "https://dashboard.example.org/oauth2callback", "cookie_secret": "x" * 32,
    "client_id": "dashboard", "client_secret": "secret",
    "server_metadata_url": "https://login.example.org/.well-known/openid-configuration",
}  # fmt: skip


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/data?x=1&y=a%20b", "/data?x=1&y=a+b"),
        ("/data?sign_in=refused&x=1", "/data?x=1"),
        ("/profile?area=29510", "/profile?area=29510"),
        ("", "/"),
        ("data", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("/" + "x" * 3000, "/"),
    ],
)
def test_an_address_stays_on_this_server(address: str, kept: str) -> None:
    assert inside(address) == kept


def test_only_a_page_of_this_server_is_gone_back_to() -> None:
    assert page_of("http://localhost:8501/data?x=1", "localhost:8501") == "/data?x=1"
    assert page_of("http://evil.example/data", "localhost:8501") == "/"
    assert page_of("", "localhost:8501") == "/"
    assert page_of("http://localhost:8501//evil.example", "localhost:8501") == "/"


def test_so_many_failures_a_minute_are_recorded_and_the_others_counted() -> None:
    kept: list[Mapping[str, Any]] = []
    time = [0.0]
    failures = Failures(lambda reason, detail: kept.append({"reason": reason, **detail}), lambda: time[0])
    for _ in range(MOST_A_MINUTE + 7):
        failures.note("refused", "192.0.2.1")
    assert len(kept) == MOST_A_MINUTE and kept[-1]["left_out"] == 0
    time[0] = 61
    failures.note("unreachable", "192.0.2.2")
    assert kept[-1] == {"reason": "unreachable", "address": "192.0.2.2", "left_out": 7}


def test_a_failure_that_cannot_be_recorded_stops_nothing() -> None:
    def full(_reason: str, _detail: Mapping[str, Any]) -> None:
        raise StoreError("The log is full.")

    Failures(full).note("refused", "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"client_id": ""}, "lacks client_id under"),
        ({"cookie_secret": "short"}, "cookie_secret in .* must have at least 32"),
        ({"redirect_uri": "http://dashboard.example.org/oauth2callback"}, "must begin with https://"),
        ({"redirect_uri": "https://dashboard.example.org/"}, "must end with /oauth2callback"),
        (
            {"server_metadata_url": "http://login.example.org/"},
            "server_metadata_url .* must begin with https://",
        ),
    ],
)
def test_settings_that_cannot_be_right_are_named_and_no_secret_is_repeated(
    change: dict[str, str], said: str
) -> None:
    check_provider(GOOD)
    check_provider(GOOD | {"redirect_uri": "http://localhost:{port}/oauth2callback"})
    with pytest.raises(ValueError, match=said) as error:
        check_provider(GOOD | change)
    assert "secret" not in str(error.value).replace("cookie_secret", "").replace("secrets", "")


def test_sign_in_is_off_unless_it_is_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EQUITY_SIGN_IN", raising=False)
    assert not load_sign_in_config().on
    monkeypatch.setenv("EQUITY_SIGN_IN", "on")
    assert load_sign_in_config().on
    monkeypatch.setenv("EQUITY_SIGN_IN", "yes")
    with pytest.raises(ValueError, match="must be on or off"):
        load_sign_in_config()


def test_a_server_without_a_provider_does_not_start_with_sign_in(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("no-provider")
    settings = {"EQUITY_SIGN_IN": "on", "STREAMLIT_SECRETS_FILES": str(home / "none.toml")}
    with (
        pytest.raises(RuntimeError, match="EQUITY_SIGN_IN is on, but"),
        running(ROOT, home, settings=settings),
    ):
        pass


def test_the_example_of_secrets_holds_none_and_the_real_file_is_not_kept() -> None:
    example = (ROOT / ".streamlit" / "secrets.example.toml").read_text(encoding="utf-8")
    for name in ("cookie_secret", "client_id", "client_secret"):
        assert f'\n{name} = ""\n' in example
    assert "/.streamlit/secrets.toml" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
