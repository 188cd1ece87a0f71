"""First weights have the width their papers ask for, and it keeps signals alive."""

import dataclasses
import math

import numpy as np
import pytest

from simulations.core.rng import stream
from simulations.families import load
from simulations.nn.initializers.base import INITIALIZERS
from simulations.nn.initializers.bilinear import Bilinear
from simulations.nn.initializers.constant import Constant
from simulations.nn.initializers.he import HeNormal, HeUniform
from simulations.nn.initializers.identity import IdentityMatrix
from simulations.nn.initializers.lecun import LeCunNormal, LeCunUniform
from simulations.nn.initializers.normal import Normal
from simulations.nn.initializers.orthogonal import Orthogonal
from simulations.nn.initializers.positive_unit_ball import PositiveUnitBall
from simulations.nn.initializers.truncated_normal import TruncatedNormal
from simulations.nn.initializers.uniform import Uniform
from simulations.nn.initializers.xavier import XavierNormal, XavierUniform
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import LAYERS
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.conv_transpose2d import ConvTranspose2D
from simulations.nn.layers.locally_connected2d import LocallyConnected2D
from simulations.nn.layers.lstm import LSTM
from simulations.nn.layers.upsample2d import Upsample2D
from simulations.nn.network import Network

load()
FAN_IN, FAN_OUT = 300, 200
SHAPE = (FAN_IN, FAN_OUT)
CASES = [
    (Zeros(), 0.0),
    (Normal(std=0.3), 0.3),
    (Uniform(limit=0.3), 0.3 / math.sqrt(3)),
    (XavierNormal(), math.sqrt(2 / (FAN_IN + FAN_OUT))),
    (XavierUniform(), math.sqrt(2 / (FAN_IN + FAN_OUT))),
    (XavierNormal(gain=5 / 3), 5 / 3 * math.sqrt(2 / (FAN_IN + FAN_OUT))),
    (XavierUniform(gain=5 / 3), 5 / 3 * math.sqrt(2 / (FAN_IN + FAN_OUT))),
    (HeNormal(), math.sqrt(2 / FAN_IN)),
    (HeUniform(), math.sqrt(2 / FAN_IN)),
    (HeNormal(fan="out"), math.sqrt(2 / FAN_OUT)),
    (HeUniform(fan="out"), math.sqrt(2 / FAN_OUT)),
    (HeNormal(negative_slope=0.2), math.sqrt(2 / (1.04 * FAN_IN))),
    (HeUniform(negative_slope=math.sqrt(5)), math.sqrt(1 / (3 * FAN_IN))),
    (HeNormal(fan="average"), math.sqrt(4 / (FAN_IN + FAN_OUT))),
    (XavierUniform(fan="in"), math.sqrt(1 / FAN_IN)),
    (XavierNormal(fan="out"), math.sqrt(1 / FAN_OUT)),
    (LeCunNormal(), math.sqrt(1 / FAN_IN)),
    (LeCunUniform(), math.sqrt(1 / FAN_IN)),
    (LeCunNormal(fan="average"), math.sqrt(2 / (FAN_IN + FAN_OUT))),
    (LeCunUniform(fan="out"), math.sqrt(1 / FAN_OUT)),
    (TruncatedNormal(std=0.3), 0.3 * 0.879626),  # √(1 − 2·2·φ(2)/(Φ(2) − Φ(−2)))
]
ALWAYS_ALIKE = {"zeros", "constant", "identity", "bilinear"}


def draw(initializer, shape=SHAPE, seed=0):
    return initializer.draw(shape, FAN_IN, FAN_OUT, stream(seed, "test"))


@pytest.mark.parametrize(("initializer", "std"), CASES, ids=repr)
def test_its_standard_deviation_is_the_formulas(initializer, std):
    values = draw(initializer)
    assert values.std() == pytest.approx(std, rel=0.02)  # 60 000 draws: 0.3 % is one standard error
    assert abs(values.mean()) <= 5 * std / math.sqrt(values.size)


@pytest.mark.parametrize(("initializer", "std"), [c for c in CASES if "Uniform" in repr(c[0])], ids=repr)
def test_even_draws_end_at_their_limit(initializer, std):
    largest = np.abs(draw(initializer)).max()
    assert largest <= math.sqrt(3) * std * (1 + 1e-12)
    assert largest >= 0.999 * math.sqrt(3) * std


@pytest.mark.parametrize(
    ("initializer", "std"), [c for c in CASES if "Normal" in repr(c[0]) and "Trunc" not in repr(c[0])], ids=repr
)
def test_gaussian_draws_have_gaussian_tails(initializer, std):
    outside = (np.abs(draw(initializer)) > 2 * std).mean()
    assert outside == pytest.approx(0.0455, abs=0.005)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("initializer", "name", "settings"),
    [
        (XavierNormal(gain=2.0), "xavier_normal_", {"gain": 2.0}),
        (XavierUniform(gain=2.0), "xavier_uniform_", {"gain": 2.0}),
        (HeNormal(fan="out", negative_slope=0.1), "kaiming_normal_", {"mode": "fan_out", "a": 0.1}),
        (HeUniform(negative_slope=0.1), "kaiming_uniform_", {"mode": "fan_in", "a": 0.1}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_width_is_torchs(initializer, name, settings):
    torch = pytest.importorskip("torch")
    theirs = torch.empty(FAN_OUT, FAN_IN, dtype=torch.float64)  # torch keeps weights (out, in)
    torch.manual_seed(0)
    if name.startswith("kaiming"):
        settings = settings | {"nonlinearity": "leaky_relu"}
    getattr(torch.nn.init, name)(theirs, **settings)
    assert draw(initializer).std() == pytest.approx(theirs.std().item(), rel=0.02)


@pytest.mark.parametrize("kind", INITIALIZERS.kinds())
def test_it_draws_the_asked_shape_in_float64_from_the_given_stream_only(kind):
    initializer = INITIALIZERS[kind]()
    for shape in ((3,), (5, 4), (3, 3, 2, 8)):
        first, again, other = (initializer.draw(shape, 18, 72, stream(seed, "test")) for seed in (0, 0, 1))
        assert first.shape == shape
        assert first.dtype == np.float64
        np.testing.assert_array_equal(first, again)
        assert kind in ALWAYS_ALIKE or not np.array_equal(first, other)


@pytest.mark.parametrize("kind", INITIALIZERS.kinds())
def test_a_parameter_without_fans_can_still_be_drawn(kind):
    assert np.isfinite(INITIALIZERS[kind]().draw((4,), 0, 0, stream(0, "test"))).all()


@pytest.mark.parametrize(
    ("initializer", "activation"),
    [
        (HeNormal(), lambda x: np.maximum(x, 0)),
        (HeUniform(), lambda x: np.maximum(x, 0)),
        (XavierNormal(), lambda x: x),
    ],
    ids=["he_normal, ReLU", "he_uniform, ReLU", "xavier_normal, linear"],
)
def test_twenty_layers_neither_drown_nor_explode(initializer, activation):
    x = stream(0, "inputs").standard_normal((200, 256))
    before = np.square(x).mean()
    for layer in range(20):
        x = activation(x @ initializer.draw((256, 256), 256, 256, stream(0, "weights", layer)))
    assert 0.2 < np.square(x).mean() / (before / 2 if "He" in repr(initializer) else before) < 5


def test_truncated_draws_end_at_the_cut():
    assert 1.49 < np.abs(draw(TruncatedNormal(std=0.5, cut=3.0))).max() <= 1.5


def test_a_constant_is_its_value():
    assert (draw(Constant(0.25)) == 0.25).all()


@pytest.mark.parametrize("shape", [(7, 3), (3, 7), (5, 5), (3, 3, 2, 8), (3, 3, 2, 30)])
def test_an_orthogonal_draw_is_orthonormal_along_its_shorter_side(shape):
    matrix = draw(Orthogonal(gain=2.0), shape).reshape(-1, shape[-1])
    small = matrix.T @ matrix if matrix.shape[0] >= matrix.shape[1] else matrix @ matrix.T
    np.testing.assert_allclose(small, 4 * np.eye(len(small)), atol=1e-12)


def test_orthogonal_matrices_are_drawn_evenly_over_all_rotations():
    corners = [draw(Orthogonal(), (2, 2), seed)[0, 0] for seed in range(400)]  # the cosine of an even angle
    assert abs(np.mean(corners)) < 0.15
    assert np.mean(np.square(corners)) == pytest.approx(0.5, abs=0.1)


def test_positive_units_take_a_mean_of_their_inputs():
    values = draw(PositiveUnitBall(), (3, 3, 2, 8))
    assert (values > 0).all()
    np.testing.assert_allclose(values.sum(axis=(0, 1, 2)), 1)
    many = draw(PositiveUnitBall())
    assert many.std() / many.mean() == pytest.approx(1 / math.sqrt(3), rel=0.02)  # of U(0, 1), before it is divided


@pytest.mark.oracle
@pytest.mark.parametrize("shape", [(4, 4), (3, 5), (3, 3, 4, 4), (5, 5, 2, 3), (4, 4, 3, 3), (2, 2, 2, 3)])
def test_the_identity_is_torchs(shape):
    torch = pytest.importorskip("torch")
    theirs = torch.empty(*shape[-2:][::-1], *shape[:-2], dtype=torch.float64)
    (torch.nn.init.eye_ if len(shape) == 2 else torch.nn.init.dirac_)(theirs)
    theirs = theirs.permute(*range(2, len(shape)), 1, 0).numpy()
    np.testing.assert_array_equal(draw(IdentityMatrix(), shape), theirs)


@pytest.mark.parametrize("factor", [2, 3])
def test_a_bilinear_transposed_convolution_enlarges_smoothly_inside(factor):
    kernel = 2 * factor - factor % 2
    layer = ConvTranspose2D(2, kernel, factor, "same", initializer=Bilinear())
    network = Network([layer], (5, 6, 2), dtype=np.float64)
    x = stream(0, "image").standard_normal((1, 5, 6, 2))
    smooth = Network([Upsample2D(factor, "bilinear")], (5, 6, 2), dtype=np.float64)
    ours = network.forward(x, network.tape(1, training=False))
    inside = slice(factor, -factor)  # torch repeats the border, a stamp does not
    expected = smooth.forward(x, smooth.tape(1, training=False))
    np.testing.assert_allclose(ours[:, inside, inside], expected[:, inside, inside], atol=1e-12)


@pytest.mark.parametrize(
    ("kind", "settings", "input_shape", "fans"),
    [
        ("dense", {"units": 7}, (5,), {"weight": (5, 7)}),
        ("conv2d", {"channels": 8, "kernel": 3}, (9, 9, 6), {"weight": (54, 72)}),
        ("conv2d", {"channels": 8, "kernel": 3, "groups": 2}, (9, 9, 6), {"weight": (27, 36)}),
        ("conv2d", {"channels": 6, "kernel": 5, "groups": 6}, (9, 9, 6), {"weight": (25, 25)}),
        ("conv_transpose2d", {"channels": 8, "kernel": 3}, (4, 4, 6), {"weight": (54, 72)}),
        ("locally_connected2d", {"channels": 4, "kernel": 3}, (6, 6, 2), {"weight": (18, 36)}),
        ("embedding", {"vocabulary": 9, "size": 4}, (3,), {"weight": (9, 4)}),
        ("simple_rnn", {"units": 4}, (5, 3), {"weight": (3, 4), "recurrent": (4, 4)}),
        ("gru", {"units": 4}, (5, 3), {"weight": (3, 4), "recurrent": (4, 4)}),
        ("lstm", {"units": 4}, (5, 3), {"weight": (3, 4), "recurrent": (4, 4)}),
        ("residual", {"stack": (Conv2D(channels=4),)}, (6, 6, 2), {"projection.weight": (2, 4), "0.weight": (18, 36)}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_fans_count_what_one_unit_hears_and_what_one_input_speaks_to(kind, settings, input_shape, fans):
    parameters = {one.name: one for one in LAYERS[kind](**settings).parameters(input_shape)}
    assert {name: (parameters[name].fan_in, parameters[name].fan_out) for name in fans} == fans


def test_the_forget_gate_begins_open_and_no_other():
    network = Network([LSTM(units=3, forget_bias=2.0)], (5, 2), dtype=np.float64)
    gates = network.views[0]["bias"].reshape(4, 3)  # in PyTorch's order: input, forget, candidate, output
    np.testing.assert_array_equal(gates, [[0.0] * 3, [2.0] * 3, [0.0] * 3, [0.0] * 3])


@pytest.mark.parametrize(
    "layer",
    [
        Conv2D(6, 3, groups=6, initializer=IdentityMatrix()),
        Conv2D(6, 3, groups=2, initializer=IdentityMatrix()),
        Conv2D(6, 1, groups=3, initializer=Bilinear()),
        LocallyConnected2D(6, 3, initializer=IdentityMatrix()),
    ],
    ids=["depthwise", "two groups", "bilinear", "locally connected"],
)
def test_an_identity_passes_every_channel_on_at_every_place(layer):
    network = Network([layer], (5, 6, 6), dtype=np.float64)
    x = stream(0, "image").standard_normal((2, 5, 6, 6))
    y = network.forward(x, network.tape(2, training=False))
    margin = (x.shape[1] - y.shape[1]) // 2
    np.testing.assert_array_equal(y, x[:, margin : 5 - margin, margin : 6 - margin])


@pytest.mark.parametrize("layer", [Conv2D(6, 3, groups=3), LocallyConnected2D(4, 3)], ids=["groups", "places"])
def test_every_group_and_every_place_is_orthonormal_by_itself(layer):
    network = Network([dataclasses.replace(layer, initializer=Orthogonal())], (5, 6, 6), dtype=np.float64)
    weight = network.views[0]["weight"]
    blocks = np.split(weight, 3, axis=-1) if weight.ndim == 4 else weight.reshape(-1, *weight.shape[2:])
    for block in blocks:
        matrix = block.reshape(-1, block.shape[-1])
        np.testing.assert_allclose(matrix.T @ matrix, np.eye(matrix.shape[1]), atol=1e-12)


def test_at_every_place_positive_units_take_a_mean_of_what_they_see():
    network = Network([LocallyConnected2D(4, 3, initializer=PositiveUnitBall())], (5, 6, 2), dtype=np.float64)
    ones = np.ones((1, 5, 6, 2))
    np.testing.assert_allclose(network.forward(ones, network.tape(1, training=False)), 1)
