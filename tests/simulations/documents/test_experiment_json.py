"""An experiment survives JSON, and what is wrong in a file is named by its path."""

import copy
import dataclasses
import json

import pytest

from simulations.core.errors import SpecError
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.presets import load_preset, preset_names


@pytest.fixture(scope="module")
def stored():
    return load_preset("digits-cnn").spec.to_json()


@pytest.mark.parametrize("name", preset_names())
def test_an_experiment_survives_json(name):
    spec = load_preset(name).spec
    assert ExperimentSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec


def edited(stored, place, value):
    """``stored`` with the value at ``place`` (a list of keys) exchanged; ``...`` removes it."""
    result = copy.deepcopy(stored)
    inner = result
    for key in place[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return result


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (["layers", 0, "kernel"], 0, "layers[0].kernel: expected 1…11, got 0"),
        (["layers", 3, "kernel"], 12, "layers[3].kernel: expected 1…11, got 12"),
        (["layers", 0, "kernel"], 2.5, "layers[0].kernel: expected 1…11, got 2.5"),
        (["layers", 0, "kernel"], True, "layers[0].kernel: expected 1…11, got True"),
        (["layers", 0, "padding"], "full", "layers[0].padding: expected valid | same, got full"),
        (
            ["layers", 0, "initializer", "fan"],
            "both",
            "layers[0].initializer.fan: expected in | out | average, got both",
        ),
        (["layers", 0, "kind"], "conv", "layers[0]: no layer is called 'conv'; known are "),
        (["layers", 0], 3, 'layers[0]: expected {"kind": …}, got 3'),
        (["layers", 0, "colour"], 3, "layers[0].colour: unknown; conv2d has channels, kernel, "),
        (["layers"], {}, "layers: expected a list of layers"),
        (["layers"], ..., "layers: expected a list of layers"),
        (["optimizer", "learning_rate"], -1, "optimizer.learning_rate: expected 1e-12…10, got -1"),
        (["optimizer", "learning_rate"], "fast", "optimizer.learning_rate: expected 1e-12…10, got fast"),
        (["optimizer", "beta1"], float("nan"), "optimizer.beta1: expected 0…0.9999, got nan"),
        (["optimizer"], ..., "optimizer: missing"),
        (["loss"], ..., "loss: missing"),
        (["batch_size"], 0, "batch_size: expected 1…4096, got 0"),
        (["seed"], 2**31, "seed: expected 0…2147483647, got 2147483648"),
        (["l2"], 10**400, "l2: expected 0…1, got 1000"),
        (["data"], 3, "data: expected {…}, got 3"),
        (["data"], ..., "data.source: missing"),
        (["data", "source"], ..., "data.source: missing"),
        (["data", "source", "samples"], 0, "data.source.samples: expected 20…1797, got 0"),
        (["data", "validation_fraction"], 1, "data.validation_fraction: expected 0.05…0.9, got 1"),
        (["data", "standardise"], 1, "data.standardise: expected true/false, got 1"),
        (["data", "colour"], 1, "data.colour: unknown; known are "),
        (["colour"], 1, "colour: unknown; known are "),
        (["format"], "zip", "format: this is not a GradLab experiment"),
        (["version"], 99, "version: version 99 is not known to this program, which reads version 2"),
    ],
)
def test_a_fault_is_named_by_its_path(stored, place, value, message):
    with pytest.raises(SpecError) as refused:
        ExperimentSpec.from_json(edited(stored, place, value))
    assert str(refused.value).startswith(message)
    assert refused.value.path == message.split(": ")[0]


@pytest.mark.parametrize("data", [None, 3, "digits", [], {}])
def test_what_is_no_experiment_is_refused(data):
    with pytest.raises(SpecError, match="this is not a GradLab experiment"):
        ExperimentSpec.from_json(data)


def test_what_is_left_out_has_its_default(stored):
    data = copy.deepcopy(stored)
    for name in ("batch_size", "l2", "seed"):
        del data[name]
    del data["layers"][0]["kernel"]
    spec = ExperimentSpec.from_json(data)
    assert (spec.batch_size, spec.l2, spec.seed, spec.layers[0].kernel) == (64, 0.0, 0, 3)


def test_a_spec_changed_in_code_is_checked_as_one_from_a_file():
    spec = load_preset("digits-cnn").spec
    wrong = dataclasses.replace(spec.layers[0], kernel=0)
    with pytest.raises(SpecError, match=r"layers\[0\]\.kernel: expected 1…11, got 0"):
        dataclasses.replace(spec, layers=(wrong, *spec.layers[1:])).validate()


@pytest.mark.parametrize(
    ("clipping", "wrappers"),
    [
        ({"kind": "none"}, []),
        ({"kind": "value", "limit": 0.5}, [{"kind": "clip_value", "limit": 0.5}]),
        ({"kind": "norm", "limit": 2.0}, [{"kind": "clip_norm", "limit": 2.0}]),
    ],
)
def test_a_document_of_version_1_has_its_clipping_among_the_wrappers(stored, clipping, wrappers):
    old = {name: value for name, value in stored.items() if name != "wrappers"}
    spec = ExperimentSpec.from_json({**old, "version": 1, "clipping": clipping})
    assert spec.to_json() == {**stored, "wrappers": wrappers}


def test_a_clipping_of_version_1_that_is_wrong_is_refused_by_its_path(stored):
    with pytest.raises(SpecError, match=r"wrappers\[0\].limit: expected 0.0001…1000, got 0"):
        ExperimentSpec.from_json({**stored, "version": 1, "clipping": {"kind": "norm", "limit": 0}})
    with pytest.raises(SpecError, match=r'wrappers\[0\]: expected \{"kind": …\}, got 3'):
        ExperimentSpec.from_json({**stored, "version": 1, "clipping": 3})
