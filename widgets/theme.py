"""Colours, fonts and pens by role: the one place that decides how GradLab looks.

A view asks ``theme.color("series.train")``, never for a colour by value, so both palettes, projector mode and the light
background of an export are a change of theme and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QPalette, QPen

# role: (light, dark); series colours are Okabe–Ito, those of racers moved from there until all eight are far apart
_ROLES: Final[dict[str, tuple[str, str]]] = {
    "window": ("#F6F7F9", "#16191D"),
    "panel": ("#FFFFFF", "#1E2227"),
    "border": ("#DFE3E8", "#2E343B"),
    "text": ("#1B1F24", "#E8EBEF"),
    "text.secondary": ("#5B6573", "#98A2AE"),
    "grid": ("#E9ECF0", "#2A3037"),
    "accent": ("#2F6FDE", "#6EA8FE"),
    "selection": ("#DCE8FF", "#24406B"),
    "series.train": ("#0072B2", "#56B4E9"),
    "series.validation": ("#D55E00", "#E69F00"),
    "quantity.activations": ("#0072B2", "#2E96D1"),
    "quantity.gradients": ("#CC79A7", "#DB97BD"),
    "quantity.weights": ("#009E73", "#26BA92"),
    "quantity.updates": ("#E69F00", "#F2B233"),
    "sign.negative": ("#2166AC", "#5AA2E0"),
    "sign.zero": ("#F7F7F7", "#23282E"),
    "sign.positive": ("#D6791B", "#F0A04B"),
    "state.good": ("#009E73", "#2DC99B"),
    "state.attention": ("#B57B00", "#E6B53C"),
    "state.bad": ("#D55E00", "#FF7A45"),
    "class.0": ("#0072B2", "#56B4E9"),
    "class.1": ("#D55E00", "#F0803C"),
    "class.2": ("#009E73", "#2DC99B"),
    "class.3": ("#CC79A7", "#DB97BD"),
    "class.4": ("#B57B00", "#E6B53C"),
    "class.5": ("#56B4E9", "#8FD0F5"),
    "class.6": ("#8C6BB1", "#B79AD6"),
    "class.7": ("#7A7F87", "#A9B0BA"),
    "class.8": ("#A65628", "#CF8557"),
    "class.9": ("#4D7C0F", "#9CC653"),
    "racer.0": ("#1E6EDB", "#3C82F6"),
    "racer.1": ("#D93C0D", "#F17F09"),
    "racer.2": ("#01846A", "#61F0A9"),
    "racer.3": ("#E88CA6", "#B16CA2"),
    "racer.4": ("#B4AD04", "#EEDF44"),
    "racer.5": ("#44B4F8", "#A0DCFA"),
    "racer.6": ("#72008C", "#BC96FF"),
    "racer.7": ("#454240", "#A0A6A1"),
}

FONT_FAMILIES: Final = [
    "Inter", "Segoe UI", "SF Pro Text", "Helvetica Neue", "DejaVu Sans",
    "Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei",
]  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """A palette at a text scale. ``name`` is ``light`` or ``dark``; ``scale`` 1.25 is the 125 % font size.

    ``stroke`` is how many device pixels one pixel of a cosmetic pen takes: cosmetic pens do not grow with the painter,
    so a picture drawn at three times its size asks for 3 here. ``weight`` is how many times as wide as on a desk
    strokes are: more for a projector. What it hands out is shared: copy before changing it.
    """

    name: str = "light"
    scale: float = 1.0
    stroke: float = 1.0
    weight: float = 1.0

    @property
    def is_dark(self) -> bool:
        return self.name == "dark"

    def color(self, role: str, alpha: float = 1.0) -> QColor:
        """The colour of ``role`` with opacity ``alpha`` (0…1)."""
        return _color(_ROLES[role][self.is_dark], alpha)

    def class_color(self, index: int, alpha: float = 1.0) -> QColor:
        """The colour a data set's class keeps in every panel."""
        return self.color(f"class.{index % 10}", alpha)

    def racer_color(self, index: int, alpha: float = 1.0) -> QColor:
        """One of the eight colours of racers."""
        return self.color(f"racer.{index % 8}", alpha)

    def pen(self, role: str, width: float = 1.0, alpha: float = 1.0) -> QPen:
        """A cosmetic pen of ``width`` pixels."""
        return _pen(_ROLES[role][self.is_dark], self.stroke_width(width), alpha)

    def hairline(self, role: str) -> QPen:
        """For thousands of pieces of line: one opaque pixel, for a projector, too, as a wider pen costs ten times as much."""
        return _pen(_ROLES[role][self.is_dark], self.stroke, 1.0)

    def stroke_width(self, width: float) -> float:
        """What a cosmetic pen of ``width`` pixels is told."""
        return width * self.stroke * self.weight

    def brush(self, role: str, alpha: float = 1.0) -> QBrush:
        return _brush(_ROLES[role][self.is_dark], alpha)

    def font(self, size: float = 10.0, *, bold: bool = False) -> QFont:
        """The house font at ``size`` points (before scale), with digits of equal width."""
        return _font(size * self.scale, bold)

    def px(self, pixels: float) -> int:
        """A length in pixels that grows with the text."""
        return round(pixels * self.scale)

    def palette(self) -> QPalette:
        """The Qt palette of the whole application."""
        palette = QPalette()
        role = QPalette.ColorRole
        for target, name in (
            (role.Window, "window"), (role.Base, "panel"), (role.AlternateBase, "window"), (role.Button, "panel"),
            (role.ToolTipBase, "panel"), (role.WindowText, "text"), (role.Text, "text"), (role.ButtonText, "text"),
            (role.ToolTipText, "text"), (role.Highlight, "selection"), (role.HighlightedText, "text"),
            (role.Link, "accent"), (role.PlaceholderText, "text.secondary"), (role.Mid, "border"),
            (role.Midlight, "border"), (role.Dark, "border"), (role.Light, "panel"), (role.Shadow, "border"),
            (role.Accent, "accent"),
        ):  # fmt: skip
            palette.setColor(target, self.color(name))
        for target in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, target, self.color("text.secondary", 0.6))
        return palette


# Kept, because a pen that dies in the middle of a paint hands the interpreter to the simulation thread.


@lru_cache(maxsize=1024)
def _color(name: str, alpha: float) -> QColor:
    color = QColor(name)
    color.setAlphaF(alpha)
    return color


@lru_cache(maxsize=1024)
def _brush(name: str, alpha: float) -> QBrush:
    return QBrush(_color(name, alpha))


@lru_cache(maxsize=1024)
def _pen(name: str, width: float, alpha: float) -> QPen:
    pen = QPen(_color(name, alpha), width)
    pen.setCosmetic(True)
    return pen


@lru_cache(maxsize=256)
def _font(points: float, bold: bool) -> QFont:
    font = QFont(FONT_FAMILIES)
    font.setPointSizeF(points)
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


LIGHT: Final = Theme("light")
DARK: Final = Theme("dark")


class Look(QObject):
    """The theme in force, handed to every view; ``changed`` says to paint again."""

    changed = Signal()

    def __init__(self, theme: Theme = LIGHT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def theme(self) -> Theme:
        return self._theme

    def set_theme(self, theme: Theme) -> None:
        """Use ``theme`` from now on; every view hears of it."""
        if theme != self._theme:
            self._theme = theme
            self.changed.emit()


def follows_dark_system(scheme: Qt.ColorScheme) -> bool:
    """Whether the system asks for a dark window."""
    return scheme == Qt.ColorScheme.Dark
