"""The anatomy panel shows the selected racer's step, goes through its rule line by line, and says what is out of scale."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.anatomy import anatomy
from simulations.racing.probes.anatomy import AnatomyProbe
from simulations.racing.record import Race, Recorder
from simulations.racing.session import RaceSession
from simulations.runtime.race_messages import RaceSnapshot
from simulations.surfaces.base import SURFACES
from widgets import panels
from widgets.panel import PANELS, RaceDocument, SelectRacer, ShowPart
from widgets.plots.anatomy_gauge import gauge_words, limit_name, zone_places
from widgets.plots.anatomy_marks import MARKS, Notes, draw_anatomy, factor_text, kinds_in, scale_of
from widgets.plots.anatomy_picture import contours, is_rounded, parabola
from widgets.plots.math_text import lay_out
from widgets.plots.plane_frame import Frame
from widgets.plots.rule_lines import note_on
from widgets.theme import LIGHT, Look

load()
panels.load()
METHODS = ("adam", "nesterov", "nelder_mead", "newton", "sgd", "rmsprop", "line_search_descent")


@pytest.fixture(scope="module")
def race() -> Race:
    surface = SURFACES["himmelblau"]()
    rates = [1.0 if kind == "line_search_descent" else 0.01 for kind in METHODS]
    racers = tuple(
        RacerSpec(OPTIMIZERS[kind](learning_rate=rate), color=i)
        for i, (kind, rate) in enumerate(zip(METHODS, rates, strict=True))
    )
    session = RaceSession(RaceSpec("a race", racers, surface, *surface.start, 30))
    session.advance(30)
    return Recorder(session).record()


@pytest.fixture
def panel(qtbot: Any, race: Race) -> Any:
    found = PANELS["anatomy"](Look(LIGHT))
    qtbot.addWidget(found)
    found.resize(360, 640)
    found.show()

    def obey(wish: object) -> None:
        if isinstance(wish, ShowPart):
            found.show_document(RaceDocument(race.spec, found.probes()[0].racer, part=wish.part))

    found.commandRequested.connect(obey)
    look_at(found, race, 0, 7)
    return found


def look_at(panel: Any, race: Race, racer: int, moment: int) -> None:
    panel.show_document(RaceDocument(race.spec, racer))
    panel.render(RaceSnapshot(1, "paused", race, moment, 10.0, probes={"anatomy": anatomy(race, racer, moment)}))


def test_it_asks_for_the_step_of_the_selected_racer(panel: Any, race: Race, qtbot: Any) -> None:
    assert panel.probes() == (AnatomyProbe(0),)
    with qtbot.waitSignal(panel.probesChanged):
        panel.show_document(RaceDocument(race.spec, 2))
    assert panel.probes() == (AnatomyProbe(2),)
    assert not panel.plots(), "the answer is still of another racer"
    panel.show_document(RaceDocument(race.spec, -1))
    assert panel.probes() == ()


def test_choosing_a_racer_is_a_wish(panel: Any, qtbot: Any) -> None:
    with qtbot.waitSignal(panel.commandRequested) as wish:
        QTest.keyClick(panel.chooser, Qt.Key.Key_Down)
    assert wish.args == [SelectRacer(1)]


def test_slow_motion_goes_through_the_lines_and_back_to_all(panel: Any, race: Race) -> None:
    lines = len(anatomy(race, 0, 7).parts)
    seen = []
    for _ in range(lines + 1):
        QTest.keyClick(panel, ".")
        seen.append(panel.rule._part)
    assert seen == [*range(lines), None]
    QTest.keyClick(panel, ",")
    assert panel.rule._part == lines - 1
    look_at(panel, race, 4, 7)
    assert panel.rule._part is None, "another racer has another rule"


def test_a_line_that_is_clicked_is_brought_out_and_copied(panel: Any) -> None:
    area = panel.rule.area_of(1)
    QTest.mouseClick(panel.rule, Qt.MouseButton.LeftButton, pos=QPoint(30, round(area.center().y())))
    assert panel.rule._part == 1
    QTest.keyClick(panel.rule, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("m ← β₁·m + (1 − β₁)·g = 0.9·(")


def test_a_mark_can_be_taken_away_and_given_back(panel: Any) -> None:
    whole = panel.picture.grab().toImage()
    panel.marks.toggle_mark("ellipse")
    assert panel.picture.grab().toImage() != whole
    panel.marks.toggle_mark("ellipse")
    assert panel.picture.grab().toImage() == whole


def test_the_menu_offers_what_this_racers_rule_draws(panel: Any, race: Race) -> None:
    for racer in (0, 2, 4):
        look_at(panel, race, racer, 7)
        offered = [action.data() for action in panel.marks.menu().actions() if action.isVisible()]
        assert offered == kinds_in(anatomy(race, racer, 7))
        assert len(offered) < len(MARKS) / 2
    panel.show_document(RaceDocument(race.spec, -1))
    assert not panel.marks.isEnabled()


def test_the_chooser_is_wide_enough_for_its_names(panel: Any, race: Race) -> None:
    named = (replace(race.spec.racers[0], name="Momentum 0.043"), *race.spec.racers[1:])
    panel.show_document(RaceDocument(replace(race.spec, racers=named), 0))
    metrics, icon = panel.chooser.fontMetrics(), panel.chooser.iconSize().width()
    needed = metrics.horizontalAdvance("Momentum 0.043") + icon
    assert panel.chooser.sizeHint().width() >= needed + metrics.height()  # and the arrow


def test_where_only_rounding_tells_heights_apart_no_level_lines_are_drawn() -> None:
    """1000 + tiny: the lattice of a far converged racer would show steps of the last digit."""
    surface = SURFACES["formula"](text="0.05*x**2 + 0.05*y**2 + 1000")
    session = RaceSession(RaceSpec("", (RacerSpec(OPTIMIZERS["sgd"](learning_rate=9.0)),), surface, 1.0, 1.0, 60))
    session.advance(60)
    race = Recorder(session).record()
    assert all(contours(anatomy(race, 0, 1)))
    near = anatomy(race, 0, 5)
    assert np.ptp(near.surroundings.heights) > 64 * np.finfo(float).eps * 1000, "they differ, but by rounding"
    assert is_rounded(near)
    assert contours(near) == ([], [])


def test_a_racer_that_is_nowhere_tried_no_places() -> None:
    surface = SURFACES["himmelblau"]()
    session = RaceSession(RaceSpec("", (RacerSpec(OPTIMIZERS["sgd"](learning_rate=5.0)),), surface, 1.0, 1.0, 40))
    session.advance(40)
    assert "trial" not in kinds_in(anatomy(Recorder(session).record(), 0, 30))


def test_a_racer_that_stands_is_said_to_stand() -> None:
    surface = SURFACES["sphere"]()
    session = RaceSession(RaceSpec("", (RacerSpec(OPTIMIZERS["newton"](learning_rate=1.0)),), surface, 1.0, 1.0, 9))
    session.advance(9)
    assert "stays where it is" in note_on(anatomy(Recorder(session).record(), 0, 7))


def test_the_rule_is_as_high_as_its_lines(panel: Any, race: Race) -> None:
    for racer in range(len(METHODS)):
        look_at(panel, race, racer, 3)
        last = panel.rule.area_of(len(anatomy(race, racer, 3).parts) - 1)
        assert last.bottom() <= panel.rule.minimumHeight() + 1


def test_the_parabola_touches_the_surface_at_the_point(race: Race) -> None:
    found = anatomy(race, 0, 7)
    middle = found.surroundings.heights.shape[0] // 2
    assert parabola(found)[middle, middle] == pytest.approx(found.value)
    assert found.surroundings.heights[middle, middle] == pytest.approx(found.value)
    assert all(contours(found))


def test_a_step_fits_into_its_close_up(race: Race) -> None:
    for racer in range(len(METHODS)):
        for moment in (0, 7, 30):
            found = anatomy(race, racer, moment)
            assert found.surroundings.box.contains(found.landing)


@pytest.mark.parametrize(
    ("length", "factor"), [(50.0, 1.0), (0.02, 1e3), (3000.0, 0.01), (0.0, 0.0), (float("nan"), 0.0)]
)
def test_arrows_out_of_scale_are_brought_into_sight_by_powers_of_ten(length: float, factor: float) -> None:
    assert scale_of(length, 130.0, 9.0) == pytest.approx(factor)


def test_a_factor_is_written_beside_what_it_changes() -> None:
    assert [factor_text(one) for one in (1.0, 1e3, 0.01, 1e7)] == ["", "×1000", "÷100", "×1e7"]


def test_the_limit_on_the_rate_is_written_as_one_divides() -> None:
    assert [limit_name(one) for one in ("2", "2·(1 + μ)", "2/(1 − β)")] == ["2/λ", "2·(1 + μ)/λ", "2/(1 − β)/λ"]


def test_marks_are_drawn_on_any_plane(race: Race) -> None:
    """The large plane sees the step as a speck, or not at all: nothing may be drawn beside it, and nothing may fail."""
    for extent in ((-6.0, 6.0, -6.0, 6.0), (100.0, 101.0, 100.0, 101.0)):
        image = QImage(300, 300, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        frame = Frame(QRectF(50, 50, 200, 200), QRectF(), extent)
        for racer in range(len(METHODS)):
            draw_anatomy(painter, frame, anatomy(race, racer, 0), LIGHT, None, frozenset(MARKS))
        painter.end()
        outside = [image.pixel(x, y) for x in range(0, 300, 3) for y in (10, 40, 260, 290)]
        assert set(outside) == {0xFFFFFFFF}


@pytest.mark.parametrize(("surface", "expected"), [("sphere", ["λ₁ = λ₂ = 2"]), ("himmelblau", ["λmax 91.74"])])
def test_the_curvatures_are_named_once(monkeypatch: Any, surface: str, expected: list[str]) -> None:
    one = SURFACES[surface]()
    session = RaceSession(RaceSpec("a race", (RacerSpec(OPTIMIZERS["sgd"](learning_rate=0.01)),), one, 3.0, 2.5, 3))
    session.advance(3)
    said: list[str] = []
    monkeypatch.setattr(Notes, "write", lambda _notes, _tip, _towards, text, _color: said.append(text))
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    frame = Frame(QRectF(0, 0, 300, 300), QRectF(), (-6.0, 6.0, -6.0, 6.0))
    draw_anatomy(painter, frame, anatomy(Recorder(session).record(), 0, 0), LIGHT, None, frozenset({"curvature"}))
    painter.end()
    assert [text for text in said if "λ" in text] == expected


def test_the_legend_names_what_there_is(race: Race) -> None:
    assert set(kinds_in(anatomy(race, 0, 7))) == {"step", "gradient", "momentum", "ellipse", "model", "curvature"}
    assert {"simplex", "trial"} <= set(kinds_in(anatomy(race, 2, 7)))


def test_formulas_break_between_operands_and_keep_their_hats(qtbot: Any) -> None:
    font = QFontMetricsF(LIGHT.font(10))
    text = "θ − 0.02·(15.2, 47.69)/(√(404.5, 3375) + ε) m\u0302"
    laid = lay_out(text, 120.0, font)
    assert laid.rows > 1
    assert "".join(word.text for word in laid.words) == text.replace("\u0302", "")
    assert len(laid.words) == laid.rows
    assert all(word.x + font.horizontalAdvance(word.text.rstrip()) <= 121 for word in laid.words)
    assert sum(len(word.marks) for word in laid.words) == 1
    assert np.isclose(laid.height, laid.rows * laid.line)


def test_the_ends_of_a_race_say_what_they_are(race: Race) -> None:
    notes = [note_on(anatomy(race, 0, moment)) for moment in (0, 7, 30)]
    assert [one.split()[1] for one in notes] == ["first", "last", "race"]


def test_the_gauge_speaks_of_what_its_method_knows() -> None:
    bowl = SURFACES["booth"]()
    session = RaceSession(RaceSpec("", tuple(RacerSpec(OPTIMIZERS[kind]()) for kind in METHODS), bowl, 1.0, 1.0, 5))
    session.advance(5)
    race = Recorder(session).record()
    words = {kind: gauge_words(anatomy(race, i, 2)) for i, kind in enumerate(METHODS)}
    assert "stable below 2." in words["sgd"]
    assert "own scale; stable below 2." in words["rmsprop"]
    assert "2·(1 + β₁)/(1 − β₁) = 38" in words["adam"]
    assert "No fixed limit" in words["nelder_mead"]


def test_a_search_lists_the_values_it_met(panel: Any, race: Race) -> None:
    look_at(panel, race, METHODS.index("line_search_descent"), 5)
    written = " ".join(word.text for one in panel.rule._laid[1] for text, *_rest in one.texts for word in text.words)
    assert "f: " in written
    assert " → " in written


@pytest.mark.parametrize(
    ("kind", "rate"), [("sgd", 1.0), ("momentum", 0.05), ("newton", 10.0), ("adam", 10.0), ("sgd", 1e-9)]
)
@pytest.mark.parametrize("surface", ["rosenbrock", "saddle"])
def test_a_racer_can_be_followed_to_wherever_it_goes(panel: Any, kind: str, rate: float, surface: str) -> None:
    """From steps that are hardly any to 1e281 and NaN: every moment is a picture."""
    one = SURFACES[surface]()
    session = RaceSession(RaceSpec("", (RacerSpec(OPTIMIZERS[kind](learning_rate=rate)),), one, *one.start, 40))
    session.advance(40)
    race = Recorder(session).record()
    for moment in [*range(8), *range(8, 41, 8)]:
        look_at(panel, race, 0, moment)
        panel.picture.grab()
        panel.rule.grab()
        box = anatomy(race, 0, moment).surroundings.box
        assert box.width > 0
        assert box.height > 0
        assert panel.picture.table().columns["x"].size


def test_a_tall_panel_leaves_the_room_to_the_rule_unless_a_person_wants_otherwise(panel: Any) -> None:
    panel.resize(300, 900)
    assert panel.picture.height() <= 300 + 120
    panel._split.moveSplitter(600, 1)
    panel.resize(300, 901)
    assert panel.picture.height() > 500


def test_the_zones_of_a_narrow_gauge_are_named_apart() -> None:
    row = QRectF(0, 0, 200, 20)
    for widths in ([50.0, 40.0, 70.0], [20.0, 20.0, 20.0]):
        places = zone_places(row, [47.5, 100.0, 152.5], widths)
        assert [place.width() >= wide for place, wide in zip(places, widths, strict=True)] == [True] * 3
        assert not any(one.intersects(other) for one, other in pairwise(places))
    assert [place.center().x() for place in places] == [47.5, 100.0, 152.5], "in the middle where there is room"


def test_large_text_leaves_the_close_up_some_room(panel: Any) -> None:
    theme = panel.look.theme
    panel.resize(344, 540)
    panel.look.set_theme(dataclasses.replace(theme, scale=1.5))
    panel.resize(344, 541)
    assert panel.picture.height() >= 1.5 * 260 - 1
