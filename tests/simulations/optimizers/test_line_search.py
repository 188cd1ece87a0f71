"""A search along a line ends where shorter steps are no steps any more."""

import numpy as np
import pytest

from simulations.families import load
from simulations.optimizers.line_search import backtrack, strong_wolfe
from simulations.surfaces.base import SURFACES
from simulations.surfaces.objective import SurfaceObjective

load()


@pytest.mark.parametrize("search", [backtrack, strong_wolfe])
def test_no_value_is_asked_for_where_a_trial_stays_at_the_point(search):
    """Uphill nothing is ever accepted: trials are halved until they are shorter than the last digit of the point."""
    objective = SurfaceObjective(SURFACES["sphere"]())
    theta = np.array([[1.0, 1.0]])
    numbers = {"sufficient": 1e-4, "shrink": 0.5} if search is backtrack else {}
    uphill, promised = 1e-8 * theta, np.array([[-1.0]])
    step = search(objective, theta, uphill, promised, np.array([[1.0]]), **numbers)
    assert step == 0
    assert 20 < objective.values <= 30  # 2⁻²⁷ · 1e-8 is below the last digit of 1
