"""Actions as data: one declaration gives the menu entry, the key, the toolbar button and the palette row, so they agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QTabBar,
    QWidget,
)

from widgets.forms.controls import is_at_keys
from widgets.icons import icon
from widgets.text import _
from widgets.theme import Look

_PRESSED: Final = (QAbstractButton, QComboBox)  # by Space, where one came to it by keys
_USES_SPACE: Final = (*_PRESSED, QAbstractItemView, QLineEdit)
_USES_ARROWS: Final = (*_USES_SPACE, QAbstractSlider, QAbstractSpinBox, QTabBar)
_ARROWS: Final = frozenset({"Left", "Right", "Home", "End"})
_BARE: Final = _ARROWS | {"Space"}


@dataclass(frozen=True)
class Action:
    """Something a person can do. ``text`` is English marked with ``N_``, or a function that answers the translated text.

    ``menu`` is the menu it stands in, empty for what only the palette has; a change of ``group`` inside a menu draws a
    line. ``keys`` are shortcuts; a bare key (no Ctrl) is left to a control that has the focus and a use for it.
    ``desk`` names the workspace it is there for; without one it is there everywhere.
    """

    id: str
    text: str | Callable[[], str]
    run: Callable[[], None]
    menu: str
    group: int = 0
    keys: tuple[str, ...] = ()
    icon: str = ""
    enabled_when: Callable[[], bool] | None = None
    checked_when: Callable[[], bool] | None = None
    desk: str = ""

    def title(self) -> str:
        """In the current language."""
        return _(self.text) if isinstance(self.text, str) else self.text()


class Actions(QObject):
    """The living :class:`QAction` of every declared action. The owner calls :meth:`retranslate` when it stands itself."""

    refreshed = Signal()

    def __init__(self, declared: tuple[Action, ...], look: Look, window: QWidget) -> None:
        super().__init__(window)
        self.declared: tuple[Action, ...] = ()
        self._look = look
        self._window = window
        self._desk = ""
        self._left_to_focus: frozenset[str] = frozenset()
        self._living: dict[str, QAction] = {}
        self._by_id: dict[str, Action] = {}
        self.add(declared)

    def __getitem__(self, name: str) -> QAction:
        return self._living[name]

    def add(self, declared: tuple[Action, ...]) -> None:
        """Bring more to life. The owner calls :meth:`retranslate`."""
        self.declared += declared
        for one in declared:
            living = QAction(self._window)
            living.setData(one.id)
            living.setCheckable(one.checked_when is not None)
            living.triggered.connect(self._on_triggered)
            self._window.addAction(living)
            self._living[one.id] = living
            self._by_id[one.id] = one
        self._set_keys()
        self.retheme()

    def show_desk(self, name: str) -> None:
        """Offer what is there for this workspace or for every one."""
        self._desk = name
        self.refresh()

    def refresh(self) -> None:
        """Ask every action again whether it can be done and whether it is on."""
        for one in self.declared:
            living = self._living[one.id]
            is_here = one.desk in ("", self._desk)
            living.setVisible(is_here)  # its keys go with it
            if not is_here:
                continue
            if one.enabled_when is not None:
                living.setEnabled(one.enabled_when())
            if one.checked_when is not None:
                living.setChecked(one.checked_when())
            if not isinstance(one.text, str):
                living.setText(one.title())
        self.refreshed.emit()

    def retranslate(self) -> None:
        for one in self.declared:
            self._living[one.id].setText(one.title())
        self.refresh()

    def retheme(self) -> None:
        for one in self.declared:
            if one.icon:
                self._living[one.id].setIcon(icon(one.icon, self._look))

    def follow_focus(self, _old: QWidget | None, focus: QWidget | None) -> None:
        """Leave Space and the arrows to ``focus`` where it has a use for them; a box takes Space itself while a number is typed.

        The focus moves even while the window is taken apart: this object goes before its actions do, and then hears no more.
        """
        left = _keys_of(focus)
        if left != self._left_to_focus:
            self._left_to_focus = left
            self._set_keys()

    def _set_keys(self) -> None:
        for one in self.declared:
            if one.keys:
                keys = [key for key in one.keys if key.removeprefix("Shift+") not in self._left_to_focus]
                self._living[one.id].setShortcuts([QKeySequence(key) for key in keys])

    def _on_triggered(self) -> None:
        name = self.sender().data()  # type: ignore[attr-defined]  # the QAction that was triggered
        self._by_id[name].run()
        self.refresh()


def _keys_of(focus: QWidget | None) -> frozenset[str]:
    """The bare keys that ``focus`` has a use for."""
    if isinstance(focus, _PRESSED) and not is_at_keys(focus):
        return frozenset()
    return _BARE if isinstance(focus, _USES_SPACE) else _ARROWS if isinstance(focus, _USES_ARROWS) else frozenset()
