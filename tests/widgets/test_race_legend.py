"""The names of racers stand where they cover no path."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF

from widgets.plots.race_legend import corners, covered


@pytest.mark.parametrize("corner", range(4))
def test_the_names_stand_in_the_corner_that_is_free(corner: int) -> None:
    plane = QRectF(0, 0, 400, 300)
    boxes = corners(plane, QSizeF(120, 80))
    middles = np.array([one.center().toTuple() for i, one in enumerate(boxes) if i != corner])
    rows = np.concatenate([middles[:-1], middles[1:]], axis=1)
    covers = [covered(rows, one) for one in boxes]
    assert covers[corner] == 0
    assert all(one > 0 for i, one in enumerate(covers) if i != corner)
