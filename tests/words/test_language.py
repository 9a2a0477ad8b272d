"""The catalogue in its languages: complete, with the same places to fill in, spoken where it was asked."""

from __future__ import annotations

import string
import threading

import pytest

from equity.registry import WORDS, measure_texts, measures
from equity.words import DEFAULT, LANGUAGES, catalogue, language, say, speak, speaking

OTHERS = [code for code in LANGUAGES if code != DEFAULT]


def places(message: str) -> set[str]:
    """The names of the places that values are put into."""
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def texts(code: str) -> dict[str, str]:
    """Everything that is read in a language: messages, and the words of measures."""
    words = {
        f"measure.{name}.{key}": str(entry[key])
        for name, entry in measure_texts(code).items()
        for key in WORDS
        if key in entry
    }
    return catalogue(code) | words


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_said_in_every_language(code: str) -> None:
    first, other = texts(DEFAULT), texts(code)
    assert sorted(set(first) - set(other)) == [], "without a translation"
    # titles of targets are data, worded in English where they are kept
    added = {key for key in set(other) - set(first) if not key.startswith("target.title.")}
    assert sorted(added) == [], "translations of nothing"
    differ = {key for key, text in first.items() if places(text) != places(other[key])}
    assert sorted(differ) == [], "other places to fill in"


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_left_in_english(code: str) -> None:
    first, other = texts(DEFAULT), texts(code)
    # names, codes and single words may be the same; a sentence is not
    same = {key for key, text in first.items() if other.get(key) == text and len(text.split()) > 3}
    own = {key for key in same if not key.endswith((".defined_by", ".interval"))}
    assert sorted(own) == []


def test_a_language_is_spoken_inside_its_block_only() -> None:
    for code in LANGUAGES:
        with speaking(code):
            assert language() == code
            assert say("ui.site.title") == catalogue(code)["ui.site.title"]
            assert measures()["births"].name == measure_texts(code)["births"]["name"]
        assert language() == DEFAULT


def test_a_block_that_fails_leaves_no_language_behind() -> None:
    with pytest.raises(RuntimeError), speaking(list(LANGUAGES)[-1]):
        raise RuntimeError
    assert language() == DEFAULT


def test_another_thread_speaks_for_itself() -> None:
    heard: list[str] = []
    with speaking(list(LANGUAGES)[-1]):
        thread = threading.Thread(target=lambda: heard.append(language()))
        thread.start()
        thread.join()
    assert heard == [DEFAULT]


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        speak("xx")
    assert language() == DEFAULT


def test_rules_that_hang_on_a_word_name_its_language() -> None:
    for code in LANGUAGES:
        with speaking(code):
            assert measures(DEFAULT)["births"].name == "Births"
            assert {key: entry.floor for key, entry in measures().items()} == {
                key: entry.floor for key, entry in measures(DEFAULT).items()
            }
