"""One racer as a card of two lines: how it looks, what it is called, its rate, how it stands; below, all its settings."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar, Final, NamedTuple

from PySide6.QtCore import QLineF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QVBoxLayout, QWidget

from simulations.core.params import hyperparameters
from simulations.core.text import N_
from simulations.documents.race import RacerSpec
from simulations.documents.race_edits import with_method
from simulations.surfaces.base import Surface
from widgets.forms.card import CARD_KEYS, NO_MODIFIER, Card, Keys
from widgets.forms.controls import Button, ToolButton
from widgets.forms.form import ConfigForm
from widgets.icons import icon
from widgets.panels.race.place_field import PlaceField
from widgets.panels.race.racer_figures import Figures, figure_columns, figures_tip, paint_figures
from widgets.panels.race.rate_slider import RateSlider
from widgets.panels.race.refused import refused_on_a_plane
from widgets.racers import racer_pen, verdict_mark
from widgets.text import _
from widgets.theme import Look

START_LABEL: Final = N_("Move the start")
_TITLE_PT: Final = 9.5
_LINE_PX, _PAD_PX = 18, 4
_WIDE_PX: Final = 380  # from here on the slider stands beside the name
_SWATCH_PX, _EYE_PX, _LEFT_PX, _RIGHT_PX, _GAP_PX = 28, 20, 18, 26, 6
_SLIDER_SHARE: Final = 0.34
_FIELDS: Final = ("name", "optimizer", "schedule", "wrappers", "batch_size", "seed", "has_own_start")


class Shown(NamedTuple):
    """What a row shows: a racer, what it is called, where it runs, and the rate its surface suggests to its method."""

    racer: RacerSpec
    label: str
    surface: Surface
    around: float


class Swatch(ToolButton):
    """A piece of the racer's line, as a button."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.racer: RacerSpec | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QPainter(self), QStyleOptionToolButton()
        self.initStyleOption(option)
        self.style().drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, self)
        if self.racer is not None:
            painter.setPen(racer_pen(self._look.theme, self.racer, self._look.theme.px(3)))
            y = self.height() / 2
            painter.drawLine(QLineF(4, y, self.width() - 4, y))


class RacerRow(Card):
    """Wishes ``edited(racer, label, path)`` besides those of a card; ``asked`` may be ``look`` or ``eye``."""

    keys: ClassVar[Keys] = {**CARD_KEYS, (Qt.Key.Key_V, NO_MODIFIER): "eye", (Qt.Key.Key_C, NO_MODIFIER): "look"}

    edited = Signal(object, str, str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.shown: Shown | None = None
        self.figures: Figures | None = None
        self.form: ConfigForm | None = None
        self.place: PlaceField | None = None
        self.suggest: Button | None = None
        self._has_samples = False
        self._is_eye_open = True
        self.swatch = Swatch(look, self)
        self.eye = ToolButton(self)
        self.slider = RateSlider(self)
        self._column = QVBoxLayout(self)
        self.swatch.clicked.connect(self._on_swatch_clicked)
        self.eye.clicked.connect(self._on_eye_clicked)
        self.slider.edited.connect(self._on_rate_edited)
        self.retheme()

    # ---- what it shows -----------------------------------------------------------------------------------------------

    def show_racer(self, shown: Shown) -> None:
        """Show a racer in place; the open form keeps its controls."""
        before, self.shown = self.shown, shown
        racer = shown.racer
        if before is not None and before._replace(surface=shown.surface) == shown and self.form is None:
            return  # a parameter of the surface is being dragged
        self.swatch.racer = racer
        self.swatch.update()
        declared = next(one for one in hyperparameters(racer.optimizer) if one.name == "learning_rate")
        self.slider.show_rate(racer.optimizer.learning_rate, shown.around, declared)
        if self.form is not None:
            self._show_in_form(shown)
        if before is None or (before.label, before.racer.is_visible) != (shown.label, racer.is_visible):
            self.retranslate()
        self.update()

    def show_figures(self, figures: Figures | None) -> None:
        if figures == self.figures:
            return
        before, self.figures = self.figures, figures
        if before is None or figures is None or before.verdict != figures.verdict:
            self._name()
        self.update(self._figures_rect())

    @property
    def is_open(self) -> bool:
        return self.form is not None

    def set_open(self, is_open: bool) -> None:
        if is_open == self.is_open or self.shown is None:
            return
        if is_open:
            self._put_form(self.shown)
        else:
            self._drop_form()
        self.retranslate()
        self._fit()

    def _put_form(self, shown: Shown) -> None:
        self._has_samples = shown.surface.samples > 0
        fields = tuple(one for one in _FIELDS if one != "batch_size" or self._has_samples)
        self.form, self.place, self.suggest = (
            ConfigForm(self.look, fields, self),
            PlaceField(self.look, self),
            Button(self),
        )
        self.form.refuse(refused_on_a_plane())
        self.form.edited.connect(self._on_form_edited)
        self.place.edited.connect(self._on_place_edited)
        self.suggest.clicked.connect(self._on_suggest_clicked)
        for widget in (self.form, self.place, self.suggest):
            self._column.addWidget(widget)
        self._show_in_form(shown)

    def _show_in_form(self, shown: Shown) -> None:
        if self._has_samples != (shown.surface.samples > 0):
            self._drop_form()
            self._put_form(shown)
            return
        assert self.form is not None
        assert self.place is not None
        racer = shown.racer
        self.form.set_value(racer)
        self.place.setVisible(racer.has_own_start)
        self.place.show_place((racer.start_x, racer.start_y), shown.surface.view)

    def _drop_form(self) -> None:
        for widget in (self.form, self.place, self.suggest):
            if widget is not None:
                self._column.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self.form = self.place = self.suggest = None

    def retranslate(self) -> None:
        if self.shown is None:
            return
        self._name()
        racer = self.shown.racer
        names = (
            (self.swatch, _("Colour and dash (C)")),
            (self.eye, _("Hide its path (V)") if racer.is_visible else _("Show its path (V)")),
            (self.slider, _("Learning rate")),
        )
        for widget, name in names:
            widget.setAccessibleName(f"{name}, {self.shown.label}")
            widget.setToolTip(name)
        if self.suggest is not None:
            self.suggest.setText(_("Use the suggested rate"))
            self.suggest.setToolTip(
                _("The rate the surface suggests to methods of this kind, from its curvature and size.")
            )
        if racer.is_visible != self._is_eye_open:
            self._show_eye()

    def retheme(self) -> None:
        self._show_eye()
        self._fit()
        self._place()

    def _show_eye(self) -> None:
        is_visible = self._is_eye_open = self.shown is None or self.shown.racer.is_visible
        self.eye.setIcon(icon("eye" if is_visible else "eye_closed", self.look, "text.secondary"))

    def _name(self) -> None:
        if self.shown is not None:
            words = [verdict_mark(self.figures.verdict).words] if self.figures is not None else []
            self.setAccessibleName(", ".join((self.shown.label, *words)))

    # ---- geometry ----------------------------------------------------------------------------------------------------

    def header_px(self) -> int:
        return self.look.theme.px(self._lines() * _LINE_PX + 2 * _PAD_PX)

    def _lines(self) -> int:
        return 2 if self.width() >= self.look.theme.px(_WIDE_PX) else 3

    def sizeHint(self) -> QSize:
        return QSize(self.look.theme.px(220), self._column.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._column.minimumSize().width(), self.look.theme.px(180)), self.header_px())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        if self._column.contentsMargins().top() != self.header_px():
            self._fit()

    def _last_line(self) -> int:
        return self.look.theme.px(_PAD_PX + (self._lines() - 1) * _LINE_PX)

    def _figures_rect(self) -> QRect:
        px = self.look.theme.px
        return QRect(px(_LEFT_PX), self._last_line(), self.width() - px(_LEFT_PX + _RIGHT_PX), px(_LINE_PX))

    def _place(self) -> None:
        px = self.look.theme.px
        top, height = px(_PAD_PX), px(_LINE_PX)
        self.swatch.setGeometry(px(_LEFT_PX), top, px(_SWATCH_PX), height)
        self.eye.setGeometry(px(_LEFT_PX + _SWATCH_PX), top, px(_EYE_PX), height)
        self.eye.setIconSize(QSize(px(14), px(14)))
        right = self.width() - px(_RIGHT_PX)
        if self._lines() == 2:
            slider = round(_SLIDER_SHARE * self.width())
            self.slider.setGeometry(right - slider, top, slider, height)
        else:
            self.slider.setGeometry(px(_LEFT_PX), top + height, right - px(_LEFT_PX), height)

    def _fit(self) -> None:
        theme = self.look.theme
        side = theme.px(10)
        self._column.setContentsMargins(side, self.header_px(), side, theme.px(8) if self.is_open else 0)
        self._column.setSpacing(theme.px(6))
        self.updateGeometry()
        self.update()

    # ---- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter, shown = self.look.theme, QPainter(self), self.shown
        if self._figures_rect().contains(event.rect()):
            self.paint_ground(painter, event.rect())
            self._paint_figures(painter)
            return
        self.paint_frame(painter)
        if shown is None:
            return
        pad, line = theme.px(_PAD_PX), theme.px(_LINE_PX)
        header = QRectF(theme.px(8), pad, self.width() - theme.px(16), self._lines() * line)
        self.paint_grip(painter, header)
        self.paint_chevron(painter, header)
        left = theme.px(_LEFT_PX + _SWATCH_PX + _EYE_PX + _GAP_PX)
        right = self.slider.x() if self._lines() == 2 else self.width() - theme.px(_LEFT_PX)
        room = right - left - theme.px(_GAP_PX)
        painter.setFont(theme.font(_TITLE_PT, bold=True))
        painter.setPen(theme.color("text" if shown.racer.is_visible else "text.secondary"))
        title = fitted_title(shown.label, QFontMetricsF(painter.font()), room)
        painter.drawText(QRectF(left, pad, room, line), Qt.AlignmentFlag.AlignVCenter, title)
        self._paint_figures(painter)

    def _paint_figures(self, painter: QPainter) -> None:
        if self.figures is not None:
            theme = self.look.theme
            columns = figure_columns(theme, self.width(), self._last_line(), theme.px(_LINE_PX))
            paint_figures(painter, theme, columns, self.figures)

    def tip(self) -> str:
        """The row in words."""
        if self.shown is None:
            return ""
        return self.shown.label if self.figures is None else f"{self.shown.label}\n{figures_tip(self.figures)}"

    # ---- wishing -----------------------------------------------------------------------------------------------------

    def _on_swatch_clicked(self) -> None:
        self.asked.emit("look")

    def _on_eye_clicked(self) -> None:
        self.asked.emit("eye")

    def _on_suggest_clicked(self) -> None:
        self.asked.emit("suggest")

    def _on_rate_edited(self, rate: float) -> None:
        if self.shown is None or rate == self.shown.racer.optimizer.learning_rate:
            return
        self.selected.emit()
        racer = dataclasses.replace(self.shown.racer, optimizer=self.shown.racer.optimizer.at_rate(rate))
        declared = next(one for one in hyperparameters(racer.optimizer) if one.name == "learning_rate")
        self.edited.emit(racer, declared.label, f"optimizer.learning_rate {self.slider.gesture}")

    def _on_form_edited(self, racer: Any) -> None:
        if self.shown is None or self.form is None:
            return
        before = self.shown.racer
        if type(racer.optimizer) is not type(before.optimizer):
            racer = with_method(before, racer.optimizer, self.shown.surface)
        self.edited.emit(racer, self.form.last_label, self.form.last_key)

    def _on_place_edited(self, x: float, y: float) -> None:
        if self.shown is not None:
            self.edited.emit(dataclasses.replace(self.shown.racer, start_x=x, start_y=y), START_LABEL, "start")


def fitted_title(label: str, metrics: QFontMetricsF, room: float) -> str:
    """A racer's label in ``room``: what tells it from others of its method stands at the end, so it gives way in the middle."""
    return metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, room)
