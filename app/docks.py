"""A panel's place in the window: a dock with the header of the house: title left, its few controls, help, menu last."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWhatsThis,
    QWidget,
)

from widgets.icons import icon
from widgets.panel import PANELS, Panel
from widgets.plot import Plot
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

_HEADER_PX = 28
_CONTROL_PX = 24


class Title(QLabel):
    """A title that ends in … where its place ends, and gives way altogether where nothing readable would be left."""

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics = self.fontMetrics()
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        if metrics.horizontalAdvance(text) <= self.width() and len(text) > 1:
            painter = QPainter(self)
            painter.setPen(self.palette().windowText().color())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class DockHeader(View):
    """28 px: the title, the panel's own controls, help and the ⋯ menu. A drag on it moves the panel."""

    helpRequested = Signal()
    menuRequested = Signal(QPoint)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._controls: tuple[QWidget, ...] = ()
        self.title = Title(self)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._help = self._button()
        self._help.clicked.connect(self.helpRequested)
        self._menu = self._button()
        self._menu.clicked.connect(self._on_menu_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 4, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title, 1)
        layout.addWidget(self._help)
        layout.addWidget(self._menu)
        self.retheme()

    def add_controls(self, controls: tuple[QWidget, ...]) -> None:
        """Put the panel's controls before the help button."""
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        self._controls = controls
        self.retheme()
        for index, control in enumerate(controls):
            layout.insertWidget(1 + index, control)
        layout.insertSpacing(1 + len(controls), 4)

    def retheme(self) -> None:
        theme = self.look.theme
        self.title.setFont(theme.font(9.5, bold=True))
        self._help.setIcon(icon("help", self.look, "text.secondary"))
        self._menu.setIcon(icon("more", self.look, "text.secondary"))
        self.setFixedHeight(theme.px(_HEADER_PX))
        for control in self._controls:
            control.setMaximumHeight(theme.px(_CONTROL_PX))
        for button in (self._help, self._menu):
            button.setIconSize(QSize(theme.px(16), theme.px(16)))

    def sizeHint(self) -> QSize:
        """A dock gives its header the height of this hint, whatever height is fixed."""
        return QSize(super().sizeHint().width(), self.look.theme.px(_HEADER_PX))

    def retranslate(self) -> None:
        self._help.setToolTip(_("What this panel shows"))
        self._help.setAccessibleName(_("What this panel shows"))
        self._menu.setToolTip(_("Export and more"))
        self._menu.setAccessibleName(_("Export and more"))

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


class PanelDock(QDockWidget):
    """Holds one panel, or the empty place it will fill once it is loaded.

    ``shownChanged`` says that the panel came into sight or left it (another tab, closed). ``exportRequested`` carries the
    panel's plot that a person wants as a file.
    """

    shownChanged = Signal()
    exportRequested = Signal(object)

    def __init__(self, kind: str, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.kind = kind
        self.panel: Panel | None = None
        self.is_shown = False
        self.setObjectName(f"dock.{kind}")
        self._header = DockHeader(look, self)
        self.setTitleBarWidget(self._header)
        self._empty = QWidget(self)
        self.setWidget(self._empty)
        self._header.helpRequested.connect(self.show_help)
        self._header.menuRequested.connect(self._on_menu_requested)
        self.visibilityChanged.connect(self._on_visibility_changed)
        self.topLevelChanged.connect(self._show_title)
        self.dockLocationChanged.connect(self._show_title)

    def fill(self, panel: Panel) -> None:
        """Put the panel into its place."""
        self.panel = panel
        self.setWidget(panel)
        self._empty.deleteLater()
        self._header.add_controls(panel.header_widgets())
        panel.exportRequested.connect(self.exportRequested)
        self.retranslate()
        panel.show()
        self.shownChanged.emit()

    def retranslate(self) -> None:
        if self.panel is None:
            return
        entry = PANELS.entry(self.kind)
        self.setWindowTitle(_(entry.label))
        self._show_title()
        self._header.title.setToolTip(_(entry.summary))
        self._header.retranslate()
        self.panel.setAccessibleName(_(entry.label))
        self.panel.setAccessibleDescription(_(entry.summary))
        self.panel.setWhatsThis(_(entry.summary))

    def _show_title(self) -> None:
        """A tab already says the title of a panel that shares its place."""
        area = self.parent()
        is_tab = not self.isFloating() and isinstance(area, QMainWindow) and bool(area.tabifiedDockWidgets(self))
        self._header.title.setText("" if is_tab else self.windowTitle())

    def show_help(self) -> None:
        """One plain sentence about the panel, under its header."""
        if self.panel is not None:
            below = self._header.mapToGlobal(QPoint(12, self._header.height()))
            QWhatsThis.showText(below, self.panel.help_text(), self)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A right click on the panel opens the same menu as the ⋯ button."""
        self._on_menu_requested(event.globalPos())

    def _on_visibility_changed(self, shown: bool) -> None:
        self.is_shown = shown
        self._show_title()
        self.shownChanged.emit()

    def _on_menu_requested(self, position: QPoint) -> None:
        if self.panel is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_exports(menu, self.panel.plots())
        menu.addSeparator()
        menu.addAction(_("Dock") if self.isFloating() else _("Float")).triggered.connect(self._on_float)
        menu.addAction(_("Close panel")).triggered.connect(self.close)
        menu.addSeparator()
        menu.addAction(_("What this panel shows")).triggered.connect(self.show_help)
        menu.popup(position)

    def _add_exports(self, menu: QMenu, plots: tuple[Plot, ...]) -> None:
        for plot in plots:
            action = menu.addAction(_("Export {plot}…").format(plot=plot.plot_title()))
            action.setData(plot)
            action.triggered.connect(self._on_export)
        if not plots:
            menu.addAction(_("Nothing to export yet")).setEnabled(False)

    def _on_export(self) -> None:
        self.exportRequested.emit(self.sender().data())  # type: ignore[attr-defined]  # the action that was chosen

    def _on_float(self) -> None:
        self.setFloating(not self.isFloating())
