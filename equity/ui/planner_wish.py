"""The wish of the Planner: widgets that keep in step with its one code in the address."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from equity.registry import measure
from equity.release.load import Release
from equity.release.places_served import NEEDS
from equity.release.scenario import (
    GOALS,
    MOST_DOLLARS,
    MOST_SLOTS,
    BadScenarioError,
    Scenario,
    check_scenario,
    model_codes,
    read_scenario,
)
from equity.ui.canvas import on_phone
from equity.ui.selection import written
from equity.ui.session import current_release
from equity.views.format import inside
from equity.views.plan_words import NAME_LENGTH, clean_name
from equity.views.selecting import ALL_REGIONS, REGIONS, region_names
from equity.words import say

PLAN: Final = "plan"
NAME: Final = "name"
_SEEN: Final = "seen:plan"
_SEEN_NAME: Final = "seen:plan-name"
UNITS: Final = ("slots", "dollars")
#: What a sum of dollars starts from, and the shares of slots that may move.
DOLLARS: Final = 300_000
MOVABLE: Final = (0, 10, 25, 50, 100)


def asked(release: Release, code: str) -> tuple[Scenario, str]:
    """The wish that a code stands for; the plainest wish, and what was wrong, where it cannot be used."""
    if not code:
        return Scenario(), ""
    try:
        scenario = read_scenario(code)
        check_scenario(scenario, release)
    except BadScenarioError as bad:
        return Scenario(), f"{say(f'plan.bad.{bad.part}')} {say('plan.bad.shown')}"
    return scenario, ""


def begin(release: Release) -> tuple[Scenario, str, str]:
    """Bring the widgets in step with the address: the wish, what is wrong with it, and the plan's name."""
    code = str(st.query_params.get(PLAN, "")).strip()
    scenario, problem = asked(release, code)
    _fill(scenario, renew=st.session_state.get(_SEEN) != code)
    st.session_state[_SEEN] = code
    given = str(st.query_params.get(NAME, ""))
    name, cut = clean_name(given)
    if st.session_state.get(_SEEN_NAME) != given or _key(NAME) not in st.session_state:
        st.session_state[_key(NAME)] = name
    st.session_state[_SEEN_NAME] = given
    if cut:
        problem = " ".join([problem, say("plan.share.too_long", most=NAME_LENGTH)]).strip()
    return scenario, problem, name


def controls(release: Release, scenario: Scenario) -> None:
    """Draw the widgets: how much, what first and where; then who counts, which programs, which limits."""
    with st.container(horizontal=not on_phone()):
        _choice("unit", "plan.pick_budget", UNITS, {u: say(f"plan.unit.{u}") for u in UNITS})
        if st.session_state[_key("unit")] == "dollars":
            _number("dollars", say("plan.pick_dollars"), MOST_DOLLARS, 10_000)
        else:
            _number("slots", say("plan.pick_slots"), MOST_SLOTS, 10)
        _choice("goal", "plan.pick_goal", GOALS, {goal: say(f"plan.goal.{goal}") for goal in GOALS})
        regions = region_names(both_first=True)
        _choice("region", "map.pick_region", tuple(regions), regions)
    plainest = Scenario(slots=scenario.slots, dollars=scenario.dollars, goal=scenario.goal)
    opened = scenario not in (plainest, Scenario(**{**_parts(plainest), "region": scenario.region}))
    with st.expander(say("plan.more_choices"), icon=":material/tune:", expanded=opened):
        _more(release, scenario)


def _more(release: Release, scenario: Scenario) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        _choice("need", "coverage.pick_need", NEEDS, {code: measure(code).name for code in NEEDS})
        _several("counties", say("plan.all_counties"), county_names(release, scenario.region))
        _several("models", say("plan.all_models"), model_codes(release))
        _switch("extend", help=say("plan.extend_help"))
    with right:
        _choice(
            "movable",
            "plan.pick_movable",
            tuple(sorted({*MOVABLE, scenario.movable})),
            {share: f"{share} %" for share in {*MOVABLE, scenario.movable}},
            help=say("plan.movable_help"),
        )
        _switch("floor")
        _switch("black", help=say("plan.black_help"))
        if scenario.region == ALL_REGIONS and not scenario.counties:
            for region in REGIONS:
                place = inside(release.area_name("region", region))
                _number(f"share-{region}", say("plan.pick_share", region=place), 100, 5)
        _number("cap", say("plan.pick_cap"), MOST_SLOTS, 5)


def name_box() -> None:
    """Where a reader names the plan."""
    st.text_input(say("plan.pick_name"), key=_key(NAME), max_chars=NAME_LENGTH, on_change=_named)


def county_names(release: Release, region: str) -> dict[str, str]:
    """Counties of a region, or of all, by code."""
    areas = release.areas
    rows = areas[areas["kind"].eq("county")].sort_values("name")
    if region != ALL_REGIONS:
        rows = rows[rows["region"].eq(region)]
    return dict(rows[["geoid", "name"]].itertuples(index=False))


def _key(part: str) -> str:
    return f"planner:{part}"


def _parts(scenario: Scenario) -> dict[str, Any]:
    return {name: getattr(scenario, name) for name in scenario.__dataclass_fields__}


def _fill(scenario: Scenario, renew: bool) -> None:
    """Give every widget its value from the wish, where the address is new or the widget has none."""
    shares = dict(scenario.shares)
    values: dict[str, Any] = {
        "unit": UNITS[0] if scenario.dollars is None else UNITS[1],
        "slots": 100 if scenario.slots is None else scenario.slots,
        "dollars": DOLLARS if scenario.dollars is None else scenario.dollars,
        "goal": scenario.goal,
        "region": scenario.region,
        "need": scenario.need,
        "counties": list(scenario.counties),
        "models": list(scenario.models),
        "extend": scenario.extend,
        "movable": scenario.movable,
        "floor": scenario.floor,
        "black": scenario.black,
        "cap": scenario.agency_cap or 0,
        **{f"share-{region}": shares.get(region, 0) for region in REGIONS},
    }
    for part, value in values.items():
        if renew or _key(part) not in st.session_state:
            st.session_state[_key(part)] = value


def _wished() -> Scenario:
    """The wish that the widgets stand for now."""

    def said(part: str) -> Any:
        return st.session_state[_key(part)]

    inside_region = county_names(current_release(), said("region"))
    counties = tuple(code for code in said("counties") if code in inside_region)
    shares = [(region, int(said(f"share-{region}"))) for region in REGIONS]
    wide = said("region") == ALL_REGIONS and not counties
    return Scenario(
        slots=int(said("slots")) if said("unit") == "slots" else None,
        dollars=int(said("dollars")) if said("unit") == "dollars" else None,
        goal=said("goal"),
        need=said("need"),
        region=said("region"),
        counties=counties,
        models=tuple(said("models")),
        extend=said("extend"),
        movable=int(said("movable")),
        floor=said("floor"),
        shares=tuple(pair for pair in shares if wide and pair[1]),
        agency_cap=int(said("cap")) or None,
        black=said("black"),
    )


def _changed() -> None:
    """Write the wish into the address; the widgets that follow from it are filled anew."""
    scenario = _wished()
    st.query_params.from_dict(written(st.query_params, PLAN, scenario.code))
    st.session_state[_SEEN] = scenario.code
    _fill(scenario, renew=False)
    st.session_state[_key("counties")] = list(scenario.counties)


def _named() -> None:
    name, _ = clean_name(st.session_state[_key(NAME)])
    st.query_params.from_dict(written(st.query_params, NAME, name))
    st.session_state[_SEEN_NAME] = name


def _choice(
    part: str, label: str, options: tuple[Any, ...], labels: dict[Any, str], help: str | None = None
) -> None:
    st.selectbox(
        say(label), options, format_func=labels.__getitem__, key=_key(part), on_change=_changed, help=help
    )


def _several(part: str, none: str, labels: dict[str, str]) -> None:
    st.multiselect(
        say(f"plan.pick_{part}"),
        list(labels),
        format_func=labels.__getitem__,
        key=_key(part),
        on_change=_changed,
        placeholder=none,
    )


def _number(part: str, label: str, most: int, step: int) -> None:
    st.number_input(label, 0, most, step=step, key=_key(part), on_change=_changed)


def _switch(part: str, help: str | None = None) -> None:
    st.checkbox(say(f"plan.pick_{part}"), key=_key(part), on_change=_changed, help=help)
