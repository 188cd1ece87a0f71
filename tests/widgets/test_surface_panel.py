"""The Surface panel: what is raced on can be chosen, turned and typed in; what is wrong is said while the last one runs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from simulations.documents.race import RaceSpec
from simulations.documents.race_edits import add_racer
from simulations.families import load
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.runtime.race_messages import RaceSnapshot
from simulations.surfaces.base import SURFACES
from simulations.surfaces.formula import Formula
from simulations.surfaces.printing import formula_text
from simulations.surfaces.tables import LONGEST_TABLE
from widgets.panel import Edit, ImportTable, RaceDocument, Reveal
from widgets.panels.race.formula_editor import EXAMPLES
from widgets.panels.race.surface import SurfacePanel, _symbols
from widgets.panels.race.surface_facts import facts_text
from widgets.panels.race.surface_pictures import surface_group, surface_picture
from widgets.theme import LIGHT, Look

load()


def race(kind: str) -> RaceSpec:
    surface = SURFACES[kind]()
    return add_racer(RaceSpec("a race", (), surface, *surface.start, steps=30), "sgd")


class Desk:
    def __init__(self, panel: SurfacePanel) -> None:
        self.panel, self.spec, self.revealed = panel, race("rotated_quadratic"), False
        self.edits: list[Edit] = []
        panel.commandRequested.connect(self.on_wish)
        self.show(self.spec)

    def on_wish(self, wish: object) -> None:
        if isinstance(wish, Edit):
            self.edits.append(wish)
            assert isinstance(wish.spec, RaceSpec)
            self.show(wish.spec)
        elif not isinstance(wish, ImportTable):
            assert isinstance(wish, Reveal)
            self.revealed = wish.revealed
            self.show(self.spec)

    def show(self, spec: RaceSpec) -> None:
        spec.validate()
        self.spec = spec
        self.panel.show_document(RaceDocument(spec, 0, self.revealed))
        QApplication.processEvents()

    def run(self) -> None:
        session = RaceSession(self.spec)
        session.advance(self.spec.steps)
        self.panel.render(RaceSnapshot(0, "paused", Recorder(session).record(), 0, 60.0))


@pytest.fixture
def desk(qtbot) -> Desk:
    panel = SurfacePanel(Look())
    qtbot.addWidget(panel)
    desk = Desk(panel)
    panel.resize(300, 900)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    return desk


@pytest.fixture
def typing(desk) -> Desk:
    desk.show(race("formula"))
    return desk


def test_a_surface_is_found_by_its_name_and_brings_its_start(desk):
    desk.panel.choice.click()
    desk.panel.menu.search.setText("himmelblau")
    QTest.keyClick(desk.panel.menu.search, Qt.Key.Key_Return)
    assert desk.spec.surface == SURFACES["himmelblau"]()
    assert (desk.spec.start_x, desk.spec.start_y) == desk.spec.surface.start
    assert desk.panel.formula.text() == "f = (x² + y − 11)² + (x + y² − 7)²"
    assert not desk.panel.form.isVisible()


def test_a_parameter_is_edited_live_and_one_drag_is_one_undo(desk):
    slider = desk.panel.form.fields()["condition"].control.slider
    slider.setFocus()
    for _ in range(3):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    assert desk.spec.surface.condition > 50
    (merge,) = {edit.merge for edit in desk.edits}
    assert merge.startswith("surface.condition ")
    assert "κ" in desk.panel.formula.text()
    assert f"{desk.spec.surface.condition:.6g}" in desk.panel.formula.toolTip()


def test_a_parameter_taken_in_hand_again_is_another_drag_with_a_ghost_of_its_own(desk):
    """Also where the groove is clicked, and where a number is typed in between; moves of one drag stay one step."""
    control = desk.panel.form.fields()["condition"].control
    slider, merges = control.slider, []
    for start in (0.2, 0.6):
        before = len(desk.edits)
        pressed, halfway, there = (
            QPoint(round(share * slider.width()), slider.height() // 2) for share in (start, start + 0.1, start + 0.2)
        )
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=pressed)
        for place in (halfway, there):
            QTest.mouseMove(slider, place)
        QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=there)
        found = {edit.merge for edit in desk.edits[before:]}
        assert len(desk.edits) > before + 1
        assert len(found) == 1
        merges += found
    control.box.edited.emit(40.0)
    assert len({*merges, desk.edits[-1].merge}) == 3


def test_start_and_length_are_edited_here_too(desk):
    desk.panel.start.boxes[1].setFocus()
    QTest.keyClick(desk.panel.start.boxes[1], Qt.Key.Key_Up)
    assert desk.spec.start_y > race("rotated_quadratic").start_y
    slider = desk.panel.length.fields()["steps"].control.slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert desk.spec.steps > 30


def test_minima_are_counted_at_once_but_shown_only_when_revealed(desk):
    desk.show(race("himmelblau"))
    desk.run()
    assert "4" in desk.panel.facts.text()
    assert "(3, 2)" not in desk.panel.facts.text()
    desk.panel.reveal.click()
    assert "(3, 2)" in desk.panel.facts.text()
    assert not desk.edits


@pytest.mark.parametrize("entry", list(SURFACES), ids=lambda entry: entry.kind)
def test_every_surface_has_a_picture_a_heading_and_facts(qtbot, entry):
    picture = surface_picture(entry.kind, LIGHT).toImage()
    colors = {picture.pixel(x, y) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)}
    assert len(colors) > 8
    assert " " in surface_group(entry.kind) or surface_group(entry.kind) in ("Bowls", "Valleys")
    assert len(facts_text(entry.cls(), revealed=True).splitlines()) >= 2


def test_a_formula_runs_as_soon_as_it_is_right(typing):
    typing.panel.editor.text.setPlainText("x^2 + 7 y^2")
    assert typing.spec.surface == Formula("x^2 + 7 y^2")
    assert typing.panel.editor.fault.text() == ""
    assert typing.edits[-1].merge == "surface.text"


def test_a_wrong_formula_says_where_and_why_while_the_last_one_runs(typing):
    before = typing.spec
    editor = typing.panel.editor
    editor.text.setPlainText("x^2 + foo")
    assert typing.spec == before
    assert "7" in editor.fault.text()
    assert "foo" in editor.fault.text()
    (mark,) = editor.text.extraSelections()
    assert mark.cursor.selectedText() == "foo"
    typing.show(typing.spec)  # another edit elsewhere
    assert editor.text.toPlainText() == "x^2 + foo"
    editor.text.setPlainText("x^2 + y^2")
    assert editor.fault.text() == ""
    assert editor.text.extraSelections() == []


def test_a_formula_without_a_value_at_the_start_says_so(typing):
    typing.panel.editor.text.setPlainText("log(x) + y^2")
    assert typing.spec.surface.text == "log(x) + y^2"
    assert "start" in typing.panel.editor.fault.text()


def test_undo_brings_the_old_text_back(typing):
    before = typing.spec
    typing.panel.editor.text.setPlainText("x + y")
    typing.show(before)
    assert typing.panel.editor.text.toPlainText() == before.surface.text


def test_edges_in_the_wrong_order_are_refused_in_words(typing):
    box = typing.panel.editor.boxes["x_low"]
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "5")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert typing.spec.surface.x_low == -2
    assert typing.panel.editor.fault.text() != ""


def test_a_pasted_table_makes_a_mean_and_says_what_was_read(typing):
    editor = typing.panel.editor
    editor.table.toggle.click()
    editor.table.text.setPlainText("u;v\n1;2\n2;3,5,1\n")
    assert "✕" in editor.table.fault.text()
    assert typing.spec.surface.table == ""
    editor.table.text.setPlainText("u;v\n1;2\n2;3,5\n")
    assert editor.table.fault.text() == ""
    assert "u: 1, 2" in editor.table.preview.text()
    editor.text.setPlainText("(x u + y - v)^2")
    assert typing.spec.surface.samples == 2


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_runs_from_its_start(typing, name):
    typing.panel.editor.chosen.emit(EXAMPLES[name])
    assert typing.spec.surface == EXAMPLES[name]
    assert (typing.spec.start_x, typing.spec.start_y) == EXAMPLES[name].start
    assert typing.panel.editor.fault.text() == ""
    assert EXAMPLES[name].problem(EXAMPLES[name].start) is None


def test_a_word_is_inserted_at_the_cursor(typing):
    editor = typing.panel.editor
    editor.text.setPlainText("")
    editor.insert.click()
    menu = editor.findChildren(QMenu)[-1]
    next(action for action in menu.actions() if action.text() == "sin()").trigger()
    menu.close()
    assert editor.text.toPlainText() == "sin()"
    assert editor.text.textCursor().position() == 4


@pytest.mark.parametrize(
    ("surface", "said"),
    [
        (SURFACES["powell_badly_scaled"](), "κ = 6.881e17"),
        (SURFACES["rotated_quadratic"](), "κ = 50"),
    ],
)
def test_the_condition_is_told_where_the_smaller_curvature_is_rounding(surface, said):
    assert said in facts_text(surface, revealed=False)


@pytest.mark.parametrize("entry", list(SURFACES), ids=lambda entry: entry.kind)
def test_a_parameter_in_a_formula_is_a_letter_that_its_slider_names(entry):
    surface = entry.cls()
    if not isinstance(surface, Formula):
        symbols = _symbols(surface)
        for name, symbol in symbols.items():
            if len(symbol) > 1:
                renamed = formula_text(surface, {**symbols, name: "Q"})
                assert renamed == formula_text(surface, symbols), f"{symbol} is a word among letters"
        used = [one for one in symbols.values() if len(one) == 1]
        assert len(set(used)) == len(used)


def test_a_table_that_is_right_again_counts_again(typing):
    editor = typing.panel.editor
    table, right = editor.table, "u;v\n1;2\n2;3,5\n"
    table.toggle.click()
    table.text.setPlainText(right)
    for wrong in ("{{{ ???", "u v\n" + "1 2\n" * LONGEST_TABLE):
        table.text.setPlainText(wrong)
        assert table.fault.text()
        assert table.preview.isHidden(), "what was read before is not of this text"
        table.text.setPlainText(right)
        assert table.fault.text() == ""
        assert not table.preview.isHidden()
    editor.text.setPlainText("(v - x*u - y)^2")
    assert typing.spec.surface.text == "(v - x*u - y)^2"


def test_the_table_can_come_from_a_file(typing, qtbot):
    typing.panel.editor.table.toggle.click()
    with qtbot.waitSignal(typing.panel.commandRequested) as wished:
        typing.panel.editor.table.file.click()
    assert wished.args == [ImportTable()]
    assert not typing.panel.editor.text.acceptDrops()


def test_what_separates_the_cells_is_said_and_can_be_chosen(typing, qtbot):
    table = typing.panel.editor.table
    table.toggle.click()
    table.text.setPlainText("u|v\n1|2\n2|3.5\n")
    assert typing.spec.surface.samples == 2
    assert table._delimiters.itemText(0) == "automatic: bar |"
    choose_delimiter(table, "semicolon")
    assert "✕" in table.fault.text()
    assert typing.spec.surface.delimiter == "auto", "what runs is right as it is"
    assert table.delimiter == "semicolon", "and what a person chose stays"
    table.text.setPlainText("u;v\n1,5;2\n2;3,5\n")
    assert table.fault.text() == ""
    assert (typing.spec.surface.delimiter, typing.spec.surface.data()["u"].tolist()) == ("semicolon", [1.5, 2.0])
    choose_delimiter(table, "tab")
    with qtbot.waitSignal(typing.panel.commandRequested) as wished:
        table.file.click()
    assert wished.args == [ImportTable("tab")]


def choose_delimiter(table, key):
    table._delimiters.setCurrentIndex(table._delimiters.findData(key))
    table._delimiters.activated.emit(table._delimiters.currentIndex())
