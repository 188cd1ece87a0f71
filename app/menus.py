"""The menu bar, built from the declared actions and retitled when the language changes."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QMenuBar

from app.actions import Actions
from app.window_actions import MENUS, SUBMENUS
from app.workspaces import Workspace
from widgets.text import _


class Menus(QObject):
    """Owns the menus; View also lists the panels of the workspace in front, which are toggled there."""

    def __init__(self, bar: QMenuBar, actions: Actions) -> None:
        super().__init__(bar)
        self._actions = actions
        self._menus = {name: QMenu(bar) for name in MENUS}
        self._panels = QMenu(bar)
        for name, menu in self._menus.items():
            if name not in SUBMENUS:
                bar.addMenu(menu)
                menu.aboutToShow.connect(actions.refresh)
        self.fill()

    def retranslate(self) -> None:
        for name, menu in self._menus.items():
            menu.setTitle(_(MENUS[name]))
        self._panels.setTitle(_("Panels"))

    def show_workspace(self, workspace: Workspace) -> None:
        """List the panels of ``workspace``."""
        self._panels.clear()
        for dock in workspace.docks.values():
            self._panels.addAction(dock.toggleViewAction())

    def fill(self) -> None:
        """Put every declared action into its menu, in order of its group."""
        for menu in self._menus.values():
            menu.clear()
        for name, parent in SUBMENUS.items():
            self._menus[parent].addMenu(self._menus[name])
        self._menus["view"].addMenu(self._panels)
        self._menus["view"].addSeparator()
        groups: dict[str, int] = {}
        for declared in sorted((one for one in self._actions.declared if one.menu), key=lambda one: one.group):
            menu = self._menus[declared.menu]
            if groups.setdefault(declared.menu, declared.group) != declared.group:
                menu.addSeparator()
                groups[declared.menu] = declared.group
            menu.addAction(self._actions[declared.id])
        self.retranslate()
