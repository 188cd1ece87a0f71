"""A race is a pure function of its spec: its paths are those of every racer alone, and every step of them is kept."""

import dataclasses
import json

import numpy as np
import pytest

from simulations.core.errors import GradLabError, SpecError
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.optimizers.wrappers.base import WRAPPERS, Chain
from simulations.racing.session import RaceSession
from simulations.surfaces.base import SURFACES
from simulations.surfaces.objective import Batches, SurfaceObjective

load()
ON_A_PLANE = [entry.cls for entry in OPTIMIZERS if "matrices" not in entry.cls.needs]


def race(*racers, surface="beale", steps=30, **changed):
    one = SURFACES[surface]() if isinstance(surface, str) else surface
    return RaceSpec("a race", racers, one, *one.start, steps, **changed)


def racer(kind="adam", rate=0.01, **more):
    return RacerSpec(OPTIMIZERS[kind](learning_rate=rate), **more)


def run(spec):
    session = RaceSession(spec)
    session.advance(spec.steps)
    return session


def alone(spec, one):
    """The path of one racer, written without any sharing: ``(steps + 1, 2)`` each of points and answers."""
    surface, optimizer = spec.surface, one.optimizer
    theta = np.array(spec.start_of(one))
    objective, state, chain = SurfaceObjective(surface), optimizer.start(theta), Chain(one.wrappers)
    objective.seed = one.seed
    states = chain.start(theta)
    points, answers = [theta.copy()], [theta.copy()]
    for t in range(1, spec.steps + 1):
        whole = one.batch_size in (0, *range(surface.samples, 9999))
        objective.use(None if whole else Batches(surface.samples, one.batch_size, one.seed).at(t), t)
        at = optimizer.at_rate(optimizer.learning_rate * one.schedule.factor(t - 1))
        chain.step(theta, objective, states, t, lambda p, o, at=at, t=t: at.step(p, o, state, t))
        points.append(theta.copy())
        answers.append(chain.answer(optimizer.answer(theta, state), states).copy())
    return np.array(points), np.array(answers)


@pytest.mark.parametrize("cls", ON_A_PLANE, ids=lambda cls: cls.kind)
def test_racers_of_one_method_run_as_each_alone(cls):
    spec = race(*(RacerSpec(cls(learning_rate=rate)) for rate in (1e-3, 1e-2, 3e-3)))
    session = run(spec)
    for i, one in enumerate(spec.racers):
        points, answers = alone(spec, one)
        np.testing.assert_allclose(session.points[:, i], points, rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(session.answers[:, i], answers, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("cls", [one for one in ON_A_PLANE if "value" in one.needs], ids=lambda cls: cls.kind)
def test_methods_that_compare_values_come_down(cls):
    """Each value they compare is kept while the surface answers the next question in the same memory."""
    spec = race(RacerSpec(cls()), surface="booth", steps=40)
    values = run(spec).curves().values[:, 0]
    assert values[-1] < 1e-3 * values[0]


def test_a_field_of_everything_runs_as_each_alone():
    """Different methods, schedules, wrappers, batches, seeds and starts, in an order that sharing has to undo."""
    cosine, sam, ahead, clip, noise = (
        SCHEDULES["cosine"](), WRAPPERS["sam"](), WRAPPERS["lookahead"](), WRAPPERS["clip_norm"](),
        WRAPPERS["gradient_noise"](),
    )  # fmt: skip
    spec = race(
        racer("adam", batch_size=4, seed=1),
        racer("sgd", has_own_start=True, start_x=1.0, start_y=-1.0),
        racer("adam", 0.03, batch_size=4, seed=2),
        racer("momentum", wrappers=(clip, noise), seed=3),
        racer("adam", 0.02),
        racer("bfgs", 1.0),
        racer("schedule_free_sgd", batch_size=7),
        racer("rmsprop", schedule=cosine, batch_size=4),
        racer("sgd", wrappers=(sam, ahead), batch_size=4, seed=1),
        racer("newton", 0.1, schedule=cosine),
        surface="linear_regression",
    )
    session = run(spec)
    for i, one in enumerate(spec.racers):
        points, answers = alone(spec, one)
        np.testing.assert_allclose(session.points[:, i], points, rtol=1e-9, atol=1e-11, err_msg=str(i))
        np.testing.assert_allclose(session.answers[:, i], answers, rtol=1e-9, atol=1e-11, err_msg=str(i))


def test_moving_surfaces_move_under_all_alike():
    spec = race(racer("sgd", 0.05), racer("adam", 0.05), surface="moving_minimum")
    session = run(spec)
    for i, one in enumerate(spec.racers):
        np.testing.assert_allclose(session.points[:, i], alone(spec, one)[0], rtol=1e-12)
    (goal,) = spec.surface.minima_at(7)
    expected = np.hypot(session.points[7, 0, 0] - goal.x, session.points[7, 0, 1] - goal.y)
    assert session.curves().distances[7, 0] == pytest.approx(expected)
    assert session.curves().values[7, 0] == pytest.approx(spec.surface.value(session.points[7, 0], t=7))


def test_equal_specs_give_equal_paths_bit_for_bit():
    spec = race(racer("adam", batch_size=3), racer("momentum", batch_size=3), surface="two_layers", steps=100)
    np.testing.assert_array_equal(run(spec).points, run(spec).points)


def test_parts_make_the_same_race_as_the_whole():
    spec = race(racer("adam"), racer("lbfgs", 1.0), surface="rosenbrock", steps=60)
    session = RaceSession(spec)
    for until in (1, 7, 8, 60, 90):
        session.advance(until)
        assert session.done == min(until, 60)
        assert len(session.curves().values) == session.done + 1
    np.testing.assert_array_equal(session.points, run(spec).points)


def test_a_longer_race_begins_as_the_shorter_one():
    spec = race(racer("nadam"), racer("rprop"), steps=20)
    longer = run(dataclasses.replace(spec, steps=80))
    np.testing.assert_array_equal(longer.points[:21], run(spec).points)


def test_what_a_method_remembered_can_be_read_at_any_step():
    spec = race(racer("momentum", 0.01), racer("adam"), racer("momentum", 0.03), steps=12)
    session = run(spec)
    for step in (12, 1, 5):
        moved = session.points[step, 2] - session.points[step - 1, 2]
        np.testing.assert_allclose(-0.03 * session.memory(2, step)["velocity"], moved, rtol=1e-9)
    assert set(session.memory(1, 3)) == {"first_moment", "second_moment"}
    assert set(session.memory(0, 0)) == {"velocity"}


def test_evaluations_are_counted_for_each_by_what_it_asks():
    sam = WRAPPERS["sam"]()
    spec = race(
        racer("sgd", 1e-3), racer("newton", 0.1), racer("sgd", 1e-3, wrappers=(sam,)), racer("nelder_mead", 0.1)
    )
    counted = run(spec).curves().evaluations
    np.testing.assert_array_equal(counted[10, 0], [0, 10, 0])
    np.testing.assert_array_equal(counted[10, 1], [0, 10, 10])
    np.testing.assert_array_equal(counted[10, 2], [0, 20, 0])
    assert counted[10, 3, 0] > 10
    assert counted[10, 3, 1] == 0


def test_what_steps_took_is_measured_and_what_racers_do_together_is_shared_evenly():
    spec = race(racer("adam", 0.01), racer("newton", 0.1), racer("adam", 0.02), steps=40)
    seconds = run(spec).curves().seconds
    assert seconds.shape == (41, 3)
    np.testing.assert_array_equal(seconds[0], 0)
    assert (np.diff(seconds, axis=0) > 0).all()
    np.testing.assert_array_equal(seconds[:, 0], seconds[:, 2])
    typical = np.median(np.diff(seconds, axis=0), axis=0)  # whatever else the machine was busy with meanwhile
    assert typical[1] > typical[0], "a Hessian and a solve of its own, against half of a step of two"


def test_time_goes_on_where_a_race_is_looked_at_in_parts():
    session = RaceSession(race(racer("adam", 0.01), steps=40))
    session.advance(20)
    before = session.curves().seconds
    session.advance(40)
    np.testing.assert_array_equal(session.curves(10).seconds[:11], before[10:])


def test_curves_are_those_of_the_surface_at_the_path():
    spec = race(racer("adam", 0.1), racer("asgd", 0.01), steps=25)
    session = run(spec)
    curves, surface = session.curves(), spec.surface
    np.testing.assert_allclose(curves.values, surface.value(session.answers), rtol=1e-12)
    slope = surface.gradient(session.points)
    np.testing.assert_allclose(curves.gradient_norms, np.hypot(slope[..., 0], slope[..., 1]), rtol=1e-12)
    np.testing.assert_allclose(curves.distances, surface.distance_to_minimum(session.answers), rtol=1e-12)


def test_the_learning_rate_drawn_is_the_one_that_was_used():
    spec = race(racer("sgd", 0.01, schedule=SCHEDULES["exponential"]()), racer("sgd", 0.02), steps=10)
    session = run(spec)
    rates = session.curves().rates
    for t in (1, 4, 10):
        moved = session.points[t] - session.points[t - 1]
        np.testing.assert_allclose(
            moved, -rates[t, :, np.newaxis] * spec.surface.gradient(session.points[t - 1]), rtol=1e-9
        )


def test_a_racer_that_diverges_disturbs_nobody():
    spec = race(racer("sgd", 10.0), racer("sgd", 1e-3), surface="rosenbrock", steps=200)
    session = run(spec)
    assert not np.isfinite(session.points[-1, 0]).all()
    np.testing.assert_allclose(session.points[:, 1], alone(spec, spec.racers[1])[0], rtol=1e-9)


def test_a_race_can_be_left_in_the_middle_and_keeps_what_it_has():
    interrupt = Interrupt()
    session = RaceSession(race(racer(), steps=500), interrupt)
    session.advance(20)
    interrupt.request()
    with pytest.raises(Interrupted):
        session.advance(500)
    assert 20 <= session.done < 500
    interrupt.clear()
    session.advance(500)
    np.testing.assert_array_equal(session.points, run(race(racer(), steps=500)).points)


def test_an_empty_race_has_empty_curves():
    session = run(race(steps=3))
    assert session.points.shape == (4, 0, 2)
    assert session.curves().values.shape == (4, 0)


def test_a_race_survives_json():
    spec = race(
        racer(
            "adam", 0.3, seed=4, wrappers=(WRAPPERS["lookahead"](),), schedule=SCHEDULES["cosine"](), is_visible=False
        ),
        racer("sgd", has_own_start=True, start_x=-1.5),
        surface=SURFACES["formula"](text="x^4 + |y|"),
    )
    assert RaceSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"format": "else"}, "format"),
        ({"version": 99}, "version"),
        ({"steps": 0}, "steps"),
        ({"surprise": 1}, "surprise"),
        ({"racers": 3}, "racers"),
        ({"racers": [{"optimizer": {"kind": "no"}}]}, "racers[0].optimizer"),
        ({"racers": [{}]}, "racers[0].optimizer"),
        ({"surface": {"kind": "rosenbrock", "b": -1}}, "surface.b"),
    ],
)
def test_a_wrong_value_is_named_by_its_path(change, path):
    with pytest.raises(SpecError) as caught:
        RaceSpec.from_json(race(racer()).to_json() | change)
    assert caught.value.path == path


def test_a_method_for_matrices_is_refused_on_the_plane():
    with pytest.raises(GradLabError, match="Muon"):
        race(racer("muon")).validate()


def test_a_formula_that_cannot_be_read_is_refused_with_its_race():
    with pytest.raises(GradLabError, match="early"):
        race(racer(), surface=SURFACES["formula"](text="x +")).validate()
