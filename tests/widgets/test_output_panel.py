"""The Output panel: it shows what the network said, the right way up, and asks only for what it shows."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from simulations.data.digits import Digits
from simulations.data.toy import XOR
from simulations.probes.answers import BoundaryAnswer, ConfusionAnswer, SamplesAnswer
from simulations.probes.boundary import Boundary
from simulations.probes.confusion import Confusion
from simulations.probes.samples import Samples
from widgets.panels.train.output import OutputPanel
from widgets.plots.boundary import BoundaryView, blended, boundary_lines
from widgets.plots.colormap import blend_classes, contrast, image_of, mix, polygon, readable_on
from widgets.plots.confusion import ConfusionView, accuracy, cell_color, row_shares
from widgets.plots.image_grid import ImageGrid, grid_in
from widgets.plots.keys import class_key
from widgets.plots.plane_frame import frame_in
from widgets.theme import DARK, LIGHT, Look

EXTENT = (-2.0, 2.0, -1.0, 1.0)
RNG = np.random.default_rng(0)


def boundary(classes: int = 2, size: int = 21) -> BoundaryAnswer:
    """A plane whose class is decided by y: the lower half class 0."""
    x, y = np.meshgrid(np.linspace(-2, 2, size), np.linspace(-1, 1, size))
    scores = np.stack([-5 * y, 5 * y, *[np.full_like(x, -9.0)] * (classes - 2)], axis=-1)
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    points = RNG.uniform(-1, 1, (30, 2))
    names = tuple(f"class {k}" for k in range(classes))
    return BoundaryAnswer(1, probabilities, EXTENT, points, (points[:, 1] > 0).astype(int), RNG.random(30) < 0.3, names)


def samples(wrong: int = 2) -> SamplesAnswer:
    targets = np.arange(12) % 3
    predictions = targets.copy()
    predictions[:wrong] = (predictions[:wrong] + 1) % 3
    return SamplesAnswer(1, RNG.random((12, 4, 4, 1)), targets, predictions, RNG.random(12), ("a", "b", "c"))


MATRIX = np.array([[8, 2, 0], [1, 9, 0], [0, 0, 0]])
CONFUSION = ConfusionAnswer(1, MATRIX, ("a", "b", "c"))


SOURCES = {"points": XOR(), "images": Digits()}


def snapshot(picture: str, status: str = "paused", **answers: Any) -> Any:
    return SimpleNamespace(
        status=status,
        spec=SimpleNamespace(data=SimpleNamespace(source=SOURCES[picture])),
        probes=answers,
    )


@pytest.fixture
def panel(qtbot: QtBot) -> OutputPanel:
    made = OutputPanel(Look(LIGHT))
    qtbot.addWidget(made)
    for widget in made.header_widgets():
        qtbot.addWidget(widget)
    made.resize(400, 300)
    made.show()
    return made


def painted(view: Any, width: int = 400, height: int = 300, theme: Any = LIGHT) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    view.draw(painter, QRectF(0, 0, width, height), theme)
    painter.end()
    return image


# ---- the panel -------------------------------------------------------------------------------------------------------


def test_it_asks_only_for_the_view_it_shows(panel: OutputPanel, qtbot: QtBot) -> None:
    assert panel.probes() == (Samples(),)
    switch: Any = panel.header_widgets()[1]
    with qtbot.waitSignal(panel.probesChanged):
        qtbot.mouseClick(switch.button("confusion"), Qt.MouseButton.LeftButton)
    assert panel.probes() == (Confusion(),)


def test_points_bring_the_boundary(panel: OutputPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.probesChanged):
        panel.render(snapshot("points"))
    assert panel.probes() == (Boundary(),)
    panel.render(snapshot("points", boundary=boundary()))
    assert [plot.plot_id for plot in panel.plots()] == ["boundary"]


def test_wrong_first_is_a_question_to_the_probe(panel: OutputPanel, qtbot: QtBot) -> None:
    box: Any = panel.header_widgets()[0]
    with qtbot.waitSignal(panel.probesChanged):
        box.click()
    assert panel.probes() == (Samples(wrong_first=True),)


def test_the_choice_is_kept_for_each_kind_of_data(panel: OutputPanel) -> None:
    panel._on_view_chosen("confusion")
    panel.render(snapshot("points"))
    assert panel.probes() == (Boundary(),)
    panel.render(snapshot("images"))
    assert panel.probes() == (Confusion(),)


def test_nothing_measured_is_nothing_to_export(panel: OutputPanel) -> None:
    panel.render(snapshot("images"))
    assert panel.plots() == ()


@pytest.mark.parametrize("make", [BoundaryView, ImageGrid, ConfusionView])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_an_empty_view_says_why(qtbot: QtBot, make: Any, theme: Any) -> None:
    view = make(Look(theme))
    qtbot.addWidget(view)
    image = painted(view, theme=theme)
    assert len({image.pixel(x, 150) for x in range(400)} | {image.pixel(x, 145) for x in range(400)}) > 2


# ---- decision boundary -----------------------------------------------------------------------------------------------


def test_the_lowest_row_is_painted_at_the_bottom() -> None:
    image = blended(boundary(), LIGHT)
    low, high = QColor(image.pixel(10, 20)), QColor(image.pixel(10, 0))
    ground = LIGHT.color("panel")
    assert low == mix(ground, LIGHT.class_color(0), 0.42)
    assert high.red() > high.blue()  # class 1 is vermilion


def test_the_line_runs_where_the_classes_are_equally_probable() -> None:
    (line,) = boundary_lines(boundary().probabilities, EXTENT)
    np.testing.assert_allclose(line[:, 1], 0, atol=1e-9)
    assert {line[0, 0], line[-1, 0]} == {-2.0, 2.0}


def test_three_classes_have_a_line_between_each_two() -> None:
    x, y = np.meshgrid(np.linspace(-2, 2, 41), np.linspace(-1, 1, 41))
    directions = [(np.cos(a), np.sin(a)) for a in (0.3, 2.4, 4.5)]
    scores = np.stack([x * c + y * s for c, s in directions], axis=-1) * 4
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    points = np.concatenate(boundary_lines(probabilities, EXTENT))
    values = np.stack([points @ np.array(d) for d in directions], axis=-1)
    first_two = np.sort(values, axis=1)[:, -2:]
    assert np.abs(np.diff(first_two, axis=1)).max() < 0.05
    pairs = {tuple(sorted(row)) for row in np.argsort(values, axis=1)[:, -2:].tolist()}
    assert pairs == {(0, 1), (0, 2), (1, 2)}


def test_numbers_that_are_not_finite_leave_the_ground() -> None:
    probabilities = np.full((4, 4, 2), np.nan)
    assert boundary_lines(probabilities, EXTENT) == []
    image = blend_classes(probabilities, [QColor("red"), QColor("blue")], QColor("white"), 1.0)
    assert QColor(image.pixel(1, 1)) == QColor("white")


@pytest.mark.parametrize(("width", "height"), [(300, 220), (900, 600), (220, 420)])
def test_both_axes_have_the_same_scale_and_everything_fits(width: int, height: int) -> None:
    painter = QPainter(image := QImage(width, height, QImage.Format.Format_RGB32))
    frame = frame_in(painter, QRectF(image.rect()), LIGHT, EXTENT, class_key(("class 0", "class 1")), ("x₁", "x₂"))
    painter.end()
    assert frame.plane.width() / frame.plane.height() == pytest.approx(2.0)
    assert QRectF(image.rect()).contains(frame.plane)
    assert QRectF(image.rect()).contains(frame.key)
    corners = frame.places(np.array([[-2.0, -1.0], [2.0, 1.0]]))
    np.testing.assert_allclose(corners[0], [frame.plane.left(), frame.plane.bottom()])
    np.testing.assert_allclose(corners[1], [frame.plane.right(), frame.plane.top()])
    assert frame.data_at(QPointF(*corners[1])) == pytest.approx((2.0, 1.0))


def test_the_table_holds_every_grid_point_and_every_sample(panel: OutputPanel) -> None:
    answer = boundary(3)
    panel.render(snapshot("points", boundary=answer))
    columns = panel.plots()[0].table().columns
    is_grid = columns["what"] == "grid"
    assert is_grid.sum() == 21 * 21
    for k in range(3):
        np.testing.assert_array_equal(
            columns[f"probability of class {k}"][is_grid], answer.probabilities[..., k].ravel()
        )
    at = np.flatnonzero(is_grid & np.isclose(columns["x1"], 2.0) & np.isclose(columns["x2"], -1.0))
    assert at.tolist() == [20]  # the first row is the lowest
    np.testing.assert_array_equal(columns["x1"][~is_grid], answer.points[:, 0])
    assert (columns["what"] == "validation").sum() == answer.is_validation.sum()


def test_the_pointer_reads_the_class_under_it(panel: OutputPanel) -> None:
    panel.render(snapshot("points", boundary=boundary()))
    panel.grab()
    view: Any = panel.plots()[0]
    texts = [view.text_at(QPointF(150, y)) for y in (100, 190)]
    assert "class 1" in texts[0]
    assert "class 0" in texts[1]
    assert view.text_at(QPointF(1, 1)) == ""


# ---- samples ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height", "count"), [(300, 220, 60), (900, 600, 60), (500, 400, 3), (60, 60, 60)])
def test_tiles_stay_inside(width: int, height: int, count: int) -> None:
    rect = QRectF(0, 0, width, height)
    grid = grid_in(rect, count, LIGHT, 20)
    shown = min(count, grid.columns * grid.rows)
    tiles = [grid.tile(i) for i in range(shown)]
    assert all(rect.adjusted(-9, -9, 9, 9).contains(tile) for tile in tiles) or width < 100
    assert all(not a.adjusted(1, 1, -1, -1).intersects(b.adjusted(1, 1, -1, -1)) for a, b in pairwise(tiles))


def test_a_wrong_prediction_looks_different_from_a_right_one(panel: OutputPanel) -> None:
    right, wrong = (painted(_showing(panel, samples(n))) for n in (0, 2))
    bad = LIGHT.color("state.bad").rgb()
    assert not _count(right, bad)
    assert _count(wrong, bad) > 50


def test_the_table_of_samples_is_what_is_drawn(panel: OutputPanel) -> None:
    view = _showing(panel, samples(2))
    columns = view.table().columns
    assert len(columns["true class"]) == view.shown()
    assert (columns["true class"] != columns["predicted class"]).sum() == 2


# ---- confusion -------------------------------------------------------------------------------------------------------


def test_shares_are_of_the_true_class() -> None:
    np.testing.assert_allclose(row_shares(MATRIX), [[0.8, 0.2, 0], [0.1, 0.9, 0], [0, 0, 0]])


def test_accuracy_is_the_diagonal() -> None:
    assert accuracy(MATRIX) == pytest.approx(17 / 20)
    assert np.isnan(accuracy(np.zeros((2, 2), int)))


def test_the_pointer_reads_counts_and_recall(panel: OutputPanel) -> None:
    panel._on_view_chosen("confusion")
    panel.render(snapshot("images", confusion=CONFUSION))
    panel.grab()
    view: Any = panel.plots()[0]
    texts = {view.text_at(QPointF(x, y)) for x in range(0, 400, 10) for y in range(0, 300, 10)}
    assert any("true a, predicted b: 2 of 10" in text and "80.0%" in text for text in texts)


def test_the_table_of_confusions_has_a_row_per_cell(panel: OutputPanel) -> None:
    panel._on_view_chosen("confusion")
    panel.render(snapshot("images", confusion=CONFUSION))
    columns = panel.plots()[0].table().columns
    assert columns["samples"].tolist() == MATRIX.ravel().tolist()
    assert columns["true class"][1] == "a"
    assert columns["predicted class"][1] == "b"


# ---- colours ---------------------------------------------------------------------------------------------------------


def test_text_on_any_share_can_be_read() -> None:
    for theme in (LIGHT, DARK):
        for is_right in (True, False):
            for share in np.linspace(0, 1, 11):
                ground = cell_color(theme, float(share), is_right=is_right)
                text = readable_on(ground)
                assert contrast(ground, text) >= 4.5


def test_black_on_white_has_the_highest_contrast() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)


def test_an_image_owns_its_pixels() -> None:
    pixels = np.zeros((2, 3, 1))
    image = image_of(pixels)
    pixels[:] = 255
    assert image.pixelColor(0, 0) == QColor("black")
    assert (image.width(), image.height()) == (3, 2)


def test_a_polygon_has_the_points_it_was_given() -> None:
    points = RNG.normal(size=(7, 2))
    made = polygon(points)
    np.testing.assert_array_equal([(p.x(), p.y()) for p in made], points)
    assert polygon(np.empty((0, 2))).isEmpty()


def _showing(panel: OutputPanel, answer: SamplesAnswer) -> Any:
    panel.render(snapshot("images", samples=answer))
    return panel.plots()[0]


def _columns(panel: OutputPanel) -> Any:
    return panel.plots()[0].table().columns


def _count(image: QImage, rgb: int) -> int:
    return sum(image.pixel(x, y) == rgb for x in range(image.width()) for y in range(image.height()))
