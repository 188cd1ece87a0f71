"""The plane of a race under hands and eyes: what a drag wishes for, what the pointer reads, what is painted and how often."""

from __future__ import annotations

import dataclasses
import warnings
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication

from simulations import families
from simulations.core.interrupt import Interrupt
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.probes.base import RaceLook
from simulations.racing.probes.basins import Underlay
from simulations.racing.record import Race, Recorder
from simulations.racing.session import RaceSession
from simulations.runtime.race_messages import RaceSnapshot, Stand
from simulations.surfaces.base import SURFACES
from widgets.panel import Edit, LookAt, RaceDocument, Reveal, SelectRacer
from widgets.panels.race.plane import PlanePanel
from widgets.plot import MovingPlot
from widgets.plots.anatomy_marks import Notes, factor_words
from widgets.plots.race_legend import corners, covered
from widgets.plots.race_lines import pixels
from widgets.plots.race_plane import RacePlane
from widgets.plots.ticks import value_text
from widgets.theme import LIGHT, Look

families.load()
METHODS = (("sgd", 0.01), ("adam", 0.1), ("sgd", 5.0))


def spec_of(kind: str = "himmelblau", methods: tuple[tuple[str, float], ...] = METHODS) -> RaceSpec:
    surface = SURFACES[kind]()
    racers = tuple(
        RacerSpec(OPTIMIZERS[one](learning_rate=rate), color=i, dash=i) for i, (one, rate) in enumerate(methods)
    )
    return RaceSpec("", racers, surface, 0.5, -0.5, 80)


def run(spec: RaceSpec) -> Race:
    session = RaceSession(spec)
    session.advance(spec.steps)
    return Recorder(session).record()


class Stage:
    """A panel with a race on it; ``wishes`` are what it asked for. An edit becomes the document, as in the window."""

    def __init__(self, qtbot: Any, spec: RaceSpec) -> None:
        self.panel = PlanePanel(Look(LIGHT))
        qtbot.addWidget(self.panel)
        self.panel.resize(520, 400)
        self.wishes: list[Any] = []
        self.panel.commandRequested.connect(self.wishes.append)
        self.panel.commandRequested.connect(self._obey)
        self.panel.show_document(RaceDocument(spec, 0 if spec.racers else -1))
        self.show(run(spec), 40)
        self.panel.show()
        qtbot.waitExposed(self.panel)

    @property
    def plane(self) -> RacePlane:
        return self.panel.picture

    def show(self, race: Race, moment: int, **more: Any) -> None:
        for _round in range(2):
            answers = {
                probe.kind: list(probe.answers(RaceLook(race, moment), Interrupt()))[-1]
                for probe in self.panel.probes()
            }
            self.race = race
            self.panel.render(RaceSnapshot(1, "paused", race, moment, 60.0, probes=answers, **more))

    def _obey(self, wish: Any) -> None:
        if isinstance(wish, Edit):
            self.panel.show_document(RaceDocument(wish.spec, 0))  # type: ignore[arg-type]  # a race
        elif isinstance(wish, Reveal):
            self.panel.show_document(RaceDocument(self.race.spec, 0, wish.revealed))

    def at(self, x: float, y: float) -> QPoint:
        return QPointF(*pixels(self.plane.frame(), np.array([x, y])).tolist()).toPoint()

    def edits(self) -> list[Edit]:
        return [one for one in self.wishes if isinstance(one, Edit)]

    def drag(self, qtbot: Any, start: QPoint, *ways: QPoint, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.mousePress(self.plane, Qt.MouseButton.LeftButton, modifier, start)
        for way in ways:
            qtbot.mouseMove(self.plane, start + way)
        qtbot.mouseRelease(self.plane, Qt.MouseButton.LeftButton, modifier, start + ways[-1])


@pytest.fixture
def stage(qtbot: Any) -> Stage:
    return Stage(qtbot, spec_of())


def test_dragging_the_start_moves_it_with_the_pointer_as_one_step_to_undo(stage: Stage, qtbot: Any) -> None:
    at = stage.at(0.5, -0.5)
    stage.drag(qtbot, at, QPoint(20, 0), QPoint(40, -30), QPoint(60, -50))
    spec = stage.edits()[-1].spec
    assert isinstance(spec, RaceSpec)
    assert (spec.start_x, spec.start_y) == pytest.approx(stage.plane.frame().data_at(QPointF(at + QPoint(60, -50))))
    assert len({one.merge for one in stage.edits()}) == 1
    assert spec.racers == spec_of().racers


def test_the_next_drag_is_another_step_to_undo(stage: Stage, qtbot: Any) -> None:
    stage.drag(qtbot, stage.at(0.5, -0.5), QPoint(30, 0))
    stage.drag(qtbot, stage.at(*stage_start(stage)), QPoint(0, 30))
    assert len({one.merge for one in stage.edits()}) == 2


def stage_start(stage: Stage) -> tuple[float, float]:
    spec = stage.edits()[-1].spec
    assert isinstance(spec, RaceSpec)
    return spec.start_x, spec.start_y


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier])
def test_a_drag_with_alt_or_ctrl_gives_the_selected_racer_a_start_of_its_own(
    stage: Stage, qtbot: Any, modifier: Qt.KeyboardModifier
) -> None:
    stage.drag(qtbot, stage.at(0.5, -0.5), QPoint(-50, 20), modifier=modifier)
    spec = stage.edits()[-1].spec
    assert isinstance(spec, RaceSpec)
    assert (spec.start_x, spec.start_y) == (0.5, -0.5)
    assert [one.has_own_start for one in spec.racers] == [True, False, False]
    stage.drag(qtbot, stage.at(*spec.start_of(spec.racers[0])), QPoint(0, -60))
    moved = stage.edits()[-1].spec
    assert isinstance(moved, RaceSpec)
    assert moved.start_y == -0.5
    assert moved.racers[0].start_y > spec.racers[0].start_y


def test_a_double_click_brings_the_start(stage: Stage, qtbot: Any) -> None:
    place = stage.at(-4.0, 4.5)
    qtbot.mouseDClick(stage.plane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert stage_start(stage) == pytest.approx(stage.plane.frame().data_at(QPointF(place)))


@pytest.mark.parametrize(("key", "dx", "dy"), [(Qt.Key.Key_Left, -1, 0), (Qt.Key.Key_Up, 0, 1)])
def test_arrow_keys_move_the_start_by_pixels_shift_by_more(
    stage: Stage, qtbot: Any, key: Any, dx: int, dy: int
) -> None:
    qtbot.keyClick(stage.plane, key)
    x, y = stage_start(stage)
    qtbot.keyClick(stage.plane, key, Qt.KeyboardModifier.ShiftModifier)
    u, v = stage_start(stage)
    assert np.sign([x - 0.5, y + 0.5]).tolist() == [dx, dy]
    assert (u - x, v - y) == pytest.approx((10 * (x - 0.5), 10 * (y + 0.5)))
    assert len({one.merge for one in stage.edits()}) == 1


def test_dragging_elsewhere_moves_the_view_and_edits_nothing(stage: Stage, qtbot: Any) -> None:
    before = stage.plane.box()
    assert before is not None
    stage.drag(qtbot, stage.at(-3, -1), QPoint(10, 0), QPoint(40, 25))
    after = stage.plane.box()
    assert after is not None
    frame = stage.plane.frame()
    assert after.x_low - before.x_low == pytest.approx(-40 * before.width / frame.plane.width(), rel=0.05)
    assert after.width == pytest.approx(before.width, rel=0.02)
    assert not stage.edits()
    qtbot.keyClick(stage.plane, Qt.Key.Key_0)
    assert stage.plane.box() == before


def test_the_wheel_zooms_at_the_pointer_and_asks_for_that_ground(stage: Stage, qtbot: Any) -> None:
    place = QPointF(stage.at(3.0, 2.0))
    before = stage.plane.box()
    assert before is not None
    with qtbot.waitSignal(stage.panel.probesChanged):
        QApplication.sendEvent(stage.plane, turned(place, 240))
    after = stage.plane.box()
    assert after is not None
    assert after.width < 0.8 * before.width
    x, y = stage.plane.frame().data_at(place)
    assert (x, y) == pytest.approx((3.0, 2.0), abs=0.1)
    assert stage.panel.probes()[0].box == after


def turned(place: QPointF, angle: int) -> QWheelEvent:
    none = Qt.KeyboardModifier.NoModifier
    return QWheelEvent(
        place, place, QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
    )


def test_a_click_on_a_path_selects_its_racer_and_stands_there(stage: Stage, qtbot: Any) -> None:
    step = 3
    stage.plane.repaint()
    x, y = stage.race.points[step, 1].tolist()
    qtbot.mouseClick(stage.plane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, stage.at(x, y))
    assert SelectRacer(1) in stage.wishes
    (stand,) = (one for one in stage.wishes if isinstance(one, Stand))
    assert abs(stand.step - step) <= 1


def test_the_pointer_reads_the_surface_itself(stage: Stage, qtbot: Any) -> None:
    place = stage.at(-1.3, 2.2)
    qtbot.mouseMove(stage.plane, place)
    stage.plane.mouseMoveEvent(moved(place))
    lines, _at = stage.plane._hand.readout()
    x, y = stage.plane.frame().data_at(QPointF(place))
    point = np.array([x, y])
    value, slope = (
        float(stage.race.spec.surface.value(point)),
        float(np.hypot(*stage.race.spec.surface.gradient(point))),
    )
    assert lines[0] == f"x {value_text(x, 4)}   y {value_text(y, 4)}"
    assert lines[1] == f"f {value_text(value, 4)}   |∇f| {value_text(slope, 3)}"


def moved(place: QPoint) -> Any:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    none = Qt.MouseButton.NoButton
    at = QPointF(place)
    return QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)


def test_the_pointer_reads_the_racer_and_its_step_on_a_path(stage: Stage) -> None:
    stage.plane.mouseMoveEvent(moved(stage.at(*stage.race.points[2, 1].tolist())))
    lines, _at = stage.plane._hand.readout()
    assert len(lines) == 3
    assert "Adam 0.1" in lines[2]


def drawn(plane: RacePlane, moment: int | None = None) -> QImage:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    if moment is None:
        plane.draw(painter, QRectF(0, 0, 400, 300), LIGHT)
    else:
        plane.draw_moment(painter, QRectF(0, 0, 400, 300), LIGHT, moment)
    painter.end()
    return image


@pytest.mark.parametrize("value", [1e300, -1e300, np.nan, np.inf])
def test_no_number_is_too_wild_to_be_painted(stage: Stage, value: float) -> None:
    race = stage.race
    points = race.points.copy()
    points[20:, 1, 0] = value
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        stage.show(dataclasses.replace(race, points=points, answers=points), 60, ghost=race, preview=race)
        stage.plane.repaint()
        assert not drawn(stage.plane).isNull()


def test_who_diverges_is_marked_and_its_points_are_told_unclamped(stage: Stage) -> None:
    table = stage.plane.table().columns
    of_last = table["racer"] == "SGD 5"
    np.testing.assert_array_equal(table["x"][of_last], stage.race.points[:, 2, 0])
    assert not np.isfinite(table["x"][of_last]).all()
    assert drawn(stage.plane, 79) != drawn(stage.plane, 1)


def test_it_is_a_moving_plot_with_a_picture_a_step(stage: Stage) -> None:
    (plot,) = stage.panel.plots()
    assert isinstance(plot, MovingPlot)
    assert plot.moments() == 81
    assert drawn(stage.plane, 5) != drawn(stage.plane, 6)


def test_only_the_markers_are_new_when_only_the_moment_moves(stage: Stage) -> None:
    stage.plane.repaint()
    under, paths = stage.plane._under, stage.plane.store.paths(stage.plane.frame(), stage.race)
    for moment in range(41, 61):
        stage.panel.render(dataclasses.replace(stage.panel._snapshot, moment=moment))
        stage.plane.repaint()
    assert stage.plane._under is under
    assert stage.plane.store.paths(stage.plane.frame(), stage.race) is paths


def test_the_points_to_judge_are_a_trail_of_their_own_where_a_method_averages(qtbot: Any) -> None:
    spec = spec_of(methods=(("sgd", 0.01),))
    averaging = dataclasses.replace(spec.racers[0], wrappers=(WRAPPERS["ema"](),))
    plain, stage = Stage(qtbot, spec), Stage(qtbot, dataclasses.replace(spec, racers=(averaging,)))
    np.testing.assert_array_equal(plain.race.points, stage.race.points)
    assert drawn(plain.plane) != drawn(stage.plane)


def test_slow_motion_shows_the_same_lines_of_the_rule_as_the_anatomy(qtbot: Any) -> None:
    stage = Stage(qtbot, spec_of())
    stage.panel.show_document(RaceDocument(stage.race.spec, 1))
    stage.show(stage.race, 5)
    pictures = [stage.plane.grab().toImage()]
    for part in range(3):
        stage.panel.show_document(RaceDocument(stage.race.spec, 1, part=part))
        pictures.append(stage.plane.grab().toImage())
    assert all(one != other for i, one in enumerate(pictures) for other in pictures[:i])


@pytest.mark.parametrize("key", ["heat", "contours", "arrows", "lines", "whole", "ghost", "anatomy", "legend"])
def test_every_switch_changes_the_picture(stage: Stage, key: str) -> None:
    stage.show(stage.race, 3, ghost=run(dataclasses.replace(stage.race.spec, start_x=-2.0)))
    before = stage.plane.grab().toImage()
    stage.panel.switches[key].trigger()
    stage.show(stage.race, 3, ghost=run(dataclasses.replace(stage.race.spec, start_x=-2.0)))
    assert stage.plane.grab().toImage() != before
    stage.panel.switches[key].trigger()
    stage.show(stage.race, 3, ghost=run(dataclasses.replace(stage.race.spec, start_x=-2.0)))
    assert stage.plane.grab().toImage() == before


def test_minima_are_shown_only_when_asked_for(stage: Stage, qtbot: Any) -> None:
    before = stage.plane.grab().toImage()
    qtbot.mouseClick(stage.panel.reveal, Qt.MouseButton.LeftButton)
    assert stage.plane.grab().toImage() != before


def test_without_racers_there_is_the_ground_and_what_to_do(qtbot: Any) -> None:
    stage = Stage(qtbot, spec_of(methods=()))
    assert len({stage.plane.grab().toImage().pixel(x, 200) for x in range(60, 400, 4)}) > 10
    stage.drag(qtbot, stage.at(0.5, -0.5), QPoint(30, 0))
    assert stage.edits()


def test_each_factor_of_a_steps_arrows_is_said_once_and_read_under_the_pointer(qtbot: Any) -> None:
    stage = Stage(qtbot, spec_of("himmelblau", (("momentum", 1e-4),)))
    stage.plane.grab()
    arrows = [one for part in stage.plane.runners.anatomy.parts for one in part.arrows]  # type: ignore[union-attr]
    assert len(arrows) > 1, "several arrows are too short to be seen"
    factors = [one.factor for one in stage.plane.chips]
    assert factors
    assert len(factors) == len(set(factors)) < len(arrows)
    qtbot.mouseMove(stage.plane, stage.plane.chips[0].place.center().toPoint())
    lines, _at = stage.plane._hand.readout()
    assert factor_words(factors[0]) in lines


def test_notes_do_not_lie_on_each_other(qtbot: Any) -> None:
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    notes = Notes(painter, QRectF(0, 0, 300, 300), LIGHT)
    color = LIGHT.color("text")
    places = [notes.write(np.array([150.0, 150.0]), np.array([1.0, 0.0]), "×10", color) for _ in range(9)]
    painter.end()
    assert not any(one.intersects(other) for i, one in enumerate(places) for other in places[:i])


def test_the_names_leave_the_paths_free(stage: Stage) -> None:
    """Whichever corner a racer runs into, they stand in another."""
    plain = spec_of("himmelblau", (("sgd", 0.001),))
    stage.plane.set_shows(dataclasses.replace(stage.plane.shows, legend=True))
    for x, y in ((-3.0, 3.4), (4.5, 4.5)):
        spec = dataclasses.replace(plain, start_x=x, start_y=y)
        stage.panel.show_document(RaceDocument(spec, 0))
        stage.show(run(spec), 80)
        stage.plane.store.corner = None
        stage.plane.grab()
        frame, store = stage.plane.frame(), stage.plane.store
        assert store.corner is not None
        box = corners(frame.plane.adjusted(8, 8, -8, -8), QSizeF(70, 20))[store.corner]
        assert covered(store.paths(frame, stage.race).rows, box) == 0


def test_zooming_tells_the_maps_what_is_in_view_once_it_has_come_to_rest(stage: Stage, qtbot: Any) -> None:
    plane = stage.plane
    with qtbot.waitSignal(stage.panel.commandRequested, check_params_cb=lambda wish: isinstance(wish, LookAt)) as seen:
        for _ in range(3):
            qtbot.keyClick(plane, "+")
    assert seen.args == [LookAt(plane.box())]
    assert [one for one in stage.wishes if isinstance(one, LookAt)] == seen.args
    stage.panel.show_document(RaceDocument(spec_of(), 0, box=plane.box()))
    with qtbot.waitSignal(stage.panel.commandRequested, check_params_cb=lambda wish: isinstance(wish, LookAt)) as seen:
        qtbot.keyClick(plane, "0")
    assert seen.args == [LookAt(None)]


def test_basins_of_the_selected_racer_are_drawn_under_the_level_lines(stage: Stage) -> None:
    stage.panel.switches["basins"].trigger()
    assert Underlay(0, stage.plane.box()) in stage.panel.probes()
    stage.show(stage.race, 40)
    with_basins = stage.plane.grab().toImage()
    stage.panel.switches["basins"].trigger()
    assert not any(isinstance(one, Underlay) for one in stage.panel.probes())
    stage.show(stage.race, 40)
    assert stage.plane.grab().toImage() != with_basins


def test_nothing_is_said_of_arrows_that_are_out_of_sight(qtbot: Any) -> None:
    stage = Stage(qtbot, spec_of("himmelblau", (("momentum", 1e-4),)))
    qtbot.keyClicks(stage.plane, "++++++")  # into the middle, away from the racer
    stage.show(stage.race, 80)
    stage.plane.grab()
    assert stage.plane.runners.anatomy is not None  # type: ignore[union-attr]
    assert stage.plane.chips == ()
