"""What an exporter is: a way to turn a plot into the bytes of a file. Nothing here knows a panel or a disk."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar

from simulations.core.registry import Registry
from simulations.core.text import N_
from widgets.plot import Plot
from widgets.theme import LIGHT, Theme


@dataclass(frozen=True)
class Animation:
    """How a plot moves: all its moments pass in ``seconds``, then the last one stands for ``hold_s``."""

    seconds: float = 8.0
    frames_per_second: int = 20
    loops: bool = True
    hold_s: float = 1.5


@dataclass(frozen=True)
class ExportOptions:
    """How a plot is written.

    ``scale`` is device pixels per screen pixel, 1…4, for pictures made of pixels. ``light`` draws on white paper
    whatever the window looks like; otherwise ``theme``, the window's, is used. An empty ``caption`` draws none.
    """

    scale: int = 2
    light: bool = True
    caption: str = ""
    theme: Theme = field(default=LIGHT)
    animation: Animation = field(default=Animation())

    def theme_for(self, stroke: float = 1.0) -> Theme:
        """The theme to draw with on a device of ``stroke`` device pixels per pixel."""
        return replace(self.theme, name="light" if self.light else self.theme.name, stroke=stroke)


class Exporter(ABC):
    """One file format. ``kind`` is also the file's ending."""

    kind: ClassVar[str]
    draws: ClassVar[bool] = True  # False: the numbers; background and pixels mean nothing to it
    has_pixels: ClassVar[bool] = False  # True: ``scale`` matters
    moves: ClassVar[bool] = False  # True: ``animation`` matters

    def suits(self, plot: Plot) -> bool:
        """Whether ``plot`` can be written like this."""
        return True

    @abstractmethod
    def encode(self, plot: Plot, options: ExportOptions) -> bytes:
        """The whole content of the file."""

    def parts(self, plot: Plot, options: ExportOptions) -> Iterator[tuple[float, bytes]]:
        """The content in parts that take a moment each, with the share that is done then."""
        yield 1.0, self.encode(plot, options)


EXPORTERS: Registry[Exporter] = Registry(N_("export format"))
