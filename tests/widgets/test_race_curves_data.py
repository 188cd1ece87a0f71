"""The curves of a race are the session's own numbers, measured from the right f*, and nobody breaks an axis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.record import Race, Recorder
from simulations.racing.session import RaceSession
from simulations.surfaces.base import SURFACES
from widgets.plots.race_curve_data import (
    CHARTS,
    RaceCurveOptions,
    counted,
    floor_of,
    height_reading,
    lines,
    reading,
    step_at,
    table,
    value_at,
    values_of,
    x_extent,
    y_extent,
)
from widgets.plots.ticks import value_text


def racer(kind: str, rate: float, **more: Any) -> RacerSpec:
    return RacerSpec(OPTIMIZERS[kind](learning_rate=rate), **more)  # type: ignore[call-arg]


def run(surface: str, *racers: RacerSpec, steps: int = 60) -> Race:
    one = SURFACES[surface]()
    session = RaceSession(RaceSpec("a race", racers, one, *one.start, steps))
    session.advance(steps)
    return Recorder(session).record()


FIELD = (racer("adam", 0.05), racer("newton", 1.0), racer("sgd", 0.01))


def test_every_line_holds_the_numbers_of_the_session() -> None:
    race = run("himmelblau", *FIELD)
    drawn = lines(race, None, RaceCurveOptions(CHARTS, height="linear"))
    assert len(drawn) == len(CHARTS) * len(FIELD)
    for line in drawn:
        np.testing.assert_array_equal(line.value, values_of(race, line.chart)[:, line.racer])
    np.testing.assert_array_equal(values_of(race, "x"), race.points[..., 0])
    np.testing.assert_array_equal(values_of(race, "loss"), race.curves.values)


def test_the_table_is_what_the_session_worked_out() -> None:
    race = run("himmelblau", *FIELD)
    columns = table(race, None, RaceCurveOptions(CHARTS), ["A", "B", "C"]).columns
    of_b = columns["name"] == "B"
    np.testing.assert_array_equal(columns["f"][of_b], race.curves.values[:, 1])
    np.testing.assert_array_equal(columns["gradient norm"][of_b], race.curves.gradient_norms[:, 1])
    np.testing.assert_array_equal(columns["y"][of_b], race.points[:, 1, 1])
    np.testing.assert_array_equal(columns["learning rate"][of_b], race.curves.rates[:, 1])
    np.testing.assert_array_equal(columns["Hessians"][of_b], race.curves.evaluations[:, 1, 2])
    np.testing.assert_array_equal(columns["f - f*"][of_b], race.curves.values[:, 1])  # Himmelblau's f* is 0
    assert len({len(one) for one in columns.values()}) == 1


def test_evaluations_are_what_the_session_counted_a_hessian_counting_once() -> None:
    race = run("himmelblau", *FIELD)
    np.testing.assert_array_equal(counted(race, "evaluations"), race.curves.evaluations.sum(axis=-1))
    np.testing.assert_array_equal(counted(race, "gradients"), race.curves.evaluations[..., 1])
    assert counted(race, "evaluations")[10, 1] == 20  # Newton: a gradient and a Hessian a step
    assert counted(race, "gradients")[10, 1] == 10
    np.testing.assert_array_equal(counted(race, "time"), race.curves.seconds * 1e3)


def test_the_loss_is_measured_from_the_lowest_minimum() -> None:
    race = run("styblinski_tang", *FIELD)
    least = min(one.value for one in race.spec.surface.minima)
    floor = floor_of(race, None)
    assert floor.is_known
    assert floor.value == least < 0
    line = lines(race, None, RaceCurveOptions(height="above"))[2]
    np.testing.assert_allclose(10 ** line.y[:5], race.curves.values[:5, 2] - least, rtol=1e-9)
    assert height_reading(line, 3) == value_text(float(race.curves.values[3, 2] - least), 3), "as the axis beside it"
    assert height_reading(lines(race, None, RaceCurveOptions(height="log"))[2], 3) == reading(line, 3)


def test_where_no_minimum_is_known_the_loss_is_measured_from_the_lowest_seen_and_says_so() -> None:
    race = run("logistic_regression", racer("sgd", 0.01), racer("adam", 0.01))
    floor = floor_of(race, None)
    assert not floor.is_known
    assert floor.value == race.curves.values.min()
    drawn = lines(race, None, RaceCurveOptions(height="above"))
    assert min(line.y.min() for line in drawn) == -np.inf  # the lowest seen itself


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("height", ["linear", "log", "above"])
def test_who_diverges_ends_and_does_not_decide_the_range(height: Any) -> None:
    race = run("rosenbrock", racer("sgd", 10.0), racer("adam", 0.01))
    options = RaceCurveOptions(("loss", "gradient_norm", "distance"), height=height)
    drawn = lines(race, None, options)
    gone, calm = drawn[0], drawn[1]
    assert gone.end >= 0 > calm.end
    assert not np.isfinite(gone.value[-1])
    assert reading(gone, race.done) == "NaN", "as in its row"
    assert reading(calm, race.done) not in ("NaN", "–")
    extent = y_extent(drawn, "loss", options)
    assert extent is not None
    start = gone.y[0]
    assert extent[1] <= (start + 2 if options.is_log("loss") else 2 * start)
    assert np.isfinite(extent).all()


def test_a_race_of_diverging_racers_alone_still_has_axes() -> None:
    race = run("rosenbrock", racer("sgd", 10.0))
    for height in ("linear", "above"):
        options = RaceCurveOptions(CHARTS, height=height)
        for chart in CHARTS:
            extent = y_extent(lines(race, None, options), chart, options, (-2.0, 2.0) if chart in "xy" else None)
            assert extent is not None
            assert np.isfinite(extent).all()


def test_the_pointer_finds_the_step_of_every_axis() -> None:
    race = run("himmelblau", *FIELD)
    for by in ("step", "evaluations", "gradients", "time"):
        line = lines(race, None, RaceCurveOptions(x=by))[1]
        assert step_at(line, float(line.x[17])) == 17
        assert value_at(line, 17) == race.curves.values[17, 1]
        low, high = x_extent([line], RaceCurveOptions(x=by), 60)
        assert low == 0
        assert high == line.x[-1]


def test_hidden_racers_and_ghosts_of_other_surfaces_are_not_drawn() -> None:
    race = run("himmelblau", racer("adam", 0.1), racer("sgd", 0.01, is_visible=False))
    assert [line.racer for line in lines(race, run("beale", *FIELD), RaceCurveOptions())] == [0]
    ghost = run("himmelblau", racer("adam", 0.2))
    assert [line.is_ghost for line in lines(race, ghost, RaceCurveOptions())] == [True, False]
    assert set(table(race, ghost, RaceCurveOptions(), ["A", "B"]).columns["race"]) == {"now", "before"}


def test_without_racers_there_is_no_ghost_to_compare_with() -> None:
    empty, ghost = run("himmelblau"), run("himmelblau", *FIELD)
    assert lines(empty, ghost, RaceCurveOptions()) == ()
    assert not table(empty, ghost, RaceCurveOptions(), []).columns


def test_who_leaves_a_surface_without_a_bottom_does_not_decide_from_where_the_loss_is_measured() -> None:
    surface = SURFACES["formula"](text="2 x y + max(x, y)^2")
    session = RaceSession(RaceSpec("", (racer("sgd", 0.1), racer("sgd", 0.4)), surface, 1.0, -2.0, 200))
    session.advance(200)
    race = Recorder(session).record()
    assert np.nanmin(race.curves.values) < -1e9
    assert abs(floor_of(race).value) < 1e4
