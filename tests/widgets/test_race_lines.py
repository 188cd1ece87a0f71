"""Lines of paths: inside the plane wherever the points are, thinned without being seen to be, dashed by the way walked."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from simulations.surfaces.base import Box
from widgets.plots.plane_frame import Frame
from widgets.plots.race_lines import clipped, dashed, distances, paths_in, pixels
from widgets.plots.race_viewpoint import Viewpoint

PLANE = QRectF(40, 10, 400, 300)
FRAME = Frame(PLANE, QRectF(), (-4.0, 4.0, -3.0, 3.0))
BOUNDS = (40 - 1e-9, 440 + 1e-9, 10 - 1e-9, 310 + 1e-9)


def inside(rows: np.ndarray) -> bool:
    x, y = rows[:, ::2], rows[:, 1::2]
    return bool((x >= BOUNDS[0]).all() and (x <= BOUNDS[1]).all() and (y >= BOUNDS[2]).all() and (y <= BOUNDS[3]).all())


def walk(seed: int, steps: int = 1000, racers: int = 12) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).normal(0, 0.15, (steps + 1, racers, 2)), axis=0)


def test_pixels_and_data_are_each_others_inverse() -> None:
    points = np.random.default_rng(0).uniform(-5, 5, (50, 2))
    places = pixels(FRAME, points)
    np.testing.assert_allclose(places, FRAME.places(points))
    back = [FRAME.data_at(QPointF(*place)) for place in places.tolist()]
    np.testing.assert_allclose(back, points, atol=1e-12)


def test_lines_stay_inside_the_plane_wherever_the_points_are() -> None:
    points = walk(0)
    wild = [1e300, -1e300, np.inf, -np.inf, np.nan, 1.7e308, -1.7e308]
    rng = np.random.default_rng(1)
    for value in wild:
        points[rng.integers(0, 1001, 40), rng.integers(0, 12, 40), rng.integers(0, 2, 40)] = value
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        paths = paths_in(FRAME, points)
    assert len(paths.rows) > 100
    assert np.isfinite(paths.rows).all()
    assert inside(paths.rows)


def test_a_line_from_far_away_crosses_the_plane_where_it_should() -> None:
    rows, seen = clipped(np.array([[-1e9, 160.0, 1e9, 160.0], [0, 0, 20, 5], [240, 60, 240, 1e300]]), PLANE)
    assert seen.tolist() == [True, False, True]
    np.testing.assert_allclose(rows, [[40, 160, 440, 160], [240, 60, 240, 310]], atol=1e-4)


def test_thinning_cannot_be_seen() -> None:
    angle = np.linspace(0, 2 * np.pi, 20_001)
    points = 2.5 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)[:, np.newaxis]
    paths = paths_in(FRAME, points)
    assert len(paths.rows) < 4_000
    places = pixels(FRAME, points[::50, 0])
    assert max(distances(paths.rows, *place).min() for place in places.tolist()) < 0.75


def test_who_stands_still_is_no_line_and_costs_nothing() -> None:
    paths = paths_in(FRAME, np.ones((5001, 3, 2)))
    assert not len(paths.rows)


@pytest.mark.parametrize("moment", [0, 1, 250, 999, 1000])
def test_what_was_run_and_what_is_to_come_are_the_whole_path(moment: int) -> None:
    paths = paths_in(FRAME, walk(2))
    for racer in range(12):
        both = np.concatenate([paths.of(racer, -1, moment), paths.of(racer, moment, 1000)])
        np.testing.assert_array_equal(both, paths.of(racer, -1, 1000))
    assert sum(len(paths.of(racer, -1, 1000)) for racer in range(12)) == len(paths.rows)


def test_the_nearest_step_of_a_path_is_found() -> None:
    points = walk(3, steps=30, racers=3) * 2
    paths = paths_in(FRAME, points)
    places = pixels(FRAME, points)
    seen = [(r, k) for r in range(3) for k in range(1, 30) if PLANE.contains(*places[k, r].tolist())]
    assert len(seen) > 20
    for racer, step in seen:
        found = paths.nearest(*places[step, racer].tolist(), [racer])
        assert found is not None
        assert found[:2] == (pytest.approx(0, abs=1e-6), racer)
        assert found[2] in (step, step + 1)


def test_dashes_cover_their_share_of_the_way() -> None:
    paths = paths_in(FRAME, walk(4, racers=1))
    rows = paths.rows
    length = np.hypot(*(rows[:, 2:] - rows[:, :2]).T).sum()
    dashes = dashed(rows, (6.0, 4.0))
    assert np.hypot(*(dashes[:, 2:] - dashes[:, :2]).T).sum() == pytest.approx(0.6 * length, abs=6)
    assert inside(dashes)


def test_a_straight_line_is_dashed_where_it_should_be() -> None:
    dashes = dashed(np.array([[0.0, 0, 13, 0], [13, 0, 25, 0]]), (4.0, 2.0, 1.0, 3.0))
    drawn = sorted(map(tuple, dashes[:, ::2].tolist()))
    np.testing.assert_allclose(drawn, [(0, 4), (6, 7), (10, 13), (13, 14), (16, 17), (20, 24)])


def test_a_path_across_the_plane_ten_thousand_times_has_a_bounded_number_of_dashes() -> None:
    rows = np.tile([[40.0, 10, 440, 310], [440, 310, 40, 10]], (5_000, 1))
    assert len(dashed(rows, (4.0, 4.0))) <= 40_000


@pytest.mark.parametrize("aspect", [0.6, 1.0, 1.9])
def test_an_even_view_holds_the_surfaces_and_has_one_scale(aspect: float) -> None:
    view = Box(-5, 10, 0, 15)
    box = Viewpoint().box(view, aspect)
    assert box.width / box.height == pytest.approx(aspect)
    assert box.x_low <= view.x_low
    assert box.x_high >= view.x_high
    assert box.y_low <= view.y_low + 1e-9
    assert box.y_high >= view.y_high - 1e-9


def test_what_is_under_the_pointer_stays_there_while_one_zooms() -> None:
    view = Box.square(6)
    box = Viewpoint().box(view, 1.5)
    near = Viewpoint().zoomed(view, box, 3.0, 2.0, -1.0).box(view, 1.5)
    assert near.width == pytest.approx(box.width / 3)
    assert (2.0 - near.x_low) / near.width == pytest.approx((2.0 - box.x_low) / box.width)
    assert (-1.0 - near.y_low) / near.height == pytest.approx((-1.0 - box.y_low) / box.height)


def test_zooming_ends_before_numbers_do() -> None:
    view = Box.square(1)
    viewpoint, box = Viewpoint(), Viewpoint().box(view, 1.0)
    for _ in range(200):
        viewpoint = viewpoint.zoomed(view, box, 10.0, 0.3, 0.3)
        box = viewpoint.box(view, 1.0)
    assert 0 < box.width < 1e-6
    assert box.x_low < 0.3 < box.x_high
