"""The window everything lives in: rail, top bar, banner and the desk in front; it lays out, switches and remembers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.actions import Actions
from app.dialogs import Dialogs
from app.file_dialog import ask_for_file, document_filter, dropped
from app.frame import Frame
from app.menus import Menus
from app.preferences import Preferences
from app.rail import Rail
from app.settings import Settings
from app.top_bar import TopBar
from app.voice import Voice
from app.window_actions import declared_actions
from app.workspaces import DEFINITIONS, RACE, TRAIN
from simulations.core.errors import GradLabError
from simulations.documents.reading import RACE_FORMAT, format_of, read_json
from widgets.banner import Banner
from widgets.panel import Panel
from widgets.plot import Plot
from widgets.text import _
from widgets.theme import Look

if TYPE_CHECKING:
    from app.controller import Controller
    from app.data_import import DataImport
    from app.desk import Desk, Maker
    from app.document_files import DocumentFiles
    from app.train_desk import TrainDesk
    from app.workspaces import Workspace

_FIRST_SIZE = QSize(1440, 900)  # at the first start; a smaller screen is filled
_TITLE_BAR_PX = 40  # what a window manager may add on top


class MainWindow(QMainWindow):
    """The workspace ``name`` is in front. Its desk is made when somebody needs it, which is to be after the first picture:
    until then the window shows ``frame``.

    ``firstPainted`` comes once, after the first picture is on the screen; heavy things are loaded then.
    """

    firstPainted = Signal()

    def __init__(
        self,
        name: str,
        frame: Frame,
        makers: Mapping[str, Maker],
        look: Look,
        preferences: Preferences,
        settings: Settings,
    ) -> None:
        super().__init__()
        self.name = name
        self._makers = dict(makers)
        self._look = look
        self._settings = settings
        self._was_painted = False
        self.preferences = preferences
        self.desks: dict[str, Desk] = {}
        self._voices: dict[str, Voice] = {}
        self._lay_out()
        self._announce(frame)
        QApplication.instance().focusChanged.connect(self.actions_.follow_focus)  # type: ignore[union-attr]
        look.changed.connect(self.actions_.retheme)
        self._restore()
        self.setAcceptDrops(True)

    def _lay_out(self) -> None:
        look = self._look
        self.setMinimumSize(960, 600)
        self._centre = centre = QWidget(self)
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # so that a click beside the controls gives Space back to play
        self.setCentralWidget(centre)
        self.banner = Banner(look, centre)
        self.dialogs = Dialogs(look, self._settings.store, self._front, self.banner, self)
        self.actions_ = Actions(declared_actions(self), look, self)
        self._rail = Rail(DEFINITIONS, (self.actions_["commands"], self.actions_["whats-this"]), look, centre)
        self._rail.workspaceChosen.connect(self.show_desk)
        self._top = TopBar(tuple(self.actions_[name] for name in ("presets", "undo", "redo", "export")), look, centre)
        self._stack = QStackedWidget(centre)
        self._menus = Menus(self.menuBar(), self.actions_)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._top)
        right.addWidget(self.banner)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addLayout(right, 1)

    # ---- desks -------------------------------------------------------------------------------------------------------

    def show_desk(self, name: str) -> None:
        """Bring the workspace ``name`` to the front; what it needs is loaded when that happens for the first time."""
        if name == self.name:
            self._rail.choose(name)
            return
        desk, other = self.desk_of(name), self.desk
        other.leave()
        self._voices[self.name].step_back()
        self.name = name
        self._put_in_front(desk)
        self._voices[name].step_forward()
        desk.enter()
        if self._was_painted:
            self.begin()
        self._settings.workspace = name

    def begin(self) -> None:
        """Bring the workspace in front to life."""
        desk = self.desk
        self.arrange()
        desk.begin()

    @property
    def desk(self) -> Desk:
        """The one in front."""
        return self.desk_of(self.name)

    @property
    def train(self) -> TrainDesk:
        return cast("TrainDesk", self.desk_of(TRAIN.name))

    @property
    def has_desk(self) -> bool:
        """Whether the workspace in front has its desk already."""
        return self.name in self.desks

    def desk_of(self, name: str) -> Desk:
        """That of the workspace ``name``, made now if nobody needed it before."""
        if name not in self.desks:
            self._adopt(self._makers[name]())
            if name == self.name:
                self._put_in_front(self.desks[name])
        return self.desks[name]

    def _announce(self, frame: Frame) -> None:
        """Show what there is of the workspace in front before its desk is made."""
        self._rail.choose(self.name)
        self._top.show_transport(frame.transport or QWidget(self._top))
        self._stack.setCurrentIndex(self._stack.addWidget(frame.workspace))
        self._menus.show_workspace(frame.workspace)
        self.actions_.show_desk(self.name)
        self.actions_.retranslate()
        self.setWindowTitle("GradLab")

    def _adopt(self, desk: Desk) -> None:
        """Make ``desk`` one of the window's, behind the others."""
        name = desk.definition.name
        self.desks[name] = desk
        self._voices[name] = Voice(desk, self.banner, is_in_front=name == self.name)
        if self._stack.indexOf(desk.workspace) < 0:
            self._stack.addWidget(desk.workspace)
        self.actions_.add(desk.actions())
        self._menus.fill()
        desk.changed.connect(self.actions_.refresh)
        desk.failed.connect(self.dialogs.show_report)
        desk.workspace.exportRequested.connect(self.dialogs.export)
        desk.controller.documentChanged.connect(self._on_document_changed)

    def _put_in_front(self, desk: Desk) -> None:
        name = desk.definition.name
        self._rail.choose(name)
        self._top.show_transport(desk.transport)
        self._stack.setCurrentWidget(desk.workspace)
        self._menus.show_workspace(desk.workspace)
        self.actions_.show_desk(name)
        self.actions_.retranslate()
        self._show_title()

    def _front(self) -> Desk:
        return self.desk

    @property
    def workspace(self) -> Workspace:
        """The panels in front."""
        return cast("Workspace", self._stack.currentWidget())

    @property
    def files(self) -> DocumentFiles:
        return self.desk.files

    @property
    def controller(self) -> Controller:
        """The experiment's."""
        return self.train.controller

    @property
    def data_import(self) -> DataImport:
        return self.train.data_import

    def panels(self) -> tuple[Panel, ...]:
        return self.desk.panels()

    def plots(self) -> tuple[Plot, ...]:
        """What the visible panels can export now."""
        return self.desk.plots()

    def latest(self) -> Any:
        """The snapshot on the screen."""
        return self.desk.latest()

    # ---- what actions ask --------------------------------------------------------------------------------------------

    def has_plots(self) -> bool:
        return self.has_desk and bool(self.plots())

    def toggle_running(self) -> None:
        self.desk.toggle_running()

    def play_title(self) -> str:
        return self.desk.play_title() if self.has_desk else _("Play")

    def undo(self) -> None:
        self.desk.controller.undo()

    def redo(self) -> None:
        self.desk.controller.redo()

    def can_undo(self) -> bool:
        return self.has_desk and self.desk.controller.history.undo_text is not None

    def can_redo(self) -> bool:
        return self.has_desk and self.desk.controller.history.redo_text is not None

    def undo_title(self) -> str:
        text = self.desk.controller.history.undo_text if self.has_desk else None
        return _("Undo") if text is None else _("Undo: {edit}").format(edit=_(text))

    def redo_title(self) -> str:
        text = self.desk.controller.history.redo_text if self.has_desk else None
        return _("Redo") if text is None else _("Redo: {edit}").format(edit=_(text))

    def save(self) -> None:
        self.desk.files.save()

    def save_as(self) -> None:
        self.desk.files.save_as()

    def open(self) -> None:
        """Ask for a file and open it where it belongs."""
        file = ask_for_file(self, _("Open"), self.desk.files.folder, document_filter())
        if file is not None:
            self.open_file(file)

    def open_file(self, file: Path) -> None:
        """Open ``file`` in the workspace for what it holds; what cannot be read is said in words."""
        try:
            kind = format_of(read_json(file))
        except GradLabError as error:
            self.complain(error)
            return
        self.show_desk(RACE.name if kind == RACE_FORMAT else TRAIN.name)
        self.desk.files.open_file(file)

    def toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def reset_layout(self) -> None:
        self.workspace.reset_layout()

    def show_palette(self) -> None:
        self.dialogs.show_palette(self.actions_)

    def show_shortcuts(self) -> None:
        self.dialogs.show_shortcuts(self.actions_)

    def complain(self, error: GradLabError) -> None:
        """Say in the banner what a person can mend."""
        self.desk.complain(error)

    # ---- news --------------------------------------------------------------------------------------------------------

    def _on_document_changed(self, _document: object) -> None:
        if self.has_desk and not self.desk.controller.is_continuing:  # else neither title nor actions become others
            self._show_title()
            self.actions_.refresh()

    def _show_title(self) -> None:
        self.setWindowTitle(f"{self.desk.title()}[*] – GradLab")
        self.setWindowModified(self.desk.controller.is_modified)

    # ---- the window itself -------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        self.resize(_FIRST_SIZE)
        geometry = self._settings.bytes_of("window/geometry")
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            self.resize(_FIRST_SIZE)
        self._unarranged = {one.name: self._settings.bytes_of(f"window/layout/{one.name}") for one in DEFINITIONS}

    def fit_into(self, room: QSize) -> None:
        """Fill a screen that has no ``room`` for the window as it is."""
        if self.width() > room.width() or self.height() + _TITLE_BAR_PX > room.height():
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)

    def arrange(self) -> None:
        """Bring the remembered layout of what is in front back, when the window has its size; once for each workspace."""
        if self.name in self._unarranged:
            self._centre.setFocus()
            self.workspace.restore_layout(self._unarranged.pop(self.name))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.actions_.retranslate()
            self._menus.retranslate()
            for desk in self.desks.values():
                desk.controller.announce()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.firstPainted.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A document is opened; any other file or folder is for the desk in front, else it is imported as data."""
        file = dropped(event.mimeData())
        if file is None:
            return
        event.acceptProposedAction()
        if file.suffix.lower() == ".json":
            self.open_file(file)
        elif not self.desk.take_file(file):
            self.show_desk(TRAIN.name)
            self.data_import.open_path(file)

    def closeEvent(self, event: QCloseEvent) -> None:
        for desk in sorted(self.desks.values(), key=lambda one: one.definition.name != self.name):
            if desk.controller.is_modified:
                self.show_desk(desk.definition.name)  # a person sees what is asked about
                if not desk.files.may_leave():
                    event.ignore()
                    return
        self._settings.store_bytes("window/geometry", self.saveGeometry())
        for name, desk in self.desks.items():
            if name not in self._unarranged:
                self._settings.store_bytes(f"window/layout/{name}", desk.workspace.save_layout())
        self._settings.sync()
        for desk in self.desks.values():
            desk.bridge.stop()
        event.accept()
