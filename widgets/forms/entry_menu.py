"""A searchable list of a family's members, each with its sentence, under headings if wished: type, arrow, Enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

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
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPixmap, QStandardItem, QStandardItemModel
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

from simulations.core.registry import Entry, Registry
from widgets.text import _
from widgets.theme import Look, Theme

Picture: TypeAlias = Callable[[str, Theme], QPixmap]  # of a kind
_PICTURE_PX: Final = (56, 42)
_KIND, _SUMMARY, _WORDS = (Qt.ItemDataRole.UserRole + i for i in range(3))


class _EntryDelegate(QStyledItemDelegate):
    """A name in bold and its sentence below, wrapped; on their left a picture, if there is one."""

    def __init__(self, look: Look, picture: Picture | None, parent: QObject) -> None:
        super().__init__(parent)
        self._look, self._picture = look, picture

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        theme = self._look.theme
        if index.data(_KIND) is None:
            return QSize(theme.px(300), QFontMetrics(theme.font(9)).height() + theme.px(10))
        room = QRect(self._indent_px(), 0, theme.px(300) - self._indent_px(), 1000)
        wrapped = self._sentence_rect(room, index.data(_SUMMARY)).height()
        height = QFontMetrics(theme.font(10, bold=True)).height() + wrapped
        return QSize(theme.px(300), max(height, theme.px(_PICTURE_PX[1]) if self._picture else 0) + theme.px(10))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, rect = self._look.theme, option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
        inside = rect.adjusted(theme.px(8), theme.px(5), -theme.px(8), 0)
        if index.data(_KIND) is None:
            painter.setPen(theme.color("accent"))
            painter.setFont(theme.font(9))
            painter.drawText(inside, Qt.AlignmentFlag.AlignTop, index.data())
            return
        if self._picture is not None:
            size = QSize(theme.px(_PICTURE_PX[0]), theme.px(_PICTURE_PX[1]))
            painter.drawPixmap(QRect(inside.topLeft(), size), self._picture(index.data(_KIND), theme))
            inside.setLeft(rect.left() + self._indent_px() + theme.px(8))
        painter.setPen(theme.color("text" if index.flags() & Qt.ItemFlag.ItemIsEnabled else "text.secondary"))
        painter.setFont(theme.font(10, bold=True))
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, index.data())
        painter.setPen(theme.color("text.secondary"))
        painter.setFont(theme.font(9))
        inside.setTop(inside.top() + QFontMetrics(theme.font(10, bold=True)).height())
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, index.data(_SUMMARY))

    def _indent_px(self) -> int:
        return self._look.theme.px(_PICTURE_PX[0] + 8) if self._picture else 0

    def _sentence_rect(self, rect: QRect, sentence: str) -> QRect:
        theme = self._look.theme
        inside = rect.adjusted(theme.px(8), 0, -theme.px(8), 0)
        return QFontMetrics(theme.font(9)).boundingRect(inside, Qt.TextFlag.TextWordWrap, sentence)


class EntryMenu(QFrame):
    """A popup over ``registry``; ``chosen`` carries the kind a person picked.

    ``group`` says under which heading (marked for translation) a kind stands, ``picture`` draws it. Kinds that are
    :meth:`refuse`d cannot be picked, and say why.
    """

    chosen = Signal(str)

    def __init__(
        self,
        look: Look,
        registry: Registry[Any],
        parent: QWidget | None = None,
        *,
        group: Callable[[str], str] | None = None,
        picture: Picture | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._look, self._registry, self._group = look, registry, group
        self._reasons: Mapping[str, str] = {}
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
        self.list.setItemDelegate(_EntryDelegate(look, picture, self.list))
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

    def refuse(self, reasons: Mapping[str, str]) -> None:
        """From now on the kinds in ``reasons`` cannot be picked."""
        self._reasons = reasons

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
        groups: dict[str, list[QStandardItem]] = {}
        for entry in self._registry:
            groups.setdefault(self._group(entry.kind) if self._group else "", []).append(self._item(entry))
        for heading, items in groups.items():
            if heading:
                self._model.appendRow(_heading(_(heading), items))
            for item in items:
                self._model.appendRow(item)

    def _item(self, entry: Entry[Any]) -> QStandardItem:
        item = QStandardItem(_(entry.label))
        reason = self._reasons.get(entry.kind, "")
        item.setEditable(False)
        item.setEnabled(not reason)
        item.setData(entry.kind, _KIND)
        item.setData("\n".join(line for line in (_(entry.summary), reason) if line), _SUMMARY)
        words = (entry.kind, entry.label, entry.summary, _(entry.label), _(entry.summary))
        item.setData(" ".join(words), _WORDS)
        return item

    def _is_open_to_choice(self, row: int) -> bool:
        return bool(self._filter.flags(self._filter.index(row, 0)) & Qt.ItemFlag.ItemIsEnabled)

    def _step(self, step: int) -> None:
        rows = [row for row in range(self._filter.rowCount()) if self._is_open_to_choice(row)]
        now = self.list.currentIndex().row()
        ahead = [row for row in rows if (row - now) * step > 0]
        if ahead:
            self.list.setCurrentIndex(self._filter.index(ahead[0] if step > 0 else ahead[-1], 0))

    def _on_search_changed(self, text: str) -> None:
        self._filter.setFilterFixedString(text)
        rows = [row for row in range(self._filter.rowCount()) if self._is_open_to_choice(row)]
        first = min(rows, key=lambda row: _fit(text.casefold(), self._filter.index(row, 0)), default=-1)
        self.list.scrollToTop()
        self.list.setCurrentIndex(self._filter.index(first, 0))

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.isValid() and self._is_open_to_choice(index.row()):
            self.hide()
            self.chosen.emit(index.data(_KIND))


def _fit(text: str, index: QModelIndex) -> int:
    """How well an entry answers ``text``, 0 best: it is its name, its name begins so or holds it, or its sentence does."""
    name = index.data().casefold()
    fits = (text in (name, index.data(_KIND)), name.startswith(text), text in name, True)
    return fits.index(True)


def _heading(text: str, items: list[QStandardItem]) -> QStandardItem:
    """A line that cannot be chosen and stays while one of ``items`` does."""
    heading = QStandardItem(text)
    heading.setEnabled(False)
    heading.setData(" ".join(item.data(_WORDS) for item in items), _WORDS)
    return heading
