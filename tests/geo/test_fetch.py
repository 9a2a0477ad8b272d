"""Fetching, against a real web server on this machine, and without a network."""

from __future__ import annotations

import functools
import http.server
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import geopandas
import pytest

from geo.boundaries import Layers, load_layers, own_folder
from geo.errors import GeoError
from geo.fetch import CENSUS, FILES, fetch


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web server and the folder it serves."""
    folder = tmp_path / "site"
    folder.mkdir()
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()
        thread.join()


def _zip_shapefile(frame: geopandas.GeoDataFrame, column: str, target: Path) -> None:
    """The way the Census packs them: NAD83, one shapefile, its parts at the top of the archive."""
    parts = target.parent.parent / f"parts of {target.stem}"
    parts.mkdir()
    named = frame[["geoid", "geometry"]].rename(columns={"geoid": column})
    named.to_crs("EPSG:4269").to_file(parts / f"{target.stem}.shp")
    with zipfile.ZipFile(target, "w") as archive:
        for part in sorted(parts.iterdir()):
            archive.write(part, part.name)


def test_both_files_are_fetched_and_used(site: tuple[str, Path], shipped: Layers, home: Path) -> None:
    url, folder = site
    _zip_shapefile(shipped.counties, "GEOID", folder / FILES[0])
    _zip_shapefile(shipped.zips, "ZCTA5CE20", folder / FILES[1])
    reports = fetch(home, url)
    assert [(report.kind, len(report.accepted)) for report in reports] == [("counties", 8), ("zips", 125)]
    layers = load_layers(home)
    assert not layers.zips["approximate"].any()
    assert not layers.zip_groups["approximate"].any()
    assert sorted(path.name for path in own_folder(home).iterdir()) == ["counties.geojson", "zips.geojson"]


def test_a_missing_second_file_installs_nothing(site: tuple[str, Path], shipped: Layers, home: Path) -> None:
    url, folder = site
    _zip_shapefile(shipped.counties, "GEOID", folder / FILES[0])
    with pytest.raises(GeoError, match=rf"{FILES[1]} answered 404 .* `python -m geo use FILE`"):
        fetch(home, url)
    assert not own_folder(home).exists()


def test_a_proxy_page_is_not_a_map(site: tuple[str, Path], home: Path) -> None:
    url, folder = site
    (folder / FILES[0]).write_text("<html>Please sign in</html>")
    with pytest.raises(GeoError, match="did not send a zipped shapefile"):
        fetch(home, url)
    with zipfile.ZipFile(folder / FILES[0], "w") as archive:
        archive.writestr("readme.txt", "no shapes here")
    with pytest.raises(GeoError, match="did not send a zipped shapefile"):
        fetch(home, url)


def test_without_a_network_it_says_so(home: Path) -> None:
    with pytest.raises(GeoError, match=r"could not be reached \(.+\): is there a network\?"):
        fetch(home, "http://127.0.0.1:1")
    with pytest.raises(GeoError, match="is not a web address"):
        fetch(home, "file:///etc")


def test_the_census_address_is_the_official_one() -> None:
    assert CENSUS.startswith("https://www2.census.gov/geo/tiger/GENZ2020/")
    assert FILES == ("cb_2020_us_county_500k.zip", "cb_2020_us_zcta520_500k.zip")
