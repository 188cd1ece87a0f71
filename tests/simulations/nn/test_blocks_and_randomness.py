"""What the gradient check cannot see: random layers' statistics, blocks' inner state, gates, and refusals in words."""

import dataclasses
import tracemalloc

import numpy as np
import pytest

from simulations import families
from simulations.core.errors import ShapeError, SpecError
from simulations.core.params import from_json, to_json
from simulations.nn.gradient_check import accepted_shapes
from simulations.nn.layers.base import LAYERS, Memo
from simulations.nn.network import Network

families.load()


def made(kind, **settings):
    return LAYERS[kind](**settings)


def passed(layer, x, *, training, step=0):
    network = Network([layer], x.shape[1:], dtype=np.float64)
    tape = network.tape(len(x), training=training)
    tape.draw_from(0, step)
    return network.forward(x, tape).copy()


ONES = np.ones((50, 6, 5, 8))


def test_spatial_dropout_takes_whole_channels():
    y = passed(made("spatial_dropout", rate=0.25), ONES, training=True)
    assert (y == y[:, :1, :1]).all()
    assert set(np.unique(y)) == {0.0, 1 / 0.75}
    assert (y[:, 0, 0] == 0).mean() == pytest.approx(0.25, abs=0.06)


def test_classic_dropout_makes_up_for_it_in_evaluation():
    layer = made("dropout", rate=0.25, scaling="classic")
    assert set(np.unique(passed(layer, ONES, training=True))) == {0.0, 1.0}
    np.testing.assert_allclose(passed(layer, ONES, training=False), 0.75)


def test_noise_has_the_width_it_is_asked_for_and_rests_in_evaluation():
    layer = made("gaussian_noise", std=0.3)
    noise = passed(layer, ONES, training=True) - 1
    assert noise.std() == pytest.approx(0.3, rel=0.03)
    assert abs(noise.mean()) < 0.01
    np.testing.assert_array_equal(passed(layer, ONES, training=False), ONES)


@pytest.mark.parametrize("kind", ["dropout", "spatial_dropout", "gaussian_noise"])
def test_random_layers_in_one_block_draw_apart_and_replay(kind):
    layer = made("parallel", first=(made(kind),), second=(made(kind),))
    first, again, later = (passed(layer, ONES, training=True, step=step) for step in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, later)
    assert not np.array_equal(first[..., :8], first[..., 8:])


def test_a_block_keeps_the_running_statistics_of_its_inner_layers():
    layer = made("residual", stack=(made("residual", stack=(made("batch_norm"),), shortcut="identity"),))
    network = Network([layer], (4,), dtype=np.float64)
    assert list(network.state_views[0]) == ["0.0.running_mean", "0.0.running_variance"]
    network.forward(np.full((3, 4), 5.0), network.tape(3, training=True))
    np.testing.assert_allclose(network.state_views[0]["0.0.running_mean"], 0.5)


def test_a_dropout_rate_inside_a_block_can_change_while_training():
    layers = [made("residual", stack=(made("dropout", rate=0.5),), shortcut="identity", activation="none")]
    network = Network(layers, (400,), dtype=np.float64)
    tape = network.tape(2, training=True)
    network.forward(np.ones((2, 400)), tape)
    network.layers = [dataclasses.replace(layers[0], stack=(made("dropout", rate=0.0),))]
    np.testing.assert_array_equal(network.forward(np.ones((2, 400)), tape), 2)
    with pytest.raises(ValueError, match="live"):
        network.layers = [dataclasses.replace(layers[0], stack=(made("spatial_dropout"),))]


@pytest.mark.parametrize("kind", ["simple_rnn", "lstm", "gru"])
def test_gates_can_be_read_after_a_pass(kind):
    layer = made(kind, units=3)
    network = Network([layer], (5, 2))
    memo = Memo(training=False)
    layer.allocate(memo, 4, (5, 2), network.dtype)
    layer.forward(np.ones((4, 5, 2), np.float32), network.views[0], memo)
    gates = layer.gate_values(memo)
    assert list(gates) == list(layer.gate_names)
    assert all(gate.shape == (5, 3, 4) for gate in gates.values())
    opened = [gate for name, gate in gates.items() if name not in ("candidate", "state")]
    assert all(((gate > 0) & (gate < 1)).all() for gate in opened)


REFUSED = [
    ("residual", {"shortcut": "identity"}, (6, 6, 2), "use a projection"),
    ("residual", {"stack": (made("flatten"),)}, (6, 6, 2), "no projection can match"),
    ("residual", {"stack": (made("flatten"),), "shortcut": "identity"}, (6, 6, 2), "no projection can match"),
    ("parallel", {"second": (made("conv2d", padding="valid"),)}, (6, 6, 2), "only the channels may differ"),
    ("parallel", {}, (5,), "expects an image"),
    ("maxout", {"pieces": 3}, (5,), "cannot be divided"),
    ("group_norm", {"groups": 3}, (5,), "equal groups"),
    ("channel_shuffle", {"groups": 3}, (5,), "equal groups"),
    ("instance_norm", {}, (5,), "no variance"),
    ("global_average_pool", {}, (5,), "nothing to average"),
    ("reshape", {"rows": 3}, (5,), "equal parts"),
    ("upsample2d", {}, (5,), "expects an image"),
    ("conv_transpose2d", {"padding": 16}, (2, 2, 1), "nothing is left"),
    ("lstm", {}, (5,), "expects a sequence"),
    ("embedding", {}, (5, 2), "one token"),
]


@pytest.mark.parametrize(("kind", "settings", "shape", "words"), REFUSED)
def test_what_does_not_fit_is_refused_in_words(kind, settings, shape, words):
    with pytest.raises(ShapeError, match=words):
        Network([made(kind, **settings)], shape)


def test_a_misfit_deep_inside_blocks_is_named_all_the_way_down():
    inner = made("residual", stack=(made("relu"), made("dense")))
    with pytest.raises(
        ShapeError,
        match="Layer 2, Parallel branches: branch 2, inner layer 1, Residual block: inner layer 2, Dense: Dense expects a flat",
    ):
        Network([made("relu"), made("parallel", second=(inner,))], (6, 6, 2))


def test_a_fault_inside_a_block_is_named_by_its_path():
    data = to_json(made("residual"))
    data["stack"][2]["kernel"] = 0
    with pytest.raises(SpecError, match=r"layers\[1\]\.stack\[2\]\.kernel: expected 1…11, got 0"):
        from_json(LAYERS, data, "layers[1]")


def test_blocks_within_blocks_end_somewhere():
    data = to_json(made("residual", stack=()))
    for _ in range(200):
        data = {"kind": "residual", "stack": [data]}
    with pytest.raises(SpecError, match="nested more than"):
        from_json(LAYERS, data, "layers[0]")


@pytest.mark.parametrize("kind", LAYERS.kinds())
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_layer_keeps_its_precision_order_and_memory(kind, dtype):
    layer = made(kind)
    shape = accepted_shapes(layer)[0]
    network = Network([layer], shape, dtype=dtype)
    tape = network.tape(3, training=True)
    x = np.random.default_rng(0).standard_normal((3, *shape)).astype(dtype)

    def steps(count):
        for step in range(count):
            tape.draw_from(0, step)
            y = network.forward(x, tape)
            np.copyto(tape.d_outputs, y)
            network.backward(tape.d_outputs, tape)
        return y

    y = steps(20)
    assert y.dtype == network.gradient.dtype == dtype
    assert y.shape == (3, *network.output_shape)
    tracemalloc.start()
    steps(5)
    before = tracemalloc.get_traced_memory()[0]
    steps(200)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 20_000


def test_of_equal_pieces_of_a_maxout_one_takes_the_whole_gradient():
    layer, memo = LAYERS["maxout"](pieces=3), Memo()
    layer.allocate(memo, 1, (6,), np.dtype(np.float64))
    layer.forward(np.array([[1.0, 1.0, 1.0, 0.0, 2.0, 2.0]]), {}, memo)
    dx = layer.backward(np.array([[5.0, 7.0]]), {}, {}, memo)
    np.testing.assert_array_equal(dx, [[5.0, 0.0, 0.0, 0.0, 7.0, 0.0]])
