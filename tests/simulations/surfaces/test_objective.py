"""A surface in front of optimizers: it counts, keeps their float type, and moves many points as each alone."""

import dataclasses

import numpy as np
import pytest

from simulations.core.params import hyperparameters
from simulations.optimizers.base import OPTIMIZERS
from simulations.surfaces.base import SURFACES
from simulations.surfaces.objective import SurfaceObjective

ON_A_PLANE = [entry.cls for entry in OPTIMIZERS if "matrices" not in entry.cls.needs]
STARTS = np.array([[-1.2, 1.0], [0.4, 2.1], [1.7, -0.5], [-0.3, 0.2]])


def run(optimizer, theta, steps):
    objective, state = SurfaceObjective(SURFACES["rosenbrock"]()), optimizer.start(theta)
    for t in range(1, steps + 1):
        optimizer.step(theta, objective, state, t)
    return objective


def test_it_counts_what_it_is_asked():
    objective = SurfaceObjective(SURFACES["booth"]())
    objective.value(STARTS)
    objective.gradient(STARTS)
    objective.gradient(STARTS[0])
    objective.hessian(STARTS)
    assert (objective.values, objective.gradients, objective.hessians) == (1, 2, 1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_answers_in_the_type_it_is_asked_in(dtype):
    objective = SurfaceObjective(SURFACES["cross_in_tray"]())  # e¹⁰⁰ inside: beyond float32
    theta = np.array([[1.0, 2.0]], dtype)
    answers = objective.value(theta), objective.gradient(theta), objective.hessian(theta)
    assert [one.dtype for one in answers] == [dtype] * 3
    assert all(np.isfinite(one).all() for one in answers)


def test_an_answer_equals_the_surfaces_own():
    surface = SURFACES["beale"]()
    objective = SurfaceObjective(surface)
    for theta in (STARTS, STARTS[0], np.random.default_rng(0).random((65_536, 2))):
        np.testing.assert_array_equal(objective.value(theta), surface.value(theta))
        np.testing.assert_array_equal(objective.gradient(theta), surface.gradient(theta))
        np.testing.assert_array_equal(objective.hessian(theta), surface.hessian(theta))


@pytest.mark.parametrize("cls", ON_A_PLANE, ids=lambda cls: cls.kind)
def test_racers_of_one_method_move_as_each_alone(cls):
    """Rows of one array, each with a learning rate, and every other number, of its own."""
    shares = np.linspace(0.25, 1.0, len(STARTS))[:, np.newaxis]
    numeric = [one for one in hyperparameters(cls) if one.kind == "float"]
    columns = {one.name: one.default * shares for one in numeric} | {"learning_rate": 1e-3 * shares}
    together = STARTS.copy()
    run(dataclasses.replace(cls(), **columns), together, 12)
    for row, (start, reached) in enumerate(zip(STARTS, together, strict=True)):
        alone = start.copy()
        run(dataclasses.replace(cls(), **{name: float(one[row, 0]) for name, one in columns.items()}), alone, 12)
        np.testing.assert_allclose(reached, alone, rtol=1e-9, atol=1e-12)


def test_a_question_asked_again_makes_no_new_buffers():
    import tracemalloc

    objective, theta = SurfaceObjective(SURFACES["ackley"]()), np.random.default_rng(0).random((2000, 2))
    objective.gradient(theta)
    tracemalloc.start()
    for _ in range(20):
        objective.gradient(theta)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < theta.nbytes / 2
