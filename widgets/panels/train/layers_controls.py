"""The Layers panel's few controls: scales of both axes, which cells share a range, and which gradient is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QStyle, QStyleOptionComboBox, QWidget

from widgets.text import _
from widgets.theme import Look
from widgets.view import View

Choice = tuple[str, Callable[[], str]]


class ChoiceBox(QComboBox):
    """A combo box of keys, as wide as the choice it shows; ``chosen`` carries the key a person picked."""

    chosen = Signal(str)

    def __init__(self, name: Callable[[], str], choices: tuple[Choice, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._choices = choices
        for key, _text in choices:
            self.addItem("", key)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._on_activated)
        self.currentTextChanged.connect(self._on_text_changed)

    @property
    def key(self) -> str:
        return str(self.currentData())

    def set_key(self, key: str) -> None:
        """Show ``key`` without emitting ``chosen``."""
        self.setCurrentIndex(self.findData(key))

    def sizeHint(self) -> QSize:
        """A header has no room for what might be chosen."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        text = self.fontMetrics().size(0, self.currentText())
        return self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, text, self)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def showPopup(self) -> None:
        """The list is as wide as its longest choice."""
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * view.frameWidth())
        super().showPopup()

    def retranslate(self) -> None:
        for index, (_key, text) in enumerate(self._choices):
            self.setItemText(index, text())
        self.setAccessibleName(self._name())
        self.setToolTip(self._name())

    def _on_text_changed(self, _text: str) -> None:
        self.updateGeometry()

    def _on_activated(self, index: int) -> None:
        self.chosen.emit(str(self.itemData(index)))


class LayersControls(View):
    """``edited`` says that one of the four choices was made; they are read from the attributes."""

    edited = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.scale = ChoiceBox(
            lambda: _("Value axis; auto is symlog for gradients and linear for the rest"),
            (("auto", lambda: _("x auto")), ("linear", lambda: _("x linear")), ("symlog", lambda: _("x symlog"))),
            self,
        )
        self.counts = ChoiceBox(
            lambda: _("Count axis"), (("linear", lambda: _("y linear")), ("log", lambda: _("y log"))), self
        )
        self.share = ChoiceBox(
            lambda: _("Which cells have the same range of values; auto shares one among the gradients"),
            (
                ("auto", lambda: _("ranges auto")),
                ("cell", lambda: _("own ranges")),
                ("column", lambda: _("range per column")),
                ("all", lambda: _("one range for all")),
            ),
            self,
        )
        self.gradient_of = ChoiceBox(
            lambda: _("Gradient of the loss with respect to each layer's outputs or weights"),
            (("outputs", lambda: _("∂ outputs")), ("weights", lambda: _("∂ weights"))),
            self,
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for box in self.boxes():
            layout.addWidget(box)
            box.chosen.connect(self._on_chosen)
        self.retranslate()
        self.retheme()

    def boxes(self) -> tuple[ChoiceBox, ...]:
        return self.scale, self.counts, self.share, self.gradient_of

    def retranslate(self) -> None:
        for box in self.boxes():
            box.retranslate()

    def retheme(self) -> None:
        for box in self.boxes():
            box.setFont(self.look.theme.font(9))
            box.setFixedHeight(self.look.theme.px(24))

    def _on_chosen(self, _key: str) -> None:
        self.edited.emit()
