"""The Layers probe: what it counts is what the network holds, and looking changes nothing."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from simulations.core.arrays import Array
from simulations.nn.layers.base import LAYERS
from simulations.probes.layers import LayersProbe
from simulations.probes.ranges import Extent, settle
from simulations.training.session import Session


@pytest.fixture
def session(experiment) -> Session:
    one = Session(experiment)
    for _ in range(7):
        one.take_step()
    return one


def row(answer, name):
    return next(row for row in answer.rows if row.name == name)


def counted(values: Array, edges: Array) -> Array:
    kept = values.astype(np.float64).reshape(-1)
    return np.histogram(kept[kept != 0], edges)[0]


@pytest.mark.parametrize("scale", ["linear", "symlog"])
@pytest.mark.parametrize("gradient_of", ["outputs", "weights"])
def test_every_cell_counts_what_the_network_holds(session, scale, gradient_of):
    answer = LayersProbe(scale=scale, gradient_of=gradient_of).measure(session, {})
    tape = session.probe_tape()
    for index, info in enumerate(session.layers):
        cells = row(answer, info.name).cells
        found = {"activations": tape.outputs[index]}
        if gradient_of == "outputs":
            found["gradients"] = tape.output_gradients[index] * np.float32(tape.batch)
        elif info.parameter_count:
            found["gradients"] = tape.gradient_views[index]["weight"]
        if info.parameter_count:
            found["weights"] = session.network.views[index]["weight"]
        assert set(cells) == set(found)
        for quantity, values in found.items():
            now = cells[quantity].now
            np.testing.assert_array_equal(now.counts, counted(values, now.edges))
            assert now.total == now.population == values.size
            assert now.mean == pytest.approx(float(values.mean()), abs=1e-6)
            assert now.sd == pytest.approx(float(values.std()), rel=1e-4, abs=1e-9)


def test_while_running_it_says_how_many_samples_and_values_it_counted(session):
    answer = LayersProbe(samples=64).measure(session, {})
    assert (answer.samples, answer.available) == (64, len(session.probe_batch()[0]))
    assert row(answer, "relu 1").cells["activations"].now.total == 64 * 8


def test_gradients_do_not_depend_on_how_many_samples_are_looked_at(session):
    some = LayersProbe(samples=64).measure(session, {})
    part = session.probe_tape(64).output_gradients[-1] * np.float32(64)
    whole = session.probe_tape().output_gradients[-1] * np.float32(session.probe_tape().batch)
    np.testing.assert_allclose(part, whole[:64], rtol=1e-5)
    assert row(some, "dense 3").cells["gradients"].now.sd == pytest.approx(float(part.std()), rel=1e-4)


def test_the_ghost_is_step_0_whenever_one_first_looks(experiment):
    early, late = Session(experiment), Session(experiment)
    first = LayersProbe().measure(early, {})
    for _ in range(20):
        late.take_step()
    ghost = row(LayersProbe().measure(late, {}), "dense 1").cells["activations"].initial
    values = early.probe_tape().outputs[0]
    np.testing.assert_array_equal(ghost.counts, counted(values, ghost.edges))
    now = row(first, "dense 1").cells["activations"]
    np.testing.assert_array_equal(now.now.counts, now.initial.counts)


def test_looking_changes_nothing_of_the_training(experiment):
    watched, alone = Session(experiment), Session(experiment)
    memory = {}
    for _ in range(10):
        LayersProbe(samples=64).measure(watched, memory)
        watched.take_step()
        alone.take_step()
    np.testing.assert_array_equal(watched.network.theta, alone.network.theta)


@pytest.mark.parametrize("share", ["cell", "column", "all"])
def test_ranges_are_shared_as_asked(session, share):
    answer = LayersProbe(scale="linear", share=share).measure(session, {})
    ranges = [(quantity, tuple(cell.now.edges[[0, -1]])) for row in answer.rows for quantity, cell in row.cells.items()]
    by_column = {quantity: {ends for q, ends in ranges if q == quantity} for quantity, _ in ranges}
    if share == "all":
        assert len({ends for _, ends in ranges}) == 1
    elif share == "column":
        assert all(len(found) == 1 for found in by_column.values())
    else:
        assert len(by_column["gradients"]) > 1


def test_a_locked_cell_keeps_its_range_while_its_values_grow(session):
    memory = {}
    free, cell = LayersProbe(share="cell"), ("dense 1", "weights")
    before = row(free.measure(session, memory), "dense 1").cells["weights"].now.edges
    locked = dataclasses.replace(free, locked=frozenset({cell}))
    locked.measure(session, memory)
    session.network.views[0]["weight"][...] *= 100
    now = row(locked.measure(session, memory), "dense 1").cells["weights"].now
    np.testing.assert_array_equal(now.edges, before)
    assert now.under + now.over > 0
    assert row(free.measure(session, memory), "dense 1").cells["weights"].now.edges[-1] > before[-1]


def test_a_range_stays_while_it_still_serves():
    first = settle(None, Extent(-1.0, 1.0, 0.01), "linear", 40)
    assert settle(first, Extent(-0.9, 1.05, 0.01), "linear", 40) is first
    assert settle(first, Extent(-3.0, 1.0, 0.01), "linear", 40).low <= -3.0
    assert settle(first, Extent(-0.1, 0.1, 0.01), "linear", 40).high < 0.5


def test_units_that_never_fire_are_dead(experiment):
    session = Session(experiment)
    session.network.views[0]["bias"][:3] = -1e6
    answer = LayersProbe().measure(session, {})
    fires = (session.probe_tape().outputs[1] != 0).any(axis=0)
    assert row(answer, "relu 1").dead_share == pytest.approx(1 - fires.mean())
    assert row(answer, "relu 1").dead_share >= 3 / 8
    assert math.isnan(row(answer, "dense 1").dead_share)


def test_the_update_ratio_is_the_size_of_an_update_over_that_of_the_weights(experiment):
    session = Session(experiment)
    memory = {}
    assert math.isnan(LayersProbe().measure(session, memory).rows[0].update_ratio)
    before, part = session.network.theta.copy(), session.network.slices[0]
    session.take_step()
    answer = LayersProbe().measure(session, memory)
    after = session.network.theta
    expected = np.log10(np.linalg.norm((after - before)[part]) / np.linalg.norm(after[part]))
    assert answer.rows[0].update_ratio == pytest.approx(expected, abs=1e-5)
    assert math.isnan(answer.rows[1].update_ratio)


def test_the_history_of_update_ratios_is_thinned_and_ends_now(session):
    memory = {}
    for _ in range(600):
        answer = LayersProbe(samples=32).measure(session, memory)
        session.take_step()
    history = answer.rows[0].update_history
    assert len(history) <= 257
    assert (np.diff(history[:, 0]) > 0).all()
    assert history[-1, 0] == answer.step


def test_an_update_ratio_stands_at_the_step_it_was_measured_at(session):
    memory = {}
    LayersProbe().measure(session, memory)
    for _ in range(5):
        session.take_step()
    answer = LayersProbe().measure(session, memory)
    assert answer.step == 12
    assert answer.rows[0].update_history[:, 0].tolist() == [8]


def test_numbers_that_are_not_finite_are_counted_not_hidden(session):
    session.network.views[0]["weight"][0, 0] = np.nan
    session._edits += 1  # another moment
    answer = LayersProbe().measure(session, {})
    assert row(answer, "dense 1").cells["weights"].now.nan == 1
    assert row(answer, "dense 1").cells["activations"].now.nan > 0


def test_a_layer_of_zeros_has_a_range_to_be_drawn_over(experiment):
    leaky = LAYERS["dense"]
    session = Session(dataclasses.replace(experiment, layers=(leaky(units=2),)))
    session.network.theta[:] = 0
    now = LayersProbe(share="cell").measure(session, {}).rows[0].cells["weights"].now
    assert now.zeros == now.total
    assert now.edges[0] < now.edges[-1]


def test_new_samples_get_a_ghost_of_their_own(session, make_experiment):
    memory = {}
    LayersProbe(share="cell", scale="linear").measure(session, memory)
    spec = session.spec
    noisy = dataclasses.replace(spec.data, source=dataclasses.replace(spec.data.source, noise=0.4))
    session.apply(dataclasses.replace(spec, data=noisy))
    ghost = (
        row(LayersProbe(share="cell", scale="linear").measure(session, memory), "dense 1").cells["activations"].initial
    )
    fresh = Session(session.spec).probe_tape().outputs[0]
    np.testing.assert_array_equal(ghost.counts, counted(fresh, ghost.edges))


def test_on_auto_gradients_share_a_symlog_range_and_the_rest_is_linear(session):
    cells = {(r.name, q): c.now for r in LayersProbe().measure(session, {}).rows for q, c in r.cells.items()}
    assert {now.scale for (_, q), now in cells.items() if q == "gradients"} == {"symlog"}
    assert {now.scale for (_, q), now in cells.items() if q != "gradients"} == {"linear"}
    assert len({tuple(now.edges) for (_, q), now in cells.items() if q == "gradients"}) == 1


def test_a_frozen_layer_is_called_so_and_has_no_update_ratio(make_experiment):
    dense = LAYERS["dense"]
    session = Session(make_experiment(layers=(dense(units=8, frozen=True), LAYERS["relu"](), dense(units=2))))
    session.last_update()
    for _ in range(3):
        session.take_step()
    rows = LayersProbe().measure(session, {}).rows
    assert [one.frozen for one in rows] == [True, False, False]
    assert math.isnan(rows[0].update_ratio)
    assert math.isfinite(rows[2].update_ratio)
