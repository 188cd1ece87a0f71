"""The gates probe: it says of every recurrent layer, inner ones too, what its gates let through in the probe pass."""

from __future__ import annotations

import numpy as np
import pytest

from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import DataSpec
from simulations.nn.layers.base import LAYERS
from simulations.probes.gates import MOST_UNITS, GatesProbe
from simulations.training.session import Session


def made(kind, **settings):
    return LAYERS[kind](**settings)


@pytest.fixture
def trained(make_experiment):
    """A session of ``layers`` over digits read row by row, some steps into its training."""

    def make(*layers):
        data = DataSpec(DATA_SOURCES["digits"](samples=100))
        all_layers = (made("reshape", rows=8), *layers, made("dense", units=10))
        session = Session(make_experiment(data=data, layers=all_layers))
        for _ in range(3):
            session.take_step()
        return session

    return make


def test_the_maps_are_the_means_of_the_gates_over_the_samples(trained):
    session = trained(made("lstm", units=3))
    found = GatesProbe("lstm 1").measure(session, {})
    assert [one.name for one in found.gates] == ["input", "forget", "candidate", "output"]
    weights = session.network.views[1]
    first = session.probe_tape(None).outputs[0][:, 0]
    gates = 1 / (
        1 + np.exp(-(first @ weights["weight"] + weights["bias"]))
    )  # of the first step: the last state is zero
    np.testing.assert_allclose(found.gates[0].means[:, 0], gates[:, :3].mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(found.gates[1].means[:, 0], gates[:, 3:6].mean(axis=0), rtol=1e-4)
    assert (found.samples, found.step) == (len(first), 3)


def test_shares_and_mean_are_over_every_value(trained):
    session = trained(made("gru", units=5))
    found = GatesProbe("gru 1").measure(session, {})
    values = session.network.layers[1].gate_values(session.probe_tape(None).memos[1])
    for one in found.gates:
        every = values[one.name]
        assert one.mean == pytest.approx(every.mean(), rel=1e-5, abs=1e-6)
        assert one.open == (every > one.high - 0.1 * (one.high - one.low)).mean()
        assert one.means.shape == (5, 8)
        assert not one.means.flags.writeable


def test_gates_of_inner_layers_stand_under_their_numbers(trained):
    branches = made("parallel", first=(made("layer_norm"), made("gru", outputs="all")), second=())
    block = made("residual", stack=(made("simple_rnn", units=24, outputs="all"),), shortcut="identity")
    session = trained(branches, block, made("flatten"))
    names = [one.name for one in GatesProbe("parallel 1").measure(session, {}).gates]
    assert names == ["1.2.reset", "1.2.update", "1.2.candidate"]
    assert [one.name for one in GatesProbe("residual 1").measure(session, {}).gates] == ["1.state"]


def test_layers_without_gates_and_unknown_ones_are_answered_with_none(trained):
    session = trained(made("lstm"))
    assert GatesProbe("reshape 1").measure(session, {}) is None
    assert GatesProbe("lstm 2").measure(session, {}) is None
    assert GatesProbe().measure(session, {}) is None


def test_very_many_units_are_cut_to_what_a_screen_can_show(trained):
    (one, *_) = GatesProbe("gru 1").measure(trained(made("gru", units=100)), {}).gates
    assert (len(one.means), one.all_units) == (MOST_UNITS, 100)


def test_a_state_that_no_bound_holds_says_how_far_it_reaches(trained):
    session = trained(made("simple_rnn", units=30, activation="relu"))
    (state,) = GatesProbe("simple_rnn 1").measure(session, {}).gates
    largest = session.network.layers[1].gate_values(session.probe_tape(None).memos[1])["state"].max()
    assert largest > 1
    assert (state.low, state.high) == (0, largest)
