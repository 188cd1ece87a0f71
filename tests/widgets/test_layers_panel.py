"""The Layers panel: it draws every count it is given, asks for what it shows, and obeys pointer and keys."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from pytestqt.qtbot import QtBot

from simulations.families import load
from simulations.nn.description import LayerInfo
from simulations.probes.answers import GateMap, GatesAnswer, HistogramCell, LayerRow, LayersAnswer
from simulations.probes.gates import GatesProbe
from simulations.probes.histogram import Bins, histogram
from simulations.probes.layers import LayersProbe
from simulations.probes.ridge import RidgeProbe
from simulations.probes.table import HistogramTable
from tests.widgets.texts import TextRecorder
from widgets.panels.train.layers import LayersPanel
from widgets.plots.histogram_cell import Bars, heights, settled_tops
from widgets.plots.histogram_text import cells_table, layer_title, share_text
from widgets.plots.strip_layout import StripLayout
from widgets.plots.strip_paint import ChromePainter, StripContent, range_labels, title_font
from widgets.plots.strip_words import VANISHED, vanishing
from widgets.theme import DARK, LIGHT, Look

load()
RNG = np.random.default_rng(0)
INFOS = (
    LayerInfo("dense 1", "dense", 1, (8,), 72, 64),
    LayerInfo("relu 1", "relu", 1, (8,), 0, 0),
    LayerInfo("dense 2", "dense", 2, (2,), 18, 16),
)


RANGE = Bins(-3.0, 3.0)


def cell(values: Any) -> HistogramCell:
    return HistogramCell(histogram(values, RANGE), histogram(0.5 * values, RANGE))


def layer_row(info: LayerInfo, bad: float = 0.0) -> LayerRow:
    values = RNG.normal(size=500).astype(np.float32)
    if bad:
        values[:7] = bad
    if info.kind == "relu":
        return LayerRow(info.name, {"activations": cell(np.maximum(values, 0))}, float("nan"), np.zeros((0, 2)), 0.25)
    history = np.array([[1.0, -2.0], [5.0, -3.1]])
    cells = {"activations": cell(values), "gradients": cell(values * 0.1), "weights": cell(values[:72])}
    return LayerRow(info.name, cells, -3.1, history, float("nan"))


def answer_of(*rows: LayerRow) -> LayersAnswer:
    """The answer whose rows these are."""
    cells = [(row.name, quantity, one) for row in rows for quantity, one in row.cells.items()]
    updates = np.full((2, 1 + len(rows)), np.nan)
    updates[:, 0] = 1.0, 5.0
    for index, row in enumerate(rows):
        if len(row.update_history):
            updates[:, index + 1] = row.update_history[:, 1]
    return LayersAnswer(
        5,
        64,
        256,
        tuple(row.name for row in rows),
        tuple((name, quantity) for name, quantity, _one in cells),
        HistogramTable.of([one.now for *_cell, one in cells]),
        HistogramTable.of([one.initial for *_cell, one in cells]),
        np.array([row.update_ratio for row in rows]),
        updates,
        np.array([row.dead_share for row in rows]),
        np.array([row.frozen for row in rows]),
    )


def answer(bad: float = 0.0) -> LayersAnswer:
    return answer_of(*(layer_row(info, bad) for info in INFOS))


def snapshot(status: str = "running", run: int = 1, **probes: Any) -> Any:
    return SimpleNamespace(status=status, run=run, layers=INFOS, probes=probes, step=5)


@pytest.fixture
def panel(qtbot: QtBot) -> LayersPanel:
    one = LayersPanel(Look(LIGHT))
    qtbot.addWidget(one)
    one.resize(800, 400)
    one.show()
    return one


@pytest.fixture
def full(panel: LayersPanel) -> LayersPanel:
    panel.render(snapshot(layers=answer()))
    return panel


def test_an_empty_panel_says_why_and_exports_nothing(panel: LayersPanel) -> None:
    assert panel.plots() == ()
    assert panel.help_text()
    panel.render(snapshot())
    assert panel.plots() == ()


def test_an_answer_about_another_network_is_not_drawn(panel: LayersPanel) -> None:
    other = answer_of(answer().rows[0])
    panel.render(snapshot(layers=other))
    assert panel.plots() == ()


def test_the_table_holds_exactly_the_drawn_counts(full: LayersPanel) -> None:
    table = full.plots()[0].table().columns
    shown = full._strip._content.answer
    for row in shown.rows:
        for quantity, one in row.cells.items():
            here = (table["layer"] == row.name) & (table["quantity"] == quantity)
            bins = here & (table["part"] == "bin")
            np.testing.assert_array_equal(table["count"][bins], one.now.counts)
            np.testing.assert_array_equal(table["count_at_step_0"][bins], one.initial.counts)
            assert table["count"][here].sum() == one.now.total


def test_values_that_are_not_numbers_are_in_the_table_and_loud(qtbot: QtBot, panel: LayersPanel) -> None:
    panel.render(snapshot(status="diverged", layers=answer(bad=float("nan"))))
    table = panel.plots()[0].table().columns
    nan = (table["part"] == "nan") & (table["layer"] == "dense 1") & (table["quantity"] == "activations")
    assert table["count"][nan].tolist() == [7]
    image = panel._strip.grab().toImage()
    loud = LIGHT.color("state.bad").rgb()
    assert any(image.pixel(x, y) == loud for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))


def test_bars_are_as_high_as_their_counts() -> None:
    counts = np.array([0, 10, 20, 40])
    bars, ends = Bars(np.array([[0.0, 0.0, 40.0, 80.0]]), 4).boxes(counts[np.newaxis], np.array([40.0]), False)
    assert ends == [0, 3]
    assert bars.tolist() == [[10.0, 60.0, 9.0, 20.0], [20.0, 40.0, 9.0, 40.0], [30.0, 0.0, 9.0, 80.0]]
    assert heights(np.array([0, 40]), 40.0, True).tolist() == [0.0, 1.0]


def test_the_height_scale_holds_still_between_half_and_all() -> None:
    one, few, less = (
        HistogramTable.of([histogram(np.full(count, 1.0, np.float32), Bins(0.5, 2.0))]) for count in (100, 70, 20)
    )
    none = np.zeros(1)
    top = settled_tops(none, one, none)
    assert settled_tops(top, few, none) == top
    assert settled_tops(top, less, none) < top
    assert settled_tops(none, one, np.array([1.5])) == pytest.approx(1.5 * top), "a ghost has room, too"


def test_it_asks_for_a_part_while_running_and_for_everything_when_paused(full: LayersPanel, qtbot: QtBot) -> None:
    layers, ridge = full.probes()
    assert isinstance(layers, LayersProbe)
    assert isinstance(ridge, RidgeProbe)
    assert layers.samples == 64
    with qtbot.waitSignal(full.probesChanged):
        full.render(snapshot(status="paused", layers=answer()))
    assert full.probes()[0].samples == 0


def test_the_controls_change_what_is_asked(full: LayersPanel, qtbot: QtBot) -> None:
    controls = full.header_widgets()[0]
    with qtbot.waitSignal(full.probesChanged):
        controls.scale.set_key("symlog")
        controls.scale.chosen.emit("symlog")
    controls.share.set_key("all")
    controls.gradient_of.set_key("weights")
    layers = full.probes()[0]
    assert (layers.scale, layers.share, layers.gradient_of) == ("symlog", "all", "weights")


def center_of(panel: LayersPanel, row: int, quantity: Any) -> QPointF:
    strip = panel._strip
    layout = StripLayout(QRectF(strip.rect()), len(INFOS), LIGHT)
    return layout.cell(row, quantity).bars.center()


def test_the_range_holds_while_the_pointer_is_inside(full: LayersPanel, qtbot: QtBot) -> None:
    full._strip._hover(("dense 1", "gradients"))
    assert ("dense 1", "gradients") in full.probes()[0].locked
    full._strip._hover(None)
    assert full.probes()[0].locked == frozenset()


def test_the_pointer_reads_the_bar_under_it(full: LayersPanel) -> None:
    text = full._strip.text_at(center_of(full, 0, "activations"))
    now = full._strip._content.answer.rows[0].cells["activations"].now
    assert f"{int(now.counts[len(now.counts) // 2]):,}" in text
    assert full._strip.text_at(center_of(full, 1, "weights")) == ""


def test_a_click_opens_the_large_view_and_esc_returns(full: LayersPanel, qtbot: QtBot) -> None:
    qtbot.mouseClick(full._strip, Qt.MouseButton.LeftButton, pos=center_of(full, 0, "activations").toPoint())
    assert [plot.plot_id for plot in full.plots()] == ["layers", "histogram", "ridge"]
    assert (full.probes()[1].layer, full.probes()[1].quantity) == ("dense 1", "activations")
    table = full.plots()[1].table().columns
    assert set(table["layer"]) == {"dense 1"}
    qtbot.keyClick(full._large, Qt.Key.Key_Escape)
    assert full.probes()[1].layer == ""
    assert len(full.plots()) == 1


def gates_of(name: str) -> GatesAnswer:
    means = np.linspace(0, 1, 12).reshape(3, 4)
    one = GateMap("forget", means, 0.0, 1.0, 3, 0.5, 0.1, 0.2)
    return GatesAnswer(5, 64, name, (one, dataclasses.replace(one, name="1.candidate", low=-1.0)))


def test_an_opened_layer_with_gates_offers_them(full: LayersPanel, qtbot: QtBot) -> None:
    full._on_opened(("dense 1", "activations"))
    assert full.probes()[-1] == GatesProbe("dense 1", 64)
    full.render(snapshot(layers=answer()))
    assert not full._large.has_gates()
    full.render(snapshot(layers=answer(), gates=gates_of("dense 1")))
    assert full._large.has_gates()
    assert "forget gate" in full.help_text()
    qtbot.mouseClick(full._large.shown.button("gates"), Qt.MouseButton.LeftButton)
    plot = full.plots()[-1]
    assert plot is full._large.gates
    assert full._large.gates.isVisible()
    table = plot.table().columns
    assert len(table["mean"]) == 24
    np.testing.assert_allclose(table["mean"][:12].reshape(3, 4), gates_of("dense 1").gates[0].means)
    full.render(snapshot(layers=answer(), gates=gates_of("dense 2")))
    assert not full._large.has_gates(), "these are another layer's"
    assert full._large.histogram.isVisible()


def test_the_pointer_over_a_recurrent_layer_reads_its_gates(full: LayersPanel) -> None:
    assert not any(isinstance(probe, GatesProbe) for probe in full.probes())
    recurrent = (dataclasses.replace(INFOS[0], kind="lstm"), *INFOS[1:])
    shown = snapshot(layers=answer(), gates=gates_of("dense 1"))
    shown.layers = recurrent
    full.render(shown)
    full._strip._hover(("relu 1", "activations"))
    assert not any(isinstance(probe, GatesProbe) for probe in full.probes()), "it has none"
    full._strip._hover(("dense 1", "activations"))
    assert full.probes()[-1] == GatesProbe("dense 1", 64)
    assert "Forget gate: mean 0.5" in full._strip.text_at(center_of(full, 0, "activations"))
    assert "Forget gate" not in full._strip.text_at(center_of(full, 2, "activations"))


def test_the_pointer_reads_a_gate(full: LayersPanel, qtbot: QtBot) -> None:
    full._on_opened(("dense 1", "activations"))
    full.render(snapshot(layers=answer(), gates=gates_of("dense 1")))
    full._large.shown.button("gates").click()
    plot = full._large.gates
    (_one, area), (_other, _) = plot._maps(QRectF(plot.rect()), LIGHT)
    point = QPointF(area.left() + area.width() * 3.5 / 4, area.top() + area.height() * 1.5 / 3)
    assert plot.text_at(point) == "Forget gate, unit 2, time step 4: 0.636 on average over 64 samples"
    assert plot.text_at(QPointF(1, 1)) == ""


def test_arrows_select_enter_opens_and_l_locks(full: LayersPanel, qtbot: QtBot) -> None:
    strip = full._strip
    strip._select(("dense 1", "weights"))
    qtbot.keyClick(strip, Qt.Key.Key_Down)
    assert strip.selected() == ("dense 2", "weights"), "a ReLU has no weights and is passed over"
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    assert strip.selected() == ("dense 2", "gradients")
    assert "Gradients".lower() in strip.accessibleDescription()
    qtbot.keyClick(strip, Qt.Key.Key_L)
    assert full._locked == {("dense 2", "gradients")}
    qtbot.keyClick(strip, Qt.Key.Key_L)
    assert full._locked == frozenset()
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert full.probes()[1].layer == "dense 2"


def test_the_menu_locks_a_column_and_everything(full: LayersPanel) -> None:
    actions = full._menu(("dense 1", "weights")).actions()
    actions[3].trigger()
    assert full._locked == {("dense 1", "weights"), ("dense 2", "weights")}
    full._menu(("dense 1", "weights")).actions()[4].trigger()
    assert len(full._locked) == 7


def test_another_run_forgets_scales(full: LayersPanel) -> None:
    full._strip.grab()
    assert full._strip._live.tops.size
    full.render(snapshot(run=2, layers=answer()))
    assert not full._strip._live.tops.size


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("size", [(300, 120), (600, 300), (1200, 800)])
def test_every_size_and_look_is_painted(full: LayersPanel, theme: Any, size: tuple[int, int]) -> None:
    image = QImage(*size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    full.plots()[0].draw(painter, QRectF(0, 0, *size), theme)
    painter.end()
    wanted = theme.color("quantity.activations").rgb()
    assert any(image.pixel(x, y) == wanted for x in range(size[0]) for y in range(0, size[1], 2))


def test_shares_are_round_only_where_they_are_exact() -> None:
    assert [share_text(*pair) for pair in ((0, 9), (1, 10_000), (9_999, 10_000), (5, 5))] == [
        "0%",
        "<0.1%",
        ">99.9%",
        "100%",
    ]
    assert len(cells_table(()).columns["count"]) == 0


def test_the_menu_of_a_cell_exports_like_the_menu_of_the_panel(qtbot: QtBot, full: LayersPanel) -> None:
    with qtbot.waitSignal(full.exportRequested) as wished:
        full._menu(("dense 1", "weights")).actions()[-1].trigger()
    assert wished.args == [full.plots()[0]]


@pytest.mark.parametrize("width", [84, 100, 300])
def test_titles_of_columns_are_written_out_in_a_smaller_font_where_there_is_less_room(width: int) -> None:
    titles = ["Activations", "Gradients", "Weights"]
    font = title_font(titles, width, dataclasses.replace(LIGHT, scale=1.25))
    assert all(QFontMetricsF(font).horizontalAdvance(title) <= width for title in titles)


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (-1.0, 1.0, ["−1", "1", "0"]),
        (-0.001, 0.001, ["±0.001"]),
        (-300_000.0, 200_000.0, ["−3e5…2e5"]),
        (-300_000.0, 20.0, ["−3e5…20"]),
        (-15_000.0, 25_000.0, ["2.5e4", "0"]),
        (-25_000.0, 15_000.0, ["−2.5e4"]),
    ],
)
def test_the_ends_of_a_range_stay_inside_their_cell_and_both_are_said_where_there_is_room(
    low: float, high: float, texts: list[str]
) -> None:
    one, bars = histogram(np.array([0.0], np.float32), Bins(low, high)), QRectF(0, 0, 60, 40)
    metrics = QFontMetricsF(LIGHT.font(7.5))
    found = range_labels(one, bars, bars, metrics)
    assert [text for _x, text in found] == texts
    assert all(x >= 0 and x + metrics.horizontalAdvance(text) <= 60 + 8 for x, text in found)


def test_names_of_layers_are_written_out_where_there_is_little_room() -> None:
    infos = tuple(LayerInfo(f"max_pool2d {n}", "max_pool2d", n, (8, 8, 4), 0, 0) for n in (1, 2, 3))
    rows = (LayerRow(info.name, {}, float("nan"), np.zeros((0, 2)), float("nan")) for info in infos)
    content = StripContent(answer_of(*rows), infos, False, frozenset(), "outputs")
    image = QImage(552, 600, QImage.Format.Format_RGB32)
    painter = TextRecorder(image)
    ChromePainter().paint(
        painter, content, content.layout(QRectF(image.rect()), dataclasses.replace(LIGHT, scale=1.25))
    )
    painter.end()
    written = [text for text, _box in painter.texts]
    assert [layer_title(info) for info in infos] == [text for text in written if text.startswith("Max")]


def test_a_frozen_layer_has_a_lock_where_others_have_an_update_ratio(panel: LayersPanel, tmp_path) -> None:
    plain = answer()
    frozen = dataclasses.replace(plain, frozen=np.array([True, False, False]))
    for shown, count in ((plain, 0), (frozen, 1)):
        panel.render(snapshot(layers=shown))
        generator = QSvgGenerator()
        generator.setFileName(str(tmp_path / "strip.svg"))
        painter = QPainter(generator)
        panel.plots()[0].draw(painter, QRectF(0, 0, 900, 600), LIGHT)
        painter.end()
        assert (tmp_path / "strip.svg").read_text("utf-8").count(">frozen<") == count


def test_a_layer_that_hardly_any_gradient_reaches_is_told(full: LayersPanel) -> None:
    plain = full._strip._content.answer
    assert not any(vanishing(plain))
    first, *others = plain.rows
    gradients = first.cells["gradients"]
    faint = dataclasses.replace(gradients, now=dataclasses.replace(gradients.now, sd=VANISHED * gradients.now.sd / 2))
    first = dataclasses.replace(first, cells={**first.cells, "gradients": faint})
    assert vanishing(answer_of(first, *others)) == [True, False, False]


def test_a_gradient_that_grows_on_its_way_back_vanishes_nowhere(full: LayersPanel) -> None:
    *others, last = full._strip._content.answer.rows
    gradients = last.cells["gradients"]
    faint = dataclasses.replace(gradients, now=dataclasses.replace(gradients.now, sd=VANISHED * gradients.now.sd / 2))
    last = dataclasses.replace(last, cells={**last.cells, "gradients": faint})
    assert not any(vanishing(answer_of(*others, last)))
