"""An error carries its parts, so that it can be said in any language."""

import copy

import pytest

from simulations.core.errors import DataError, FileError, GradLabError, ShapeError, SpecError
from simulations.surfaces.syntax import FormulaError


def test_the_sentence_is_the_template_filled():
    error = DataError("a batch of {batch}, {samples} samples", batch=64, samples=40)
    assert str(error) == "a batch of 64, 40 samples"
    assert error.template.format(**error.parts) == str(error)


def test_another_language_fills_the_same_parts_in_its_own_order():
    error = DataError("a batch of {batch}, {samples} samples", batch=64, samples=40)
    assert "{samples} 个样本，批 {batch}".format(**error.parts) == "40 个样本，批 64"


def test_a_wrong_value_knows_its_path_and_a_misfit_its_layer():
    assert SpecError("{path}: no", path="layers[2].kernel").path == "layers[2].kernel"
    assert str(SpecError("{path}: no", path="a.b")) == "a.b: no"
    assert ShapeError("does not fit", layer_index=3).layer_index == 3
    assert ShapeError("does not fit").layer_index is None


@pytest.mark.parametrize("kind", [DataError, FileError, ShapeError])
def test_one_except_clause_catches_every_mistake_a_person_can_make(kind):
    with pytest.raises(GradLabError):
        raise kind("no")


@pytest.mark.parametrize(
    "error",
    [
        DataError("a batch of {batch}", batch=64),
        SpecError("{path}: no", path="a.b"),
        ShapeError("does not fit", layer_index=3),
        FormulaError("no {name}", 2, 5, name="z"),
    ],
)
def test_an_error_that_crosses_to_another_process_is_the_same_there(error):
    other = copy.copy(error)  # by the protocol that takes it there
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert vars(other) == vars(error)
