"""The readings beside the transport's buttons: what is shown of them is whole, and the status is never left out."""

from __future__ import annotations

import dataclasses
from typing import Any

from widgets.panels.train.transport import Readings
from widgets.theme import Look


def test_where_it_is_narrow_the_rates_give_way_to_the_status(qtbot: Any) -> None:
    readings = Readings(Look())
    qtbot.addWidget(readings)
    wanted, least = readings.sizeHint().width(), readings.minimumSizeHint().width()
    for width, shown in ((wanted, (0, 1, 2, 3, 4)), (wanted - 1, (0, 1, 2, 4)), (least, (0, 1, 4))):
        readings.resize(width, 40)
        assert readings.shown_columns() == shown
        assert sum(readings._widths[one] for one in shown) <= width


def test_a_larger_look_asks_for_more_room(qtbot: Any) -> None:
    look = Look()
    readings = Readings(look)
    qtbot.addWidget(readings)
    before = readings.sizeHint().width()
    look.set_theme(dataclasses.replace(look.theme, scale=1.5))
    assert readings.sizeHint().width() > before
