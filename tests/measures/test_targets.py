"""Targets: published figures, what always holds, words of status and how often chance earns praise."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from equity.measures import targets
from equity.measures.gap_status import CLOSED_RATIO
from equity.measures.targets import SLOPE_PRIOR, GapPair, Observed, SlopePrior, gap_status, status

DECADE = np.arange(2014, 2024)
FALLING = np.array([61, 55, 58, 52, 54, 49, 50, 44, 47, 42])
BIRTHS = np.array([4800, 4750, 4700, 4680, 4600, 4550, 4500, 4430, 4400, 4350])
BLOCKS = ((2010, 2016), (2017, 2023))


def over(years: tuple[int, int], deaths: float, births: float) -> Observed:
    return Observed(deaths, births, *years)


@given(st.floats(-0.9, 2), st.floats(1, 40))
def test_the_required_yearly_change_adds_up(change: float, years: float) -> None:
    yearly = targets.required_annual_change(change, years)
    assert (1 + yearly / 100) ** years == pytest.approx(1 + change)


@given(st.floats(1.1, 5), st.floats(0.5, 1), st.floats(1, 20), st.floats(-5, 5))
def test_the_required_group_change_reaches_the_ratio(
    now: float, goal: float, years: float, other: float
) -> None:
    yearly = targets.required_group_change(now, goal, years, other)
    after = now * (1 + yearly / 100) ** years / (1 + other / 100) ** years
    assert after == pytest.approx(goal)


def test_a_vague_prior_gives_the_plug_in_answer_and_ours_is_more_modest() -> None:
    plug_in = targets.probability_of_change(FALLING, BIRTHS, DECADE, -0.15, 10)
    vague = targets.probability_of_change(FALLING, BIRTHS, DECADE, -0.15, 10, SlopePrior(0, 100))
    ours = targets.probability_of_change(FALLING, BIRTHS, DECADE, -0.15, 10, SLOPE_PRIOR)
    assert vague == pytest.approx(plug_in, abs=0.002)
    assert 0.5 < ours < plug_in


def test_ratio_probability_agrees_with_drawing_both_groups() -> None:
    """200,000 draws from both posteriors' own grids, seed 3."""
    white = np.full(10, 20)
    found = targets.probability_ratio_reaches(FALLING, BIRTHS, white, BIRTHS, DECADE, 1.5, 10, SLOPE_PRIOR)
    rng, rates = np.random.default_rng(3), []
    for deaths in (FALLING, white):
        slopes = np.linspace(-0.2, 0.2, 4001)
        x = DECADE - 2018.5
        exposure = (BIRTHS * np.exp(slopes[:, None] * x)).sum(1)
        shape = deaths.sum() + 0.5
        log_weight = (
            slopes * (deaths * x).sum() - shape * np.log(exposure) - (slopes / SLOPE_PRIOR.sd) ** 2 / 2
        )
        weight = np.exp(log_weight - log_weight.max())
        drawn = rng.choice(4001, 200_000, p=weight / weight.sum())
        rates.append(rng.gamma(shape, 1 / exposure[drawn]) * np.exp(slopes[drawn] * (2033 - 2018.5)))
    assert found == pytest.approx((rates[0] <= 1.5 * rates[1]).mean(), abs=0.005)


def test_ratio_probability_without_a_prior_extrapolates_the_log_ratio() -> None:
    white = np.full(10, 20)
    plug_in = targets.probability_ratio_reaches(FALLING, BIRTHS, white, BIRTHS, DECADE, 1, 10)
    vague = targets.probability_ratio_reaches(
        FALLING, BIRTHS, white, BIRTHS, DECADE, 1, 10, SlopePrior(0, 50)
    )
    assert vague == pytest.approx(plug_in, abs=0.01)


def test_projection_widens_ahead_and_matches_its_probability() -> None:
    fan = targets.project(FALLING, BIRTHS, DECADE, [2018, 2023, 2033])
    assert (fan.low < fan.rate).all()
    assert (fan.rate < fan.high).all()
    width = fan.high / fan.low
    assert width[0] < width[1] < width[2]
    reached = targets.probability_reaching(FALLING, BIRTHS, DECADE, fan.high[2], 2033)
    assert reached == pytest.approx(0.975, abs=1e-6)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8), st.floats(1, 30))
def test_probabilities_stay_within_bounds_for_any_counts(deaths: list[int], target: float) -> None:
    years = 2010 + np.arange(len(deaths))
    births = np.full(len(deaths), 900)
    low, high = (targets.probability_reaching(deaths, births, years, t, 2033) for t in (target, 2 * target))
    assert 0 <= low <= high <= 1
    fan = targets.project(deaths, births, years, 2033)
    assert 0 < fan.low < fan.rate < fan.high < np.inf


def test_many_areas_at_once_are_the_same_as_one_by_one() -> None:
    deaths = np.random.default_rng(5).poisson(4, (30, 10))
    births = np.full((30, 10), 700)
    together = targets.probability_reaching(deaths, births, DECADE, np.full(30, 5.0), 2033)
    alone = targets.probability_reaching(deaths[7], births[7], DECADE, 5.0, 2033)
    assert together.shape == (30,)
    assert together[7] == pytest.approx(alone)


@pytest.mark.parametrize(
    ("baseline", "latest", "target", "due", "word", "reason"),
    [
        ((250, 27_000), (170, 26_000), 7.0, 2033, "on_track", "real_progress_fast_enough"),
        ((250, 27_000), (150, 26_000), 7.0, 2033, "met", "latest_surely_at_target"),
        ((250, 27_000), (195, 26_000), 2.0, 2033, "progress_too_slow", "real_progress_not_fast_enough"),
        ((250, 27_000), (235, 26_000), 7.9, 2033, "no_clear_change", "change_within_chance"),
        ((250, 27_000), (300, 26_000), 7.9, 2033, "wrong_way", "worse_than_chance"),
        ((250, 27_000), (195, 26_000), 2.0, 2022, "progress_too_slow", "due_and_not_reached"),
        ((250, 27_000), (195, 26_000), 7.5, 2022, "cannot_be_judged", "due_and_too_close_to_call"),
        ((12, 1700), (9, 1600), 6.0, 2033, "cannot_be_judged", "few_deaths"),
        ((12, 1700), (0, 0), 6.0, 2033, "cannot_be_judged", "no_births"),
        ((np.nan, 1700), (12, 1700), 6.0, 2033, "cannot_be_judged", "few_deaths"),
    ],
)
def test_words_of_status(
    baseline: tuple[float, float],
    latest: tuple[float, float],
    target: float,
    due: int,
    word: str,
    reason: str,
) -> None:
    found = status(over(BLOCKS[0], *baseline), over(BLOCKS[1], *latest), target, due)
    assert (found.word, found.reason) == (word, reason)
    assert found.word in targets.WORDS
    assert (found.evidence is None) == (found.reason in ("few_deaths", "no_births"))


def test_periods_must_follow_each_other() -> None:
    first, second = over((2010, 2016), 30, 4000), over((2014, 2020), 20, 4000)
    assert status(first, second, 5, 2033).reason == "periods_out_of_order"
    assert status(second, first, 5, 2033).reason == "periods_out_of_order"
    assert status(first, first, 5, 2033).reason == "periods_out_of_order"


def test_a_printed_baseline_without_counts_is_taken_as_known() -> None:
    """Bootheel, 9.26 per 1,000 in 2003-2013: 15 % less is 7.871."""
    stated = Observed.stated(9.26, 2003, 2013)
    assert status(stated, over((2017, 2023), 90, 15_000), 7.871, 2033).word == "met"
    assert status(stated, over((2017, 2023), 130, 15_000), 7.871, 2033).word == "no_clear_change"


def test_sixteen_deaths_then_four_is_a_real_fall_but_cannot_be_judged() -> None:
    found = status(over((2016, 2016), 16, 2000), over((2017, 2017), 4, 2000), 6.8, 2022)
    assert (found.word, found.reason) == ("cannot_be_judged", "few_deaths")


@pytest.mark.parametrize(("births", "rate"), [(3_400, 7), (26_000, 9), (75_000, 6)])
@pytest.mark.parametrize("yearly", [False, True])
def test_chance_earns_praise_at_most_one_time_in_twenty(births: int, rate: float, yearly: bool) -> None:
    """1,000 histories in which nothing changes, seed 7, yearly ones with extra scatter of 10 %."""
    rng = np.random.default_rng(7)
    spans = [(year, year) for year in range(2010, 2024)] if yearly else list(BLOCKS)
    words: Counter[str] = Counter()
    for _ in range(1000):
        expected = births * rate / 1000 * np.exp(rng.normal(0, 0.1 * yearly, len(spans)))
        periods = [
            over(span, deaths, births) for span, deaths in zip(spans, rng.poisson(expected), strict=True)
        ]
        words[status(periods[0], periods[-1], 0.85 * rate, 2033, periods[1:-1]).word] += 1
    assert (words["on_track"] + words["met"]) / 1000 <= 0.05
    assert words["on_track"] / 1000 <= 0.04


def twelve_years(deaths: tuple[float, ...], births: float) -> list[Observed]:
    """Six periods of two years each."""
    return [over((2012 + 2 * i, 2013 + 2 * i), count, births) for i, count in enumerate(deaths)]


#: Even around their middle, so the trend is flat; four deviations of 20 from 100 on 4 degrees of freedom make
#: a chi-square of 4 x 400 / 100 = 16, which is 4 times what chance makes.
SCATTERED = (80, 120, 100, 100, 120, 80)


def test_scatter_four_times_chance_makes_a_count_of_80_tell_as_much_as_one_of_20() -> None:
    """8 per 1,000 against a goal of 10: surely met by chance alone, not where periods jump like that."""
    periods = twelve_years(SCATTERED, 10_000)
    found = status(periods[0], periods[-1], 10, 2033, periods[1:-1])
    known = stats.gamma.cdf(10_000 / 4 * 0.010, 80 / 4 + 0.5)
    assert found.evidence is not None
    assert found.evidence.probability_met == pytest.approx(stats.t.cdf(stats.norm.ppf(known), 4))
    assert found.word == "no_clear_change"


@pytest.mark.parametrize("between", [(), (85, 75, 80, 80)])
def test_periods_that_scatter_no_more_than_chance_leave_the_latest_as_it_is(between: tuple[int, ...]) -> None:
    first, *middle, last = twelve_years((80, *(between or (80,) * 4), 80), 10_000)
    found = status(first, last, 10, 2033, middle if between else ())
    assert found.evidence is not None
    assert found.evidence.probability_met == pytest.approx(stats.gamma.cdf(100, 80.5), rel=1e-12)
    assert found.word == "met"


def test_scatter_of_a_ratio_makes_both_latest_counts_tell_less() -> None:
    """The latest ratio is 0.8; its posterior, a ratio of two gammas, is an F distribution."""
    sides = [twelve_years(deaths, 10_000) for deaths in (SCATTERED, (100,) * 6)]
    pairs = [GapPair(*both) for both in zip(*sides, strict=True)]
    found = gap_status(pairs[0], pairs[-1], 2033, between=pairs[1:-1])
    counts = np.array(SCATTERED) + 0.5
    variance = 1 / counts + 1 / 100.5
    log_ratio = np.log(counts / 100.5)
    level = np.average(log_ratio, weights=1 / variance)
    factor = ((log_ratio - level) ** 2 / variance).sum() / 4
    black, white = 80 / factor + 0.5, 100 / factor + 0.5
    known = stats.f.cdf(CLOSED_RATIO * white / black, 2 * black, 2 * white)
    assert factor == pytest.approx(2.0, abs=0.1)
    assert found.evidence is not None
    assert found.evidence.probability_met == pytest.approx(stats.t.cdf(stats.norm.ppf(known), 4), rel=1e-6)
    assert stats.f.cdf(CLOSED_RATIO * 100.5 / 80.5, 161, 201) > 0.975
    assert found.word == "no_clear_change"


def pair(years: tuple[int, int], group: tuple[float, float], reference: tuple[float, float]) -> GapPair:
    return GapPair(over(years, *group), over(years, *reference))


@pytest.mark.parametrize(
    ("before", "after", "word", "reason"),
    [
        ((300, 100, 20_000), (200, 105, 20_000), "on_track", "real_progress_fast_enough"),
        ((300, 100, 20_000), (290, 104, 20_000), "no_clear_change", "change_within_chance"),
        ((300, 100, 20_000), (300, 200, 20_000), "wrong_way", "levelled_down"),
        ((300, 100, 20_000), (300, 60, 20_000), "wrong_way", "worse_than_chance"),
        ((900, 300, 60_000), (740, 300, 60_000), "progress_too_slow", "real_progress_not_fast_enough"),
        ((900, 300, 60_000), (280, 300, 60_000), "met", "latest_surely_at_target"),
        ((90, 9, 6_000), (80, 30, 6_000), "cannot_be_judged", "few_deaths"),
    ],
)
def test_words_of_a_gap(
    before: tuple[int, int, int], after: tuple[int, int, int], word: str, reason: str
) -> None:
    """Deaths of the group, deaths of the reference, births of each."""
    first, last = (
        pair(years, (group, births), (reference, births))
        for years, (group, reference, births) in zip(BLOCKS, (before, after), strict=True)
    )
    found = gap_status(first, last, 2033)
    assert (found.word, found.reason) == (word, reason)
    assert (found.guard is None) == (reason == "few_deaths")


def test_a_gap_that_does_not_change_is_rarely_praised() -> None:
    """1,000 histories at the City's counts, seed 8."""
    rng = np.random.default_rng(8)
    praised = 0
    for black, white in rng.poisson([[[180, 180], [46, 46]]] * 1000):
        first, last = (pair(BLOCKS[i], (black[i], 13_000), (white[i], 9_600)) for i in (0, 1))
        praised += gap_status(first, last, 2033).word in ("met", "on_track", "progress_too_slow")
    assert praised / 1000 <= 0.04


def test_groups_must_be_counted_over_the_same_years() -> None:
    first = GapPair(over((2010, 2016), 30, 4000), over((2009, 2016), 20, 4000))
    assert gap_status(first, pair(BLOCKS[1], (30, 4000), (20, 4000)), 2033).reason == "different_years"


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: targets.percent_of_targeted_change(5, 4, 5), "no change to be made"),
        (lambda: targets.percent_change(0, 4), "no percent"),
        (lambda: targets.required_annual_change(-1, 5), "above -1"),
        (lambda: targets.required_annual_change(-0.5, 0), "years above 0"),
        (lambda: targets.required_group_change([2, 0], 1, 5), "ratio_now must be above zero"),
        (lambda: targets.probability_reaching([4], [900], [2020], 5, 2033), "at least two years"),
        (lambda: targets.probability_reaching([4, 3], [900, 0], [2020, 2021], 5, 2033), "at least two years"),
        (lambda: targets.probability_reaching([4, np.nan], [9, 9], [2020, 2021], 5, 2033), "not known"),
        (lambda: targets.project([4, 3], [9, 9], [[2010, 2016], [2014, 2020]], 2033), "windows overlap"),
        (lambda: targets.project([4, 3], [9, 9], [2010, 2010], 2033), "given twice"),
        (lambda: targets.project([4, 3], [9, 9], [2010], 2033), "for each of the 2 counts"),
        (lambda: targets.project([4, 3], [9, 9], [[2016, 2010], [2017, 2023]], 2033), "before its first"),
        (lambda: targets.probability_of_change([4, 3], [9, 9], [2010, 2011], -1, 10), "above -1"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call: object, sentence: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=sentence):
        call()
