"""Asking about points that move gives the very answers of asking anew."""

import numpy as np
import pytest

from simulations.families import load
from simulations.surfaces.base import SURFACES

load()


def test_points_that_are_followed_have_the_gradients_of_points_that_are_asked_about():
    surface = SURFACES["himmelblau"]()
    points = np.random.default_rng(0).uniform(-4, 4, (12, 2))
    ask = surface.evaluator().following("gradient", points)
    for t in range(1, 5):
        np.testing.assert_array_equal(ask(t), surface.gradient(points, t=t))
        points += 0.5


@pytest.mark.parametrize("kind", ["adam_counterexample", "moving_minimum"])
def test_following_a_moving_surface_keeps_time(kind):
    surface = SURFACES[kind]()
    points = np.array([[0.5, 0.25], [-1.5, 1.0]])
    ask = surface.evaluator().following("gradient", points)
    for t in (1, 2, 3, 50):
        np.testing.assert_array_equal(ask(t), surface.gradient(points, t=t))


def test_data_are_not_followed():
    assert SURFACES["linear_regression"]().evaluator().following("gradient", np.zeros((3, 2))) is None
