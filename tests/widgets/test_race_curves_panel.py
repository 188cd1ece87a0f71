"""The panels of curves and of space in the hand: pointing stands the timeline, zooming is undone, nothing infinite harms them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from simulations.core.interrupt import Interrupt
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.probes.base import RaceLook
from simulations.racing.record import Race, Recorder
from simulations.racing.session import RaceSession
from simulations.runtime.race_messages import RaceSnapshot, Stand
from simulations.surfaces.base import SURFACES
from widgets.panel import RaceDocument
from widgets.panels.race.race_curves import RaceCurvesPanel
from widgets.panels.race.space import SpacePanel
from widgets.plots.race_curve_data import CHARTS, COUNTED, HEIGHTS, RaceCurveOptions, lines
from widgets.plots.race_curve_words import why_empty
from widgets.theme import LIGHT, Look


def run(surface: str, *racers: tuple[str, float], steps: int = 80) -> Race:
    one = SURFACES[surface]()
    field = tuple(RacerSpec(OPTIMIZERS[kind](learning_rate=rate)) for kind, rate in racers)  # type: ignore[call-arg]
    session = RaceSession(RaceSpec("a race", field, one, *one.start, steps))
    session.advance(steps)
    return Recorder(session).record()


def snapshot(panel: Any, race: Race, moment: int = 0, ghost: Race | None = None) -> RaceSnapshot:
    answers = {}
    for probe in panel.probes():
        *_, answers[probe.kind] = probe.answers(RaceLook(race, moment), Interrupt())
    return RaceSnapshot(0, "paused", race, moment, 100.0, ghost, None, answers)


def shown(panel: Any, qtbot: QtBot) -> Any:
    qtbot.addWidget(panel)
    for widget in panel.header_widgets():
        qtbot.addWidget(widget)
    panel.resize(480, 320)
    panel.show()
    return panel


@pytest.fixture
def panel(qtbot: QtBot) -> RaceCurvesPanel:
    return shown(RaceCurvesPanel(Look(LIGHT)), qtbot)  # type: ignore[no-any-return]


def test_a_click_stands_the_timeline_at_the_step_under_it(panel: RaceCurvesPanel, qtbot: QtBot) -> None:
    race = run("himmelblau", ("adam", 0.1), ("newton", 1.0))
    panel.render(snapshot(panel, race))
    view = panel._view
    wishes: list[Any] = []
    panel.commandRequested.connect(wishes.append)
    axes = view.axes("loss")
    at = QPoint(round(float(axes.columns(np.array([30.0]))[0])), round(axes.top + axes.height / 2))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert isinstance(wishes[-1], Stand)
    assert abs(wishes[-1].step - 30) <= 1


def test_on_the_axis_of_evaluations_the_selected_racer_leads(panel: RaceCurvesPanel, qtbot: QtBot) -> None:
    race = run("himmelblau", ("adam", 0.1), ("newton", 1.0))
    panel.show_document(RaceDocument(race.spec, 1))
    panel._options = RaceCurveOptions(x="evaluations")
    panel.render(snapshot(panel, race))
    wishes: list[Any] = []
    panel.commandRequested.connect(wishes.append)
    axes = panel._view.axes("loss")
    at = QPoint(round(float(axes.columns(np.array([80.0]))[0])), round(axes.top + 5))
    qtbot.mouseClick(panel._view, Qt.MouseButton.LeftButton, pos=at)
    assert abs(wishes[-1].step - 40) <= 1  # Newton asks twice a step


def test_the_wheel_zooms_and_a_double_click_shows_everything(panel: RaceCurvesPanel, qtbot: QtBot) -> None:
    panel.render(snapshot(panel, run("himmelblau", ("adam", 0.1))))
    view = panel._view
    before = view.axes("loss")
    middle = QPointF(before.left + before.width / 2, before.top + before.height / 2)
    for modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
        none = Qt.MouseButton.NoButton
        turn = QWheelEvent(
            middle, middle, QPoint(), QPoint(0, 120), none, modifiers, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(view, turn)
    zoomed = view.axes("loss")
    assert zoomed.x[1] - zoomed.x[0] < before.x[1] - before.x[0]
    assert zoomed.y[1] - zoomed.y[0] < before.y[1] - before.y[0]
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=middle.toPoint())
    assert view.axes("loss").x == before.x
    assert view.axes("loss").y == before.y


def test_plus_zooms_and_0_shows_everything_while_home_is_the_timelines(panel: RaceCurvesPanel, qtbot: QtBot) -> None:
    race = run("booth", ("adam", 0.1))
    panel.render(snapshot(panel, race))
    view = panel.plots()[0]
    before = view.axes("loss").x
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    near = view.axes("loss").x
    assert near != before
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.axes("loss").x == near
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.axes("loss").x == before


@pytest.mark.parametrize("surface", ["rosenbrock", "absolute", "logistic_regression"])
def test_numbers_without_end_are_painted(panel: RaceCurvesPanel, qtbot: QtBot, surface: str) -> None:
    race = run(surface, ("sgd", 50.0), ("adam", 0.1), ("newton", 1.0))
    for counted in COUNTED:
        for height in HEIGHTS:
            panel._options = RaceCurveOptions(CHARTS, counted, height)
            panel.render(snapshot(panel, race, 40, ghost=race))
            panel.grab()
    space = shown(SpacePanel(Look(LIGHT)), qtbot)
    for moment in (0, 40, 80):
        space.render(snapshot(space, race, moment, ghost=race))
        space.grab()


def test_every_switch_of_the_space_changes_the_picture(qtbot: QtBot) -> None:
    space = shown(SpacePanel(Look(LIGHT)), qtbot)
    race, ghost = run("himmelblau", ("adam", 0.1)), run("himmelblau", ("sgd", 0.01))
    space.render(snapshot(space, race, 20, ghost))
    for name, action in space._switches.items():
        before = space.grab().toImage()
        action.trigger()
        assert space.grab().toImage() != before, name


def test_one_surface_is_not_worked_out_again_for_another_moment(qtbot: QtBot) -> None:
    space = shown(SpacePanel(Look(LIGHT)), qtbot)
    race = run("himmelblau", ("adam", 0.1))
    first = snapshot(space, race, 0)
    space.render(first)
    space.grab()
    scene = space._view._scenes["screen"][1]
    space.render(replace(first, moment=50))
    space.grab()
    assert space._view._scenes["screen"][1] is scene


def test_an_empty_chart_says_whether_there_is_no_number_or_only_no_logarithm() -> None:
    outside = SURFACES["formula"](text="sqrt(x) + log(y)", start_x=-1.0, start_y=-1.0)
    session = RaceSession(RaceSpec("", (RacerSpec(OPTIMIZERS["sgd"]()),), outside, *outside.start, 5))
    session.advance(5)
    options = RaceCurveOptions(height="log")
    assert "no value" in why_empty("loss", lines(Recorder(session).record(), None, options))
    below = SURFACES["formula"](text="-1 - x^2")
    session = RaceSession(RaceSpec("", (RacerSpec(OPTIMIZERS["sgd"]()),), below, *below.start, 5))
    session.advance(5)
    assert "logarithm" in why_empty("loss", lines(Recorder(session).record(), None, options))


def test_a_long_legend_leaves_the_charts_most_of_a_low_panel(qtbot: QtBot) -> None:
    panel = shown(RaceCurvesPanel(Look(replace(LIGHT, scale=1.5))), qtbot)
    panel.resize(500, 210)
    race = run("himmelblau", *(("adam", 0.01 * one) for one in range(1, 17)), steps=10)
    panel.render(snapshot(panel, race))
    view = panel._view
    assert view.axes("loss").top <= 0.45 * view.height()
    entries = view._entries(QRectF(view.rect()), view.look.theme)
    assert entries[-1].text == f"{16 - len(entries) + 1} more"
