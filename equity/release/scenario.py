"""What a reader of the planner wishes for, and its one short code for an address.

A code says everything in letters, digits, ``_`` and ``-``: ``n100_worst_need_both_all`` are 100 slots, the
lowest coverage raised, by the first rule of need, in both regions, of all models. What differs from the
plainest wish follows, in this order: ``x`` programs may work anywhere in their region, ``m25`` a quarter of
today's slots may move, ``u`` counties may lose slots, ``r-stl-30`` at least 30 % for a region, ``a40`` at
most 40 slots for an agency, ``b`` Black families covered at least as well as all others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from equity.measures.planner import OBJECTIVES
from equity.release.load import Release
from equity.release.places_served import ALL_REGIONS, NEED, NEEDS

#: Objectives in the order in which they are offered; the first is that of the page as it opens.
GOALS: Final = ("worst", "reach", "deaths")
ALL_MODELS: Final = "all"
MOST_SLOTS: Final = 100_000
MOST_DOLLARS: Final = 1_000_000_000
_NUMBER: Final = r"(0|[1-9][0-9]{0,9})"
_CODE: Final = re.compile(
    rf"(?P<unit>[nd])(?P<amount>{_NUMBER})_(?P<goal>[a-z]+)_(?P<need>[a-z0-9-]+)"
    r"_(?P<region>[a-z]+)(?P<counties>(-[0-9]{5})*)_(?P<models>[a-z0-9]+(-[a-z0-9]+)*)"
    rf"(?P<extend>_x)?(_m(?P<movable>{_NUMBER}))?(?P<open>_u)?"
    rf"(_r(?P<shares>(-[a-z]+-{_NUMBER})+))?(_a(?P<cap>{_NUMBER}))?(?P<black>_b)?"
)


class BadScenarioError(ValueError):
    """A wish that cannot be read or met. ``part`` names what is wrong with it, for a table of words."""

    def __init__(self, part: str) -> None:
        super().__init__(f"The plan's {part} cannot be used.")
        self.part = part


@dataclass(frozen=True)
class Scenario:
    """One wish. Exactly one of ``slots`` and ``dollars`` (a year) is given.

    ``counties`` empty stands for all of the region, ``models`` empty for all. ``movable`` and the values of
    ``shares`` (by region, where all places are wished for) are whole percent. Raises ``BadScenarioError``
    naming what cannot be used.
    """

    slots: int | None = 100
    dollars: int | None = None
    goal: str = GOALS[0]
    need: str = NEED
    region: str = ALL_REGIONS
    counties: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    extend: bool = False
    movable: int = 0
    floor: bool = True
    shares: tuple[tuple[str, int], ...] = ()
    agency_cap: int | None = None
    black: bool = False

    def __post_init__(self) -> None:
        for name in ("counties", "models", "shares"):
            object.__setattr__(self, name, tuple(sorted(getattr(self, name))))
        tests = {
            "budget": (self.slots is None) != (self.dollars is None)
            and 0 <= (self.slots or 0) <= MOST_SLOTS
            and 0 <= (self.dollars or 0) <= MOST_DOLLARS,
            "goal": self.goal in GOALS and self.goal in OBJECTIVES,
            "need": self.need in NEEDS,
            "region": bool(re.fullmatch(r"[a-z]+", self.region)),
            "counties": _distinct(self.counties, r"[0-9]{5}"),
            "models": _distinct(self.models, r"[a-z0-9]+") and ALL_MODELS not in self.models,
            "movable": 0 <= self.movable <= 100,
            "shares": _distinct(tuple(region for region, _ in self.shares), r"[a-z]+")
            and all(1 <= share <= 100 for _, share in self.shares)
            and not (self.shares and (self.region != ALL_REGIONS or self.counties)),
            "agency_cap": self.agency_cap is None or 1 <= self.agency_cap <= MOST_SLOTS,
        }
        for part, fine in tests.items():
            if not fine:
                raise BadScenarioError(part)

    @property
    def code(self) -> str:
        """The wish as one code for an address."""
        parts = [
            f"n{self.slots}" if self.slots is not None else f"d{self.dollars}",
            self.goal,
            _need_code(self.need),
            "-".join((self.region, *self.counties)),
            "-".join(self.models) or ALL_MODELS,
            "x" if self.extend else "",
            f"m{self.movable}" if self.movable else "",
            "" if self.floor else "u",
            "r" + "".join(f"-{region}-{share}" for region, share in self.shares) if self.shares else "",
            "" if self.agency_cap is None else f"a{self.agency_cap}",
            "b" if self.black else "",
        ]
        return "_".join(part for part in parts if part)

    def aiming(self, goal: str) -> Scenario:
        """The same wish with another objective."""
        return replace(self, goal=goal)


def read_scenario(code: str) -> Scenario:
    """The wish a code stands for; raises ``BadScenarioError`` where it is not one that ``code`` writes."""
    found = _CODE.fullmatch(code)
    if found is None:
        raise BadScenarioError("code")
    needs = {_need_code(need): need for need in NEEDS}
    amount, cap, models = int(found["amount"]), found["cap"], found["models"]
    shares = (found["shares"] or "").split("-")[1:]
    scenario = Scenario(
        slots=amount if found["unit"] == "n" else None,
        dollars=amount if found["unit"] == "d" else None,
        goal=found["goal"],
        need=needs.get(found["need"], ""),
        region=found["region"],
        counties=tuple(found["counties"].split("-")[1:]),
        models=() if models == ALL_MODELS else tuple(models.split("-")),
        extend=found["extend"] is not None,
        movable=int(found["movable"] or 0),
        floor=found["open"] is None,
        shares=tuple((region, int(share)) for region, share in zip(shares[::2], shares[1::2], strict=True)),
        agency_cap=None if cap is None else int(cap),
        black=found["black"] is not None,
    )
    if scenario.code != code:
        raise BadScenarioError("code")
    return scenario


def check_scenario(scenario: Scenario, release: Release) -> None:
    """Raise ``BadScenarioError`` where a wish names what the release does not have."""
    areas = release.areas
    regions = set(areas.loc[areas["kind"].eq("region"), "geoid"])
    if scenario.region not in {ALL_REGIONS, *regions}:
        raise BadScenarioError("region")
    inside = [str(code) for code in areas.loc[areas["kind"].eq("county"), "geoid"]]
    if scenario.region != ALL_REGIONS:
        inside = [code for code in inside if release.region_of("county", code) == scenario.region]
    if not set(scenario.counties) <= set(inside):
        raise BadScenarioError("counties")
    if not set(scenario.models) <= set(model_codes(release)):
        raise BadScenarioError("models")
    if not {region for region, _ in scenario.shares} <= regions:
        raise BadScenarioError("shares")


def model_codes(release: Release) -> dict[str, str]:
    """Names of the models of the release by a short code: their initials, or all letters where two agree."""
    names = sorted(set(release.tables["programs"]["model"].astype(str)))
    short = {name: "".join(word[0] for word in _words(name)) for name in names}
    known = list(short.values())
    taken = {name for name in names if known.count(short[name]) > 1 or short[name] in ("", ALL_MODELS)}
    return {"".join(_words(name)) if name in taken else short[name]: name for name in names}


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", name.lower())


def _need_code(need: str) -> str:
    return need.removeprefix("need_").replace("_", "-")


def _distinct(codes: tuple[str, ...], shape: str) -> bool:
    return len(set(codes)) == len(codes) and all(re.fullmatch(shape, code) for code in codes)
