"""First weights have the width their papers ask for, and it keeps signals alive."""

import math

import numpy as np
import pytest

from simulations.core.rng import stream
from simulations.families import load
from simulations.nn.initializers.base import INITIALIZERS
from simulations.nn.initializers.he import HeNormal, HeUniform
from simulations.nn.initializers.normal import Normal
from simulations.nn.initializers.uniform import Uniform
from simulations.nn.initializers.xavier import XavierNormal, XavierUniform
from simulations.nn.initializers.zeros import Zeros

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
]


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


@pytest.mark.parametrize(("initializer", "std"), [c for c in CASES if "Normal" in repr(c[0])], ids=repr)
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
        assert kind == "zeros" or not np.array_equal(first, other)


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
