"""Minima of typed-in formulas where there is a kink: found, exact, and only where all around is higher."""

import numpy as np
import pytest

from simulations.families import load
from simulations.surfaces.base import SURFACES

load()


def minima_of(text, **edges):
    surface = SURFACES["formula"](text=text, **edges)
    return [(one.x, one.y, one.is_global) for one in surface.minima], surface


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("|x| + |y|", (0, 0)),
        ("max(x, -x, y, -y)", (0, 0)),
        ("sqrt(x^2 + y^2)", (0, 0)),
        ("|x|^1.5 + y^2", (0, 0)),
        ("sqrt(|x|) + |y - 1|", (0, 1)),
        ("|x - 0.7| + (y - 1)^2", (0.7, 1)),
        ("|x| + 100 * |y|", (0, 0)),
        ("100 * |x - y - 0.3| + |x + y - 0.123|", (0.2115, -0.0885)),
        ("|y - x^2| + 0.01 * |x - 1|", (1, 1)),
        ("100 * |y - x^2| + |x - 1|", (1, 1)),
    ],
)
def test_a_minimum_at_a_kink_is_found_where_it_is(text, place):
    found, surface = minima_of(text)
    assert len(found) == 1
    assert found[0][:2] == pytest.approx(place, abs=1e-9)
    assert found[0][2], "it is the lowest"
    lattice = surface.domain.lattice(201, 201)
    assert surface.value(lattice).min() >= surface.minima[0].value


def test_several_kinks_are_all_found():
    found, _surface = minima_of("|sin(3 x)| + |cos(3 y)|", x_low=-2.0, x_high=2.0, y_low=-1.0, y_high=3.0)
    across = np.arange(-1, 2) * np.pi / 3
    up = (np.arange(-1, 3) + 0.5) * np.pi / 3
    expected = sorted((x, y) for x in across for y in up if -1 < y < 3)
    assert sorted(one[:2] for one in found) == pytest.approx(np.array(expected), abs=1e-8)


@pytest.mark.parametrize(
    "text",
    [
        "max(x, y)",  # falls for ever
        "x + |y|",
        "-|x| - |y|",  # a top
        "|x|",  # a line of them
        "|x^2 + y^2 - 1|",  # a circle of them
        "|x| * |y|",
        "|x| - |y|",  # a saddle
        "max(0, |x| - 0.5, |y| - 0.5)",  # a floor
    ],
)
def test_where_not_all_around_is_higher_there_is_none(text):
    assert minima_of(text)[0] == []


def test_smooth_minima_are_not_found_twice():
    assert len(minima_of("min((x - 1)^2 + y^2, (x + 1)^2 + (y - 2)^2 + 0.1)")[0]) == 2
    assert len(minima_of("(1 - x)^2 + 5 (y - x^2)^2")[0]) == 1


def test_holes_in_the_formula_do_no_harm():
    found, _surface = minima_of("sqrt(x) + |y - 1| + 0 log(x)")
    assert found == []
