"""Numbers that stand in the literature: where the minima are, how deep, how sharp, and how many."""

import numpy as np
import pytest

from simulations.surfaces.base import SURFACES

# kind: (global value, global minima to six decimals, 2/λmax there, condition number there)
GLOBAL = {
    "sphere": (0, [(0, 0)], 1, 1),
    "ravine": (0, [(0, 0)], 0.5, 20),
    "rotated_quadratic": (0, [(0, 0)], 0.04, 50),
    "booth": (0, [(1, 3)], 0.111, 9),
    "matyas": (0, [(0, 0)], 2, 25),
    "trid": (-2, [(2, 2)], 0.667, 3),
    "zakharov": (0, [(0, 0)], 0.444, 2.25),
    "rosenbrock": (0, [(1, 1)], 0.0020, 2508),
    "dixon_price": (0, [(1, 0.707107), (1, -0.707107)], 0.055, 20.5),
    "beale": (0, [(3, 0.5)], 0.041, 163),
    "freudenstein_roth": (0, [(5, 4)], 5.4e-4, 1286),
    "himmelblau": (0, [(3, 2), (-2.805118, 3.131313), (-3.77931, -3.283186), (3.584428, -1.848127)], 0.0243, 3.2),
    "three_hump_camel": (0, [(0, 0)], 0.453, 2.8),
    "six_hump_camel": (-1.0316285, [(0.089842, -0.712656), (-0.089842, 0.712656)], 0.121, 2.1),
    "mccormick": (-1.913223, [(-0.547198, -1.547198)], 0.5, 2.3),
    "goldstein_price": (3, [(0, -1)], 0.00207, 2.4),
    "branin": (0.397887, [(-3.141593, 12.275), (3.141593, 2.275), (9.424778, 2.475)], 0.0897, 25.4),
    "styblinski_tang": (-78.332331, [(-2.903534, -2.903534)], 0.058, 1),
    "bohachevsky": (0, [(0, 0)], 0.030, 2.3),
    "rastrigin": (0, [(0, 0)], 0.0050, 1),
    "ackley": (0, [(0, 0)], None, None),
    "griewank": (0, [(0, 0)], 2.0, 2),
    "levy": (0, [(1, 1)], 0.011, 90),
    "easom": (-1, [(np.pi, np.pi)], 0.667, 1),
    "drop_wave": (-1, [(0, 0)], None, None),
    "schaffer": (0, [(0, 0)], 1000, 1),
    "schwefel": (0, [(420.968746, 420.968746)], None, None),
    "eggholder": (-959.6406627, [(512, 404.231805)], None, None),
    "cross_in_tray": (-2.06261187, [(x, y) for x in (-1.349407, 1.349407) for y in (-1.349407, 1.349407)], None, None),
    "holder_table": (-19.2085026, [(x, y) for x in (-8.055023, 8.055023) for y in (-9.66459, 9.66459)], None, None),
    "bukin": (0, [(-10, 1)], None, None),
    "michalewicz": (-1.801303, [(2.202906, 1.570796)], 0.025, 2.5),
    "saddle": (-1, [(0, np.sqrt(2)), (0, -np.sqrt(2))], 0.5, 2),
    "monkey_saddle": (-6.75, [(-3, 0), (1.5, 2.598076), (1.5, -2.598076)], 0.074, 3),
    "plateau_hole": (0, [(0, 0)], 2, 1),
    "absolute": (0, [(0, 0)], None, None),
    "two_wells": (-2.063090, [(-0.936301, 0)], 0.064, 1.04),
}
HOW_MANY = {  # minima in the domain, saddles in the domain
    "himmelblau": (4, 4),
    "three_hump_camel": (3, 2),
    "six_hump_camel": (6, 7),
    "mccormick": (2, 1),
    "goldstein_price": (4, 4),
    "branin": (3, 2),
    "styblinski_tang": (4, 4),
    "bohachevsky": (25, 40),
    "rastrigin": (121, 220),
    "ackley": (121, 220),
    "griewank": (17, 24),
    "saddle": (2, 1),
    "monkey_saddle": (3, 1),
    "two_wells": (2, 1),
    "two_layers": (2, 1),
}
LOCAL = {
    "freudenstein_roth": [48.98425],
    "three_hump_camel": [0.298638, 0.298638],
    "six_hump_camel": [-0.215464, -0.215464, 2.10425, 2.10425],
    "mccormick": [1.22837],
    "goldstein_price": [30, 84, 840],
    "styblinski_tang": [-64.19561, -64.19561, -50.05889],
    "two_wells": [-1.092732],
}


@pytest.mark.parametrize("kind", GLOBAL)
def test_the_global_minima_are_where_the_literature_has_them(kind):
    value, places, _, _ = GLOBAL[kind]
    found = [one for one in SURFACES[kind]().minima if one.is_global]
    assert all(one.value == pytest.approx(value, abs=6e-7) for one in found)
    assert sorted((round(one.x, 4) + 0.0, round(one.y, 4) + 0.0) for one in found) == sorted(
        (round(x, 4) + 0.0, round(y, 4) + 0.0) for x, y in places
    )


@pytest.mark.parametrize("kind", [kind for kind, one in GLOBAL.items() if one[2]])
def test_the_limit_of_stability_and_the_condition_number_are_as_measured(kind):
    _, places, limit, condition = GLOBAL[kind]
    low, high = np.linalg.eigvalsh(SURFACES[kind]().hessian(np.array(places[0], float)))
    assert 2 / high == pytest.approx(limit, rel=0.05)
    assert high / low == pytest.approx(condition, rel=0.05)


@pytest.mark.parametrize("kind", HOW_MANY)
def test_every_minimum_and_every_saddle_is_found(kind):
    surface = SURFACES[kind]()
    assert (len(surface.minima), len(surface.saddles)) == HOW_MANY[kind]


@pytest.mark.parametrize("kind", LOCAL)
def test_local_minima_are_as_deep_as_the_literature_has_them(kind):
    found = [one.value for one in SURFACES[kind]().minima if not one.is_global]
    np.testing.assert_allclose(found, LOCAL[kind], rtol=1e-5)


def test_the_degenerate_minimum_has_no_curvature_along_one_axis():
    np.testing.assert_allclose(np.linalg.eigvalsh(SURFACES["flower"]().hessian(np.zeros(2))), [0, 4], atol=1e-15)


def test_the_product_valley_is_as_sharp_as_its_weights_are_large():
    surface = SURFACES["product_valley"]()
    x = np.array([0.5, 1.0, -2.0])
    points = np.stack([x, 1 / x], axis=-1)
    sharpness = np.linalg.eigvalsh(surface.hessian(points))[:, 1]
    np.testing.assert_allclose(sharpness, 2 * (points**2).sum(axis=1), rtol=1e-14)


def test_the_distance_to_a_curve_of_minima_is_that_to_its_nearest_point():
    surface = SURFACES["product_valley"]()
    away = 0.3 * np.array([1, 1])
    assert surface.distance_to_minimum(np.array([1.0, 1.0]) + away) == pytest.approx(np.hypot(*away), rel=1e-4)


def test_four_fifths_of_easom_have_no_slope():
    slope = SURFACES["easom"]().gradient(SURFACES["easom"]().domain.lattice(400, 400))
    assert (np.hypot(slope[..., 0], slope[..., 1]) < 1e-6).mean() == pytest.approx(0.79, abs=0.01)


def test_the_cliff_is_ten_thousand_times_as_steep_as_the_plain():
    surface = SURFACES["rnn_cliff"]()
    slope = np.hypot(*np.moveaxis(surface.gradient(surface.domain.lattice(400, 400)), -1, 0))
    assert slope.max() > 1e4 * np.median(slope)
    assert np.median(slope) == pytest.approx(0.088, abs=0.01)
