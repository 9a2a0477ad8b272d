"""Every sentence a page may ask for is in the catalogue."""

from __future__ import annotations

import pytest

from equity.views.overview import SERVICE as OVERVIEW_SERVICE
from equity.views.panel import SERVICE as PANEL_SERVICE
from equity.views.profile import COMPARISONS, OUTCOMES, SERVICE
from equity.words import knows

SAID = {*OVERVIEW_SERVICE, *PANEL_SERVICE, *COMPARISONS, *OUTCOMES, *SERVICE}


@pytest.mark.parametrize("measure", sorted(SAID))
def test_every_measure_that_is_said_has_its_sentence(measure: str) -> None:
    assert knows(f"overview.sentence.{measure}")
