"""The disclosure policy: what is published, and what a small number must reach before it is shown.

Thresholds and where they come from:

* counts 1-9 of deaths and of births are hidden: CDC WONDER's rule for linked birth and death files;
* a rate needs 10 deaths and a relative 95 % interval of at most 160 %: NCHS standards for rates (2023);
* below 20 deaths a rate is marked unstable: the older NCHS rule, still printed by many publishers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from equity.store.vital import BLOCKS


@dataclass(frozen=True, slots=True)
class Policy:
    """One set of rules, stamped on everything that is published under it.

    ``hide_from`` .. ``hide_to`` is the range of hidden counts, both ends included; ``rate_floor`` the
    deaths a rate needs; ``widest`` the relative interval width in percent; ``steady`` the deaths from
    which a rate is no longer marked; ``zero_shown`` says that a zero is a value like any other; ``room``
    is how many whole values a small hidden count must still be able to take.
    """

    name: str = "public"
    hide_from: int = 1
    hide_to: int = 9
    rate_floor: int = 10
    widest: float = 160.0
    steady: int = 20
    zero_shown: bool = True
    room: int = 5
    blocks: tuple[tuple[int, int], ...] = BLOCKS

    def block_of(self, year: int) -> tuple[int, int] | None:
        """The block a year falls in, or ``None`` outside all of them."""
        return next((block for block in self.blocks if block[0] <= year <= block[1]), None)


PUBLIC: Final = Policy()
POLICIES: Final = {PUBLIC.name: PUBLIC}
