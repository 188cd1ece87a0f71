"""Theory of linear methods against what they do: where they are stable, and that nothing contracts faster than the best."""

import dataclasses

import numpy as np
import pytest

from simulations.documents.race import RacerSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.maps import finish, sweep
from simulations.racing.theory import THEORIES, curvature_of, factor, is_bare, largest_rate, theory_of
from simulations.surfaces.base import SURFACES

load()

BOWLS = ["sphere", "ravine", "rotated_quadratic", "booth", "matyas", "trid"]


def size_after(surface, method, start, steps):
    end = finish(surface, method, np.array([start]), steps)
    return float(surface.distance_to_minimum(end)[0])


@pytest.mark.parametrize("kind", THEORIES)
@pytest.mark.parametrize("bowl", BOWLS)
def test_the_largest_stable_rate_is_where_theory_says(kind, bowl):
    surface = SURFACES[bowl]()
    method = OPTIMIZERS[kind]()
    limit = float(largest_rate(method, curvature_of(surface, surface.start)))
    rates = limit * np.array([0.97, 0.99, 1.01, 1.03])
    found = sweep(surface, method, surface.start, {"learning_rate": rates}, 4000)
    start_gap = surface.value(np.array(surface.start)) - surface.minima[0].value
    gaps = found.values - surface.minima[0].value
    assert (gaps[:2] < start_gap).all()
    assert not (gaps[2:] < start_gap).any()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("kind", ["momentum", "nesterov"])
def test_the_limit_follows_the_momentum(kind, share):
    surface = SURFACES["rotated_quadratic"]()
    bowl = curvature_of(surface, surface.start)
    for side, is_stable in ((0.98, True), (1.02, False)):
        method = OPTIMIZERS[kind](momentum=share)
        method = dataclasses.replace(method, learning_rate=side * float(largest_rate(method, bowl)))
        assert (factor(method, bowl) < 1) is is_stable
        assert (size_after(surface, method, surface.start, 3000) < 1) is is_stable


@pytest.mark.parametrize("kind", THEORIES)
def test_no_other_numbers_contract_faster_than_the_best(kind):
    surface = SURFACES["rotated_quadratic"]()
    bowl = curvature_of(surface, surface.start)
    best = THEORIES[kind].best(bowl.low, bowl.high)
    method = dataclasses.replace(OPTIMIZERS[kind](), **best.numbers)
    assert factor(method, bowl) == pytest.approx(best.factor, rel=1e-6)
    for name, value in best.numbers.items():
        for nudge in (0.9, 0.98, 1.02, 1.1):
            other = dataclasses.replace(method, **{name: min(value * nudge, 0.9999)})
            assert factor(other, bowl) > best.factor


@pytest.mark.parametrize("kind", THEORIES)
def test_the_factor_is_the_rate_at_which_paths_shrink(kind):
    surface = SURFACES["rotated_quadratic"](condition=20.0)
    bowl = curvature_of(surface, surface.start)
    method = OPTIMIZERS[kind](learning_rate=0.02)
    first, later = (size_after(surface, method, surface.start, steps) for steps in (200, 400))
    assert (later / first) ** (1 / 200) == pytest.approx(factor(method, bowl), rel=0.01)


def test_a_quadratic_is_told_from_what_is_one_near_its_minimum_only():
    for kind in BOWLS:
        assert curvature_of(SURFACES[kind](), (0.0, 0.0)).is_everywhere
    himmelblau = SURFACES["himmelblau"]()
    found = curvature_of(himmelblau, (3.5, -2.0))
    assert not found.is_everywhere
    assert np.hypot(found.place[0] - 3.584428, found.place[1] + 1.848126) < 1e-5
    expected = np.linalg.eigvalsh(himmelblau.hessian(np.array(found.place)))
    np.testing.assert_allclose([found.low, found.high], expected, rtol=1e-9)
    bowl = curvature_of(SURFACES["rotated_quadratic"](condition=50.0, angle=77.0), (1.0, 1.0))
    assert bowl.condition == pytest.approx(50.0)


def test_every_surface_has_an_answer_or_none():
    for entry in SURFACES:
        surface = SURFACES[entry.kind]()
        found = curvature_of(surface, surface.start)
        assert found is None or (0 <= found.low <= found.high and found.high > 0)


def test_theory_speaks_of_bare_linear_methods_only():
    assert theory_of(OPTIMIZERS["adam"]()) is None
    bare = RacerSpec(OPTIMIZERS["momentum"]())
    assert is_bare(bare)
    assert not is_bare(dataclasses.replace(bare, batch_size=8))
