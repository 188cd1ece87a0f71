"""The matrix panel: its numbers are a problem of their own, and what it draws it exports."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from simulations.documents.race import RaceSpec
from simulations.surfaces.base import SURFACES
from tests.widgets.race_double import snapshot_for
from widgets.panels.race.matrix import MatrixPanel
from widgets.plots.map_axes import FONT_PT
from widgets.plots.matrix import HEAD_LINES
from widgets.theme import DARK, LIGHT, Look, Theme

SPEC = RaceSpec("", (), SURFACES["sphere"](), 1.0, 1.0, 5)


@pytest.fixture
def panel(qtbot):
    found = MatrixPanel(Look(LIGHT))
    qtbot.addWidget(found)
    found.resize(350, 680)
    found.show()
    return found


def test_every_method_is_drawn_and_exported(panel):
    assert panel.plots() == ()
    panel.render(snapshot_for(panel, SPEC))
    (plot,) = panel.plots()
    table = plot.table()
    assert len(set(table.columns["method"])) == 4
    assert len(table.columns["step"]) == 4 * 201
    assert np.isnan(table.columns["update's singular value 1"][0])
    for quantity in ("weights", "updates"):
        panel._quantity.button(quantity).click()
        for theme in (LIGHT, DARK):
            image = QImage(350, 600, QImage.Format.Format_RGB32)
            painter = QPainter(image)
            plot.draw(painter, QRectF(image.rect()), theme)
            painter.end()
            assert image.pixelColor(1, 1) == theme.color("panel")


@pytest.mark.parametrize(("name", "value"), [("condition", 5.0), ("muon_rate", 10.0), ("steps", 20), ("seed", 3)])
def test_every_setting_asks_for_other_runs_and_they_are_drawn(panel, qtbot, name, value):
    before = panel.probes()
    with qtbot.waitSignal(panel.probesChanged):
        panel._form.fields()[name].edited.emit(value)
    assert panel.probes() != before
    panel.render(snapshot_for(panel, SPEC))
    assert getattr(panel._view._answer.problem, name) == value
    panel.grab()


def test_runs_appear_one_after_the_other(panel):
    panel.render(snapshot_for(panel, SPEC, first_only=True))
    assert len(panel._view._answer.runs) == 1
    panel.grab()


def test_the_task_is_said_with_today_s_number(panel):
    assert "1000 times as often" in panel._task.text()
    panel._form.fields()["condition"].edited.emit(5.0)
    assert "5 times as often" in panel._task.text()


def test_it_fits_beside_the_plane_at_large_text(qtbot):
    found = MatrixPanel(Look(Theme("light", 1.5)))
    qtbot.addWidget(found)
    assert found.minimumSizeHint().width() <= 300


def test_a_head_has_air_above_chinese_letters_too(qtbot):
    for scale in (1.0, 1.25, 1.5):
        font = QFontMetricsF(dataclasses.replace(LIGHT, scale=scale).font(FONT_PT))
        needed = font.boundingRect(QRectF(0, 0, 1000, 1000), 0, "动量 0.1").height()
        assert HEAD_LINES * font.height() >= needed + 2
