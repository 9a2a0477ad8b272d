"""Official boundaries: the Census Bureau's cartographic files, downloaded and put to use."""

from __future__ import annotations

import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from tqdm import tqdm

from geo.errors import GeoError
from geo.own import Report, use

CENSUS = "https://www2.census.gov/geo/tiger/GENZ2020/shp"
FILES = ("cb_2020_us_county_500k.zip", "cb_2020_us_zcta520_500k.zip")
"""Counties and ZCTAs of 2020 at 1:500,000 (about 12 MB and 60 MB); works of the US government."""
TIMEOUT = 30.0
CHUNK = 1 << 16
BY_HAND = "download the file on another machine and bring it in with `python -m geo use FILE`."


def fetch(home: Path, base_url: str = CENSUS) -> list[Report]:
    """Download the county and ZCTA files and install both; ``home`` is the folder of EQUITY_HOME.

    Nothing is installed unless both files arrive whole. Raises :class:`GeoError` without a network or
    where something else than a zipped shapefile comes back.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = [_download(f"{base_url}/{name}", Path(folder) / name) for name in FILES]
        return [use(file, home) for file in files]


def _download(url: str, target: Path) -> Path:
    """Save one zipped shapefile, with a progress bar on a terminal."""
    if not url.startswith(("https://", "http://")):
        raise GeoError(f"'{url}' is not a web address: it must begin with https://.")
    try:
        # the scheme is checked above, so no local file can be asked for
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310
            size = int(answer.headers.get("Content-Length") or 0) or None
            with (
                target.open("wb") as file,
                tqdm(desc=target.name, total=size, unit="B", unit_scale=True, disable=None) as bar,
            ):
                while chunk := answer.read(CHUNK):
                    file.write(chunk)
                    bar.update(len(chunk))
    except urllib.error.HTTPError as error:
        raise GeoError(f"{url} answered {error.code} ({error.reason}); {BY_HAND}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise GeoError(
            f"{url} could not be reached ({reason}): is there a network? Otherwise {BY_HAND}"
        ) from error
    if size is not None and target.stat().st_size != size:
        raise GeoError(f"{url} broke off before its end: try again.")
    if not zipfile.is_zipfile(target) or not _has_shapefile(target):
        raise GeoError(f"{url} did not send a zipped shapefile (a proxy's page, perhaps); {BY_HAND}")
    return target


def _has_shapefile(file: Path) -> bool:
    with zipfile.ZipFile(file) as archive:
        return any(name.lower().endswith(".shp") for name in archive.namelist())
