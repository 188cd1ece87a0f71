"""The fair race: everybody's budget is the same, rates are tuned on other starts, and luck on the way does not count."""

import dataclasses

import numpy as np
import pytest

from simulations.core.interrupt import Interrupt
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.fairness import (
    COSTS,
    TUNING_STARTS,
    FairRace,
    FairSettings,
    Meter,
    Quartiles,
    Spending,
    Tuning,
    judging_starts,
    methods_of,
    random_starts,
    rates_of,
)
from simulations.racing.session import RaceSession
from simulations.racing.swarm import Swarm
from simulations.surfaces.base import SURFACES

load()

SMALL = FairSettings(budget=60, side=3)


def spent(surface, racer, starts, rates, settings=SMALL):
    found = Spending(surface, racer, np.array(starts, float).reshape(-1, 2), np.array(rates, float), settings)
    for _ in found.slices():
        pass
    return found


def least_cost(surface, kind, start):
    """Over the 241 rates of the measurements this is compared with."""
    rates = np.geomspace(1e-5, 10, 241)
    found = spent(SURFACES[surface](), RacerSpec(OPTIMIZERS[kind]()), [start] * 241, rates, FairSettings(budget=500))
    return found.costs.min()


@pytest.mark.parametrize(
    ("surface", "kind", "start", "expected"),
    [
        ("rosenbrock", "sgd", (-1.5, 2.0), 98),
        ("rosenbrock", "schedule_free_sgd", (-1.5, 2.0), 41),
        *(("rosenbrock", kind, (-1.5, 2.0), np.inf) for kind in ("rprop", "adamax", "radam", "adadelta")),
        *(("beale", kind, (-3.0, -3.0), np.inf) for kind in ("sgd", "momentum", "nesterov", "adam", "rmsprop")),
    ],
)
def test_it_agrees_with_independent_measurements_of_500_gradients_each(surface, kind, start, expected):
    assert least_cost(surface, kind, start) == expected


def test_only_few_ever_reach_the_minimum_of_beale():
    assert np.isfinite(least_cost("beale", "rprop", (-3.0, -3.0)))
    assert np.isfinite(least_cost("beale", "nadam", (-3.0, -3.0)))


def test_on_a_turned_ravine_nesterov_needs_about_half_of_what_descent_needs():
    """Best rates for both: theory gives 1 − 2/√(3κ + 1) against (κ − 1)/(κ + 1), momentum fixed at 0.9 comes between."""
    start = SURFACES["rotated_quadratic"]().start
    assert least_cost("rotated_quadratic", "nesterov", start) < 0.6 * least_cost("rotated_quadratic", "sgd", start)


@pytest.mark.parametrize("kind", ["sgd", "adam", "newton", "line_search_descent", "nelder_mead", "bfgs", "lbfgs"])
def test_many_points_at_once_are_charged_what_each_would_be_alone(kind):
    surface, racer = SURFACES["rosenbrock"](), RacerSpec(OPTIMIZERS[kind](learning_rate=0.3))
    starts = surface.view.lattice(4, 4).reshape(-1, 2)
    together = Meter(surface, 0, 16)
    swarm = Swarm(surface, racer, starts, None, together)
    alone = [Meter(surface, 0, 1) for _ in starts]
    each = [Swarm(surface, racer, start[None], None, meter) for start, meter in zip(starts, alone, strict=True)]
    with np.errstate(all="ignore"):
        for t in range(1, 13):
            swarm.step(t)
            for one in each:
                one.step(t)
    np.testing.assert_array_equal(together.counts, np.concatenate([one.counts for one in alone], axis=1))


@pytest.mark.parametrize("kind", ["sgd", "newton", "line_search_descent", "nelder_mead"])
def test_the_meter_counts_what_the_race_counts(kind):
    surface, racer = SURFACES["booth"](), RacerSpec(OPTIMIZERS[kind](learning_rate=0.1))
    session = RaceSession(RaceSpec("", (racer,), surface, 4.0, -3.0, 8))
    session.advance(8)
    meter = Meter(surface, 0, 1)
    swarm = Swarm(surface, racer, np.array([[4.0, -3.0]]), None, meter)
    for t in range(1, 9):
        swarm.step(t)
    np.testing.assert_array_equal(meter.counts[:, 0], session.curves().evaluations[-1, 0])


def test_a_wrapper_that_asks_twice_pays_twice():
    surface = SURFACES["booth"]()
    racer = RacerSpec(OPTIMIZERS["sgd"](), wrappers=(WRAPPERS["sam"](radius=0.01),))
    meter = Meter(surface, 0, 1)
    swarm = Swarm(surface, racer, np.array([[4.0, -3.0]]), None, meter)
    swarm.step(1)
    assert meter.costs[0] == 2 * COSTS[1]


def test_the_cost_is_that_of_arriving_for_good():
    """On x² + y² descent multiplies θ by 1 − 2η a step: an arrival is where |θ|² ≤ the tolerance, at the t-th gradient."""
    surface, settings = SURFACES["sphere"](), FairSettings(budget=100, tolerance=1e-3)
    found = spent(surface, RacerSpec(OPTIMIZERS["sgd"]()), [[3.0, 4.0]] * 3, [0.1, 0.25, 1.1], settings)
    expected = [np.ceil(np.log(1e-3 / 25) / np.log((1 - 2 * rate) ** 2)) for rate in (0.1, 0.25)]
    np.testing.assert_array_equal(found.costs, [*expected, np.inf])
    assert found.gaps[0] == pytest.approx(25 * 0.8**200)


def test_passing_by_is_not_arriving():
    surface, racer = SURFACES["sphere"](), RacerSpec(OPTIMIZERS["momentum"](momentum=0.95, learning_rate=0.02))
    path = RaceSession(RaceSpec("", (racer,), surface, 3.0, 0.0, 60))
    path.advance(60)
    near = path.curves().values[:, 0] <= 0.5
    first = int(np.argmax(near))
    gone_again = first + int(np.argmin(near[first:]))
    assert 0 < first < gone_again
    for budget, expected in ((gone_again - 1, first), (gone_again, np.inf)):
        found = spent(surface, racer, [[3.0, 0.0]], [0.02], FairSettings(budget=budget, tolerance=0.5))
        assert found.costs[0] == expected


@pytest.mark.parametrize("kind", ["sgd", "newton", "nelder_mead", "line_search_descent"])
def test_nobody_spends_more_than_the_budget(kind):
    surface = SURFACES["rosenbrock"]()
    settings = FairSettings(budget=50, tolerance=10.0)
    found = spent(surface, RacerSpec(OPTIMIZERS[kind]()), surface.view.lattice(4, 4), np.full(16, 1e-3), settings)
    finite = found.costs[np.isfinite(found.costs)]
    assert (finite <= 50).all()


def test_equal_settings_give_equal_results_and_another_seed_other_tuning():
    surface = SURFACES["himmelblau"]()
    racers = (RacerSpec(OPTIMIZERS["momentum"]()), RacerSpec(OPTIMIZERS["adam"]()))

    def run(settings):
        race = FairRace(surface, racers, settings)
        shares = list(race.slices())
        assert shares == sorted(shares)
        assert shares[-1] == 1
        return race.results

    for one, again in zip(run(SMALL), run(SMALL), strict=True):
        np.testing.assert_array_equal(one.costs, again.costs)
        np.testing.assert_array_equal(one.tuning.medians, again.tuning.medians)
    longer = dataclasses.replace(SMALL, budget=200)
    pairs = zip(run(longer), run(dataclasses.replace(longer, seed=1)), strict=True)
    assert any((one.tuning.successes != two.tuning.successes).any() for one, two in pairs)


@pytest.mark.parametrize("layout", ["lattice", "random"])
def test_rates_are_tuned_on_other_starts_than_those_they_are_judged_on(layout):
    surface = SURFACES["rosenbrock"]()
    judged = judging_starts(surface, FairSettings(layout=layout, side=4))
    tuned = random_starts(surface, TUNING_STARTS, 0, "fair race, tuning")
    assert judged.shape == (16, 2)
    assert surface.view.contains(judged).all()
    assert surface.view.contains(tuned).all()
    assert np.abs(judged[:, None] - tuned[None]).max(axis=-1).min() > 0


def test_racers_that_differ_in_their_rate_only_are_one_method():
    slow, fast = (RacerSpec(OPTIMIZERS["adam"](learning_rate=rate), color=i) for i, rate in enumerate((0.01, 0.1)))
    other = RacerSpec(OPTIMIZERS["adam"](beta1=0.5))
    assert methods_of((slow, fast, other)) == (slow, other)


def test_every_method_may_choose_among_the_rates_it_declares():
    for entry in OPTIMIZERS:
        rates = rates_of(RacerSpec(entry.cls()), SURFACES["beale"]())
        assert len(rates) > 40
        np.testing.assert_allclose(np.diff(np.log10(rates)), 1 / 8, atol=0.01)


def test_the_band_is_what_lies_around_the_best_rate_without_a_gap():
    rates = np.logspace(-3, 0, 25)
    successes = np.ones(25)
    successes[[4, 20]] = 0.2
    tuning = Tuning(rates, successes, np.zeros(25), best=10)
    assert tuning.decades == pytest.approx(15 / 8)
    assert not tuning.is_cut_off
    assert Tuning(rates, np.zeros(25), np.zeros(25), best=3).decades == 0


def test_a_band_that_reaches_the_declared_end_is_cut_off_there():
    rates = np.logspace(-3, 0, 25)
    for bad, best, is_cut_off in ((4, 10, True), (20, 10, True), (4, 4, False)):
        successes = np.ones(25)
        successes[bad] = 0.0
        assert Tuning(rates, successes, np.zeros(25), best=best).is_cut_off is is_cut_off
    none = Tuning(rates, np.zeros(25), np.zeros(25), best=0)
    assert not none.is_cut_off


def test_quartiles_count_those_that_never_arrive():
    found = Quartiles.of(np.array([np.inf, 3.0, 1.0, np.inf, 2.0, np.inf]))
    assert found == (2.0, 3.0, np.inf)


def test_a_fair_race_gives_way_at_every_step_and_goes_on_where_it_was():
    interrupt = Interrupt()
    interrupt.request()
    settings = FairSettings(budget=30)
    racers = (RacerSpec(OPTIMIZERS["adam"]()),)
    hurried = FairRace(SURFACES["rosenbrock"](), racers, settings)
    assert len(list(hurried.slices(interrupt))) > 30
    alone = FairRace(SURFACES["rosenbrock"](), racers, settings)
    list(alone.slices())
    np.testing.assert_array_equal(hurried.results[0].costs, alone.results[0].costs)
