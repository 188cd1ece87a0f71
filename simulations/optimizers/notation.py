"""The notation update rules are written in: one text that is read by people, worked out, and shown with numbers filled in.

``m ← β₁·m + (1 − β₁)·g²`` is read into a small tree once. Names are a letter with its marks (``β₁``, ``m̂``, ``g′``); what is
multiplied says so with ``·``; vectors multiply element by element, a matrix applies to a vector, ``⟨a, b⟩`` is the product of
two vectors, ``a·bᵀ`` the matrix of two vectors, ``‖a‖`` a length, ``ᵗ`` the power of the step. Nothing is ever evaluated as
Python.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray

Value: TypeAlias = FloatArray | np.float64
Function: TypeAlias = Callable[..., Value]
Names: TypeAlias = Mapping[str, Value]
Functions: TypeAlias = Mapping[str, Function]
Worker: TypeAlias = Callable[[Names, Functions], Value]

_TOKEN: Final = re.compile(
    r"(?P<number>\d+(?:\.\d+)?(?:e-?\d+)?)|(?P<function>∇²?f|[a-z]{2,})"
    r"|(?P<name>[A-Za-zΑ-Ωα-ω](?:[₀-₉₊₋ₐₑᵢₘₙₒᵣₜₓ′\u0300-\u036f])*)|(?P<sign>[-+−·/^√()|‖⟨⟩,²ᵗᵀ])|(?P<space>\s+)"
)


class Token(NamedTuple):
    kind: str
    text: str


class Formula(NamedTuple):
    """A right-hand side: its tokens, and what works it out from the values of its names."""

    tokens: tuple[Token, ...]
    work_out: Worker

    def names(self) -> set[str]:
        """The letters it needs the values of."""
        following = (*(one.text for one in self.tokens[1:]), "")
        found = {
            text for (kind, text), after in zip(self.tokens, following, strict=True) if kind == "name" and after != "("
        }
        return found | ({"t"} if any(one.text == "ᵗ" for one in self.tokens) else set())

    def differences(self) -> set[frozenset[str]]:
        """The pairs of letters of which it takes one from the other: θ and x of ``c·(θ − x)``, but not θ and g of ``θ − η·g``."""
        texts = ("", *(one.text for one in self.tokens), "")
        return {
            frozenset((a, b))
            for before, a, sign, b, after in zip(texts, texts[1:], texts[2:], texts[3:], texts[4:], strict=False)
            if sign == "−" and before in ("", "(") and after in ("", ")") and a != b
        }


class Line(NamedTuple):
    """``symbol ← formula``."""

    symbol: str
    formula: Formula


@lru_cache(maxsize=1024)
def read(text: str) -> Formula:
    """The formula ``text`` says. Raises :class:`ValueError` at what is no notation."""
    tokens = tuple(_tokens(unicodedata.normalize("NFD", text)))
    reader = _Reader(tokens)
    found = reader.sum()
    reader.expect("")
    return Formula(tokens, found)


@lru_cache(maxsize=1024)
def read_line(text: str) -> Line:
    """The assignment ``text`` says. Raises :class:`ValueError` at what is none."""
    symbol, arrow, formula = text.partition(" ← ")
    if not arrow:
        raise ValueError(text)
    return Line(unicodedata.normalize("NFD", symbol), read(formula))


def _tokens(text: str) -> list[Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"{text!r} at {at}")
        if match.lastgroup and match.lastgroup != "space":
            found.append(Token(match.lastgroup, match.group()))
        at = match.end()
    return found


class _Reader:
    """Recursive descent: a sum of products of signed powers of atoms."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def next(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def expect(self, text: str) -> None:
        if self.next != text:
            raise ValueError(f"expected {text!r}, got {self.next!r}")
        self._at += 1

    def take(self, *texts: str) -> str:
        found = self.next
        if not found or found not in texts:
            return ""
        self._at += 1
        return found

    def sum(self) -> Worker:
        found = self._product()
        while sign := self.take("+", "−"):
            found = _two(np.add if sign == "+" else np.subtract, found, self._product())
        return found

    def _product(self) -> Worker:
        found = self._signed()
        while sign := self.take("·", "/"):
            found = _two(multiply if sign == "·" else np.divide, found, self._signed())
        return found

    def _signed(self) -> Worker:
        if self.take("−"):
            return _one(np.negative, self._signed())
        if self.take("√"):
            return _one(np.sqrt, self._signed())
        return self._power()

    def _power(self) -> Worker:
        found = self._atom()
        while mark := self.take("²", "ᵗ", "ᵀ", "^"):
            if mark == "²":
                found = _one(np.square, found)
            elif mark == "ᵀ":
                found = _one(transpose, found)
            else:
                found = _two(np.power, found, _name("t") if mark == "ᵗ" else self._atom())
        return found

    def _atom(self) -> Worker:
        if self.take("("):
            return self._closed(")")
        if self.take("|"):
            return _one(np.abs, self._closed("|"))
        if self.take("‖"):
            return _one(norm, self._closed("‖"))
        if self.take("⟨"):
            first = self._closed(",")
            return _two(dot, first, self._closed("⟩"))
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else Token("", "")
        self._at += 1
        if kind == "number":
            return _constant(np.float64(text))
        if kind == "name" and self.next != "(":
            return _name(text)
        if kind not in ("function", "name"):
            raise ValueError(f"unexpected {text!r}")
        self.expect("(")
        arguments = [self.sum()]
        while self.take(","):
            arguments.append(self.sum())
        self.expect(")")
        return lambda names, functions: functions[text](*(one(names, functions) for one in arguments))

    def _closed(self, end: str) -> Worker:
        found = self.sum()
        self.expect(end)
        return found


def _constant(value: Value) -> Worker:
    return lambda names, functions: value


def _name(symbol: str) -> Worker:
    return lambda names, functions: names[symbol]


def _one(function: Function, a: Worker) -> Worker:
    return lambda names, functions: function(a(names, functions))


def _two(function: Function, a: Worker, b: Worker) -> Worker:
    return lambda names, functions: function(a(names, functions), b(names, functions))


def multiply(a: Value, b: Value) -> Value:
    """Element by element; where one is a matrix and the other no number, the matrix product."""
    if np.ndim(a) == 1 and np.shape(b)[:-1] == (1,):  # a column times a row
        a = np.reshape(a, (-1, 1))
    is_product = np.ndim(a) > 0 and np.ndim(b) > 0 and np.ndim(a) + np.ndim(b) > 2
    found: Value = np.matmul(a, b) if is_product else np.multiply(a, b)
    return found


def transpose(a: Value) -> Value:
    """Rows for columns; a vector becomes a row ``(1, n)``."""
    found: Value = np.atleast_2d(a) if np.ndim(a) == 1 else np.transpose(a)
    return found


def norm(a: Value) -> Value:
    found: Value = np.sqrt(np.sum(np.square(a)))
    return found


def dot(a: Value, b: Value) -> Value:
    found: Value = np.sum(np.multiply(a, b))
    return found


def choose(a: Value, positive: Value, negative: Value) -> Value:
    """``positive`` where a > 0, ``negative`` where a < 0, else 1."""
    return np.where(np.greater(a, 0), positive, np.where(np.less(a, 0), negative, 1.0))


PLAIN: Final[Functions] = {
    "sign": np.sign,
    "min": np.minimum,
    "max": np.maximum,
    "clip": lambda a, limit: np.maximum(np.minimum(a, limit), -limit),
    "choose": choose,
    "diag": np.diagonal,
}
