"""The measures near the ends of what they take: nobody, everybody, one area, huge counts, other levels.

All numbers are those of R 4.2.2 (Debian 12), run on the inputs written here: stats, epitools 0.5-10.1, spdep
1.2-7 and MASS 7.3-58.2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from equity.measures import clusters, disparity, rates, smoothing, targets, trend
from tests.measures.reference import carolina, carolina_touching, rows_of

YEARS = range(2010, 2020)
#: North Carolina again, but the second period, 1979-84, where the vectors have the first.
COUNTIES = ["Anson", "Mecklenburg", "Hyde"]


@pytest.mark.parametrize(
    ("deaths", "births", "level", "limits"),
    [
        (0, 250, 0.8, [0, 9.210340371976]),
        (3, 412, 0.9, [1.984687978553, 18.819554679448]),
        (100_000, 1_000_000, 0.99, [99.18732963316, 100.8174310333]),
    ],
)
def test_exact_limits_at_other_levels(deaths: int, births: int, level: float, limits: list[float]) -> None:
    """stats::poisson.test."""
    found = rates.rate_interval(deaths, births, level=level)
    np.testing.assert_allclose([found.low, found.high], limits, rtol=1e-11)


@pytest.mark.parametrize(
    ("x", "n", "level", "wilson", "exact"),
    [
        (0, 1, 0.8, [0, 0.6215524967746], [0, 0.9]),
        (1, 2, 0.8, [0.1642517200299, 0.8357482799701], [0.05131670194949, 0.94868329805051]),
        (10, 10, 0.99, [0.6011459066951, 1], [0.5887040186525, 1]),
        (
            1_000_000, 10_000_000, 0.99,
            [0.09975590070875, 0.1002446300826], [0.09975577569925, 0.1002446049371],
        ),
    ],
)  # fmt: skip
def test_shares_of_none_of_all_and_of_millions(
    x: int, n: int, level: float, wilson: list[float], exact: list[float]
) -> None:
    """stats::prop.test without correction, and binom.test."""
    for method, limits in (("wilson", wilson), ("exact", exact)):
        found = rates.proportion_interval(x, n, level, method)
        np.testing.assert_allclose([found.low, found.high], limits, rtol=1e-9)


def test_a_standardised_rate_with_an_empty_stratum_and_one_that_is_not_known() -> None:
    """epitools::ageadjust.direct."""
    found = rates.standardised_rate([[0, 2, 5], [0, None, 5]], [100, 200, 300], [3, 2, 1], level=0.9)
    wanted = [6.111111111111, 2.479539020162, 21.764153981756]
    np.testing.assert_allclose([found.rate[0], found.low[0], found.high[0]], wanted, rtol=1e-10)
    assert np.isnan([found.rate[1], found.low[1], found.high[1]]).all()


@pytest.mark.parametrize(
    ("counts", "level", "low", "high", "p"),
    [
        ((0, 310, 3, 1100), 0.8, 0, 4.096381158178, 0.9496218814),
        ((5, 1500, 0, 2600), 0.99, 0.9193452351442, np.inf, 0.01310892284479),
        ((100_000, 1_000_000, 200_000, 2_000_000), 0.99, 0.990061354471, 1.01002890285, 1),
    ],
)
def test_ratios_with_a_group_without_deaths_and_of_huge_counts(
    counts: tuple[int, ...], level: float, low: float, high: float, p: float
) -> None:
    """stats::binom.test of the deaths of one group among those of both, and pbinom."""
    found = disparity.rate_ratio(*counts, level=level)
    np.testing.assert_allclose([found.low, found.high, found.p], [low, high, p], rtol=1e-9)


@pytest.mark.parametrize(
    ("seen", "level", "limits"),
    [
        ((0, 500, 500), 0.8, [0, 2]),
        ((16, 500, 2_000_000), 0.99, [31_626, 115_303]),
        ((100_000, 1_000_000, 2_000_000), 0.99, [198_010, 202_001]),
    ],
)
def test_the_next_count_after_none_and_after_many(
    seen: tuple[int, ...], level: float, limits: list[int]
) -> None:
    """stats::qnbinom."""
    found = trend.next_count_interval(*seen, level=level)
    assert [found.low, found.high] == limits


def test_the_rate_behind_no_deaths_and_behind_many() -> None:
    """stats::pgamma."""
    found = targets.probability_below([0, 100_000], [6150, 10_000_000], [0.001, 0.01])
    np.testing.assert_allclose(found, [0.9995470417061, 0.499789738717], rtol=1e-10)


def test_trends_with_years_of_no_deaths_and_no_births() -> None:
    """stats::glm, poisson with offset; confint.default at 80 %."""
    deaths, births = [3, 0, 5, 2, 0, 4, 1, 0, 2, 1], [400, 410, 390, 380, 0, 405, 420, 400, 395, 380]
    found = trend.loglinear(deaths, births, YEARS, level=0.8, centre=2014.5)
    np.testing.assert_allclose(
        [found.intercept, found.slope, found.se, found.deviance],
        [-5.3264982656948, -0.09096853756615, 0.07962717271847, 13.2499724937474],
        rtol=1e-6,
    )
    limits = np.log1p(np.array([found.low, found.high]) / 100)
    np.testing.assert_allclose(limits, [-0.193014865423386, 0.011077790291094], rtol=1e-5)


def test_a_trend_of_counts_that_scatter_twenty_times_more_than_chance() -> None:
    """MASS::glm.nb; and stats::lm of the log rates weighted by deaths, confint at 90 %."""
    deaths, births = [30, 5, 60, 12, 44, 8, 70, 3, 25, 40], [1000] * 10
    found = trend.loglinear(deaths, births, YEARS, "negative_binomial", centre=2014.5)
    np.testing.assert_allclose(
        [found.intercept, found.slope, found.se, found.deviance],
        [-3.5178298325, 0.0174901667, 0.0943309811, 10.9697814376],
        rtol=1e-5,
    )
    squares = trend.loglinear(deaths, births, YEARS, "log_wls", level=0.9, centre=2014.5)
    np.testing.assert_allclose([squares.slope, squares.se], [0.0107562198434, 0.0794723655149], rtol=1e-9)
    limits = np.log1p(np.array([squares.low, squares.high]) / 100)
    np.testing.assert_allclose(limits, [-0.137026461487765, 0.158538901174483], rtol=1e-9)


def test_two_joints_are_placed_as_a_full_search_of_regressions_places_them() -> None:
    """stats::glm over all pairs of years; the average change by the delta method of vcov."""
    shape = np.array([80, 83, 79, 85, 82, 80, 70, 60, 53, 47, 43, 44, 45, 43, 46, 44])
    found = trend.joinpoint(10 * shape, [70_000] * 16, range(2005, 2021), max_joints=2)
    assert found.joints == (2010, 2014)
    np.testing.assert_allclose(found.apc, [0.0429613597, -13.7701789886, -0.3579155678], rtol=1e-6)
    average = [found.aapc_low, found.aapc, found.aapc_high]
    np.testing.assert_allclose(average, [-4.50762524112, -3.99777533122, -3.48520324658], rtol=1e-7)


def second_period() -> tuple[Any, Any]:
    counties = carolina()
    return counties["SID79"].to_numpy(), counties["BIR79"].to_numpy()


def test_empirical_bayes_on_the_second_period() -> None:
    """spdep::EBest and EBlocal."""
    (deaths, births), rows = second_period(), rows_of(COUNTIES)
    touching = carolina_touching()
    for found, wanted in (
        (smoothing.marshall(deaths, births), [2.014745879903, 1.280143431423, 1.852747238205]),
        (
            smoothing.local_marshall(deaths, births, touching),
            [2.2879258282325, 1.192104660623, 0.8539709649872],
        ),
        (
            smoothing.local_marshall(deaths, births, touching, "geoda"),
            [2.3307414923488, 1.1947414203919, 0.8539709649872],
        ),
    ):
        np.testing.assert_allclose(found.rate[rows], wanted, rtol=1e-9)


def test_a_gamma_prior_on_the_second_period_at_another_level() -> None:
    """MASS::glm.nb and stats::qgamma at 5 and 95 %."""
    (deaths, births), rows = second_period(), rows_of(COUNTIES)
    found = smoothing.gamma_poisson(deaths, births * deaths.sum() / births.sum(), level=0.9)
    np.testing.assert_allclose([found.shape, found.rate], [13.75264006728, 13.21181123629], rtol=1e-5)
    for part, wanted in (
        (found.mean, [1.0490356273238, 0.6580529769183, 0.978352932594]),
        (found.low, [0.6757356886198, 0.5110763730916, 0.5884363997081]),
        (found.high, [1.4893152322297, 0.8203597961116, 1.4488292102151]),
    ):
        np.testing.assert_allclose(part[rows], wanted, rtol=1e-6)


def test_patterns_on_the_second_period() -> None:
    """spdep::moran.test, geary.test, EBImoran.mc, localmoran (conditional), localG with the area itself."""
    (deaths, births), rows, touching = second_period(), rows_of(COUNTIES), carolina_touching()
    raw = deaths / births
    found = clusters.moran(raw, touching)
    np.testing.assert_allclose(
        [found.i, found.variance, found.z, found.z_normal],
        [0.142750422461, 0.004185852551249, 2.362531188, 2.343819572633],
        rtol=1e-9,
    )
    assert clusters.geary(raw, touching) == pytest.approx(0.8194757093158, rel=1e-9)
    assert clusters.moran(deaths, touching, births).i == pytest.approx(0.1387882270465, rel=1e-9)
    local = clusters.local_moran(raw, touching, permutations=99)
    np.testing.assert_allclose(local.i[rows], [0.0500599212545, -0.0884652775929, 2.0259210948809], rtol=1e-9)
    np.testing.assert_allclose(local.z[rows], [1.3063148777926, -0.2552402639302, 2.5170022549532], rtol=1e-9)
    hot = clusters.getis_ord(raw, touching).z[rows]
    np.testing.assert_allclose(hot, [1.21454633969048, -0.06254990656519, -2.9818682745865], rtol=1e-9)
