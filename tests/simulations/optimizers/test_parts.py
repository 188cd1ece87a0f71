"""Ranges of θ add up and take away as sets do, and a part of θ is a θ of its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.optimizers.base import Matrix
from simulations.optimizers.parts import Part, common, indices, merged, within, without

SIZE = 12


def places_of(chosen):
    return merged([slice(i, i + 1) for i in sorted(chosen)])


SETS = st.sets(st.integers(0, SIZE - 1))


@given(some=SETS, others=SETS)
def test_ranges_are_sets_of_positions(some, others):
    a, b = places_of(some), places_of(others)
    assert set(indices(a).tolist()) == some
    assert set(indices(common(a, b)).tolist()) == some & others
    assert set(indices(without(a, b)).tolist()) == some - others
    assert indices(within(common(a, b), b)).tolist() == [sorted(others).index(i) for i in sorted(some & others)]


class Quadratic:
    """f(θ) = ½·Σ wᵢ·θᵢ² of the whole, counting what it is asked."""

    offers = ("value", "gradient", "hessian", "matrices")
    matrices = (Matrix(0, 2, 2), Matrix(4, 2, 3))
    seed = 3
    weights = np.arange(1.0, 13.0)

    def __init__(self):
        self.asked = []

    def value(self, theta):
        return 0.5 * (self.weights * theta**2).sum()

    def gradient(self, theta):
        self.asked.append(theta)
        return self.weights * theta

    def hessian(self, theta):
        return np.diag(self.weights)


@pytest.fixture
def part():
    return Part(np.linspace(-1, 1, SIZE), (slice(1, 3), slice(4, 11)))


def test_it_is_the_objective_as_a_function_of_its_numbers(part):
    objective, there = Quadratic(), indices(part.places)
    part.open(objective)
    elsewhere = part.theta + 0.1
    whole = np.linspace(-1, 1, SIZE)
    whole[there] += 0.1
    assert part.value(elsewhere) == pytest.approx(objective.value(whole))
    np.testing.assert_allclose(part.gradient(elsewhere), (objective.weights * whole)[there])
    np.testing.assert_array_equal(part.hessian(elsewhere), np.diag(objective.weights[there]))
    assert part.matrices == (Matrix(2, 2, 3),), "a matrix of which a part is frozen is none"
    assert (part.seed, part.depth) == (3, 0)


def test_the_whole_keeps_still_until_the_step_is_closed(part):
    whole = np.linspace(-1, 1, SIZE)
    part.open(Quadratic())
    part.theta[...] = 7.0
    np.testing.assert_array_equal(part._whole, whole)
    part.close()
    whole[indices(part.places)] = 7.0
    np.testing.assert_array_equal(part._whole, whole)


def test_a_known_gradient_is_not_asked_for_again(part):
    objective = Quadratic()
    part.open(objective, np.arange(12.0))
    np.testing.assert_array_equal(part.gradient(part.theta), indices(part.places))
    assert objective.asked == []
    part.gradient(part.theta)
    part.open(objective)
    part.gradient(part.theta)
    assert objective.asked[-1] is part._whole, "so that an objective that has it at hand knows where it is asked"
