"""Formulas written out: Python source gives the evaluator's numbers, and the readable line means the same."""

import dataclasses

import numpy as np
import pytest

from simulations.core.rng import stream
from simulations.families import load
from simulations.surfaces.base import SURFACES, columns_of, parameters_of
from simulations.surfaces.formula import Formula
from simulations.surfaces.printing import formula_text, python_arguments, python_source

load()
QUESTIONS = ("value", "gradient", "hessian", "slope")
UNTYPED = ("mean(", "?", "…")  # what a formula cannot be typed in with
TABLE = "u, np, class, s1, größe\n1, 2, 3, 4, 5\n2, 3, 5, 1, 0.5\n"
TYPED = [
    "x^y + |x y| - sign(x)",
    "min(x, y, 1)*max(x, y^2) - relu(x - 1)",
    "log(x) / (x - y) + sqrt(x)^1.5",
    "asin(x/9) + acos(y/9) + atan(x) + tan(y) + sinh(x) + cosh(y) + log2(x) + log10(y)",
    "x - (y - x) - (x - (y - 1)) / (y / (x / 2))",
    "5",
    "-(-x)^3 - -2 y",
    "1e-7 x + 1e9 y",
]
EVERY = [
    *(pytest.param(entry.cls(), id=entry.kind) for entry in SURFACES),
    *(pytest.param(Formula(text=text), id=text) for text in TYPED),
    pytest.param(Formula(text="(x u + y np - class)^2 + s1 größe x", table=TABLE), id="over a table"),
]


def answers(surface, question, points, t):
    """What the printed source answers at ``points`` ``(n, 2)``: ``(n, answers)``."""
    space = {"np": np}
    exec(python_source(surface, question), space)
    columns = columns_of(surface)
    more = [columns[name] if name in columns else np.float64(t) for name in python_arguments(surface)]
    with np.errstate(all="ignore"):
        found = [space[question](x, y, *more) for x, y in points]
    return np.array(found, float).reshape(len(points), -1)


@pytest.mark.parametrize("surface", EVERY)
def test_the_source_gives_the_numbers_of_the_evaluator(surface):
    view = surface.view
    rng = stream(3, "places")
    points = rng.uniform((view.x_low, view.y_low), (view.x_high, view.y_high), (40, 2))
    points = np.concatenate([points, np.abs(points), [surface.start, (0.0, 0.0)]])
    for question in QUESTIONS:
        for t in (0, 4):
            expected = surface.evaluator().ask(question, points, t=t)
            np.testing.assert_allclose(answers(surface, question, points, t), expected, rtol=1e-12, atol=0)


def test_the_source_has_the_parameters_of_the_moment():
    surface = SURFACES["rosenbrock"](a=1.0 / 3.0, b=7.0)
    assert repr(1.0 / 3.0) in python_source(surface, "value")
    points = np.array([[0.3, 0.4]])
    np.testing.assert_allclose(answers(surface, "value", points, 0)[:, 0], surface.value(points), rtol=1e-15)


@pytest.mark.parametrize("entry", list(SURFACES), ids=lambda entry: entry.kind)
def test_the_line_typed_in_is_the_same_surface(entry):
    surface = entry.cls()
    text = formula_text(surface)
    if surface.is_moving or any(one in text for one in UNTYPED):
        return
    typed = Formula(text=text)
    typed.check()
    points = stream(3, "places").uniform(0.1, 3, (20, 2))
    np.testing.assert_allclose(typed.value(points), surface.value(points), rtol=2e-3, atol=1e-3)  # it has six digits


def test_only_what_cannot_be_typed_is_written_in_other_signs():
    unusual = {entry.kind for entry in SURFACES if any(one in formula_text(entry.cls()) for one in UNTYPED)}
    fits = {entry.kind for entry in SURFACES if entry.cls().samples}
    assert unusual == fits | {"rnn_cliff", "adam_counterexample"}


def test_the_line_is_what_a_textbook_prints():
    assert formula_text(SURFACES["himmelblau"]()) == "(x² + y − 11)² + (x + y² − 7)²"
    assert formula_text(SURFACES["rosenbrock"](), {"a": "a", "b": "b"}) == "(a − x)² + b·(y − x²)²"
    assert formula_text(SURFACES["rosenbrock"](b=10.0)) == "(1 − x)² + 10·(y − x²)²"
    assert formula_text(SURFACES["bohachevsky"]()) == "x² + 2y² − (0.3·cos(3π·x) + 0.4·cos(4π·y)) + 0.7"
    assert formula_text(Formula(text="x  +y")) == "x  +y"


def test_every_parameter_is_called_by_the_name_it_is_given():
    for entry in SURFACES:
        surface = entry.cls()
        if surface.samples or isinstance(surface, Formula):  # their numbers make the samples, or the box
            continue
        names = {one: f"<{one}>" for one in parameters_of(surface)}
        text = formula_text(surface, names)
        assert all(one in text for one in names.values()), text
        changed = {name: value * 0.987 for name, value in parameters_of(surface).items()}
        assert formula_text(dataclasses.replace(surface, **changed), names) == text
