"""What every layer promises, whatever its hyperparameters: it is refused in words, or it keeps to its shapes and precision."""

import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulations.core.errors import GradLabError
from simulations.core.params import from_json, to_json
from simulations.core.rng import stream
from simulations.families import load
from simulations.nn.description import MOST_PARAMETERS, MOST_VALUES, describe
from simulations.nn.gradient_check import accepted_shapes
from simulations.nn.layers.base import LAYERS
from simulations.nn.network import Network
from tests.simulations.drawn import SMALL, configurations

load()
sizes = st.integers(1, 7)
SHAPES = st.tuples(sizes) | st.tuples(sizes, sizes) | st.tuples(sizes, sizes, sizes)
QUICK = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
KINDS = pytest.mark.parametrize("kind", LAYERS.kinds())
BATCHES = (1, 3)


def small(kind):
    """A layer of ``kind`` with drawn hyperparameters, and a shape it takes."""
    cls = LAYERS[kind]
    return st.tuples(
        configurations(cls, 1, SMALL), st.sampled_from(accepted_shapes(cls())) | SHAPES
    ).filter(lambda drawn: fits(*drawn))  # fmt: skip


def fits(layer, shape):
    try:
        return math.prod(layer.output_shape(shape)) <= 20_000
    except GradLabError:
        return False


def passed(layer, shape, n, *, dtype=np.float64, training=False):
    """The network of the one layer, and a tape after a pass both ways."""
    network = Network([layer], shape, dtype=dtype)
    tape = network.tape(n, training=training)
    tape.draw_from(0, 1)
    x = stream(0, "contract").standard_normal((max(BATCHES), *shape)).astype(dtype)[:n]
    y = network.forward(x, tape)
    np.copyto(tape.d_outputs, y)
    network.backward(tape.d_outputs, tape)
    return network, tape


@KINDS
@QUICK
@given(data=st.data(), shape=SHAPES)
def test_any_hyperparameters_are_described_or_refused_in_words(kind, data, shape):
    layer = data.draw(configurations(LAYERS[kind]))
    found = describe([layer], shape)
    if found.problem is not None:
        said = str(found.problem.of([layer]))
        assert said.startswith(f"Layer 1, {LAYERS.entry(kind).label}: ")
        assert said.endswith(".")
        return
    (info,) = found.layers
    assert all(size > 0 for size in info.output_shape)
    assert info.parameter_count <= MOST_PARAMETERS
    assert math.prod(info.output_shape) <= MOST_VALUES


@KINDS
@QUICK
@given(data=st.data(), dtype=st.sampled_from([np.float32, np.float64]), n=st.sampled_from(BATCHES))
def test_a_pass_keeps_shapes_and_precision(kind, data, dtype, n):
    layer, shape = data.draw(small(kind))
    network, tape = passed(layer, shape, n, dtype=dtype, training=data.draw(st.booleans()))
    (y,) = tape.outputs
    assert y.shape == (n, *network.output_shape)
    assert y.dtype == tape.gradient.dtype == network.state.dtype == dtype
    assert np.isfinite(y).all()
    assert np.isfinite(tape.gradient).all()
    assert len(network.theta) == network.infos[0].parameter_count


@KINDS
@QUICK
@given(data=st.data())
def test_equal_layers_make_equal_numbers_also_after_json(kind, data):
    layer, shape = data.draw(small(kind))
    copy = from_json(LAYERS, json.loads(json.dumps(to_json(layer))))
    assert copy == layer
    training = data.draw(st.booleans())
    (one, tape), (other, again) = (passed(each, shape, 3, training=training) for each in (layer, copy))
    np.testing.assert_array_equal(one.theta, other.theta)
    np.testing.assert_array_equal(tape.outputs[0], again.outputs[0])
    np.testing.assert_array_equal(tape.gradient, again.gradient)
    np.testing.assert_array_equal(one.state, other.state)


@KINDS
@QUICK
@given(data=st.data())
def test_in_evaluation_a_sample_does_not_depend_on_its_neighbours(kind, data):
    layer, shape = data.draw(small(kind))
    _, alone = passed(layer, shape, 1)
    network, together = passed(layer, shape, 3)
    np.testing.assert_allclose(together.outputs[0][:1], alone.outputs[0], rtol=1e-12, atol=1e-12)
    assert network.state.tolist() == Network([layer], shape, dtype=np.float64).state.tolist()


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (LAYERS["embedding"](vocabulary=65536, size=1024), (4,), "67,108,864 parameters; the most is 33,554,432"),
        (LAYERS["upsample2d"](factor=8), (256, 256, 3), "12,582,912 values of every sample; the most is 4,194,304"),
    ],
)
def test_what_would_fill_the_memory_is_refused_before_it_does(layer, shape, words):
    with pytest.raises(GradLabError, match=words):
        Network([layer], shape)


def test_the_parameters_of_all_layers_count_together():
    layers = [LAYERS["dense"](units=4096), *[LAYERS["dense"](units=4096) for _ in range(3)]]
    with pytest.raises(GradLabError, match="Layer 3, Dense: With this layer the network would have"):
        Network(layers, (10,))
