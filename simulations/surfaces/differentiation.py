"""Derivatives of expressions by the chain rule, from the leaves up: forward mode, applied again for second derivatives.

They are expressions themselves, of about as many operations as the function, exact to rounding. A derivative that is zero
everywhere is None, so nothing is multiplied by zero. At a kink, and where a slope is infinite, the slope counts as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from simulations.surfaces.expression import Expression, Graph, cos, greater, select, sin

Derivative = Expression | None
Arguments = Sequence[Expression]
Rule = Callable[[Arguments, Expression, Sequence[Derivative]], Derivative]
Slope = Callable[[Expression, Expression], Expression]  # of a function of one argument: (argument, value) → derivative


class Derivatives(NamedTuple):
    """A function of two variables with its first and second derivatives, as expressions of one graph."""

    value: Expression
    gradient: tuple[Expression, Expression]
    hessian: tuple[Expression, Expression, Expression]  # xx, xy, yy


def derivatives(value: Expression, x: Expression, y: Expression) -> Derivatives:
    """``value`` with its derivatives by the leaves ``x`` and ``y``."""
    zero = value.of(0.0)
    by_x, by_y = (Differentiation(one) for one in (x, y))
    first = [by(value) or zero for by in (by_x, by_y)]
    second = [by(one) or zero for by, one in ((by_x, first[0]), (by_y, first[0]), (by_y, first[1]))]
    return Derivatives(value, (first[0], first[1]), (second[0], second[1], second[2]))


class Differentiation:
    """d/d``variable`` of expressions of its graph; what was worked out once is remembered."""

    def __init__(self, variable: Expression) -> None:
        self._graph: Graph = variable.graph
        self._known: dict[int, Derivative] = {variable.index: self._graph.constant(1.0)}

    def __call__(self, value: Expression) -> Derivative:
        """The derivative, or None where it is zero everywhere. Without recursion, so depth is no limit."""
        waiting = [value.index]
        while waiting:
            index = waiting[-1]
            missing = [one for one in self._graph.nodes[index].arguments if one not in self._known]
            if missing and index not in self._known:
                waiting.extend(missing)
                continue
            waiting.pop()
            if index not in self._known:
                self._known[index] = self._differentiate(index)
        return self._known[value.index]

    def _differentiate(self, index: int) -> Derivative:
        node = self._graph.nodes[index]
        inner = [self._known[one] for one in node.arguments]
        if all(one is None for one in inner):
            return None
        arguments = [Expression(self._graph, one) for one in node.arguments]
        result = Expression(self._graph, index)
        if node.operation == "integer_power":
            return _times(node.number * arguments[0] ** (node.number - 1), inner[0])
        if node.operation in _SLOPES:
            return _times(_SLOPES[node.operation](arguments[0], result), inner[0])
        return _RULES[node.operation](arguments, result, inner)


def _times(factor: Expression, inner: Derivative) -> Derivative:
    return None if inner is None else factor * inner


def _plus(a: Derivative, b: Derivative) -> Derivative:
    if a is None or b is None:
        return b if a is None else a
    return a + b


def _minus(a: Derivative, b: Derivative) -> Derivative:
    if a is None or b is None:
        return a if b is None else -b
    return a - b


def _divide(u: Arguments, z: Expression, du: Sequence[Derivative]) -> Derivative:
    top = _minus(du[0], _times(z, du[1]))
    return None if top is None else top / u[1]


def _power(u: Arguments, z: Expression, du: Sequence[Derivative]) -> Derivative:
    """Of a constant exponent; any other was written with exp and log."""
    exponent = u[1].number
    if exponent is None:
        raise ValueError("the exponent of a power must be a constant")
    return _times(exponent * z.graph.apply("power_or_zero", u[0], u[1].of(exponent - 1)), du[0])


def _choose(is_first: Expression, du: Sequence[Derivative]) -> Expression:
    zero = is_first.of(0.0)
    return select(is_first, zero if du[0] is None else du[0], zero if du[1] is None else du[1])


def _mean(u: Arguments, z: Expression, du: Sequence[Derivative]) -> Derivative:
    return None if du[0] is None else z.graph.apply("mean", du[0])


def _select(u: Arguments, z: Expression, du: Sequence[Derivative]) -> Derivative:
    return None if du[1] is None and du[2] is None else _choose(u[0], du[1:])


def _inverse(u: Expression) -> Expression:
    return u.graph.apply("reciprocal_or_zero", u)


_RULES: Final[dict[str, Rule]] = {
    "add": lambda u, z, du: _plus(du[0], du[1]),
    "subtract": lambda u, z, du: _minus(du[0], du[1]),
    "multiply": lambda u, z, du: _plus(_times(u[1], du[0]), _times(u[0], du[1])),
    "divide": _divide,
    "negative": lambda u, z, du: None if du[0] is None else -du[0],
    "power": _power,
    "power_or_zero": _power,
    "max": lambda u, z, du: _choose(greater(u[0], u[1]), du),
    "min": lambda u, z, du: _choose(greater(u[1], u[0]), du),
    "select": _select,
    "mean": _mean,
    "sign": lambda u, z, du: None,
    "greater": lambda u, z, du: None,
}

_SLOPES: Final[dict[str, Slope]] = {
    "sqrt": lambda u, z: 0.5 * _inverse(z),
    "abs": lambda u, z: z.graph.apply("sign", u),
    "exp": lambda u, z: z,
    "log": lambda u, z: 1 / u,
    "sin": lambda u, z: cos(u),
    "cos": lambda u, z: -sin(u),
    "tan": lambda u, z: 1 + z**2,
    "asin": lambda u, z: _inverse(z.graph.apply("sqrt", 1 - u**2)),
    "acos": lambda u, z: -_inverse(z.graph.apply("sqrt", 1 - u**2)),
    "atan": lambda u, z: 1 / (1 + u**2),
    "sinh": lambda u, z: z.graph.apply("cosh", u),
    "cosh": lambda u, z: z.graph.apply("sinh", u),
    "tanh": lambda u, z: 1 - z**2,
    "sigmoid": lambda u, z: z * (1 - z),
    "softplus": lambda u, z: z.graph.apply("sigmoid", u),
    "reciprocal_or_zero": lambda u, z: -(z**2),
}
