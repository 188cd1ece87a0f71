"""The large histogram: whatever its range and text size, no text runs into another."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from simulations.nn.description import LayerInfo
from simulations.probes.answers import HistogramCell, LayerRow
from simulations.probes.histogram import Bins, histogram
from tests.widgets.texts import TextRecorder, touching
from widgets.plots.histogram_large import CellPlot
from widgets.theme import LIGHT, Look, Theme

INFO = LayerInfo("conv2d 1", "conv2d", 1, (8, 8, 16), 160, 9216)
VALUES = np.where(np.arange(1000) % 10 < 3, 0.0, np.linspace(-1.0, 1.0, 1000)).astype(np.float32)


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
@pytest.mark.parametrize(
    "bins", [Bins(-0.0015, 0.0015), Bins(-1.5, 1.5), Bins(-1e-7, 1e-7, "symlog", 1e-10), Bins(0.0, 4000.0)]
)
def test_no_text_touches_another(qtbot: QtBot, scale: float, bins: Bins) -> None:
    plot = CellPlot(Look(LIGHT))
    qtbot.addWidget(plot)
    shown = HistogramCell(histogram(VALUES * bins.high, bins), None)
    plot.show_cell(
        INFO, LayerRow("conv2d 1", {"gradients": shown}, np.nan, np.zeros((0, 2)), np.nan), "gradients", 1, False
    )
    image = QImage(560, 300, QImage.Format.Format_RGB32)
    painter = TextRecorder(image)
    plot.draw(painter, QRectF(image.rect()), Theme("light", scale))
    painter.end()
    assert any("30%" in text for text, _box in painter.texts)
    assert not touching(painter.texts, 4)
    assert any("symlog" in text for text, _box in painter.texts) is (bins.scale == "symlog"), "an uneven axis says so"
