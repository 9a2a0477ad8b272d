"""What a cell says: numbers, groups and ZIP codes in the ways in which people write them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from equity.intake.sheet import plain

#: Digits, with commas or spaces between thousands, and nothing but zeros behind the point.
_WHOLE: Final = re.compile(r"(\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.0+)?")
_NUMBER: Final = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|-?\.\d+")
_PERCENT: Final = re.compile(r"(\d+(?:\.\d+)?|\.\d+) ?%?")
#: No household count has more digits; a longer one is something else, such as a telephone number.
_MOST_DIGITS: Final = 9
#: Marks that vital records and surveys use in place of a small count.
_HIDDEN: Final = re.compile(
    r"\*+|<=? ?\d+|\d+ ?- ?\d+|n/?a|n\.a\.|s|suppressed|withheld|hidden|--?|not available|not shown",
    re.IGNORECASE,
)
ZIP_SHAPE: Final = re.compile(r"\d{3,5}(?:\.0+|-\d{4}|-)?")
_BETWEEN_ZIPS: Final = re.compile(r"[,;/|&\s]+|\band\b", re.IGNORECASE)
#: Words in place of a ZIP code: all of the program, and households whose place is not known.
ALL_WORDS: Final = ("", "all", "total", "totals", "all zips", "all zip codes", "all zctas", "program total")
UNKNOWN_PLACE: Final = (
    "unknown", "not known", "unk", "missing", "no zip", "none", "homeless", "no address", "not reported",
)  # fmt: skip
#: Words for a group, in their plainest form. Sub-groups that are all ``other`` here are summed.
GROUP_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "all": ("", "all", "total", "everyone", "all races", "all groups", "all families", "all households"),
    "black": (
        "black", "african american", "black or african american", "black african american",
        "non hispanic black", "black non hispanic", "black nh", "nh black",
        "black or african american non hispanic",
    ),
    "white": ("white", "caucasian", "non hispanic white", "white non hispanic", "white nh", "nh white"),
    "hispanic": (
        "hispanic", "latino", "latina", "latinx", "hispanic latino", "hispanic or latino",
        "hispanic any race",        "hispanic or latino any race",
    ),
    "other": (
        "other", "other race", "other races", "some other race", "asian", "american indian",
        "native american", "american indian or alaska native", "american indian and alaska native",
        "alaska native", "aian",
        "native hawaiian", "pacific islander", "native hawaiian or other pacific islander", "nhopi",
        "native hawaiian and other pacific islander", "asian or pacific islander", "two or more races",
        "two or more", "more than one race", "multiracial", "multi racial", "mixed", "biracial",
    ),
    "unknown": (
        "unknown", "unknown race", "race unknown", "unk", "not reported", "unrecorded",
        "unknown did not report", "did not report", "declined", "declined to answer", "refused", "missing",
        "not stated", "not recorded", "prefer not to say",
    ),
}  # fmt: skip
_GROUPS: Final = {word: group for group, words in GROUP_WORDS.items() for word in words}
_ACTIVE: Final = ("=", "+", "-", "@")
_TAG: Final = re.compile(r"<\s*[a-z/!?]", re.IGNORECASE)


def whole(text: str) -> int | None:
    """A whole number that is not negative: ``1,234``, ``1 234`` and ``12.0`` are; ``12.5`` is none."""
    match = _WHOLE.fullmatch(text.strip())
    digits = re.sub(r"[, ]", "", match[1]) if match else ""
    return int(digits) if digits and len(digits) <= _MOST_DIGITS else None


def number(text: str) -> float | None:
    """A number with a point for decimals; a dollar sign before it is left out."""
    written = text.strip().removeprefix("$").strip()
    return float(written.replace(",", "")) if _NUMBER.fullmatch(written) else None


def percents(text: str) -> tuple[float, ...]:
    """The percents a cell may mean: ``85%`` one; ``0.85`` two, for spreadsheets keep 85 % as 0.85."""
    match = _PERCENT.fullmatch(text.strip())
    if match is None:
        return ()
    value = float(match[1])
    return (value,) if "%" in text else (value, 100 * value)


def is_hidden(text: str) -> bool:
    """True for a mark that stands in place of a count that is not to be shown."""
    return bool(_HIDDEN.fullmatch(text.strip()))


def group_of(text: str) -> str:
    """A group's code; ``''`` where the words are none known here."""
    return _GROUPS.get(plain(text), "")


def is_all(text: str) -> bool:
    """True where a place's cell means the whole program."""
    return plain(text) in ALL_WORDS


def split_zips(text: str) -> list[str]:
    """The ZIP codes of a cell, in its order, each once."""
    return list(dict.fromkeys(part for part in _BETWEEN_ZIPS.split(text) if part))


def is_active(text: str) -> bool:
    """True for text that a spreadsheet program would run as a formula."""
    return text.strip().startswith(_ACTIVE)


def has_markup(text: str, angles: bool) -> bool:
    """True for text with a tag of a web page, or, where ``angles``, with any ``<`` or ``>``."""
    return bool(_TAG.search(text)) or (angles and ("<" in text or ">" in text))


def has_control(text: str) -> bool:
    """True for text with characters that cannot be seen and change how the rest is read.

    Line breaks and tabulators are only spaces.
    """
    escaped = re.search(r"_x00[01][0-9a-f]_", text, re.IGNORECASE)
    unseen = any(
        unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs") and sign not in "\n\r\t" for sign in text
    )
    return bool(escaped) or unseen
