"""A panel's place in the window: a dock with the header of the house, its help, its exports and its other ⋯ entries."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QWhatsThis, QWidget

from app.dock_header import DockHeader
from widgets.panel import PANELS, Panel
from widgets.plot import Plot
from widgets.text import _
from widgets.theme import Look


class PanelDock(QDockWidget):
    """Holds one panel, or the empty place it will fill once it is loaded.

    ``shownChanged`` says that the panel came into sight or left it (another tab, closed). ``exportRequested`` carries the
    panel's plot that a person wants as a file.
    """

    shownChanged = Signal()
    exportRequested = Signal(object)

    def __init__(self, kind: str, label: str, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.kind = kind
        self._label = label
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
        self.retranslate()

    def fill(self, panel: Panel) -> None:
        """Put the panel into its place."""
        self.panel = panel
        self._label = PANELS.entry(self.kind).label
        self.setWidget(panel)
        self._empty.deleteLater()
        self._header.add_controls(panel.header_widgets())
        panel.exportRequested.connect(self.exportRequested)
        self.retranslate()
        panel.show()
        self.shownChanged.emit()

    def retranslate(self) -> None:
        self.setWindowTitle(_(self._label) if self._label else "")
        self._show_title()
        self._header.retranslate()
        if self.panel is None:
            return
        entry = PANELS.entry(self.kind)
        self._header.title.setToolTip(_(entry.summary))
        self.panel.setAccessibleName(_(entry.label))
        self.panel.setAccessibleDescription(_(entry.summary))
        self.panel.setWhatsThis(_(entry.summary))

    def _show_title(self) -> None:
        """A tab already says the title of a panel that shares its place."""
        area = self.parent()
        is_tab = not self.isFloating() and isinstance(area, QMainWindow) and bool(area.tabifiedDockWidgets(self))
        self._header.set_title("" if is_tab else self.windowTitle())

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
        self._header.add_folded(menu)
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
