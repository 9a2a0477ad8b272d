"""What a visitor may see and do, from what the sign-in says, the agreements, and the time. Pure functions.

The claims are those of an OpenID Connect ID token (OpenID Connect Core 1.0, section 2), whose signature,
issuer, audience and nonce were checked when it came in. Whether it is still good is checked here, at every
look: the cookie that carries it lasts thirty days, whatever the token says.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

from equity.store.agreements import ALL_AREAS, Agreement, agreed_areas

Role = Literal["steward", "agency", "partner"]
#: Why a visitor sees less than the sign-in asks for.
Refusal = Literal[
    "incomplete", "expired", "clock", "signed_out", "no_role", "unknown_role", "no_organization",
    "no_agreement", "agreement_over", "unrecorded",
]  # fmt: skip

#: The policy whose release partners see.
PARTNER_POLICY: Final = "partner"
#: Seconds by which the provider's clock and ours may differ.
CLOCK_SECONDS: Final = 120
#: A subject has at most so many signs (OpenID Connect Core 1.0, section 2).
_LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Under which names a token carries the roles and the organization; a dot leads into a nested claim."""

    roles: str = "roles"
    organization: str = "organization"


@dataclass(frozen=True, slots=True)
class Access:
    """What a visitor may see and do; without a role that of the public: the public release, and no more.

    ``who`` and ``organization`` are names as the sign-in gives them: text from elsewhere. ``policy`` names
    the policy whose release is shown where there is one, empty for the public one; ``areas`` those for which
    it is (codes such as ``county:29510``), empty for all. ``desk``: may hand in,
    decide and publish. ``own`` names the sender whose submissions are shown, empty for none. ``refusal`` says
    why it is less than was asked for, about ``until`` where that is a day. ``sign_in`` tells one sign-in from
    another.
    """

    roles: frozenset[Role] = frozenset()
    who: str = ""
    organization: str = ""
    policy: str = ""
    areas: tuple[str, ...] = ()
    desk: bool = False
    own: str = ""
    refusal: Refusal | None = None
    until: str = ""
    sign_in: str = ""

    @property
    def public(self) -> bool:
        """True where nothing is open that is not open to everybody."""
        return not self.roles


PUBLIC: Final = Access()


def access(
    claims: Mapping[str, Any],
    agreements: Collection[Agreement],
    at: dt.datetime,
    names: ClaimNames = ClaimNames(),
    signed_out: bool = False,
) -> Access:
    """What the visitor with these claims may see and do at a time (with its zone).

    ``claims`` is empty for whoever has not signed in; ``signed_out`` says that this very sign-in was ended.
    Whatever is missing, unknown, over or not yet true makes the visitor the public, with the reason.
    """
    if claims.get("is_logged_in") is not True:
        return PUBLIC
    nothing = Access(who=who_is(claims), sign_in=sign_in_id(claims))
    refusal: Refusal | None = "signed_out" if signed_out else _faulty(claims, at.timestamp())
    if refusal is not None:
        return replace(nothing, refusal=refusal)
    named = list(_texts(_claim(claims, names.roles)))
    roles: set[Role] = {role for role in get_args(Role) if role in named}
    if not roles:
        return replace(nothing, refusal="unknown_role" if named else "no_role")
    organization = next(iter(_texts(_claim(claims, names.organization))), "")
    until, areas = "", tuple[str, ...]()
    if not organization and roles & {"partner", "agency"}:
        roles -= {"partner", "agency"}
        refusal = "no_organization"
    if "partner" in roles:
        refusal, until, areas = _partner(organization, agreements, at.astimezone(dt.UTC).date())
        roles -= {"partner"} if refusal else set()
    return replace(
        nothing,
        roles=frozenset(roles),
        organization=organization,
        policy=PARTNER_POLICY if "partner" in roles else "",
        areas=areas,
        desk="steward" in roles,
        own=organization if "agency" in roles else "",
        refusal=refusal,
        until=until,
    )


def who_is(claims: Mapping[str, Any]) -> str:
    """How a visitor is named in records: the address where its provider vouches for it, and the subject."""
    subject = _text(claims.get("sub"))
    email = _text(claims.get("email")) if claims.get("email_verified") is True else ""
    return f"{email} ({subject})" if email and subject else subject


def sign_in_id(claims: Mapping[str, Any]) -> str:
    """One sign-in, told from every other, in 24 hexadecimal digits from which no token can be made."""
    parts = [claims.get(name) for name in ("iss", "sub", "iat", "exp", "nonce")]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:24]


def _faulty(claims: Mapping[str, Any], now: float) -> Refusal | None:
    """Why these claims are not good at a time (seconds since 1970), where they are not."""
    expires, issued, begins = (_seconds(claims.get(name)) for name in ("exp", "iat", "nbf"))
    if not _text(claims.get("sub")) or expires is None or issued is None:
        return "incomplete"
    if now >= expires:
        return "expired"
    if max(issued, begins or issued) > now + CLOCK_SECONDS:
        return "clock"
    return None


def _partner(
    organization: str, agreements: Collection[Agreement], day: dt.date
) -> tuple[Refusal | None, str, tuple[str, ...]]:
    """Why an organization may not see figures of partners, the last day that was agreed on, and the areas."""
    areas = agreed_areas(agreements, organization, day)
    if areas:
        return None, "", () if areas == (ALL_AREAS,) else areas
    own = [one for one in agreements if one.party == organization]
    if own:
        return "agreement_over", max((one.ended_at or one.until)[:10] for one in own), ()
    return "no_agreement", "", ()


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name, or along the dots of its name into nested ones."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for step in name.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _texts(value: Any) -> Iterable[str]:
    """The texts of a claim that is one text, or a list."""
    listed = value if isinstance(value, list | tuple) else [value]
    return (text for one in listed if (text := _text(one)))


def _text(value: Any) -> str:
    """A name that can be shown and recorded; empty for what is too long or has unseen signs."""
    good = isinstance(value, str) and len(value) <= _LONGEST_NAME and value.isprintable()
    return value.strip() if good else ""


def _seconds(value: Any) -> float | None:
    """A time of a token; ``None`` for anything that is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
