"""The field of points drawn by hand: a button for each class, a rubber, and the surface to draw on."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from simulations.core.params import Hyperparameter
from simulations.core.text import N_
from simulations.data.drawn import MOST_CLASSES, MOST_POINTS
from simulations.data.toy import letters
from widgets.forms.controls import Button, ToolButton
from widgets.forms.fields import Field
from widgets.forms.note import Note
from widgets.forms.points_canvas import PointsCanvas
from widgets.plots.boundary_marks import draw_mark
from widgets.text import _
from widgets.theme import Look

_ICON_PX = 16


class PointsField(Field):
    """A click or a drag paints points of the chosen class, the right button or the rubber erases; each gesture is one step
    to undo. How many classes there are is another field of the same configuration."""

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, declared, parent)
        self._what: str = N_("Draw points")
        self.classes = [ToolButton(self) for _k in range(MOST_CLASSES)]
        self.rubber = ToolButton(self)
        self.clear = Button(self)
        self.canvas = PointsCanvas(look, self)
        self.hint = Note(look, parent=self)
        for button in (*self.classes, self.rubber):
            button.setCheckable(True)
        self.classes[0].setChecked(True)
        self._arrange()
        for button in self.classes:
            button.clicked.connect(self._on_class_clicked)
        self.rubber.clicked.connect(self._on_rubber_clicked)
        self.clear.clicked.connect(self._on_clear_clicked)
        self.canvas.edited.connect(self._on_drawn)
        self.canvas.classChosen.connect(self._choose)
        self.show_context(None)
        self.retranslate()
        self.retheme()

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for button in (*self.classes, self.rubber):
            tools.addWidget(button)
        tools.addStretch(1)
        tools.addWidget(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addLayout(tools)
        column.addWidget(self.canvas)
        column.addWidget(self.hint)
        self.label.setBuddy(self.canvas)

    def value(self) -> Any:
        return self.canvas.points

    def set_value(self, value: Any) -> None:
        self.canvas.show_points(value, self.canvas.classes)
        self.clear.setEnabled(len(value) > 0)

    def show_context(self, config: Any) -> None:
        count = int(getattr(config, "classes", 2))
        for k, button in enumerate(self.classes):
            button.setVisible(k < count)
        self.canvas.show_points(self.canvas.points, count)
        if self.canvas.chosen >= count:
            self._choose(0)

    def is_touched(self) -> bool:
        return self.canvas.is_touched()

    def last_edit(self) -> tuple[str, str]:
        return f"#{self.canvas.stroke}", self._what

    def retranslate(self) -> None:
        super().retranslate()
        for name, button in zip(letters(MOST_CLASSES), self.classes, strict=True):
            text = _("Paint class {name}").format(name=name)
            button.setAccessibleName(text)
            button.setToolTip(text)
        self.rubber.setText(_("Rubber"))
        self.rubber.setToolTip(_("Erase around the pointer; the right mouse button does so at any time."))
        self.clear.setText(_("Clear"))
        self.clear.setToolTip(_("Take all points away; undo brings them back."))
        self.hint.setText(
            _("Click or drag to paint, right button to erase. Keys: arrows, Space paints, Del erases, digits choose.")
        )
        self.canvas.retranslate()
        self.canvas.setToolTip(_("At most {most} points.").format(most=MOST_POINTS))

    def retheme(self) -> None:
        for k, button in enumerate(self.classes):
            button.setIcon(self._icon(k))

    def _icon(self, k: int) -> QIcon:
        theme, ratio = self.look.theme, self.devicePixelRatioF()
        side = theme.px(_ICON_PX)
        picture = QPixmap(round(side * ratio), round(side * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_mark(painter, QPointF(side / 2, side / 2), theme, k, 5.0 * theme.scale, hollow=False)
        painter.end()
        return QIcon(picture)

    def _choose(self, k: int) -> None:
        self.canvas.chosen, self.canvas.erases = k, False
        for index, button in enumerate(self.classes):
            button.setChecked(index == k)
        self.rubber.setChecked(False)

    def _on_class_clicked(self) -> None:
        self._choose(next(k for k, button in enumerate(self.classes) if button is self.sender()))

    def _on_rubber_clicked(self) -> None:
        self.canvas.erases = True
        for button in self.classes:
            button.setChecked(False)
        self.rubber.setChecked(True)

    def _on_clear_clicked(self) -> None:
        self._what = N_("Clear all points")
        self.canvas.clear()

    def _on_drawn(self, points: Any) -> None:
        if len(points):
            self._what = N_("Draw points")
        self.clear.setEnabled(len(points) > 0)
        self.edited.emit(points)
