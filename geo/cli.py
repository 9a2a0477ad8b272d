"""The command line of the boundaries: ``python -m geo``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from equity.config import load_config
from geo.errors import GeoError

OK, USER_ERROR = 0, 1

DESCRIPTION = """\
Boundaries of the map: see what is drawn, and bring better ones.

The project ships real county outlines (Census 2016) and approximate ZIP cells. Official or own
boundaries are kept in EQUITY_HOME/boundaries and win over the shipped ones."""

EPILOG = """\
examples:
  python -m geo report                       what the maps are drawn with now
  python -m geo fetch                        official Census ZIP and county boundaries (about 70 MB)
  python -m geo use zctas.geojson            your own file: GeoJSON, GeoPackage, shapefile, zipped shapefile
  python -m geo use zips.shp --crs EPSG:26915   a file that does not name its coordinate system
  python -m geo reset                        back to the shipped boundaries

After a change publish again (python -m equity publish), so that pages draw with it.

exit codes: 0 done, 1 something to put right (one sentence says what), 2 wrong usage"""


def parser() -> argparse.ArgumentParser:
    """The arguments of ``python -m geo``."""
    plain = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(
        prog="python -m geo", description=DESCRIPTION, epilog=EPILOG, formatter_class=plain
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("report", help="say what the maps are drawn with")
    commands.add_parser("fetch", help="download official Census boundaries and use them")
    use = commands.add_parser(
        "use",
        help="use a boundaries file of your own",
        description="Draw maps with a file of ZCTAs (ZIPs) or counties. It needs polygons and a column "
        "such as GEOID, GEOID20, ZCTA5CE20 or GEOID_ZCTA. Broken outlines are repaired; what was taken, "
        "repaired, missing or left out is listed. ZIPs your file lacks keep an approximate cell.",
    )
    use.add_argument(
        "file", type=Path, metavar="FILE", help="GeoJSON, GeoPackage, shapefile or zipped shapefile"
    )
    use.add_argument(
        "--crs", metavar="CODE", help="coordinate system, such as EPSG:4326, if the file names none"
    )
    commands.add_parser("reset", help="return to the shipped boundaries")
    build = commands.add_parser(
        "build",
        help="rewrite the shipped boundaries (developers)",
        description="Write data/boundaries again from its sources: plotly-geo (requirements-dev.txt) and the "
        "folder named by EQUITY_SHARED_DATA. The same sources give the same bytes.",
    )
    build.add_argument("--out", type=Path, metavar="FOLDER", help="write here instead of data/boundaries")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = parser().parse_args(arguments)
    home = load_config().home
    commands = {
        "report": lambda: _report(home),
        "fetch": lambda: _fetch(home),
        "use": lambda: _use(options.file, home, options.crs),
        "reset": lambda: _reset(home),
        "build": lambda: _build(options.out),
    }
    try:
        commands[options.command]()
    except GeoError as error:
        print(error, file=sys.stderr)
        return USER_ERROR
    return OK


def _report(home: Path) -> None:
    from geo.boundaries import layer_path, load_layers
    from geo.places import SHIPPED

    layers = load_layers(home)
    for kind, name in (("zips", "ZIPs"), ("counties", "counties")):
        path = layer_path(kind, home)
        origin = "shipped" if path.parent == SHIPPED else "your own"
        frame = layers.zips if kind == "zips" else layers.counties
        print(f"{len(frame):>4} {name}, {origin}: {path} ({path.stat().st_size / 1000:.0f} kB)")
        rough = int(frame["approximate"].sum())
        if rough:
            print(f"     of them {rough} approximate cells around ZIP centroids, not surveyed shapes")
    print(f"{len(layers.zip_groups):>4} ZIP groups, dissolved from the ZIPs")
    print(f"{layers.vintage}\nhash {layers.hash[:16]}")


def _fetch(home: Path) -> None:
    from geo.fetch import fetch

    for report in fetch(home):
        print(report)


def _use(file: Path, home: Path, crs: str | None) -> None:
    from geo.own import use

    print(use(file, home, crs))


def _reset(home: Path) -> None:
    from geo.boundaries import own_folder

    removed = [
        path for kind in ("zips", "counties") if (path := own_folder(home) / f"{kind}.geojson").is_file()
    ]
    for path in removed:
        path.unlink()
        print(f"Removed {path}.")
    print(
        "Maps are drawn with the shipped boundaries."
        if removed
        else "The shipped boundaries were in use already."
    )


def _build(out: Path | None) -> None:
    from geo.build import build
    from geo.places import SHIPPED

    shared = os.environ.get("EQUITY_SHARED_DATA")
    if not shared:
        raise GeoError(
            "EQUITY_SHARED_DATA is not set: it must name the folder of source files that holds zcta/."
        )
    for path in build(Path(shared), out or SHIPPED):
        print(f"{path} ({path.stat().st_size / 1000:.0f} kB)")
