"""The distance to a curve looks at few of its pieces and misses none."""

from __future__ import annotations

import numpy as np
import pytest

from simulations.core.arrays import FloatArray
from simulations.surfaces.critical import distance_to_curve


def to_every_piece(points: FloatArray, curve: FloatArray) -> FloatArray:
    """The same, one piece after the other."""
    nearest = np.full(len(points), np.inf)
    for start, along in zip(curve[:-1], np.diff(curve, axis=0), strict=True):
        share = np.clip((points - start) @ along / (along @ along), 0, 1)
        nearest = np.minimum(nearest, np.hypot(*(points - start - share[:, np.newaxis] * along).T))
    return nearest


@pytest.mark.parametrize("spread", [0.1, 3.0, 1e4])
@pytest.mark.parametrize("corners", [2, 17, 100])
def test_no_nearer_piece_is_missed(corners: int, spread: float) -> None:
    rng = np.random.default_rng(corners)
    curve = rng.normal(size=(corners, 2)).cumsum(axis=0)
    points = rng.normal(scale=spread, size=(200, 2))
    np.testing.assert_allclose(distance_to_curve(points, curve), to_every_piece(points, curve), rtol=1e-12)


def test_points_that_ran_away_are_told_from_far_ones() -> None:
    curve = np.array([[0.0, 0.0], [1.0, 0.0]])
    with np.errstate(all="ignore"):
        found = distance_to_curve(np.array([[[np.nan, 0.0], [np.inf, 0.0]], [[1e300, 0.0], [0.5, 2.0]]]), curve)
    assert np.isnan(found[0]).all()
    assert found[1].tolist() == [1e300, 2.0]
