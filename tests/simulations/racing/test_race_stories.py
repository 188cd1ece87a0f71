"""Every race that comes with the program shows what its sentence says."""

import dataclasses

import numpy as np
import pytest

from simulations.documents.race import RaceSpec
from simulations.documents.race_edits import add_racer
from simulations.documents.race_presets import load_race_preset
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS, SURFACE
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.racing.verdicts import Verdict
from simulations.surfaces.base import SURFACES
from simulations.surfaces.critical import curvatures

NEAR = 0.05


def run(name, **changed):
    spec = dataclasses.replace(load_race_preset(name).spec, **changed)
    session = RaceSession(spec)
    session.advance(spec.steps)
    return Recorder(session).record()


def paths(race, kind):
    """The paths ``(steps + 1, 2)`` of the racers of one method, in their order."""
    return [race.answers[:, i] for i, one in enumerate(race.spec.racers) if one.optimizer.kind == kind]


def outcome(race):
    """How every racer stands, by its method; of several of one method the last."""
    return {one.optimizer.kind: found for one, found in zip(race.spec.racers, race.verdicts, strict=True)}


def arrival(race, index):
    """The step from which on a racer is near a minimum."""
    away = np.flatnonzero(race.curves.distances[:, index] >= NEAR)
    return int(away[-1]) + 1 if len(away) else 0


def sharpness(race, index):
    """The greatest curvature where a racer ends."""
    return float(curvatures(race.spec.surface.hessian(race.points[-1, index]))[-1])


def test_a_bent_valley_is_followed_by_what_remembers():
    found = outcome(run("bent-valley"))
    assert [found[kind] for kind in ("momentum", "nesterov", "adam")] == [Verdict.CONVERGED] * 3
    race = run("bent-valley")
    assert race.curves.distances[-1, 0] > 0.5 * race.curves.distances[0, 0]


def test_in_a_turned_ravine_descent_zigzags_and_momentum_swings_back():
    race = run("four-in-a-ravine")
    angle = np.radians(race.spec.surface.angle)
    across = race.answers @ np.array([-np.sin(angle), np.cos(angle)])
    along = race.answers @ np.array([np.cos(angle), np.sin(angle)])
    kinds = [one.optimizer.kind for one in race.spec.racers]
    turns = (np.diff(np.sign(across[:40]), axis=0) != 0).sum(axis=0)
    assert turns[kinds.index("sgd")] > 30
    assert along[:, kinds.index("momentum")].max() > 0.2, "past the minimum, and back"
    assert race.verdicts[kinds.index("momentum")] is Verdict.CONVERGED
    for kind in ("rmsprop", "adam"):
        assert turns[kinds.index(kind)] < turns[kinds.index("sgd")] / 3, "it cuts across"


def test_just_below_two_over_lambda_every_step_changes_sides():
    race = run("zig-zag")
    leaping, half = paths(race, "sgd")
    assert (np.diff(np.sign(leaping[:, 1])) != 0).all()
    assert np.abs(half[1:, 1]).max() < 1e-9
    assert abs(half[-1, 0]) > 5 * abs(leaping[-1, 0]), "it creeps"


def test_a_heavy_ball_passes_the_minimum_and_arrives_first():
    race = run("momentum-overshoots")
    angle = np.radians(race.spec.surface.angle)
    along = race.answers @ np.array([np.cos(angle), np.sin(angle)])
    descent, ball, _nesterov = along.T
    assert ball.max() > 0.5
    assert descent.max() <= 1e-9
    assert arrival(race, 1) < arrival(race, 0) / 2


def test_adam_pays_for_the_angle_of_a_valley_and_others_do_not():
    turned = run("adam-turned-valley")
    surface = turned.spec.surface
    back = np.radians(-surface.angle)
    turn = np.array([[np.cos(back), -np.sin(back)], [np.sin(back), np.cos(back)]])
    x, y = turn @ np.array([turned.spec.start_x, turned.spec.start_y])
    straight = run(
        "adam-turned-valley", surface=dataclasses.replace(surface, angle=0.0), start_x=float(x), start_y=float(y)
    )
    kinds = [one.optimizer.kind for one in turned.spec.racers]
    for index, kind in enumerate(kinds):
        ratio = arrival(turned, index) / arrival(straight, index)
        assert (4 < ratio < 6) if kind == "adam" else abs(ratio - 1) < 0.02
    assert outcome(turned)["adam"] is Verdict.CONVERGED


def test_on_the_ridge_only_noise_leaves_the_saddle():
    race = run("saddle-escape")
    noisy = [bool(one.wrappers) for one in race.spec.racers]
    assert noisy.count(True) == 1
    for is_noisy, found in zip(noisy, race.verdicts, strict=True):
        assert found is (Verdict.CONVERGED if is_noisy else Verdict.AT_SADDLE)


def test_clipping_survives_the_cliff():
    race = run("rnn-cliff")
    assert race.verdicts == (Verdict.LEFT, Verdict.CONVERGED)
    longest = np.hypot(*np.moveaxis(np.diff(race.points, axis=0), -1, 0)).max(axis=0)
    assert longest[0] > 100 * longest[1]


def test_a_rate_ends_where_the_floor_is_flat_enough_for_it():
    race = run("edge-of-stability")
    surface = race.spec.surface
    first = float(curvatures(surface.hessian(np.array([race.spec.start_x, race.spec.start_y])))[-1])
    ends = [sharpness(race, i) for i in range(len(race.spec.racers))]
    limits = [2 / one.optimizer.learning_rate for one in race.spec.racers]
    assert race.curves.values[-1].max() < 1e-12
    assert all(end < limit for end, limit in zip(ends, limits, strict=True))
    assert ends == sorted(ends, reverse=True)
    assert sum(limit < first for limit in limits) >= 3, "most may not stay where they start"


def test_a_larger_rate_leaves_the_sharp_minimum_for_the_flat_one():
    race = run("sharp-and-flat")
    assert race.points[-1, 0, 0] < -0.9
    assert race.points[-1, -1, 0] > 0.9
    assert race.verdicts[0] is Verdict.LOCAL_MINIMUM
    assert race.verdicts[-1] is Verdict.CONVERGED
    rates = [one.optimizer.learning_rate for one in race.spec.racers]
    assert sharpness(race, 0) > 2 / rates[1] > 0, "which is why the others cannot stay"
    assert sharpness(race, -1) < 2 / rates[-1]


def test_adam_goes_wrong_where_amsgrad_does_not():
    race = run("adam-counterexample")
    assert paths(race, "adam")[0][-1, 0] > 1
    assert paths(race, "amsgrad")[0][-1, 0] < -1
    whole = race.spec.surface
    assert whole.value(np.array([1.0, 0.0])) > whole.value(np.array([-1.0, 0.0]))


def test_newton_finds_the_saddle_and_dividing_by_the_size_of_curvature_does_not():
    found = outcome(run("newton-saddle"))
    assert found["newton"] is Verdict.AT_SADDLE
    assert found["saddle_free_newton"] is found["sgd"] is Verdict.CONVERGED


def test_noise_that_fades_finds_the_deep_well_and_settles():
    race = run("noise-annealing")
    deepest, shallow = race.spec.surface.minima
    assert race.points[-1, 0] == pytest.approx([shallow.x, shallow.y], abs=1e-6)
    fading = slice(1, len(race.spec.racers) - 1)
    assert race.points[-1, fading] == pytest.approx(np.array([[deepest.x, deepest.y]] * 4), abs=0.04)
    assert set(race.verdicts[fading]) == {Verdict.CONVERGED}
    staying = race.points[-200:, -1]
    assert np.ptp(staying, axis=0).max() > 0.5, "it never rests"


def test_every_method_fits_a_wrong_frequency_from_its_surface_s_own_start():
    load()
    surface = SURFACES["frequency_fit"]()
    spec = RaceSpec("a race", (), surface, *surface.start, 500)
    for entry in OPTIMIZERS:
        if set(entry.cls.needs) <= set(SURFACE):
            spec = add_racer(spec, entry.kind)
    session = RaceSession(spec)
    session.advance(spec.steps)
    assert surface.view.contains(session.answers).all(), "nobody leaves the view"
    ends = session.answers[-1]
    right = surface.minima[0]
    assert right.is_global
    assert np.hypot(ends[:, 0] - right.x, ends[:, 1] - right.y).min() > 1
    assert (surface.distance_to_minimum(ends) < NEAR).sum() > 0.9 * len(ends)
