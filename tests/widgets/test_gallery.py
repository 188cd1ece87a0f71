"""The gallery shows every preset and opens one by key or click."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from simulations.documents.presets import preset_names
from widgets.gallery import Gallery
from widgets.panel import OpenPreset
from widgets.theme import DARK, Look


@pytest.fixture
def gallery(qtbot) -> Gallery:
    gallery = Gallery(Look())
    qtbot.addWidget(gallery)
    gallery.resize(720, 520)
    gallery.show()
    gallery.activateWindow()
    gallery.setFocus()
    QApplication.processEvents()
    return gallery


def test_enter_opens_the_chosen_preset_once(gallery):
    wishes: list = []
    gallery.commandRequested.connect(wishes.append)
    QTest.keyClick(gallery.list, Qt.Key.Key_Down)
    QTest.keyClick(gallery.list, Qt.Key.Key_Return)
    assert wishes == [OpenPreset(preset_names()[1])]


@pytest.mark.parametrize("row", range(len(preset_names())))
def test_a_click_opens_it(gallery, row):
    wishes: list = []
    gallery.commandRequested.connect(wishes.append)
    index = gallery.list.model().index(row, 0)
    gallery.list.scrollTo(index)
    QTest.mouseClick(gallery.list.viewport(), Qt.MouseButton.LeftButton, pos=gallery.list.visualRect(index).center())
    assert wishes == [OpenPreset(preset_names()[row])]


def test_every_preset_has_a_name_and_a_sentence_to_read_aloud(gallery):
    model = gallery.list.model()
    for row in range(model.rowCount()):
        assert model.index(row, 0).data()
        assert model.index(row, 0).data(Qt.ItemDataRole.AccessibleDescriptionRole)


def test_thumbnails_follow_the_look(gallery):
    before = gallery.grab().toImage()
    gallery.look.set_theme(DARK)
    assert gallery.grab().toImage() != before
