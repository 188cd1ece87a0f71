"""Sequences: every target is where and what the task says, and a guess without memory is as bad as the text claims."""

import numpy as np
import pytest

from simulations.core.errors import DataError
from simulations.core.rng import stream
from simulations.data.pipeline import prepare
from simulations.data.sequences import Adding, Copy, Echo, NextValue
from simulations.documents.experiment import DataSpec


def made(source):
    return source.generate(stream(0, "data"))


@pytest.mark.parametrize("length", [4, 7, 20])
def test_adding_marks_one_number_of_each_half_and_asks_for_their_sum(length):
    data = made(Adding(samples=500, length=length))
    numbers, marks = data.inputs[..., 0], data.inputs[..., 1].astype(bool)
    assert (marks[:, : length // 2].sum(axis=1) == 1).all()
    assert (marks[:, length // 2 :].sum(axis=1) == 1).all()
    np.testing.assert_allclose(data.targets[:, 0], numbers[marks].reshape(500, 2).sum(axis=1))
    assert marks.any(axis=0).all(), "every step is marked sometimes"


def test_who_always_says_one_to_the_adding_problem_is_wrong_by_the_root_of_a_sixth():
    data = made(Adding(samples=10_000))
    assert np.sqrt(np.mean((data.targets - 1) ** 2)) == pytest.approx(np.sqrt(1 / 6), rel=0.02)


@pytest.mark.parametrize(("length", "lag", "symbols"), [(1, 0, 2), (3, 5, 4), (10, 50, 8)])
def test_copy_says_the_symbols_again_exactly_after_the_lag(length, lag, symbols):
    data = made(Copy(samples=300, length=length, lag=lag, symbols=symbols))
    said = data.inputs[:, :length, :symbols].argmax(axis=2)
    np.testing.assert_array_equal(data.inputs[:, :length, :symbols].sum(axis=2), 1)
    np.testing.assert_array_equal(data.targets[:, length + lag :], said + 1)
    np.testing.assert_array_equal(data.targets[:, : length + lag], 0)
    assert np.bincount(said.ravel(), minlength=symbols).min() > 0
    signal = data.inputs[..., symbols]
    np.testing.assert_array_equal(signal.argmax(axis=1), length + lag)
    assert data.inputs.sum() == 300 * (length + 1), "between the symbols and the signal nothing is said"


def test_the_next_value_is_the_next_input_and_follows_its_own_sine():
    """sin obeys x_{t+1} = 2·cos(ω)·x_t − x_{t−1}: one number ω explains a whole sequence."""
    data = made(NextValue(samples=50, length=25, noise=0.0))
    np.testing.assert_array_equal(data.inputs[:, 1:], data.targets[:, :-1])
    x, after = data.inputs[..., 0], data.targets[..., 0]
    twice_cos = ((after + np.roll(x, 1, 1)) * x)[:, 1:].sum(axis=1) / (x**2)[:, 1:].sum(axis=1)
    omega = np.arccos(twice_cos / 2)
    np.testing.assert_allclose(after[:, 1:], twice_cos[:, None] * x[:, 1:] - x[:, :-1], atol=1e-9)
    assert (omega * 25 / (2 * np.pi) > 0.5).all()
    assert (omega * 25 / (2 * np.pi) < 2.0).all()


@pytest.mark.parametrize("lag", [1, 3, 19])
def test_an_echo_comes_back_exactly_after_the_lag(lag):
    data = made(Echo(samples=100, lag=lag))
    np.testing.assert_array_equal(data.targets[:, lag:], data.inputs[:, :-lag])
    np.testing.assert_array_equal(data.targets[:, :lag], 0)
    assert data.inputs.std() == pytest.approx(1 / np.sqrt(3), rel=0.05)


def test_an_echo_that_would_come_after_the_end_is_refused_in_words():
    with pytest.raises(DataError, match="there is nothing to learn"):
        prepare(DataSpec(Echo(length=10, lag=12)), seed=0)
