"""A network fitted to other data can be built, and one that fits already is left alone."""

from __future__ import annotations

import pytest

from simulations.data.base import DATA_SOURCES
from simulations.documents.presets import load_preset, preset_names
from simulations.families import load
from simulations.nn.description import describe
from simulations.nn.fitting import fitted
from simulations.nn.layers.base import LAYERS

load()
PRESETS = [load_preset(name) for name in preset_names()]


@pytest.mark.parametrize("source", [entry.cls() for entry in DATA_SOURCES], ids=lambda source: source.kind)
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_fits_every_data_set_afterwards(preset, source):
    classes = len(source.class_names)
    layers = fitted(preset.spec.layers, source.input_shape, classes)
    assert describe(layers, source.input_shape, preset.spec.loss, classes).problem is None


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_what_fits_stays(preset):
    source = preset.spec.data.source
    assert fitted(preset.spec.layers, source.input_shape, len(source.class_names)) == preset.spec.layers


def test_dense_layers_over_images_are_flattened_first_and_nothing_is_lost():
    layers = (LAYERS["dense"](units=8), LAYERS["relu"](), LAYERS["dense"](units=10))
    assert fitted(layers, (8, 8, 1), 10) == (LAYERS["flatten"](), *layers)


def test_no_layers_become_one_dense_layer():
    assert fitted((), (2,), 3) == (LAYERS["dense"](units=3),)


def test_a_convolution_over_points_becomes_a_dense_layer_of_as_many_units():
    layers = (LAYERS["conv2d"](channels=12), LAYERS["relu"](), LAYERS["max_pool2d"](), LAYERS["dense"](units=2))
    assert fitted(layers, (2,), 2) == (LAYERS["dense"](units=12), LAYERS["relu"](), LAYERS["dense"](units=2))
