"""What can be exported: a picture that can be drawn on any painter, and the numbers in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter

from widgets.theme import Theme

if TYPE_CHECKING:
    from simulations.core.arrays import Array
    from simulations.documents.race import RacerSpec
    from simulations.surfaces.base import Point, Surface


@dataclass(frozen=True)
class Table:
    """The drawn numbers: named columns of equal length, one row a drawn thing. Names carry units, ``seconds [s]``."""

    columns: Mapping[str, Array]


class Plot(Protocol):
    """One exportable picture of a panel. ``draw`` is the same code that paints the screen."""

    @property
    def plot_id(self) -> str:
        """Stable and file-name safe, e.g. ``layers``."""

    def plot_title(self) -> str:
        """In the current language."""

    def plot_size(self) -> QSize:
        """The size it has on the screen now, in logical pixels."""

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Paint everything (axes, units, legend) into ``rect``; text as text, lines as lines."""

    def table(self) -> Table:
        """The numbers that are drawn, exactly."""


@runtime_checkable
class TitledPlot(Plot, Protocol):
    """A plot that writes its title in its own picture, so that a sheet need not write it once more."""

    writes_title: Literal[True]


@runtime_checkable
class MovingPlot(Plot, Protocol):
    """A plot that is a picture of one moment and can be drawn for every other, so that it can become an animation."""

    def moments(self) -> int:
        """How many there are; they are counted from 0."""

    def draw_moment(self, painter: QPainter, rect: QRectF, theme: Theme, moment: int) -> None:
        """Paint everything into ``rect`` as it is at ``moment``."""


@dataclass(frozen=True)
class Tried:
    """What a map was worked out with, for its caption: racers on a surface, so many steps each, from ``starts`` one by one; none
    where the map is one of starts."""

    surface: Surface
    racers: tuple[RacerSpec, ...]
    steps: int
    starts: tuple[Point, ...] = ()


@runtime_checkable
class ConfiguredPlot(Plot, Protocol):
    """A plot of something that was worked out beside the document, with settings of its own that its caption has to name."""

    def configuration(self) -> tuple[object, ...]:
        """What it shows was made with: surfaces, methods, and settings with declared hyperparameters."""
