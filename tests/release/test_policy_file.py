"""Policy files: the shipped ones are whole, and a wrong one is refused with its line and what to do."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equity.release.policy import PARTNER, PUBLIC, Policy, read_policy, shows_more
from equity.release.policy_file import LARGEST, MARGINS, PolicyError, read_rules
from equity.store.vital import BLOCKS
from tests.release.own_policy import PUBLIC_TEXT, write_own

FOLDER = Path(__file__).resolve().parents[2] / "equity" / "release" / "policies"


def line_of(file: Path, start: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


def test_the_public_policy_is_the_one_that_was_always_published() -> None:
    always = Policy(
        "public", 1, 9, 10, 160.0, 20, True, 5, 0, BLOCKS,
        ("zip/all/block", "zip_group/group/block", "county/group/block", "county/all/year",
         "region/group/block", "region/all/year", "large_region/group/year"),
    )  # fmt: skip
    assert always == PUBLIC


def test_shipped_files_are_named_as_their_policies_and_have_every_key() -> None:
    for file in FOLDER.glob("*.toml"):
        assert read_policy(file).name == file.stem
        assert set(tomllib.loads(file.read_text(encoding="utf-8"))) == set(Policy.__dataclass_fields__)


def test_partners_see_margins_more_and_no_hidden_count_more() -> None:
    assert shows_more(PARTNER, PUBLIC) == ("margins",)
    assert shows_more(PUBLIC, PARTNER) == ()
    assert (PARTNER.hide_from, PARTNER.hide_to, PARTNER.room) == (1, 9, 5)


B = "[[2010, 2016], [2017, 2023]]"
FAULTS = [
    # old and new line, where the fault is told, and what
    ("hide_to = 9", "hide_too = 9", "hide_too", "unknown key 'hide_too', did you mean hide_to?"),
    ("hide_to = 9", "hide_to = 9\nrounding = 5", "rounding", "unknown key 'rounding', "),
    ("hide_to = 9", 'hide_to = "9"', "hide_to", "hide_to must be a whole number"),
    ("hide_to = 9", "hide_to = true", "hide_to", "hide_to must be a whole number"),
    ("hide_to = 9", "hide_to = 9.5", "hide_to", "hide_to must be a whole number"),
    ("zero_shown = true", "zero_shown = 1", "zero_shown", "zero_shown must be true or false"),
    ("zero_shown = true", "[zero_shown]", "[zero_shown]", "zero_shown must be true or false"),
    ("hide_to = 9", "hide_to = 4", "hide_to", "hide_to must be 9 or more"),
    ("hide_from = 1", "hide_from = 2", "hide_from", "hide_from must be 1 where zero_shown is true"),
    ("hide_from = 1", "hide_from = 0", "hide_from", "hide_from must be 1 where zero_shown is true"),
    ("room = 5", "room = 4", "room", "room must be 5 or more"),
    ("room = 5", "room = 10", "room", "room must be at most 9"),
    ("rate_floor = 10", "rate_floor = 9", "rate_floor", "rate_floor must be above hide_to (9)"),
    ("steady = 20", "steady = 9", "steady", "steady must not be below rate_floor (10)"),
    ("widest = 160.0", "widest = nan", "widest", "widest must be above 0"),
    ("widest = 160.0", "widest = inf", "widest", "widest must be above 0"),
    ("hide_to = 9", f"hide_to = 0x{'f' * 9000}", "hide_to", "hide_to must be a whole number"),
    (B, f"[[2010, 0x{'f' * 9000}]]", "blocks", "blocks must be a list of"),
    ("widest = 160.0", f"widest = 0x{'f' * 9000}", "widest", "widest must be above 0"),
    ("widest = 160.0", "widest = -1", "widest", "widest must be above 0"),
    ("least_births = 0", "least_births = -1", "least_births", "least_births must be 0 or more"),
    ('name = "own"', 'name = "../public"', "name", "name must be at most 32 of a-z"),
    (B, "[]", "blocks", "at least one block"),
    (B, "[2010, 2016]", "blocks", "blocks must be a list of"),
    (B, "[[2010, 2017], [2017, 2023]]", "blocks", "must begin after [2010, 2017] ends"),
    (B, "[[2017, 2023], [2010, 2016]]", "blocks", "must begin after [2017, 2023] ends"),
    (B, "[[2016, 2010]]", "blocks", "the first before the last"),
    (B, "[[2010, 2010]]", "blocks", "the first before the last"),
    (B, "[[2010, 2016, 2017]]", "blocks", "blocks must be a list of"),
]


@pytest.mark.parametrize(("old", "new", "key", "told"), FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, key: str, told: str) -> None:
    file = write_own(tmp_path, (old, new))
    with pytest.raises(PolicyError) as refused:
        read_policy(file)
    assert str(refused.value).startswith(f"{file} is no policy: ")
    assert f"line {line_of(file, key)}: " in str(refused.value) and told in str(refused.value)


MARGIN_FAULTS = [
    (('"region/all/year"', '"region/al/year"'), "'region/al/year', did you mean region/all/year?"),
    (('"region/all/year"', '"county/all/year"'), "county/all/year is listed twice"),
    (('    "zip/all/block",\n', ""), "zip/all/block is lacking: need"),
    (('    "zip_group/group/block",\n', ""), "zip_group/all/block is lacking"),
    (('    "region/group/block",\n', ""), "region/group/block is lacking"),
    (('    "region/all/year",\n', ""), "county/all/year shows parts by year whose whole is not"),
    (('"county/all/year"', '"zip_group/all/block"'), "zip_group/all/block contradicts zip_group/group/block"),
    (('"county/all/year"', '"region/group/year"'), "region/all/year contradicts region/group/year"),
]


@pytest.mark.parametrize(("change", "told"), MARGIN_FAULTS)
def test_margins_that_contradict_are_told(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    file = write_own(tmp_path, change)
    with pytest.raises(PolicyError) as refused:
        read_policy(file)
    assert told in str(refused.value)
    assert f"line {line_of(file, 'margins')}: " in str(refused.value)


def test_every_margin_is_in_some_good_policy(tmp_path: Path) -> None:
    stricter = write_own(
        tmp_path,
        ('    "county/all/year",\n', ""),
        ('    "region/all/year",\n', ""),
        ('    "large_region/group/year",\n', ""),
        ("zip_group/group/block", "zip_group/all/block"),
    )
    own = read_policy(stricter)
    assert shows_more(own, PUBLIC) == ()
    assert {*own.margins, *PUBLIC.margins, *PARTNER.margins} == set(MARGINS)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    file = write_own(tmp_path, ("hide_to = 9", "hide_to = 3"), ("room = 5", "room = 1"))
    with pytest.raises(PolicyError, match=r"line 11: hide_to .*; line 15: room "):
        read_policy(file)


def test_a_key_that_is_lacking_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no policy: room is lacking, a whole number"):
        read_policy(write_own(tmp_path, ("room = 5\n", "")))


def test_files_that_cannot_be_read_are_a_sentence(tmp_path: Path) -> None:
    syntax = write_own(tmp_path, ("hide_to = 9", "hide_to 9"))
    with pytest.raises(PolicyError, match=r"is not TOML: .*line 11.*Write one `key = value` a line"):
        read_policy(syntax)
    twice = write_own(tmp_path, ("hide_to = 9", "hide_to = 9\nhide_to = 9"))
    with pytest.raises(PolicyError, match=r"is not TOML: .*line 12"):
        read_policy(twice)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(PUBLIC_TEXT.encode() + "# größer".encode("latin-1"))
    with pytest.raises(
        PolicyError, match=rf"line {PUBLIC_TEXT.count(chr(10)) + 1}, is not UTF-8: save the file as"
    ):
        read_policy(latin)
    large = tmp_path / "large.toml"
    large.write_text(PUBLIC_TEXT + "#" * LARGEST)
    with pytest.raises(PolicyError, match="is larger than 65,536 bytes"):
        read_policy(large)
    deep = tmp_path / "deep.toml"
    deep.write_text("blocks = " + "[" * 30_000)
    with pytest.raises(PolicyError, match="nested too deep"):
        read_policy(deep)
    with pytest.raises(PolicyError, match="is a folder"):
        read_policy(tmp_path)
    with pytest.raises(PolicyError, match="There is no file"):
        read_policy(tmp_path / "none.toml")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(PolicyError, match="There is no file"):
        read_policy(pipe)


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = write_own(tmp_path)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert read_policy(file).name == "own"


LINES = PUBLIC_TEXT.splitlines(keepends=True)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.text(max_size=30)), max_size=4),
    st.binary(max_size=20),
)
def test_whatever_is_in_a_file_it_is_a_safe_policy_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, str]], more: bytes
) -> None:
    lines = list(LINES)
    for at, text in changes:
        lines[at] = text + "\n"
    file = tmp_path_factory.mktemp("hostile") / "own.toml"
    file.write_bytes("".join(lines).encode("utf-8", "surrogatepass") + more)
    try:
        rules = read_rules(file)
    except PolicyError as refused:
        assert str(file) in str(refused)
        return
    assert rules["hide_to"] >= 9 and rules["room"] >= 5 and rules["rate_floor"] > rules["hide_to"]


NUMBERS = ("hide_from", "hide_to", "rate_floor", "steady", "room", "least_births")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-3, 30), min_size=6, max_size=6), st.booleans())
def test_no_thresholds_pass_that_show_what_publishers_hide(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int], zero_shown: bool
) -> None:
    given_rules = dict(zip(NUMBERS, numbers, strict=True))
    lines = [
        f"{key} = {given_rules[key]}\n" if (key := line.split(" ")[0]) in given_rules else line
        for line in LINES
    ]
    text = "".join(lines).replace("zero_shown = true", f"zero_shown = {str(zero_shown).lower()}")
    file = tmp_path_factory.mktemp("numbers") / "own.toml"
    file.write_text(text)
    try:
        own = read_policy(file)
    except PolicyError:
        return
    assert own.hide_from == (1 if own.zero_shown else 0) and own.hide_to >= 9
    assert 5 <= own.room <= own.hide_to - own.hide_from + 1
    assert own.hide_to < own.rate_floor <= own.steady
