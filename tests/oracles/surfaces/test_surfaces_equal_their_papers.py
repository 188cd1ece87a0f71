"""Every analytic surface against its formula written out a second time and differentiated with sixty digits."""

import json
from pathlib import Path

import numpy as np
import pytest

from simulations.surfaces.base import SURFACES
from tests.oracles.surfaces.formulas import FORMULAS

STORED = json.loads((Path(__file__).parent / "golden.json").read_text("utf-8"))
CASES = [pytest.param(one, id=" ".join([one["kind"], *one["settings"]])) for one in STORED]
# Fifty chaotic steps, or a function that is steep to begin with, multiply the rounding of the first operation.
TOLERANCE = {"rnn_cliff": 1e-8, "powell_badly_scaled": 1e-9, "eggholder": 1e-10}
OWN_TESTS = {  # made of data or of time: tests/simulations/surfaces
    "linear_regression", "logistic_regression", "one_neuron", "two_layers", "frequency_fit",
    "adam_counterexample", "moving_minimum", "formula",
}  # fmt: skip


def test_every_surface_is_compared():
    assert {one["kind"] for one in STORED} == set(FORMULAS) == set(SURFACES.kinds()) - OWN_TESTS


@pytest.mark.parametrize("case", CASES)
def test_value_gradient_and_hessian_are_exact(case):
    surface = SURFACES[case["kind"]](**case["settings"])
    rows = np.array(case["rows"])
    points = rows[:, :2]
    hessian = surface.hessian(points)
    found = np.column_stack([surface.value(points), surface.gradient(points), hessian[:, 0], hessian[:, 1, 1]])
    size = np.abs(rows[:, 2:]).max(axis=0)
    scale = np.maximum(np.abs(rows[:, 2:]), 1e-3 * np.repeat([size[0], *(size[1:3].max(),), size[3:].max()], [1, 2, 3]))
    error = np.abs(found - rows[:, 2:]) / np.maximum(scale, 1e-300)
    assert error.max() < TOLERANCE.get(case["kind"], 1e-11)
    np.testing.assert_array_equal(hessian[:, 0, 1], hessian[:, 1, 0])
