"""Whatever is missing, unknown, over or not yet true makes a visitor the public, with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equity.access.visitor import PUBLIC, Access, ClaimNames, access, sign_in_id
from equity.store.agreements import Agreement

NOW = dt.datetime(2026, 3, 31, 23, 30, tzinfo=dt.UTC)
SECONDS = int(NOW.timestamp())
CLAIMS: dict[str, Any] = {
    "is_logged_in": True, "iss": "https://id.example", "sub": "u1", "email": "a@example.org",
    "email_verified": True, "iat": SECONDS - 60, "exp": SECONDS + 3600, "nonce": "n1",
    "organization": "Bootheel hub",
}  # fmt: skip


def agreement(until: str = "2026-03-31", **change: Any) -> Agreement:
    values: dict[str, Any] = {
        "id": "a1", "party": "Bootheel hub", "areas": ("all",), "purpose": "planning", "until": until,
        "created_at": "2026-01-01T00:00:00+00:00", "created_by": "steward",
        "ended_at": None, "ended_by": None,
    }  # fmt: skip
    return Agreement(**values | change)


def seen(roles: Any, agreements: Sequence[Agreement] = (), at: dt.datetime = NOW, **change: Any) -> Access:
    return access(CLAIMS | {"roles": roles} | change, agreements, at)


def test_without_sign_in_a_visitor_is_the_public() -> None:
    for claims in ({}, {"is_logged_in": False}, CLAIMS | {"is_logged_in": "true", "roles": ["steward"]}):
        assert access(claims, [agreement()], NOW) is PUBLIC


def test_each_role_opens_its_own_and_nothing_else() -> None:
    steward = seen(["steward"])
    assert (steward.desk, steward.policy, steward.own, steward.refusal) == (True, "", "", None)
    assert steward.who == "a@example.org (u1)"
    agency = seen("agency")
    assert (agency.desk, agency.policy, agency.own, agency.refusal) == (False, "", "Bootheel hub", None)
    partner = seen(["partner"], [agreement()])
    assert (partner.desk, partner.policy, partner.own, partner.refusal) == (False, "partner", "", None)
    both = seen(["offline_access", "agency", "steward"])
    assert (both.desk, both.policy, both.own) == (True, "", "Bootheel hub")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"exp": SECONDS}, "expired"),
        ({"exp": SECONDS - 1}, "expired"),
        ({"exp": None}, "incomplete"),
        ({"exp": "9999999999"}, "incomplete"),
        ({"exp": float("nan")}, "incomplete"),
        ({"exp": float("inf")}, "incomplete"),
        ({"exp": True}, "incomplete"),
        ({"iat": None}, "incomplete"),
        ({"sub": ""}, "incomplete"),
        ({"sub": "u\u202e1"}, "incomplete"),
        ({"sub": "u" * 256}, "incomplete"),
        ({"iat": SECONDS + 121}, "clock"),
        ({"nbf": SECONDS + 121}, "clock"),
        ({"roles": None}, "no_role"),
        ({"roles": []}, "no_role"),
        ({"roles": {"steward": True}}, "no_role"),
        ({"roles": 7}, "no_role"),
        ({"roles": ["Steward"]}, "unknown_role"),
        ({"roles": "steward agency"}, "unknown_role"),
        ({"roles": ["administrator"]}, "unknown_role"),
        ({"roles": ["agency"], "organization": None}, "no_organization"),
        ({"roles": ["partner"], "organization": " "}, "no_organization"),
    ],
)
def test_what_is_not_good_makes_a_visitor_the_public(change: dict[str, Any], refusal: str) -> None:
    found = access(CLAIMS | {"roles": ["steward"]} | change, [agreement()], NOW)
    assert found.public and found.refusal == refusal
    assert (found.desk, found.policy, found.own) == (False, "", "")


def test_clocks_may_differ_a_little() -> None:
    assert seen(["steward"], iat=SECONDS + 119, nbf=SECONDS + 119).desk


def test_a_sign_in_that_was_ended_opens_nothing() -> None:
    found = access(CLAIMS | {"roles": ["steward"]}, [], NOW, signed_out=True)
    assert found.public and found.refusal == "signed_out"


@pytest.mark.parametrize(
    ("agreements", "refusal", "until"),
    [
        ([], "no_agreement", ""),
        ([agreement(party="Another hub")], "no_agreement", ""),
        ([agreement("2026-03-30")], "agreement_over", "2026-03-30"),
        ([agreement(ended_at="2026-03-31T10:00:00+00:00", ended_by="x")], "agreement_over", "2026-03-31"),
    ],
)
def test_a_partner_needs_an_agreement_in_force(agreements: list[Agreement], refusal: str, until: str) -> None:
    found = seen(["partner"], agreements)
    assert found.public and found.policy == "" and (found.refusal, found.until) == (refusal, until)


def test_agreements_in_force_open_their_areas_together_and_no_others() -> None:
    some = agreement(areas=("region:bootheel", "county:29069"))
    more = agreement(id="a2", areas=("county:29510",))
    over = agreement("2026-03-30", id="a3", areas=("county:29189",))
    found = seen(["partner"], [some, more, over, agreement(id="a4", party="Other", areas=("all",))])
    assert found.policy == "partner" and found.refusal is None
    assert found.areas == ("county:29069", "county:29510", "region:bootheel")
    assert seen(["partner"], [some, agreement()]).areas == ()
    assert seen(["steward"], [some]).areas == ()


def test_an_agreement_ends_with_its_last_day_in_utc_wherever_the_clock_stands() -> None:
    for hours in (-12, 0, 14):
        zone = dt.timezone(dt.timedelta(hours=hours))
        assert seen(["partner"], [agreement()], NOW.astimezone(zone)).policy == "partner"
        later = (NOW + dt.timedelta(minutes=30)).astimezone(zone)
        assert seen(["partner"], [agreement()], later).refusal == "agreement_over"


def test_a_steward_stays_one_when_an_agreement_is_over() -> None:
    found = seen(["steward", "partner"], [agreement("2026-03-30")])
    assert found.desk and found.policy == "" and found.refusal == "agreement_over"


def test_an_address_nobody_vouches_for_is_no_name() -> None:
    assert seen(["steward"], email_verified=False).who == "u1"
    assert seen(["steward"], email_verified=None).who == "u1"


def test_claims_may_have_other_names_and_lie_in_others() -> None:
    names = ClaimNames("realm_access.roles", "https://example.org/org")
    claims = CLAIMS | {"realm_access": {"roles": ["agency"]}, "https://example.org/org": "Hub"}
    assert access(claims, [], NOW, names).own == "Hub"
    assert access(claims | {"realm_access": "agency"}, [], NOW, names).refusal == "no_role"


def test_every_sign_in_has_an_id_of_its_own() -> None:
    ids = {sign_in_id(CLAIMS | {name: "x"}) for name in ("iss", "sub", "iat", "exp", "nonce")}
    assert len(ids | {sign_in_id(CLAIMS)}) == 6 and sign_in_id(CLAIMS) == sign_in_id(dict(CLAIMS))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from(["sub", "exp", "iat", "nbf", "roles", "organization", "email"]), _JSON)
)
def test_no_claim_of_any_shape_opens_what_no_role_was_given_for(change: dict[str, Any]) -> None:
    claims = CLAIMS | {"roles": ["nobody"]} | change
    found = access(claims, [agreement()], NOW)
    named = claims["roles"] if isinstance(claims["roles"], list) else [claims["roles"]]
    assert all(role in named for role in found.roles)
    assert found.desk == ("steward" in found.roles) and bool(found.policy) == ("partner" in found.roles)
    assert found.roles or found.refusal is not None
