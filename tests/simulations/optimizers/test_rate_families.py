"""What a learning rate measures: whoever changes the height of a surface must know which rates to change with it."""

import numpy as np
import pytest

from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS, SURFACE
from simulations.optimizers.schedule_free_sgd import ScheduleFreeSGD
from simulations.surfaces.formula import Formula
from simulations.surfaces.objective import SurfaceObjective

load()
ON_A_PLANE = [entry.cls for entry in OPTIMIZERS if set(entry.cls.needs) <= set(SURFACE)]
DEPENDS = {"line_search_descent"}  # its first trial is η·g, its step what the search makes of that
DECLARED = [cls for cls in ON_A_PLANE if cls.rate_family != "both" and cls.kind not in DEPENDS]
TIMES = 4.0  # a power of two, so that rounding is the same


def path(optimizer, height):
    objective = SurfaceObjective(Formula(text=f"{height} (x^2 + 3 y^2 + x y)"))
    theta = np.array([1.0, -0.7])
    state = optimizer.start(theta)
    for t in range(1, 9):
        objective.use(t=t)
        optimizer.step(theta, objective, state, t)
    return theta


@pytest.mark.parametrize("cls", DECLARED, ids=lambda cls: cls.kind)
def test_a_rate_is_of_the_gradient_or_not_as_declared(cls):
    """Of η·g: as steep again, the rate is to be divided. A length or a share of a step: the steepness is nothing to it."""
    more = {"lambd": 0.0} if cls.kind == "asgd" else {}  # its pull to the origin knows no height
    rate, is_steeper = 0.02, cls.rate_family == "gradient"
    tolerance = {"rtol": 1e-9} if is_steeper else {"rtol": 2e-2, "atol": 2e-3}  # for the sake of ε
    again = path(cls(learning_rate=rate / TIMES if is_steeper else rate, **more), TIMES)
    np.testing.assert_allclose(again, path(cls(learning_rate=rate, **more), 1.0), **tolerance)


def test_methods_of_steps_along_the_gradient_are_the_only_ones_of_their_family():
    found = {cls.kind for cls in ON_A_PLANE if cls.rate_family == "gradient"}
    assert found == {"sgd", "momentum", "nesterov", "asgd", ScheduleFreeSGD.kind}
