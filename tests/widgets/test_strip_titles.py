"""The titles over the columns of the layers: whole, and with their unit, where there is little room."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from tests.widgets.test_layers_panel import INFOS, answer
from tests.widgets.texts import TextRecorder
from widgets.plots.strip_paint import ChromePainter, StripContent
from widgets.theme import LIGHT

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("width", [380, 460, 545, 900])
def test_the_update_ratio_keeps_its_unit_where_its_column_is_narrow(width: int, scale: float) -> None:
    content = StripContent(answer(), INFOS, False, frozenset(), "outputs")
    image = QImage(round(width * scale), 600, QImage.Format.Format_RGB32)
    layout = content.layout(QRectF(image.rect()), dataclasses.replace(LIGHT, scale=scale))
    painter = TextRecorder(image)
    ChromePainter()._titles(painter, content, layout)
    painter.end()
    title, box = painter.texts[-1]
    assert "log10" in title
    assert "…" not in title
    assert box.left() >= image.width() - layout.update_width
    assert box.right() <= image.width()
