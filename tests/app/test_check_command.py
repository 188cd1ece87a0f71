"""The self-test passes here, says what it found, and fails when something is wrong."""

import argparse
import json

from app.cli import check
from app.selftest import gradients, races
from app.selftest.finding import Finding
from simulations.documents.race_presets import race_preset_names
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.base import OPTIMIZERS
from simulations.surfaces.base import SURFACES


def test_everything_registered_is_checked_and_passes(capsys):
    assert check.run(argparse.Namespace(json=True)) == 0
    report = json.loads(capsys.readouterr().out)
    names = {one["name"] for one in report["findings"]}
    assert report["passed"]
    assert {f"layer {kind}" for kind in LAYERS.kinds()} <= names
    assert {f"{kind}, bowl" for kind in OPTIMIZERS.kinds()} <= names
    assert {f"{kind}, Hessian" for kind in SURFACES.kinds()} <= names
    assert set(race_preset_names()) <= names


def test_a_wrong_gradient_fails_the_self_test(capsys, monkeypatch):
    monkeypatch.setattr(gradients, "layer_error", lambda *_, **__: 0.1)
    assert check.run(argparse.Namespace(json=False)) == 1
    assert "✕ layer dense" in capsys.readouterr().out


def test_a_wrong_slope_of_a_surface_fails_the_self_test(capsys, monkeypatch):
    surface = SURFACES["sphere"]
    monkeypatch.setattr(surface, "gradient", lambda _self, points, **_more: points * 2.001, raising=False)
    found = {one.name: one for one in races.surfaces()}
    assert not found["sphere, gradient"].passed
    assert found["booth, gradient"].passed


def test_a_deviation_that_is_not_a_number_does_not_pass():
    assert not Finding.compared("section", "name", float("nan"), 1.0).passed
