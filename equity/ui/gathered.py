"""What pages show, gathered once for each release and choice, and shared by all who look at it.

The keys are codes and the release id, never tables; what is kept is frozen and must stay so.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from equity.ui.session import current_release
from equity.views.overview import Overview, build_overview
from equity.views.place_map import PlaceMap, build_map
from equity.views.profile import Profile, build_profile
from equity.views.selecting import ALL_REGIONS
from equity.views.targets import TargetView, target_views

Period = tuple[int, int]
#: Maps and profiles kept in memory; the least used goes first.
KEPT: Final = 16


def overview() -> Overview:
    """The Overview of the current release."""
    return _overview(current_release().id)


def place_map(layer: str, level: str, region: str, period: Period) -> PlaceMap:
    """A map of the current release."""
    return _map(current_release().id, layer, level, region, period)


def profile(place: tuple[str, str], period: Period) -> Profile:
    """The profile of a place (kind, code) in the current release."""
    return _profile(current_release().id, place, period)


def targets(region: str = ALL_REGIONS) -> list[TargetView]:
    """The targets of a region in the current release."""
    return _targets(current_release().id, region)


@st.cache_resource(max_entries=9, show_spinner=False)
def _targets(release_id: str, region: str) -> list[TargetView]:
    return target_views(current_release(), region)


@st.cache_resource(max_entries=3, show_spinner=False)
def _overview(release_id: str) -> Overview:
    return build_overview(current_release())


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _map(release_id: str, layer: str, level: str, region: str, period: Period) -> PlaceMap:
    return build_map(current_release(), layer, level, region, period)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _profile(release_id: str, place: tuple[str, str], period: Period) -> Profile:
    return build_profile(current_release(), *place, period)
