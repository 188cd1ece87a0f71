"""Every panel, empty and full, light and dark, in both languages: something is drawn, every plot exports, Qt is content."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.exporters import EXPORTERS, ExportOptions, export_plot
from simulations.nn.description import describe
from simulations.training.session import Session
from tests.architecture.conftest import Ask
from tests.architecture.words import untranslated
from widgets import panels
from widgets.panel import PANELS, Document, Panel
from widgets.theme import DARK, LIGHT, Look, Theme

panels.load()

_ROUNDS = 4  # a panel may ask for other probes once it has seen the first answers


def make(kind: str, qtbot: Any, theme: Theme) -> Panel:
    QApplication.setPalette(theme.palette())
    panel = PANELS[kind](Look(theme))  # type: ignore[call-arg]  # every panel takes its look alone
    qtbot.addWidget(panel)
    panel.resize(460, 360)
    panel.show()
    return panel


def open_document(panel: Panel, session: Session) -> None:
    spec = session.spec
    source = spec.data.source
    panel.show_document(Document(spec, describe(spec.layers, source.input_shape, spec.loss, source.targets)))


def fill(panel: Panel, session: Session, ask: Ask) -> None:
    """Show the session on ``panel`` the way the window does, until the panel asks for nothing new."""
    open_document(panel, session)
    for _ in range(_ROUNDS):
        panel.render(ask(panel.probes()))


def colours(panel: Panel) -> int:
    image: QImage = panel.grab().toImage()
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", PANELS.kinds())
def test_an_empty_panel_is_drawn(qtbot: Any, language: str, kind: str, theme: Theme, session: Session) -> None:
    panel = make(kind, qtbot, theme)
    open_document(panel, session)
    qtbot.waitUntil(lambda: colours(panel) > 1)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", PANELS.kinds())
def test_a_full_panel_is_drawn(qtbot: Any, language: str, kind: str, theme: Theme, session: Session, ask: Ask) -> None:
    panel = make(kind, qtbot, theme)
    fill(panel, session, ask)
    qtbot.waitUntil(lambda: colours(panel) > 1)


@pytest.mark.parametrize("kind", PANELS.kinds())
def test_every_plot_of_a_panel_exports_to_every_format(
    qtbot: Any, tmp_path: Path, kind: str, session: Session, ask: Ask
) -> None:
    panel = make(kind, qtbot, LIGHT)
    fill(panel, session, ask)
    for plot in panel.plots():
        lengths = {len(column) for column in plot.table().columns.values()}
        assert len(lengths) <= 1
        for format_kind in EXPORTERS.kinds():
            file = tmp_path / f"{plot.plot_id}.{format_kind}"
            export_plot(plot, file, ExportOptions(scale=1, caption="seed 0"))
            assert file.stat().st_size > 0


@pytest.mark.parametrize("kind", PANELS.kinds())
def test_the_svg_of_a_plot_holds_its_words(qtbot: Any, tmp_path: Path, kind: str, session: Session, ask: Ask) -> None:
    panel = make(kind, qtbot, LIGHT)
    fill(panel, session, ask)
    for plot in panel.plots():
        export_plot(plot, tmp_path / "a.svg", ExportOptions(caption="seed 0"))
        written = re.findall(r"<text[^>]*>([^<]*)</text>", (tmp_path / "a.svg").read_text("utf-8"))
        assert len(written) > 2, "title and caption alone: the axes have lost their words"


@pytest.mark.parametrize("kind", PANELS.kinds())
def test_a_panel_speaks_chinese(qtbot: Any, chinese: None, kind: str, session: Session, ask: Ask) -> None:
    panel = make(kind, qtbot, LIGHT)
    fill(panel, session, ask)
    assert not untranslated(panel)
