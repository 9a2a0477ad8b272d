"""The message catalogue: every word a person reads that is not a measure's own.

One TOML file a topic in a folder a language; a message is named ``topic.key``. The language is that of the
run of a page or of the making of a file, and English where nobody asked for another. Where words hang on a
number, a place of the message holds both: ``{errors} {errors:error|errors}``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

#: Languages by code, each by its own name. The first one has every message.
LANGUAGES: Final = {"en": "English", "es": "Español"}
DEFAULT: Final = "en"
_spoken: ContextVar[str] = ContextVar("language", default=DEFAULT)


class _WithPlurals(Formatter):
    """Puts values in their places; ``{count:one word|more words}`` chooses by whether ``count`` is 1."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, choice, more = format_spec.partition("|")
        if not choice:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else more


_PLURALS: Final = _WithPlurals()


def language() -> str:
    """The code of the language that is spoken now."""
    return _spoken.get()


def speak(code: str) -> None:
    """Speak a language from here on in this thread of work; an unknown one is an error (``KeyError``)."""
    _spoken.set(code if LANGUAGES[code] else DEFAULT)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language inside the block; an unknown one is an error (``KeyError``)."""
    before = language()
    speak(code)
    try:
        yield
    finally:
        speak(before)


@cache
def catalogue(code: str) -> dict[str, str]:
    """Every message of a language by its name, as it stands in the files."""
    messages: dict[str, str] = {}
    for file in sorted((Path(__file__).parent / code).glob("*.toml")):
        _flatten(tomllib.loads(file.read_text(encoding="utf-8")), file.stem, messages)
    return messages


def _flatten(node: dict[str, Any], prefix: str, into: dict[str, str]) -> None:
    for key, value in node.items():
        name = f"{prefix}.{key}"
        if isinstance(value, dict):
            _flatten(value, name, into)
        else:
            into[name] = str(value)


@cache
def _messages(code: str) -> dict[str, str]:
    """A language's messages in the order of English; a message that it lacks is said in English."""
    return catalogue(DEFAULT) | catalogue(code)


def say(key: str, /, **values: object) -> str:
    """The message ``key`` with ``values`` put in its places; an unknown key is an error (``KeyError``)."""
    message = _messages(language())[key]
    if not values:
        return message
    # the plain way is ten times as fast, and tables say thousands of messages
    return _PLURALS.format(message, **values) if "|" in message else message.format(**values)


def knows(key: str) -> bool:
    """True where the catalogue has the message."""
    return key in _messages(language())


def topic(prefix: str) -> dict[str, str]:
    """All messages under ``prefix`` (such as ``glossary``), by the rest of their name, in file order."""
    start = f"{prefix}."
    found = _messages(language()).items()
    return {key.removeprefix(start): text for key, text in found if key.startswith(start)}
