"""The stations of the data: the same samples all the way, their ranges exact, and looking changes nothing."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simulations.data.augmentations.shift import Shift
from simulations.documents.presets import load_preset
from simulations.probes.stations import STATIONS, Stations
from simulations.training.session import Session


def session(*augment):
    spec = load_preset("digits-cnn").spec
    return Session(dataclasses.replace(spec, data=dataclasses.replace(spec.data, augment=augment)))


def look(one, station, memory):
    return Stations(station).measure(one, memory)


@pytest.mark.parametrize("augment", [(), (Shift(1),)])
def test_the_same_samples_pass_every_station(augment):
    one, memory = session(*augment), {}
    for _ in range(5):
        one.take_step()
    answers = {station: look(one, station, memory) for station in STATIONS}
    scaled = one.data.scaler.apply(answers["split"].samples)
    np.testing.assert_array_equal(answers["scaled"].samples, scaled)
    assert np.array_equal(answers["augmented"].samples, scaled) == (not augment)
    np.testing.assert_array_equal(answers["batch"].samples, answers["augmented"].samples)
    members, inputs, targets = one.next_batch()
    np.testing.assert_array_equal(answers["batch"].samples, inputs)
    np.testing.assert_array_equal(targets, one.data.train_targets[members])


def test_facts_are_those_of_all_numbers_at_the_station():
    one = session()
    facts = {one.station: one for one in look(one, "raw", {}).facts}
    assert tuple(facts) == STATIONS
    assert facts["raw"].shape == (1797, 8, 8, 1)
    assert (facts["raw"].minimum, facts["raw"].maximum) == (0, 1)
    assert facts["split"].shape == facts["scaled"].shape == (1438, 8, 8, 1)
    assert facts["scaled"].mean == pytest.approx(0, abs=1e-4)
    assert facts["scaled"].sd == pytest.approx(1, abs=1e-4)
    assert facts["batch"].shape == (32, 8, 8, 1)
    assert facts["raw"].sd == pytest.approx(one.data.dataset.inputs.std())


def test_looking_at_the_stations_changes_no_step():
    alone, watched = session(Shift(1)), session(Shift(1))
    for _ in range(50):
        alone.take_step()
        watched.take_step()
        look(watched, "batch", {})
    np.testing.assert_array_equal(alone.network.theta, watched.network.theta)
