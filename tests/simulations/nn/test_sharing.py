"""What two threads share is the same to the bit as what one works out in turn, and what the formula says."""

import numpy as np
import pytest

from simulations.core.lanes import LANES, parts_of, shares
from simulations.core.products import pieces
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.dense import Dense
from simulations.nn.layers.flatten import Flatten
from simulations.nn.layers.relu import ReLU
from simulations.nn.network import Network

LARGE_DENSE = ([Dense(130), Dense(128)], (784,), 64)
CONVOLUTIONS = ([Conv2D(channels=16), Conv2D(channels=16)], (20, 20, 3), 32)
LARGE_IMAGES = ([Conv2D(channels=8, kernel=1), ReLU(), Flatten()], (28, 29, 1), 32)


def passes(layers, input_shape, n, dtype):
    network = Network(layers, input_shape, seed=3, dtype=dtype)
    tape = network.tape(n, training=False)
    rng = np.random.default_rng(5)
    x = rng.standard_normal((n, *input_shape)).astype(dtype)
    network.forward(x, tape)
    tape.d_outputs[...] = rng.standard_normal(tape.d_outputs.shape)
    network.backward(tape.d_outputs, tape)
    return network, tape, x


@pytest.mark.parametrize("case", [LARGE_DENSE, LARGE_IMAGES], ids=["dense", "images"])
def test_one_thread_and_two_agree_to_the_bit(case, monkeypatch):
    results = []
    for width in (1, 2):
        monkeypatch.setattr(LANES, "width", width)
        _, tape, _ = passes(*case, np.float32)
        results.append([tape.outputs[-1].tobytes(), tape.gradient.tobytes()])
    assert results[0] == results[1]


def test_a_large_dense_layer_is_x_times_w_plus_b_and_back():
    network, tape, x = passes(*LARGE_DENSE, np.float64)
    (first, second), (d_first, d_second) = network.views, tape.gradient_views
    hidden, d_hidden = x @ first["weight"] + first["bias"], tape.d_outputs @ second["weight"].T
    np.testing.assert_allclose(tape.outputs[0], hidden, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(tape.outputs[1], hidden @ second["weight"] + second["bias"], rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(d_second["weight"], hidden.T @ tape.d_outputs, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(d_second["bias"], tape.d_outputs.sum(axis=0), rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(d_first["weight"], x.T @ d_hidden, rtol=1e-11, atol=1e-10)


def test_many_numbers_go_through_a_relu_as_few_do():
    _, tape, _ = passes(*LARGE_IMAGES, np.float64)
    into, out = tape.outputs[0], tape.outputs[1]
    assert len(shares(out.T.shape)) == 2
    np.testing.assert_array_equal(out, np.where(into > 0, into, 0))
    np.testing.assert_array_equal(tape.output_gradients[0], np.where(into > 0, tape.output_gradients[1], 0))


@pytest.mark.parametrize("rows", [2, 3, 10, 17, 128, 785, 1000])
def test_the_parts_of_a_product_are_all_its_rows(rows):
    first, second = parts_of(rows)
    assert [*range(rows)[first], *range(rows)[second]] == list(range(rows))
    assert range(rows)[first]
    assert range(rows)[second]


@pytest.mark.parametrize(
    ("case", "across", "others"),
    [(LARGE_DENSE, 64, 784 * 130), (CONVOLUTIONS, 20 * 32, 16 * 3 * (3 * 16 + 1))],
    ids=["dense", "convolutions"],
)
def test_products_in_pieces_give_the_same_network_up_to_rounding(case, across, others, monkeypatch):
    gradients = {}
    for cut in (False, True):
        monkeypatch.setattr("simulations.core.products.has_small_kernels", lambda cut=cut: cut)
        assert (pieces(across, others, np.float32) > 1) is cut
        _, tape, _ = passes(*case, np.float32)
        gradients[cut] = tape.gradient.copy()
    scale = np.abs(gradients[False]).max()
    np.testing.assert_allclose(gradients[True], gradients[False], rtol=1e-3, atol=1e-5 * scale)
