"""Maps of many short races, against theory and against single paths; and the word for how a race stands."""

import numpy as np
import pytest

from simulations.core.interrupt import Interrupt, Interrupted
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.maps import DIVERGED, ELSEWHERE, NEVER, Ending, basins, finish, near_of, sweep
from simulations.racing.session import RaceSession
from simulations.racing.verdicts import Verdict, verdict
from simulations.surfaces.base import SURFACES

load()


def path(kind, rate, surface, steps, **start):
    spec = RaceSpec("", (RacerSpec(OPTIMIZERS[kind](learning_rate=rate)),), surface, *surface.start, steps)
    session = RaceSession(
        RaceSpec("", spec.racers, surface, start.get("x", spec.start_x), start.get("y", spec.start_y), steps)
    )
    session.advance(steps)
    return session.answers[:, 0]


@pytest.mark.parametrize("kind", ["adam", "schedule_free_sgd", "newton"])
def test_a_cell_of_a_map_is_the_end_of_the_path_from_there(kind):
    surface = SURFACES["himmelblau"]()
    found = basins(surface, OPTIMIZERS[kind](learning_rate=0.05), columns=60, rows=50, steps=40)
    starts = surface.view.lattice(60, 50)
    for row, column in ((0, 0), (25, 31), (49, 59)):
        x, y = starts[row, column].tolist()
        np.testing.assert_allclose(found.ends[row, column], path(kind, 0.05, surface, 40, x=x, y=y)[-1], rtol=1e-9)


def test_every_basin_of_himmelblau_holds_its_minimum():
    surface = SURFACES["himmelblau"]()
    found = basins(surface, OPTIMIZERS["adam"](learning_rate=0.1), columns=61, rows=61, steps=300)
    starts = surface.view.lattice(61, 61).reshape(-1, 2)
    for index, one in enumerate(surface.minima):
        nearest = np.argmin(np.hypot(starts[:, 0] - one.x, starts[:, 1] - one.y))
        assert found.reached.reshape(-1)[nearest] == index
    assert (found.reached >= 0).mean() > 0.95


def test_descent_diverges_above_two_over_the_curvature_and_converges_below():
    surface = SURFACES["rotated_quadratic"](condition=50.0)
    rates = np.geomspace(1e-3, 1, 200)
    found = sweep(surface, OPTIMIZERS["sgd"](), surface.start, {"learning_rate": rates}, 2000)
    limit = 2 / 50
    np.testing.assert_array_equal(found.arrived[(rates > 3e-3) & (rates < 0.99 * limit)], True)
    np.testing.assert_array_equal(found.arrived[rates > 1.01 * limit], False)


def test_momentum_diverges_above_two_times_one_plus_beta_over_the_curvature():
    surface = SURFACES["sphere"]()
    rates, betas = np.linspace(0.05, 2.4, 40), np.linspace(0.0, 0.8, 9)
    settings = {"learning_rate": rates, "momentum": betas}
    found = sweep(surface, OPTIMIZERS["momentum"](), surface.start, settings, 1000)
    assert found.values.shape == (40, 9)
    limit = 2 * (1 + betas) / 2
    assert all(found.arrived[rates < 0.95 * one, i].all() for i, one in enumerate(limit))
    assert not any(found.arrived[rates > 1.02 * one, i].any() for i, one in enumerate(limit))


def test_a_start_that_diverges_or_arrives_nowhere_is_marked():
    surface = SURFACES["rosenbrock"]()
    found = basins(surface, OPTIMIZERS["sgd"](learning_rate=0.01), columns=9, rows=9, steps=200)
    assert (found.reached == DIVERGED).any()
    short = basins(surface, OPTIMIZERS["sgd"](learning_rate=1e-4), columns=9, rows=9, steps=5)
    assert (short.reached == ELSEWHERE).any()


def test_a_map_can_be_left():
    interrupt = Interrupt()
    interrupt.request()
    surface = SURFACES["sphere"]()
    with pytest.raises(Interrupted):
        finish(surface, OPTIMIZERS["adam"](), surface.view.lattice(50, 50).reshape(-1, 2), 100, interrupt)


@pytest.mark.parametrize(
    ("surface", "kind", "rate", "steps", "start", "expected"),
    [
        ("sphere", "sgd", 0.1, 200, {}, Verdict.CONVERGED),
        ("sphere", "sgd", 1e-3, 50, {}, Verdict.MOVING),
        ("sphere", "sgd", 1.5, 2000, {}, Verdict.DIVERGED),
        ("mccormick", "sgd", 0.1, 30, {"x": 3.9, "y": -2.9}, Verdict.CONVERGED),
        ("saddle", "sgd", 0.1, 500, {"x": -2.0, "y": 0.0}, Verdict.AT_SADDLE),
        ("saddle", "newton", 1.0, 50, {"x": 0.3, "y": 0.4}, Verdict.AT_SADDLE),
        ("sphere", "sgd", 1.05, 2, {"x": 4.9, "y": 4.9}, Verdict.LEFT),
        ("product_valley", "sgd", 0.05, 500, {}, Verdict.CONVERGED),
        ("himmelblau", "sgd", 0.01, 500, {"x": -3.0, "y": -3.0}, Verdict.CONVERGED),
        ("two_wells", "sgd", 0.01, 500, {"x": 0.8, "y": 0.1}, Verdict.LOCAL_MINIMUM),
    ],
)
def test_the_verdict_says_how_a_race_stands(surface, kind, rate, steps, start, expected):
    one = SURFACES[surface]()
    assert verdict(one, path(kind, rate, one, steps, **start)) is expected


def test_a_floor_of_minima_nobody_knows_of_is_a_place_to_rest():
    floor = SURFACES["formula"](text="(x + 2*y - 1)^2")
    assert not floor.minima
    assert verdict(floor, path("sgd", 0.05, floor, 300, x=1.0, y=2.0)) is Verdict.AT_REST
    assert verdict(floor, path("sgd", 1e-7, floor, 300, x=1.0, y=2.0)) is Verdict.MOVING, "it is slow, not there"


def test_who_swings_around_a_minimum_or_hangs_on_its_wall_has_not_converged():
    bowl = SURFACES["rotated_quadratic"](condition=50.0)
    goal = np.array([[one.x, one.y] for one in bowl.minima])
    away = np.array([bowl.view.width, 0.0]) / 250  # within what counts as near
    approach = goal + np.linspace(100, 0, 100)[:, np.newaxis] * away
    swinging = np.tile(np.stack([goal[0], goal[0] + 5 * away]), (10, 1))
    assert verdict(bowl, np.concatenate([approach, np.repeat(goal, 20, axis=0)])) is Verdict.CONVERGED
    assert verdict(bowl, np.concatenate([approach, swinging])) is Verdict.MOVING
    valley = SURFACES["rosenbrock"]()
    wall = np.array([1.0, 1.0]) + np.array([0.02, -0.02])
    assert valley.distance_to_minimum(wall) < 0.01 * min(valley.view.width, valley.view.height)
    assert verdict(valley, np.repeat(wall[np.newaxis], 50, axis=0)) is Verdict.MOVING


@pytest.mark.parametrize(
    ("surface", "options"),
    [
        ("himmelblau", {"schedule": SCHEDULES["cosine"](steps=50)}),
        ("himmelblau", {"schedule": SCHEDULES["reduce_on_plateau"](patience=0, threshold=0.3)}),
        ("himmelblau", {"wrappers": (WRAPPERS["clip_norm"](limit=2.0), WRAPPERS["sam"](radius=0.1))}),
        ("himmelblau", {"wrappers": (WRAPPERS["gradient_noise"](), WRAPPERS["lookahead"]()), "seed": 7}),
        ("linear_regression", {"batch_size": 3, "seed": 5}),
    ],
)
def test_maps_move_a_racer_with_all_it_has(surface, options):
    surface = SURFACES[surface]()
    racer = RacerSpec(OPTIMIZERS["momentum"](learning_rate=0.003), **options)
    starts = surface.view.lattice(3, 2).reshape(-1, 2)
    ending = Ending(surface, racer, starts, 60)
    ending.run()
    for (x, y), end in zip(starts.tolist(), ending.ends, strict=True):
        session = RaceSession(RaceSpec("", (racer,), surface, x, y, 60))
        session.advance(60)
        np.testing.assert_allclose(end, session.answers[-1, 0], rtol=1e-9)


@pytest.mark.parametrize("kind", ["himmelblau", "product_valley"])
def test_an_arrival_is_the_first_step_near_a_minimum(kind):
    surface = SURFACES[kind]()
    racer = RacerSpec(OPTIMIZERS["momentum"](learning_rate=0.004))
    starts = surface.view.lattice(7, 7).reshape(-1, 2)
    ending = Ending(surface, racer, starts, 120, is_timed=True)
    ending.run()
    assert (ending.arrivals == NEVER).any() or (ending.arrivals > 0).any()
    for (x, y), arrival in zip(starts.tolist(), ending.arrivals.tolist(), strict=True):
        session = RaceSession(RaceSpec("", (racer,), surface, x, y, 120))
        session.advance(120)
        near = np.flatnonzero(session.curves().distances[1:, 0] <= near_of(surface))
        assert arrival == (near[0] + 1 if len(near) else NEVER)
