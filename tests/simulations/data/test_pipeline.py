"""The way from samples to batches: honest split, honest scaling, replayable order."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import pytest

from simulations.core.errors import DataError
from simulations.core.targets import Targets
from simulations.data.base import Dataset, DataSource
from simulations.data.digits import Digits
from simulations.data.pipeline import Batches, Scaler, prepare
from simulations.data.toy import Gaussians, Spiral
from simulations.documents.experiment import DataSpec


@dataclass(frozen=True)
class Given(DataSource):
    """A source that returns what it was given."""

    inputs: np.ndarray
    answers: np.ndarray
    input_shape = (2,)

    @property
    def targets(self):
        if self.answers.dtype.kind == "f":
            return Targets.values(("y", "z")[: self.answers.shape[-1]], self.answers.shape[1:-1])
        return Targets.classes(("A", "B"), self.answers.shape[1:])

    def generate(self, rng):
        return Dataset(self.inputs, self.answers, self.targets.names)


def given(n: int, targets=None) -> DataSpec:
    inputs = np.arange(2.0 * n).reshape(n, 2)
    return DataSpec(Given(inputs, np.arange(n) % 2 if targets is None else np.array(targets)))


@pytest.fixture(scope="module")
def digits():
    return prepare(DataSpec(Digits()), seed=3)


def test_no_sample_is_lost_or_in_both_parts(digits):
    together = np.sort(np.concatenate([digits.train, digits.validation]))
    np.testing.assert_array_equal(together, np.arange(1797))


def test_the_validation_share_is_kept(digits):
    assert len(digits.validation) == round(0.2 * 1797)


def test_scaled_inputs_are_the_raw_ones_through_the_scaler(digits):
    for indices, scaled in ((digits.train, digits.train_inputs), (digits.validation, digits.validation_inputs)):
        np.testing.assert_allclose(scaled, digits.scaler.apply(digits.dataset.inputs[indices], np.float64), rtol=1e-6)


def test_the_scaler_knows_the_training_part_only():
    spec = DataSpec(Gaussians(samples=100))
    prepared = prepare(spec, seed=0, dtype=np.float64)
    np.testing.assert_allclose(prepared.train_inputs.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(prepared.train_inputs.std(axis=0), 1, atol=1e-12)
    assert np.abs(prepared.validation_inputs.mean(axis=0)).max() > 1e-3


def test_pixels_of_an_image_share_their_statistics(digits):
    assert digits.scaler.mean.shape == digits.scaler.scale.shape == (1,)
    assert digits.train_inputs.mean() == pytest.approx(0, abs=1e-4)
    assert digits.train_inputs.std() == pytest.approx(1, abs=1e-4)


def test_a_feature_that_never_varies_is_only_shifted():
    inputs = np.array([[1.0, 0.1], [3.0, 0.1], [5.0, 0.1]])
    np.testing.assert_allclose(Scaler.fit(inputs).apply(inputs)[:, 1], 0, atol=1e-15)


@pytest.mark.parametrize("unit", [1e-155, 1e-185, 1e-300])
def test_a_feature_is_scaled_alike_in_every_unit_however_small(unit):
    inputs = np.array([[1.0, 0.1], [3.0, 0.4], [5.0, 0.3]])
    plain = Scaler.fit(inputs).apply(inputs, np.float64)
    faint = inputs * (unit, 1.0)
    np.testing.assert_allclose(Scaler.fit(faint).apply(faint, np.float64), plain, atol=1e-12)


@pytest.mark.parametrize("least", [5e-324, 1e-323])
def test_a_feature_that_varies_by_the_smallest_numbers_stays_finite(least):
    inputs = np.array([[0.0], [0.0], [0.0], [least]])
    assert np.isfinite(Scaler.fit(inputs).apply(inputs)).all()


def test_without_standardising_the_network_sees_data_units():
    prepared = prepare(dataclasses.replace(DataSpec(Spiral()), standardise=False), seed=0, dtype=np.float64)
    np.testing.assert_array_equal(prepared.train_inputs, prepared.dataset.inputs[prepared.train])


def test_ready_arrays_are_contiguous_float32_and_integers(digits):
    for inputs in (digits.train_inputs, digits.validation_inputs):
        assert inputs.dtype == np.float32
        assert inputs.flags.c_contiguous
    assert np.issubdtype(digits.train_targets.dtype, np.integer)


def test_equal_seeds_prepare_equal_data():
    first, second, other = (prepare(DataSpec(Spiral()), seed) for seed in (5, 5, 6))
    assert first.hash == second.hash != other.hash


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (given(0), "The data set has no samples"),
        (given(2), "None of the 2 samples is kept for validation"),
        (dataclasses.replace(given(1), validation_fraction=0.9), "none is left to train on"),
        (given(5, [1, 1, 1, 1, 0]), "All 4 training samples are of one class"),
    ],
)
def test_data_that_cannot_be_used_is_refused_in_words(spec, words):
    with pytest.raises(DataError, match=words):
        prepare(spec, seed=0)


def test_values_that_are_not_finite_are_refused():
    spec = given(10)
    spec.source.inputs[3, 1] = np.nan
    with pytest.raises(DataError, match="not finite"):
        prepare(spec, seed=0)


@pytest.mark.parametrize("size", [1, 7, 64, 400])
@pytest.mark.parametrize("source", [Spiral(), Digits(samples=500)], ids=["points", "images"])
def test_an_epoch_shows_every_training_sample_once(source, size):
    prepared = prepare(DataSpec(source), seed=0)
    batches = Batches(prepared, size, seed=0)
    for epoch in (0, 1):
        steps = range(epoch * batches.steps_per_epoch, (epoch + 1) * batches.steps_per_epoch)
        copies = [(x.copy(), y.copy()) for x, y in map(batches.at, steps)]
        x, y = (np.concatenate(part) for part in zip(*copies, strict=True))
        seen, wanted = (
            np.sort(_fingerprint(*pair)) for pair in ((x, y), (prepared.train_inputs, prepared.train_targets))
        )
        np.testing.assert_array_equal(seen, wanted)


def _fingerprint(x, y):
    return np.array([hash((row.tobytes(), int(target))) for row, target in zip(x, y, strict=True)])


def test_the_last_batch_holds_what_is_left():
    batches = Batches(prepare(DataSpec(Spiral(samples=200)), 0), 64, seed=0)
    assert [len(batches.at(step)[1]) for step in range(3)] == [64, 64, 32]
    assert batches.steps_per_epoch == 3


def test_batches_are_contiguous_and_belong_together():
    prepared = prepare(DataSpec(Digits()), 0)
    batches = Batches(prepared, 50, seed=0)
    for step in (0, 3, 28, 29, 100):
        x, y = batches.at(step)
        assert x.flags.c_contiguous
        assert x.dtype == np.float32
        first = np.flatnonzero((prepared.train_inputs == x[0]).all(axis=(1, 2, 3)))
        assert y[0] in prepared.train_targets[first]


def test_any_step_can_be_replayed_alone():
    prepared = prepare(DataSpec(Digits()), 0)
    forward, backward = Batches(prepared, 32, seed=1), Batches(prepared, 32, seed=1)
    steps = [0, 1, 44, 45, 46, 200]
    ahead = {step: forward.at(step)[0].copy() for step in steps}
    for step in reversed(steps):
        np.testing.assert_array_equal(backward.at(step)[0], ahead[step])


def test_every_epoch_has_its_own_order():
    batches = Batches(prepare(DataSpec(Spiral(samples=200)), 0), 160, seed=0)
    assert not np.array_equal(batches.at(0)[0].copy(), batches.at(1)[0])


def test_the_order_of_an_epoch_does_not_depend_on_the_batch_size():
    prepared = prepare(DataSpec(Spiral(samples=200)), 0)
    small, large = Batches(prepared, 40, seed=0), Batches(prepared, 80, seed=0)
    halves = np.concatenate([small.at(0)[0].copy(), small.at(1)[0].copy()])
    np.testing.assert_array_equal(halves, large.at(0)[0])


def test_the_hash_tells_seed_size_and_data_apart():
    prepared, noisy = (prepare(DataSpec(Spiral(noise=noise)), 0) for noise in (0.0, 0.1))
    hashes = [Batches(*one).hash for one in ((prepared, 32, 0), (prepared, 32, 1), (prepared, 16, 0), (noisy, 32, 0))]
    assert len(set(hashes)) == 4
    assert Batches(prepared, 32, 0).hash == hashes[0]


def test_a_batch_larger_than_the_training_part_is_refused_in_words():
    prepared = prepare(DataSpec(Spiral(samples=50)), 0)
    with pytest.raises(DataError, match="A batch of 64 is larger than the 40 training samples: lower the batch size"):
        Batches(prepared, 64, seed=0)
    assert Batches(prepared, 40, seed=0).steps_per_epoch == 1


def test_values_are_scaled_by_the_training_part_and_batched_whole():
    answers = np.random.default_rng(0).normal([50, -3], [10, 0.1], (40, 2))
    prepared = prepare(given(40, answers), seed=0)
    np.testing.assert_allclose(prepared.train_targets.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(prepared.train_targets.std(axis=0), 1, rtol=1e-5)
    np.testing.assert_allclose(prepared.target_scaler.undo(prepared.train_targets), answers[:32], rtol=1e-5)
    x, y = Batches(prepared, 8, seed=0).at(1)
    assert y.shape == (8, 2)
    chosen = [int(np.flatnonzero((prepared.train_inputs == row).all(axis=1))[0]) for row in x]
    np.testing.assert_array_equal(y, prepared.train_targets[chosen])


def test_values_that_never_change_are_refused():
    with pytest.raises(DataError, match="nothing to learn"):
        prepare(given(20, np.full((20, 1), 3.5)), seed=0)


def test_targets_that_are_not_finite_are_refused():
    answers = np.arange(20.0)[:, None]
    answers[3] = np.nan
    with pytest.raises(DataError, match="not finite"):
        prepare(given(20, answers), seed=0)
