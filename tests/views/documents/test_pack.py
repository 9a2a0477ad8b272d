"""Profiles as files: all counties in one archive, and the command that writes them to a folder."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from equity.cli import main
from equity.cli.profiles import _write
from equity.release.load import Release, ReleaseError
from equity.views.documents.profile_pack import FORMATS, counties, profile_name, profile_pack
from equity.views.profile import build_profile

BLOCK = (2017, 2023)
EIGHT = ["29069", "29133", "29143", "29155", "29189", "29201", "29207", "29510"]


@pytest.fixture(scope="module")
def archive(shipped: Release) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(profile_pack(shipped, BLOCK)))


def test_all_eight_counties_are_in_it_in_every_format(shipped: Release, archive: zipfile.ZipFile) -> None:
    assert sorted(counties(shipped)) == EIGHT
    stem = "equity-profile-{}-2017-2023-" + shipped.id
    wanted = {f"{stem.format(code)}.{ending}" for code in EIGHT for ending in ("pdf", "xlsx", "csv")}
    assert set(archive.namelist()) == {"README.txt", *wanted}
    assert archive.testzip() is None
    said = archive.read("README.txt").decode()
    assert shipped.id in said and "Equity profile of Pemiscot County, 2017–2023" in said


def test_each_file_in_it_is_the_file_of_its_own(shipped: Release, archive: zipfile.ZipFile) -> None:
    for code in ("29155", "29510"):
        profile = build_profile(shipped, "county", code, BLOCK)
        for ending, make in FORMATS.items():
            assert archive.read(f"{profile_name(profile, code)}.{ending}") == make(profile)


def test_the_same_release_gives_the_same_archive(shipped: Release, archive: zipfile.ZipFile) -> None:
    again = zipfile.ZipFile(io.BytesIO(profile_pack(shipped, BLOCK)))
    assert [(e.filename, e.CRC, e.date_time) for e in again.infolist()] == [
        (e.filename, e.CRC, e.date_time) for e in archive.infolist()
    ]


def test_the_command_writes_what_the_page_gives(
    shipped: Release, tmp_path: Path, app_home: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("EQUITY_HOME", str(app_home))
    folder = tmp_path / "new" / "folder"
    asked = ["--area", "29155", "--area", "stl", "--format", "csv", "--period", "2010-2016"]
    assert main(["profile", *asked, "--out", str(folder)]) == 0
    printed = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(printed) == sorted(folder.iterdir())
    for code, place in {"29155": ("county", "29155"), "stl": ("region", "stl")}.items():
        profile = build_profile(shipped, *place, (2010, 2016))
        path = folder / f"{profile_name(profile, code)}.csv"
        assert path.read_bytes() == FORMATS["csv"](profile)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (["--area", "29156"], "There is no place '29156' with a profile"),
        (["--area", "../../etc"], "There is no place '../../etc' with a profile"),
        (["--area", "29155", "--period", "2016"], "there are 2010-2016, 2017-2023"),
        (["--pack", "--release", "nothing"], "nothing"),
    ],
)
def test_what_cannot_be_is_a_sentence(
    asked: list[str], sentence: str, tmp_path: Path, app_home: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("EQUITY_HOME", str(app_home))
    assert main(["profile", *asked, "--out", str(tmp_path / "out")]) == 1
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_disk_that_is_full_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ReleaseError, match="No space left on device"):
        _write(tmp_path, "profile.pdf", b"content")
    assert list(tmp_path.iterdir()) == []
