"""The window everything lives in: rail, top bar, banner and the workspace; it lays out, forwards wishes and remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QCursor, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWhatsThis, QWidget

from app.actions import Actions
from app.appearance import Appearance
from app.bridge import Bridge
from app.controller import Controller
from app.data_import import DataImport, dropped
from app.document_files import DocumentFiles
from app.languages import Languages
from app.menus import Menus
from app.notices import diverged_notice, exported_notice, rejected_notice, teacher_notice
from app.rail import Rail
from app.settings import Settings
from app.top_bar import TopBar
from app.window_actions import declared_actions, play_command
from app.workspaces import TRAIN, Workspace
from simulations.core.errors import GradLabError
from simulations.runtime.messages import Diverged, Failed, Refused, Rejected, Snapshot, TeacherKept
from widgets.banner import Banner, Notice
from widgets.panel import Document, Panel
from widgets.panels.train.transport import TransportPanel
from widgets.plot import Plot
from widgets.text import _, sentence

if TYPE_CHECKING:
    from pathlib import Path

_FIRST_SIZE = QSize(1440, 900)  # at the first start; a smaller screen is filled
_TITLE_BAR_PX = 40  # what a window manager may add on top
_REFRESH_EVERY = 32  # snapshots; there may be something to export now


class MainWindow(QMainWindow):
    """``firstPainted`` comes once, after the first picture is on the screen; heavy things are loaded then."""

    firstPainted = Signal()

    def __init__(
        self,
        controller: Controller,
        bridge: Bridge,
        appearance: Appearance,
        languages: Languages,
        settings: Settings,
        kinds: tuple[str, ...],
    ) -> None:
        super().__init__()
        self.controller = controller
        self._bridge = bridge
        self._appearance = appearance
        self._languages = languages
        self._settings = settings
        self._was_painted = False
        self._was_running = self._was_diverged = False
        self._news: Diverged | Rejected | None = None  # what the banner says of the run, while it holds
        self._told: Notice | None = None
        self.files = DocumentFiles(controller, self.complain, self)
        self.data_import = DataImport(
            appearance.look, controller, settings.store, self.complain, self.show_report, self
        )
        self._lay_out(kinds)
        self._connect()
        self._restore()
        self.setAcceptDrops(True)
        self.actions_.retranslate()
        self._on_document_changed(controller.document)

    def _lay_out(self, kinds: tuple[str, ...]) -> None:
        look = self._appearance.look
        self.setMinimumSize(960, 600)
        self._centre = centre = QWidget(self)
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # so that a click beside the controls gives Space back to play
        self.setCentralWidget(centre)
        self.actions_ = Actions(declared_actions(self), look, self)
        self._rail = Rail((TRAIN,), (self.actions_["commands"], self.actions_["whats-this"]), look, centre)
        self.transport = TransportPanel(look, centre)
        buttons = tuple(self.actions_[name] for name in ("presets", "undo", "redo", "export"))
        self._top = TopBar(self.transport, buttons, look, centre)
        self.banner = Banner(look, centre)
        self.workspace = Workspace(TRAIN, kinds, look, centre)
        self._menus = Menus(self.menuBar(), self.actions_, self.workspace)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._top)
        right.addWidget(self.banner)
        right.addWidget(self.workspace, 1)
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addLayout(right, 1)

    def _connect(self) -> None:
        self.transport.commandRequested.connect(self.controller.handle)
        self.workspace.panelsShown.connect(self._on_panels_shown)
        self.workspace.exportRequested.connect(self.export)
        self.controller.documentChanged.connect(self._on_document_changed)
        self.controller.documentOpened.connect(self.banner.dismiss)
        self._bridge.snapshotTaken.connect(self._on_snapshot)
        self._bridge.eventArrived.connect(self._on_event)
        self._appearance.look.changed.connect(self._on_look_changed)
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]

    # ---- panels ------------------------------------------------------------------------------------------------------

    def add_panel(self, panel: Panel) -> None:
        """Put a loaded panel into its dock and connect its wishes."""
        panel.commandRequested.connect(self.controller.handle)
        panel.probesChanged.connect(self._bridge.refresh_probes)
        panel.show_document(self.controller.document)
        self.workspace.add_panel(panel)

    def panels(self) -> tuple[Panel, ...]:
        return (self.transport, *self.workspace.panels())

    def plots(self) -> tuple[Plot, ...]:
        """What the visible panels can export now."""
        return tuple(plot for panel in self.workspace.shown_panels() for plot in panel.plots())

    def has_plots(self) -> bool:
        return bool(self.plots())

    def _on_panels_shown(self) -> None:
        self._bridge.show((self.transport, *self.workspace.shown_panels()))
        self.actions_.refresh()

    # ---- what actions ask --------------------------------------------------------------------------------------------

    def show_gallery(self) -> None:
        """The presets, to choose one."""
        from app.gallery_dialog import GalleryDialog

        dialog = GalleryDialog(self._appearance.look, self)
        dialog.presetChosen.connect(self._on_preset_chosen)
        dialog.open()

    def show_palette(self) -> None:
        from app.palette import CommandPalette

        palette = CommandPalette(self.actions_, self._appearance.look, self)
        palette.chosen.connect(self._on_command_chosen)
        palette.open_over(self)

    def export(self, plot: Plot | None = None) -> None:
        """Ask how to export ``plot``, or one of those on the screen."""
        plots = self.plots()
        if plots:
            from app.export_dialog import ExportDialog

            dialog = ExportDialog(self._appearance.look, plots, self.latest, self._settings.store, self)
            if plot is not None:
                dialog.choose(plot.plot_id)
            dialog.exported.connect(self._on_exported)
            dialog.open()

    def _on_exported(self, file: Path) -> None:
        if self.banner.notice is None or self.banner.notice.tone == "good":
            self.banner.announce(exported_notice(file))

    def latest(self) -> Snapshot | None:
        return self._bridge.snapshot

    def toggle_running(self) -> None:
        self.controller.handle(play_command(self.is_running()))

    def is_running(self) -> bool:
        snapshot = self._bridge.snapshot
        return snapshot is not None and snapshot.status == "running"

    def play_title(self) -> str:
        return _("Pause") if self.is_running() else _("Train")

    def can_undo(self) -> bool:
        return self.controller.history.undo_text is not None

    def can_redo(self) -> bool:
        return self.controller.history.redo_text is not None

    def undo_title(self) -> str:
        text = self.controller.history.undo_text
        return _("Undo") if text is None else _("Undo: {edit}").format(edit=_(text))

    def redo_title(self) -> str:
        text = self.controller.history.redo_text
        return _("Redo") if text is None else _("Redo: {edit}").format(edit=_(text))

    def choose_theme(self, name: str) -> None:
        self._settings.theme = name
        self._appearance.choose(name)

    def has_theme(self, name: str) -> bool:
        return self._appearance.choice == name

    def choose_language(self, name: str) -> None:
        self._settings.language = name
        self._languages.use(name)

    def has_language(self, name: str) -> bool:
        return self._languages.current == name

    def choose_scale(self, scale: float) -> None:
        self._settings.scale = scale
        self._appearance.enlarge(scale)

    def has_scale(self, scale: float) -> bool:
        return self._appearance.scale == scale

    def toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def reset_layout(self) -> None:
        self.workspace.reset_layout()

    def explain(self) -> None:
        """One plain sentence about what is under the pointer."""
        widget = QApplication.widgetAt(QCursor.pos())
        while widget is not None and not widget.whatsThis():
            widget = widget.parentWidget()
        if widget is not None:
            QWhatsThis.showText(QCursor.pos() + QPoint(0, 16), widget.whatsThis(), self)

    def show_shortcuts(self) -> None:
        from app.about import ShortcutsDialog

        ShortcutsDialog(self.actions_, self).open()

    def show_about(self) -> None:
        from app.about import AboutDialog

        AboutDialog(self).open()

    def complain(self, error: GradLabError) -> None:
        """Say in the banner what a person can mend."""

        def text() -> str:
            return sentence(error)

        self.banner.announce(Notice(text))

    # ---- news --------------------------------------------------------------------------------------------------------

    def _on_document_changed(self, document: Document) -> None:
        if isinstance(self._news, Rejected) and document.spec != self._news.spec:
            self._withdraw()
        for panel in self.panels():
            panel.show_document(document)
        self.setWindowTitle("{name}[*] – GradLab".format(name=document.spec.name or _("Untitled")))
        self.setWindowModified(self.controller.history.is_modified)
        self._bridge.refresh_probes()
        self.actions_.refresh()

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        is_running = snapshot.status == "running"
        was_diverged, self._was_diverged = self._was_diverged, snapshot.status == "diverged"
        if was_diverged and not self._was_diverged and isinstance(self._news, Diverged):
            self._withdraw()
        if is_running != self._was_running or snapshot.sequence % _REFRESH_EVERY == 0:
            self._was_running = is_running
            self.actions_.refresh()

    def _on_event(self, event: object) -> None:
        if isinstance(event, Diverged):
            self._announce(event, diverged_notice(event, self._bridge.snapshot, self.controller))
        elif isinstance(event, Rejected):
            self._announce(event, rejected_notice(event))
        elif isinstance(event, TeacherKept):
            self.controller.keep_teacher(event.teacher)
            self.banner.announce(teacher_notice(event.teacher, self.controller))
        elif isinstance(event, Refused):
            self.complain(event.error)
        elif isinstance(event, Failed):
            self.show_report(event.report)

    def _announce(self, event: Diverged | Rejected, notice: Notice) -> None:
        self.banner.announce(notice)
        self._news, self._told = event, notice

    def _withdraw(self) -> None:
        """Take back what no longer holds, unless the banner has moved on to something else."""
        self._news = None
        if self.banner.notice is self._told:
            self.banner.dismiss()

    def show_report(self, trace: str) -> None:
        """The program is at fault: pause, and show what can be sent to somebody who mends it."""
        from app.errors import ErrorDialog
        from simulations.runtime.messages import Pause

        self._bridge.send(Pause())
        if self.findChild(ErrorDialog) is None:
            ErrorDialog(trace, self).open()

    def _on_preset_chosen(self, wish: object) -> None:
        if self.files.may_leave():
            self.controller.handle(wish)

    def _on_command_chosen(self, action: QAction) -> None:
        QTimer.singleShot(0, action.trigger)

    def _on_look_changed(self) -> None:
        self.actions_.retheme()

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        self.actions_.yield_bare_keys(new)

    # ---- the window itself -------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        self.resize(_FIRST_SIZE)
        geometry = self._settings.bytes_of("window/geometry")
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            self.resize(_FIRST_SIZE)
        self._layout_to_restore = self._settings.bytes_of("window/layout/train")

    def fit_into(self, room: QSize) -> None:
        """Fill a screen that has no ``room`` for the window as it is."""
        if self.width() > room.width() or self.height() + _TITLE_BAR_PX > room.height():
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.actions_.retranslate()
            self._menus.retranslate()
            self._on_document_changed(self.controller.document)
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.firstPainted.emit)

    def arrange(self) -> None:
        """Bring the layout back that was remembered; to be called once, when the window has its size."""
        self._centre.setFocus()
        self.workspace.restore_layout(self._layout_to_restore)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """An experiment is opened, any other file or folder is imported as data."""
        file = dropped(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            (self.files.open_file if file.suffix.lower() == ".json" else self.data_import.open_path)(file)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_leave():
            event.ignore()
            return
        self._settings.store_bytes("window/geometry", self.saveGeometry())
        self._settings.store_bytes("window/layout/train", self.workspace.save_layout())
        self._settings.sync()
        self._bridge.stop()
        event.accept()
