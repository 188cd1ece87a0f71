"""Formulas written out: as a person reads them, and as Python source that gives the same numbers as the evaluator.

Both are printed from the graph a surface is made of, so they cannot disagree with it.
"""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from simulations.surfaces.base import Surface, columns_of, parameters_of, programs_of
from simulations.surfaces.evaluation import Question
from simulations.surfaces.expression import BATCH, POINT, SAMPLE, TIME, Graph, Node
from simulations.surfaces.formula import Formula
from simulations.surfaces.instructions import compute_of
from simulations.surfaces.program import Program

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)  # how tightly a text holds together
_VARYING: Final = POINT | SAMPLE | BATCH | TIME
_DEEPEST: Final = 14  # what is nested more than this in a text is not read any more
_LONGEST: Final = 72  # characters of an expression before it gets a line of its own
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PARTS: Final = ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 6), (1, 180))  # of π
_KNOWN: Final = {
    "π": math.pi,
    **{f"{many}π": many * math.pi for many in (2, 3, 4, 5, 6, 8, 10, 12)},
    **{f"{'' if many == 1 else many}π/{part}": many * math.pi / part for many, part in _PARTS},
    "e": math.e,
    "√(2)": math.sqrt(2),
}


class Text(NamedTuple):
    """A piece of text and how tightly it holds together."""

    text: str
    hold: int = _ATOM

    def within(self, least: int) -> str:
        """In parentheses unless it holds together at least so tightly."""
        return self.text if self.hold >= least else f"({self.text})"


# ---- for people ------------------------------------------------------------------------------------------------------


def formula_text(surface: Surface, names: Mapping[str, str] | None = None) -> str:
    """The formula as one line, such as ``(a − x)² + b·(y − x²)²``. ``names`` are what parameters are called.

    Without names their values stand there, and the line can be typed in again as a formula, unless it takes a mean, a choice
    or the step. What is nested too deeply to be read is left out: ``…``.
    """
    if isinstance(surface, Formula):
        return surface.text
    program = programs_of(surface).value
    return _Readable(program.graph, parameters_of(surface), names or {}).of(program.outputs[0]).text


class _Readable:
    def __init__(self, graph: Graph, values: Mapping[str, float], names: Mapping[str, str]) -> None:
        self._graph, self._values, self._names = graph, values, names

    def of(self, index: int, depth: int = 0) -> Text:
        node = self._graph.nodes[index]
        if node.operation == "constant":
            return _number(node.number)
        if node.operation == "parameter" and node.name not in self._names:
            return _number(self._values[node.name])
        if node.is_leaf:
            return Text(self._names.get(node.name, node.name) if node.operation == "parameter" else node.name)
        if depth >= _DEEPEST:
            return Text("…")
        inner = [self.of(one, depth + 1) for one in node.arguments]
        if node.operation in _READABLE:
            return _READABLE[node.operation](*inner)
        if node.operation == "integer_power":
            return _raised(inner[0], str(int(node.number)).translate(_RAISED))
        name = {"sigmoid": "σ"}.get(node.operation, node.operation)
        return Text(f"{name}({', '.join(one.text for one in inner)})")


def _number(value: float) -> Text:
    """Six digits, or what it is of π, e or √2."""
    size, sign = abs(value), "−" if value < 0 else ""
    for text, known in _KNOWN.items():
        if math.isclose(size, known, rel_tol=1e-12):
            return Text(f"{sign}{text}", _PRODUCT if "/" in text else _SIGN if sign else _ATOM)
    short = re.sub(r"e([+-])0*", lambda found: "e-" if found[1] == "-" else "e", f"{size:.6g}")
    return Text(f"{sign}{short}", _SIGN if sign else _ATOM)


def _raised(base: Text, exponent: str) -> Text:
    return Text(f"{base.within(_ATOM)}{exponent}", _POWER)


def _sum_text(a: Text, b: Text) -> Text:
    if b.text.startswith("−"):
        return Text(f"{a.text} − {b.text[1:]}", _SUM) if b.hold != _SUM else Text(f"{a.text} + ({b.text})", _SUM)
    return Text(f"{a.text} + {b.text}", _SUM)


def _product_text(a: Text, b: Text) -> Text:
    left, right = a.within(_PRODUCT), b.within(_POWER if b.text.startswith("−") else _PRODUCT)
    is_plain = re.fullmatch(r"[0-9.]+", left) and re.match(r"[a-zA-Zκ](?![a-zA-Z])", right)
    return Text(f"{left}{right}" if is_plain else f"{left}·{right}", _PRODUCT)


_READABLE: Final[dict[str, Callable[..., Text]]] = {
    "add": _sum_text,
    "subtract": lambda a, b: Text(f"{a.text} − {b.within(_PRODUCT)}", _SUM),
    "multiply": _product_text,
    "divide": lambda a, b: Text(f"{a.within(_PRODUCT)}/{b.within(_POWER)}", _PRODUCT),
    "negative": lambda a: Text(f"−{a.within(_PRODUCT)}", _SIGN),
    "power": lambda a, b: _raised(a, f"^{b.within(_ATOM)}"),
    "sqrt": lambda a: Text(f"√({a.text})"),
    "abs": lambda a: Text(f"abs({a.text})" if "|" in a.text else f"|{a.text}|"),
    "greater": lambda a, b: Text(f"{a.text} > {b.text}", _SUM),
    "select": lambda c, a, b: Text(f"({c.text} ? {a.text} : {b.text})"),
}


# ---- for Python ------------------------------------------------------------------------------------------------------


def python_source(surface: Surface, question: Question) -> str:
    """The source of a function called ``question`` of numbers x and y that needs NumPy as ``np`` and nothing else.

    It returns f, (∂f/∂x, ∂f/∂y) or (∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²), or value and both slopes for ``slope``. Parameters are
    written in at full precision. After x and y come the arguments :func:`python_arguments` names. x and y should be
    ``np.float64``, which have infinities; it carries out the operations of the evaluator, in its order.
    """
    program = programs_of(surface).of(question)
    arguments = python_arguments(surface)
    lines = _Source(program, parameters_of(surface), arguments)
    results = ", ".join(lines.written(one) for one in program.outputs)
    head = ", ".join(("x", "y", *arguments.values()))
    body = "\n".join(f"    {line}" for line in (*lines.lines, f"return {results}"))
    return f"def {question}({head}):\n{body}\n"


def python_arguments(surface: Surface) -> dict[str, str]:
    """The arguments after x and y: columns of the data, ``(n,)`` each, by their name in the surface, and ``t``, the step,
    of a surface that moves: 0 is the whole."""
    found: dict[str, str] = {}
    for index, name in enumerate(columns_of(surface)):
        is_free = name.isascii() and not keyword.iskeyword(name) and not re.fullmatch(r"s\d+|np|x|y|t", name)
        found[name] = name if is_free else f"column_{index}"
    if programs_of(surface).has_time:
        found["t"] = "t"
    return found


class _Source:
    """Lines that work out a program: what is used twice, or has grown long, gets a name."""

    def __init__(self, program: Program, values: Mapping[str, float], arguments: Mapping[str, str]) -> None:
        self.lines: list[str] = []
        self._graph, self._values, self._arguments = program.graph, values, arguments
        self._texts: dict[int, Text] = {}
        uses: dict[int, int] = {}
        for index in program.order:
            for one in self._graph.nodes[index].arguments:
                uses[one] = uses.get(one, 0) + 1
        for index in program.order:
            text = self._text(self._graph.nodes[index], self._graph.dependence[index])
            is_shared = uses.get(index, 0) > 1 and not re.fullmatch(r"-?[\w.]+", text.text)
            self._texts[index] = self._named(text) if is_shared or len(text.text) > _LONGEST else text

    def written(self, index: int) -> str:
        return self._texts[index].text

    def _named(self, text: Text) -> Text:
        name = f"s{len(self.lines) + 1}"
        self.lines.append(f"{name} = {text.text}")
        return Text(name)

    def _text(self, node: Node, dependence: int) -> Text:
        if node.operation == "point":
            return Text(node.name)
        if node.operation in ("sample", "time"):
            return Text(self._arguments[node.name])
        if not dependence & _VARYING:
            return _literal(self._work_out(node))
        inner = [self._texts[one] for one in node.arguments]
        if node.operation == "integer_power":
            return self._integer_power(inner[0], int(node.number))
        return _PYTHON[node.operation](*(self._ready(node.operation, inner)))

    def _ready(self, operation: str, inner: Sequence[Text]) -> Sequence[Text]:
        """``inner``, with a name where the operation writes an argument twice."""
        if operation in ("reciprocal_or_zero", "power_or_zero") and not inner[0].text.isidentifier():
            return self._named(inner[0]), *inner[1:]
        return inner

    def _integer_power(self, base: Text, exponent: int) -> Text:
        """By squaring and multiplying, as the evaluator does it: a general power rounds differently."""
        base = found = base if base.text.isidentifier() else self._named(base)
        for bit in f"{exponent:b}"[1:]:
            found = found if found.text.isidentifier() else self._named(found)
            found = Text(f"{found.text} * {found.text}" + (f" * {base.text}" if bit == "1" else ""), _PRODUCT)
        return found

    def _work_out(self, node: Node) -> float:
        if node.operation == "constant":
            return node.number
        if node.operation == "parameter":
            return self._values[node.name]
        inner = [np.array([self._work_out(self._graph.nodes[one])]) for one in node.arguments]
        out = np.empty(1)
        with np.errstate(all="ignore"):
            compute_of(node.operation, int(node.number))(*inner, out)
        return float(out[0])


def _literal(value: float) -> Text:
    if not math.isfinite(value):
        return Text("np.nan" if math.isnan(value) else "np.inf" if value > 0 else "(-np.inf)")
    whole = value == int(value) and abs(value) < 1e15 and (value or math.copysign(1, value) > 0)
    return Text(str(int(value)) if whole else repr(value), _SIGN if math.copysign(1, value) < 0 else _ATOM)


def _call(name: str) -> Callable[..., Text]:
    return lambda *inner: Text(f"np.{name}({', '.join(one.text for one in inner)})")


def _binary(sign: str, hold: int) -> Callable[[Text, Text], Text]:
    """Of equal signs the left one is carried out first, so the right side of one is in parentheses."""
    return lambda a, b: Text(f"{a.within(hold)} {sign} {b.within(_POWER if b.hold == _SIGN else hold + 1)}", hold)


_PYTHON: Final[dict[str, Callable[..., Text]]] = {
    "add": _binary("+", _SUM),
    "subtract": _binary("-", _SUM),
    "multiply": _binary("*", _PRODUCT),
    "divide": _binary("/", _PRODUCT),
    "negative": lambda a: Text(f"-{a.within(_POWER)}", _SIGN),
    "asin": _call("arcsin"),
    "acos": _call("arccos"),
    "atan": _call("arctan"),
    "max": _call("maximum"),
    "min": _call("minimum"),
    "sigmoid": lambda a: Text(f"0.5 + 0.5 * np.tanh(0.5 * {a.within(_POWER)})", _SUM),
    "softplus": lambda a: Text(f"np.logaddexp(0, {a.text})"),
    "greater": lambda a, b: Text(f"np.where({a.text} > {b.text}, 1.0, 0.0)"),
    "select": lambda c, a, b: Text(f"np.where({c.text} != 0, {a.text}, {b.text})"),
    "mean": lambda a: Text(f"np.mean({a.text}, axis=-1)"),
    "reciprocal_or_zero": lambda a: Text(f"np.where({a.text} == 0, 0.0, 1 / np.where({a.text} == 0, 1.0, {a.text}))"),
    "power_or_zero": lambda a, b: Text(
        f"np.where({a.text} == 0, 0.0, np.power(np.where({a.text} == 0, 1.0, {a.text}), {b.text}))"
    ),
    **{name: _call(name) for name in ("power", "sqrt", "abs", "sign", "exp", "log", "sin", "cos", "tan")},
    **{name: _call(name) for name in ("sinh", "cosh", "tanh")},
}
