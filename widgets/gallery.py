"""The gallery of presets: a thumbnail, a title and one sentence for each; an experiment's thumbnail is data and network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from simulations.core.arrays import Array
from simulations.core.errors import GradLabError
from simulations.core.rng import stream
from simulations.data.base import Dataset
from simulations.documents.presets import Preset, load_preset, preset_names
from simulations.nn.description import describe
from widgets.panel import OpenPreset
from widgets.plots.boundary_marks import draw_marks, draw_valued
from widgets.plots.colormap import polygon
from widgets.plots.image_tiles import grey_or_rgb
from widgets.plots.scatter import value_colors, value_range
from widgets.text import _
from widgets.theme import Look, Theme
from widgets.view import View

_POINTS: Final = 240  # enough to see a shape in a thumbnail
_IMAGES_A_SIDE: Final = 4
_LINES: Final = 4
_PRESET = Qt.ItemDataRole.UserRole


class Introduced(Protocol):
    """What can stand in a gallery. ``title`` and ``sentence`` are marked with ``N_``."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def sentence(self) -> str: ...


Drawer: TypeAlias = Callable[[QPainter, QRectF, Theme, Any], None]


@dataclass(frozen=True)
class Stock:
    """What a gallery shows: the presets, and how the thumbnail of one is drawn."""

    presets: Sequence[Introduced]
    draw: Drawer


class Gallery(View):
    """Arrow keys choose, Enter or a click opens: ``commandRequested`` carries :class:`OpenPreset`."""

    commandRequested = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None, stock: Stock | None = None) -> None:
        super().__init__(look, parent)
        self._model = QStandardItemModel(self)
        stock = stock or Stock([load_preset(name) for name in preset_names()], draw_preset)
        for preset in stock.presets:
            item = QStandardItem()
            item.setEditable(False)
            item.setData(preset, _PRESET)
            self._model.appendRow(item)
        self._delegate = _PresetDelegate(look, stock.draw, self)
        self.list = QListView(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(self._delegate)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setCurrentIndex(self._model.index(0, 0))
        self.setFocusProxy(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.list.clicked.connect(self._on_chosen)
        self.retranslate()

    def retranslate(self) -> None:
        self.list.setAccessibleName(_("Presets"))
        for row in range(self._model.rowCount()):
            item = self._model.item(row)
            preset: Introduced = item.data(_PRESET)
            item.setText(_(preset.title))
            item.setData(_(preset.sentence), Qt.ItemDataRole.AccessibleDescriptionRole)

    def retheme(self) -> None:
        self._delegate.forget()
        self._model.layoutChanged.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_chosen(self.list.currentIndex())
        else:
            super().keyPressEvent(event)

    def _on_chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            preset: Introduced = index.data(_PRESET)
            self.commandRequested.emit(OpenPreset(preset.name))


class _PresetDelegate(QStyledItemDelegate):
    """Paints one preset; its thumbnail is drawn once for each look."""

    def __init__(self, look: Look, draw: Drawer, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._draw = draw
        self._pictures: dict[str, QPixmap] = {}

    def forget(self) -> None:
        self._pictures.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        theme = self._look.theme
        return QSize(theme.px(400), theme.px(96))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, preset = self._look.theme, index.data(_PRESET)
        rect = QRect(option.rect).adjusted(theme.px(8), theme.px(4), -theme.px(8), -theme.px(4))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(theme.pen("accent" if is_selected or is_hovered else "border"))
        painter.setBrush(theme.brush("selection" if is_selected else "panel"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        size = QSize(theme.px(168), rect.height() - theme.px(12))
        painter.drawPixmap(rect.left() + theme.px(6), rect.top() + theme.px(6), self._picture(preset, size, painter))
        words = rect.adjusted(theme.px(186), theme.px(10), -theme.px(10), -theme.px(6))
        painter.setFont(theme.font(11, bold=True))
        painter.setPen(theme.color("text"))
        painter.drawText(words, Qt.AlignmentFlag.AlignTop, _(preset.title))
        words.setTop(words.top() + QFontMetrics(painter.font()).height() + theme.px(4))
        painter.setFont(theme.font(9.5))
        painter.setPen(theme.color("text.secondary"))
        painter.drawText(words, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, _(preset.sentence))
        painter.restore()

    def _picture(self, preset: Introduced, size: QSize, painter: QPainter) -> QPixmap:
        ratio = painter.device().devicePixelRatio()
        kept = self._pictures.get(preset.name)
        if kept is None or kept.size() != size * ratio:
            kept = QPixmap(size * ratio)
            kept.setDevicePixelRatio(ratio)
            kept.fill(Qt.GlobalColor.transparent)  # it lies on what is selected, too
            inner = QPainter(kept)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(inner, QRectF(0, 0, size.width(), size.height()), self._look.theme, preset)
            inner.end()
            self._pictures[preset.name] = kept
        return kept


def draw_preset(painter: QPainter, rect: QRectF, theme: Theme, preset: Preset) -> None:
    """The thumbnail: the samples at the left, the network at the right."""
    side = min(rect.height(), rect.width() / 2)
    _draw_data(painter, QRectF(rect.left(), rect.top(), side, side), theme, preset)
    _draw_network(painter, rect.adjusted(side + theme.px(10), 0, -theme.px(2), 0), theme, preset)


def _draw_data(painter: QPainter, box: QRectF, theme: Theme, preset: Preset) -> None:
    source = preset.spec.data.source
    try:
        dataset = source.generate(stream(preset.spec.seed, "data"))
    except GradLabError:
        return  # the sentence beside it still says what the preset is
    if source.picture == "images":
        _draw_images(painter, box, dataset.inputs[: _IMAGES_A_SIDE**2])
    elif source.picture == "sequences":
        _draw_lines(painter, box.adjusted(4, 4, -4, -4), theme, dataset.inputs[:_LINES, :, 0])
    else:
        _draw_points(painter, box.adjusted(4, 4, -4, -4), theme, dataset)


def _draw_images(painter: QPainter, box: QRectF, images: Array) -> None:
    cell = box.width() / _IMAGES_A_SIDE
    for i, image in enumerate(grey_or_rgb(images)):
        row, column = divmod(i, _IMAGES_A_SIDE)
        place = QRectF(box.left() + column * cell, box.top() + row * cell, cell, cell)
        painter.drawImage(place.adjusted(1, 1, -1, -1), image)


def _draw_lines(painter: QPainter, box: QRectF, theme: Theme, series: Array) -> None:
    """A few sequences below each other, on one scale."""
    low, high = value_range(series)
    height = box.height() / len(series)
    x = np.linspace(box.left(), box.right(), series.shape[1])
    painter.setPen(theme.pen("series.train", 1.2))
    for i, values in enumerate(series):
        y = box.top() + (i + 1) * height - 2 - (values - low) / (high - low) * (height - 4)
        painter.drawPolyline(polygon(np.stack([x, y], axis=1)))


def _draw_points(painter: QPainter, box: QRectF, theme: Theme, dataset: Dataset) -> None:
    """Two features, coloured by class or value; one feature against its target."""
    inputs, targets = dataset.inputs[:_POINTS], dataset.targets[:_POINTS]
    plain = np.zeros(len(inputs), dtype=bool)
    is_values = dataset.kind == "values"
    values = targets[:, 0] if is_values else targets
    points = np.stack([inputs[:, 0], values], axis=1) if inputs.shape[1] == 1 else inputs[:, :2]
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = (points - low) / np.maximum(high - low, 1e-12)
    places = np.stack([box.left() + scaled[:, 0] * box.width(), box.bottom() - scaled[:, 1] * box.height()], axis=1)
    if is_values and inputs.shape[1] > 1:
        draw_valued(painter, places, value_colors(values, value_range(values)), plain, theme, 1.9 * theme.scale)
    else:
        classes = np.zeros(len(points), int) if is_values else targets
        draw_marks(painter, places, classes, plain, theme, 1.9 * theme.scale)


def _draw_network(painter: QPainter, box: QRectF, theme: Theme, preset: Preset) -> None:
    """A bar per layer, as tall as the logarithm of its number of outputs; layers that learn are filled."""
    source = preset.spec.data.source
    layers = describe(preset.spec.layers, source.input_shape).layers
    if not layers:
        return
    sizes = np.log1p([float(np.prod(layer.output_shape)) for layer in layers])
    heights = box.height() * (0.15 + 0.8 * sizes / sizes.max())
    pitch = box.width() / len(layers)
    width = max(2.0, min(pitch * 0.6, theme.px(10)))
    painter.setPen(theme.pen("border"))
    middle = box.center().y()
    painter.drawLine(round(box.left()), round(middle), round(box.right()), round(middle))
    for i, (layer, height) in enumerate(zip(layers, heights, strict=True)):
        bar = QRectF(box.left() + (i + 0.5) * pitch - width / 2, middle - height / 2, width, height)
        painter.setPen(theme.pen("quantity.weights" if layer.parameter_count else "quantity.activations"))
        painter.setBrush(theme.brush("quantity.weights") if layer.parameter_count else theme.brush("panel"))
        painter.drawRoundedRect(bar, 1.5, 1.5)
