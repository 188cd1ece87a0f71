"""What of a form is shown: the fields that do something, and all the words of a choice."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from simulations.core.params import hyperparameters
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.base import OPTIMIZERS
from widgets.forms.fields import ChoiceField
from widgets.forms.form import ConfigForm
from widgets.theme import Look

load()


def test_a_field_that_would_do_nothing_is_not_shown(qtbot):
    form, edits = ConfigForm(Look()), []
    qtbot.addWidget(form)
    form.edited.connect(edits.append)
    form.show()
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
