"""The Curves panel: what stands on the screen is what was measured, and looking at it costs and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QWheelEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication, QGraphicsWidget
from pytestqt.qtbot import QtBot

from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES as REGISTERED_LOSSES
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.probes.answers import CurvesAnswer, Marker, RunCurves, Series
from simulations.runtime.messages import Snapshot
from widgets.panels.train.curves import CurvesPanel, label_of, marker_text
from widgets.plots.chart_axes import FONT_PT, axis_width
from widgets.plots.curve_marks import Flag, draw_flags, draw_spikes, line_color
from widgets.plots.defaults import ZoomPlot
from widgets.theme import DARK, LIGHT, Look

load()
SPEC = ExperimentSpec(
    name="test",
    data=DataSpec(DATA_SOURCES["spiral"]()),
    layers=(LAYERS["dense"](units=2),),  # type: ignore[call-arg]
    loss=REGISTERED_LOSSES["softmax_cross_entropy"](),
    optimizer=OPTIMIZERS["adam"](),
)


def series(name: Any, values: Any) -> Series:
    step = np.arange(1, len(values) + 1, dtype=float)
    value = np.asarray(values, float)
    best = int(np.nanargmin(value)) if name == "validation_loss" and np.isfinite(value).any() else -1
    return Series(name, step, step / 10, step / 100, value, len(value), best)


def answer(number: int = 1, markers: tuple[Marker, ...] = (), previous: RunCurves | None = None, **values: Any) -> Any:
    made = {name: series(name, value) for name, value in values.items()}
    return CurvesAnswer(RunCurves(number, "test", made, markers, "w", "b"), previous)


def snapshot(curves: Any, status: Any = "paused") -> Snapshot:
    return Snapshot(
        sequence=0, run=1, status=status, spec=SPEC, step=1, epoch=0.0, steps_per_epoch=10, seconds=0.0,
        steps_per_second=0.0, samples_per_second=0.0, layers=(), weights_hash="", batches_hash="",
        probes={} if curves is None else {"curves": curves},
    )  # fmt: skip


@pytest.fixture
def panel(qtbot: QtBot) -> CurvesPanel:
    made = CurvesPanel(Look(LIGHT))
    qtbot.addWidget(made)
    for widget in made.header_widgets():
        qtbot.addWidget(widget)
    made.resize(480, 360)
    made.show()
    return made


LOSSES = np.linspace(2.0, 0.5, 30)


def drawn_points(panel: CurvesPanel, chart: Any, name: str) -> tuple[Any, Any]:
    drawn = panel.plots()[0].drawn()  # type: ignore[attr-defined]
    (line,) = (one for one in drawn if (one.chart, one.name, one.is_previous) == (chart, name, False))
    return line.x, line.y


def test_it_says_why_it_is_empty(panel: CurvesPanel) -> None:
    panel.render(snapshot(None))
    assert panel.plots() == ()
    panel.render(snapshot(answer(train_loss=[])))
    assert panel.plots() == ()


def test_every_measurement_is_on_the_screen(panel: CurvesPanel) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES)))
    x, y = drawn_points(panel, "loss", "train_loss")
    np.testing.assert_array_equal(x, np.arange(1, 31))
    np.testing.assert_array_equal(y, LOSSES)


def test_all_of_it_is_in_sight(panel: CurvesPanel) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES, train_score=1 - LOSSES / 3)))
    stack: Any = panel.plots()[0]
    (x0, x1), (y0, y1) = stack.chart("loss").ranges()
    assert x0 <= 1
    assert x1 >= 30
    assert y0 <= 0.5
    assert y1 >= 2.0
    assert stack.chart("score").ranges()[0] == (x0, x1)


def test_the_time_axis_changes_while_training(panel: CurvesPanel) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES)))
    combo: Any = panel.header_widgets()[0]
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    np.testing.assert_allclose(drawn_points(panel, "loss", "train_loss")[0], np.arange(1, 31) / 10)


def test_zooming_stops_following_and_home_follows_again(panel: CurvesPanel, qtbot: QtBot) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES)))
    stack: Any = panel.plots()[0]
    chart = stack.chart("loss")
    box = chart.box
    box.setXRange(5, 10, padding=0)
    box.sigRangeChangedManually.emit([True, True])
    assert not stack.follows
    panel.render(snapshot(answer(train_loss=np.linspace(2, 0.1, 90))))
    np.testing.assert_allclose(chart.ranges()[0], (5, 10))
    np.testing.assert_allclose(stack.chart("score").ranges()[0], (5, 10))
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert stack.follows
    assert chart.ranges()[0][1] >= 90


def test_a_new_run_is_followed(panel: CurvesPanel) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES)))
    stack: Any = panel.plots()[0]
    stack.chart("loss").box.sigRangeChangedManually.emit([True, True])
    panel.render(snapshot(answer(2, train_loss=[9.0])))
    assert stack.follows


@pytest.mark.parametrize("values", [[np.nan, np.nan], [np.inf], [1.0], [0.0, 0.0], [1e30, 1e-30], [1, np.nan, 2]])
@pytest.mark.parametrize("log", [False, True])
def test_awkward_numbers_are_drawn_without_complaint(panel: CurvesPanel, values: Any, log: bool) -> None:
    panel._on_log_chosen(log)
    panel.render(snapshot(answer(train_loss=values, validation_loss=values)))
    panel.grab()


def test_the_pointer_shows_the_values_under_it(panel: CurvesPanel, qtbot: QtBot) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES, validation_loss=LOSSES)))
    before = panel.grab().toImage()
    chart = panel.plots()[0].chart("loss")  # type: ignore[attr-defined]
    chart.pointed.emit(250.0)
    during = panel.grab().toImage()
    chart.left.emit()
    assert during != before
    assert panel.grab().toImage() == before


def picture(plot: Any, theme: Any, scale: int = 1) -> QImage:
    image = QImage(plot.plot_size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    plot.draw(painter, QRectF(QPointF(0, 0), plot.plot_size()), replace(theme, stroke=scale))
    painter.end()
    return image


def test_axes_and_data_share_the_chart_without_a_layout_that_outlives_them(panel: CurvesPanel) -> None:
    panel.render(snapshot(answer(loss=[2.0, 1.0, 0.5])))
    for chart in ("loss", "score"):
        plot = panel._stack.chart(chart)  # type: ignore[union-attr]
        left, bottom, data = (one.geometry() for one in (plot.axes["left"], plot.axes["bottom"], plot.box))
        assert not any(isinstance(one, QGraphicsWidget) and one.layout() for one in plot.scene().items())
        assert (left.right(), left.top(), left.bottom()) == (data.left(), data.top(), data.bottom())
        if plot.axes["bottom"].isVisible():
            assert (bottom.left(), bottom.right(), bottom.top()) == (data.left(), data.right(), data.bottom())
            assert bottom.bottom() == plot.height()


def test_an_export_leaves_the_screen_as_it_is(panel: CurvesPanel) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES)))
    before = panel.grab().toImage()
    exported = picture(panel.plots()[0], DARK, 2)
    assert exported.pixelColor(3, exported.height() - 3) == DARK.color("panel")
    assert panel.grab().toImage() == before


def test_an_export_shows_what_the_screen_shows(panel: CurvesPanel) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES, validation_loss=LOSSES)))
    screen = panel.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    exported = picture(panel.plots()[0], LIGHT)
    a, b = (np.frombuffer(bytes(one.constBits()), np.uint8).astype(int) for one in (screen, exported))
    assert np.mean(np.abs(a - b)) < 1


def test_vector_text_stays_text(panel: CurvesPanel, tmp_path: Any) -> None:
    marker = Marker(5, 0.5, 0.05, "optimizer.learning_rate", "0.1", "0.03")
    panel.render(snapshot(answer(markers=(marker,), train_loss=LOSSES)))
    plot = panel.plots()[0]
    generator = QSvgGenerator()
    generator.setFileName(str(tmp_path / "curves.svg"))
    generator.setResolution(panel.logicalDpiX())
    generator.setSize(QSize(480, 360))
    generator.setViewBox(QRect(0, 0, 480, 360))
    painter = QPainter(generator)
    plot.draw(painter, QRectF(0, 0, 480, 360), LIGHT)
    painter.end()
    written = (tmp_path / "curves.svg").read_text("utf-8")
    for text in ("mean loss", "accuracy", "step", "training", "0.1 → 0.03"):
        assert text in written


def test_a_marker_speaks_the_language_of_the_forms() -> None:
    marker = Marker(5, 0.5, 0.05, "optimizer.learning_rate", "0.1", "0.03")
    assert marker_text(marker, SPEC) == "Learning rate 0.1 → 0.03"
    dragged = Marker(5, 0.5, 0.05, "optimizer.learning_rate", "5.75", "2.6e-05")
    assert marker_text(dragged, SPEC) == "Learning rate 5.75 → 2.6e−5"
    assert label_of("batch_size", SPEC) == "Batch size"
    assert label_of("optimizer", SPEC) == "Optimizer"
    assert label_of("wrappers[3].radius", SPEC) == "wrappers[3].radius", "that wrapper is gone"
    assert label_of("layers[0].units_of_old", SPEC) == "layers[0].units_of_old"


def test_a_marker_says_whose_value_it_is() -> None:
    wrapped = replace(SPEC, wrappers=(WRAPPERS["sam"](),))
    assert label_of("wrappers[0].radius", wrapped) == "SAM: Radius ρ"
    frozen = Marker(8, 0.5, 0.1, "layers[0].frozen", "off", "on")
    assert marker_text(frozen, SPEC) == "Dense 1: Frozen off → on"
    methods = Marker(8, 0.5, 0.1, "layers[0].method", "shared", "own")
    assert marker_text(methods, SPEC) == "Dense 1: Trained As the network → Own optimizer"
    listed = Marker(8, 0.5, 0.1, "wrappers", "–", "sam, ema")
    assert marker_text(listed, SPEC) == "Wrappers – → SAM, EMA of weights"


def test_a_marker_names_methods_as_the_forms_do() -> None:
    assert marker_text(Marker(8, 0.5, 0.1, "optimizer", "adam", "sgd"), SPEC) == "Optimizer Adam → SGD"


def test_the_theme_reaches_the_charts(panel: CurvesPanel) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES)))
    panel.look.set_theme(DARK)
    image = panel.grab().toImage()
    assert image.pixelColor(2, image.height() - 2) == QColor(DARK.color("panel"))


def test_double_click_follows_again(panel: CurvesPanel, qtbot: QtBot) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES)))
    stack: Any = panel.plots()[0]
    chart = stack.chart("loss")
    chart.box.sigRangeChangedManually.emit([True, True])
    assert not stack.follows
    qtbot.mouseDClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    assert stack.follows


def test_at_least_one_chart_stays(panel: CurvesPanel) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES)))
    for action in panel._charts.values():
        action.setChecked(False)
    panel._on_charts_chosen()
    assert panel._options.charts
    panel.grab()


def test_all_three_charts_fit(panel: CurvesPanel) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES, learning_rate=[0.1, 0.1, 0.03])))
    panel._charts["learning_rate"].setChecked(True)
    panel._on_charts_chosen()
    stack: Any = panel.plots()[0]
    heights = [stack.chart(chart).area().height() for chart in ("loss", "score", "learning_rate")]
    assert min(heights) > 30
    assert heights[0] == pytest.approx(heights[1], abs=2)


def test_the_wheel_zooms_and_all_charts_go_along(panel: CurvesPanel, qtbot: QtBot) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES)))
    stack: Any = panel.plots()[0]
    chart = stack.chart("loss")
    panel.grab()  # pyqtgraph maps pixels as they were last painted
    before, values = chart.ranges()
    at = QPointF(240, 60)
    no = Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(
        at, chart.viewport().mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, no,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(chart.viewport(), wheel)
    assert not stack.follows
    assert before[0] < chart.ranges()[0][0] < chart.ranges()[0][1] < before[1]
    assert chart.ranges()[1] == values
    np.testing.assert_allclose(stack.chart("score").ranges()[0], chart.ranges()[0])


def test_keys_zoom_and_pan(panel: CurvesPanel, qtbot: QtBot) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES)))
    chart = panel.plots()[0].chart("loss")  # type: ignore[attr-defined]
    x0, x1 = chart.ranges()[0]
    qtbot.keyClick(chart, Qt.Key.Key_Plus)
    zoomed = chart.ranges()[0]
    assert zoomed[1] - zoomed[0] == pytest.approx(0.8 * (x1 - x0))
    qtbot.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert chart.ranges()[0][0] > zoomed[0]


def test_an_export_leaves_no_window_behind(panel: CurvesPanel) -> None:
    panel.render(snapshot(answer(train_loss=LOSSES)))
    _delete_what_is_due()
    before = len(QApplication.topLevelWidgets())
    picture(panel.plots()[0], LIGHT)
    _delete_what_is_due()
    assert len(QApplication.topLevelWidgets()) == before


def _delete_what_is_due() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_markers_too_close_for_their_texts_never_overlap(panel: CurvesPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    markers = tuple(Marker(step, step / 10, step / 100, "l2", "0", "0.1") for step in (10, 11, 12, 13, 14, 29))
    panel.render(snapshot(answer(markers=markers, train_loss=LOSSES)))
    chart: Any = panel.plots()[0].chart("loss")  # type: ignore[attr-defined]
    places: list[QRectF] = []
    image = QImage(chart.size(), QImage.Format.Format_RGB32)
    painter = _Recorder(image, places)
    draw_flags(painter, chart, [Flag(float(one.step), "L2 0 → 0.1") for one in markers], with_text=True)
    painter.end()
    assert len(places) >= 3
    assert all(not a.intersects(b) for i, a in enumerate(places) for b in places[:i])
    assert all(chart.area().adjusted(-1, -1, 1, 1).contains(place) for place in places)


def test_a_spike_is_told_by_a_triangle_and_its_height(panel: CurvesPanel) -> None:
    losses = LOSSES.copy()
    losses[20] = 1234.0
    markers = (Marker(20, 2.0, 0.2, "l2", "0", "0.1"),)
    panel.render(snapshot(answer(markers=markers, train_loss=losses)))
    stack: Any = panel.plots()[0]
    chart, (line,) = stack.chart("loss"), (line for line in stack.drawn() if line.name == "train_loss")
    assert chart.ranges()[1][1] < 3
    places: list[QRectF] = []
    image = QImage(chart.size(), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = _Recorder(image, places)
    taken = draw_flags(painter, chart, [Flag(20.0, "L2 0 → 0.1", since=15.0)], with_text=True)
    draw_spikes(painter, chart, line, taken)
    painter.end()
    band, text, height, _spot = places
    assert band.left() == pytest.approx(chart.place(15.0, 0.0).x())
    assert not text.intersects(height)
    tip = chart.place(21.0, 0.0).x()
    assert image.pixelColor(round(tip), round(chart.area().top()) + 5) == line_color(line, LIGHT)


class _Recorder(QPainter):
    """Notes where grounds of texts were filled."""

    def __init__(self, image: QImage, places: list[QRectF]) -> None:
        super().__init__(image)
        self._places = places

    def fillRect(self, rect: Any, color: Any) -> None:
        self._places.append(rect)


def test_numbers_of_a_left_axis_never_run_into_its_title(qtbot: QtBot) -> None:
    plot = ZoomPlot()
    qtbot.addWidget(plot)
    plot.set_theme(LIGHT)
    plot.resize(400, 300)
    plot.lay_out()
    axis = plot.axes["left"]
    metrics = QFontMetricsF(axis.theme.font(FONT_PT))
    room = axis_width(axis.theme) - metrics.height() - 8
    for ticks in ([0.0, 0.5, 1.0], [0.0, 100_000.0, 400_000.0], [0.0, 2e7]):
        assert all(metrics.horizontalAdvance(text) <= room for text in axis.texts(ticks, metrics)), ticks


def test_an_error_is_named_on_its_axis_and_in_the_menu(panel: CurvesPanel) -> None:
    made = {"train_score": series("train_score", LOSSES)}
    panel.render(snapshot(CurvesAnswer(RunCurves(1, "test", made, (), "w", "b", "rmse", "cm"), None)))
    stack: Any = panel.plots()[0]
    assert stack.chart("score").accessibleName() == "RMSE [cm]"
    assert stack.chart("score").ranges()[1][0] == 0
    assert [action.text() for action in panel._charts.values()] == ["Loss", "RMSE", "Learning rate"]
