"""Losses: contracts over the registry, limits that are known exactly, and numbers that stay finite."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulations.core.errors import ShapeError
from simulations.core.targets import Targets
from simulations.families import load
from simulations.nn.gradient_check import TOLERANCE, loss_error, made_up_targets
from simulations.nn.layers.dense import Dense
from simulations.nn.layers.simple_rnn import SimpleRNN
from simulations.nn.layers.tanh import Tanh
from simulations.nn.losses.base import LOSSES, PlainLoss
from simulations.nn.losses.binary_cross_entropy import BinaryCrossEntropy
from simulations.nn.losses.center import Center
from simulations.nn.losses.class_weights import Balanced, Equal, Listed
from simulations.nn.losses.criterion import Setting
from simulations.nn.losses.distillation import Distillation
from simulations.nn.losses.focal import Focal
from simulations.nn.losses.hinge import Hinge
from simulations.nn.losses.huber import Huber
from simulations.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from simulations.nn.losses.squared_error import SquaredError
from simulations.nn.network import Network
from simulations.nn.teacher import Teacher

load()
WEIGHTS = Listed((0.5, 2.0, 3.5))
VARIANTS = [
    *(entry.cls() for entry in LOSSES),
    SoftmaxCrossEntropy(label_smoothing=0.2, class_weights=WEIGHTS),
    SoftmaxCrossEntropy(label_smoothing=0.3),
    SoftmaxCrossEntropy(class_weights=Balanced()),
    Focal(gamma=0.5, alpha=WEIGHTS),
    Focal(gamma=0.0),
    Hinge(p=2, margin=0.7),
    Hinge(rivals="worst"),
    Hinge(rivals="worst", p=2),
    Huber(delta=0.2),
    Center(weight=2.0),
    Distillation(temperature=1.0, hard_weight=0.0),
    Distillation(temperature=7.0, hard_weight=0.9),
]
PLAIN = [loss for loss in VARIANTS if isinstance(loss, PlainLoss)]


def named(loss):
    return ",".join([loss.kind, *(f"{value}" for value in vars(loss).values() if value != Equal())])


def targets_for(loss, m, k, rng, kind=None):
    names = tuple(map(str, range(k)))
    is_values = (kind or loss.kinds[0]) == "values"
    return made_up_targets(Targets.values(names) if is_values else Targets.classes(names), m, rng)


def resolved(loss, k):
    return loss.resolved(Setting(None, Targets.classes(tuple(map(str, range(k)))), np.arange(1, k + 1)))


def at_work(loss, k=3, n=6, layers=None, input_shape=(4,), dtype=np.float64, seed=0):
    """``loss`` on a small network with a teacher of its kind: criterion, network, inputs, targets and tape."""
    layers = layers or [Dense(units=5), Tanh(), Dense(units=k)]
    network = Network(layers, input_shape, seed=seed, dtype=dtype)
    rng = np.random.default_rng(seed)
    asked = Targets.classes(tuple(map(str, range(k))), network.output_shape[:-1])
    if "classes" not in loss.kinds:
        asked = Targets.values(asked.names, asked.shape)
    same = Scale(input_shape[-1])
    teacher = Teacher.of(Network(layers, input_shape, seed=9), network.theta, same, name="t", step=3)
    criterion = loss.at_work(Setting(network, asked, np.arange(1, k + 1), same, teacher))
    x = rng.standard_normal((n, *input_shape)).astype(dtype)
    return criterion, network, x, made_up_targets(asked, n, rng), network.tape(n, training=True)


def Scale(features):
    from simulations.data.scaler import Scaler

    return Scaler(np.zeros(features), np.ones(features))


# ---- contracts over the registry -------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", VARIANTS, ids=named)
@pytest.mark.parametrize(("n", "steps"), [(1, ()), (5, ()), (3, (2,))])
def test_every_variant_equals_its_finite_difference(loss, n, steps):
    if isinstance(loss, Center) and steps:
        pytest.skip("one class per sample")
    assert loss_error(loss, n=n, steps=steps) <= TOLERANCE


@pytest.mark.parametrize("loss", PLAIN, ids=named)
@settings(max_examples=8, deadline=None)
@given(m=st.integers(1, 9), k=st.integers(3, 6), seed=st.integers(0, 99))
def test_memory_order_does_not_matter(loss, m, k, seed):
    rng, loss = np.random.default_rng(seed), resolved(loss, k)
    outputs = 3 * rng.standard_normal((m, k))
    for kind in loss.kinds:
        targets = targets_for(loss, m, k, rng, kind)
        found = []
        for order in "CF":
            for out_order in "CF":
                out = np.full((m, k), 7.0, order=out_order)
                value = loss.value_and_gradient(np.array(outputs, order=order), targets, out)
                found.append((value, out))
        for value, out in found[1:]:
            assert value == pytest.approx(found[0][0], rel=1e-12, abs=1e-15)
            np.testing.assert_allclose(out, found[0][1], rtol=1e-12, atol=1e-15)
        assert loss.value(outputs, targets) == pytest.approx(found[0][0], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("loss", PLAIN, ids=named)
def test_steps_are_positions_like_any_other(loss):
    rng, loss = np.random.default_rng(0), resolved(loss, 4)
    outputs = rng.standard_normal((3, 5, 4))
    for kind in loss.kinds:
        targets = targets_for(loss, 15, 4, rng, kind)
        targets = targets.reshape(3, 5, *targets.shape[1:])
        for order in "CF":
            out, flat = np.empty((3, 5, 4), order=order), np.empty((15, 4))
            value = loss.value_and_gradient(np.array(outputs, order=order), targets, out)
            expected = loss.value_and_gradient(outputs.reshape(15, 4), targets.reshape(15, *targets.shape[2:]), flat)
            assert value == pytest.approx(expected, rel=1e-12)
            np.testing.assert_allclose(out.reshape(15, 4), flat, rtol=1e-12, atol=1e-15)


def test_the_positions_of_a_buffer_are_written_where_they_lie():
    out = np.zeros((6, 4, 3), order="F")
    targets = np.zeros((6, 4), int)
    SquaredError().value_and_gradient(np.asfortranarray(np.ones((6, 4, 3))), targets, out)
    assert (out[..., 1:] > 0).all()
    assert (out[..., 0] == 0).all()


@pytest.mark.parametrize("loss", PLAIN, ids=named)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e4, 30.0, 0.0])
def test_huge_and_equal_outputs_give_finite_numbers(loss, dtype, size):
    loss = resolved(loss, 3)
    outputs = np.array([[size, -size, 0], [-size, size, 0], [size, size, size], [0, 0, -size]], dtype)
    out = np.full_like(outputs, np.nan, order="F")
    with np.errstate(all="raise", under="ignore"):
        value = loss.value_and_gradient(outputs, np.array([0, 0, 1, 2]), out)
    assert np.isfinite(value)
    assert np.isfinite(out).all()
    assert out.dtype == dtype


@pytest.mark.parametrize("loss", VARIANTS, ids=named)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_value_does_not_depend_on_who_asks(loss, dtype):
    criterion, network, x, targets, tape = at_work(loss, dtype=dtype)
    outputs = network.forward(x, tape)
    value = criterion.value(outputs, targets, tape)
    assert criterion.value_and_gradient(outputs, targets, tape) == pytest.approx(value, rel=1e-6)
    assert criterion.judge(outputs, targets, tape) == pytest.approx(value, rel=1e-6)
    assert tape.d_outputs.dtype == dtype


@pytest.mark.parametrize("loss", VARIANTS, ids=named)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 999), size=st.sampled_from([0.1, 3.0, 1e4]))
def test_probabilities_and_decisions_agree(loss, seed, size):
    outputs = size * np.random.default_rng(seed).standard_normal((4, 2, 3))
    p = loss.probabilities(outputs)
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-9)
    assert (p >= 0).all()
    chosen = np.take_along_axis(p, loss.decisions(outputs)[..., None], axis=-1)[..., 0]
    np.testing.assert_allclose(chosen, p.max(axis=-1))


@pytest.mark.parametrize("loss", [one for one in VARIANTS if one.kinds == ("classes",)], ids=named)
def test_losses_of_classes_refuse_values_in_words(loss):
    with pytest.raises(ShapeError, match="classes"):
        loss.check((2,), Targets.values(("a", "b")))


# ---- limits that are known -------------------------------------------------------------------------------------------


@pytest.fixture
def batch():
    rng = np.random.default_rng(1)
    return 2 * rng.standard_normal((40, 3)), rng.integers(3, size=40)


def test_focal_without_focus_is_cross_entropy(batch):
    assert Focal(gamma=0.0).value(*batch) == pytest.approx(SoftmaxCrossEntropy().value(*batch), rel=1e-12)


def test_focal_keeps_its_digits_where_a_sample_is_nearly_right():
    z = 40.0  # 1 − p ≈ 8.5e-18, which would vanish beside 1
    p = 2 * np.exp(-z)
    assert Focal(gamma=1.0).value(np.array([[z, 0.0, 0.0]]), np.array([0])) == pytest.approx(p * p, rel=1e-6)


def test_huber_is_half_the_square_near_and_delta_times_the_distance_far(batch):
    outputs, targets = batch
    assert Huber(delta=1e3).value(outputs, targets) == pytest.approx(SquaredError().value(outputs, targets) / 2)
    far = np.array([[10.0], [-20.0]])
    assert Huber(delta=0.5).value(far, np.zeros((2, 1))) == pytest.approx(0.5 * (15 - 0.25))


def test_balanced_weights_make_a_class_count_the_same_however_rare(batch):
    outputs, targets = batch
    counts = np.bincount(targets, minlength=3)
    loss = resolved(SoftmaxCrossEntropy(class_weights=Balanced()), 3)
    assert loss.class_weights == Listed((6 / 3, 6 / 6, 6 / 9))
    own = SoftmaxCrossEntropy(class_weights=Balanced()).resolved(Setting(None, None, counts))
    each = [SoftmaxCrossEntropy().value(outputs[targets == j], targets[targets == j]) for j in range(3)]
    assert own.value(outputs, targets) == pytest.approx(np.mean(each))


def test_a_mean_over_batches_weighs_them_as_one_batch_would(batch):
    outputs, targets = batch
    loss = SoftmaxCrossEntropy(class_weights=WEIGHTS)
    parts = [(outputs[:13], targets[:13]), (outputs[13:], targets[13:])]
    mass = [loss.mass(part) for _z, part in parts]
    total = sum(weight * loss.value(*part) for weight, part in zip(mass, parts, strict=True))
    assert total / sum(mass) == pytest.approx(loss.value(outputs, targets))


def test_more_weights_than_classes_are_refused():
    with pytest.raises(ShapeError, match="3 class weights, but only 2"):
        SoftmaxCrossEntropy(class_weights=WEIGHTS).check((2,), Targets.classes(("a", "b")))


def test_one_output_can_tell_two_classes_apart():
    loss, two = BinaryCrossEntropy(), Targets.classes(("no", "yes"))
    loss.check((1,), two)
    loss.check((4, 1), Targets.classes(("no", "yes"), (4,)))
    with pytest.raises(ShapeError, match="3 outputs"):
        loss.check((1,), Targets.classes(("a", "b", "c")))
    outputs = np.array([[2.0], [-1.0]])
    np.testing.assert_array_equal(loss.decisions(outputs), [1, 0])
    np.testing.assert_allclose(loss.probabilities(outputs)[:, 1], 1 / (1 + np.exp([-2.0, 1.0])))
    assert loss.value(outputs, np.array([1, 1])) == pytest.approx(np.mean(np.log1p(np.exp([-2.0, 1.0]))))


def test_the_worst_rival_costs_no_more_than_all_of_them(batch):
    outputs, targets = batch
    worst = Hinge(rivals="worst").value(outputs, targets)
    everyone = 3 * Hinge().value(outputs, targets)
    assert worst <= everyone <= 2 * worst


# ---- center loss -----------------------------------------------------------------------------------------------------


def test_centres_move_by_wens_rule_once_the_step_is_done():
    loss = Center(weight=0.3, centre_rate=0.5)
    criterion, network, x, targets, tape = at_work(loss, n=7)
    before = criterion.state["centres"].copy()
    outputs = network.forward(x, tape)
    criterion.judge(outputs, targets, tape)
    np.testing.assert_array_equal(criterion.state["centres"], before)
    criterion.settle()
    features = tape.outputs[1]
    for j in range(3):
        mine = features[targets == j]
        delta = (before[j] - mine).sum(axis=0) / (1 + len(mine))
        np.testing.assert_allclose(criterion.state["centres"][j], before[j] - 0.5 * delta, atol=1e-15)


def test_the_distance_to_the_centres_is_half_its_mean_square():
    criterion, network, x, targets, tape = at_work(Center(weight=0.3))
    criterion.state["centres"][...] = 0.25
    outputs = network.forward(x, tape)
    distance = 0.3 * 0.5 * np.mean(((tape.outputs[1] - 0.25) ** 2).sum(axis=1))
    expected = SoftmaxCrossEntropy().value(outputs, targets) + distance
    assert criterion.value(outputs, targets, tape) == pytest.approx(expected, rel=1e-12)


def test_looking_does_not_move_the_centres():
    criterion, network, x, targets, tape = at_work(Center())
    outputs = network.forward(x, tape)
    criterion.value(outputs, targets, tape)
    criterion.value_and_gradient(outputs, targets, tape)
    criterion.settle()
    assert (criterion.state["centres"] == 0).all()


def test_center_loss_wants_one_class_per_sample():
    with pytest.raises(ShapeError, match="one class per sample"):
        Center().check((5, 3), Targets.classes(("a", "b", "c"), (5,)))


# ---- distillation ----------------------------------------------------------------------------------------------------


def test_a_teacher_is_needed_and_must_fit():
    asked = Targets.classes(("a", "b", "c"))
    with pytest.raises(ShapeError, match="Keep this network as the teacher"):
        Distillation().check_teacher(None, (4,), asked)
    network = Network([Dense(units=3)], (4,))
    teacher = Teacher.of(network, network.theta, Scale(4), name="t", step=0)
    Distillation().check_teacher(teacher, (4,), asked)
    with pytest.raises(ShapeError, match=r"3 out of 4, but these data ask for 2 out of 4"):
        Distillation().check_teacher(teacher, (4,), Targets.classes(("a", "b")))


def test_a_network_that_says_what_its_teacher_says_has_nothing_to_learn():
    loss = Distillation(temperature=3.0, hard_weight=0.0)
    network = Network([Dense(units=3)], (4,), dtype=np.float64)
    network.theta[...] = network.theta.astype(np.float32)
    teacher = Teacher.of(network, network.theta, Scale(4), name="t", step=0)
    criterion = loss.at_work(Setting(network, Targets.classes(tuple("abc")), teacher=teacher))
    tape = network.tape(5, training=True)
    x = np.random.default_rng(0).standard_normal((5, 4))
    assert criterion.value_and_gradient(network.forward(x, tape), np.zeros(5, int), tape) == pytest.approx(0, abs=1e-15)
    np.testing.assert_allclose(tape.d_outputs, 0, atol=1e-15)


def test_a_teacher_sees_its_inputs_as_it_was_used_to():
    network = Network([Dense(units=3)], (2,), dtype=np.float64)
    from simulations.data.scaler import Scaler

    theirs, ours = (
        Scaler(np.array([5.0, 1.0]), np.array([2.0, 0.1])),
        Scaler(np.array([4.0, 2.0]), np.array([1.0, 3.0])),
    )
    raw = np.random.default_rng(0).standard_normal((6, 2))
    teacher = Teacher.of(network, network.theta, theirs, name="t", step=0)
    tape = teacher.network(np.float64).tape(6, training=False)
    expected = teacher.network(np.float64).forward(theirs.apply(raw, np.float64), tape)
    said = teacher.at_work(np.float64, ours, None)(ours.apply(raw, np.float64))
    np.testing.assert_allclose(said, expected, rtol=1e-12)


def test_distillation_without_a_teacher_weight_is_cross_entropy():
    criterion, network, x, targets, tape = at_work(Distillation(hard_weight=1.0))
    outputs = network.forward(x, tape)
    assert criterion.value(outputs, targets, tape) == pytest.approx(SoftmaxCrossEntropy().value(outputs, targets))


@pytest.mark.parametrize("size", [1e4, 1.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_distillation_stays_finite(size, dtype):
    outputs, said = (size * np.random.default_rng(i).standard_normal((4, 3)).astype(dtype) for i in (0, 1))
    out = np.empty_like(outputs, order="F")
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(Distillation(temperature=0.5).compare(outputs, np.array([0, 1, 2, 0]), said, out))
    assert np.isfinite(out).all()


def test_steps_are_distilled_too():
    layers = [SimpleRNN(units=3, outputs="all")]
    criterion, network, x, targets, tape = at_work(Distillation(), layers=layers, input_shape=(5, 2))
    outputs = network.forward(x, tape)
    value = criterion.value_and_gradient(outputs, targets, tape)
    assert criterion.value(outputs, targets, tape) == pytest.approx(value)
    assert tape.d_outputs.any()


def test_every_loss_is_tried_with_its_defaults():
    assert {entry.kind for entry in LOSSES} == {loss.kind for loss in VARIANTS}
    assert all(dataclasses.is_dataclass(loss) for loss in VARIANTS)
