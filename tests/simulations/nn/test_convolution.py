"""A convolution is the same sum however it is worked out: in one strip or two, on one thread or two, folded or gathered."""

import numpy as np
import pytest

from simulations.core.lanes import LANES
from simulations.nn.layers import convolution, strips
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.flatten import Flatten
from simulations.nn.network import Network

GEOMETRIES = [  # kernel, stride, padding, dilation, input channels, output channels
    (3, 1, "same", 1, 2, 3),
    (3, 1, "same", 1, 3, 2),
    (5, 1, "valid", 1, 2, 4),
    (3, 2, "same", 1, 2, 2),
    (2, 1, "same", 2, 2, 2),
    (3, 1, 2, 1, 2, 2),
    (3, 1, 4, 1, 2, 2),
    (1, 1, "valid", 1, 3, 2),
    (1, 2, 1, 1, 2, 2),
    (2, 3, "valid", 1, 2, 2),
]


@pytest.fixture(params=["one strip", "two strips"])
def _in_strips(request, monkeypatch):
    monkeypatch.setattr(strips, "WORTH_SHARING", 0 if request.param == "two strips" else 10**18)


def passes(geometry, *, n=3, size=(6, 7), dtype=np.float64):
    """Input, weights, output of the second convolution, and every gradient, from one pass both ways."""
    kernel, stride, padding, dilation, c, k = geometry
    layer = Conv2D(channels=k, kernel=kernel, stride=stride, padding=padding, dilation=dilation)
    network = Network([Conv2D(channels=c, kernel=1), layer, Flatten()], (*size, 2), seed=3, dtype=dtype)
    rng = np.random.default_rng(5)
    tape = network.tape(n, training=False)
    network.forward(rng.standard_normal((n, *size, 2)).astype(dtype), tape)
    tape.d_outputs[...] = rng.standard_normal(tape.d_outputs.shape)
    network.backward(tape.d_outputs, tape)
    weights, gradients = network.views[1], tape.gradient_views[1]
    return tape.outputs[0], weights, tape.outputs[1], gradients, tape.output_gradients[1], tape.output_gradients[0]


def by_definition(x, weight, bias, geometry):
    """The sum of the definition, one window cell at a time."""
    kernel, stride, padding, dilation, _, _ = geometry
    reach = dilation * (kernel - 1) + 1
    low = {"same": (reach - 1) // 2, "valid": 0}.get(padding, padding)
    high = {"same": reach - 1 - low, "valid": 0}.get(padding, padding)
    padded = np.pad(x, ((0, 0), (low, high), (low, high), (0, 0)))
    rows, columns = ((size - reach) // stride + 1 for size in padded.shape[1:3])
    y = np.zeros((len(x), rows, columns, weight.shape[-1])) + bias
    for a in range(kernel):
        for b in range(kernel):
            top, left = a * dilation, b * dilation
            seen = padded[
                :, top : top + (rows - 1) * stride + 1 : stride, left : left + (columns - 1) * stride + 1 : stride
            ]
            y += seen @ weight[a, b]
    return y


@pytest.mark.usefixtures("_in_strips")
@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_forward_is_the_sum_of_the_definition(geometry):
    x, weights, y, _, _, _ = passes(geometry)
    np.testing.assert_allclose(
        y, by_definition(x, weights["weight"], weights["bias"], geometry), rtol=1e-12, atol=1e-12
    )


@pytest.mark.usefixtures("_in_strips")
@pytest.mark.parametrize("geometry", GEOMETRIES)
@pytest.mark.parametrize("gathers", [False, True])
def test_backward_is_the_adjoint_of_forward(geometry, gathers, monkeypatch):
    monkeypatch.setattr(convolution, "_is_gathered", lambda found, _: gathers and convolution._has_adjoint(found))
    x, weights, y, gradients, dy, dx = passes(geometry)
    linear = np.vdot(y - weights["bias"], dy)
    np.testing.assert_allclose(np.vdot(x, dx), linear, rtol=1e-11)
    np.testing.assert_allclose(np.vdot(weights["weight"], gradients["weight"]), linear, rtol=1e-11)
    np.testing.assert_allclose(gradients["bias"], dy.sum(axis=(0, 1, 2)), rtol=1e-11)
    direction = np.random.default_rng(7).standard_normal(weights["weight"].shape)
    moved = by_definition(x, direction, 0.0, geometry)
    np.testing.assert_allclose(np.vdot(direction, gradients["weight"]), np.vdot(moved, dy), rtol=1e-9)
    nudge = np.random.default_rng(8).standard_normal(x.shape)
    moved = by_definition(nudge, weights["weight"], 0.0, geometry)
    np.testing.assert_allclose(np.vdot(nudge, dx), np.vdot(moved, dy), rtol=1e-9)


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_one_thread_and_two_agree_to_the_bit(geometry, monkeypatch):
    monkeypatch.setattr(strips, "WORTH_SHARING", 0)
    results = []
    for width in (1, 2):
        monkeypatch.setattr(LANES, "width", width)
        _, _, y, gradients, _, dx = passes(geometry, dtype=np.float32)
        results.append([y.tobytes(), dx.tobytes(), *(one.tobytes() for one in gradients.values())])
    assert results[0] == results[1]


def test_one_strip_and_two_differ_by_rounding_only(monkeypatch):
    found = []
    for worth in (0, 10**18):
        monkeypatch.setattr(strips, "WORTH_SHARING", worth)
        _, _, y, gradients, _, dx = passes(GEOMETRIES[0])
        found.append([y, dx, *gradients.values()])
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-13)
