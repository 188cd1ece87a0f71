"""From the tree of a typed-in formula to an expression, and what keeps it from having a value at a point, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Final

import numpy as np

from simulations.core.text import N_
from simulations.surfaces.expression import Expression
from simulations.surfaces.syntax import FormulaError, Part

GREATEST_EXPONENT: Final = 100

_OPERATORS: Final[dict[str, Callable[[Expression, Expression], Expression]]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
}


def build(part: Part, variables: Mapping[str, Expression]) -> Expression:
    """``part`` as an expression. Raises :class:`FormulaError` for what is undefined wherever one stands."""
    inner = [build(one, variables) for one in part.inner]
    if part.kind == "number":
        return next(iter(variables.values())).of(part.value)
    if part.kind == "name":
        return variables[part.name]
    numbers = [one.number for one in inner]
    _refuse_exponent(part, numbers)
    known = [one for one in numbers if one is not None]
    if len(known) == len(numbers):
        _refuse(part, known)
    if part.kind == "negative":
        return -inner[0]
    if part.kind == "call":
        return _call(part.name, inner)
    if numbers[1] == 0 or (part.kind == "power" and numbers[0] is not None):
        _refuse(part, [1.0 if one is None else one for one in numbers])
    return _OPERATORS[part.kind](inner[0], inner[1])


def problem_at(part: Part, values: Mapping[str, float]) -> FormulaError | None:
    """Why the formula has no finite value where its variables have ``values``, with the part to blame; None if it has."""
    try:
        if not math.isfinite(_work_out(part, values, is_strict=False)):
            _work_out(part, values, is_strict=True)
    except FormulaError as error:
        return error
    return None


def _work_out(part: Part, values: Mapping[str, float], *, is_strict: bool) -> float:
    """The value of ``part``. Raises :class:`FormulaError` where it is undefined; if strict, where it is infinite too."""
    if part.kind == "number":
        return part.value
    if part.kind == "name":
        return values[part.name]
    numbers = [_work_out(one, values, is_strict=is_strict) for one in part.inner]
    _refuse(part, numbers)
    result = _result(part, numbers)
    if is_strict and not math.isfinite(result):
        raise FormulaError(N_("The result is too large for a number."), part.start, part.end)
    return result


def _refuse(part: Part, numbers: list[float]) -> None:
    """Raise :class:`FormulaError` if the operation is undefined for ``numbers``."""
    found = _undefined(part, numbers)
    if found is not None:
        template, number = found
        raise FormulaError(template, part.start, part.end, number=_written(number))


def _written(number: float) -> str:
    return f"{number:.6g}".replace("-", "−")


def _undefined(part: Part, numbers: list[float]) -> tuple[str, float] | None:
    """The sentence, and the number in it, for values an operation is not defined for."""
    u, last = numbers[0], numbers[-1]
    operation = part.name if part.kind == "call" else part.kind
    if operation == "divide" and last == 0:
        return N_("Division by zero."), last
    if operation in ("log", "log2", "log10") and u <= 0:
        return (N_("Logarithm of zero.") if u == 0 else N_("Logarithm of {number}, which is negative.")), u
    if operation == "sqrt" and u < 0:
        return N_("Square root of {number}, which is negative."), u
    if operation in ("asin", "acos") and abs(u) > 1:
        return N_("Arc of {number}, which is not between −1 and 1."), u
    if operation == "power":
        return _undefined_power(part, u, last)
    return None


def _undefined_power(part: Part, base: float, exponent: float) -> tuple[str, float] | None:
    if part.inner and not _is_constant(part.inner[1]):
        return (
            None
            if base > 0
            else (N_("A power with a changing exponent needs a base above 0, here it is {number}."), base)
        )
    if base == 0 and exponent < 0:
        return N_("Division by zero."), base
    if base < 0 and not exponent.is_integer():
        return N_("{number} is negative and has no power that is not whole."), base
    return None


def _is_constant(part: Part) -> bool:
    return part.kind == "number" or (part.kind != "name" and all(_is_constant(one) for one in part.inner))


def _refuse_exponent(part: Part, numbers: list[float | None]) -> None:
    if part.kind == "power" and numbers[1] is not None and abs(numbers[1]) > GREATEST_EXPONENT:
        raise FormulaError(
            N_("The exponent {number} is too large: at most {most}."),
            part.inner[1].start,
            part.inner[1].end,
            number=_written(numbers[1]),
            most=GREATEST_EXPONENT,
        )


def _call(name: str, inner: list[Expression]) -> Expression:
    graph = inner[0].graph
    if name in ("min", "max"):
        return reduce(lambda a, b: graph.apply(name, a, b), inner)
    if name == "relu":
        return graph.apply("max", inner[0], graph.constant(0))
    if name in ("log2", "log10"):
        return graph.apply("log", inner[0]) / math.log(2 if name == "log2" else 10)
    return graph.apply(name, inner[0])


def _result(part: Part, numbers: list[float]) -> float:
    """The operation on numbers it is defined for, in NumPy's arithmetic: ∞ instead of an exception."""
    a = [np.float64(one) for one in numbers]
    with np.errstate(all="ignore"):
        if part.kind != "call":
            return float(_ARITHMETIC[part.kind](*a))
        return float(_VALUES[part.name](*a))


_ARITHMETIC: Final[dict[str, Callable[..., float]]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
    "negative": lambda a: -a,
}
_VALUES: Final[dict[str, Callable[..., float]]] = {
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "abs": np.abs,
    "sign": np.sign,
    "sigmoid": lambda u: 0.5 + 0.5 * np.tanh(u / 2),
    "softplus": lambda u: np.logaddexp(0.0, u),
    "relu": lambda u: np.maximum(u, 0.0),
    "min": lambda *u: np.min(u),
    "max": lambda *u: np.max(u),
}
