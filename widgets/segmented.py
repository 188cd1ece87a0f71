"""A row of joined buttons of which one is pressed: the switch between a few views of one thing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QSizePolicy, QToolButton, QWidget

from widgets.theme import Look
from widgets.view import View


class Segmented(View):
    """``edited`` carries the key a person chose; :meth:`set_key` never emits.

    ``segments`` maps a key to a function that gives its text in the current language.
    """

    edited = Signal(str)

    def __init__(self, look: Look, segments: dict[str, Callable[[], str]], parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._segments = segments
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._grid = layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for column, key in enumerate(segments):
            button = QToolButton(self)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setProperty("key", key)
            self._group.addButton(button)
            self._buttons[key] = button
            layout.addWidget(button, 0, column)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        next(iter(self._buttons.values())).setChecked(True)
        self._group.buttonClicked.connect(self._on_clicked)
        self.retranslate()
        self.retheme()

    @property
    def key(self) -> str:
        """The segment that is pressed."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_columns(self, columns: int) -> None:
        """Stand in rows of so many segments."""
        for index, button in enumerate(self._buttons.values()):
            self._grid.addWidget(button, index // columns, index % columns)

    def wanted_width(self) -> int:
        """The pixels all segments take in one row."""
        return sum(button.sizeHint().width() for button in self._buttons.values())

    def button(self, key: str) -> QToolButton:
        """The button of one segment."""
        return self._buttons[key]

    def set_key(self, key: str) -> None:
        """Press ``key``'s button without emitting."""
        self._buttons[key].setChecked(True)

    def show_only(self, keys: tuple[str, ...]) -> None:
        """Offer only ``keys``; when the pressed one is not among them, press the first."""
        hidden_first = sorted(self._buttons, key=keys.__contains__)  # all at once would widen the panel for good
        for key in hidden_first:
            self._buttons[key].setVisible(key in keys)
        if self.key not in keys:
            self.set_key(keys[0])

    def retranslate(self) -> None:
        for key, button in self._buttons.items():
            button.setText(self._segments[key]())
            button.setAccessibleName(self._segments[key]())

    def retheme(self) -> None:
        for button in self._buttons.values():
            button.setFont(self.look.theme.font(9))

    def _on_clicked(self, button: QToolButton) -> None:
        self.edited.emit(str(button.property("key")))
