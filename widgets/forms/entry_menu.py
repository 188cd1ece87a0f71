"""A searchable list of a family's members, each with its sentence: type, arrow, Enter."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from simulations.core.registry import Registry
from widgets.text import _
from widgets.theme import Look

_KIND, _SUMMARY, _WORDS = (Qt.ItemDataRole.UserRole + i for i in range(3))


class _EntryDelegate(QStyledItemDelegate):
    """A name in bold and its sentence below, wrapped."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        theme = self._look.theme
        wrapped = self._sentence_rect(QRect(0, 0, theme.px(300), 1000), index.data(_SUMMARY)).height()
        return QSize(theme.px(300), QFontMetrics(theme.font(10, bold=True)).height() + wrapped + theme.px(10))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, rect = self._look.theme, option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font(10, bold=True))
        inside = rect.adjusted(theme.px(8), theme.px(5), -theme.px(8), 0)
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, index.data())
        painter.setPen(theme.color("text.secondary"))
        painter.setFont(theme.font(9))
        inside.setTop(inside.top() + QFontMetrics(theme.font(10, bold=True)).height())
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, index.data(_SUMMARY))

    def _sentence_rect(self, rect: QRect, sentence: str) -> QRect:
        theme = self._look.theme
        inside = rect.adjusted(theme.px(8), 0, -theme.px(8), 0)
        return QFontMetrics(theme.font(9)).boundingRect(inside, Qt.TextFlag.TextWordWrap, sentence)


class EntryMenu(QFrame):
    """A popup over ``registry``; ``chosen`` carries the kind a person picked."""

    chosen = Signal(str)

    def __init__(self, look: Look, registry: Registry[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._look, self._registry = look, registry
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self._model = QStandardItemModel(self)
        self._filter = QSortFilterProxyModel(self)
        self._filter.setSourceModel(self._model)
        self._filter.setFilterRole(_WORDS)
        self._filter.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list = QListView(self)
        self.list.setModel(self._filter)
        self.list.setItemDelegate(_EntryDelegate(look, self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.search)
        column.addWidget(self.list)
        self.search.textChanged.connect(self._on_search_changed)
        self.search.installEventFilter(self)
        self.list.clicked.connect(self._on_clicked)

    def open_at(self, place: QPoint) -> None:
        """Show the whole list above or below ``place`` (global), ready to be typed into."""
        self._fill()
        self.search.clear()
        self._on_search_changed("")
        theme = self._look.theme
        rows = sum(self.list.sizeHintForRow(row) for row in range(self._filter.rowCount()))
        self.resize(theme.px(336), min(theme.px(400), rows + self.search.sizeHint().height() + theme.px(28)))
        area = self.screen().availableGeometry()
        x = min(place.x(), area.right() - self.width())
        y = min(place.y(), area.bottom() - self.height())
        self.move(max(area.left(), x), max(area.top(), y))
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_clicked(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        self._model.clear()
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search"))
        self.list.setAccessibleName(_("Choices"))
        for entry in self._registry:
            item = QStandardItem(_(entry.label))
            item.setEditable(False)
            item.setData(entry.kind, _KIND)
            item.setData(_(entry.summary), _SUMMARY)
            words = (entry.kind, entry.label, entry.summary, _(entry.label), _(entry.summary))
            item.setData(" ".join(words), _WORDS)
            self._model.appendRow(item)

    def _step(self, step: int) -> None:
        row = max(0, min(self._filter.rowCount() - 1, self.list.currentIndex().row() + step))
        self.list.setCurrentIndex(self._filter.index(row, 0))

    def _on_search_changed(self, text: str) -> None:
        self._filter.setFilterFixedString(text)
        self.list.setCurrentIndex(self._filter.index(0, 0))

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.hide()
            self.chosen.emit(index.data(_KIND))
