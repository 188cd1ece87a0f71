"""What every data source promises, and what each one looks like."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulations.core.errors import DataError, SpecError
from simulations.core.params import hyperparameters, validate
from simulations.core.rng import stream
from simulations.data.base import DATA_SOURCES
from simulations.data.digits import COUNT, Digits
from simulations.data.pipeline import prepare
from simulations.data.toy import XOR, Checkerboard, Gaussians, Moons, Points, Rings, Spiral, apportioned
from simulations.documents.experiment import DataSpec
from simulations.families import load
from tests.simulations.drawn import configurations, made_sources

load()
MADE = made_sources()
KINDS = [entry.kind for entry in MADE]
TOYS = [entry.kind for entry in DATA_SOURCES if issubclass(entry.cls, Points)]


def having(name):
    """The kinds with a hyperparameter ``name``."""
    return [entry.kind for entry in MADE if name in {one.name for one in hyperparameters(entry.cls)}]


def make(source, seed=0):
    return source.generate(stream(seed, "data"))


def declared(source, name):
    return next(one for one in hyperparameters(source) if one.name == name)


@pytest.mark.parametrize("kind", KINDS)
def test_samples_are_as_declared(kind):
    source = DATA_SOURCES[kind]()
    data = make(source)
    assert data.inputs.shape == (len(data), *source.input_shape)
    assert data.targets.shape == (len(data), *source.targets.shape)
    assert data.names == source.targets.names
    assert data.kind == source.targets.kind
    if data.kind == "classes":
        assert set(data.targets.ravel().tolist()) == set(range(len(source.targets.names)))
    assert np.isfinite(data.inputs).all()
    assert len(source.feature_names) == source.input_shape[-1]


@pytest.mark.parametrize("kind", having("samples"))
def test_there_are_as_many_samples_as_asked_for(kind):
    assert len(make(DATA_SOURCES[kind](samples=60))) == 60


@pytest.mark.parametrize("kind", KINDS)
def test_equal_seeds_make_equal_samples_and_others_do_not(kind):
    source = DATA_SOURCES[kind]()
    first, again, other = (make(source, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.inputs, again.inputs)
    np.testing.assert_array_equal(first.targets, again.targets)
    assert not np.array_equal(first.inputs, other.inputs)


@pytest.mark.parametrize("kind", KINDS)
def test_classes_come_mixed(kind):
    """The split takes the last samples, so a source that sorted its classes would validate on one class alone."""
    source = DATA_SOURCES[kind]()
    data = make(source)
    last = data.targets[-len(data) // 5 :]
    if data.kind == "classes":
        assert set(last.ravel().tolist()) == set(range(len(source.targets.names)))
    else:
        assert last.std() == pytest.approx(data.targets.std(), rel=0.25)


@pytest.mark.parametrize("kind", TOYS)
@pytest.mark.parametrize("count", [10, 101])
def test_classes_are_equally_large(kind, count):
    counts = np.bincount(make(DATA_SOURCES[kind](samples=count)).targets)
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("kind", having("samples"))
def test_no_samples_are_refused_in_words(kind):
    source = dataclasses.replace(DATA_SOURCES[kind](), samples=0)
    with pytest.raises(SpecError, match=r"samples: expected \d+…\d+, got 0"):
        validate(source)


@pytest.mark.parametrize("kind", having("samples"))
def test_the_smallest_set_can_be_trained_on(kind):
    source = DATA_SOURCES[kind]()
    fewest = int(declared(source, "samples").low)
    prepared = prepare(DataSpec(dataclasses.replace(source, samples=fewest)), seed=0)
    assert (len(prepared.train), len(prepared.validation)) == (fewest - fewest // 5, fewest // 5)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_whatever_is_in_range_is_made_as_declared_or_refused_in_words(kind, data):
    source = data.draw(configurations(DATA_SOURCES[kind]))
    if hasattr(source, "samples"):
        source = dataclasses.replace(source, samples=min(source.samples, 200))
    try:
        prepared = prepare(DataSpec(source), seed=0)
    except DataError:
        return
    assert prepared.train_inputs.shape[1:] == source.input_shape
    assert prepared.train_targets.shape[1:] == source.targets.shape
    assert prepared.train_inputs.dtype == np.float32
    assert prepared.train_targets.dtype.kind == ("f" if source.targets.kind == "values" else "i")
    assert np.isfinite(prepared.train_inputs).all()


@pytest.mark.parametrize("kind", TOYS)
def test_a_share_of_the_smallest_set_that_is_no_sample_is_refused_in_words(kind):
    with pytest.raises(DataError, match="None of the 10 samples is kept for validation"):
        prepare(DataSpec(DATA_SOURCES[kind](samples=10), validation_fraction=0.05), seed=0)


@pytest.mark.parametrize("kind", having("noise"))
def test_noise_moves_samples_as_far_as_it_says(kind):
    """The same seed with and without noise: inputs, or else the values to predict, differ by the declared standard
    deviation; classes not at all."""
    source = DATA_SOURCES[kind](samples=1000)
    quiet, loud = (make(dataclasses.replace(source, noise=noise)) for noise in (0.0, 0.5))
    if quiet.kind == "classes":
        np.testing.assert_array_equal(quiet.targets, loud.targets)
    moved = loud.inputs - quiet.inputs
    if not moved.any():
        moved = loud.targets - quiet.targets
    assert moved.std() == pytest.approx(0.5, rel=0.06)
    assert moved.mean() == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("kind", TOYS)
def test_points_without_noise_lie_about_one_unit_from_the_origin(kind):
    assert 0.7 < np.abs(make(DATA_SOURCES[kind](noise=0.0)).inputs).max() <= 1.2


@given(total=st.integers(10, 3000), count=st.integers(2, 8), imbalance=st.floats(1, 100))
def test_every_sample_is_apportioned_and_no_class_is_empty(total, count, imbalance):
    shares = Gaussians(classes=count, imbalance=imbalance).shares()
    counts = apportioned(total, shares)
    exact = total * np.array(shares) / sum(shares)
    assert counts.sum() == total
    assert counts.min() >= 1
    assert (np.diff(counts) <= 0).all()
    if exact.min() >= 1:
        assert np.abs(counts - exact).max() < 1


def test_the_first_cloud_is_as_many_times_as_large_as_imbalance_says():
    counts = np.bincount(make(Gaussians(samples=1111, classes=3, imbalance=100)).targets)
    assert counts.tolist() == [1001, 100, 10]


@pytest.mark.parametrize("spread", [0.5, 0.8, 2.0])
def test_overlapping_clouds_can_be_told_apart_no_better_than_their_distance_allows(spread):
    """Two clouds one unit left and right of the origin: the best rule, x > 0, is right in Φ(1/s) of the cases."""
    data = make(Gaussians(samples=20_000, classes=2, noise=spread))
    right = np.mean((data.inputs[:, 0] < 0) == (data.targets == 1))
    assert right == pytest.approx(0.5 * (1 + math.erf(1 / spread / math.sqrt(2))), abs=0.01)


@pytest.mark.parametrize("cells", [2, 3, 8])
def test_checkerboard_classes_are_the_colours_of_its_squares(cells):
    data = make(Checkerboard(samples=2000, cells=cells, noise=0.0))
    squares = np.floor((data.inputs + 1) / 2 * cells).astype(int)
    np.testing.assert_array_equal(squares.sum(axis=1) % 2, data.targets)
    assert len(np.unique(squares, axis=0)) == cells**2


@pytest.mark.parametrize("arms", [2, 3, 6])
def test_a_spiral_has_the_arms_it_was_given_each_turned_by_the_same_angle(arms):
    data = make(Spiral(samples=600, arms=arms, turns=0.5, noise=0.0))
    radius, angle = np.hypot(*data.inputs.T), np.arctan2(data.inputs[:, 1], data.inputs[:, 0])
    turned = (angle - 2 * np.pi * (0.5 * radius + data.targets / arms)) % (2 * np.pi)
    np.testing.assert_allclose(np.minimum(turned, 2 * np.pi - turned), 0, atol=1e-9)


def test_spiral_points_lie_on_their_arm():
    source = Spiral(arms=3, turns=1.5, noise=0.0)
    data = make(source)
    radius = np.hypot(*data.inputs.T)
    angle = 2 * np.pi * (source.turns * radius + data.targets / source.arms)
    np.testing.assert_allclose(data.inputs, np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), atol=1e-12)


def test_rings_have_the_radius_of_their_class():
    data = make(Rings(rings=4, noise=0.0))
    np.testing.assert_allclose(np.hypot(*data.inputs.T), (data.targets + 1) / 4)


def test_xor_classes_are_the_signs_of_the_product():
    data = make(XOR(noise=0.0))
    np.testing.assert_array_equal(data.inputs.prod(axis=1) < 0, data.targets == 1)
    quarters = {tuple(signs) for signs in np.sign(data.inputs).astype(int).tolist()}
    assert len(quarters) == 4


def test_gaussian_clouds_have_their_spread_around_their_centre():
    data = make(Gaussians(samples=20_000, classes=4, noise=0.3))
    for i, centre in enumerate([(1, 0), (0, 1), (-1, 0), (0, -1)]):
        cloud = data.inputs[data.targets == i]
        np.testing.assert_allclose(cloud.mean(axis=0), centre, atol=0.02)
        np.testing.assert_allclose(cloud.std(axis=0), 0.3, rtol=0.05)


def test_moons_lie_on_their_half_circles():
    data = make(Moons(noise=0.0))
    x, y = (data.inputs * 1.5 + [0.5, 0.25]).T
    upper, lower = data.targets == 0, data.targets == 1
    np.testing.assert_allclose(np.hypot(x[upper], y[upper]), 1)
    np.testing.assert_allclose(np.hypot(x[lower] - 1, y[lower] - 0.5), 1)
    assert (y[upper] >= 0).all()
    assert (y[lower] <= 0.5).all()


def test_all_digits_are_there_once():
    data = make(Digits())
    assert len(data) == COUNT
    assert data.inputs.min() == 0
    assert data.inputs.max() == 1
    assert np.bincount(data.targets).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_noise_never_reaches_the_stored_digits():
    before = make(Digits()).inputs.copy()
    make(Digits(noise=0.5))
    np.testing.assert_array_equal(make(Digits()).inputs, before)


@pytest.mark.oracle
def test_digits_are_scikit_learns():
    datasets = pytest.importorskip("sklearn.datasets")
    theirs = datasets.load_digits()
    data = make(Digits())
    ours = sorted(zip(data.inputs.reshape(-1, 64).tolist(), data.targets.tolist(), strict=True))
    assert ours == sorted(zip((theirs.data / 16).tolist(), theirs.target.tolist(), strict=True))
