"""Networks nobody thought of: what fits trains, or diverges and says so; what does not fit is refused by its layer's name."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from simulations.core.errors import GradLabError, ShapeError, SpecError
from simulations.core.params import hyperparameters
from simulations.core.rng import stream
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.families import load
from simulations.nn.description import describe
from simulations.nn.fitting import fitted, fitted_loss
from simulations.nn.gradient_check import TOLERANCE, distinct
from simulations.nn.layers.base import LAYERS
from simulations.nn.layers.trainable import Trainable
from simulations.nn.losses.base import LOSSES
from simulations.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from simulations.nn.network import Network
from simulations.optimizers.base import OPTIMIZERS
from simulations.training.session import Session
from tests.simulations.drawn import configurations, fitting_layers, layers, made_sources, wrong_values

load()
STEPS = 20
MADE = {"samples": 40}
SOURCES = [entry.cls(**{key: MADE[key] for key in MADE if key in vars(entry.cls())}) for entry in made_sources()]
TO_SEQUENCE = LAYERS["reshape"](form="sequence", rows=8)
FITTING = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def experiment(source, layers, **changed):
    spec = ExperimentSpec(
        name="drawn",
        data=DataSpec(source, standardise=not any(layer.reads_tokens for layer in layers)),
        layers=layers,
        loss=fitted_loss(LOSSES["softmax_cross_entropy"](), source.targets),
        optimizer=OPTIMIZERS["adam"](),
        batch_size=8,
    )
    return dataclasses.replace(spec, **changed)


def ended(drawn, shape, classes):
    """``drawn`` with the layers after it that make a number for each class."""
    for layer in drawn:
        shape = layer.output_shape(shape)
    flatten = [LAYERS["flatten"]()] if len(shape) > 1 else []
    return (*drawn, *flatten, LAYERS["dense"](units=classes))


@st.composite
def starts(draw):
    """A data source, the layers that make its samples what they are read as, and the shape that comes out."""
    source = draw(st.sampled_from(SOURCES))
    shape = source.input_shape
    if len(shape) < 3 or draw(st.booleans()):
        return source, (), shape
    return source, (TO_SEQUENCE,), TO_SEQUENCE.output_shape(shape)


@st.composite
def networks(draw):
    """A data source and a network that fits it, of any layers with any hyperparameters."""
    source, first, shape = draw(starts())
    return source, fitted((*first, *draw(fitting_layers(shape))), source.input_shape, source.targets)


@FITTING
@given(source=st.sampled_from(SOURCES), drawn=st.lists(layers(), max_size=6))
def test_any_layers_can_be_fitted_to_any_data(source, drawn):
    found = fitted(drawn, source.input_shape, source.targets)
    loss = fitted_loss(LOSSES["softmax_cross_entropy"](), source.targets)
    assert describe(found, source.input_shape, loss, source.targets).problem is None
    assert fitted(found, source.input_shape, source.targets) == found


@FITTING
@given(network=networks(), seed=st.integers(0, 9))
def test_what_fits_trains_or_says_that_it_diverged(network, seed):
    session = Session(experiment(*network, seed=seed))
    for _ in range(STEPS):
        session.take_step()
    assert np.isfinite(session.network.theta).all()
    if session.diverged is None:
        assert session.step == STEPS
        assert math.isfinite(session.evaluate("train")[0])
    else:
        assert session.diverged.step == session.step + 1
        assert session.diverged.where in {info.name for info in session.layers} | {"loss"}


@FITTING
@given(network=networks(), data=st.data())
def test_no_method_and_no_loss_breaks_a_network_silently(network, data):
    source, stack = network
    optimizer = data.draw(st.sampled_from([entry.cls for entry in OPTIMIZERS]).flatmap(configurations))
    loss = data.draw(st.sampled_from([entry.cls for entry in LOSSES]).flatmap(configurations))
    try:
        session = Session(experiment(source, stack, optimizer=optimizer, loss=loss))
    except GradLabError:
        assume(False)
    for _ in range(STEPS):
        session.take_step()
    assert session.diverged is not None or session.step == STEPS
    assert session.diverged is not None or np.isfinite(session.network.theta).all()


@FITTING
@given(shape=st.sampled_from([(4,), (5, 3), (4, 5, 2)]), data=st.data())
def test_the_gradient_of_a_whole_network_is_its_derivative(shape, data):
    drawn = ended(data.draw(fitting_layers(shape)), shape, 3)
    drawn = tuple(dataclasses.replace(one, frozen=False) if isinstance(one, Trainable) else one for one in drawn)
    network = Network(drawn, shape, dtype=np.float64)
    rng = stream(0, "random network")
    network.theta += 0.05 * rng.standard_normal(len(network.theta))  # away from the ties that constant weights make
    loss, x, y = SoftmaxCrossEntropy(), distinct((3, *shape), rng), np.array([0, 1, 2])
    tape = network.tape(3, training=True)
    tape.draw_from(0, 1)
    assume(np.abs(network.forward(x, tape)).max() < 50)
    loss.value_and_gradient(network.forward(x, tape), y, tape.d_outputs)
    network.backward(tape.d_outputs, tape)
    analytic, theta = network.gradient.copy(), network.theta
    along = rng.standard_normal((5, len(theta)))

    def slope(direction, h):
        """By five points (Abramowitz & Stegun 25.3.6)."""
        before, found = theta.copy(), []
        for offset in (-2, -1, 1, 2):
            np.add(before, offset * h * direction, out=theta)
            found.append(loss.value(network.forward(x, tape), y))
        theta[...] = before
        return (found[0] - 8 * found[1] + 8 * found[2] - found[3]) / (12 * h)

    scale = max(np.abs(along @ analytic).max(), 1e-3)
    for direction in along:  # of three steps the best: the longer may cross a kink, the shorter drowns in rounding
        error = min(abs(slope(direction, h) - direction @ analytic) for h in (1e-4, 1e-5, 1e-6))
        assert error <= TOLERANCE * scale


@settings(max_examples=10)
@given(network=networks())
def test_equal_networks_train_to_equal_weights(network):
    runs = [Session(experiment(*network)) for _ in range(2)]
    for session in runs:
        for _ in range(3):
            session.take_step()
    np.testing.assert_array_equal(*(session.network.theta for session in runs))


@FITTING
@given(start=starts(), drawn=st.lists(layers(), min_size=1, max_size=6))
def test_what_does_not_fit_is_refused_by_the_number_and_name_of_its_layer(start, drawn):
    source, first, shape = start
    misfit = None
    for index, layer in enumerate(drawn, len(first)):
        try:
            shape = layer.output_shape(shape)
        except ShapeError:
            misfit = index, layer
            break
    assume(misfit is not None)
    index, layer = misfit
    with pytest.raises(ShapeError) as refusal:
        Session(experiment(source, (*first, *drawn)))
    label = LAYERS.entry(layer.kind).label
    assert str(refusal.value).startswith(f"Layer {index + 1}, {label}: ")
    assert refusal.value.layer_index == index
    assert str(refusal.value).endswith(".")


@FITTING
@given(network=networks(), data=st.data())
def test_a_hyperparameter_out_of_range_is_refused_by_its_layer_and_name(network, data):
    source, stack = network
    places = [(index, one) for index, layer in enumerate(stack) for one in hyperparameters(layer)]
    assume(places)
    index, one = data.draw(st.sampled_from(places))
    wrong = dataclasses.replace(stack[index], **{one.name: data.draw(wrong_values(one))})
    with pytest.raises(SpecError) as refusal:
        Session(experiment(source, (*stack[:index], wrong, *stack[index + 1 :])))
    label = LAYERS.entry(wrong.kind).label
    assert str(refusal.value).startswith(f"Layer {index + 1}, {label}: layers[{index}].{one.name}")
    assert refusal.value.path.startswith(f"layers[{index}].{one.name}")
