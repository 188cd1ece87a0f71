"""Every panel, empty and full, light and dark, in both languages: something is drawn, every plot exports, Qt is content."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.exporters import EXPORTERS, ExportOptions, export_plot
from app.exporters.base import Animation
from tests.architecture.conftest import STAGES, Stage
from tests.architecture.words import untranslated
from widgets import panels
from widgets.panel import PANELS, Panel
from widgets.theme import DARK, LIGHT, Look, Theme

panels.load()

CASES = pytest.mark.parametrize(
    ("kind", "stage"),
    [(entry.kind, name) for entry in PANELS for name in STAGES[entry.cls.workspace]],
    indirect=["stage"],
)


def make(kind: str, qtbot: Any, theme: Theme) -> Panel:
    QApplication.setPalette(theme.palette())
    panel = PANELS[kind](Look(theme))  # type: ignore[call-arg]  # every panel takes its look alone
    qtbot.addWidget(panel)
    panel.resize(460, 360)
    panel.show()
    return panel


def colours(panel: Panel) -> int:
    image: QImage = panel.grab().toImage()
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@CASES
def test_an_empty_panel_is_drawn(qtbot: Any, language: str, kind: str, theme: Theme, stage: Stage) -> None:
    panel = make(kind, qtbot, theme)
    stage.open_document(panel)
    qtbot.waitUntil(lambda: colours(panel) > 1)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@CASES
def test_a_full_panel_is_drawn(qtbot: Any, language: str, kind: str, theme: Theme, stage: Stage) -> None:
    panel = make(kind, qtbot, theme)
    stage.fill(panel)
    qtbot.waitUntil(lambda: colours(panel) > 1)


@CASES
def test_every_plot_of_a_panel_exports_to_every_format(qtbot: Any, tmp_path: Path, kind: str, stage: Stage) -> None:
    panel = make(kind, qtbot, LIGHT)
    stage.fill(panel)
    for plot in panel.plots():
        lengths = {len(column) for column in plot.table().columns.values()}
        assert len(lengths) <= 1
        for format_kind in EXPORTERS.kinds():
            file = tmp_path / f"{plot.plot_id}.{format_kind}"
            if EXPORTERS[format_kind]().suits(plot):
                export_plot(plot, file, ExportOptions(1, caption="seed 0", animation=Animation(0.1)))
                assert file.stat().st_size > 0


@CASES
def test_the_svg_of_a_plot_holds_its_words(qtbot: Any, tmp_path: Path, kind: str, stage: Stage) -> None:
    panel = make(kind, qtbot, LIGHT)
    stage.fill(panel)
    for plot in panel.plots():
        export_plot(plot, tmp_path / "a.svg", ExportOptions(caption="seed 0"))
        written = re.findall(r"<text[^>]*>([^<]*)</text>", (tmp_path / "a.svg").read_text("utf-8"))
        assert len(written) > 2, "title and caption alone: the axes have lost their words"


@CASES
def test_a_panel_speaks_chinese(qtbot: Any, chinese: None, kind: str, stage: Stage) -> None:
    panel = make(kind, qtbot, LIGHT)
    stage.fill(panel)
    assert not untranslated(panel)
