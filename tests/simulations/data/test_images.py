"""Drawn images: ink is area, figures move and turn without leaving the image, and nothing but the figure tells its class."""

import numpy as np
import pytest

from simulations.core.rng import stream
from simulations.data.images import LARGEST, Bars, Shapes


def ink(source):
    data = source.generate(stream(0, "data"))
    return data.inputs[..., 0], data.targets


@pytest.mark.parametrize("size", [16, 24, 32])
def test_every_figure_has_the_area_it_was_given(size):
    """The largest figures only, so that the area is known: (0.55·size)² pixels, whatever the class, place and turn."""
    images, targets = ink(Shapes(samples=300, size=size, classes=5, smallest=LARGEST, turn=180.0, noise=0.0))
    for k in range(5):
        assert images[targets == k].sum(axis=(1, 2)).mean() == pytest.approx((LARGEST * size) ** 2, rel=0.02)


@pytest.mark.parametrize("size", [16, 28, 32])
def test_figures_do_not_touch_the_edge(size):
    images, _targets = ink(Shapes(samples=500, size=size, classes=5, turn=180.0, noise=0.0))
    edges = [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]]
    assert max(edge.max() for edge in edges) < 0.75


def test_edges_are_smooth_and_figures_are_filled():
    images, _targets = ink(Shapes(samples=200, size=32, noise=0.0))
    assert images.min() == 0
    assert images.max() == 1
    partly = np.mean((images > 0.02) & (images < 0.98), axis=(1, 2))
    assert 0.02 < partly.min() < partly.max() < 0.25


def test_a_square_turned_by_a_right_angle_is_itself():
    images, targets = ink(Shapes(samples=100, size=20, turn=0.0, noise=0.0, smallest=LARGEST))
    for k, figure in ((1, "square"), (3, "cross")):
        image = images[targets == k][0]
        rows, columns = image.any(axis=1), image.any(axis=0)
        profile = image.sum(axis=0)[columns], image.sum(axis=1)[rows]
        assert max(map(np.max, profile)) == pytest.approx(max(profile[0].max(), profile[1].max())), figure
        assert profile[0].max() == pytest.approx(profile[1].max(), abs=0.5), figure


def test_all_classes_have_equally_much_ink():
    images, targets = ink(Shapes(samples=5000, size=16, classes=5, noise=0.0))
    means = [images[targets == k].mean() for k in range(5)]
    assert max(means) / min(means) < 1.04


@pytest.mark.parametrize("thickness", [0.5, 1.0, 2.7])
def test_a_bar_has_its_thickness_to_a_fraction_of_a_pixel(thickness):
    images, _targets = ink(Bars(size=12, thickness=thickness, noise=0.0))
    np.testing.assert_allclose(images.sum(axis=(1, 2)), 12 * thickness)


def test_bars_run_across_the_whole_image_in_the_direction_of_their_class():
    images, targets = ink(Bars(size=9, bars=3, noise=0.0))
    assert (np.ptp(images[targets == 0], axis=2) == 0).all()
    assert (np.ptp(images[targets == 1], axis=1) == 0).all()
    assert images.max() <= 1
