"""Writing a policy of one's own, for tests."""

from __future__ import annotations

from pathlib import Path

PUBLIC_TEXT = (
    Path(__file__).resolve().parents[2] / "equity" / "release" / "policies" / "public.toml"
).read_text(encoding="utf-8")


def write_own(folder: Path, *changes: tuple[str, str]) -> Path:
    """The public policy under the name ``own``, with texts replaced one after the other."""
    text = PUBLIC_TEXT
    for old, new in (('name = "public"', 'name = "own"'), *changes):
        assert old in text, old
        text = text.replace(old, new)
    file = folder / "own.toml"
    file.write_text(text, encoding="utf-8")
    return file
