"""The command palette: type a few letters, press Enter; every action of the menus is here."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRegularExpression, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from app.actions import Actions
from app.window_actions import MENUS, SUBMENUS
from widgets.text import _
from widgets.theme import Look

_SEARCHED = Qt.ItemDataRole.UserRole
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QDialog):
    """Lists what can be done now, narrowed by what is typed. ``chosen`` carries the action."""

    chosen = Signal(QAction)

    def __init__(self, actions: Actions, look: Look, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._actions = [actions[one.id] for one in actions.declared if actions[one.id].isEnabled()]
        rows = QStandardItemModel(self)
        for one in actions.declared:
            if actions[one.id].isEnabled():
                english = one.text if isinstance(one.text, str) else ""
                rows.appendRow(_item(_row(actions[one.id], one.menu), f"{one.id} {english}"))
        self._model = QSortFilterProxyModel(self)
        self._model.setSourceModel(rows)
        self._model.setFilterRole(_SEARCHED)
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(_("What do you want to do?"))
        self._search.setAccessibleName(_("Search commands"))
        self._search.setClearButtonEnabled(True)
        self._list = QListView(self)
        self._list.setModel(self._model)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setAccessibleName(_("Commands"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._search)
        layout.addWidget(self._list)
        self._nothing = QLabel(_("No command is called that."), self)
        self._nothing.setVisible(False)
        layout.addWidget(self._nothing)
        self.resize(look.theme.px(460), look.theme.px(380))
        self._select_first()
        self._search.installEventFilter(self)
        self._search.textChanged.connect(self._on_typed)
        self._search.returnPressed.connect(self._on_return)
        self._list.clicked.connect(self._on_clicked)

    def open_over(self, window: QWidget) -> None:
        """Show it in the upper middle of ``window``."""
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 96)
        self.show()
        self._search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
            row = self._list.currentIndex().row() + step[Qt.Key(event.key())]
            self._select(max(0, min(self._model.rowCount() - 1, row)))
            return True
        return super().eventFilter(watched, event)

    def _on_typed(self, text: str) -> None:
        self._model.setFilterRegularExpression(_with_every_word_of(text))
        self._nothing.setVisible(self._model.rowCount() == 0)
        self._select_first()

    def _on_return(self) -> None:
        self._run(self._list.currentIndex())

    def _on_clicked(self, index: QModelIndex) -> None:
        self._run(index)

    def _select_first(self) -> None:
        self._select(0)

    def _select(self, row: int) -> None:
        self._list.setCurrentIndex(self._model.index(row, 0))

    def _run(self, index: QModelIndex) -> None:
        if index.isValid():
            action = self._actions[self._model.mapToSource(index).row()]
            self.close()
            self.chosen.emit(action)


def _with_every_word_of(text: str) -> QRegularExpression:
    """Finds a row that has each word of ``text`` somewhere, in any order: "theme dark" is "Theme ▸ Dark"."""
    words = "".join(f"(?=.*{QRegularExpression.escape(word)})" for word in text.split())
    return QRegularExpression(f"^{words}", QRegularExpression.PatternOption.CaseInsensitiveOption)


def _item(row: str, english: str) -> QStandardItem:
    """A row that is found by what it says and by its English name, whatever the language."""
    item = QStandardItem(row)
    item.setData(f"{row} {english.replace('&', '')}", _SEARCHED)
    return item


def _row(action: QAction, menu: str) -> str:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    text = action.text().replace("&", "").removesuffix("…")
    if menu in SUBMENUS:
        text = f"{_(MENUS[menu])} ▸ {text}"
    return f"{text}    {keys}" if keys else text
