"""Augmentation: the training part alone, each epoch anew, the same for every watcher, and what each kind does."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simulations.core.errors import DataError
from simulations.core.rng import stream
from simulations.data.augmentations.base import AUGMENTATIONS
from simulations.data.augmentations.cutout import Cutout
from simulations.data.augmentations.flip import Flip
from simulations.data.augmentations.noise import Noise
from simulations.data.augmentations.rotate import Rotate, turn_bilinear
from simulations.data.augmentations.shift import Shift
from simulations.data.pipeline import Batches, prepare
from simulations.documents.presets import load_preset
from simulations.families import load
from simulations.training.session import Session

load()
KINDS = AUGMENTATIONS.kinds()


def pictures(n=20, h=9, w=7, c=2, dtype=np.float32):
    return np.random.default_rng(0).random((n, h, w, c)).astype(dtype)


def changed(augmentation, x):
    result = x.copy()
    augmentation.apply(result, stream(0, "augment", 1, 2))
    return result


def augmented(spec, *augment):
    return dataclasses.replace(spec, data=dataclasses.replace(spec.data, augment=augment))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_augmentation_keeps_shape_and_dtype_and_is_the_same_for_the_same_place(kind, dtype):
    x, one = pictures(dtype=dtype), AUGMENTATIONS[kind]()
    first, again = changed(one, x), changed(one, x)
    assert (first.shape, first.dtype) == (x.shape, x.dtype)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, x)
    assert np.isfinite(first).all()


def test_shift_moves_whole_pictures_by_whole_pixels_and_repeats_the_edge():
    x = pictures()
    for before, after in zip(x, changed(Shift(2), x), strict=True):
        padded = np.pad(before, ((2, 2), (2, 2), (0, 0)), mode="edge")
        places = [(i, j) for i in range(5) for j in range(5)]
        assert any(np.array_equal(padded[i : i + 9, j : j + 7], after) for i, j in places)


def test_a_quarter_turn_is_numpys():
    x = pictures(h=8, w=8)
    turned = x.copy()
    turn_bilinear(turned, np.full(20, np.cos(np.pi / 2), np.float32), np.full(20, np.sin(np.pi / 2), np.float32))
    np.testing.assert_allclose(turned, np.rot90(x, 1, axes=(1, 2)), atol=1e-5)


def test_rotation_interpolates_between_the_four_pixels_around():
    x, angle = pictures(n=1, c=1), 0.3
    turned = x.copy()
    turn_bilinear(turned, np.array([np.cos(angle)], np.float32), np.array([np.sin(angle)], np.float32))
    i, j = 5, 2
    row = np.clip(np.cos(angle) * (i - 4) + np.sin(angle) * (j - 3) + 4, 0, 8)
    column = np.clip(np.cos(angle) * (j - 3) - np.sin(angle) * (i - 4) + 3, 0, 6)
    r, c = int(row), int(column)
    a, b = row - r, column - c
    wanted = (1 - a) * ((1 - b) * x[0, r, c] + b * x[0, r, c + 1]) + a * (
        (1 - b) * x[0, r + 1, c] + b * x[0, r + 1, c + 1]
    )
    np.testing.assert_allclose(turned[0, i, j], wanted, rtol=1e-5)


@pytest.mark.parametrize(("direction", "axis"), [("sideways", 1), ("upside_down", 0)])
def test_flip_mirrors_about_half_of_the_pictures(direction, axis):
    x = pictures(n=400)
    after = changed(Flip(direction), x)
    flipped = [np.array_equal(np.flip(a, axis), b) for a, b in zip(x, after, strict=True)]
    kept = [np.array_equal(a, b) for a, b in zip(x, after, strict=True)]
    assert sum(flipped) + sum(kept) == 400
    assert 150 < sum(flipped) < 250


def test_noise_has_the_deviation_it_says():
    x = pictures(n=500)
    assert (changed(Noise(0.3), x) - x).std() == pytest.approx(0.3, rel=0.02)


def test_cutout_wipes_one_square_and_nothing_else():
    x = pictures() + 1
    after = changed(Cutout(3), x)
    for before, one in zip(x, after, strict=True):
        wiped = (one == 0).all(axis=-1)
        rows, columns = np.flatnonzero(wiped.any(axis=1)), np.flatnonzero(wiped.any(axis=0))
        assert wiped.sum() == len(rows) * len(columns)
        assert 1 <= len(rows) <= 3
        assert 1 <= len(columns) <= 3
        np.testing.assert_array_equal(one[~wiped], before[~wiped])


def test_every_epoch_is_new_and_can_be_replayed_and_validation_is_left_alone():
    spec = load_preset("digits-cnn").spec
    prepared = prepare(spec.data, 0)
    plain = Batches(prepared, 32, 0)
    batches = Batches(prepared, 32, 0, (Noise(0.1), Rotate()))
    steps = plain.steps_per_epoch
    first = batches.at(0)[0].copy()
    assert not np.array_equal(first, plain.at(0)[0])
    later = batches.at(steps)[0].copy()
    inside = batches.at(3)[0].copy()
    np.testing.assert_array_equal(batches.at(0)[0], first)
    again = Batches(prepared, 32, 0, (Noise(0.1), Rotate()))
    np.testing.assert_array_equal(again.at(3)[0], inside)
    np.testing.assert_array_equal(again.at(steps)[0], later)
    np.testing.assert_array_equal(again.at(steps)[1], plain.at(steps)[1])
    assert prepare(augmented(spec, Noise()).data, 0).hash == prepared.hash
    assert batches.hash != plain.hash


def test_an_augmented_run_is_the_same_for_every_watcher():
    spec = augmented(load_preset("digits-cnn").spec, Shift(1), Noise(0.2))
    alone, watched = Session(spec), Session(spec)
    for _ in range(60):
        alone.take_step()
        watched.take_step()
        watched.probe_tape()
        watched._batches.at(0)
    np.testing.assert_array_equal(alone.network.theta, watched.network.theta)


def test_augmenting_a_run_keeps_the_network_and_the_data():
    spec = load_preset("digits-cnn").spec
    session = Session(spec)
    data = session.data
    session.take_step()
    session.apply(augmented(spec, Cutout()))
    assert (session.run, session.step) == (1, 1)
    assert session.data is data


def test_points_cannot_be_turned_but_they_can_tremble():
    spec = load_preset("spiral-mlp").spec
    with pytest.raises(DataError, match="Rotate needs pictures, but a sample is 2: remove the augmentation"):
        Session(augmented(spec, Rotate()))
    session = Session(augmented(spec, Noise()))
    session.take_step()
    assert session.step == 1
