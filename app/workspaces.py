"""A workspace: a set of panels in docks, arranged well from the start, rearranged freely, remembered, and reset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QByteArray, QChildEvent, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QTabBar, QTabWidget, QWidget

from app.docks import PanelDock
from simulations.core.text import N_
from widgets.panel import Panel
from widgets.theme import Look

_LAYOUT_VERSION = 1


@dataclass(frozen=True)
class Column:
    """One column of the default layout: its share of the width, and its rows from the top; kinds in a row are tabs."""

    share: int
    rows: tuple[tuple[int, tuple[str, ...]], ...]  # (share of the height, kinds)


@dataclass(frozen=True)
class WorkspaceDefinition:
    """What a workspace is called, how its panels stand before anybody moves them, and the ``labels`` of their places: those
    of the panels, which are loaded later."""

    name: str
    label: str
    icon: str
    columns: tuple[Column, ...]
    labels: Mapping[str, str]

    def kinds(self) -> tuple[str, ...]:
        return tuple(kind for column in self.columns for _share, kinds in column.rows for kind in kinds)


TRAIN: Final = WorkspaceDefinition(
    "train",
    N_("Train"),
    "train",
    (
        Column(282, ((57, ("build", "data")), (43, ("hyperparameters",)))),
        Column(570, ((100, ("layers",)),)),
        Column(380, ((52, ("output",)), (48, ("curves",)))),
    ),
    {
        "build": N_("Build"),
        "data": N_("Data"),
        "hyperparameters": N_("Hyperparameters"),
        "layers": N_("Layers"),
        "output": N_("Output"),
        "curves": N_("Curves"),
    },
)
RACE: Final = WorkspaceDefinition(
    "race",
    N_("Race"),
    "race",
    (
        Column(300, ((60, ("racers",)), (40, ("surface",)))),
        Column(570, ((64, ("plane", "space")), (36, ("race_curves",)))),
        Column(380, ((100, ("anatomy", "maps", "fair", "matrix")),)),
    ),
    {
        "racers": N_("Racers"),
        "surface": N_("Surface"),
        "plane": N_("Plane"),
        "space": N_("Space"),
        "race_curves": N_("Race curves"),
        "anatomy": N_("Anatomy"),
        "maps": N_("Maps"),
        "fair": N_("Fair race"),
        "matrix": N_("Matrix methods"),
    },
)
DEFINITIONS: Final = (TRAIN, RACE)


class Workspace(QMainWindow):
    """The docks of one workspace, as a child of the window. ``panelsShown`` says that other panels can be seen now."""

    panelsShown = Signal()
    exportRequested = Signal(object)

    def __init__(
        self, definition: WorkspaceDefinition, kinds: tuple[str, ...], look: Look, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)  # a QMainWindow is a window of its own unless told so afterwards
        self.definition = definition
        self.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.GroupedDragging
        )
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._look = look
        self.docks: dict[str, PanelDock] = {}
        for kind in kinds:
            self._add_dock(kind)
        self.reset_layout()

    def add_panel(self, panel: Panel) -> None:
        """Fill the place that was kept for ``panel``; one that the layout does not know comes last."""
        if panel.kind not in self.docks:
            self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._add_dock(panel.kind))
        self.docks[panel.kind].fill(panel)

    def childEvent(self, event: QChildEvent) -> None:
        """Tabs keep their words: where there is no room for all of them, they scroll."""
        super().childEvent(event)
        bar = event.child()
        if event.polished() and isinstance(bar, QTabBar):
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            bar.setUsesScrollButtons(True)

    def _add_dock(self, kind: str) -> PanelDock:
        dock = self.docks[kind] = PanelDock(kind, self.definition.labels.get(kind, ""), self._look, self)
        dock.shownChanged.connect(self.panelsShown)
        dock.exportRequested.connect(self.exportRequested)
        return dock

    def shown_panels(self) -> tuple[Panel, ...]:
        """The panels a person can see now: not closed, not behind another tab."""
        return tuple(dock.panel for dock in self.docks.values() if dock.panel is not None and dock.is_shown)

    def panels(self) -> tuple[Panel, ...]:
        return tuple(dock.panel for dock in self.docks.values() if dock.panel is not None)

    def reset_layout(self) -> None:
        """Every panel back to where it stood at first."""
        columns = [rows for column in self.definition.columns if (rows := self._present(column))]
        left: PanelDock | None = None
        for rows in columns:  # first the columns side by side, then the rows inside each: a split divides its neighbour
            left = self._place(rows[0][0], left, Qt.Orientation.Horizontal)
        for rows in columns:
            above = rows[0][0]
            for row in rows[1:]:
                above = self._place(row[0], above, Qt.Orientation.Vertical)
        for first, *others in (row for rows in columns for row in rows):
            for dock in others:
                dock.setFloating(False)
                self.tabifyDockWidget(first, dock)
                dock.show()
            first.raise_()
        known = {dock for rows in columns for row in rows for dock in row}
        for dock in self.docks.values():
            if dock not in known:
                self._place(dock, left, Qt.Orientation.Vertical)
        self._share_space()

    def _present(self, column: Column) -> list[list[PanelDock]]:
        """The rows of ``column`` with the docks that exist, empty rows left out."""
        rows = [[self.docks[kind] for kind in kinds if kind in self.docks] for _share, kinds in column.rows]
        return [row for row in rows if row]

    def _place(self, dock: PanelDock, beside: PanelDock | None, direction: Qt.Orientation) -> PanelDock:
        dock.setFloating(False)
        if beside is None:
            self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        else:
            self.splitDockWidget(beside, dock, direction)
        dock.show()
        return dock

    def _share_space(self) -> None:
        """Give columns and rows their shares of the space there is."""
        columns: list[tuple[PanelDock, int]] = []
        for column in self.definition.columns:
            rows = [
                (self.docks[present[0]], share)
                for share, kinds in column.rows
                if (present := [kind for kind in kinds if kind in self.docks])
            ]
            if rows:
                columns.append((rows[0][0], column.share))
                self._resize(rows, self.height(), Qt.Orientation.Vertical)
        self._resize(columns, self.width(), Qt.Orientation.Horizontal)

    def _resize(self, parts: list[tuple[PanelDock, int]], space: int, direction: Qt.Orientation) -> None:
        total = sum(share for _dock, share in parts)
        self.resizeDocks(
            [dock for dock, _share in parts], [space * share // total for _dock, share in parts], direction
        )

    def save_layout(self) -> QByteArray:
        return self.saveState(_LAYOUT_VERSION)

    def restore_layout(self, state: QByteArray) -> bool:
        """Bring a saved layout back; without one, or where it cannot be read, the default stands and the answer is False."""
        if state.isEmpty():
            self._share_space()
            return False
        if self.restoreState(state, _LAYOUT_VERSION) and self._is_usable():
            return True
        self.reset_layout()
        return False

    def _is_usable(self) -> bool:
        return any(not dock.isHidden() for dock in self.docks.values())
