"""What pages show, gathered once for each release and choice, and shared by all who look at it.

The keys are codes, the release id and the language, never tables; what is kept is frozen and must stay so.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from equity.release.planning import Drawing
from equity.release.scenario import read_scenario
from equity.ui.session import current_release
from equity.views import selecting
from equity.views.charts.coverage import CoverageCharts, coverage_charts
from equity.views.coverage import Asked, Coverage, build_coverage
from equity.views.overview import Overview, build_overview
from equity.views.place_map import PlaceMap, build_map
from equity.views.place_service import ServedPlace, served_place
from equity.views.plan import PlanView, build_plan
from equity.views.profile import Profile, build_profile
from equity.views.targets import TargetView, target_views
from equity.words import language, say

Period = tuple[int, int]
#: Maps and profiles kept in memory; the least used goes first.
KEPT: Final = 16


def overview() -> Overview:
    """The Overview of the current release."""
    return _overview(current_release().id, language())


def place_map(layer: str, level: str, region: str, period: Period) -> PlaceMap:
    """A map of the current release."""
    return _map(current_release().id, language(), layer, level, region, period)


def profile(place: tuple[str, str], period: Period) -> Profile:
    """The profile of a place (kind, code) in the current release."""
    return _profile(current_release().id, language(), place, period)


def place_codes() -> dict[str, tuple[str, str]]:
    """Codes of all places that can be opened, in the current release."""
    return _place_codes(current_release().id)


@st.cache_resource(max_entries=3, show_spinner=False)
def _place_codes(release_id: str) -> dict[str, tuple[str, str]]:
    return selecting.place_codes(current_release())


def periods(layer: str, level: str) -> dict[str, selecting.Periods]:
    """Periods of a layer by region, in the current release."""
    return _periods(current_release().id, layer, level)


@st.cache_resource(max_entries=4 * KEPT, show_spinner=False)
def _periods(release_id: str, layer: str, level: str) -> dict[str, selecting.Periods]:
    return selecting.periods_by_region(current_release(), layer, level)


def targets(region: str = selecting.ALL_REGIONS) -> list[TargetView]:
    """The targets of a region in the current release."""
    return _targets(current_release().id, language(), region)


def coverage(asked: Asked) -> Coverage:
    """Need and service of the places that a reader asks for, in the current release."""
    return _coverage(current_release().id, language(), asked)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _coverage(release_id: str, spoken: str, asked: Asked) -> Coverage:
    return build_coverage(current_release(), asked)


def charts_of(view: Coverage) -> CoverageCharts:
    """The charts of a view of the current release."""
    return _coverage_charts(view.release.id, language(), view.asked)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _coverage_charts(release_id: str, spoken: str, asked: Asked) -> CoverageCharts:
    return coverage_charts(_coverage(release_id, spoken, asked))


def served(view: Coverage, area: str) -> ServedPlace | None:
    """Who serves a place of a view of the current release."""
    return _served(view.release.id, language(), view.asked, area)


@st.cache_resource(max_entries=4 * KEPT, show_spinner=False)
def _served(release_id: str, spoken: str, asked: Asked, area: str) -> ServedPlace | None:
    return served_place(_coverage(release_id, spoken, asked), area)


@st.cache_resource(max_entries=9, show_spinner=False)
def _targets(release_id: str, spoken: str, region: str) -> list[TargetView]:
    return target_views(current_release(), region)


@st.cache_resource(max_entries=3, show_spinner=False)
def _overview(release_id: str, spoken: str) -> Overview:
    return build_overview(current_release())


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _map(release_id: str, spoken: str, layer: str, level: str, region: str, period: Period) -> PlaceMap:
    return build_map(current_release(), layer, level, region, period)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _profile(release_id: str, spoken: str, place: tuple[str, str], period: Period) -> Profile:
    return build_profile(current_release(), *place, period)


def plan(code: str) -> PlanView:
    """The plan of a scenario, by its code, in the current release."""
    return _plan(current_release().id, language(), code)


@st.cache_resource(max_entries=KEPT, show_spinner=say("plan.waiting"))
def _plan(release_id: str, spoken: str, code: str) -> PlanView:
    return build_plan(current_release(), read_scenario(code))


def drawing(view: PlanView) -> Drawing:
    """The draws of a plan of the current release, as far as they are made."""
    return _drawing(view.release.id, language(), view.scenario.code)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _drawing(release_id: str, spoken: str, code: str) -> Drawing:
    return Drawing(_plan(release_id, spoken, code).question)
