"""The Racers panel: rows say how everyone stands, every gesture is one edit, and all of it can be done by keys."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from simulations.documents.race import RaceSpec
from simulations.documents.race_edits import add_racer, has_suggested_rate, with_surface
from simulations.documents.race_presets import load_race_preset
from simulations.families import load
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.runtime.race_messages import RaceSnapshot
from simulations.surfaces.base import SURFACES
from simulations.surfaces.formula import Formula
from widgets.panel import Edit, RaceDocument, SelectRacer
from widgets.panels.race.racer_figures import (
    FIGURE_PT,
    distance_text,
    evaluations_text,
    figure_columns,
    fitted,
    number_text,
)
from widgets.panels.race.racer_row import fitted_title
from widgets.panels.race.racers import RacersPanel
from widgets.racer_names import racer_labels
from widgets.theme import Look, Theme

load()


def race(*kinds: str, surface: str = "beale") -> RaceSpec:
    one = SURFACES[surface]()
    spec = RaceSpec("a race", (), one, *one.start, steps=40)
    for kind in kinds:
        spec = add_racer(spec, kind)
    return spec


def snapshot(spec: RaceSpec, moment: int = 20) -> RaceSnapshot:
    session = RaceSession(spec)
    session.advance(spec.steps)
    return RaceSnapshot(0, "paused", Recorder(session).record(), moment, 60.0)


class Desk:
    """A panel and what a controller would do with its wishes."""

    def __init__(self, panel: RacersPanel, spec: RaceSpec) -> None:
        self.panel, self.spec, self.selected = panel, spec, 0
        self.edits: list[Edit] = []
        panel.commandRequested.connect(self.on_wish)
        self.show(spec)

    def on_wish(self, wish: object) -> None:
        if isinstance(wish, Edit):
            self.edits.append(wish)
            assert isinstance(wish.spec, RaceSpec)
            self.show(wish.spec)
        else:
            assert isinstance(wish, SelectRacer)
            self.selected = wish.index
            self.show(self.spec)

    def show(self, spec: RaceSpec) -> None:
        spec.validate()
        self.spec, self.selected = spec, min(self.selected, len(spec.racers) - 1)
        self.panel.show_document(RaceDocument(spec, self.selected))
        QApplication.processEvents()

    @property
    def rows(self):
        return self.panel.rows.cards

    def kinds(self) -> list[str]:
        return [one.optimizer.kind for one in self.spec.racers]


@pytest.fixture
def desk(qtbot) -> Desk:
    panel = RacersPanel(Look())
    qtbot.addWidget(panel)
    desk = Desk(panel, race("sgd", "adam", "lion"))
    panel.resize(300, 900)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    return desk


def name_place(row) -> QPoint:
    return QPoint(row.width() - 60, 10)


def test_a_row_says_how_its_racer_stands_at_the_moment(desk):
    shot = snapshot(desk.spec, 20)
    desk.panel.render(shot)
    for index, row in enumerate(desk.rows):
        assert row.figures.value == shot.race.curves.values[20, index]
        assert row.figures.distance == shot.race.curves.distances[20, index]
        assert row.figures.evaluations == (0, 20, 0)
        assert row.figures.verdict is shot.race.verdicts[index]
        assert number_text(row.figures.value) in row.tip() or "Value" in row.tip()
    desk.panel.render(dataclasses.replace(shot, moment=0))
    assert [row.figures.evaluations for row in desk.rows] == [(0, 0, 0)] * 3


def test_a_race_of_other_racers_is_not_shown_in_these_rows(desk):
    desk.panel.render(snapshot(race("sgd")))
    assert [row.figures for row in desk.rows] == [None] * 3


def test_figures_are_short_and_say_what_is_not_finite():
    texts = [number_text(one) for one in (0.0, 0.012345, 1.2345e-7, -3.5, 123456.0, np.inf, -np.inf, np.nan)]
    assert texts == ["0", "0.01235", "1.23e−7", "−3.5", "1.23e5", "∞", "−∞", "NaN"]
    assert all(len(number_text(value)) <= 10 for value in np.geomspace(1e-300, 1e300, 200) * -1.23456)
    assert evaluations_text((0, 0, 0)) == "0"
    assert evaluations_text((12_000, 7, 0), is_short=True) == "12k\u2009f · 7\u2009∇"
    assert evaluations_text((0, 30, 1200), is_short=True, is_tight=True) == "30∇ 1.2kH"


def test_where_no_minimum_is_known_there_is_no_distance_to_it(desk):
    surface = Formula("(x+2*y-1)^2")
    desk.show(add_racer(RaceSpec("", (), surface, *surface.start, steps=40), "sgd"))
    desk.panel.render(snapshot(desk.spec))
    assert desk.rows[0].figures.distance is None
    assert distance_text(None) == "–"
    assert "inf" not in desk.rows[0].tip()
    assert "∞" not in desk.rows[0].tip()


def test_sliders_span_what_suits_the_surface_that_is_raced_on_now(desk):
    mild, steep = (SURFACES["rotated_quadratic"](condition=one) for one in (2.0, 2000.0))
    ends = []
    for surface in (mild, steep):
        desk.show(add_racer(RaceSpec("", (), surface, *surface.start, steps=40), "sgd"))
        desk.panel.render(snapshot(desk.spec))
        ends.append(desk.rows[0].slider._range[0])
    assert ends[1] < ends[0]


def test_a_very_small_rate_is_suggested_shown_and_held_by_its_slider(desk):
    desk.show(race("sgd", surface="powell_badly_scaled"))
    rate = desk.spec.racers[0].optimizer.learning_rate
    assert rate == pytest.approx(desk.spec.surface.suggested_rate("gradient"), rel=0.05)
    low, high = desk.rows[0].slider._range
    assert low < rate < high < 1e-6


def test_dragging_a_rate_is_one_edit_while_it_lasts(desk):
    slider = desk.rows[1].slider
    before = desk.spec.racers[1].optimizer.learning_rate
    slider.setFocus()
    for _ in range(3):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    assert len(desk.edits) == 3
    assert len({edit.merge for edit in desk.edits}) == 1
    assert desk.edits[0].merge.startswith("racers[1].optimizer.learning_rate")
    assert desk.spec.racers[1].optimizer.learning_rate > before
    assert [desk.spec.racers[i] for i in (0, 2)] == [race("sgd", "adam", "lion").racers[i] for i in (0, 2)]
    assert desk.selected == 1
    assert slider.hasFocus()


def test_a_rate_taken_in_hand_again_is_another_step_to_undo(desk):
    slider = desk.rows[1].slider
    for _ in range(2):
        handle = QPoint(
            slider.style().sliderPositionFromValue(0, slider.maximum(), slider.value(), slider.width() - 8) + 4, 8
        )
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=handle)
        for step in (2, 8):
            QTest.mouseMove(slider, handle + QPoint(step, 0))
        QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=handle + QPoint(8, 0))
    assert len({edit.merge for edit in desk.edits}) == 2


def test_the_slider_of_a_rate_reaches_whatever_the_rate_is(desk):
    racer = desk.spec.racers[0]
    for rate in (1e-6, 10.0, 3e-3):
        wild = dataclasses.replace(racer, optimizer=racer.optimizer.at_rate(rate))
        desk.show(dataclasses.replace(desk.spec, racers=(wild, *desk.spec.racers[1:])))
        slider = desk.rows[0].slider
        assert slider._rungs.rungs[slider.value()] == pytest.approx(rate)


def test_keys_move_copy_hide_and_remove_the_selected_racer(desk):
    QTest.mouseClick(desk.rows[0], Qt.MouseButton.LeftButton, pos=name_place(desk.rows[0]))
    row = desk.rows[0]
    QTest.keyClick(row, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert desk.kinds() == ["adam", "sgd", "lion"]
    assert desk.rows[1] is row
    assert desk.selected == 1
    QTest.keyClick(row, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert desk.kinds() == ["adam", "sgd", "sgd", "lion"]
    assert desk.selected == 2
    QTest.keyClick(desk.rows[2], Qt.Key.Key_V)
    assert [one.is_visible for one in desk.spec.racers] == [True, True, False, True]
    QTest.keyClick(desk.rows[2], Qt.Key.Key_Delete)
    assert desk.kinds() == ["adam", "sgd", "lion"]
    QTest.keyClick(desk.rows[desk.selected], Qt.Key.Key_Up)
    assert desk.rows[desk.selected].hasFocus()


def test_dragging_a_row_drops_it_where_the_line_is(desk):
    row, target = desk.rows[0], desk.rows[2]
    place = name_place(row)
    QTest.mousePress(row, Qt.MouseButton.LeftButton, pos=place)
    below = row.mapFromGlobal(target.mapToGlobal(QPoint(place.x(), target.height() - 2)))
    for step in range(1, 6):
        QTest.mouseMove(row, QPoint(place.x(), place.y() + (below.y() - place.y()) * step // 5))
    QTest.mouseRelease(row, Qt.MouseButton.LeftButton, pos=below)
    assert desk.kinds() == ["adam", "lion", "sgd"]


def test_an_added_racer_is_selected_and_in_sight(desk):
    desk.panel.add.click()
    desk.panel.menu.search.setText("newton")
    QTest.keyClick(desk.panel.menu.search, Qt.Key.Key_Return)
    assert "newton" in desk.kinds()[-1]
    assert desk.selected == 3
    assert desk.panel.window().focusWidget() is desk.rows[3]


def test_a_method_that_cannot_run_on_a_plane_is_offered_with_its_reason_only(desk):
    desk.panel.add.click()
    menu = desk.panel.menu
    menu.search.setText("muon")
    QTest.keyClick(menu.search, Qt.Key.Key_Return)
    assert menu.isVisible()
    assert desk.edits == []
    texts = [menu._filter.index(row, 0).data(Qt.ItemDataRole.UserRole + 1) for row in range(menu._filter.rowCount())]
    assert any(text and "matrices" in text for text in texts)
    menu.hide()


def test_opening_a_row_shows_every_setting_and_edits_it_live(desk):
    QTest.mouseDClick(desk.rows[1], Qt.MouseButton.LeftButton, pos=name_place(desk.rows[1]))
    row = desk.rows[1]
    assert row.is_open
    assert set(row.form.fields()) == {"name", "optimizer", "schedule", "wrappers", "seed", "has_own_start"}
    row.form.fields()["has_own_start"].box.click()
    racer = desk.spec.racers[1]
    assert racer.has_own_start
    assert row.place.isVisible()
    row.place.boxes[0].setFocus()
    QTest.keyClick(row.place.boxes[0], Qt.Key.Key_Up)
    assert desk.spec.racers[1].start_x > racer.start_x
    assert desk.edits[-1].merge == "racers[1].start"


def test_a_racer_with_a_start_of_its_own_stays_where_it_began(desk):
    desk.show(dataclasses.replace(desk.spec, start_x=0.5, start_y=-0.25))  # dragged away from the surface's
    desk.rows[1].set_open(True)
    desk.rows[1].form.fields()["has_own_start"].box.click()
    racer = desk.spec.racers[1]
    assert racer.has_own_start
    assert (racer.start_x, racer.start_y) == (0.5, -0.25)


def test_batches_are_offered_where_there_are_samples_only(desk):
    desk.rows[0].set_open(True)
    desk.show(with_surface(desk.spec, SURFACES["linear_regression"]()))
    assert "batch_size" in desk.rows[0].form.fields()
    desk.show(with_surface(desk.spec, SURFACES["sphere"]()))
    assert "batch_size" not in desk.rows[0].form.fields()


def test_another_method_in_the_form_begins_at_its_suggested_rate(desk):
    desk.rows[0].set_open(True)
    combo = desk.rows[0].form.fields()["optimizer"].combo
    index = next(i for i in range(combo.count()) if combo.itemText(i) == "Adam")
    combo.setCurrentIndex(index)
    combo.activated.emit(index)
    assert desk.kinds()[0] == "adam"
    assert has_suggested_rate(desk.spec.racers[0].optimizer, desk.spec.surface)


def test_the_suggested_rate_is_one_click_away(desk):
    racer = desk.spec.racers[0]
    wild = dataclasses.replace(racer, optimizer=racer.optimizer.at_rate(9.0))
    desk.show(dataclasses.replace(desk.spec, racers=(wild, *desk.spec.racers[1:])))
    desk.rows[0].set_open(True)
    desk.rows[0].suggest.click()
    assert desk.spec.racers[0] == racer


def test_colour_and_dash_are_chosen_in_a_popup(desk):
    desk.rows[2].swatch.click()
    desk.panel.looks.colors[6].click()
    desk.rows[2].swatch.click()
    desk.panel.looks.dashes[1].click()
    assert (desk.spec.racers[2].color, desk.spec.racers[2].dash) == (6, 1)
    assert desk.selected == 2


def test_a_sweep_makes_racers_of_one(desk):
    QTest.mouseClick(desk.rows[1], Qt.MouseButton.LeftButton, pos=name_place(desk.rows[1]))
    tools = {one.objectName(): one for one in desk.panel.header_widgets()}
    tools["sweep"].click()
    menu = desk.panel.sweeps
    menu.low.set_value(1e-3)
    menu.high.set_value(1.0)
    menu.count.set_value(4)
    menu.go.click()
    assert desk.kinds() == ["sgd", "adam", "adam", "adam", "adam", "lion"]
    rates = [one.optimizer.learning_rate for one in desk.spec.racers[1:5]]
    np.testing.assert_allclose(rates, [1e-3, 1e-2, 0.1, 1.0])
    assert len(desk.edits) == 1


def test_all_paths_are_hidden_and_shown_at_once(desk):
    tools = {one.objectName(): one for one in desk.panel.header_widgets()}
    tools["eye"].click()
    assert not any(one.is_visible for one in desk.spec.racers)
    tools["eye"].click()
    assert all(one.is_visible for one in desk.spec.racers)


def test_without_racers_the_panel_says_what_to_do(desk):
    desk.show(dataclasses.replace(desk.spec, racers=()))
    assert desk.panel.empty.isVisible()
    assert not desk.rows
    tools = {one.objectName(): one for one in desk.panel.header_widgets()}
    assert not any(tool.isEnabled() for tool in tools.values())
    assert desk.panel.add.isEnabled()


def test_every_control_has_a_name(desk):
    desk.rows[0].set_open(True)
    row = desk.rows[0]
    for widget in (row, row.swatch, row.eye, row.slider, *row.place.boxes, *desk.panel.header_widgets()):
        assert widget.accessibleName()


def test_a_card_held_at_the_edge_scrolls_on_and_is_dropped_beyond(desk, qtbot):
    desk.show(race(*["sgd"] * 12))
    desk.panel.resize(260, 300)
    bar, first = desk.panel._scroll.verticalScrollBar(), desk.rows[0]
    qtbot.waitUntil(lambda: bar.maximum() > 200)
    view = desk.panel._scroll.viewport()
    grip = QPoint(5, 12)
    QTest.mousePress(first, Qt.MouseButton.LeftButton, pos=grip)
    below = first.mapFromGlobal(view.mapToGlobal(QPoint(5, view.height() - 4)))
    for part in (0.5, 1.0):
        QTest.mouseMove(first, grip + (below - grip) * part)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    line = desk.panel.rows._line
    assert line.grab().toImage().pixelColor(5, 1) == desk.panel.look.theme.color("accent")
    place = first.mapFromGlobal(view.mapToGlobal(QPoint(5, view.height() - 4)))
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton, pos=place)
    assert desk.edits[-1].text == "Move a racer"
    assert desk.selected >= 9
    assert not desk.panel.rows._creeping.isActive()


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_a_figure_is_never_cut_for_a_number_without_its_end_is_another(qapp: QApplication, scale: float) -> None:
    theme = Theme("light", scale)
    columns = figure_columns(theme, 262, 0, 20)  # of the panel at its usual width
    for value in (8.48e-10, -1.5e-12, 5.4e-300):
        texts = [number_text(value, n) for n in (4, 3, 2, 1)]
        text, font = fitted(texts, theme.font(FIGURE_PT), columns.value.width())
        assert text in texts
        assert QFontMetricsF(font).horizontalAdvance(text) <= columns.value.width()
    assert fitted(["8e−10"], theme.font(FIGURE_PT), 500.0)[1] == theme.font(FIGURE_PT)


def test_racers_that_differ_at_the_end_of_their_labels_are_told_apart_in_their_cards(qapp: QApplication) -> None:
    metrics = QFontMetricsF(Theme("light", 1.0).font(9, bold=True))
    labels = racer_labels(load_race_preset("noise-annealing").spec)
    room = 0.7 * max(map(metrics.horizontalAdvance, labels))
    shown = [fitted_title(one, metrics, room) for one in labels]
    assert all(metrics.horizontalAdvance(one) <= room for one in shown)
    assert len(set(shown)) == len(labels)
