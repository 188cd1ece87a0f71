"""What another process paints of a strip is what the window would paint, and the window knows when to paint by itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from simulations.documents.presets import load_preset
from simulations.families import load
from simulations.probes.answers import LayersAnswer
from simulations.training.session import Session
from tests.widgets.texts import TextRecorder
from widgets.panels.train.layers import LayersPanel
from widgets.plots import strip_afar
from widgets.plots.strip_afar import AfarPainter, Effort, Painted, StripProbe
from widgets.plots.strip_words import paint_frozen
from widgets.theme import DARK, LIGHT, Look

load()


class Scene:
    """A session, the panel that shows it, and the far side of its strip."""

    def __init__(self, session: Session, panel: LayersPanel) -> None:
        self.session, self.panel, self.strip = session, panel, panel._strip
        self.memory: dict[str, Any] = {}
        self.probe = StripProbe(samples=64)

    def answer(self) -> Painted:
        """Another step, seen from afar."""
        self.session.take_step()
        probe = dataclasses.replace(self.probe, canvas=self.strip.canvas)
        return probe.measure_afar(self.session, self.memory)

    def show(self, answer: Painted | LayersAnswer | None, status: str = "running") -> None:
        self.panel.render(
            SimpleNamespace(status=status, run=1, layers=self.session.layers, probes={"layers": answer}, step=0)  # type: ignore[arg-type]
        )

    def seen(self) -> np.ndarray:
        image = self.strip.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1).copy()

    def agree_on_a_canvas(self) -> None:
        self.show(self.answer())
        self.strip.grab()
        self.strip._on_canvas_due()


@pytest.fixture
def scene(qtbot: QtBot) -> Iterator[Scene]:
    panel = LayersPanel(Look(LIGHT))
    qtbot.addWidget(panel)
    panel.resize(700, 420)
    panel.show()
    one = Scene(Session(load_preset("spiral-mlp").spec), panel)
    one.agree_on_a_canvas()
    yield one
    one.strip._easel.put_away()


@pytest.mark.parametrize("theme", [LIGHT, dataclasses.replace(DARK, scale=1.25)])
def test_a_picture_from_afar_is_what_the_window_paints(scene: Scene, theme: Any) -> None:
    scene.panel._strip.look.set_theme(theme)
    scene.agree_on_a_canvas()
    painted = scene.answer()
    scene.show(painted)
    assert scene.strip._easel.is_shown
    afar = scene.seen()
    scene.strip._easel.step_back()
    np.testing.assert_array_equal(afar, scene.seen())


def test_a_picture_without_numbers_keeps_those_before(scene: Scene) -> None:
    first, second = scene.answer(), scene.answer()
    assert first.numbers is not None
    assert second.numbers is None, "they can be read a while longer"
    joined = scene.probe.joined(second, first)
    assert joined.numbers is first.numbers
    scene.show(first)
    before = scene.seen()
    for _ in range(20):
        newest = scene.answer()
    scene.show(scene.probe.joined(newest, joined))
    assert (before != scene.seen()).any(), "the picture moves on"


def test_a_picture_of_another_canvas_is_not_shown(scene: Scene) -> None:
    first = scene.answer()
    other = Painted(None, None, first.token + 1)
    assert scene.probe.joined(other, first) is first
    assert scene.probe.joined(other, None) is None
    scene.show(dataclasses.replace(first, token=first.token + 1))
    assert not scene.strip._easel.is_shown


def test_light_pictures_come_every_frame_and_heavy_ones_every_other(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strip_afar, "processors", lambda: 2)
    probe = dataclasses.replace(scene.probe, canvas=scene.strip.canvas)
    light, heavy = Painted(None, None, 1, is_light=True), Painted(None, None, 1)
    assert probe.period_afar_s(light) < 1 / 60 < probe.period_afar_s(heavy) < 1 / 30
    assert probe.period_afar_s(None) == probe.period_afar_s(heavy)
    assert scene.probe.period_afar_s(light) == scene.probe.period_s, "nobody paints without a canvas"
    monkeypatch.setattr(strip_afar, "processors", lambda: 4)
    assert probe.period_afar_s(heavy) == probe.period_afar_s(light) < 1 / 60


def test_what_the_far_side_says_of_its_effort_arrives(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scene.answer(), scene.answer()
    second = dataclasses.replace(second, is_light=True)
    assert second.numbers is None
    assert scene.probe.joined(second, first).is_light
    assert scene.probe.joined(dataclasses.replace(first, is_light=True), second).is_light
    monkeypatch.setattr(strip_afar, "process_time", lambda: 0.0)
    assert Scene(scene.session, scene.panel).answer().is_light


def test_effort_is_smoothed_and_does_not_waver_at_its_limit() -> None:
    effort = Effort()
    assert effort.is_light_after(0.004)
    assert effort.is_light_after(0.010), "one slow answer"
    assert all(effort.is_light_after(0.005) for _ in range(100))
    assert not [effort.is_light_after(0.006) for _ in range(100)][-1]
    assert not any(effort.is_light_after(0.005) for _ in range(100))
    assert [effort.is_light_after(0.003) for _ in range(100)][-1]


def test_a_pause_is_painted_here_with_every_number(scene: Scene) -> None:
    scene.show(scene.answer())
    assert scene.strip._easel.is_shown
    exact = dataclasses.replace(scene.probe, samples=0).measure(scene.session, {})
    scene.show(exact, status="paused")
    assert not scene.strip._easel.is_shown
    assert scene.strip._content is not None
    assert scene.strip._content.answer is exact
    assert scene.strip._ground.tells(exact)


def test_another_size_asks_for_another_canvas(scene: Scene, qtbot: QtBot) -> None:
    scene.show(scene.answer())
    before = scene.strip.canvas
    assert before is not None
    with qtbot.waitSignal(scene.panel.probesChanged):
        scene.panel.resize(900, 500)
    assert scene.strip.canvas is None
    with qtbot.waitSignal(scene.panel.probesChanged):
        scene.show(scene.answer())
    after = scene.strip.canvas
    assert after is not None
    assert after.width > before.width
    assert scene.panel.probes()[0].canvas is after


def test_values_that_are_not_numbers_are_written_by_the_window(scene: Scene) -> None:
    answer = scene.probe.measure(scene.session, {})
    numbers = answer.now.numbers.copy()
    numbers[0, 7] = 3.0
    bad = dataclasses.replace(answer, now=dataclasses.replace(answer.now, numbers=numbers))
    assert bad.now.bad.sum() == 3
    painted = AfarPainter().painted(bad, scene.strip.canvas)
    assert (painted.token, painted.numbers) == (0, bad)


def test_memory_that_is_gone_is_no_defect(scene: Scene) -> None:
    canvas = scene.strip.canvas
    scene.strip._easel.put_away()
    assert AfarPainter().painted(scene.probe.measure(scene.session, {}), canvas).token == 0


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_the_word_for_frozen_is_whole_or_not_there(qtbot: QtBot, scale: float) -> None:
    theme, seen = dataclasses.replace(LIGHT, scale=scale), set()
    image = QImage(300, 60, QImage.Format.Format_RGB32)
    for width in range(40, 240, 5):
        painter = TextRecorder(image)
        painter.setFont(theme.font(9))
        paint_frozen(painter, QRectF(0, 0, width, 50), theme)
        painter.end()
        seen.update(text for text, _box in painter.texts)
    assert seen == {"frozen"}
