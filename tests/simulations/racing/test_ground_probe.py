"""The ground under a race: shades are the surface's heights, lines lie on their levels, holes stay holes, time moves it."""

from __future__ import annotations

import dataclasses
import warnings

import numpy as np
import pytest

from simulations import families
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.documents.race import RaceSpec
from simulations.racing.probes.base import RaceLook
from simulations.racing.probes.flow import Flow, FlowAnswer
from simulations.racing.probes.ground import DARKEST, HOLE, FineGround, Ground, GroundAnswer, finest, ground_of
from simulations.racing.record import Race, Recorder
from simulations.racing.session import RaceSession
from simulations.surfaces.base import SURFACES, Box, Surface

families.load()


def race_on(surface: Surface, steps: int = 20) -> Race:
    session = RaceSession(RaceSpec("", (), surface, 0.0, 0.0, steps))
    session.advance(steps)
    return Recorder(session).record()


def asked(probe: Ground | FineGround, surface: Surface, moment: int = 0) -> GroundAnswer:
    (answer,) = probe.answers(RaceLook(race_on(surface), moment), Interrupt())
    return answer


@pytest.mark.parametrize("kind", SURFACES.kinds())
def test_shades_are_the_heights_of_the_lattice(kind: str) -> None:
    surface = SURFACES[kind]()
    box = surface.view
    ground = ground_of(surface, box, None, 24)
    rows, columns = ground.shades.shape
    colors = ground.transform.apply(surface.value(box.lattice(columns, rows)))
    wanted = np.clip((colors - ground.low) / (ground.high - ground.low), 0, 1) * DARKEST
    seen = np.isfinite(colors)
    np.testing.assert_allclose(ground.shades[seen], wanted[seen], atol=0.51)
    assert (ground.shades[~seen] == HOLE).all()


@pytest.mark.parametrize("kind", ["himmelblau", "rosenbrock", "mccormick", "easom", "rastrigin"])
def test_lines_lie_on_their_levels(kind: str) -> None:
    surface = SURFACES[kind]()
    ground = asked(FineGround(), surface)
    assert 5 <= len(ground.levels) <= 20
    steps = np.diff(ground.levels)
    np.testing.assert_allclose(steps, steps[0])
    for level, first, last in zip(ground.levels, ground.ends[:-1], ground.ends[1:], strict=True):
        points = ground.lines[ground.offsets[first] : ground.offsets[last]]
        colors = ground.transform.apply(surface.value(points))
        assert np.median(np.abs(colors - level)) < 0.1 * steps[0]


def test_where_a_formula_has_no_value_the_ground_has_a_hole() -> None:
    surface = SURFACES["formula"](text="log(x) + y^2")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ground = ground_of(surface, Box(-1, 1, -1, 1), None, 41)
    assert ground.has_holes
    assert (ground.shades[:, :20] == HOLE).all()
    assert (ground.shades[:, 21:] != HOLE).all()
    assert np.isfinite(ground.lines).all()


def test_a_surface_without_any_value_is_one_hole() -> None:
    ground = ground_of(SURFACES["formula"](text="log(0 - 1 - x^2)"), Box(-1, 1, -1, 1), None, 16)
    assert (ground.shades == HOLE).all()
    assert not len(ground.lines)


def test_colors_go_little_beyond_those_of_the_view_where_more_is_seen() -> None:
    surface = SURFACES["himmelblau"]()
    own, wide = ground_of(surface, surface.view, None, 65), ground_of(surface, Box(-18, 18, -18, 18), None, 193)
    assert own.high < wide.high <= own.high + 0.26 * (own.high - own.low)
    assert wide.low == own.low
    assert wide.is_cut
    assert not own.is_cut


def test_a_small_part_of_the_view_has_colors_of_its_own() -> None:
    surface = SURFACES["sphere"]()
    ground = ground_of(surface, Box(-1e-4, 1e-4, -1e-4, 1e-4), None, 65)
    assert len(np.unique(ground.shades)) > 100


def test_the_ground_of_a_moving_surface_follows_the_moment() -> None:
    surface = SURFACES["moving_minimum"]()
    look = RaceLook(race_on(surface), 10)
    assert Ground().key(look) != Ground().key(dataclasses.replace(look, moment=11))
    ground = asked(Ground(), surface, 100)
    assert ground.t == 100
    assert ground.minima == surface.minima_at(100)
    rows, columns = ground.shades.shape
    x, y = surface.view.lattice(columns, rows)[np.unravel_index(ground.shades.argmin(), ground.shades.shape)]
    assert np.hypot(x - ground.minima[0].x, y - ground.minima[0].y) < 0.5


def test_the_ground_of_a_still_surface_outlasts_every_step() -> None:
    race = race_on(SURFACES["booth"]())
    assert Ground().key(RaceLook(race, 1)) == Ground().key(RaceLook(race, 9))


def test_the_finer_ground_is_taken_only_if_it_is_about_the_same() -> None:
    surface, other = SURFACES["rotated_quadratic"](), SURFACES["rotated_quadratic"](condition=7.0)
    coarse, fine = asked(Ground(), surface), asked(FineGround(), surface)
    assert finest(coarse, fine) is fine
    assert finest(coarse, asked(FineGround(), other)) is coarse
    assert finest(coarse, asked(FineGround(Box.square(1.0)), surface)) is coarse
    assert finest(coarse, None) is coarse
    assert fine.shades.size > 8 * coarse.shades.size


def test_the_coarse_ground_is_there_also_when_the_next_drag_waits() -> None:
    interrupt = Interrupt()
    interrupt.request()
    assert list(Ground().answers(RaceLook(race_on(SURFACES["ackley"]()), 0), interrupt))


@pytest.mark.parametrize("probe", [FineGround(), Flow(style="lines")], ids=["ground", "flow"])
def test_a_probe_leaves_when_it_is_asked_to(probe: FineGround | Flow) -> None:
    interrupt = Interrupt()
    interrupt.request()
    with pytest.raises(Interrupted):
        list(probe.answers(RaceLook(race_on(SURFACES["ackley"]()), 0), interrupt))


def flow(kind: str, style: str) -> FlowAnswer:
    (answer,) = Flow(style=style).answers(RaceLook(race_on(SURFACES[kind]()), 0), Interrupt())  # type: ignore[arg-type]
    return answer


@pytest.mark.parametrize("kind", ["himmelblau", "rnn_cliff", "easom"])
def test_arrows_point_down_the_gradient(kind: str) -> None:
    answer = flow(kind, "arrows")
    middle, along = answer.lines.mean(axis=1), answer.lines[:, 1] - answer.lines[:, 0]
    slope = answer.surface.gradient(middle)
    cosine = -(slope * along).sum(axis=1) / (np.hypot(*slope.T) * np.hypot(*along.T))
    np.testing.assert_allclose(cosine, 1.0, atol=1e-6)


def test_flow_lines_lead_down() -> None:
    answer = flow("himmelblau", "lines")
    heights = answer.surface.value(answer.lines)
    assert (heights[:, -1] < heights[:, 0]).mean() > 0.98


def test_a_steeper_place_has_a_longer_arrow() -> None:
    answer = flow("sphere", "arrows")
    length = np.hypot(*(answer.lines[:, 1] - answer.lines[:, 0]).T)
    order = np.hypot(*answer.surface.gradient(answer.lines.mean(axis=1)).T).argsort()
    assert (np.diff(length[order]) >= -1e-9).all()
