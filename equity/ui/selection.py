"""What a reader has chosen, as codes in the address: read, checked, written.

The address is the only home of a choice, so that a link, a reload and the Back button show the same
page. Labels never enter it, and a code that the release does not have is reported, never replaced in
silence. This module knows no Streamlit; ``choose`` binds it to widgets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from equity.words import DEFAULT, language, say

#: What a code may be made of; anything else in an address is not shown back to the reader.
CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A code that was asked for and is not on offer: under ``key``, with what is shown instead."""

    key: str
    code: str
    shown: str

    def sentence(self, noun: str, label: str) -> str:
        """Tell the reader, naming the thing (``noun``) and the label of what is shown instead."""
        if CODE.fullmatch(self.code):
            return say("ui.choice.unknown", noun=noun, code=self.code, shown=label)
        return say("ui.choice.unreadable", noun=noun, shown=label)


def resolve(
    key: str, asked: str, options: Sequence[str], default: str | None = None
) -> tuple[str, Unknown | None]:
    """The offered code for what was ``asked``, and a report where it is not on offer.

    ``default`` (else the first option) stands in where nothing, or something unknown, was asked for.
    No options at all is an error of the caller (``ValueError``).
    """
    if not options:
        raise ValueError(f"The choice “{key}” has no options.")
    if asked in options:
        return asked, None
    shown = default if default is not None and default in options else options[0]
    return shown, Unknown(key, asked, shown) if asked else None


def follow(
    query: Mapping[str, str],
    state: MutableMapping[Any, Any],
    key: str,
    options: Sequence[str],
    default: str | None = None,
) -> tuple[str, Unknown | None]:
    """Bring the widget's value in ``state`` in step with the address before the widget is drawn.

    The address wins when it says something new since the last run (a link, Back, a reload) or when the
    widget has nothing valid to say. Returns the code to show and a report of an unknown one.
    """
    asked = str(query.get(key, "")).strip()
    code, unknown = resolve(key, asked, options, default)
    moved = state.get(seen_name(key)) != asked
    if moved or state.get(widget_name(key)) not in options:
        state[widget_name(key)] = code
    state[seen_name(key)] = asked
    return state[widget_name(key)], unknown


def written(query: Mapping[str, str], key: str, code: str, clears: Sequence[str] = ()) -> dict[str, str]:
    """The address after a choice, without the keys that depend on it (``clears``).

    An empty code, "nothing chosen", leaves the address. It is set in one go, so that Back never stops
    halfway.
    """
    kept = {name: value for name, value in query.items() if name != key and name not in clears}
    return {**kept, key: code} if code else kept


def widget_name(key: str) -> str:
    """The name of the widget's value in the session.

    A browser keeps the label that a widget showed: in another language it is another widget.
    """
    return f"choose:{key}" if language() == DEFAULT else f"choose:{key}:{language()}"


def seen_name(key: str) -> str:
    """The name under which the session remembers what the address last said."""
    return f"seen:{key}"
