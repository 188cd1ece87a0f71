"""The dialogs the window's actions open, each imported when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QSettings, QTimer
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QApplication, QWhatsThis, QWidget

from app.actions import Actions
from widgets.banner import Banner
from widgets.plot import Plot
from widgets.theme import Look

if TYPE_CHECKING:
    from app.desk import Desk


class Dialogs(QObject):
    """``front`` answers the desk in front, which the dialogs are about."""

    def __init__(
        self, look: Look, settings: QSettings, front: Callable[[], Desk], banner: Banner, window: QWidget
    ) -> None:
        super().__init__(window)
        self._look, self._settings = look, settings
        self._front, self._banner, self._window = front, banner, window

    def show_gallery(self) -> None:
        """The presets, to choose one."""
        from app.gallery_dialog import GalleryDialog

        desk = self._front()
        dialog = GalleryDialog(desk.gallery, self._look, self._window)
        dialog.presetChosen.connect(self._on_preset_chosen)
        dialog.open()

    def show_palette(self, actions: Actions) -> None:
        """Every command, to be found by typing."""
        from app.palette import CommandPalette

        palette = CommandPalette(actions, self._look, self._window)
        palette.chosen.connect(self._on_command_chosen)
        palette.open_over(self._window)

    def export(self, plot: Plot | None = None) -> None:
        """Ask how to export ``plot``, or one of those on the screen."""
        desk = self._front()
        plots = desk.plots()
        if plots:
            from app.export_dialog import ExportDialog

            file = desk.controller.file
            document = file.stem if file else ""
            dialog = ExportDialog(self._look, plots, desk.latest, self._settings, self._window, document)
            if plot is not None:
                dialog.choose(plot.plot_id)
            dialog.exported.connect(self._on_exported)
            desk.bridge.rest()  # the picture that is chosen stands still until it is written
            dialog.finished.connect(desk.bridge.wake)
            dialog.open()

    def explain(self) -> None:
        """One plain sentence about what is under the pointer."""
        widget = QApplication.widgetAt(QCursor.pos())
        while widget is not None and not widget.whatsThis():
            widget = widget.parentWidget()
        if widget is not None:
            QWhatsThis.showText(QCursor.pos() + QPoint(0, 16), widget.whatsThis(), self._window)

    def show_shortcuts(self, actions: Actions) -> None:
        from app.about import ShortcutsDialog

        ShortcutsDialog(actions, self._window).open()

    def show_about(self) -> None:
        from app.about import AboutDialog

        AboutDialog(self._window).open()

    def show_report(self, trace: str) -> None:
        """The program is at fault: pause, and show what can be sent to somebody who mends it."""
        from app.errors import ErrorDialog
        from simulations.runtime.messages import Pause

        self._front().bridge.send(Pause())
        if self._window.findChild(ErrorDialog) is None:
            ErrorDialog(trace, self._window).open()

    def _on_preset_chosen(self, wish: object) -> None:
        desk = self._front()
        if desk.files.may_leave():
            desk.controller.handle(wish)

    def _on_command_chosen(self, action: QAction) -> None:
        QTimer.singleShot(0, action.trigger)

    def _on_exported(self, file: Path) -> None:
        if self._banner.notice is None or self._banner.notice.tone == "good":
            from app.notices import exported_notice

            self._banner.announce(exported_notice(file))
