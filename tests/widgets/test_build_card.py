"""A layer's card: its words find room however narrow it is."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtGui import QFontMetricsF, QImage

from simulations.documents.presets import load_preset
from simulations.families import load
from tests.widgets.texts import TextRecorder
from widgets.panels.train.build_card import CardText, LayerCard
from widgets.theme import DARK, LIGHT, Look, Theme

load()


def test_a_card_grows_downwards_where_it_is_narrow(qtbot) -> None:
    card = LayerCard(Look(dataclasses.replace(DARK, scale=1.25)))
    qtbot.addWidget(card)
    card.show_layer(
        load_preset("digits-cnn").spec.layers[0],
        CardText("Conv 2D 1", "8×8×16", "160 parameters · 9 216 multiply-adds for a sample"),
    )
    heights = []
    for width in (250, 180):
        card.resize(width, 100)
        heights.append(card.minimumSizeHint().height())
    assert heights[1] > heights[0]


@pytest.mark.parametrize("parts", [("160 parameters", "9 216 multiply-adds"), ("4 640 个参数", "73 728 次乘加")])
def test_the_counts_of_a_narrow_card_break_between_the_two_and_inside_neither(qtbot, parts) -> None:
    card = LayerCard(Look(LIGHT))
    qtbot.addWidget(card)
    card.show_layer(load_preset("digits-cnn").spec.layers[0], CardText("A", "8", " · ".join(parts)))
    words = QFontMetricsF(LIGHT.font(8.5)).horizontalAdvance(" · ".join(parts))
    card.resize(round(words) + 60, 100)
    assert card._lines() == ("8", " · ".join(parts))
    wide = card.header_px()
    card.resize(round(words) + 30, 100)
    assert card._lines() == ("8", f"{parts[0]} ·\n{parts[1]}")
    assert card.header_px() > wide


def test_a_narrow_card_moves_the_shape_down_rather_than_cutting_the_title(qtbot) -> None:
    card = LayerCard(Look(dataclasses.replace(DARK, scale=1.25)))
    qtbot.addWidget(card)
    card.show_layer(load_preset("digits-cnn").spec.layers[2], CardText("最大池化 2D 1", "4×4×16", "0 个参数"))
    card.resize(400, 100)
    assert card._lines() == ("4×4×16", "0 个参数")
    card.resize(240, 100)
    assert card._lines() == ("", "4×4×16 · 0 个参数")
    card.show_layer(load_preset("digits-cnn").spec.layers[2], CardText("最大池化 2D 1", "", "尚未连到"))
    assert card._lines() == ("", "尚未连到")


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_a_title_beside_its_shape_is_never_cut_off_whatever_the_width(qtbot, scale) -> None:
    card = LayerCard(Look(Theme("light", scale)))
    qtbot.addWidget(card)
    card.show_layer(load_preset("digits-cnn").spec.layers[0], CardText("Conv 2D 1", "8×8×16", "160 parameters"))
    image = QImage(500, 200, QImage.Format.Format_RGB32)
    for width in range(round(180 * scale), round(280 * scale)):
        card.resize(width, 100)
        painter = TextRecorder(image)
        card.paint_words(painter)
        painter.end()
        assert "Conv 2D 1" in [text for text, _box in painter.texts], width


def test_a_title_that_is_too_long_keeps_its_number(qtbot) -> None:
    card = LayerCard(Look(LIGHT))
    qtbot.addWidget(card)
    card.show_layer(
        load_preset("digits-cnn").spec.layers[0], CardText("Parallel branches 12", "8×8×16", "160 parameters")
    )
    card.resize(150, 100)
    image = QImage(500, 200, QImage.Format.Format_RGB32)
    painter = TextRecorder(image)
    card.paint_words(painter)
    painter.end()
    title = painter.texts[0][0]
    assert "…" in title
    assert title.endswith("12")
