"""Functions to fit: known values at known places, and noise on the values alone."""

import numpy as np
import pytest

from simulations.core.rng import stream
from simulations.data.functions import Relief, Wave


def made(source):
    return source.generate(stream(0, "data"))


@pytest.mark.parametrize(
    ("shape", "values"),
    [
        ("sine", [0, 1, 0, -1]),
        ("triangle", [0, 1, 0, -1]),
        ("square", [1, 1, -1, -1]),
        ("sawtooth", [-1, -0.5, 0, 0.5]),
    ],
)
def test_a_wave_has_its_values_at_quarters_of_a_period(shape, values):
    """One wave from −1 to 1: its quarters begin at −1, −½, 0 and ½."""
    at = np.array([[-1.0], [-0.5], [0.0], [0.5]])
    np.testing.assert_allclose(Wave(shape=shape, waves=1.0).value(at), values, atol=1e-12)


@pytest.mark.parametrize("waves", [0.5, 2.0, 5.0])
def test_a_wave_repeats_after_its_period(waves):
    x = np.linspace(-1, -0.2, 50)[:, None]
    for shape in ("sine", "triangle", "sawtooth"):
        wave = Wave(shape=shape, waves=waves)
        np.testing.assert_allclose(wave.value(x + 2 / waves), wave.value(x), atol=1e-9)


@pytest.mark.parametrize(
    ("shape", "places", "values"),
    [
        ("plane", [(0, 0), (1, 1), (1, -1), (-1, -1)], [0, 1, 0, -1]),
        ("bump", [(0, 0), (0.35, 0), (0, -0.7)], [1, np.exp(-0.5), np.exp(-2)]),
        ("saddle", [(0, 0), (1, 0), (0, 1), (0.5, 0.5)], [0, 1, -1, 0]),
        ("ripple", [(0, 0), (1 / 3, 0), (0, 2 / 3), (1, 0)], [1, -1, 1, -1]),
    ],
)
def test_a_relief_has_its_height_where_the_formula_says(shape, places, values):
    np.testing.assert_allclose(Relief(shape=shape).value(np.array(places, float)), values, atol=1e-12)


def test_four_bumps_stand_against_each_other():
    at = np.array([(0.5, 0.5), (-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.0, 0.0), (0.3, 0.0)])
    heights = Relief(shape="bumps").value(at)
    np.testing.assert_allclose(heights[:2], -heights[2:4])
    assert 0.9 < heights[0] < 1
    np.testing.assert_allclose(heights[4:], 0, atol=1e-12)


@pytest.mark.parametrize("source", [Wave(samples=2000), Relief(samples=2000)])
def test_inputs_fill_the_range_and_values_are_the_function_of_them(source):
    data = made(source)
    assert np.abs(data.inputs.mean(axis=0)).max() < 0.05
    assert data.inputs.std(axis=0) == pytest.approx(np.full(source.variables, 1 / np.sqrt(3)), rel=0.05)
    errors = data.targets[:, 0] - source.value(data.inputs)
    assert errors.std() == pytest.approx(source.noise, rel=0.08)
