"""The look: colours that everybody can tell apart, and a typeface that is really there."""

from __future__ import annotations

import hashlib
import itertools
import tomllib
from typing import Any

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from equity.config import ROOT

CONFIG: dict[str, Any] = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
THEME: dict[str, Any] = CONFIG["theme"]
STATIC = ROOT / "equity" / "ui" / "static"
DOCUMENT_FONTS = ROOT / "equity" / "views" / "fonts"

#: Linear sRGB as people without one kind of cone see it: Machado, Oliveira and Fernandes (2009), severity 1.
VISION = {
    "all cones": np.eye(3),
    "no L cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no M cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no S cones": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
#: Linear sRGB to XYZ, relative to white D65 (IEC 61966-2-1).
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> np.ndarray:
    """Linear sRGB of ``#rrggbb``."""
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2)."""
    light, dark = sorted((float(TO_XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, vision: str) -> np.ndarray:
    """CIE L*a*b* of a colour as a kind of vision sees it."""
    seen = np.clip(np.array(VISION[vision]) @ linear(colour), 0, 1)
    scaled = TO_XYZ @ seen / TO_XYZ.sum(axis=1)
    root = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def test_streamlit_takes_the_palettes() -> None:
    """Streamlit drops a sequential palette that has not exactly ten colours."""
    assert len(THEME["chartSequentialColors"]) == 10
    assert len(THEME["chartCategoricalColors"]) == 8


@pytest.mark.parametrize("vision", VISION)
def test_categories_can_be_told_apart_by_every_kind_of_vision(vision: str) -> None:
    pairs = itertools.combinations(THEME["chartCategoricalColors"], 2)
    assert min(float(np.linalg.norm(lab(a, vision) - lab(b, vision))) for a, b in pairs) > 20


@pytest.mark.parametrize("vision", VISION)
def test_the_sequence_darkens_step_by_step(vision: str) -> None:
    lightness = np.array([lab(colour, vision)[0] for colour in THEME["chartSequentialColors"]])
    assert (np.diff(lightness) < -5).all()


def test_text_and_marks_stand_out() -> None:
    papers = (THEME["backgroundColor"], THEME["secondaryBackgroundColor"])
    for paper in papers:
        assert contrast(THEME["textColor"], paper) >= 7
        assert contrast(THEME["linkColor"], paper) >= 4.5
        assert contrast(THEME["primaryColor"], paper) >= 4.5
    assert contrast(THEME["borderColor"], THEME["backgroundColor"]) >= 3
    for colour in THEME["chartCategoricalColors"]:
        assert contrast(colour, THEME["backgroundColor"]) >= 3


def test_every_font_file_is_named_by_its_content_and_declared() -> None:
    declared = {face["url"].removeprefix("app/static/") for face in THEME["fontFaces"]}
    files = sorted((STATIC / "fonts").glob("*.woff2"))
    assert declared == {f"fonts/{file.name}" for file in files}
    for file in files:
        assert file.name.split(".")[1] == hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    assert sum(file.stat().st_size for file in files) < 100_000


def test_fonts_come_with_their_licence() -> None:
    for folder in (STATIC / "fonts", DOCUMENT_FONTS):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "file",
    [*STATIC.glob("fonts/*-latin-[47]*.woff2"), *DOCUMENT_FONTS.glob("*.ttf")],
    ids=lambda file: file.name,
)
def test_digits_have_one_width_and_names_can_be_written(file: Any) -> None:
    font = TTFont(file)
    letters = font.getBestCmap()
    assert len({font["hmtx"][letters[ord(digit)]][0] for digit in "0123456789"}) == 1
    wanted = "Ñáéíóúü – — − × ÷ ± · “ ” ’ … é %" + ("Łőšž" if file.suffix == ".ttf" else "")
    assert [letter for letter in wanted if ord(letter) not in letters] == []


def test_the_server_is_careful_by_default() -> None:
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["client"]["showErrorLinks"] is False
    assert CONFIG["browser"]["gatherUsageStats"] is False
