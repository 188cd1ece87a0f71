"""The menu bar, built from the declared actions and retitled when the language changes."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QMenuBar

from app.actions import Actions
from app.window_actions import MENUS, SUBMENUS
from app.workspaces import Workspace
from widgets.text import _


class Menus(QObject):
    """Owns the menus; View also lists the panels, which are toggled there."""

    def __init__(self, bar: QMenuBar, actions: Actions, workspace: Workspace) -> None:
        super().__init__(bar)
        self._actions = actions
        self._menus: dict[str, QMenu] = {}
        self._panels = QMenu(bar)
        for name in MENUS:
            if name not in SUBMENUS:
                self._menus[name] = QMenu(bar)
                bar.addMenu(self._menus[name])
                self._menus[name].aboutToShow.connect(actions.refresh)
        for name, parent in SUBMENUS.items():
            self._menus[name] = QMenu(bar)
            self._menus[parent].addMenu(self._menus[name])
        self._menus["view"].addMenu(self._panels)
        self._menus["view"].addSeparator()
        for dock in workspace.docks.values():
            self._panels.addAction(dock.toggleViewAction())
        self._fill()
        self.retranslate()

    def retranslate(self) -> None:
        for name, menu in self._menus.items():
            menu.setTitle(_(MENUS[name]))
        self._panels.setTitle(_("Panels"))

    def _fill(self) -> None:
        groups: dict[str, int] = {}
        for declared in self._actions.declared:
            menu = self._menus[declared.menu]
            if groups.setdefault(declared.menu, declared.group) != declared.group:
                menu.addSeparator()
                groups[declared.menu] = declared.group
            menu.addAction(self._actions[declared.id])
