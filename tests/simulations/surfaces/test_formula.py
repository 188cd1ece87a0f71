"""A typed-in formula: read by a whitelist, exact in its slopes, and never more than a sentence when it is wrong."""

import json
import math
import random

import numpy as np
import pytest

from simulations.core.errors import GradLabError, SpecError
from simulations.core.params import from_json, to_json, validate
from simulations.surfaces.base import SURFACES
from simulations.surfaces.formula import Formula
from simulations.surfaces.syntax import FUNCTIONS, LONGEST, FormulaError

POINTS = np.array([[0.3, 0.7], [1.2, 0.4], [0.9, 2.1]])
X, Y = POINTS.T

MEANS = {  # text → the same in Python
    "x + y*2 - 3/y": lambda x, y: x + y * 2 - 3 / y,
    "2x": lambda x, y: 2 * x,
    "3(x+1)(y-1)": lambda x, y: 3 * (x + 1) * (y - 1),
    "x y sin(x)": lambda x, y: x * y * math.sin(x),
    "-x^2": lambda x, y: -(x**2),
    "(-x)^2": lambda x, y: x**2,
    "2^3^2 x": None,
    "2^(3^2)": lambda x, y: 512,
    "2**3**2": lambda x, y: 512,
    "x^-2": lambda x, y: x**-2,
    "x^-2^2": lambda x, y: x ** -(2**2),
    "x²y³": lambda x, y: x**2 * y**3,
    "x⁻¹ + x¹⁰": lambda x, y: 1 / x + x**10,
    "|x - y|": lambda x, y: abs(x - y),
    "||x| - 2| y": lambda x, y: abs(abs(x) - 2) * y,
    "x−y·2÷4×3": lambda x, y: x - y * 2 / 4 * 3,
    "8/2/2": lambda x, y: 2,
    "8-2-2": lambda x, y: 4,
    "2 pi + π + τ + tau": lambda x, y: 3 * math.pi + 2 * math.tau,
    "e^x + 2e": lambda x, y: math.e**x + 2 * math.e,
    "2e3 x + 1.5E-1 + .5 + 2.": lambda x, y: 2000 * x + 0.15 + 0.5 + 2,
    "x^1.5": lambda x, y: x**1.5,
    "x^y": lambda x, y: x**y,
    "sqrt(x) + √(y)": lambda x, y: math.sqrt(x) + math.sqrt(y),
    "exp(x) - ln(x) - log(y) + log2(x) + log10(y)": lambda x, y: (
        math.exp(x) - math.log(x) - math.log(y) + math.log2(x) + math.log10(y)
    ),
    "sin(x)+cos(x)+tan(x)": lambda x, y: math.sin(x) + math.cos(x) + math.tan(x),
    "asin(x/2)+arccos(x/2)+atan(y)": lambda x, y: math.asin(x / 2) + math.acos(x / 2) + math.atan(y),
    "sinh(x)+cosh(x)+tanh(y)": lambda x, y: math.sinh(x) + math.cosh(x) + math.tanh(y),
    "abs(x-1) + sign(x-1)": lambda x, y: abs(x - 1) + math.copysign(1, x - 1),
    "sigmoid(x)+softplus(y)+relu(x-1)": lambda x, y: 1 / (1 + math.exp(-x)) + math.log1p(math.exp(y)) + max(x - 1, 0),
    "σ(x)": lambda x, y: 1 / (1 + math.exp(-x)),
    "min(x, y, 1) + max(x, y)": lambda x, y: min(x, y, 1) + max(x, y),
    "+-+x": lambda x, y: -x,
}
WRONG = {  # text → the characters the fault is shown at, and a word of the sentence
    "": (0, 0, "Type"),
    "   ": (0, 0, "Type"),
    "x +": (3, 3, "early"),
    "(x": (0, 1, "closed"),
    "x)": (1, 2, "not expected"),
    "x * / y": (4, 5, "not expected"),
    "3 4": (2, 3, "missing"),
    "xy": (0, 2, "not known"),
    "sin x": (0, 3, "parentheses"),
    "sin(x, y)": (0, 9, "one value"),
    "max(x)": (0, 6, "two or more"),
    "1/2x": (3, 4, "two ways"),
    "e^2x": (3, 4, "two ways"),
    "e^-2 x": (5, 6, "two ways"),
    "x % 2": (2, 3, "no meaning"),
    "x; y": (1, 2, "no meaning"),
    "1e400": (0, 5, "too large"),
    "x^101": (2, 5, "too large"),
    "x^(2*60)": (2, 8, "too large"),
    "log(-1) + x": (0, 7, "Logarithm of −1,"),
    "y + 1/0": (4, 7, "zero"),
    "x/(1-1)": (0, 7, "zero"),
    "sqrt(-2)": (0, 8, "negative"),
    "(-2)^0.5": (0, 8, "not whole"),
    "(-2)^x": (0, 6, "above 0"),
    "asin(2)": (0, 7, "between"),
    "__import__('os')": (11, 12, "no meaning"),
    "x.real": (1, 2, "no meaning"),
    "lambda: x": (6, 7, "no meaning"),
    "(" * 41 + "x" + ")" * 41: (40, 41, "deep"),
    "x" + "+x" * 249: (0, 401, "parts"),
    "x" * 501: (500, 501, "characters"),
}
UNDEFINED = {  # text → a point, the characters to blame, a word
    "x + log(y - 1)": ((0.0, 0.0), (4, 14), "negative"),
    "1/(x - y)": ((2.0, 2.0), (0, 9), "zero"),
    "2 sqrt(x)": ((-4.0, 0.0), (2, 9), "−4"),
    "x^0.5": ((-1.0, 0.0), (0, 5), "not whole"),
    "y x^-1": ((0.0, 1.0), (2, 6), "zero"),
    "x^y": ((-1.0, 1.0), (0, 3), "above 0"),
    "acos(x)": ((1.5, 0.0), (0, 7), "between"),
    "y + exp(x)": ((1000.0, 0.0), (4, 10), "too large"),
}


def differences(question, points, step=1e-6):
    return np.stack(
        [
            (question(points + step * np.eye(2)[axis]) - question(points - step * np.eye(2)[axis])) / (2 * step)
            for axis in (0, 1)
        ],
        axis=-1,
    )


@pytest.mark.parametrize("text", [text for text, meaning in MEANS.items() if meaning])
def test_a_formula_means_what_mathematics_says(text):
    surface = Formula(text=text)
    surface.check()
    np.testing.assert_allclose(surface.value(POINTS), [MEANS[text](x, y) for x, y in POINTS], rtol=1e-13)
    assert all(surface.problem(tuple(point)) is None for point in POINTS)
    np.testing.assert_allclose(surface.gradient(POINTS), differences(surface.value, POINTS), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(surface.hessian(POINTS), differences(surface.gradient, POINTS), rtol=1e-6, atol=1e-6)


def test_every_function_is_tried():
    assert all(any(f"{name}(" in text for text in MEANS) for name in set(FUNCTIONS) - {"arcsin", "acos", "arctan"})


@pytest.mark.parametrize("kind", ["rosenbrock", "beale", "himmelblau", "ackley", "goldstein_price", "griewank"])
def test_slopes_of_a_typed_in_surface_are_those_of_the_built_in_one(kind):
    text = {
        "rosenbrock": "(1-x)^2 + 100 (y-x^2)^2",
        "beale": "(1.5-x+x y)^2 + (2.25-x+x*y^2)^2 + (2.625-x+x*y^3)^2",
        "himmelblau": "(x²+y-11)² + (x+y²-7)²",
        "ackley": "20 + e - 20 exp(-0.2 sqrt((x^2+y^2)/2)) - exp((cos(2 pi x)+cos(2 pi y))/2)",
        "goldstein_price": "(1+(x+y+1)²(19-14x+3x²-14y+6x y+3y²)) (30+(2x-3y)²(18-32x+12x²+48y-36x y+27y²))",
        "griewank": "1 + (x²+y²)/4000 - cos(x) cos(y/√(2))",
    }[kind]
    typed, built_in = Formula(text=text), SURFACES[kind]()
    np.testing.assert_allclose(typed.gradient(POINTS), built_in.gradient(POINTS), rtol=1e-11)
    np.testing.assert_allclose(typed.hessian(POINTS), built_in.hessian(POINTS), rtol=1e-11)


@pytest.mark.parametrize("text", WRONG)
def test_a_fault_is_shown_where_it_stands(text):
    start, end, word = WRONG[text]
    with pytest.raises(FormulaError) as caught:
        Formula(text=text).check()
    assert (caught.value.start, caught.value.end) == (start, end)
    assert word in str(caught.value)


@pytest.mark.parametrize("text", UNDEFINED)
def test_a_point_without_value_is_explained_by_the_part_to_blame(text):
    point, characters, word = UNDEFINED[text]
    surface = Formula(text=text)
    surface.check()
    found = surface.problem(point)
    assert found is not None
    assert (found.start, found.end) == characters
    assert word in str(found)
    assert not np.isfinite(surface.value(np.array(point)))


def test_an_overflow_on_the_way_to_a_finite_value_is_no_problem():
    surface = Formula(text="1/(1 + exp(-1000 x))")
    assert surface.problem((-1.0, 0.0)) is None
    assert surface.value(np.array([-1.0, 0.0])) == 0


@pytest.mark.parametrize("text", ["|x| + |y|", "sqrt(x^2 + y^2)", "max(x, y)", "relu(x)", "x^0.5 + y", "asin(x)"])
def test_the_slope_at_a_kink_is_a_number(text):
    for point in ([0.0, 0.0], [1.0, 0.0], [0.0, 1.0]):
        if Formula(text=text).problem(tuple(point)) is None:
            assert np.isfinite(Formula(text=text).gradient(np.array(point))).all()
            assert np.isfinite(Formula(text=text).hessian(np.array(point))).all()


def test_its_minima_and_saddles_are_found():
    surface = Formula(text="x^4 - x^2 + y^2", y_low=-2.0, y_high=2.0)
    np.testing.assert_allclose([(one.x, one.y) for one in surface.minima], [(-(0.5**0.5), 0), (0.5**0.5, 0)])
    assert [(one.x, one.y) for one in surface.saddles] == [(0, 0)]


@pytest.mark.parametrize("text", ["log(-1 - x^2)", "log(x)", "1/x", "5", "0*log(x)"])
def test_a_surface_with_holes_can_still_be_asked_everything(text):
    surface = Formula(text=text)
    surface.check()
    assert isinstance(surface.minima, tuple)
    assert isinstance(surface.saddles, tuple)
    assert surface.suggested_rate("gradient") > 0
    assert np.isfinite(surface.color_transform.offset)


def test_the_mean_over_a_table_is_a_fit_with_batches():
    table = "u, v\n1, 2\n2, 3\n3, 5\n"
    surface = Formula(text="(x u + y - v)^2", table=table)
    u, v = np.array([1.0, 2, 3]), np.array([2.0, 3, 5])
    for x, y in POINTS:
        assert surface.value(np.array([x, y])) == pytest.approx(np.mean((x * u + y - v) ** 2), rel=1e-14)
        alone = surface.value(np.array([x, y]), np.array([2]))
        assert alone == pytest.approx((x * 3 + y - 5) ** 2, rel=1e-14)
    assert surface.samples == 3
    (best,) = surface.minima
    assert (best.x, best.y) == pytest.approx((1.5, 1 / 3))


@pytest.mark.parametrize("separator", ["\t", ";", ",", "  "])
def test_a_table_may_be_pasted_in_any_usual_form(separator):
    text = "\n\n" + "\r\n".join(separator.join(row) for row in (("u", "weight_2"), ("1", "−2.5"), ("3e0", "4")))
    surface = Formula(text="u x + weight_2", table=text)
    assert surface.value(np.array([1.0, 0.0])) == 2.75


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ("u,v", "0 rows"),
        ("u,v\n1", "values 1, names 2"),
        ("u,v\n1,a", "no number"),
        ("u,v\n1,nan", "no number"),
        ("u,u\n1,2", "already"),
        ("x,u\n1,2", "already"),
        ("sin,u\n1,2", "already"),
        ("2,3\n1,2", "no name"),
        (",".join(f"c{i}" for i in range(17)) + "\n1", "17 columns"),
        ("u\n" + "1\n" * 1001, "1001 rows"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(table, word):
    with pytest.raises(GradLabError, match=word):
        Formula(text="x", table=table).check()


def test_it_survives_json_and_refuses_what_is_too_long():
    surface = Formula(text="π x² + |y|", table="u\n1", x_low=-4.0)
    assert from_json(SURFACES, json.loads(json.dumps(to_json(surface)))) == surface
    with pytest.raises(SpecError):
        validate(Formula(text="x" * (LONGEST + 1)), "surface")


def test_edges_in_the_wrong_order_are_refused():
    with pytest.raises(GradLabError, match="left"):
        Formula(x_low=1.0, x_high=-1.0).check()


VALID = [text for text, meaning in MEANS.items() if meaning]
WORDS = [
    *FUNCTIONS,
    *"xyueπ²³⁻0123456789.()|,+-*/^ ",
    "**",
    "1e5",
    "1e308",
    "eval",
    "import",
    "__",
    "\x00",
    "\n",
    "ß",
    "∞",
    "²²",
]


def strings(count, seed):
    """Random words, random characters, and valid formulas with something cut, doubled, swapped or put in."""
    rng = random.Random(seed)
    for i in range(count):
        if i % 4 == 0:
            yield "".join(rng.choice(WORDS) for _ in range(rng.randint(0, 30)))
        elif i % 16 == 1:
            yield "".join(
                chr(rng.choice([rng.randint(0, 127), rng.randint(0, 0x2FFF)])) for _ in range(rng.randint(0, 30))
            )
        else:
            text = rng.choice(VALID)
            for _ in range(rng.randint(1, 3)):
                at, more = rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)
                low, high = min(at, more), max(at, more)
                text = rng.choice(
                    [
                        text[:low] + text[high:],
                        text[:at] + rng.choice(WORDS) + text[at:],
                        text[:at] + rng.choice(VALID) + text[at:],
                    ]
                )
            yield text


def fault_of(surface):
    try:
        surface.check()
    except FormulaError as error:
        return error
    return None


@pytest.mark.parametrize("seed", range(10))
def test_no_string_breaks_it(seed):
    """100 000 strings in all. A fault is a sentence with its place; anything else has a value and slopes."""
    read = 0
    for text in strings(10_000, seed):
        surface = Formula(text=text)
        fault = fault_of(surface)
        if fault is not None:
            assert 0 <= fault.start <= fault.end <= max(len(text), LONGEST)
            assert str(fault)
            continue
        read += 1
        value = surface.value(POINTS)
        assert value.shape == (3,)
        assert surface.gradient(POINTS).shape == (3, 2)
        assert surface.hessian(POINTS).shape == (3, 2, 2)
        explained = [surface.problem((x, y)) is not None for x, y in POINTS.tolist()]
        assert all(one or np.isfinite(found) for one, found in zip(explained, value, strict=True)), text
    assert read > 500
