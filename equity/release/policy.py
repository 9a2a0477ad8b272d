"""The disclosure policy: what is published, and what a small number must reach before it is shown.

The rules themselves, and where they come from, are in ``policies/*.toml``: those for everybody, and those for
partners. An own policy is a file of the same form, which ``EQUITY_POLICY_FILE`` names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from equity.config import load_config
from equity.release.policy_file import HELD_BY, MARGINS, PolicyError, read_rules

_SHIPPED: Final = Path(__file__).with_name("policies")


@dataclass(frozen=True, slots=True)
class Policy:
    """One set of rules, stamped on everything that is published under it.

    ``hide_from`` .. ``hide_to`` is the range of hidden counts, both ends included; ``rate_floor`` the
    deaths a rate needs; ``widest`` the relative interval width in percent; ``steady`` the deaths from
    which a rate is no longer marked; ``zero_shown`` says that a zero is a value like any other; ``room``
    is how many whole values a small hidden count must still be able to take; ``least_births`` the births
    that a rate or share needs. ``blocks`` are years that are counted together, first and last; ``margins``
    where births and deaths are published (:data:`~equity.release.policy_file.MARGINS`).
    """

    name: str
    hide_from: int
    hide_to: int
    rate_floor: int
    widest: float
    steady: int
    zero_shown: bool
    room: int
    least_births: int
    blocks: tuple[tuple[int, int], ...]
    margins: tuple[str, ...]

    def block_of(self, year: int) -> tuple[int, int] | None:
        """The block a year falls in, or ``None`` outside all of them."""
        return next((block for block in self.blocks if block[0] <= year <= block[1]), None)


def read_policy(path: Path) -> Policy:
    """The policy in a file. Raises :class:`~equity.release.policy_file.PolicyError`, with the lines."""
    return Policy(**read_rules(path))


PUBLIC: Final = read_policy(_SHIPPED / "public.toml")
PARTNER: Final = read_policy(_SHIPPED / "partner.toml")


def known_policies() -> dict[str, Policy]:
    """Every policy by its name: those that ship, and an own one.

    Raises :class:`~equity.release.policy_file.PolicyError` where the own one cannot be used.
    """
    shipped = {policy.name: policy for policy in (PUBLIC, PARTNER)}
    path = load_config().policy_file
    if path is None:
        return shipped
    own = read_policy(path)
    if own.name in shipped:
        raise PolicyError(
            f"{path} is named {own.name!r} like a policy that ships: give it a name of its own."
        )
    return shipped | {own.name: own}


def find_policy(name: str) -> Policy:
    """The policy of a name. Raises :class:`~equity.release.policy_file.PolicyError` where there is none."""
    known = known_policies()
    if name not in known:
        raise PolicyError(
            f"There is no policy {name!r}: there are {', '.join(sorted(known))}. "
            "EQUITY_POLICY_FILE names the file of one of your own."
        )
    return known[name]


def require_for_everybody(name: str) -> None:
    """Raise :class:`~equity.release.policy_file.PolicyError` where a policy is not for every visitor.

    The public one is, and an own one by which nobody sees more than by that.
    """
    more = shows_more(find_policy(name), PUBLIC)
    if more:
        raise PolicyError(
            f"EQUITY_POLICY is {name}, which is not for everybody: by its {', '.join(more)} it shows more "
            "than the public policy. Leave EQUITY_POLICY out; partners sign in to see what is for them."
        )


def shows_more(one: Policy, other: Policy) -> tuple[str, ...]:
    """The rules by which one policy shows what another does not.

    Other blocks always do: beside those of the other they tell years by subtraction.
    """
    rules = {
        "hide_from": one.hide_from > other.hide_from,
        "hide_to": one.hide_to < other.hide_to,
        "rate_floor": one.rate_floor < other.rate_floor,
        "widest": one.widest > other.widest,
        "room": one.room < other.room,
        "least_births": one.least_births < other.least_births,
        "blocks": one.blocks != other.blocks,
        "margins": not _held(one.margins) <= _held(other.margins),
    }
    return tuple(name for name, more in rules.items() if more)


def _held(margins: tuple[str, ...]) -> set[str]:
    """Margins with all that they hold, each as one kind, group and period."""
    return {*margins, *(inner for inner in MARGINS if HELD_BY.get(inner) in margins)}
