"""The names of the racers inside their plane, in the corner where they cover least of what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter

from simulations.core.arrays import FloatArray
from widgets.plots.anatomy_marks import Chip, factor_words
from widgets.plots.batch import Lines
from widgets.plots.picture import metrics
from widgets.plots.plane_frame import FONT_PT, Frame
from widgets.plots.race_lines import clipped, dashed, pixels
from widgets.plots.race_paths import STRONG, PathStore, Runners, path_pen, starts_of
from widgets.plots.race_words import draw_box
from widgets.racers import DASHES, racer_labels
from widgets.text import ngettext
from widgets.theme import Theme

_LINES: Final = Lines()  # the room of one serves all
_MOST: Final = 0.7  # of the plane's height
_LINE: Final = 18.0  # px of a racer's line
_MARK: Final = 40.0  # px of a path: so much does a start, a head or a note count that would be covered
_STAYS: Final = 2.0  # times the least that is covered, and some: a corner that covers no more than this is kept
_SOME: Final = 20.0  # px


def draw_legend(
    painter: QPainter, frame: Frame, theme: Theme, runners: Runners, store: PathStore, chips: Sequence[Chip]
) -> None:
    """Every visible racer's line and name, as many as have room, and what the ``chips`` of its step's arrows mean."""
    race, seen = runners.race, sorted(runners.seen())
    if race is None or not seen:
        return
    painter.save()
    painter.setFont(theme.font(FONT_PT))
    text = metrics(painter)
    line, gap, mark = text.height() + theme.px(2), theme.px(8), theme.px(_LINE + 8)
    room = max(1, int(_MOST * (frame.plane.height() - 4 * gap) / line) - len(chips))
    shown = seen if len(seen) <= room else seen[: max(room - 1, 1)]
    names = [racer_labels(race.spec)[one] for one in shown]
    if len(shown) < len(seen):
        count = len(seen) - len(shown)
        names.append(ngettext("and {count} more", "and {count} more", count).format(count=count))
    meanings = [factor_words(one.factor) for one in chips]
    width = max(
        [mark + text.horizontalAdvance(one) for one in names] + [text.horizontalAdvance(one) for one in meanings]
    )
    size = QSizeF(min(width + 2 * gap, frame.plane.width() - 2 * gap), (len(names) + len(meanings)) * line + gap)
    box = _place(frame, size, gap, runners, store, chips)
    draw_box(painter, box, theme)
    for i, name in enumerate([*names, *meanings]):
        y = box.top() + gap / 2 + (i + 0.5) * line
        if i < len(shown):
            racer = race.spec.racers[shown[i]]
            row = np.array([[box.left() + gap, y, box.left() + gap + theme.px(_LINE), y]])
            painter.setPen(path_pen(theme, racer.color, STRONG))
            _LINES.draw(painter, dashed(row, tuple(STRONG * one for one in DASHES[racer.dash])))
        painter.setPen(theme.color("text"))
        left = box.left() + gap + (mark if i < len(names) else 0)
        place = QRectF(left, y - line / 2, box.right() - gap / 2 - left, line)
        said = text.elidedText(name, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, said)
    painter.restore()


def _place(frame: Frame, size: QSizeF, gap: float, runners: Runners, store: PathStore, chips: Sequence[Chip]) -> QRectF:
    """The corner that covers least; the one it had before, unless that covers much more."""
    assert runners.race is not None
    paths = store.paths(frame, runners.race)
    rows = np.concatenate([paths.of(one, -1, runners.race.done) for one in runners.seen()])
    boxes = corners(frame.plane.adjusted(gap, gap, -gap, -gap), size)
    covers = [covered(rows, box) + _MARK * _marks_in(box, frame, runners, chips) for box in boxes]
    least = min(covers)
    if store.corner is None or covers[store.corner] > _STAYS * least + _SOME:
        store.corner = covers.index(least)
    return boxes[store.corner]


def _marks_in(box: QRectF, frame: Frame, runners: Runners, chips: Sequence[Chip]) -> int:
    """How many starts and notes a box would cover."""
    places = pixels(frame, np.array([(x, y) for _racer, x, y in starts_of(runners.spec)])).tolist()
    return sum(box.contains(x, y) for x, y in places) + sum(box.intersects(one.place) for one in chips)


def corners(plane: QRectF, size: QSizeF) -> list[QRectF]:
    """Boxes of ``size`` in the corners of ``plane``: upper left, upper right, lower left, lower right."""
    right, bottom = plane.right() - size.width(), plane.bottom() - size.height()
    return [QRectF(x, y, size.width(), size.height()) for y in (plane.top(), bottom) for x in (plane.left(), right)]


def covered(rows: FloatArray, box: QRectF) -> float:
    """How many pixels of the lines ``rows`` ``(m, 4)`` lie in ``box``."""
    inside, _is_inside = clipped(rows, box)
    return float(np.hypot(inside[:, 2] - inside[:, 0], inside[:, 3] - inside[:, 1]).sum())
