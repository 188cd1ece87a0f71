"""The timeline panel gives way where there is little room, and wishes for the speed that is chosen."""

import pytest

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.optimizers.base import OPTIMIZERS
from simulations.runtime.race_messages import RaceSnapshot, SetSpeed
from simulations.surfaces.base import SURFACES
from tests.widgets.race_double import snapshot_for
from widgets.panel import RaceDocument
from widgets.panels.race.timeline import SPEEDS, TimelinePanel
from widgets.theme import LIGHT, Look, Theme

SPEC = RaceSpec("", (RacerSpec(OPTIMIZERS["sgd"](learning_rate=0.01)),), SURFACES["himmelblau"](), -1.0, 0.5, 1200)


@pytest.fixture(params=[LIGHT, Theme("light", 1.5)], ids=["100 %", "150 %"])
def panel(request, qtbot):
    found = TimelinePanel(Look(request.param))
    qtbot.addWidget(found)
    found.show_document(RaceDocument(SPEC, 0))
    found.show()
    return found


def test_it_shrinks_to_a_few_hundred_pixels_and_nothing_is_cut_off(panel):
    assert panel.minimumSizeHint().width() <= 300
    seen = []
    for width in (1400, 900, 700, 560, 460, 380, 300):
        panel.resize(width, 60)
        panel.layout().activate()
        shown = [one for one in (*panel._buttons.values(), panel._reading, panel._speed) if one.isVisible()]
        assert all(one.geometry().right() <= width for one in shown)
        assert panel._buttons["play"].isVisible()
        assert panel._speed.isHidden() or panel._speed.width() >= panel._speed.sizeHint().width()
        written = panel._reading.fontMetrics().horizontalAdvance(panel._reading.text())
        assert panel._reading.isHidden() or written <= panel._reading.width()
        seen.append(len(shown))
    assert seen == sorted(seen, reverse=True)
    assert seen[0] == 9


def test_the_speed_is_a_choice_of_which_the_first_is_the_whole_race(panel):
    wishes = []
    panel.commandRequested.connect(wishes.append)
    assert panel._speed.currentIndex() == 0
    panel._speed.activated.emit(SPEEDS.index(200.0))
    panel._speed.activated.emit(0)
    assert wishes == [SetSpeed(200.0), SetSpeed(None)]
    one = snapshot_for(panel, SPEC)
    for speed, index in ((500.0, SPEEDS.index(500.0)), (None, 0)):
        panel.render(RaceSnapshot(1, "paused", one.race, 0, speed, probes={}))
        assert panel._speed.currentIndex() == index
