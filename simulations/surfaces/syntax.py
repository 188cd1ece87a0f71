"""Reading a typed-in formula: characters to words, words to a tree. What is not on the list of words is refused; nothing is run.

Every part of the tree knows where it stands in the text, and every fault is a :class:`FormulaError` with its place. Length, depth
and size are bounded before anything is built, so that no text can take long.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

from simulations.core.errors import GradLabError
from simulations.core.text import N_

LONGEST: Final = 500  # characters
DEEPEST: Final = 40  # parentheses and signs within each other
LARGEST: Final = 400  # parts

CONSTANTS: Final = {"pi": math.pi, "π": math.pi, "e": math.e, "tau": math.tau, "τ": math.tau}
FUNCTIONS: Final[dict[str, str]] = {  # what is written → the operation
    "sqrt": "sqrt", "√": "sqrt", "exp": "exp", "log": "log", "ln": "log", "log2": "log2", "log10": "log10",
    "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin", "acos": "acos", "atan": "atan",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
    "abs": "abs", "sign": "sign", "sigmoid": "sigmoid", "σ": "sigmoid", "softplus": "softplus", "relu": "relu",
    "min": "min", "max": "max",
}  # fmt: skip
_SEVERAL: Final = ("min", "max")  # functions of two or more arguments

PartKind: TypeAlias = Literal["number", "name", "add", "subtract", "multiply", "divide", "power", "negative", "call"]


class FormulaError(GradLabError):
    """A formula that cannot be read or worked out. ``start`` and ``end`` are the characters it is about."""

    def __init__(self, template: str, start: int, end: int, **parts: object) -> None:
        super().__init__(template, **parts)
        self.start = start
        self.end = end


@dataclass(frozen=True)
class Part:
    """A part of a formula: what it is, what it is made of, and its characters ``start`` to ``end`` in the text."""

    kind: PartKind
    start: int
    end: int
    inner: tuple[Part, ...] = ()
    name: str = ""  # a variable, or the operation of a call
    value: float = 0.0  # of a number


class _Word(NamedTuple):
    kind: Literal["number", "name", "sign", "raised", "end"]
    text: str
    start: int
    end: int


_PATTERN: Final = re.compile(
    r"(?P<space>\s+)|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<raised>⁻?[⁰¹²³⁴-⁹]+)"
    r"|(?P<name>√|[^\W\d⁰¹²³⁴-⁹][^\W⁰¹²³⁴-⁹]*)|(?P<sign>\*\*|[-+*/^()|,−·×÷])"
)
_SAME: Final = {"**": "^", "−": "-", "·": "*", "×": "*", "÷": "/"}
_DIGITS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def read(text: str, variables: Collection[str]) -> Part:
    """The tree of ``text``, in which ``variables`` may stand. Raises :class:`FormulaError`."""
    if len(text) > LONGEST:
        raise FormulaError(
            N_("The formula has {count} characters; at most {most} are read."),
            LONGEST,
            len(text),
            count=len(text),
            most=LONGEST,
        )
    return _Reader(list(_words(text)), variables).whole()


def _words(text: str) -> Iterator[_Word]:
    at = 0
    while at < len(text):
        found = _PATTERN.match(text, at)
        if found is None:
            raise FormulaError(N_("“{sign}” has no meaning in a formula."), at, at + 1, sign=text[at])
        kind = found.lastgroup
        if kind == "number":
            yield _Word("number", found[0], at, found.end())
        elif kind == "name":
            yield _Word("name", found[0], at, found.end())
        elif kind == "raised":
            yield _Word("raised", found[0].translate(_DIGITS), at, found.end())
        elif kind == "sign":
            yield _Word("sign", _SAME.get(found[0], found[0]), at, found.end())
        at = found.end()
    yield _Word("end", "", len(text), len(text))


class _Reader:
    """One word of foresight, one method a level of precedence."""

    def __init__(self, words: list[_Word], variables: Collection[str]) -> None:
        self._words = words
        self._at = 0
        self._variables = variables
        self._depth = 0
        self._count = 0

    def whole(self) -> Part:
        if self._is_at_end():
            raise FormulaError(N_("Type a formula of x and y."), 0, 0)
        part = self._sum()
        if not self._is_at_end():
            raise self._unexpected()
        return part

    @property
    def _next(self) -> _Word:
        return self._words[self._at]

    def _take(self) -> _Word:
        word = self._next
        self._at += 1
        return word

    def _is_at_end(self) -> bool:
        return self._next.kind == "end"

    def _is_sign(self, *signs: str) -> bool:
        return self._next.kind == "sign" and self._next.text in signs

    def _sum(self) -> Part:
        part = self._product()
        while self._is_sign("+", "-"):
            kind: PartKind = "add" if self._take().text == "+" else "subtract"
            part = self._join(kind, part, self._product())
        return part

    def _product(self) -> Part:
        part = self._signed()
        is_plain = True  # nothing before that a factor without a sign could belong to in another way
        while True:
            if self._is_sign("*", "/"):
                kind: PartKind = "multiply" if self._take().text == "*" else "divide"
                is_plain = kind == "multiply"
                part = self._join(kind, part, self._signed())
            elif self._begins_factor():
                if not is_plain or self._is_bare_exponent():
                    raise FormulaError(
                        N_("This can be read in two ways: write a * or parentheses here."),
                        self._next.start,
                        self._next.end,
                    )
                part = self._join("multiply", part, self._power())
            else:
                return part

    def _begins_factor(self) -> bool:
        """Whether a factor follows without a sign: ``2x``, ``x y``, ``3(x + 1)``, but no second number."""
        return self._next.kind == "name" or self._is_sign("(")

    def _is_bare_exponent(self) -> bool:
        """Whether what was just read is ``^`` and one word: in ``e^2x`` the x may belong up or down."""
        back = self._at - 2
        while self._words[back].text == "-":
            back -= 1
        return self._words[back].text == "^"

    def _signed(self) -> Part:
        if not self._is_sign("+", "-"):
            return self._power()
        sign = self._take()
        self._go_deeper(sign)
        inner = self._signed()
        self._depth -= 1
        return inner if sign.text == "+" else self._made(Part("negative", sign.start, inner.end, (inner,)))

    def _power(self) -> Part:
        base = self._atom()
        if self._next.kind == "raised":
            word = self._take()
            base = self._join("power", base, self._number(word))
        if not self._is_sign("^"):
            return base
        sign = self._take()
        self._go_deeper(sign)
        exponent = self._signed()  # to the right first: 2^3^2 is 2^9
        self._depth -= 1
        return self._join("power", base, exponent)

    def _atom(self) -> Part:
        word = self._take()
        if word.kind == "number":
            return self._number(word)
        if word.kind == "name":
            return self._name(word)
        if word.kind == "sign" and word.text in "(|":
            self._go_deeper(word)
            inner = self._sum()
            end = self._close(word)
            self._depth -= 1
            if word.text == "(":
                return Part(inner.kind, word.start, end, inner.inner, inner.name, inner.value)
            return self._made(Part("call", word.start, end, (inner,), "abs"))
        self._at -= 1
        raise self._unexpected()

    def _number(self, word: _Word) -> Part:
        value = float(word.text)
        if not math.isfinite(value):
            raise FormulaError(N_("{number} is too large."), word.start, word.end, number=word.text)
        return self._made(Part("number", word.start, word.end, value=value))

    def _name(self, word: _Word) -> Part:
        if word.text in self._variables:
            return self._made(Part("name", word.start, word.end, name=word.text))
        if word.text in CONSTANTS:
            return self._made(Part("number", word.start, word.end, value=CONSTANTS[word.text]))
        if word.text in FUNCTIONS:
            return self._call(word)
        raise FormulaError(
            N_("“{name}” is not known here. Variables are {variables}; functions are {functions}."),
            word.start,
            word.end,
            name=word.text,
            variables=", ".join(self._variables),
            functions=", ".join(FUNCTIONS),
        )

    def _call(self, word: _Word) -> Part:
        if not self._is_sign("("):
            raise FormulaError(N_("Write parentheses after {name}: {name}(…)."), word.start, word.end, name=word.text)
        opened = self._take()
        self._go_deeper(opened)
        arguments = [self._sum()]
        while self._is_sign(","):
            self._take()
            arguments.append(self._sum())
        end = self._close(opened)
        self._depth -= 1
        name = FUNCTIONS[word.text]
        if (len(arguments) > 1) != (name in _SEVERAL):
            template = N_("{name} takes two or more values.") if name in _SEVERAL else N_("{name} takes one value.")
            raise FormulaError(template, word.start, end, name=word.text)
        return self._made(Part("call", word.start, end, tuple(arguments), name))

    def _close(self, opened: _Word) -> int:
        if not self._is_sign(")" if opened.text == "(" else "|"):
            if self._is_at_end():
                raise FormulaError(N_("This “{sign}” is never closed."), opened.start, opened.end, sign=opened.text)
            raise self._unexpected()
        return self._take().end

    def _join(self, kind: PartKind, left: Part, right: Part) -> Part:
        return self._made(Part(kind, left.start, right.end, (left, right)))

    def _made(self, part: Part) -> Part:
        self._count += 1
        if self._count > LARGEST:
            raise FormulaError(N_("The formula has more than {most} parts."), part.start, part.end, most=LARGEST)
        return part

    def _go_deeper(self, word: _Word) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaError(N_("The formula is nested more than {most} deep."), word.start, word.end, most=DEEPEST)

    def _unexpected(self) -> FormulaError:
        word = self._next
        if word.kind == "end":
            return FormulaError(N_("The formula ends too early."), word.start, word.end)
        if word.kind in ("number", "name"):
            return FormulaError(N_("An operator is missing before “{word}”."), word.start, word.end, word=word.text)
        return FormulaError(N_("“{sign}” is not expected here."), word.start, word.end, sign=word.text)
