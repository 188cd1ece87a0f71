"""The maps panel: a cell pointed at is previewed, a cell clicked is taken, and whoever leaves ends the preview."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.optimizers.base import OPTIMIZERS
from simulations.runtime.race_messages import Preview
from simulations.surfaces.base import SURFACES, Box
from tests.widgets.race_double import snapshot_for
from widgets.panel import Edit, RaceDocument, SelectRacer
from widgets.panels.race.maps import MapsPanel
from widgets.plots.basins import percent_text
from widgets.theme import DARK, LIGHT, Look, Theme

KINDS = ("basins", "arrivals", "rates", "phase")
SPEC = RaceSpec(
    "",
    (
        RacerSpec(OPTIMIZERS["momentum"](learning_rate=0.01)),
        RacerSpec(OPTIMIZERS["adam"](learning_rate=0.1), color=1, has_own_start=True, start_x=1.0, start_y=-2.0),
        RacerSpec(OPTIMIZERS["sgd"](learning_rate=0.01), color=2),
    ),
    SURFACES["himmelblau"](),
    -1.0,
    0.5,
    30,
)


@pytest.fixture
def panel(qtbot):
    found = MapsPanel(Look(LIGHT))
    qtbot.addWidget(found)
    found.resize(360, 560)
    found.show_document(RaceDocument(SPEC, 0))
    found.show()
    return found


def choose(panel, kind, spec=SPEC, selected=0):
    panel.show_document(RaceDocument(spec, selected))
    panel._kinds.button(kind).click()
    panel.render(snapshot_for(panel, spec))
    return panel._views[kind]


def point_at(qtbot, view):
    """By an event of its own: a screen's pointer takes its time, or is there already and does not move."""
    at, none = QPointF(middle_of(view)), Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, moved)


def wishes_of(panel):
    found = []
    panel.commandRequested.connect(found.append)
    return found


def middle_of(view):
    frame = view._frame_here()
    return QPoint(round(frame.plane.center().x()), round(frame.plane.center().y()))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_and_exported(panel, kind):
    view = choose(panel, kind)
    assert panel.plots() == (view,)
    assert view.plot_title()
    table = view.table()
    lengths = {len(column) for column in table.columns.values()}
    assert len(lengths) == 1
    assert lengths.pop() >= 256
    for theme in (LIGHT, DARK):
        image = QImage(400, 400, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        view.draw(painter, QRectF(0, 0, 400, 400), theme)
        painter.end()
        assert image.pixelColor(1, 1) == theme.color("panel")


@pytest.mark.parametrize("kind", KINDS)
def test_pointing_previews_one_racer_and_leaving_ends_it(panel, qtbot, kind):
    view, wishes = choose(panel, kind), wishes_of(panel)
    point_at(qtbot, view)
    previews = [one.spec for one in wishes if isinstance(one, Preview)]
    assert len(previews[-1].racers) == 1
    assert panel._note.text()
    view.leaveEvent(QEvent(QEvent.Type.Leave))
    assert wishes[-1] == Preview(None)


def test_a_clicked_start_becomes_the_races_or_the_racers_own(panel, qtbot):
    view, wishes = choose(panel, "basins"), wishes_of(panel)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle_of(view))
    edit = next(one for one in wishes if isinstance(one, Edit))
    assert abs(edit.spec.start_x) < 0.2
    assert abs(edit.spec.start_y) < 0.2
    assert edit.spec.racers == SPEC.racers
    view = choose(panel, "basins", selected=1)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle_of(view))
    edit = [one for one in wishes if isinstance(one, Edit)][-1]
    assert (edit.spec.start_x, edit.spec.start_y) == (SPEC.start_x, SPEC.start_y)
    assert abs(edit.spec.racers[1].start_x) < 0.2


def test_clicked_numbers_become_the_racers(panel, qtbot):
    view, wishes = choose(panel, "phase"), wishes_of(panel)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle_of(view))
    method = next(one for one in wishes if isinstance(one, Edit)).spec.racers[0].optimizer
    assert method.learning_rate == pytest.approx(np.sqrt(1e-4 * 10), rel=0.1)
    assert method.momentum == pytest.approx(0.5, abs=0.02)


def test_a_rate_clicked_among_all_racers_belongs_to_the_nearest_curve_which_is_selected(panel, qtbot):
    view = choose(panel, "rates")
    panel._whose.button("all").click()
    panel.render(snapshot_for(panel, SPEC))
    curve = view._answer.curves[1]
    frame, wishes = view._frame_here(), wishes_of(panel)
    at = frame.place(float(curve.rates[-1]), float(curve.gaps[-1]))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(at.x()) - 1, round(at.y())))
    assert SelectRacer(1) in wishes
    edit = next(one for one in wishes if isinstance(one, Edit))
    assert edit.spec.racers[1].optimizer.learning_rate > 5
    assert edit.spec.racers[0] == SPEC.racers[0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_preview_runs_what_a_click_takes(panel, qtbot, kind):
    view, wishes = choose(panel, kind), wishes_of(panel)
    point_at(qtbot, view)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle_of(view))
    shown = [one.spec for one in wishes if isinstance(one, Preview) and one.spec is not None][-1]
    taken = next(one for one in wishes if isinstance(one, Edit)).spec
    assert shown.racers[0].optimizer == taken.racers[0].optimizer
    assert shown.start_of(shown.racers[0]) == taken.start_of(taken.racers[0])


@pytest.mark.parametrize("kind", ["basins", "phase"])
def test_keys_walk_over_cells_and_take_one(panel, qtbot, kind):
    view, wishes = choose(panel, kind), wishes_of(panel)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    first = wishes[-1]
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert isinstance(wishes[-1], Preview)
    assert wishes[-1] != first
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert isinstance(wishes[-1], Edit)


def test_axes_can_be_any_two_numbers_and_change_places(panel):
    choose(panel, "phase", selected=1)
    across, up = panel._axes
    up.setCurrentIndex(up.findData("beta2"))
    up.activated.emit(up.currentIndex())
    assert (panel.probes()[0].across, panel.probes()[0].up) == ("learning_rate", "beta2")
    across.setCurrentIndex(across.findData("beta2"))
    across.activated.emit(across.currentIndex())
    assert (panel.probes()[0].across, panel.probes()[0].up) == ("beta2", "learning_rate")


def test_what_cannot_be_mapped_says_why(panel):
    choose(panel, "phase", selected=2)
    assert panel.probes() == ()
    assert panel.plots() == ()
    assert "only one number" in panel._views["phase"]._sentence
    nobody = dataclasses.replace(SPEC, racers=())
    panel.show_document(RaceDocument(nobody, -1))
    panel.render(snapshot_for(panel, nobody))
    assert panel.probes() == ()
    assert "add one" in panel._views["phase"]._sentence


def test_coarse_maps_are_shown_while_finer_ones_are_worked_out(panel):
    panel.show_document(RaceDocument(SPEC, 0))
    panel.render(snapshot_for(panel, SPEC, first_only=True))
    assert panel._views["basins"].cells() == (32, 32)
    assert panel._progress.isVisibleTo(panel)
    panel.render(snapshot_for(panel, SPEC))
    assert panel._views["basins"].cells() == (128, 128)
    assert not panel._progress.isVisibleTo(panel)


def test_theory_is_said_with_what_it_holds_for(panel):
    bowl = dataclasses.replace(SPEC, surface=SURFACES["rotated_quadratic"]())
    choose(panel, "phase", bowl)
    assert "0.076" in panel._note.text()
    assert "μ* = 0.566" in panel._note.text()
    choose(panel, "phase")
    assert "no quadratic" in panel._note.text()
    choose(panel, "rates", selected=1)
    assert "No simple theory" in panel._note.text()


def test_a_map_of_another_method_takes_nothing_from_this_one(panel, qtbot):
    view, wishes = choose(panel, "phase"), wishes_of(panel)
    panel.show_document(RaceDocument(SPEC, 2))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle_of(view))
    assert not [one for one in wishes if isinstance(one, Edit)]


def test_a_number_that_is_zero_is_nowhere_on_a_logarithmic_axis(panel):
    method = OPTIMIZERS["adamw"](weight_decay=0.0)
    spec = dataclasses.replace(SPEC, racers=(RacerSpec(method),))
    choose(panel, "phase", spec)
    up = panel._axes[1]
    up.setCurrentIndex(up.findData("weight_decay"))
    up.activated.emit(up.currentIndex())
    panel.render(snapshot_for(panel, spec))
    assert panel._views["phase"]._answer.up[0] == pytest.approx(1e-6)
    panel.grab()


@pytest.mark.parametrize("kind", KINDS)
def test_a_race_without_racers_has_no_map(panel, kind):
    view = choose(panel, kind)
    panel.show_document(RaceDocument(dataclasses.replace(SPEC, racers=()), -1))
    assert panel.plots() == ()
    assert not view.has_answer()


def test_a_long_name_never_widens_the_panel(panel):
    long = dataclasses.replace(SPEC.racers[0], name="a racer with a name that is as long as a sentence")
    choose(panel, "rates")
    before = panel.minimumSizeHint().width()
    panel.show_document(RaceDocument(dataclasses.replace(SPEC, racers=(long, *SPEC.racers[1:])), 0))
    panel.layout().activate()
    assert panel.minimumSizeHint().width() == before <= 278


@pytest.mark.parametrize("kind", ["basins", "arrivals"])
def test_a_map_of_starts_covers_what_the_plane_shows_or_the_whole_view(panel, kind, qtbot):
    view = choose(panel, kind)
    whole = view._answer.map.box
    box = Box(1.0, 4.0, 1.0, 3.0)
    with qtbot.waitSignal(panel.probesChanged):
        panel.show_document(RaceDocument(SPEC, 0, box=box))
    panel.render(snapshot_for(panel, SPEC))
    assert view._answer.map.box == box
    with qtbot.waitSignal(panel.probesChanged):
        panel._over.button("whole").click()
    panel.render(snapshot_for(panel, SPEC))
    assert view._answer.map.box == whole == SPEC.surface.view


def test_a_sweep_looks_as_its_racers_look_by_now(panel):
    view = choose(panel, "rates")
    panel._whose.button("all").click()
    panel.render(snapshot_for(panel, SPEC))
    assert [one.racer.color for one in view._curves] == [0, 1, 2]
    first, second, third = SPEC.racers
    changed = (dataclasses.replace(first, color=6), dataclasses.replace(second, is_visible=False), third)
    panel.show_document(RaceDocument(dataclasses.replace(SPEC, racers=changed), 0))
    assert [(one.index, one.racer.color) for one in view._curves] == [(0, 6), (2, 2)]


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_largest_text_its_controls_fit_into_300_pixels(kind, qtbot):
    panel = MapsPanel(Look(Theme("light", 1.5)))
    qtbot.addWidget(panel)
    choose(panel, kind)
    panel.show()
    assert panel.minimumSizeHint().width() <= 300
    panel.resize(300, 700)
    panel.layout().activate()
    shown = [one for one in (panel._kinds, panel._whose, panel._over, *panel._axes) if one.isVisible()]
    for one in shown:
        place = one.mapTo(panel, one.rect().bottomRight())
        assert place.x() <= 300
        assert one.width() >= one.minimumSizeHint().width()


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_largest_text_the_key_is_whole_and_can_be_scrolled_to(kind, qtbot):
    """Below a plane that is still large enough to be pointed at."""
    panel = MapsPanel(Look(Theme("light", 1.5)))
    qtbot.addWidget(panel)
    panel.resize(300, 480)
    view = choose(panel, kind)
    panel.show()
    qtbot.waitUntil(lambda: view.height() >= view.minimumHeight() > 90)
    frame = view._frame_here()
    assert frame.key.bottom() <= view.height()
    assert min(frame.plane.width(), frame.plane.height()) >= 100


def test_pointing_at_a_map_moves_nothing(panel, qtbot):
    """Though what is said of a cell is shorter than what theory says."""
    bowl = dataclasses.replace(SPEC, surface=SURFACES["rotated_quadratic"]())
    panel.resize(300, 560)
    view = choose(panel, "phase", bowl)
    panel.layout().activate()
    before, theory = view.parentWidget().geometry(), panel._note.text()
    point_at(qtbot, view)
    panel.layout().activate()
    assert len(panel._note.text()) < len(theory)
    assert view.parentWidget().geometry() == before


def test_the_key_says_what_each_colour_of_the_basins_is(panel):
    view = choose(panel, "basins")
    found = view._answer.map.reached
    words = [note.words for note in view._notes(LIGHT)]
    for index in np.unique(found[found >= 0]).tolist():
        share = percent_text(float((found == index).mean()))
        assert f"minimum {index + 1}: {share}" in words


def test_a_single_basin_says_so_as_well(panel):
    bowl = dataclasses.replace(SPEC, surface=SURFACES["sphere"](), steps=300)
    view = choose(panel, "basins", bowl, selected=1)
    assert [note.words for note in view._notes(LIGHT)] == ["minimum 1: 100%"]


def test_the_key_sums_up_what_many_minima_are_left(panel):
    rugged = dataclasses.replace(SPEC, surface=SURFACES["rastrigin"]())
    view = choose(panel, "basins", rugged)
    found = view._answer.map.reached
    count = len(np.unique(found[found >= 0]))
    assert count > 5
    words = [note.words for note in view._notes(LIGHT)]
    assert sum(one.startswith("minimum") for one in words) == 4
    assert any(one.startswith(f"and {count - 4} more: ") for one in words)


def test_numbers_of_minima_never_lie_over_one_another(panel):
    view = choose(panel, "basins", dataclasses.replace(SPEC, surface=SURFACES["rastrigin"]()))
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    frame = view.frame(painter, QRectF(0, 0, 300, 300), LIGHT)
    painter.end()
    large = dataclasses.replace(LIGHT, scale=2.0)
    crowded, roomy = (view._numbers(frame, QFontMetricsF(theme.font(8, bold=True)), theme) for theme in (large, LIGHT))
    assert 1 < len(crowded) < len(roomy)
    text = QFontMetricsF(large.font(8, bold=True))
    for place, (index, at) in enumerate(crowded):
        assert at.width() > text.horizontalAdvance(str(index + 1))
        assert frame.plane.adjusted(-1, -1, 1, 1).contains(at)
        assert not any(at.intersects(before) for _other, before in crowded[:place])
    reached = view._answer.map.reached
    assert crowded[0][0] == np.bincount(reached[reached >= 0]).argmax()


def test_shares_are_never_rounded_to_all_or_nothing():
    shown = [percent_text(share) for share in (0.0, 0.001, 0.42, 0.999, 1.0)]
    assert shown == ["0%", "< 1%", "42%", "> 99%", "100%"]
