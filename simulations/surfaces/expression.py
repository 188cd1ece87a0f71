"""Formulas as values: written with Python's operators, kept as a graph in which equal parts exist once.

From one graph come a surface's value, its derivatives (:mod:`simulations.surfaces.differentiation`), the program that works
them out for many points (:mod:`simulations.surfaces.program`) and its text (:mod:`simulations.surfaces.printing`).
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from simulations.surfaces.instructions import compute_of

POINT: Final = 1  # what a node depends on, as bits: the point asked about, …
SAMPLE: Final = 2  # … one row of the data, …
BATCH: Final = 4  # … the batch as a whole, …
TIME: Final = 8  # … the step
_LEAVES: Final = ("constant", "point", "parameter", "sample", "time")
_DEPENDENCE: Final = {"point": POINT, "sample": SAMPLE, "time": TIME}


class Node(NamedTuple):
    """One operation on earlier nodes. ``name`` is a leaf's name, ``number`` a constant or the exponent of a power."""

    operation: str
    arguments: tuple[int, ...]
    name: str = ""
    number: float = 0.0

    @property
    def is_leaf(self) -> bool:
        return self.operation in _LEAVES


class Graph:
    """Nodes in an order in which each comes after its arguments. Equal nodes are one."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.dependence: list[int] = []
        self._known: dict[Node, int] = {}

    def leaf(self, operation: str, name: str) -> Expression:
        return self._place(Node(operation, (), name))

    def constant(self, value: float) -> Expression:
        return self._place(Node("constant", (), "", float(value) + 0.0))  # −0 and 0 are one

    def apply(self, operation: str, *arguments: Expression, exponent: int = 0) -> Expression:
        """The operation on ``arguments``; of constants its result, if that is a finite number."""
        numbers = [one.number for one in arguments]
        known = [one for one in numbers if one is not None]
        if len(known) == len(numbers):
            folded = _work_out(operation, exponent, known)
            if math.isfinite(folded):
                return self.constant(folded)
        if operation == "mean" and not self.dependence[arguments[0].index] & SAMPLE:
            return arguments[0]
        return self._place(Node(operation, tuple(one.index for one in arguments), "", exponent))

    def _place(self, node: Node) -> Expression:
        index = self._known.get(node)
        if index is None:
            index = self._known[node] = len(self.nodes)
            self.nodes.append(node)
            bits = _DEPENDENCE.get(node.operation, 0)
            for one in node.arguments:
                bits |= self.dependence[one]
            self.dependence.append(bits & ~SAMPLE | BATCH if node.operation == "mean" else bits)
        return Expression(self, index)


def _work_out(operation: str, exponent: int, numbers: list[float]) -> float:
    out = np.empty((1,))
    with np.errstate(all="ignore"):
        compute_of(operation, exponent)(*(np.array([one]) for one in numbers), out)
    return float(out[0])


class Expression:
    """A node of a graph, with arithmetic. Nothing is dropped that could be undefined: ``0·log(x)`` stays."""

    __slots__ = ("graph", "index")

    def __init__(self, graph: Graph, index: int) -> None:
        self.graph = graph
        self.index = index

    @property
    def number(self) -> float | None:
        """The value of a constant, None for anything else."""
        node = self.graph.nodes[self.index]
        return node.number if node.operation == "constant" else None

    def of(self, value: float | Expression) -> Expression:
        """``value`` as an expression of the same graph."""
        return value if isinstance(value, Expression) else self.graph.constant(value)

    def __add__(self, other: float | Expression) -> Expression:
        other = self.of(other)
        if other.number == 0:
            return self
        return other if self.number == 0 else self.graph.apply("add", self, other)

    def __radd__(self, other: float) -> Expression:
        return self.of(other) + self

    def __sub__(self, other: float | Expression) -> Expression:
        other = self.of(other)
        if other.number == 0:
            return self
        return -other if self.number == 0 else self.graph.apply("subtract", self, other)

    def __rsub__(self, other: float) -> Expression:
        return self.of(other) - self

    def __mul__(self, other: float | Expression) -> Expression:
        other = self.of(other)
        for one, factor in ((self, other), (other, self)):
            if factor.number == 1:
                return one
            if factor.number == -1:
                return -one
        return self.graph.apply("multiply", self, other)

    def __rmul__(self, other: float) -> Expression:
        return self.of(other) * self

    def __truediv__(self, other: float | Expression) -> Expression:
        other = self.of(other)
        return self if other.number == 1 else self.graph.apply("divide", self, other)

    def __rtruediv__(self, other: float) -> Expression:
        return self.of(other) / self

    def __neg__(self) -> Expression:
        node = self.graph.nodes[self.index]
        if node.operation == "negative":
            return Expression(self.graph, node.arguments[0])
        return self.graph.apply("negative", self)

    def __pow__(self, exponent: float | Expression) -> Expression:
        """A whole exponent multiplies; another constant needs a base ≥ 0, anything else a base > 0."""
        exponent = self.of(exponent)
        value = exponent.number
        if value is None:
            return exp(exponent * log(self))
        if value != int(value):
            return self.graph.apply("power", self, exponent)
        if value < 0:
            return 1 / self ** (-value)
        if value < 2:
            return self if value else self.of(1.0)
        return self.graph.apply("integer_power", self, exponent=int(value))


def _function(name: str, u: Expression) -> Expression:
    return u.graph.apply(name, u)


def sqrt(u: Expression) -> Expression:
    return _function("sqrt", u)


def absolute(u: Expression) -> Expression:
    return _function("abs", u)


def exp(u: Expression) -> Expression:
    return _function("exp", u)


def log(u: Expression) -> Expression:
    return _function("log", u)


def sin(u: Expression) -> Expression:
    return _function("sin", u)


def cos(u: Expression) -> Expression:
    return _function("cos", u)


def tanh(u: Expression) -> Expression:
    return _function("tanh", u)


def sigmoid(u: Expression) -> Expression:
    return _function("sigmoid", u)


def softplus(u: Expression) -> Expression:
    """log(1 + eᵘ)."""
    return _function("softplus", u)


def relu(u: Expression) -> Expression:
    """max(u, 0), with slope 0 at 0 as in PyTorch."""
    return u.graph.apply("max", u, u.of(0.0))


def select(condition: Expression, chosen: Expression, other: Expression) -> Expression:
    """``chosen`` where ``condition`` is not zero, ``other`` elsewhere."""
    return condition.graph.apply("select", condition, chosen, other)


def greater(u: Expression, v: Expression | float) -> Expression:
    """1 where u > v, 0 elsewhere; its slope is 0."""
    return u.graph.apply("greater", u, u.of(v))


def mean(u: Expression) -> Expression:
    """The mean over the samples of the batch."""
    return _function("mean", u)
