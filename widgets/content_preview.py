"""The first samples of a file as they will be read: pictures with their class, or rows of numbers with their target."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from simulations.data.files.content import Content
from widgets.plot import Table
from widgets.plots.colormap import image_of
from widgets.plots.picture import Picture, draw_empty
from widgets.text import _
from widgets.theme import Look, Theme
from widgets.view import View

_ROWS: Final = 200
_PICTURES: Final = 60
_COLUMNS: Final = 60
_SIDE_PX: Final = 64
_GAP_PX: Final = 8


class ContentPreview(View):
    """Shows a :class:`Content`, or a sentence while there is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.sheet = _Sheet(look, self)
        self.model = _Rows(self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setAlternatingRowColors(True)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.sheet)
        self.pages.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.setMinimumSize(320, 240)
        self.retranslate()
        self.retheme()

    def show_content(self, content: Content | None) -> None:
        """Show the first samples of ``content`` from now on."""
        is_table = content is not None and content.inputs.ndim != 4
        self.model.show_content(content if is_table else None)
        self.sheet.show_content(None if is_table else content)
        self.pages.setCurrentWidget(self.table if is_table else self.sheet)
        if is_table:
            self.table.resizeColumnsToContents()

    def sizeHint(self) -> QSize:
        return QSize(560, 420)

    def retranslate(self) -> None:
        self.setAccessibleName(_("Preview"))
        self.table.setAccessibleName(_("The first samples as they are read"))

    def retheme(self) -> None:
        font = self.look.theme.font(9)
        self.table.setFont(font)
        self.table.verticalHeader().setDefaultSectionSize(self.table.fontMetrics().height() + 6)


class _Rows(QAbstractTableModel):
    """A row a sample: its inputs under their names, its target last."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._rows: list[list[str]] = []

    def show_content(self, content: Content | None) -> None:
        self.beginResetModel()
        self._names, self._rows = ([], []) if content is None else _cells(content)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(self._names)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._names[section] if orientation == Qt.Orientation.Horizontal else section + 1


def _cells(content: Content) -> tuple[list[str], list[list[str]]]:
    """The heads and the texts of the first samples."""
    inputs = content.inputs[:_ROWS].reshape(min(_ROWS, len(content.inputs)), -1)
    width = content.inputs.shape[-1]
    features = content.features or tuple(f"x{i + 1}" for i in range(width))
    if content.inputs.ndim == 3:
        features = tuple(f"{name} [{t + 1}]" for t in range(content.inputs.shape[1]) for name in features)
    shown = list(features[:_COLUMNS])
    more = ["…"] if len(features) > _COLUMNS else []
    names = content.wanted.names
    if content.wanted.kind == "classes":
        answers = [[names[code]] for code in content.targets[:_ROWS]]
        heads = [_("→ class")]
    else:
        answers = [[_number(value) for value in row] for row in content.targets[:_ROWS]]
        heads = [_("→ {name}").format(name=name) for name in names]
    rows = [[_number(value) for value in row[:_COLUMNS]] + more for row in inputs]
    return [*shown, *more, *heads], [[*row, *answer] for row, answer in zip(rows, answers, strict=True)]


def _number(value: Any) -> str:
    return "–" if np.isnan(value) else f"{float(value):.6g}"


class _Sheet(Picture):
    """The first pictures in a grid, each over its class; without any, the reason."""

    plot_id = "preview"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._images: list[QImage] = []
        self._captions: list[str] = []
        self.retranslate()

    def show_content(self, content: Content | None) -> None:
        self._images, self._captions = [], []
        if content is not None:
            first = content.inputs[:_PICTURES].astype(np.float64)
            low, high = float(first.min()), float(first.max())
            self._images = [image_of((one - low) / max(high - low, 1e-12) * 255) for one in first]
            names, targets = content.wanted.names, content.targets[:_PICTURES]
            is_class = content.wanted.kind == "classes"
            self._captions = [names[one] if is_class else _number(one[0]) for one in targets]
        self.refresh()

    def plot_title(self) -> str:
        return _("The first samples as they are read")

    def table(self) -> Table:
        return Table({"class": np.array(self._captions)})

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if not self._images:
            draw_empty(painter, rect, theme, _("The first samples appear here as they will be read."))
            return
        painter.fillRect(rect, theme.color("panel"))
        painter.setFont(theme.font(8.5))
        side, gap = theme.px(_SIDE_PX), theme.px(_GAP_PX)
        line = theme.px(16)
        columns = max(1, int((rect.width() - gap) // (side + gap)))
        left = rect.left() + (rect.width() - columns * (side + gap) + gap) / 2
        for i, (image, caption) in enumerate(zip(self._images, self._captions, strict=True)):
            row, column = divmod(i, columns)
            tile = QRectF(left + column * (side + gap), rect.top() + gap + row * (side + line), side, side)
            if tile.bottom() + line > rect.bottom():
                break
            painter.drawImage(tile.adjusted(1, 1, -1, -1), image)
            painter.setPen(theme.pen("border"))
            painter.drawRect(tile)
            painter.setPen(theme.color("text"))
            under = QRectF(tile.left() - gap / 2, tile.bottom(), side + gap, line)
            text = painter.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideRight, int(under.width()))
            painter.drawText(under, Qt.AlignmentFlag.AlignCenter, text)
