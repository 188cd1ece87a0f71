"""Which f racers are judged by: that of all steps where these count together, and of all samples whatever the batches."""

import numpy as np
import pytest

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.probes.ground import time_of
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.racing.tables import paths
from simulations.surfaces.base import SURFACES

load()


def record(surface, *racers, steps=30):
    one = SURFACES[surface]()
    session = RaceSession(RaceSpec("a race", racers, one, *one.start, steps))
    session.advance(steps)
    return Recorder(session).record()


def mean_of_a_period(surface, points):
    return np.mean([surface.value(points, t=t) for t in (1, 2, 3)], axis=0)


def test_the_counterexamples_curve_is_that_of_the_mean_of_its_steps():
    race = record("adam_counterexample", *(RacerSpec(OPTIMIZERS[kind](learning_rate=0.03)) for kind in ("adam", "sgd")))
    surface = race.spec.surface
    expected = mean_of_a_period(surface, race.answers)
    np.testing.assert_allclose(race.curves.values, expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(paths(race, ["a", "b"])["value"], expected.T.ravel(), rtol=1e-12, atol=1e-15)
    inside = np.abs(race.points[..., 0]) < 1  # between the walls the mean has one slope, in every step the same
    slope = np.hypot((surface.large - 2) / 3, race.points[..., 1])
    np.testing.assert_allclose(race.curves.gradient_norms[inside], slope[inside])


def test_the_counterexample_is_shown_as_a_whole_at_every_moment():
    assert {time_of(SURFACES["adam_counterexample"](), moment) for moment in range(4)} == {None}
    assert time_of(SURFACES["moving_minimum"](), 3) == 3


def test_a_minimum_that_moves_is_judged_where_it_is_in_the_step():
    race = record("moving_minimum", RacerSpec(OPTIMIZERS["sgd"](learning_rate=0.1)))
    expected = [race.spec.surface.value(race.answers[t, 0], t=t) for t in range(race.done + 1)]
    np.testing.assert_allclose(race.curves.values[:, 0], expected)


@pytest.mark.parametrize("surface", ["linear_regression", "logistic_regression"])
def test_batches_move_a_racer_and_all_samples_judge_it(surface):
    race = record(surface, RacerSpec(OPTIMIZERS["sgd"](learning_rate=0.02), batch_size=4))
    whole = race.spec.surface.value(race.answers)
    np.testing.assert_allclose(race.curves.values, whole, rtol=1e-12)
