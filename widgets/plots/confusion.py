"""The confusion matrix: which class is taken for which. Counts in the cells, colour by the share of the true class."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array
from simulations.probes.answers import ConfusionAnswer
from widgets.plot import Table
from widgets.plots.colormap import mix, readable_on
from widgets.plots.picture import Picture, draw_empty, metrics
from widgets.text import _
from widgets.theme import Look, Theme

_FONT_PT = 8.5
_TINT = 0.1  # of the colour, for a cell with a single sample: one mistake in a thousand must still be seen


def row_shares(matrix: Array) -> Array:
    """Each count over its row's sum; a class without samples has zeros."""
    totals = matrix.sum(axis=1, keepdims=True)
    shares: Array = np.divide(matrix, totals, out=np.zeros(matrix.shape), where=totals > 0)
    return shares


def accuracy(matrix: Array) -> float:
    """The share of all samples on the diagonal; nan when there are none."""
    total = int(matrix.sum())
    return float(np.trace(matrix)) / total if total else float("nan")


def cell_color(theme: Theme, share: float, *, is_right: bool) -> QColor:
    """The ground of a cell with this share of its row; an empty cell has the panel's."""
    strength = _TINT + (1 - _TINT) * share if share else 0.0
    return mix(theme.color("panel"), theme.color("state.good" if is_right else "state.bad"), strength)


class ConfusionView(Picture):
    """Draws a :class:`ConfusionAnswer`."""

    plot_id = "confusion"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: ConfusionAnswer | None = None
        self.retranslate()

    def show_answer(self, answer: ConfusionAnswer | None) -> None:
        """Draw ``answer`` from now on; cheap when its counts are the ones already drawn."""
        old, self._answer = self._answer, answer
        if answer is old:
            return
        unchanged = (
            answer is not None
            and old is not None
            and answer.class_names == old.class_names
            and np.array_equal(answer.matrix, old.matrix)
        )
        if not unchanged:
            self.refresh()

    def has_answer(self) -> bool:
        """Whether there is something to draw or export."""
        return self._answer is not None

    def plot_title(self) -> str:
        return _("Confusion matrix")

    def table(self) -> Table:
        """A row per cell."""
        if self._answer is None:
            return Table({})
        names = np.array([_(name) for name in self._answer.class_names])
        truth, said = np.meshgrid(names, names, indexing="ij")
        return Table({
            "true class": truth.ravel(),
            "predicted class": said.ravel(),
            "samples": self._answer.matrix.ravel(),
            "share of the true class": row_shares(self._answer.matrix).ravel(),
        })  # fmt: skip

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self._answer is None:
            draw_empty(painter, rect, theme, _("The matrix appears as soon as the network has been asked."))
            return
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        painter.setFont(theme.font(_FONT_PT))
        square = self._square(painter, rect, theme)
        self._draw_cells(painter, square, theme)
        self._draw_labels(painter, square, rect, theme)
        painter.restore()

    def text_at(self, position: QPointF) -> str:
        if self._answer is None:
            return ""
        painter = QPainter(self._kept or QPixmap(1, 1))
        painter.setFont(self.look.theme.font(_FONT_PT))
        square = self._square(painter, QRectF(self.rect()), self.look.theme)
        painter.end()
        names, matrix = self._answer.class_names, self._answer.matrix
        cell_width, cell_height = square.width() / len(names), square.height() / len(names)
        column = int((position.x() - square.left()) // cell_width)
        row = int((position.y() - square.top()) // cell_height)
        if not (0 <= row < len(names) and column < len(names)):
            return ""
        total, hits = int(matrix[row].sum()), int(matrix[row, row])
        recall = f"{hits / total:.1%}" if total else "–"
        if column < 0:
            return _("class {name}: recall {recall} ({hits} of {total})").format(
                name=_(names[row]), recall=recall, hits=hits, total=total
            )
        return _(
            "true {truth}, predicted {prediction}: {count} of {total} samples; recall of {truth}: {recall}"
        ).format(
            truth=_(names[row]),
            prediction=_(names[column]),
            count=int(matrix[row, column]),
            total=total,
            recall=recall,
        )

    def _square(self, painter: QPainter, rect: QRectF, theme: Theme) -> QRectF:
        """The cells' rectangle: as large as the labels allow, cells at most twice as wide as high."""
        assert self._answer is not None
        text, gap = metrics(painter), theme.px(6)
        longest = max(text.horizontalAdvance(_(name)) for name in self._answer.class_names)
        left = text.height() + min(longest, rect.width() / 4) + 2.5 * gap
        free = rect.adjusted(left, 2.2 * text.height() + gap, -2 * gap, -text.height() - 2 * gap)
        width = min(free.width(), 2 * free.height())
        height = min(free.height(), width)
        x = free.left() + max(0.0, (free.width() - width - left / 2) / 2)
        return QRectF(x, free.top() + max(0.0, (free.height() - height) / 2), width, height)

    def _draw_cells(self, painter: QPainter, square: QRectF, theme: Theme) -> None:
        assert self._answer is not None
        matrix, shares = self._answer.matrix, row_shares(self._answer.matrix)
        k = len(matrix)
        width, height = square.width() / k, square.height() / k
        text = metrics(painter)
        faint = theme.color("text.secondary", 0.55)  # nothing there, and not forgotten
        fits = text.horizontalAdvance(str(int(matrix.max()))) <= width - 2 and text.height() <= height
        for i in range(k):
            for j in range(k):
                cell = QRectF(square.left() + j * width, square.top() + i * height, width, height)
                color = cell_color(theme, float(shares[i, j]), is_right=i == j)
                painter.fillRect(cell, color)
                if fits:
                    painter.setPen(readable_on(color) if matrix[i, j] else faint)
                    painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(int(matrix[i, j])))
        painter.setPen(theme.pen("border"))
        for i in range(k + 1):
            x, y = square.left() + i * width, square.top() + i * height
            painter.drawLine(QPointF(x, square.top()), QPointF(x, square.bottom()))
            painter.drawLine(QPointF(square.left(), y), QPointF(square.right(), y))

    def _draw_labels(self, painter: QPainter, square: QRectF, rect: QRectF, theme: Theme) -> None:
        assert self._answer is not None
        names, text, gap = self._answer.class_names, metrics(painter), theme.px(6)
        width, height = square.width() / len(names), square.height() / len(names)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        middle = Qt.AlignmentFlag.AlignCenter
        painter.setPen(theme.color("text.secondary"))
        stride = max(1, -(-int(text.height()) // max(1, int(height))))
        room = square.left() - rect.left() - text.height() - 2 * gap
        for i in range(0, len(names), stride):
            y = square.top() + i * height
            row = text.elidedText(_(names[i]), Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(square.left() - gap - room, y, room, height), right, row)
            x = square.left() + i * width
            above = QRectF(x, square.top() - text.height() - 2, width * stride, text.height())
            column = text.elidedText(_(names[i]), Qt.TextElideMode.ElideRight, width * stride - 2)
            painter.drawText(above, middle if stride == 1 else Qt.AlignmentFlag.AlignLeft, column)
        painter.setPen(theme.color("text"))
        top = QRectF(square.left(), square.top() - 2.1 * text.height() - 2, square.width(), text.height())
        painter.drawText(top, middle, _("predicted class"))
        painter.save()
        widest = min(room, max(text.horizontalAdvance(_(name)) for name in names))
        painter.translate(square.left() - 2 * gap - widest - text.height(), square.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-100, 0, 200, text.height()), middle, _("true class"))
        painter.restore()
        share = accuracy(self._answer.matrix)
        words = _("accuracy {accuracy} ({count} samples)").format(
            accuracy=f"{share:.1%}", count=int(self._answer.matrix.sum())
        )
        below = QRectF(rect.left(), square.bottom() + gap / 2, rect.width(), text.height() + gap)
        painter.drawText(below, middle, words)
