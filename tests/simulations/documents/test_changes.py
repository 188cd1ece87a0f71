"""What a change costs a running session."""

import dataclasses

import pytest

from simulations.data.digits import Digits
from simulations.data.toy import Gaussians, Moons, Spiral
from simulations.documents.changes import changes, effect_of
from simulations.documents.experiment import DataSpec, ExperimentSpec, replace_layer
from simulations.families import load
from simulations.nn.initializers.xavier import XavierNormal
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.adam import Adam
from simulations.optimizers.sgd import SGD

load()
DENSE, RELU, DROPOUT = LAYERS["dense"], LAYERS["relu"], LAYERS["dropout"]
SPEC = ExperimentSpec(
    name="a",
    data=DataSpec(Spiral()),
    layers=(DENSE(units=8), RELU(), DROPOUT(), DENSE(units=2)),
    loss=LOSSES["softmax_cross_entropy"](),
    optimizer=Adam(),
)


def with_(**values):
    return dataclasses.replace(SPEC, **values)


def with_data(**values):
    return with_(data=dataclasses.replace(SPEC.data, **values))


@pytest.mark.parametrize(
    ("new", "path", "effect"),
    [
        (with_(optimizer=Adam(learning_rate=0.5)), "optimizer.learning_rate", "live"),
        (with_(optimizer=SGD()), "optimizer", "live"),
        (with_(batch_size=8), "batch_size", "live"),
        (with_(l2=0.1), "l2", "live"),
        (with_(loss=LOSSES["squared_error"]()), "loss", "live"),
        (replace_layer(SPEC, 2, DROPOUT(rate=0.1)), "layers[2].rate", "live"),
        (with_data(source=Spiral(noise=0.2)), "data.source.noise", "data"),
        (with_data(source=Spiral(samples=50)), "data.source.samples", "data"),
        (with_data(source=Moons()), "data.source", "data"),
        (with_data(validation_fraction=0.5), "data.validation_fraction", "data"),
        (with_data(standardise=False), "data.standardise", "data"),
        (with_data(source=Spiral(arms=3)), "data.source.arms", "rebuild"),
        (with_data(source=Gaussians()), "data.source", "rebuild"),
        (with_data(source=Digits()), "data.source", "rebuild"),
        (replace_layer(SPEC, 0, DENSE(units=9)), "layers[0].units", "rebuild"),
        (replace_layer(SPEC, 0, DENSE(units=8, initializer=XavierNormal())), "layers[0].initializer", "rebuild"),
        (with_(layers=SPEC.layers[:-1]), "layers", "rebuild"),
        (with_(layers=(*SPEC.layers[::-1],)), "layers", "rebuild"),
        (with_(seed=1), "seed", "rebuild"),
    ],
)
def test_one_edit_is_one_change_with_its_effect(new, path, effect):
    (change,) = changes(SPEC, new)
    assert (change.path, change.effect) == (path, effect)
    assert change.before != change.after
    assert effect_of(changes(SPEC, new)) == effect


def test_undoing_swaps_before_and_after():
    new = with_(optimizer=Adam(learning_rate=0.5), seed=3)
    there, back = changes(SPEC, new), changes(new, SPEC)
    assert [(c.path, c.before, c.after) for c in there] == [(c.path, c.after, c.before) for c in back]


def test_the_name_alone_changes_nothing():
    assert changes(SPEC, with_(name="b")) == ()
    assert effect_of(()) is None


def test_several_changes_cost_what_the_dearest_costs():
    live, data = with_(l2=0.1), with_data(source=Moons())
    assert effect_of(changes(SPEC, dataclasses.replace(live, data=data.data))) == "data"
    assert effect_of(changes(SPEC, dataclasses.replace(live, data=data.data, seed=1))) == "rebuild"


def test_a_nested_value_is_named_by_its_whole_path():
    new = replace_layer(replace_layer(SPEC, 0, DENSE(units=8, initializer=XavierNormal(gain=2.0))), 3, DENSE(units=2))
    old = replace_layer(SPEC, 0, DENSE(units=8, initializer=XavierNormal()))
    (change,) = changes(old, new)
    assert change.path == "layers[0].initializer.gain"
    assert (change.before, change.after) == (1.0, 2.0)
