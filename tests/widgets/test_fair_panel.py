"""The fair race's panel: it asks from Run to Cancel, keeps its result, and says when the race has changed since."""

import dataclasses

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLabel

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.saved import question_of
from simulations.surfaces.base import SURFACES
from tests.widgets.race_double import snapshot_for
from widgets.panel import KeepResult, RaceDocument
from widgets.panels.race.fair import FairPanel
from widgets.plots.fair import method_names
from widgets.theme import DARK, LIGHT, Look

SPEC = RaceSpec(
    "",
    (
        RacerSpec(OPTIMIZERS["sgd"](learning_rate=0.01)),
        RacerSpec(OPTIMIZERS["momentum"](learning_rate=0.01), color=1),
        RacerSpec(OPTIMIZERS["newton"](), color=2),
    ),
    SURFACES["rotated_quadratic"](),
    -4.0,
    2.0,
    30,
)


def document(spec, kept):
    """The race with the results whose keeping was wished."""
    answers = [one.answer for one in kept]
    return RaceDocument(spec, 0, results={question_of(one.surface, one.racers, one.settings): one for one in answers})


@pytest.fixture
def panel(qtbot):
    found = FairPanel(Look(LIGHT))
    qtbot.addWidget(found)
    found.resize(350, 700)
    found.show_document(RaceDocument(SPEC, 0))
    found.show()
    return found


def test_it_asks_nothing_until_it_is_run(panel, qtbot):
    assert panel.probes() == ()
    with qtbot.waitSignal(panel.probesChanged):
        panel._run.click()
    assert panel.probes()[0].racers == SPEC.racers
    with qtbot.waitSignal(panel.probesChanged):
        panel._run.click()
    assert panel.probes() == ()


def test_results_are_shown_and_exported_the_best_first(panel):
    panel._run.click()
    panel.render(snapshot_for(panel, SPEC))
    assert not panel._is_running
    table = panel.plots()[0].table()
    assert table.columns["method"][0] == "Newton"
    assert table.columns["success rate"][0] == 1
    assert table.columns["median cost [gradients]"][0] == 3
    assert table.columns["usable rates [decades]"][0] > 1
    for theme in (LIGHT, DARK):
        image = QImage(350, 500, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        panel.plots()[0].draw(painter, QRectF(image.rect()), theme)
        painter.end()
        assert image.pixelColor(1, 1) == theme.color("panel")


def test_a_result_stays_when_the_race_changes_and_says_so(panel):
    panel._run.click()
    panel.render(snapshot_for(panel, SPEC))
    seen = dataclasses.replace(SPEC, racers=tuple(dataclasses.replace(one, color=5) for one in SPEC.racers))
    panel.show_document(RaceDocument(seen, 1))
    assert panel._state.text() == ""
    panel.show_document(RaceDocument(dataclasses.replace(SPEC, surface=SURFACES["beale"]()), 0))
    assert "changed since" in panel._state.text()
    assert panel.plots()


def test_a_running_one_goes_on_whatever_is_edited_and_says_when_that_matters(panel, qtbot):
    panel._run.click()
    asked = panel.probes()
    one = dataclasses.replace(SPEC.racers[0], color=5, name="mine", is_visible=False, has_own_start=True)
    one = dataclasses.replace(one, optimizer=OPTIMIZERS["sgd"](learning_rate=0.5))
    same = dataclasses.replace(SPEC, racers=(one, *SPEC.racers[1:]), start_x=1.0)
    for spec, is_said in ((same, False), (dataclasses.replace(SPEC, racers=SPEC.racers[:2]), True)):
        with qtbot.assertNotEmitted(panel.probesChanged):
            panel.show_document(RaceDocument(spec, 0))
        assert panel.probes() == asked
        assert bool(panel._state.text()) == is_said
    panel.render(snapshot_for(panel, SPEC))
    assert "run it again" in panel._state.text()


def test_an_older_answer_is_not_taken_for_the_new_one(panel):
    panel._run.click()
    old = snapshot_for(panel, SPEC)
    panel.render(old)
    panel._form.fields()["budget"].edited.emit(50)
    panel._run.click()
    panel.render(old)
    assert panel._is_running
    assert panel._answer is None
    panel.render(snapshot_for(panel, SPEC))
    assert panel._answer.settings.budget == 50


def test_without_racers_there_is_nothing_to_run(panel):
    panel.show_document(RaceDocument(dataclasses.replace(SPEC, racers=()), -1))
    assert not panel._run.isEnabled()
    assert "add racers" in panel._view._sentence


def test_methods_are_named_without_the_rate_that_is_tuned():
    plain = RacerSpec(OPTIMIZERS["sgd"](learning_rate=0.5))
    careful = dataclasses.replace(plain, wrappers=(WRAPPERS["clip_norm"](),))
    named = dataclasses.replace(plain, name="mine")
    assert method_names((plain, careful, named, plain)) == ["SGD #1", "SGD + Clip by norm", "mine", "SGD #2"]


def test_a_whole_result_is_not_asked_for_again(panel, qtbot):
    panel._run.click()
    whole, begun = snapshot_for(panel, SPEC), snapshot_for(panel, SPEC, first_only=True)
    with qtbot.waitSignal(panel.probesChanged):
        panel.render(whole)
    assert panel.probes() == ()
    panel.render(begun)
    assert len(panel._answer.results) == 3


def test_a_cancelled_race_can_be_run_again(panel):
    panel._run.click()
    panel.render(snapshot_for(panel, SPEC, first_only=True))
    panel._run.click()
    assert panel.probes() == ()
    panel._run.click()
    assert panel._answer is None
    panel.render(snapshot_for(panel, SPEC))
    assert len(panel._answer.results) == 3


def left_at_once(panel):
    """Run and cancelled while the first method was being tuned."""
    panel._run.click()
    begun = snapshot_for(panel, SPEC, first_only=True)
    tuning = dataclasses.replace(begun.probes["fair"], results=())
    panel.render(dataclasses.replace(begun, probes={"fair": tuning}))
    assert panel._view._sentence == "The first method is being tuned …"
    panel._run.click()


def test_a_race_cancelled_at_once_says_what_running_does(panel):
    left_at_once(panel)
    assert panel._view._sentence.startswith("Run compares all methods")
    assert panel._caveat.isHidden()


def test_a_race_cancelled_at_once_brings_back_the_result_it_had(panel):
    wishes = []
    panel.commandRequested.connect(wishes.append)
    panel._run.click()
    panel.render(snapshot_for(panel, SPEC))
    panel.show_document(document(SPEC, wishes))
    left_at_once(panel)
    assert len(panel._view._answer.results) == 3


def test_rates_that_end_where_a_method_s_rates_end_are_marked(panel):
    panel._run.click()
    panel.render(snapshot_for(panel, SPEC))
    table = panel.plots()[0].table()
    results = panel.plots()[0]._sorted()
    for one, is_cut_off in zip(results, table.columns["usable rates are cut off"], strict=True):
        assert ("over ≥ " in panel.plots()[0]._told(one)) == is_cut_off == one.tuning.is_cut_off


def test_the_form_says_that_the_tolerance_is_a_difference_of_losses(panel):
    labels = [one.text() for one in panel._form.findChildren(QLabel)]
    assert "Tolerance (f − f*)" in labels


def test_one_sentence_says_who_did_best_in_what(panel):
    assert panel._result.text() == ""
    panel._run.click()
    panel.render(snapshot_for(panel, SPEC, first_only=True))
    assert panel._result.text() == "", "nobody has won yet"
    panel.render(snapshot_for(panel, SPEC))
    table = panel.plots()[0].table().columns
    told = panel._result.text()
    assert f"Fewest evaluations: {table['method'][table['median cost [gradients]'].argmin()]} (median 3 " in told
    assert "most starts: all methods (100%)" in told
    widest = table["usable rates [decades]"].argmax()
    assert f"usable rates: {table['method'][widest]} (" in told
    assert f"{table['usable rates [decades]'][widest]:.1f} decades" in told
    assert "Hessians" in panel._caveat.text()
    assert "weight decay" not in panel._caveat.text()
    assert len(panel._caveat.text()) < 120


def test_nobody_who_arrives_is_said_to_be_nobody(panel):
    panel._form.fields()["budget"].edited.emit(10)
    panel._form.fields()["tolerance"].edited.emit(1e-12)
    spec = dataclasses.replace(SPEC, racers=SPEC.racers[:1])
    panel.show_document(RaceDocument(spec, 0))
    panel._run.click()
    panel.render(snapshot_for(panel, spec))
    assert "no method arrives" in panel._result.text()


def test_a_race_that_comes_back_has_its_result_at_once(panel):
    """After an undo, or when it is opened again."""
    kept = []
    panel.commandRequested.connect(kept.append)
    panel._run.click()
    panel.render(snapshot_for(panel, SPEC))
    first, told = panel._answer, panel._result.text()
    other = dataclasses.replace(SPEC, surface=SURFACES["beale"]())
    panel.show_document(document(other, kept))
    panel._run.click()
    panel.render(snapshot_for(panel, SPEC))
    assert panel._answer is not first
    panel.show_document(document(SPEC, kept))
    assert panel._answer is first
    assert (panel._state.text(), panel._result.text()) == ("", told)
    assert panel.probes() == ()


def test_a_result_out_of_a_file_is_shown_with_the_settings_it_is_of(panel):
    kept = []
    panel.commandRequested.connect(kept.append)
    panel._form.fields()["budget"].edited.emit(50)
    panel._run.click()
    panel.render(snapshot_for(panel, SPEC))
    (wish,) = kept
    assert isinstance(wish, KeepResult)
    other = FairPanel(panel.look, panel)
    other.show_document(document(SPEC, kept))
    assert other._answer is wish.answer
    assert other._form.value().budget == 50
    assert not other._settings.isChecked(), "there is something to look at"
    assert (other._state.text(), other._result.text()) == ("", panel._result.text())
    other._form.fields()["budget"].edited.emit(70)
    other.show_document(document(dataclasses.replace(SPEC, steps=40), kept))
    assert other._form.value().budget == 70, "what a person chose stays"


def test_half_a_result_is_not_kept(panel, qtbot):
    panel._run.click()
    with qtbot.assertNotEmitted(panel.commandRequested):
        panel.render(snapshot_for(panel, SPEC, first_only=True))
        panel._run.click()
