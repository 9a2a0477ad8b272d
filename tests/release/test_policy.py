"""Policies at work: which there are, for whom, and that building, hiding and publishing obey them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from equity.access.visitor import PARTNER_POLICY
from equity.release.build import DEMONSTRATION, build_draft
from equity.release.build import _demonstration_vital as margins_of
from equity.release.disclose import disclose
from equity.release.figure import KEY_COLUMNS
from equity.release.load import Release, load_release
from equity.release.policy import PARTNER, PUBLIC, Policy, find_policy, require_for_everybody, shows_more
from equity.release.policy_file import MARGINS, PolicyError
from equity.release.publish import publish
from equity.release.readable import Rules
from equity.store import read
from equity.store.releases import current_release_id, list_releases
from equity.store.vital import vital_totals
from equity.views.about import release_facts
from equity.views.notes import why
from equity.words import say
from geo.boundaries import load_layers
from tests.release.cells import cells, rate
from tests.release.own_policy import write_own
from tests.shipped import run_equity

NO_ZEROS = replace(PUBLIC, name="own", zero_shown=False, hide_from=0)
SHOWN = ["shown", "unstable"]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own policy with more births below the line, named by the environment."""
    file = write_own(tmp_path, ("least_births = 0", "least_births = 500"))
    monkeypatch.setenv("EQUITY_POLICY_FILE", str(file))
    return file


def test_an_own_policy_is_known_by_its_name(own: Path) -> None:
    assert find_policy("own") == replace(PUBLIC, name="own", least_births=500)
    assert find_policy("public") is PUBLIC and find_policy("partner") is PARTNER
    with pytest.raises(PolicyError, match="no policy 'county': there are own, partner, public"):
        find_policy("county")


@pytest.mark.parametrize("name", ["public", "partner"])
def test_an_own_policy_does_not_pass_for_a_shipped_one(own: Path, name: str) -> None:
    own.write_text(own.read_text().replace('"own"', f'"{name}"'))
    with pytest.raises(PolicyError, match="like a policy that ships"):
        find_policy("public")


def test_everybody_sees_the_public_policy_or_one_that_shows_no_more(own: Path) -> None:
    assert PARTNER.name == PARTNER_POLICY
    require_for_everybody("public")
    require_for_everybody("own")
    with pytest.raises(
        PolicyError, match="partner, which is not for everybody: by its margins it shows more"
    ):
        require_for_everybody("partner")


@pytest.mark.parametrize(
    ("other", "rules"),
    [
        ({"widest": 200.0}, ("widest",)),
        ({"blocks": ((2010, 2015), (2016, 2023))}, ("blocks",)),
        ({"margins": (*PUBLIC.margins, "region/group/year")}, ("margins",)),
        ({"margins": PUBLIC.margins[:3], "hide_to": 19, "rate_floor": 20}, ()),
        ({"zero_shown": False, "hide_from": 0}, ()),
    ],
)
def test_what_shows_more_is_named(other: dict[str, object], rules: tuple[str, ...]) -> None:
    assert shows_more(replace(PUBLIC, **other), PUBLIC) == rules  # type: ignore[arg-type]


@pytest.mark.parametrize("policy", [PUBLIC, PARTNER, replace(PUBLIC, margins=(MARGINS[1],))])
def test_only_the_margins_of_the_policy_are_made(engine: Engine, policy: Policy) -> None:
    zips = vital_totals(engine, "zip", blocks=policy.blocks)
    made = margins_of(engine, zips, read.area_parts(engine), policy, "demo")
    assert not made.duplicated(list(KEY_COLUMNS)).any()
    period = pd.Series("block", made.index).mask(made["first_year"].eq(made["last_year"]), "year")
    groups = pd.Series("group", made.index).mask(made["group"].eq("all"), "all")
    found = set(made["area_kind"] + "/" + groups + "/" + period)
    wanted = {name.replace("large_", "") for name in policy.margins}
    assert found == wanted | {name.replace("/group/", "/all/") for name in wanted}
    by_year = made[period.eq("year") & groups.eq("group")]
    assert set(by_year["area"]) == {PUBLIC: {"stl"}, PARTNER: {"stl", "bootheel"}}.get(policy, set())


def test_a_rate_and_a_share_need_the_births_of_the_policy() -> None:
    rows = [
        rate(30, 499),
        rate(30, 500, area="29189"),
        {"measure": "preterm", "numerator": 40, "denominator": 90},
    ]
    table = disclose(
        cells(*rows, {"measure": "births", "value": 90, "numerator": 90}), replace(PUBLIC, least_births=500)
    )
    assert table["reason"].tolist()[:2] == ["few_births", ""]
    assert table["status"].tolist()[:2] == ["suppressed", "shown"]
    assert table["status"].iloc[3] == "shown"


def test_where_zeros_are_hidden_nothing_says_that_there_are_none() -> None:
    rows = [
        {"measure": "births", "value": 0, "numerator": 0},
        {"numerator": 0, "denominator": 0},
        {"measure": "coverage", "status": "not_applicable", "reason": "no_need"},
    ]
    assert disclose(cells(*rows), PUBLIC)["status"].tolist() == ["shown", "not_applicable", "not_applicable"]
    hidden = disclose(cells(*rows), NO_ZEROS)
    assert hidden["status"].tolist() == ["suppressed"] * 3
    assert hidden[["value", "numerator", "denominator"]].isna().all(axis=None)


def test_reasons_and_rules_are_told_in_the_thresholds_of_the_release(release: Release) -> None:
    rules = release.manifest["rules"] | {
        "hidden_counts": [0, 19], "deaths_for_a_rate": 30, "zero_shown": False, "births_for_a_rate": 500,
    }  # fmt: skip
    other = replace(release, manifest=release.manifest | {"rules": rules})
    hidden = next(
        figure for figure in other.series("infant_deaths", "zip", "63830") if figure.reason == "small_count"
    )
    assert "between 0 and 19" in why(other, hidden)
    assert "fewer than 30 deaths" in why(other, replace(hidden, reason="few_deaths"))
    assert "fewer than 500 births" in why(other, replace(hidden, reason="few_births"))
    told = release_facts(other)[say("about.fact.rules")]
    assert "needs 500 births" in told and "Zeros are hidden" in told
    assert "Zeros" not in release_facts(release)[say("about.fact.rules")]


def test_the_shipped_release_is_as_it_was_before_policies_were_files(release: Release) -> None:
    assert "margins" not in release.manifest and "births_for_a_rate" not in release.manifest["rules"]
    assert Rules.of(release.manifest) == Rules(1.0, 9.0, 9.0, 5, PUBLIC.blocks)


def test_partners_get_a_release_of_their_own_with_all_that_the_public_has(
    engine: Engine, home: Path, release: Release
) -> None:
    made = publish(engine, home, "partner")
    assert made.new and current_release_id(engine, "public") == release.id
    assert current_release_id(engine, "partner") == made.id
    assert {row.policy for row in list_releases(engine) if row.current} == {"public", "partner"}
    partner = load_release(engine, made.id)
    assert (partner.policy, partner.manifest["policy"]) == ("partner", "partner")
    assert partner.manifest["margins"] == list(PARTNER.margins)
    assert partner.manifest["rules"] == release.manifest["rules"]
    key = list(KEY_COLUMNS)
    both = partner.figures.astype(dict.fromkeys(key, str)).merge(
        release.figures.astype(dict.fromkeys(key, str)), on=key, how="outer", indicator=True,
        suffixes=("", "_public"),
    )  # fmt: skip
    assert not both["_merge"].eq("right_only").any()
    public_shows = both["status_public"].isin(SHOWN)
    assert (both.loc[public_shows, "value"] == both.loc[public_shows, "value_public"]).all()
    more = both[both["_merge"].eq("left_only")]
    assert set(more["area"]) == {"bootheel"} and (more["first_year"] == more["last_year"]).all()
    assert set(more["group"]) >= {"black", "white"} and more["status"].isin(SHOWN).sum() > 50
    listed = run_equity(home, "releases").stdout
    assert made.id in listed and "partner" in listed


def test_a_release_by_an_own_policy_obeys_it(engine: Engine, home: Path, release: Release) -> None:
    margins = ("zip/all/block", "zip_group/all/block", "county/group/block", "region/group/block")
    strict = replace(PUBLIC, name="own", rate_floor=20, least_births=1000, margins=margins)
    draft = build_draft(engine, load_layers(home), strict)
    assert draft.manifest["margins"] == list(margins)
    assert draft.manifest["rules"]["births_for_a_rate"] == 1000
    figures = draft.figures[draft.figures["basis"].eq(DEMONSTRATION) & draft.figures["status"].isin(SHOWN)]
    counts = figures[figures["measure"].isin(["births", "infant_deaths", "caseload"])]
    assert len(counts) > 500 and counts.loc[counts["value"].gt(0), "value"].min() > 9
    assert figures.loc[figures["measure"].eq("preterm"), "denominator"].min() >= 1000
    deaths = figures[figures["measure"].eq("infant_deaths")]
    assert (deaths["first_year"] < deaths["last_year"]).all()


@pytest.mark.parametrize(
    ("arguments", "settings", "told"),
    [
        (["--policy", "county"], {}, "There is no policy 'county': there are partner, public."),
        ([], {"EQUITY_POLICY": "county"}, "There is no policy 'county'"),
        (["--policy", "own"], {"EQUITY_POLICY_FILE": "nowhere.toml"}, "There is no file nowhere.toml"),
    ],
)
def test_the_command_line_says_what_is_wrong_with_a_policy(
    home: Path, arguments: list[str], settings: dict[str, str], told: str
) -> None:
    done = run_equity(home, "publish", *arguments, **settings)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert f"Could not do it: {told}" in done.stderr
