"""An update rule to read: every line in symbols, with today's numbers in their place, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPaintDevice,
    QPainter,
)
from PySide6.QtWidgets import QMenu, QWidget

from simulations.optimizers.figures import figure
from simulations.optimizers.worksheet import Part
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.anatomy import Anatomy
from widgets.plot import Table
from widgets.plots.math_text import MathText, lay_out
from widgets.plots.picture import Picture, draw_empty
from widgets.text import _
from widgets.theme import Look, Theme

_FORMULA_PT: Final = 10.0
_NUMBERS_PT: Final = 8.5
_MOST_VALUES: Final = 9  # of a search that are shown
_SENTENCE: Final = Qt.AlignmentFlag.AlignLeft.value | Qt.AlignmentFlag.AlignTop.value | Qt.TextFlag.TextWordWrap.value
_Device: TypeAlias = "QPaintDevice | None"


@dataclass(frozen=True)
class Placed:
    """A line of the rule and where it stands: its texts with size, role and top, and room for its sentence."""

    part: Part
    area: QRectF
    texts: tuple[tuple[MathText, float, str, float], ...]
    sentence: QRectF


class RuleLines(Picture):
    """``chosen`` carries the line a person pointed at; Ctrl+C copies it, or all where none is chosen."""

    plot_id = "rule"
    chosen = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: Anatomy | None = None
        self._part: int | None = None
        self._laid: tuple[object, list[Placed]] | None = None
        self.whose = ""  # the racer's name
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 40)
        self.retranslate()

    def plot_title(self) -> str:
        if self.whose:
            return _("The update rule of {racer}, line by line").format(racer=self.whose)
        return _("The update rule, line by line")

    def plot_size(self) -> QSize:
        return QSize(max(self.width(), 200), self._height(max(self.width(), 200)))

    def show_answer(self, answer: Anatomy | None, part: int | None) -> None:
        """Show the rule of ``answer`` with the line ``part`` brought out."""
        if (answer, part) == (self._answer, self._part):
            return
        self._answer, self._part = answer, part
        self._fit()
        if part is not None:
            self.setAccessibleDescription(self.text_of(part))
        self.refresh()

    def has_answer(self) -> bool:
        return self._answer is not None

    def text_of(self, part: int | None) -> str:
        """One line of the rule as plain text, or all of them."""
        if self._answer is None:
            return ""
        parts = self._answer.parts if part is None else self._answer.parts[part : part + 1]
        return "\n".join(_plain(one) for one in parts)

    def area_of(self, part: int) -> QRectF:
        """Where a line stands."""
        placed = self._lay_out(QRectF(self.rect()), self.look.theme)
        return placed[part].area if part < len(placed) else QRectF()

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self._answer is None:
            draw_empty(painter, rect, theme, "")
            return
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i, one in enumerate(self._lay_out(rect, theme, painter.device())):
            if i == self._part:
                painter.fillRect(one.area, theme.color("selection"))
                painter.fillRect(QRectF(one.area.left(), one.area.top(), 3, one.area.height()), theme.color("accent"))
            for text, points, role, top in one.texts:
                painter.setFont(theme.font(points))
                painter.setPen(theme.color(role))
                text.draw(painter, one.sentence.left(), top)
            if one.sentence.height():
                painter.setFont(theme.font(_NUMBERS_PT))
                painter.drawText(one.sentence, int(_SENTENCE), _(one.part.says))
        painter.setFont(theme.font(_NUMBERS_PT))
        painter.setPen(theme.color("text.secondary"))
        painter.drawText(self._note_area(rect, theme, painter.device()), int(_SENTENCE), note_on(self._answer))
        painter.restore()

    def table(self) -> Table:
        assert self._answer is not None
        parts = self._answer.parts
        columns = {
            "line": np.arange(1, len(parts) + 1),
            "of": np.array([one.owner or "method" for one in parts]),
            "symbols": np.array([one.symbols for one in parts]),
            "numbers": np.array([one.numbers for one in parts]),
            "result": np.array([" ".join(f"{x:.17g}" for x in np.ravel(one.value).tolist()) for one in parts]),
        }
        return Table(columns)

    def text_at(self, position: QPointF) -> str:
        found = self._at(position)
        return "" if found is None or self._answer is None else _(self._answer.parts[found].says)

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy(self._part)
            return
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is None or self._answer is None:
            super().keyPressEvent(event)
            return
        start = -1 if self._part is None else self._part
        self.chosen.emit(min(max(start + by, 0), len(self._answer.parts) - 1))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        found = self._at(QPointF(event.pos()))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if found is not None:
            menu.addAction(_("Copy this line"), lambda: self._copy(found))
        menu.addAction(_("Copy the rule"), lambda: self._copy(None))
        menu.popup(event.globalPos())

    def _copy(self, part: int | None) -> None:
        QGuiApplication.clipboard().setText(self.text_of(part))

    def _at(self, position: QPointF) -> int | None:
        placed = self._lay_out(QRectF(self.rect()), self.look.theme)
        return next((i for i, one in enumerate(placed) if one.area.contains(position)), None)

    def retranslate(self) -> None:
        self._laid = None
        super().retranslate()
        self._fit()

    def retheme(self) -> None:
        super().retheme()
        self._fit()

    def _fit(self) -> None:
        """Be as high as the rule is at this width."""
        high = self._height(self.width())
        if high != self.minimumHeight():
            self.setMinimumHeight(high)

    def _height(self, width: int) -> int:
        if self._answer is None:
            return 40
        return round(self._note_area(QRectF(0, 0, width, 10), self.look.theme).bottom()) + self.look.theme.px(6)

    def _note_area(self, rect: QRectF, theme: Theme, device: _Device = None) -> QRectF:
        """Below the last line."""
        assert self._answer is not None
        margin, placed = theme.px(10), self._lay_out(rect, theme, device)
        top = (placed[-1].area.bottom() if placed else rect.top()) + theme.px(6)
        width = rect.width() - 2 * margin
        high = _high(note_on(self._answer), theme.font(_NUMBERS_PT), width, device)
        return QRectF(rect.left() + margin, top, width, high)

    def _lay_out(self, rect: QRectF, theme: Theme, device: _Device = None) -> list[Placed]:
        """The lines in ``rect``; kept for the next question while nothing has changed."""
        if device is not None and device.logicalDpiX() == self.logicalDpiX():
            device = None  # the screen's own fonts
        key = (self._answer, self._part, rect.left(), rect.top(), rect.width(), theme, device)
        if self._laid is None or self._laid[0] != key:
            self._laid = (key, self._laid_out(rect, theme, device))
        return self._laid[1]

    def _laid_out(self, rect: QRectF, theme: Theme, device: _Device) -> list[Placed]:
        if self._answer is None:
            return []
        top, owner, placed = rect.top() + theme.px(2), None, []
        for i, part in enumerate(self._answer.parts):
            title = ""
            if part.owner != owner and len({one.owner for one in self._answer.parts}) > 1:
                title = WRAPPERS.entry(part.owner).label if part.owner else ""
                owner = part.owner
            one = self._place(part, title, i == self._part, QRectF(rect.left(), top, rect.width(), 0), theme, device)
            placed.append(one)
            top = one.area.bottom()
        return placed

    def _place(self, part: Part, title: str, is_current: bool, rect: QRectF, theme: Theme, device: _Device) -> Placed:
        margin, y = theme.px(10), rect.top() + theme.px(3)
        width = rect.width() - 2 * margin
        texts = []
        for text, points, role in (
            (_(title) if title else "", _NUMBERS_PT, "accent"),
            (part.symbols, _FORMULA_PT, "text"),
            (f"= {part.numbers}" if _adds(part) else "", _NUMBERS_PT, "text.secondary"),
            (f"= {part.result}", _NUMBERS_PT, "text"),
            (_found_on_the_way(part), _NUMBERS_PT, "text.secondary"),
        ):
            if text:
                laid = lay_out(text, width, _metrics(theme.font(points), device))
                texts.append((laid, points, role, y))
                y += laid.height
        sentence = QRectF(rect.left() + margin, y, width, 0)
        if is_current:
            sentence.setHeight(_high(_(part.says), theme.font(_NUMBERS_PT), width, device))
        area = QRectF(rect.left(), rect.top(), rect.width(), sentence.bottom() + theme.px(3) - rect.top())
        return Placed(part, area, tuple(texts), sentence)


def note_on(answer: Anatomy) -> str:
    """What there is to say of the step as a whole."""
    if not np.isfinite(answer.point).all():
        return _("The racer has left all finite numbers.")
    if answer.next_point is None:
        return _("The race ends here; this is the step that would follow.")
    if answer.step == 0:
        return _("The first step: nothing is remembered yet.")
    if np.array_equal(answer.point, answer.next_point):
        return _("The step is smaller than the last digit of θ: the racer stays where it is.")
    if answer.error == 0:
        return _("The last line is exactly where the race went.")
    error = figure(answer.error, 2)
    return _("The last line is where the race went, to within {error}.").format(error=error)


def _high(sentence: str, font: QFont, width: float, device: _Device) -> float:
    return _metrics(font, device).boundingRect(QRectF(0, 0, width, 1e4), int(_SENTENCE), sentence).height()


def _metrics(font: QFont, device: _Device) -> QFontMetricsF:
    return QFontMetricsF(font) if device is None else QFontMetricsF(font, device)


def _adds(part: Part) -> bool:
    """Whether the numbers say more than the result."""
    return bool(part.numbers) and part.numbers != part.result


def _found_on_the_way(part: Part) -> str:
    """The values a search met, in their order: ``f: 24 → 310 → 5.2``."""
    values = [figure(one.value) for one in part.trials if one.kind == "value"]
    if len(values) < 2:
        return ""
    shown = values if len(values) <= _MOST_VALUES else [*values[: _MOST_VALUES - 1], "…", values[-1]]
    return "f: " + " → ".join(shown)


def _plain(part: Part) -> str:
    numbers = f" = {part.numbers}" if _adds(part) else ""
    return f"{part.symbols}{numbers} = {part.result}"
