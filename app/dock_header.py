"""The header of a panel's dock: title left, the panel's few controls, help, and the ⋯ menu last.

Where there is no room for the title and all controls, the buttons among the controls fold into the ⋯ menu.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QToolButton, QWidget

from widgets.elided import Elided
from widgets.icons import icon
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

_HEADER_PX = 28
_CONTROL_PX = 24
_ICON_PX = 16
_LEFT_PX, _RIGHT_PX, _SPACING_PX, _AFTER_CONTROLS_PX = 10, 4, 2, 4


class DockHeader(View):
    """28 px: the title, the panel's own controls, help and the ⋯ menu. A drag on it moves the panel."""

    helpRequested = Signal()
    menuRequested = Signal(QPoint)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.title = Elided(self)
        self._places: list[_Place] = []
        self._help = self._button()
        self._help.clicked.connect(self.helpRequested)
        self._menu = self._button()
        self._menu.clicked.connect(self._on_menu_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_LEFT_PX, 0, _RIGHT_PX, 0)
        layout.setSpacing(_SPACING_PX)
        layout.addWidget(self.title, 1)
        layout.addWidget(self._help)
        layout.addWidget(self._menu)
        self.retheme()

    def add_controls(self, controls: tuple[QWidget, ...]) -> None:
        """Put the panel's controls before the help button."""
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        self._places = [_Place(control, self) for control in controls]
        self.retheme()
        for index, place in enumerate(self._places):
            layout.insertWidget(1 + index, place)
        layout.insertSpacing(1 + len(controls), _AFTER_CONTROLS_PX)
        self._fold()

    def set_title(self, title: str) -> None:
        """Show ``title``; empty where a tab says it already."""
        self.title.setText(title)
        self._fold()

    def add_folded(self, menu: QMenu) -> None:
        """Offer what is folded away as entries of ``menu``."""
        folded = [place.control for place in self._places if place.is_wanted() and place.isHidden()]
        for button in folded:
            if isinstance(button, QAbstractButton):
                _add_button(menu, button)
        if folded:
            menu.addSeparator()

    def retheme(self) -> None:
        theme = self.look.theme
        self.title.setFont(theme.font(9.5, bold=True))
        self._help.setIcon(icon("help", self.look, "text.secondary"))
        self._menu.setIcon(icon("more", self.look, "text.secondary"))
        self.setFixedHeight(theme.px(_HEADER_PX))
        for place in self._places:
            place.control.setMaximumHeight(theme.px(_CONTROL_PX))
        controls = [place.control for place in self._places]
        for button in (self._help, self._menu, *controls):
            if isinstance(button, QToolButton):
                button.setIconSize(QSize(theme.px(_ICON_PX), theme.px(_ICON_PX)))

    def sizeHint(self) -> QSize:
        """A dock gives its header the height of this hint, whatever height is fixed."""
        return QSize(super().sizeHint().width(), self.look.theme.px(_HEADER_PX))

    def minimumSizeHint(self) -> QSize:
        """Without the title and with every button folded away."""
        fixed = sum(_taken(place) for place in self._places if not place.can_fold)
        return QSize(self._width_without_controls() + fixed, self.look.theme.px(_HEADER_PX))

    def retranslate(self) -> None:
        self._help.setToolTip(_("What this panel shows"))
        self._help.setAccessibleName(_("What this panel shows"))
        self._menu.setToolTip(_("Export and more"))
        self._menu.setAccessibleName(_("Export and more"))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a control came, left or became wider
            self._fold()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _width_without_controls(self) -> int:
        buttons = sum(button.sizeHint().width() + _SPACING_PX for button in (self._help, self._menu))
        return _LEFT_PX + buttons + _AFTER_CONTROLS_PX + _RIGHT_PX

    def _fold(self) -> None:
        """Fold as many buttons, from the left, as it takes to leave the title its room."""
        title = self.title.fontMetrics().horizontalAdvance(self.title.text())
        needed = title + self._width_without_controls() + sum(map(_taken, self._places))
        for place in self._places:
            must_fold = place.can_fold and place.is_wanted() and needed > self.width()
            if must_fold:
                needed -= _taken(place)
            if place.isHidden() != must_fold:
                place.setVisible(not must_fold)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self.look.theme
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.setPen(theme.pen("border"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())

    def _button(self) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _on_menu_clicked(self) -> None:
        self.menuRequested.emit(self._menu.mapToGlobal(QPoint(0, self._menu.height())))


class _Place(QWidget):
    """Where one control stands. It is the place that folds, so that the panel alone decides about its control."""

    def __init__(self, control: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.control = control
        self.can_fold = isinstance(control, QAbstractButton)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(control)

    def is_wanted(self) -> bool:
        """Whether the panel shows its control."""
        hidden_by_panel = self.control.isHidden() and self.control.testAttribute(
            Qt.WidgetAttribute.WA_WState_ExplicitShowHide
        )
        return not hidden_by_panel


def _taken(place: _Place) -> int:
    return place.control.sizeHint().width() + _SPACING_PX if place.is_wanted() else 0


def _add_button(menu: QMenu, button: QAbstractButton) -> None:
    """``button`` as an entry: what it opens, switches or does."""
    opened = button.menu() if isinstance(button, QToolButton) else None
    if opened is not None:
        entry = menu.addMenu(opened)
    else:
        entry = menu.addAction("")
        entry.setCheckable(button.isCheckable())
        entry.setChecked(button.isChecked())
        entry.triggered.connect(button.click)
    entry.setText(button.text() or button.accessibleName())
    entry.setIcon(button.icon())
    entry.setEnabled(button.isEnabled())
