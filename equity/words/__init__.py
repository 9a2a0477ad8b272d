"""The message catalogue: every word a person reads that is not a measure's own.

One TOML file a topic in ``en/``; a message is named ``topic.key``. A second language is a second folder.
Where words hang on a number, a place of the message holds both: ``{errors} {errors:error|errors}``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final


class _WithPlurals(Formatter):
    """Puts values in their places; ``{count:one word|more words}`` chooses by whether ``count`` is 1."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, choice, more = format_spec.partition("|")
        if not choice:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else more


_PLURALS: Final = _WithPlurals()


@cache
def _catalogue(language: str = "en") -> dict[str, str]:
    messages: dict[str, str] = {}
    for file in sorted((Path(__file__).parent / language).glob("*.toml")):
        _flatten(tomllib.loads(file.read_text(encoding="utf-8")), file.stem, messages)
    return messages


def _flatten(node: dict[str, Any], prefix: str, into: dict[str, str]) -> None:
    for key, value in node.items():
        name = f"{prefix}.{key}"
        if isinstance(value, dict):
            _flatten(value, name, into)
        else:
            into[name] = str(value)


def say(key: str, /, **values: object) -> str:
    """The message ``key`` with ``values`` put in its places; an unknown key is an error (``KeyError``)."""
    message = _catalogue()[key]
    if not values:
        return message
    # the plain way is ten times as fast, and tables say thousands of messages
    return _PLURALS.format(message, **values) if "|" in message else message.format(**values)


def knows(key: str) -> bool:
    """True where the catalogue has the message."""
    return key in _catalogue()


def topic(prefix: str) -> dict[str, str]:
    """All messages under ``prefix`` (such as ``glossary``), by the rest of their name, in file order."""
    start = f"{prefix}."
    return {key.removeprefix(start): text for key, text in _catalogue().items() if key.startswith(start)}
