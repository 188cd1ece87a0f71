"""A network fitted to other data can be built, and one that fits already is left alone."""

from __future__ import annotations

import pytest

from simulations.core.targets import Targets
from simulations.data.base import DATA_SOURCES
from simulations.documents.presets import load_preset, preset_names
from simulations.families import load
from simulations.nn.description import describe
from simulations.nn.fitting import fitted, fitted_loss
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES

load()


def classes(count: int) -> Targets:
    return Targets.classes(tuple("ABCDEFGHIJ"[:count]))


PRESETS = [load_preset(name) for name in preset_names()]


@pytest.mark.parametrize("source", [entry.cls() for entry in DATA_SOURCES], ids=lambda source: source.kind)
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_fits_every_data_set_afterwards(preset, source):
    layers = fitted(preset.spec.layers, source.input_shape, source.targets)
    loss = fitted_loss(preset.spec.loss, source.targets)
    assert describe(layers, source.input_shape, loss, source.targets).problem is None


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_what_fits_stays(preset):
    source = preset.spec.data.source
    assert fitted(preset.spec.layers, source.input_shape, source.targets) == preset.spec.layers


def test_dense_layers_over_images_are_flattened_first_and_nothing_is_lost():
    layers = (LAYERS["dense"](units=8), LAYERS["relu"](), LAYERS["dense"](units=10))
    assert fitted(layers, (8, 8, 1), classes(10)) == (LAYERS["flatten"](), *layers)


def test_no_layers_become_one_dense_layer():
    assert fitted((), (2,), classes(3)) == (LAYERS["dense"](units=3),)


def test_a_convolution_over_points_becomes_a_dense_layer_of_as_many_units():
    layers = (LAYERS["conv2d"](channels=12), LAYERS["relu"](), LAYERS["max_pool2d"](), LAYERS["dense"](units=2))
    assert fitted(layers, (2,), classes(2)) == (LAYERS["dense"](units=12), LAYERS["relu"](), LAYERS["dense"](units=2))


def test_values_get_one_output_each_and_a_loss_that_can_judge_them():
    asked = Targets.values(("height", "weight"))
    layers = (LAYERS["dense"](units=8), LAYERS["relu"](), LAYERS["dense"](units=10))
    assert fitted(layers, (3,), asked)[-1] == LAYERS["dense"](units=2)
    assert fitted_loss(LOSSES["softmax_cross_entropy"](), asked) == LOSSES["squared_error"]()
    assert fitted_loss(LOSSES["squared_error"](), asked) == LOSSES["squared_error"]()


@pytest.mark.parametrize("layers", [(), ("lstm", "dense"), ("gru", "gru"), ("flatten", "dense", "relu")], ids=str)
@pytest.mark.parametrize("asked", [Targets.classes(tuple("ABC"), (6,)), Targets.values(("x", "y"), (6,))])
def test_a_target_at_every_step_gets_an_output_at_every_step(layers, asked):
    made = fitted([LAYERS[kind]() for kind in layers], (6, 2), asked)
    assert describe(made, (6, 2), fitted_loss(LOSSES["softmax_cross_entropy"](), asked), asked).problem is None


def test_a_sequence_with_one_class_ends_in_one_output_per_class():
    layers = (LAYERS["lstm"](units=8, outputs="all"), LAYERS["lstm"](units=8, outputs="all"))
    assert describe(fitted(layers, (6, 2), classes(3)), (6, 2)).layers[-1].output_shape == (3,)


def test_a_dense_layer_ends_a_recurrent_network_whose_steps_all_have_a_target():
    lstm, dense = LAYERS["lstm"], LAYERS["dense"]
    asked = Targets.values(("y",), (6,))
    assert fitted((lstm(units=8),), (6, 2), asked) == (lstm(units=8, outputs="all"), dense(units=1))
    assert fitted((lstm(units=8), dense(units=3)), (6, 2), asked) == (lstm(units=8, outputs="all"), dense(units=1))


def test_dense_layers_that_give_one_answer_see_the_whole_sequence():
    layers = (LAYERS["dense"](units=8), LAYERS["relu"](), LAYERS["dense"](units=3))
    assert fitted(layers, (6, 2), classes(3)) == (LAYERS["flatten"](), *layers)


def test_of_two_flattens_one_is_enough():
    flatten, dense = LAYERS["flatten"](), LAYERS["dense"]
    layers = (dense(units=6), flatten, dense(units=2))
    assert fitted(layers, (8, 8, 1), classes(2)) == (flatten, dense(units=6), dense(units=2))
