"""Makes the typeface files of the dashboard from the npm package of Atkinson Hyperlegible Next (run once).

    npm pack @fontsource/atkinson-hyperlegible-next && tar xzf fontsource-*.tgz
    python equity/views/fonts/make_fonts.py package

Two things are changed, as the licence allows: digits all get one width, so that columns of figures line
up without a style sheet having to ask for it, and the Latin and extended Latin parts are joined for
documents. Pages get WOFF2 named by content, so that browsers may keep them for good.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from fontTools.merge import Merger  # type: ignore[import-untyped]  # ships without types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # ships without types

FAMILY: Final = "atkinson-hyperlegible-next"
STYLES: Final = {"400-normal": "Regular", "400-italic": "Italic", "700-normal": "Bold"}
SUBSETS: Final = ("latin", "latin-ext")
DOCUMENTS: Final = Path(__file__).resolve().parent
PAGES: Final = DOCUMENTS.parents[1] / "ui" / "static" / "fonts"


def with_tabular_digits(file: Path) -> TTFont:
    """Open a font and let its digits be the ones of equal width (its own ``tnum`` forms)."""
    font = TTFont(file, recalcTimestamp=False)
    features = font["GSUB"].table.FeatureList.FeatureRecord
    lookups = {
        i for record in features if record.FeatureTag == "tnum" for i in record.Feature.LookupListIndex
    }
    swaps: dict[str, str] = {}
    for index in lookups:
        for subtable in font["GSUB"].table.LookupList.Lookup[index].SubTable:
            swaps |= subtable.mapping
    for table in font["cmap"].tables:
        for digit in "0123456789":
            name = table.cmap.get(ord(digit))
            if name in swaps:
                table.cmap[ord(digit)] = swaps[name]
    return font


def write_for_pages(font: TTFont, name: str) -> Path:
    """Write WOFF2 into the static folder, its name carrying the first digits of its SHA-256."""
    font.flavor = "woff2"
    draft = PAGES / f"{name}.woff2"
    font.save(draft)
    digest = hashlib.sha256(draft.read_bytes()).hexdigest()[:12]
    return draft.rename(PAGES / f"{name}.{digest}.woff2")


def write_for_documents(parts: list[TTFont], style: str) -> Path:
    """Join the parts into one TrueType file for PDFs and drawn charts."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, part in enumerate(parts):
            part.flavor = None
            files.append(str(Path(folder) / f"{number}.ttf"))
            part.save(files[-1])
        target = DOCUMENTS / f"AtkinsonHyperlegibleNext-{style}.ttf"
        Merger().merge(files).save(target)
    return target


def main(package: Path) -> None:
    """Write every file, and the licence beside them."""
    PAGES.mkdir(parents=True, exist_ok=True)
    for old in (*PAGES.glob("*.woff2"), *DOCUMENTS.glob("*.ttf")):
        old.unlink()
    for code, style in STYLES.items():
        parts = []
        for subset in SUBSETS:
            name = f"{FAMILY}-{subset}-{code}"
            parts.append(with_tabular_digits(package / "files" / f"{name}.woff2"))
            write_for_pages(with_tabular_digits(package / "files" / f"{name}.woff2"), name)
        write_for_documents(parts, style)
    for folder in (PAGES, DOCUMENTS):
        shutil.copyfile(package / "LICENSE", folder / "OFL.txt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
