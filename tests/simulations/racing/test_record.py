"""A record of a race grows as the race runs; what it said once stays true."""

import dataclasses

import numpy as np
import pytest

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.racing.verdicts import verdict
from simulations.surfaces.base import SURFACES

load()


def race(*racers, surface="himmelblau", steps=60):
    one = SURFACES[surface]()
    return RaceSpec("a race", racers, one, *one.start, steps)


def racer(kind, rate, **more):
    return RacerSpec(OPTIMIZERS[kind](learning_rate=rate), **more)


FIELD = (
    racer("adam", 0.1),
    racer("sgd", 0.01, has_own_start=True, start_x=-1.0, start_y=2.0),
    racer("adam", 0.3),
    racer("asgd", 0.01),  # is judged by an average
    racer("lbfgs", 1.0),
    racer("sgd", 0.003, wrappers=(WRAPPERS["clip_norm"](),)),
)


@pytest.mark.parametrize("surface", ["himmelblau", "drifting_bowl"])
def test_a_record_in_parts_equals_a_record_of_the_whole(surface):
    if surface not in SURFACES:
        surface = next(entry.kind for entry in SURFACES if entry.cls.is_moving)
    spec = race(*FIELD, surface=surface)
    session, whole = RaceSession(spec), RaceSession(spec)
    recorder = Recorder(session)
    for until in (0, 7, 8, 8, 31, 60):
        session.advance(until)
        found = recorder.record()
        assert found.done == until
        assert found.points.shape == (until + 1, 6, 2)
    whole.advance(60)
    at_once = Recorder(whole).record()
    np.testing.assert_array_equal(found.points, whole.points)
    np.testing.assert_array_equal(found.answers, whole.answers)
    for one in dataclasses.fields(found.curves):
        if one.name != "seconds":  # measured
            np.testing.assert_array_equal(getattr(found.curves, one.name), getattr(at_once.curves, one.name))
    assert found.verdicts == at_once.verdicts
    assert found.is_complete


def test_an_earlier_record_stays_as_it_was():
    session = RaceSession(race(*FIELD))
    recorder = Recorder(session)
    session.advance(20)
    early = recorder.record()
    kept = early.points.copy(), early.curves.values.copy(), {k: v.copy() for k, v in early.memory(0, 20).items()}
    session.advance(60)
    recorder.record()
    np.testing.assert_array_equal(early.points, kept[0])
    np.testing.assert_array_equal(early.curves.values, kept[1])
    for name, value in early.memory(0, 20).items():
        np.testing.assert_array_equal(value, kept[2][name])
    assert early.done == 20
    assert not early.is_complete


def test_nobody_can_write_into_a_record():
    session = RaceSession(race(*FIELD))
    session.advance(5)
    found = Recorder(session).record()
    for array in (
        found.points,
        found.answers,
        *(getattr(found.curves, f.name) for f in dataclasses.fields(found.curves)),
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_verdicts_of_a_field_are_those_of_each_alone():
    session = RaceSession(race(*FIELD, racer("sgd", 3.0)))
    session.advance(60)
    found = Recorder(session).record()
    assert found.verdicts == tuple(verdict(found.spec.surface, found.answers[:, i]) for i in range(7))


def test_verdicts_at_a_step_are_those_of_a_race_that_ended_there():
    long, short = (RaceSession(race(*FIELD, steps=steps)) for steps in (60, 12))
    long.advance(60)
    short.advance(12)
    found = Recorder(long).record()
    assert found.verdicts_at(12) == Recorder(short).record().verdicts
    assert found.verdicts_at(60) is found.verdicts


def test_a_race_of_nobody_has_a_record():
    session = RaceSession(race(steps=3))
    session.advance(3)
    found = Recorder(session).record()
    assert found.points.shape == (4, 0, 2)
    assert found.verdicts == ()


def test_names_and_colours_do_not_change_paths():
    spec = race(*FIELD)
    dressed = dataclasses.replace(
        spec, name="another", racers=(dataclasses.replace(FIELD[0], color=3, dash=1, name="A"), *FIELD[1:])
    )
    assert spec.has_paths_of(dressed)
    assert not spec.has_paths_of(dataclasses.replace(spec, steps=61))
    session = RaceSession(spec)
    session.advance(3)
    found = Recorder(session).record()
    assert found.called(dressed).spec is dressed
    assert found.called(dressed).points is found.points
