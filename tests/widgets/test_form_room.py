"""Forms in the room they have: what does nothing is not shown, and no words are cut off, however narrow the column."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from simulations.core.params import hyperparameters
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.base import OPTIMIZERS
from widgets.forms.fields import ChoiceField
from widgets.forms.form import ConfigForm, VariantField
from widgets.theme import Look

load()


def test_a_field_that_would_do_nothing_is_not_shown(qtbot):
    form = ConfigForm(Look())
    qtbot.addWidget(form)
    form.show()
    edits: list = []
    form.edited.connect(edits.append)
    form.set_value(LAYERS["parallel"]())
    fields = form.fields()
    visible = [name for name, field in fields.items() if field.isVisible()]
    assert visible == ["branches", "first", "second", "frozen", "method"]
    fields["branches"].edited.emit(3)
    assert fields["third"].isVisible()
    assert not fields["fourth"].isVisible()
    form.set_value(LAYERS["parallel"](branches=4))
    assert fields["fourth"].isVisible()
    assert [edit.branches for edit in edits] == [3]


CHOOSING = [
    pytest.param(entry.cls, id=entry.kind)
    for registry in (LAYERS, OPTIMIZERS)
    for entry in registry
    if any(one.kind in ("choice", "choice_or_int") for one in hyperparameters(entry.cls))
]


@pytest.mark.parametrize("cls", CHOOSING)
def test_the_words_of_a_choice_are_never_cut_off(qtbot, cls):
    form = ConfigForm(Look())
    qtbot.addWidget(form)
    form.set_value(cls())
    form.show()
    for width in (200, 268, 420):
        form.resize(width, 600)
        QApplication.processEvents()
        for field in form.fields().values():
            if isinstance(field, ChoiceField):
                advance = field.combo.fontMetrics().horizontalAdvance
                assert field.combo.width() >= max(map(advance, field.declared.labels)) + field.combo.height()


@pytest.mark.parametrize("width", [150, 200, 268, 420])
def test_the_name_of_a_family_and_its_chosen_member_are_whole(qtbot, width):
    form = ConfigForm(Look())
    qtbot.addWidget(form)
    form.set_value(LAYERS["lstm"]())
    form.resize(width, 600)
    form.show()
    QApplication.processEvents()
    for field in form.fields().values():
        if isinstance(field, VariantField):
            assert field.label.width() >= field.label.fontMetrics().horizontalAdvance(field.label.text())
            words = field.combo.fontMetrics().horizontalAdvance(field.combo.currentText())
            assert field.combo.width() >= words + field.combo.height()
