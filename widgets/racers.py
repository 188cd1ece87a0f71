"""How a racer looks and what it is called, the same in every panel: its colour and dash, its name, the mark of its verdict."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtGui import QColor, QPen

from simulations.documents.race import RacerSpec
from simulations.racing.verdicts import Verdict
from simulations.surfaces.base import Surface
from widgets.racer_names import racer_label, racer_labels
from widgets.text import _
from widgets.theme import Theme

__all__ = [
    "DASHES",
    "VerdictMark",
    "judged_words",
    "racer_color",
    "racer_label",
    "racer_labels",
    "racer_pen",
    "verdict_mark",
]

# in widths of the pen; the first is a whole line
DASHES: Final[tuple[tuple[float, ...], ...]] = ((), (5.0, 3.0), (1.5, 2.5), (7.0, 2.5, 1.5, 2.5))


class VerdictMark(NamedTuple):
    """A verdict as a sign, the role of the sign's colour, and words in the current language."""

    sign: str
    role: str
    words: str


_MARKS: Final = {
    Verdict.CONVERGED: ("✓", "state.good"),
    Verdict.LOCAL_MINIMUM: ("◡", "state.attention"),
    Verdict.MOVING: ("…", "text.secondary"),
    Verdict.AT_SADDLE: ("▲", "state.attention"),
    Verdict.AT_REST: ("–", "text.secondary"),
    Verdict.LEFT: ("↗", "state.attention"),
    Verdict.DIVERGED: ("✕", "state.bad"),
}


def verdict_mark(verdict: Verdict) -> VerdictMark:
    sign, role = _MARKS[verdict]
    return VerdictMark(sign, role, _(verdict.value))


def judged_words(surface: Surface) -> str:
    """Which f racers are judged by, where there are several; empty where there is one."""
    if surface.is_judged_whole:
        return _("f: the mean over all steps, not the one this step saw")
    if surface.is_moving:
        return _("f: as it was in that step")
    return _("f: over all samples, whatever the batches") if surface.samples else ""


def racer_color(theme: Theme, racer: RacerSpec, alpha: float = 1.0) -> QColor:
    return theme.racer_color(racer.color, alpha)


def racer_pen(theme: Theme, racer: RacerSpec, width: float, alpha: float = 1.0) -> QPen:
    """A cosmetic pen of ``width`` pixels in the racer's colour and dash. Shared: copy before changing it."""
    return _pen(theme, racer.color, racer.dash, width, alpha)


@lru_cache(maxsize=512)
def _pen(theme: Theme, color: int, dash: int, width: float, alpha: float) -> QPen:
    pen = QPen(theme.racer_color(color, alpha), theme.stroke_width(width))
    pen.setCosmetic(True)
    if DASHES[dash]:
        pen.setDashPattern(DASHES[dash])
    return pen
