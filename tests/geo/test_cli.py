"""``python -m geo`` as a user runs it: words, exit codes, no tracebacks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import geopandas
import pytest

from geo.boundaries import own_folder
from geo.cli import main, parser

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _own_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EQUITY_HOME", str(home))


def test_use_report_reset(
    city: geopandas.GeoDataFrame, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city.to_file(tmp_path / "city.gpkg")
    assert main(["use", str(tmp_path / "city.gpkg")]) == 0
    said = capsys.readouterr().out
    assert "city.gpkg: read as ZIPs." in said
    assert "   19  ZIPs with a shape of yours" in said
    assert "  106  ZIPs without a shape; they keep an approximate cell: 63005, 63011," in said
    assert main(["report"]) == 0
    said = capsys.readouterr().out
    assert f"125 ZIPs, your own: {home / 'boundaries' / 'zips.geojson'}" in said
    assert "of them 106 approximate cells" in said
    assert "8 counties, shipped" in said
    assert main(["reset"]) == 0
    assert "Removed" in capsys.readouterr().out
    assert not list(own_folder(home).iterdir())
    assert main(["reset"]) == 0
    assert "in use already" in capsys.readouterr().out


def test_a_mistake_is_one_sentence_and_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["use", str(tmp_path / "nothing.shp")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"There is no file {tmp_path / 'nothing.shp'}.\n"
    monkeypatch.delenv("EQUITY_SHARED_DATA", raising=False)
    assert main(["build", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("EQUITY_SHARED_DATA is not set")


def test_wrong_usage_is_exit_code_2() -> None:
    for arguments in ([], ["fly"], ["use"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2


def test_help_is_worth_reading() -> None:
    text = parser().format_help()
    for word in ("build", "fetch", "use", "report", "reset", "examples:", "--crs EPSG:26915", "exit codes:"):
        assert word in text
    assert max(len(line) for line in text.splitlines()) <= 110


def test_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "geo", "report"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "30 ZIP groups" in done.stdout
    assert done.stderr == ""
