"""The house: imports run one way, pages stay thin, files stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: What each room may import of the others. Leaves (words, registry, config) may be imported anywhere.
MAY_IMPORT = {
    "pages": {"ui", "views"},
    "ui": {"views", "release", "store", "intake", "steward", "access"},
    "steward": {"intake", "release", "store", "geo"},
    "views": {"release"},
    "release": {"measures", "store", "geo"},
    "intake": {"store"},
    "access": {"store"},
    "store": set(),
    "measures": set(),
    "demonstration": set(),
    "words": set(),
    "registry": set(),
    "geo": set(),
    "cli": {"views", "steward", "intake", "release", "store", "geo"},
    "api": {"views", "intake", "release", "store"},
}
LEAVES = {"words", "registry", "config"}
WITHOUT_LEAVES = {"measures", "store", "geo"}
LONGEST_FILE, LONGEST_PAGE, LONGEST_FUNCTION = 400, 100, 60


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _room(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] in ("pages", "geo"):
        return parts[0]
    return parts[1] if parts[0] == "equity" and len(parts) > 1 else None


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("file", list(_files("equity", "geo", "pages")), ids=_module)
def test_imports_run_one_way(file: Path) -> None:
    room = _room(_module(file))
    if room is None or room in ("config", "__main__", "__init__"):
        return
    allowed = MAY_IMPORT[room] | {room} | LEAVES
    reached = {target for name in _imports(file) if (target := _room(name)) is not None}
    assert reached <= allowed, f"{file.relative_to(ROOT)} imports {sorted(reached - allowed)}"


@pytest.mark.parametrize("file", list(_files("equity", "geo")), ids=_module)
def test_only_the_screen_knows_streamlit(file: Path) -> None:
    if _room(_module(file)) == "ui":
        return
    assert not [name for name in _imports(file) if name.split(".")[0] == "streamlit"]


@pytest.mark.parametrize("file", list(_files("equity", "geo", "pages")), ids=_module)
def test_files_and_functions_stay_small(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    longest = LONGEST_PAGE if file.parent.name == "pages" else LONGEST_FILE
    assert text.count("\n") <= longest
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1 - _docstring_length(node)
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def _docstring_length(node: ast.FunctionDef) -> int:
    first = node.body[0]
    if ast.get_docstring(node) is None:
        return 0
    return (first.end_lineno or first.lineno) - first.lineno + 1


def test_pages_hold_no_data_work() -> None:
    for file in _files("pages"):
        text = file.read_text(encoding="utf-8")
        for word in (".groupby(", ".merge(", "read_sql", "select(", "import pandas", "import numpy"):
            assert word not in text, f"{file.name} has {word}"
