"""Random streams are addressed, not consumed."""

import itertools

import numpy as np
import pytest

from simulations.core.rng import stream


def draw(*address) -> bytes:
    return stream(*address).standard_normal(8).tobytes()


def test_the_same_address_gives_the_same_numbers():
    assert draw(3, "batches", 7) == draw(3, "batches", 7)


def test_every_part_of_the_address_matters():
    addresses = [(0, "a"), (1, "a"), (0, "b"), (0, "a", 0), (0, "a", 1), (0, "a", 0, 0), (0, "a", 0, 1), (0, "a", 1, 0)]
    for one, other in itertools.combinations(addresses, 2):
        assert draw(*one) != draw(*other), (one, other)


def test_drawing_from_one_stream_does_not_move_another():
    kept = stream(0, "weights")
    first = kept.random(4)
    stream(0, "noise").random(1000)
    together = stream(0, "weights").random(8)
    np.testing.assert_array_equal(np.concatenate([first, kept.random(4)]), together)


def test_the_numbers_are_the_same_on_every_machine():
    assert stream(0, "weights").integers(0, 1000, 5).tolist() == GOLDEN


def test_streams_of_neighbouring_epochs_are_uncorrelated():
    x, y = (stream(0, "batches", epoch).standard_normal(20_000) for epoch in (0, 1))
    assert abs(np.corrcoef(x, y)[0, 1]) < 5 / np.sqrt(20_000)


def test_a_negative_position_is_refused():
    with pytest.raises(ValueError, match="non-negative"):
        stream(0, "batches", -1)


# NumPy promises stable streams of Philox and of Generator.integers within a bit generator's life (NEP 19); these are 2.4's.
GOLDEN = [6, 135, 649, 337, 2]
