"""The tables of a race hold every number of it, under names that say what they are."""

import csv
import io

import numpy as np

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing import tables
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.surfaces.base import SURFACES

load()
NAMES = ("Adam 0.1", "rows", "average", "nothing")


def finished(until=25):
    kinds = (("adam", 0.1), ("lbfgs", 1.0), ("asgd", 0.01), ("newton", 1.0))
    racers = tuple(RacerSpec(OPTIMIZERS[kind](learning_rate=rate)) for kind, rate in kinds)
    surface = SURFACES["himmelblau"]()
    session = RaceSession(RaceSpec("a race", racers, surface, 1.0, 0.5, 25))
    session.advance(until)
    return Recorder(session).record()


def read(columns):
    return list(csv.DictReader(io.StringIO(tables.csv_text(columns))))


def test_paths_have_a_row_for_every_racer_and_step_that_read_back_exactly():
    race = finished()
    rows = read(tables.paths(race, NAMES))
    assert len(rows) == 4 * 26
    for index, name in enumerate(NAMES):
        mine = [row for row in rows if row["racer"] == name]
        assert [int(row["step"]) for row in mine] == list(range(26))
        for key, values in (
            ("x", race.answers[:, index, 0]),
            ("theta_y", race.points[:, index, 1]),
            ("value", race.curves.values[:, index]),
            ("gradient_norm", race.curves.gradient_norms[:, index]),
            ("gradients_asked", race.curves.evaluations[:, index, 1]),
        ):
            assert [float(row[key]) for row in mine] == values.tolist()


def test_states_are_the_memories_of_every_step():
    race = finished()
    found = {}
    for row in read(tables.states(race, NAMES)):
        found[row["racer"], int(row["step"]), row["memory"], row["entry"]] = float(row["value"])
    assert not [key for key in found if key[0] == "nothing"], "Newton remembers nothing"
    for index, name in enumerate(NAMES):
        for step in (0, 1, 13, 25):
            for memory, values in race.memory(index, step).items():
                if values.shape == (1,):
                    assert found[name, step, memory, ""] == values[0]
                elif values.shape == (2,):
                    assert [found[name, step, memory, axis] for axis in "xy"] == values.tolist()
                elif values.shape[-1] == 2:
                    assert found[name, step, memory, "3.y"] == values[3, 1]
                else:
                    assert found[name, step, memory, "3"] == values[3, 0]


def test_all_memories_at_once_are_those_of_each_step():
    race = finished(until=11)
    for index in range(4):
        for memory, values in race.memories(index).items():
            assert len(values) == 12
            for step in range(12):
                np.testing.assert_array_equal(values[step], race.memory(index, step)[memory])


def test_the_summary_says_how_everybody_ended_and_can_be_run_again():
    race = finished()
    values = tables.summary(race, NAMES)
    assert RaceSpec.from_json(values["spec"]) == race.spec
    assert [one["name"] for one in values["racers"]] == list(NAMES)
    assert values["racers"][1]["verdict"] == "converged"
    assert values["racers"][0]["x"] == race.answers[-1, 0, 0]
    assert len(values["minima"]) == 4
    assert tables.summary_json(values).endswith(b"}\n")


def test_a_number_that_is_not_finite_becomes_nothing():
    surface = SURFACES["rosenbrock"]()
    spec = RaceSpec("wild", (RacerSpec(OPTIMIZERS["sgd"](learning_rate=1.0)),), surface, -1.5, 2.0, 40)
    session = RaceSession(spec)
    session.advance(40)
    values = tables.summary(Recorder(session).record(), ["wild"])
    assert values["racers"][0]["value"] is None
    assert values["racers"][0]["verdict"] == "diverged"
    tables.summary_json(values)  # strict JSON knows no NaN


def test_a_race_without_racers_has_empty_tables():
    session = RaceSession(RaceSpec("empty", (), SURFACES["sphere"](), 0.0, 0.0, 5))
    session.advance(5)
    race = Recorder(session).record()
    assert read(tables.paths(race, ())) == read(tables.states(race, ())) == []
