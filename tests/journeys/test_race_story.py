"""The story of a bundled race stands above it: in the language of the window, until it was read or is no longer the same race."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.application import Laboratory
from app.race_desk import RaceDesk
from simulations.documents.race_edits import with_surface
from simulations.documents.race_presets import load_race_preset, race_preset_names, race_preset_of
from simulations.surfaces.base import SURFACES
from widgets.panel import Edit, OpenPreset

pytestmark = pytest.mark.journey


def to_race(laboratory: Laboratory, qtbot: QtBot) -> RaceDesk:
    laboratory.window.actions_["workspace-race"].trigger()
    desk = laboratory.window.desk
    assert isinstance(desk, RaceDesk)
    qtbot.waitUntil(lambda: desk.latest() is not None)
    return desk


def test_a_preset_tells_its_story_whatever_is_tried_with_it(laboratory: Laboratory, qtbot: QtBot) -> None:
    desk = to_race(laboratory, qtbot)
    desk.controller.handle(OpenPreset("zig-zag"))
    assert desk.story.isVisible()
    assert "Just below 2/λ" in desk.story.text.text()
    spec = desk.controller.spec
    desk.controller.handle(Edit(dataclasses.replace(spec, start_x=spec.start_x / 2), "Move the start"))
    laboratory.languages.use("zh_CN")
    qtbot.waitUntil(lambda: "2/λ" in desk.story.text.text() and "Just" not in desk.story.text.text())
    laboratory.window.actions_["workspace-train"].trigger()
    assert not desk.story.isVisible()


def test_a_story_ends_with_its_race_and_takes_no_room_then(laboratory: Laboratory, qtbot: QtBot) -> None:
    desk = to_race(laboratory, qtbot)
    desk.controller.handle(OpenPreset("zig-zag"))
    qtbot.waitUntil(lambda: desk.workspace.docks["racers"].y() >= desk.story.height())
    desk.controller.edit(Edit(with_surface(desk.controller.spec, SURFACES["himmelblau"]()), "Another surface"))
    assert not desk.story.isVisible()
    qtbot.waitUntil(lambda: desk.workspace.docks["racers"].y() == 0)
    desk.controller.open(dataclasses.replace(load_race_preset("zig-zag").spec, steps=7))
    assert not desk.story.isVisible()
    desk.controller.handle(OpenPreset("saddle-escape"))
    assert desk.story.isVisible()
    qtbot.mouseClick(desk.story.close_button, Qt.MouseButton.LeftButton)
    desk.controller.announce()
    assert not desk.story.isVisible()


@pytest.mark.parametrize("name", race_preset_names())
def test_a_preset_is_known_again_whatever_its_racers_look_like(name: str) -> None:
    spec = load_race_preset(name).spec
    hidden = tuple(dataclasses.replace(one, is_visible=False) for one in spec.racers)
    found = race_preset_of(dataclasses.replace(spec, racers=hidden))
    assert found is not None
    assert found.name == name
    assert race_preset_of(dataclasses.replace(spec, name="mine")) is None
