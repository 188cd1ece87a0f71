"""The surface in space: what the projection does can be undone, and what is hidden is exactly what lies behind the sheet."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from simulations.core.interrupt import Interrupt
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.probes.base import RaceLook
from simulations.racing.probes.relief import FineRelief, Relief, ReliefAnswer, finest
from simulations.racing.record import Race, Recorder
from simulations.racing.session import RaceSession
from simulations.surfaces.base import SURFACES, Box, ColorTransform
from widgets.plots.relief3d import ReliefView
from widgets.plots.relief_camera import HALF_HEIGHT, HIGHEST, LOWEST, Camera, Projection, Room, Sides
from widgets.plots.relief_paths import draped
from widgets.plots.relief_scale import HeightScale
from widgets.plots.relief_scene import ReliefOptions, Stage
from widgets.plots.relief_sheet import Sheet, rasterize
from widgets.plots.relief_vector import quads
from widgets.theme import DARK, LIGHT, Look

ROOM = Room(0, 0, 240, 200)
SIDES = Sides(1.0, 1.0)


def race_on(surface: Any, *rates: float, steps: int = 40) -> Race:
    one = SURFACES[surface]() if isinstance(surface, str) else surface
    racers = tuple(RacerSpec(OPTIMIZERS["adam"](learning_rate=rate)) for rate in rates)  # type: ignore[call-arg]
    session = RaceSession(RaceSpec("a race", racers, one, *one.start, steps))
    session.advance(steps)
    return Recorder(session).record()


def relief_of(race: Race, moment: int = 0) -> ReliefAnswer:
    return next(iter(Relief().answers(RaceLook(race, moment), Interrupt())))


def sheet_of(function: Any, n: int = 41, sides: Sides = SIDES) -> Sheet:
    x, y = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n))
    heights = np.clip(function(x, y), 0, 1)
    return Sheet(heights, heights, sides)


@pytest.mark.parametrize("azimuth", [0.0, 0.7, 2.5, -1.9])
@pytest.mark.parametrize("elevation", [LOWEST, 0.6, HIGHEST])
def test_lifting_undoes_projecting(azimuth: float, elevation: float) -> None:
    projection = Camera(azimuth, elevation, 1.3, 0.1, -0.05).placed(ROOM, Sides(1.0, 0.6))
    points = np.random.default_rng(0).uniform(-1, 1, (50, 3))
    np.testing.assert_allclose(projection.lift(projection.project(points)), points, atol=1e-12)


def test_from_above_x_goes_right_and_y_up_as_in_the_plane() -> None:
    projection = Camera().from_above().placed(ROOM, SIDES)
    middle, right, back = projection.project(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]))[:, :2]
    np.testing.assert_allclose(right - middle, [projection.scale, 0], atol=1e-9)
    np.testing.assert_allclose(back - middle, [0, -projection.scale], atol=1e-9)


def test_the_tilt_stops_straight_above_and_just_over_the_floor() -> None:
    assert Camera().turned(0, 9).elevation == HIGHEST
    assert Camera().turned(0, -9).elevation == LOWEST


@pytest.mark.parametrize("azimuth", [0.0, 0.4, 1.3, math.pi, -2.2])
def test_a_box_stays_in_its_room_however_it_is_turned(azimuth: float) -> None:
    corners = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-HALF_HEIGHT, HALF_HEIGHT)], float)
    for elevation in (LOWEST, 0.5, HIGHEST if azimuth == 0 else 1.5):
        seen = Camera(azimuth, elevation).placed(ROOM, SIDES).project(corners)
        assert seen[:, 0].min() >= -1e-6
        assert seen[:, 0].max() <= ROOM.width + 1e-6
        assert seen[:, 1].min() >= -1e-6
        assert seen[:, 1].max() <= ROOM.height + 1e-6


def nearest_by_marching(function: Any, projection: Projection, column: float, row: float) -> float:
    """The distance along the floor to the first piece of the sheet on the ray of a pixel, by walking it; ∞ for none."""
    depths = np.linspace(-3, 3, 20_001)
    seen = np.stack([np.full_like(depths, column), np.full_like(depths, row), depths], axis=-1)
    points = projection.lift(seen)
    x, y, up = points.T
    over = up - (2 * np.clip(function(x, y), 0, 1) - 1) * HALF_HEIGHT
    is_in = (np.abs(x) <= 1) & (np.abs(y) <= 1)
    crosses = np.flatnonzero((np.sign(over[1:]) != np.sign(over[:-1])) & is_in[1:] & is_in[:-1])
    return float(projection.turned(x, y)[1][crosses[0]]) if crosses.size else math.inf


@pytest.mark.parametrize("azimuth", [0.3, 2.2, -1.1])
def test_every_pixel_shows_the_nearest_piece_of_the_sheet(azimuth: float) -> None:
    def hill(x: Any, y: Any) -> Any:
        return np.exp(-6 * ((x - 0.2) ** 2 + y**2)) + 0.3 * (x * x + y * y)

    projection = Camera(azimuth, math.radians(25)).placed(ROOM, SIDES)
    raster = rasterize(sheet_of(hill, 161), projection, (240, 200), 500, LIGHT)
    rng, wrong = np.random.default_rng(1), 0
    for column, row in rng.integers((10, 10), (230, 190), (250, 2)).tolist():
        found = float(raster.distances[row, column])
        seen = [nearest_by_marching(hill, projection, column + 0.5, row + part) for part in (0.0, 0.5, 1.0)]
        wrong += not any(one == found or abs(one - found) < 0.05 for one in seen)
    assert wrong <= 4  # of 250: on an edge a piece is far thinner than a pixel


def test_a_wall_hides_what_is_behind_it_and_nothing_before_it() -> None:
    wall = sheet_of(lambda x, y: np.exp(-200 * y * y), 201)
    raster = rasterize(wall, Camera(0.0, math.radians(20)).placed(ROOM, SIDES), (240, 200), 400, LIGHT)
    before, behind, far = (np.array([[0.1, y, wall.up_at(np.array(0.1), np.array(y))]]) for y in (-0.5, 0.3, 1.0))
    assert raster.shows(before).all()
    assert not raster.shows(behind).any()
    assert raster.projection.project(behind)[0, 1] > raster.projection.project(np.array([[0.1, 0, HALF_HEIGHT]]))[0, 1]
    from_behind = rasterize(wall, Camera(math.pi, math.radians(20)).placed(ROOM, SIDES), (240, 200), 400, LIGHT)
    assert from_behind.shows(behind).all()
    assert not from_behind.shows(before).any()
    assert from_behind.shows(far).all() or from_behind.projection.project(far)[0, 1] > 0


def test_quadrilaterals_come_from_far_to_near() -> None:
    projection = Camera(0.8, 0.6).placed(ROOM, SIDES)
    corners, shares, shades, is_under = quads(sheet_of(lambda x, y: 0.5 + 0 * x, 21), projection)
    assert corners.shape == (400, 4, 2)
    assert (np.diff(corners[..., 1].mean(axis=1)) > -1e-6).all()  # a level floor: farther is higher on the screen
    assert not is_under.any()
    assert np.allclose(shares, 0.5)
    assert len(set(np.round(shades, 9))) == 1


def test_holes_and_infinite_heights_are_left_out(qtbot: QtBot) -> None:
    heights = np.full((30, 30), 0.4)
    heights[10:20, 10:20] = np.nan
    sheet = Sheet(heights, heights, SIDES)
    projection = Camera().from_above().placed(ROOM, SIDES)
    raster = rasterize(sheet, projection, (240, 200), 200, LIGHT)
    assert not np.isfinite(raster.distances[100, 120])
    assert np.isfinite(raster.distances[30, 60])
    assert len(quads(sheet, projection)[0]) < 29 * 29


def test_paths_lie_on_the_sheet_and_end_at_its_edge() -> None:
    race = race_on("himmelblau", 0.05, 2.0)
    stage = Stage(relief_of(race), is_plain=False)
    paths = stage.drape(race.points)
    up = stage.sheet.up_at(paths.points[:, 0], paths.points[:, 1])
    np.testing.assert_allclose(paths.points[:, 2], up, atol=1e-12)
    assert (np.abs(paths.points[:, 0]) <= stage.sheet.sides.x).all()
    assert paths.steps[paths.first[0] : paths.first[1]].max() == race.done


@pytest.mark.filterwarnings("error")
def test_paths_to_nowhere_are_cut_off() -> None:
    places = np.array([[[0.0, 0.0]], [[0.5, 0.1]], [[1e300, 3.0]], [[np.nan, 0.0]], [[np.inf, -np.inf]], [[0.1, 0.1]]])
    found = draped(places, Box.square(1), sheet_of(lambda x, y: 0.5 + 0 * x))
    assert np.isfinite(found.points).all()
    assert found.points[:, 0].max() == pytest.approx(1.0)


def test_heights_stand_for_values_and_back() -> None:
    for scale in ("linear", "log", "asinh"):
        transform = ColorTransform(scale, -3.0, 0.1)  # type: ignore[arg-type]
        low, high = transform.apply(np.array([-3.0, 500.0])).tolist()
        for is_plain in (False, True):
            heights = HeightScale(transform, low, high, is_plain or scale == "linear")
            values = np.array([-2.9, 0.0, 40.0, 499.0])
            np.testing.assert_allclose(
                heights.values(heights.shares(transform.apply(values))), values, rtol=1e-9, atol=1e-12
            )
            for share, text in heights.ticks(5):
                written = float(text.replace("\u202f", "").replace("−", "-"))
                value = float(heights.values(np.array(share)))
                assert value - (-3.0 if heights.is_above else 0.0) == pytest.approx(written, abs=1e-9, rel=1e-6)


def test_the_finer_relief_is_taken_only_of_the_same_surface() -> None:
    race, other = race_on("himmelblau", 0.1), race_on("beale", 0.1)
    coarse = relief_of(race)
    *_, fine = FineRelief().answers(RaceLook(race, 3), Interrupt())
    assert finest(coarse, fine) is fine
    assert finest(coarse, relief_of(other)) is coarse
    assert fine.heights.shape > coarse.heights.shape
    x, y = fine.ground.box.lattice(*fine.heights.shape[::-1])[40, 70]
    assert fine.ground.transform.invert(fine.heights)[40, 70] == pytest.approx(
        race.spec.surface.value(np.array([x, y]))
    )


@pytest.fixture
def view(qtbot: QtBot) -> ReliefView:
    made = ReliefView(Look(DARK))
    qtbot.addWidget(made)
    made.resize(360, 260)
    made.show()
    return made


def painted(view: ReliefView, moment: int) -> QImage:
    image = QImage(QSize(300, 220), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    view.draw_moment(painter, QRectF(0, 0, 300, 220), LIGHT, moment)
    painter.end()
    return image


def test_every_moment_is_a_picture_of_its_own(view: ReliefView) -> None:
    race = race_on("himmelblau", 0.1)
    view.show_race(relief_of(race), race, None, 0, ReliefOptions(), 0)
    assert view.moments() == race.done + 1
    assert painted(view, 0) != painted(view, 30)
    assert painted(view, 30) == painted(view, 30)


def test_what_a_map_would_take_is_drawn_beside_the_race(view: ReliefView) -> None:
    race, beside = race_on("himmelblau", 0.1), race_on("himmelblau", 0.3)
    relief = relief_of(race)
    view.show_race(relief, race, None, 20, ReliefOptions(), 0)
    alone = view.grab().toImage()
    view.show_race(relief, race, None, 20, ReliefOptions(), 0, beside)
    assert view.grab().toImage() != alone
    view.show_race(relief, race, None, 20, ReliefOptions(), 0)
    assert view.grab().toImage() == alone


def test_points_to_judge_are_drawn_where_methods_average(view: ReliefView) -> None:
    spec = race_on("himmelblau", 0.1).spec
    averaging = dataclasses.replace(spec.racers[0], wrappers=(WRAPPERS["ema"](),))
    session = RaceSession(dataclasses.replace(spec, racers=(averaging,)))
    session.advance(40)
    race = Recorder(session).record()
    pictures = []
    for one in (race, dataclasses.replace(race, answers=race.points)):
        view.show_race(relief_of(one), one, None, 20, ReliefOptions(), 0)
        pictures.append(painted(view, 20))
    assert pictures[0] != pictures[1]


def test_the_table_holds_the_lattice_and_the_paths(view: ReliefView) -> None:
    race = race_on("booth", 0.1)
    relief = relief_of(race)
    view.show_race(relief, race, None, 0, ReliefOptions())
    columns = view.table().columns
    of_path = columns["step"] >= 0
    np.testing.assert_array_equal(columns["x"][of_path], race.points[:, 0, 0])
    np.testing.assert_array_equal(columns["f"][of_path], race.curves.values[:, 0])
    assert (~of_path).sum() == relief.heights.size


def test_dragging_turns_shift_moves_and_0_goes_back(view: ReliefView, qtbot: QtBot) -> None:
    race = race_on("himmelblau", 0.1)
    view.show_race(relief_of(race), race, None, 0, ReliefOptions())
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(view, QPoint(150, 120))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(150, 120))
    assert view.camera.azimuth != Camera().azimuth
    assert view.camera.elevation > Camera().elevation
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.camera == Camera()
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view.camera.azimuth < Camera().azimuth


@pytest.mark.parametrize(
    ("key", "modifier", "is_its"),
    [
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, True),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, True),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, False),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, False),
    ],
)
def test_shift_and_arrows_turn_it_before_they_move_the_timeline(
    view: ReliefView, key: Qt.Key, modifier: Qt.KeyboardModifier, is_its: bool
) -> None:
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
    asked.ignore()
    QApplication.sendEvent(view, asked)
    assert asked.isAccepted() == is_its


def test_the_pointer_reads_the_value_under_it(view: ReliefView, qtbot: QtBot) -> None:
    race = race_on("booth", 0.1)
    view.show_race(relief_of(race), race, None, 0, ReliefOptions())
    view.look_from(Camera().from_above())
    qtbot.waitUntil(lambda: bool(view.text_at(QPointF(180, 120))))
    scene = view._scenes["screen"][1]
    found = scene.under(QPointF(180, 120))
    assert found is not None
    x, y, value = found
    assert value == pytest.approx(float(race.spec.surface.value(np.array([x, y]))), rel=0.05)
