"""Rows as a workbook, and ways of spoiling what is inside one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from random import Random
from typing import Final

from xlsxwriter import Workbook

Rows = list[list[str]]
Parts = list[tuple[str, bytes]]
SpoilParts = Callable[[Parts, Random], Parts]

_PLAIN_NUMBER: Final = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?")
SHEET: Final = "xl/worksheets/sheet1.xml"
_DOCTYPE: Final = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    b'<!DOCTYPE x SYSTEM "http://x.invalid/x.dtd">',
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
)
_NAMES: Final = (
    "../../x.xml", "/etc/x.xml", "C:\\x.xml", "xl/../../../x", "xl/vbaProject.bin", "x" * 300,
    "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml", "\u202e.xml", "",
)  # fmt: skip
_SHEETS: Final = (
    "a/b", "[x]", "'quoted'", "a:b*?", "History", "x" * 60, "Findings", "", "&lt;b&gt;", "=1+1", "\u202ea",
    "..\\..\\x", "Report 2", "how to fill it in",
)  # fmt: skip
_REFERENCES: Final = (
    "A0",
    "A-1",
    "ZZZZ1",
    "XFD1",
    "A1048577",
    "A999999999999",
    "1A",
    "",
    "$A$1",
    "B1:C2",
    "AAA7",
)
_VALUES: Final = (
    "99999999",
    "-1",
    "1e308",
    "1e999",
    "NaN",
    "INF",
    "",
    "abc",
    "0x10",
    "１２",
    "=1+1",
    "1 2",
    "9" * 400,
)


def as_workbook(rows: Rows, numbers: bool = True, name: str = "Table", before: Rows | None = None) -> bytes:
    """Rows as the first sheet of a workbook; plain numbers as numbers where ``numbers``."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as book:
        sheet = book.add_worksheet(name)
        for at, row in enumerate([*(before or []), *rows]):
            for column, text in enumerate(row):
                if numbers and _PLAIN_NUMBER.fullmatch(text) and repr(float(text)) in (text, f"{text}.0"):
                    sheet.write_number(at, column, float(text))
                elif text:
                    sheet.write_string(at, column, text)
    return buffer.getvalue()


def parts_of(content: bytes) -> Parts:
    """The members of an archive, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def packed(parts: Parts, stored: bool = False) -> bytes:
    """Members as an archive; the same name may stand in it twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts:
            # a duplicate name is the point of some cases: writing it by hand keeps zipfile from warning
            archive.NameToInfo.pop(name, None)
            archive.writestr(name or "_", part)
    return buffer.getvalue()


def exchange(parts: Parts, chance: Random) -> Parts:
    """The contents of two members exchanged."""
    one, other = (chance.randrange(len(parts)) for _ in range(2))
    made = list(parts)
    made[one], made[other] = (parts[one][0], parts[other][1]), (parts[other][0], parts[one][1])
    return made


def double(parts: Parts, chance: Random) -> Parts:
    """A member that stands twice, the second with another's content."""
    return [*parts, (chance.choice(parts)[0], chance.choice(parts)[1])]


def remove(parts: Parts, chance: Random) -> Parts:
    """A member gone."""
    gone = chance.randrange(len(parts))
    return [part for at, part in enumerate(parts) if at != gone]


def rename(parts: Parts, chance: Random) -> Parts:
    """A member, or one more, under a name that leads elsewhere."""
    at, name = chance.randrange(len(parts)), chance.choice(_NAMES)
    if chance.random() < 0.5:
        return [*parts, (name, parts[at][1])]
    return [*parts[:at], (name, parts[at][1]), *parts[at + 1 :]]


def doctype(parts: Parts, chance: Random) -> Parts:
    """A document type with entities, inner or of a file, and their use in the text."""
    at = _xml(parts, chance)
    kind = chance.choice(_DOCTYPE)
    text = re.sub(rb"(<\?xml[^>]*\?>)", lambda head: head[1] + kind, parts[at][1], count=1)
    if chance.random() < 0.5:
        text = re.sub(rb"<t([^>]*)>", rb"<t\1>&a;", text, count=3)
    return _with(parts, at, text)


def values(parts: Parts, chance: Random) -> Parts:
    """Values that are no index of a text, no number, or beyond all measure."""
    return _changed(parts, chance, rb"<v>[^<]*</v>", lambda: f"<v>{chance.choice(_VALUES)}</v>")


def references(parts: Parts, chance: Random) -> Parts:
    """Cells that say they stand somewhere else, or nowhere."""
    return _changed(parts, chance, rb'(?<=<c )r="[^"]*"', lambda: f'r="{chance.choice(_REFERENCES)}"')


def row_numbers(parts: Parts, chance: Random) -> Parts:
    """Rows that say they are others, far down, before the first, or no number."""
    wrong = ("0", "-3", "1", "7", "99999", "1048576", "9" * 15, "x", "", "1.5")
    return _changed(parts, chance, rb'(?<=<row )r="[^"]*"', lambda: f'r="{chance.choice(wrong)}"')


def dimension(parts: Parts, chance: Random) -> Parts:
    """A size of the sheet that is not its own."""
    wrong = ("A1:XFD1048576", "A1", "B2:A1", "A1:ZZZZZ9999999999", "", "A1:A1,B2", "x")
    return _changed(parts, chance, rb'(?<=<dimension )ref="[^"]*"', lambda: f'ref="{chance.choice(wrong)}"')


def kinds(parts: Parts, chance: Random) -> Parts:
    """Cells of another kind than their value: text, truth, fault, date, inline."""
    wrong = ("s", "str", "b", "e", "n", "d", "inlineStr", "x", "")
    return _changed(parts, chance, rb'(?<= )t="s"', lambda: f't="{chance.choice(wrong)}"')


def styles(parts: Parts, chance: Random) -> Parts:
    """Cells in styles that are not there, or that make dates of numbers."""

    def styled(cell: re.Match[bytes]) -> bytes:
        return cell[0] + b' s="%d"' % chance.choice((0, 1, 99, 10**9))

    most = chance.choice((1, 5, 500))
    text = re.sub(rb'<c r="[B-D][0-9]+"', styled, _part(parts, SHEET), count=most)
    return _with(parts, _at(parts, SHEET), text)


def formulas(parts: Parts, chance: Random) -> Parts:
    """Cells that hold a formula, with or without the value it last gave."""
    what = chance.choice(("1+1", "cmd|'/C calc'!A0", 'HYPERLINK("http://x.invalid")', "[1]Sheet1!A1",
                          'WEBSERVICE("http://x.invalid")'))  # fmt: skip
    keep = chance.random() < 0.5
    formula = f"<f>{what}</f>" + ("<v>7</v>" if keep else "")
    return _changed(parts, chance, rb"<v>([^<]*)</v>", lambda: formula)


def links(parts: Parts, chance: Random) -> Parts:
    """Links to other workbooks, pages and pictures, and a query that asks a server."""
    target = chance.choice(
        ("http://x.invalid/a", "file:///etc/passwd", "\\\\server\\share\\a.xlsx", "../../a.xlsx")
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = chance.choice(
        ("externalLinkPath", "hyperlink", "image", "oleObject", "attachedTemplate", "connections")
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = (
        f'<?xml version="1.0"?><Relationships xmlns="{package}"><Relationship Id="rId9" '
        f'Type="{office}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )
    link = f'<hyperlinks><hyperlink ref="A1" r:id="rId9" xmlns:r="{office}"/></hyperlinks></worksheet>'
    text = _part(parts, SHEET).replace(b"</worksheet>", link.encode())
    return [
        *_with(parts, _at(parts, SHEET), text),
        ("xl/worksheets/_rels/sheet1.xml.rels", rels.encode()),
        ("xl/externalLinks/externalLink1.xml", b'<externalLink><externalBook r:id="rId9"/></externalLink>'),
        ("xl/externalLinks/_rels/externalLink1.xml.rels", rels.encode()),
        (
            "xl/connections.xml",
            f'<connections><connection id="1" connection="{target}"/></connections>'.encode(),
        ),
    ]


def sheet_name(parts: Parts, chance: Random) -> Parts:
    """A sheet under a name that programs do not allow, or that means something."""
    name = chance.choice(_SHEETS).replace('"', "&quot;")
    at = _at(parts, "xl/workbook.xml")
    new = f'name="{name}"'.encode()
    return _with(parts, at, re.sub(rb'(?<=<sheet )name="[^"]*"', lambda _: new, parts[at][1], count=1))


def large(parts: Parts, chance: Random) -> Parts:
    """A member of a few megabytes of nothing, or of rows without end."""
    at, size = _xml(parts, chance), chance.choice((10_000, 200_000, 3_000_000))
    if chance.random() < 0.5:
        return _with(parts, at, parts[at][1] + b" " * size)
    text = _part(parts, SHEET).replace(b"</sheetData>", b"<row/>" * (size // 6) + b"</sheetData>")
    return _with(parts, _at(parts, SHEET), text)


def flip(parts: Parts, chance: Random) -> Parts:
    """A few bytes of a member changed."""
    at = chance.randrange(len(parts))
    made = bytearray(parts[at][1] or b"x")
    for _ in range(chance.choice((1, 4))):
        made[chance.randrange(len(made))] = chance.choice((0, 60, 62, 38, 34, 255, chance.randrange(256)))
    return _with(parts, at, bytes(made))


SPOILS: Final[tuple[SpoilParts, ...]] = (
    exchange, double, remove, rename, doctype, values, references, row_numbers, dimension, kinds, styles,
    formulas, links, sheet_name, large, flip,
)  # fmt: skip


def _at(parts: Parts, name: str) -> int:
    return next((at for at, (own, _) in enumerate(parts) if own == name), 0)


def _part(parts: Parts, name: str) -> bytes:
    return parts[_at(parts, name)][1]


def _xml(parts: Parts, chance: Random) -> int:
    return chance.choice([at for at, (name, _) in enumerate(parts) if name.endswith(".xml")] or [0])


def _with(parts: Parts, at: int, content: bytes) -> Parts:
    return [*parts[:at], (parts[at][0], content), *parts[at + 1 :]]


def _changed(parts: Parts, chance: Random, pattern: bytes, new: Callable[[], str]) -> Parts:
    """Some of what fits a pattern in the first sheet changed, a few places or all."""
    share = chance.choice((0.02, 0.2, 1.0))
    text = re.sub(
        pattern, lambda old: new().encode() if chance.random() < share else old[0], _part(parts, SHEET)
    )
    return _with(parts, _at(parts, SHEET), text)
