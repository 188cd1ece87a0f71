"""Points drawn by hand: they travel in the document, keep their place while others come and go, and are capped."""

import dataclasses
import json

import numpy as np
import pytest

from simulations.core.errors import DataError, SpecError
from simulations.core.params import from_json, to_json
from simulations.core.rng import stream
from simulations.data.base import DATA_SOURCES
from simulations.data.drawn import MOST_POINTS, Drawn, PointSet
from simulations.data.pipeline import prepare
from simulations.documents.experiment import DataSpec


def made(source, seed=0):
    return source.generate(stream(seed, "data"))


def test_the_points_are_the_samples():
    points = PointSet(((0.5, -0.25, 1), (-1.0, 1.0, 0), (0.0, 0.125, 1)))
    data = made(Drawn(points=points))
    rows = {(*at, k) for at, k in zip(map(tuple, data.inputs.tolist()), data.targets.tolist(), strict=True)}
    assert rows == set(points.points)


def test_a_drawing_survives_json():
    source = Drawn(classes=3).__class__(classes=3, points=PointSet().with_point(0.1234567, -2.0, 2))
    again = from_json(DATA_SOURCES, json.loads(json.dumps(to_json(source))))
    assert again == source
    assert again.points.points == ((0.123, -1.0, 2),)


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        (3, "points: expected"),
        ({"x": [0.0], "y": [0.0]}, "points: expected"),
        ({"x": [0.0], "y": [], "class": []}, "three lists of one length"),
        ({"x": [0.0] * 3000, "y": [0.0] * 3000, "class": [0] * 3000}, "at most 2000"),
        ({"x": [0.0, 2.0], "y": [0.0, 0.0], "class": [0, 0]}, r"points\[1\]: expected"),
        ({"x": [0.0], "y": [float("nan")], "class": [0]}, r"points\[0\]: expected"),
        ({"x": [0.0], "y": [0.0], "class": [8]}, r"points\[0\]: expected"),
        ({"x": [0.0], "y": [0.0], "class": [1.5]}, r"points\[0\]: expected"),
        ({"x": [True], "y": [0.0], "class": [1]}, r"points\[0\]: expected"),
    ],
)
def test_what_is_no_drawing_is_refused_by_path(stored, message):
    with pytest.raises(SpecError, match=message):
        from_json(DATA_SOURCES, {"kind": "drawn", "points": stored})


def test_a_full_drawing_takes_no_more():
    full = PointSet(((0.0, 0.0, 0),) * MOST_POINTS)
    assert full.with_point(0.5, 0.5, 1) is full
    assert len(json.dumps(to_json(Drawn(points=full)), indent=2)) < 200_000


def test_the_rubber_takes_what_it_reaches():
    points = PointSet(((0.0, 0.0, 0), (0.3, 0.0, 1), (0.3, 0.4, 1)))
    assert points.without(0.0, 0.0, 0.31).points == ((0.3, 0.4, 1),)
    assert points.without(-1.0, -1.0, 0.1) is points


def test_a_new_point_hardly_changes_who_validates():
    source = Drawn()
    before, after = (prepare(DataSpec(one), 0) for one in (source, with_one_more(source)))
    kept = [set(map(tuple, one.dataset.inputs[one.validation].tolist())) for one in (before, after)]
    assert len(kept[0] - kept[1]) <= 1


def with_one_more(source):
    return dataclasses.replace(source, points=source.points.with_point(0.9, -0.9, 1))


def test_points_of_a_class_that_is_not_used_rest():
    points = PointSet(((0.0, 0.0, 0), (0.5, 0.0, 1), (0.3, 0.4, 2)))
    assert set(made(Drawn(classes=2, points=points)).targets.tolist()) == {0, 1}
    assert np.bincount(made(Drawn(classes=3, points=points)).targets).tolist() == [1, 1, 1]


@pytest.mark.parametrize("points", [PointSet(), PointSet(((0.0, 0.0, 0),) * 20)])
def test_nothing_and_a_single_class_are_refused_in_words(points):
    with pytest.raises(DataError):
        prepare(DataSpec(Drawn(points=points)), 0)


def test_an_empty_plane_invites_to_draw():
    with pytest.raises(DataError, match="Choose a class and paint"):
        made(Drawn(points=PointSet()))
