"""What every registered surface promises, at its default parameters and at the ends of their ranges."""

import dataclasses

import numpy as np
import pytest

from simulations.core.params import from_json, hyperparameters, to_json
from simulations.families import load
from simulations.surfaces.base import SURFACES

load()


def variants():
    """Every surface as it is, and with each parameter at both ends of its range."""
    for entry in SURFACES:
        surface = entry.cls()
        yield pytest.param(surface, id=entry.kind)
        for one in hyperparameters(surface) if entry.kind != "formula" else ():  # whose edges must be in order
            ends = one.choices if one.kind == "choice" else (one.low, one.high) if one.kind in ("float", "int") else ()
            for end in ends:
                if one.name not in ("seed", "samples_drawn") and end != one.default:
                    yield pytest.param(
                        dataclasses.replace(surface, **{one.name: end}), id=f"{entry.kind} {one.name}={end}"
                    )


SURFACE_CASES = [pytest.param(entry.cls(), id=entry.kind) for entry in SURFACES]
VARIANTS = list(variants())
ANGLES = np.linspace(0, 2 * np.pi, 720, endpoint=False)
CIRCLE = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=-1)


def somewhere(surface, count, seed=0):
    box = surface.domain
    return np.random.default_rng(seed).random((count, 2)) * [box.width, box.height] + [box.x_low, box.y_low]


def rings(surface, point):
    """Points around ``point`` on circles of three sizes, those outside the domain left out; ``(n, 2)`` each."""
    box = surface.domain
    for radius in (1e-6, 1e-5, 1e-4):
        ring = point + radius * CIRCLE * [box.width, box.height]
        yield ring[box.contains(ring)]


@pytest.mark.parametrize("surface", SURFACE_CASES)
def test_it_shows_a_part_of_its_domain_and_starts_there(surface):
    view, domain = surface.view, surface.domain
    corners = np.array([[view.x_low, view.y_low], [view.x_high, view.y_high]])
    assert domain.contains(corners).all()
    assert view.contains(np.array(surface.start))


@pytest.mark.parametrize("surface", SURFACE_CASES)
def test_it_says_where_it_comes_from_and_what_it_teaches(surface):
    assert surface.citation
    assert surface.trap.endswith(".")


@pytest.mark.parametrize("surface", VARIANTS)
def test_it_survives_json(surface):
    assert from_json(SURFACES, to_json(surface)) == surface


@pytest.mark.parametrize("surface", VARIANTS)
def test_a_minimum_is_lower_than_what_surrounds_it(surface):
    for one in surface.minima:
        point = np.array([one.x, one.y])
        assert surface.domain.contains(point)
        assert surface.value(point) == one.value
        for ring in rings(surface, point):
            assert surface.value(ring).min() >= one.value - 1e-12 * (1 + abs(one.value))


@pytest.mark.parametrize("surface", VARIANTS)
def test_a_minimum_has_no_slope_and_no_curvature_downwards(surface):
    edges = np.array(list(surface.edges())).reshape(-1, 2)
    points = np.array([[one.x, one.y] for one in surface.minima if [one.x, one.y] not in edges.tolist()]).reshape(-1, 2)
    if not len(points):
        return
    size = np.abs(surface.gradient(somewhere(surface, 1000))).max()
    assert np.abs(surface.gradient(points)).max() <= 1e-9 * (1 + size)
    curvature = np.linalg.eigvalsh(surface.hessian(points))
    assert (curvature[:, 0] >= -1e-9 * (1 + np.abs(curvature).max(axis=1))).all()


@pytest.mark.parametrize("surface", VARIANTS)
def test_no_place_in_the_domain_is_lower_than_the_global_minimum(surface):
    lowest = surface.value(surface.domain.lattice(401, 401)).min()
    best = [one.value for one in surface.minima if one.is_global]
    if not best:
        assert surface.samples  # what data decide may lie outside the domain, or at infinity
        return
    assert lowest >= max(best) - 1e-9 * (1 + abs(lowest))
    assert all(one.value > min(best) for one in surface.minima if not one.is_global)


@pytest.mark.parametrize("surface", VARIANTS)
def test_a_saddle_is_flat_and_goes_up_one_way_and_down_another(surface):
    size = np.abs(surface.gradient(somewhere(surface, 1000))).max()
    for one in surface.saddles:
        point = np.array([one.x, one.y])
        assert np.abs(surface.gradient(point)).max() <= 1e-9 * (1 + size)
        around = np.concatenate([surface.value(ring) for ring in rings(surface, point)])
        assert around.min() < one.value < around.max()


@pytest.mark.parametrize("surface", VARIANTS)
def test_a_floor_is_as_low_as_the_global_minimum_all_along(surface):
    for floor in surface.floors():
        inside = floor[surface.domain.contains(floor)]
        np.testing.assert_allclose(surface.value(inside), surface.minima[0].value, atol=1e-9)
        assert np.abs(surface.distance_to_minimum(inside)).max() < 1e-12


@pytest.mark.parametrize("surface", SURFACE_CASES)
def test_many_points_are_answered_as_each_alone(surface):
    for shape in ((), (3, 4), (0,), (5000,)):
        points = somewhere(surface, int(np.prod(shape))).reshape(*shape, 2)
        answers = surface.value(points), surface.gradient(points), surface.hessian(points)
        assert [one.shape for one in answers] == [shape, (*shape, 2), (*shape, 2, 2)]
        for index in list(np.ndindex(shape))[-3:]:
            alone = surface.value(points[index]), surface.gradient(points[index]), surface.hessian(points[index])
            for one, together in zip(alone, answers, strict=True):
                size = 1 + np.abs(together[index]).max()
                np.testing.assert_allclose(together[index], one, rtol=1e-11, atol=1e-11 * size)


@pytest.mark.parametrize("surface", VARIANTS)
def test_no_slope_inside_the_domain_is_not_a_number(surface):
    """On a lattice that meets both axes, at the start, at every minimum: the places where roots and sizes have kinks."""
    extremes = [[one.x, one.y] for one in (*surface.minima, *surface.saddles)]
    tiny = [[s * 10.0**-k, t * 10.0**-k] for k in (1, 9, 30, 90) for s in (-1, 0, 1) for t in (-1, 0, 1)]
    points = np.concatenate([surface.domain.lattice(101, 101).reshape(-1, 2), [surface.start, *extremes, *tiny]])
    points = points[surface.domain.contains(points)]
    for answer in (surface.value(points), surface.gradient(points), surface.hessian(points)):
        assert np.isfinite(answer).all()


@pytest.mark.parametrize("surface", SURFACE_CASES)
def test_it_goes_on_outside_its_domain(surface):
    """Nothing is clamped: a step over the edge is seen as one."""
    box = surface.domain
    edge = np.array([[box.x_high, y] for y in np.linspace(box.y_low, box.y_high, 7)])
    beyond = edge + np.array([0.05 * box.width, 0])
    assert not box.contains(beyond).any()
    assert (np.abs(surface.value(beyond) - surface.value(edge)) + np.abs(surface.gradient(beyond)).max(axis=1)).any()


@pytest.mark.parametrize("surface", SURFACE_CASES)
def test_slopes_agree_with_differences_of_values(surface):
    """A second opinion, coarse but for every surface: central differences at points that are near no kink."""
    points = somewhere(surface, 400, seed=3)
    extent = np.array([surface.domain.width, surface.domain.height])
    for axis in (0, 1):
        step = np.zeros(2)
        step[axis] = 1e-5 * extent[axis]
        for near, slope in (
            (surface.value, surface.gradient(points)[..., axis]),
            (surface.gradient, surface.hessian(points)[..., axis]),
        ):
            difference = (near(points + step) - near(points - step)) / (2 * step[axis])
            error = np.abs(difference - slope) / (np.abs(slope) + 1e-3 * np.abs(slope).max() + 1e-9)
            assert np.median(error) < 1e-3


@pytest.mark.parametrize("surface", [one for one in SURFACE_CASES if one.id != "rnn_cliff"])  # that one is a trap
def test_the_suggested_rate_lets_gradient_descent_go_down(surface):
    point, rate = np.array(surface.start), surface.suggested_rate("gradient")
    values = [float(surface.value(point))]
    for _ in range(200):
        point = point - rate * surface.gradient(point)
        values.append(float(surface.value(point)))
    assert values[-1] < values[0]
    assert max(values) <= values[0]


@pytest.mark.parametrize("surface", SURFACE_CASES)
def test_colours_can_be_turned_back_into_values(surface):
    values = surface.value(surface.view.lattice(40, 40))
    transform = surface.color_transform
    colors = transform.apply(values)
    assert np.isfinite(colors).all()
    assert (np.argsort(colors, axis=None, kind="stable").size) == values.size
    np.testing.assert_allclose(transform.invert(colors), values, rtol=1e-9, atol=1e-9 * np.abs(values).max())
