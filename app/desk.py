"""A desk: one workspace with everything that belongs to it, document, simulation thread, transport, panels and their news.

The window shows one desk at a time. A desk that nobody looks at rests: nothing of it is measured or drawn.
"""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.actions import Action
from app.bridge import Bridge
from app.document_files import DocumentFiles
from app.documents import Autosave, DocumentKind
from app.editing import EditController
from app.frame import Frame
from simulations.core.errors import GradLabError
from widgets.banner import Notice
from widgets.panel import PANELS, Panel
from widgets.plot import Plot
from widgets.text import _, sentence
from widgets.theme import Look

if TYPE_CHECKING:
    from widgets.gallery import Gallery

_AUTOSAVE_MS = 1000


class Desk(QObject):
    """Base of all desks. ``changed`` says that actions may be possible or called otherwise now; ``announced`` carries a notice
    for the banner, ``withdrawn`` one that no longer holds, ``failed`` the traceback of a defect; ``loaded`` comes once, when
    every panel stands."""

    changed = Signal()
    announced = Signal(object)
    withdrawn = Signal(object)
    failed = Signal(str)
    loaded = Signal()

    def __init__(
        self,
        frame: Frame,
        transport: Panel,
        kind: DocumentKind,
        controller: EditController,
        bridge: Bridge,
        look: Look,
        autosave: Autosave | None,
    ) -> None:
        super().__init__()
        self.definition = frame.definition
        self.look = look
        self.controller = controller
        self.bridge = bridge
        self._modules = deque(frame.modules)
        self.workspace = frame.workspace
        self.transport = transport
        self._complaint: tuple[Notice, object] | None = None
        self.files = DocumentFiles(controller, kind, self.complain, self.workspace)
        self.is_begun = self.is_loaded = self._is_over = False
        self._kind = kind
        self._autosave = autosave
        self._autosave_timer = QTimer(self)
        self._autosave_timer.setSingleShot(True)
        self._autosave_timer.setInterval(_AUTOSAVE_MS)
        self._autosave_timer.timeout.connect(self._on_autosave)
        controller.documentChanged.connect(self._on_document_changed)
        self.workspace.panelsShown.connect(self._on_panels_shown)
        bridge.snapshotTaken.connect(self.on_snapshot)
        bridge.eventArrived.connect(self.on_event)
        self._connect_panel(self.transport)

    # ---- what differs between desks ----------------------------------------------------------------------------------

    def actions(self) -> tuple[Action, ...]:
        """What a person can do at this desk alone."""
        return ()

    def start(self) -> None:
        """Begin the simulation thread."""
        raise NotImplementedError

    def gallery(self, parent: QWidget) -> Gallery:
        """The bundled documents to choose from; its ``commandRequested`` carries the wish to open one."""
        raise NotImplementedError

    def play_title(self) -> str:
        """What Space does now."""
        raise NotImplementedError

    def toggle_running(self) -> None:
        """Run, or stop running."""
        raise NotImplementedError

    def on_snapshot(self, snapshot: Any) -> None:
        """Another moment is shown."""

    def on_event(self, event: object) -> None:
        """The simulation thread has news."""

    # ---- coming and going --------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Simulate, and load the panels, one per turn of the event loop, so that the window answers meanwhile."""
        if not self.is_begun:
            self.is_begun = True
            self.start()
            self.workspace.panelsShown.emit()
            QTimer.singleShot(0, self, self._load_next)

    def enter(self) -> None:
        """Come to the front."""
        self.bridge.wake()

    def leave(self) -> None:
        """Another desk comes to the front."""
        self.bridge.rest()

    def close(self) -> None:
        """End the simulation thread, whatever happened to the window."""
        self._is_over = True
        self._autosave_timer.stop()
        self.bridge.stop()
        if self._autosave is not None:
            self._autosave.close()
            self._autosave = None

    def _load_next(self) -> None:
        if self._is_over:
            return
        if not self._modules:
            self.is_loaded = True
            self.loaded.emit()
            self._offer_what_was_left()
            return
        name = self._modules.popleft()
        importlib.import_module(name)
        present = {panel.kind for panel in self.panels()}
        for entry in PANELS:
            if entry.cls.__module__ == name and entry.kind not in present:
                self.add_panel(entry.cls(self.look, self.workspace))
        QTimer.singleShot(0, self, self._load_next)

    def obey(self, wish: object) -> None:
        """Do what a panel or a key asks for."""
        self.controller.handle(wish)

    # ---- panels ------------------------------------------------------------------------------------------------------

    def add_panel(self, panel: Panel) -> None:
        """Put a loaded panel into its dock and connect its wishes."""
        self._connect_panel(panel)
        self.workspace.add_panel(panel)

    def _connect_panel(self, panel: Panel) -> None:
        panel.commandRequested.connect(self.obey)
        panel.probesChanged.connect(self.bridge.refresh_probes)
        panel.show_document(self.controller.document)

    def panels(self) -> tuple[Panel, ...]:
        return (self.transport, *self.workspace.panels())

    def plots(self) -> tuple[Plot, ...]:
        """What the visible panels can export now."""
        return tuple(plot for panel in self.workspace.shown_panels() for plot in panel.plots())

    def latest(self) -> Any:
        """The snapshot on the screen; None while there is none."""
        return self.bridge.snapshot

    def is_running(self) -> bool:
        snapshot = self.bridge.snapshot
        return snapshot is not None and snapshot.status == "running"

    def title(self) -> str:
        """The name of the document's file, or until it is saved its own."""
        return self.files.name or _("Untitled")

    def take_file(self, file: Path) -> bool:
        """Use a ``file`` that was dropped and is no document; False where this desk has no use for it."""
        return False

    def complain(self, error: GradLabError, *, lasts: bool = False) -> None:
        """Say in the banner what a person can mend, until the document becomes another; what ``lasts`` is no answer to an edit,
        and stays through them."""

        def text() -> str:
            return sentence(error)

        notice = Notice(text)
        if lasts:
            self._complaint = None
            self.announced.emit(notice)
        else:
            self.remark(notice)

    def remark(self, notice: Notice) -> None:
        """Announce what holds until the document becomes another."""
        self._complaint = notice, self.controller.spec
        self.announced.emit(notice)

    def withdraw_complaint(self) -> None:
        """Take back what was complained of last: it is mended, whether or not that changed the document."""
        if self._complaint is not None:
            self.withdrawn.emit(self._complaint[0])
            self._complaint = None

    def _on_panels_shown(self) -> None:
        self.bridge.show((self.transport, *self.workspace.shown_panels()))
        self.changed.emit()

    def _on_document_changed(self, document: object) -> None:
        if self._complaint is not None and self._complaint[1] is not self.controller.spec:  # whoever edits has read it
            self.withdraw_complaint()
        for panel in self.panels():
            panel.show_document(document)
        self.bridge.refresh_probes()
        if self._autosave is not None:
            self._autosave_timer.start()

    # ---- nothing is lost ---------------------------------------------------------------------------------------------

    def _on_autosave(self) -> None:
        if self._autosave is None:
            return
        if self.controller.is_modified:
            self._autosave.keep(self.controller.content)
        else:
            self._autosave.forget()

    def _offer_what_was_left(self) -> None:
        left = self._autosave.left_behind() if self._autosave is not None else None
        if left is None:
            return

        def text() -> str:
            return _(self._kind.kept).format(name=left.name)

        def restore() -> None:
            self.controller.restore(left)
            self._on_settled()

        self.announced.emit(Notice(text, answers=((restore_text, restore),), decline=self._on_settled))

    def _on_settled(self) -> None:
        if self._autosave is not None:
            self._autosave.settle()


def restore_text() -> str:
    return _("Restore")


Maker = Callable[[], Desk]
