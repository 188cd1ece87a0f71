"""A step written out: every line of an update rule in symbols and in today's numbers, with what can be drawn of it.

A method writes its rule next to its update, in :meth:`Optimizer.explain`: it says which of its memory goes by which letter,
and then line after line what happens. The lines are worked out as they are written, so that a rule can ask what a value
became before it goes on; the last θ is where the step ends, and a test compares it with where the method itself went.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.optimizers.figures import MOST, change_digits, change_text, figure, fill, telling_digits, value_text
from simulations.optimizers.notation import PLAIN, Formula, Function, Value, read, read_line

if TYPE_CHECKING:
    from simulations.optimizers.base import Objective

ArrowKind: TypeAlias = Literal["gradient", "momentum", "step", "decay", "look_ahead", "noise", "ascent", "follow"]
ShapeKind: TypeAlias = Literal["ellipse", "circle", "box", "simplex"]
SpotKind: TypeAlias = Literal["look_ahead", "ascent", "average", "fast", "slow", "trial", "model"]

_CORNERS: Final = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])


@dataclass(frozen=True)
class Arrow:
    """``vector`` ``(2,)`` drawn from ``tail`` ``(2,)``; ``text`` is what it is in symbols."""

    kind: ArrowKind
    tail: FloatArray
    vector: FloatArray
    text: str


@dataclass(frozen=True)
class Shape:
    """An outline about ``center`` ``(2,)``.

    An ellipse or circle is ``center + matrix·u`` over the unit circle, a box the same over the square [−1, 1]²; a simplex
    has its corners ``(k, 2)`` in ``matrix``.
    """

    kind: ShapeKind
    center: FloatArray
    matrix: FloatArray
    text: str

    def outline(self, points: int = 72) -> FloatArray:
        """Corners ``(m, 2)`` of the closed outline."""
        if self.kind == "simplex":
            return self.matrix
        if self.kind == "box":
            return self.center + _CORNERS @ self.matrix.T
        angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
        found: FloatArray = self.center + np.stack([np.cos(angle), np.sin(angle)], axis=-1) @ self.matrix.T
        return found


@dataclass(frozen=True)
class Spot:
    """A point ``(2,)`` worth a mark."""

    kind: SpotKind
    place: FloatArray
    text: str


@dataclass(frozen=True)
class Trial:
    """A place ``(2,)`` where the surface was asked for its value or slope, and the value found (NaN where it was a slope)."""

    kind: Literal["value", "gradient", "hessian"]
    place: FloatArray
    value: float


@dataclass(frozen=True)
class Part:
    """One line of the rule: in ``symbols``, with ``numbers`` in their place, and its ``value``, read as ``result``.

    ``says`` is a sentence marked for translation; ``owner`` the wrapper's kind whose line it is, "" for the method's own.
    """

    symbols: str
    numbers: str
    symbol: str
    value: FloatArray
    result: str
    says: str
    owner: str = ""
    arrows: tuple[Arrow, ...] = ()
    shapes: tuple[Shape, ...] = ()
    spots: tuple[Spot, ...] = ()
    trials: tuple[Trial, ...] = ()


@dataclass(frozen=True)
class Stability:
    """When steps in proportion to the gradient stay together on a parabola: η·λ < ``limit``.

    λ is the greatest curvature, measured in ``preconditioner`` ``(2, 2)``, the P of steps −η·P⁻¹·g. ``text`` is the limit in
    symbols, for λ alone: ``2·(1 + μ)/λ``.
    """

    limit: float
    text: str
    preconditioner: FloatArray | None = None


class Asked:
    """An objective that writes down what it is asked."""

    def __init__(self, objective: Objective, seed: int) -> None:
        self._objective = objective
        self.trials: list[Trial] = []
        self.seed = seed

    def value(self, theta: FloatArray) -> FloatArray:
        found = self._objective.value(theta)
        self.trials.append(Trial("value", np.array(theta, np.float64).reshape(-1), float(np.ravel(found)[0])))
        return found

    def gradient(self, theta: FloatArray) -> FloatArray:
        self.trials.append(Trial("gradient", np.array(theta, np.float64).reshape(-1), np.nan))
        return self._objective.gradient(theta)

    def hessian(self, theta: FloatArray) -> FloatArray:
        self.trials.append(Trial("hessian", np.array(theta, np.float64).reshape(-1), np.nan))
        return self._objective.hessian(theta)


@dataclass
class Worksheet:
    """The step ``t`` from ``theta`` ``(2,)`` at ``rate``; ``objective`` is what the one who writes would ask."""

    theta: FloatArray
    rate: float
    t: int
    objective: Objective
    parts: list[Part] = field(default_factory=list)
    stability: Stability | None = None

    def __post_init__(self) -> None:
        self.values: dict[str, Value] = {
            "θ": np.array(self.theta, np.float64),
            "η": np.float64(self.rate),
            "t": np.float64(self.t),
        }
        self.functions: dict[str, Function] = dict(PLAIN)
        self.ask(self.objective)
        self.kept: dict[str, str] = {}
        self._fixed = {"η": figure(self.rate, 6), "t": str(self.t)}
        self._config: object = None
        self._state: Mapping[str, FloatArray] = {}
        self._owner = ""
        self._asked: list[Trial] = []
        self._before = np.asarray(self.values["θ"])

    def ask(self, objective: Objective) -> None:
        """Of ``objective`` from now on. Nothing here leads back to the sheet, which would outlive its use then."""
        self.objective = objective
        self.functions["∇f"] = lambda place: np.array(objective.gradient(np.asarray(place)))
        self.functions["∇²f"] = lambda place: np.array(objective.hessian(np.asarray(place)))
        self.functions["f"] = lambda place: np.float64(objective.value(np.asarray(place)))

    def listen(self, trials: list[Trial]) -> None:
        """``trials`` grows whenever the surface is asked: every line takes what was asked for it."""
        self._asked = trials

    def enter(self, config: object, state: Mapping[str, FloatArray], owner: str = "") -> None:
        """``config`` writes from now on, which remembered ``state`` before the step."""
        self._config, self._state, self._owner = config, state, owner
        self.kept = {}

    def read(self, *names: str) -> None:
        """Each of ``names`` is ``letter name``: the number or memory of that name goes by that letter."""
        for one in names:
            letter, name = one.split()
            if name in self._state:
                self.let(letter, self._state[name])
                self.kept[letter] = name
            else:
                value = float(getattr(self._config, name))
                self.values[letter], self._fixed[letter] = np.float64(value), figure(value, 6)

    def memory(self) -> dict[str, FloatArray]:
        """A copy of what is remembered, for a method's own code to work on."""
        return {name: np.array(value) for name, value in self._state.items()}

    def let(self, letter: str, value: Value | float) -> None:
        """``letter`` stands for ``value``: a number, a vector ``(2,)`` or a matrix."""
        found = np.array(value, np.float64)
        self.values[letter] = np.float64(found.item()) if found.size == 1 else found
        self._fixed.pop(letter, None)

    def __getitem__(self, letter: str) -> FloatArray:
        return np.asarray(self.values[letter])

    def work_out(self, text: str) -> FloatArray:
        """The value of ``text`` as things stand."""
        return np.asarray(read(text).work_out(self.values, self.functions))

    def line(self, text: str, says: str, arrow: ArrowKind | None = None) -> None:
        """``letter ← formula``, worked out; ``arrow`` is what leads from θ to the new θ."""
        self._end(text, read_line(text).formula.work_out(self.values, self.functions), says, arrow)

    def give(
        self, text: str, value: Value, says: str, arrow: ArrowKind | None = None, beside: Sequence[Value] = ()
    ) -> None:
        """``letter ← formula``: a line whose ``value`` the method's own code found; it is to be told from those ``beside``."""
        self._end(text, value, says, arrow, beside)

    def arrow(self, kind: ArrowKind, text: str, tail: str = "") -> None:
        """Draw the vector ``text`` with the last line, from ``tail`` or from where that line found θ."""
        last = self.parts[-1]
        found = Arrow(kind, self.work_out(tail) if tail else self._before, self.work_out(text), text)
        self.parts[-1] = replace(last, arrows=(*last.arrows, found))

    def around(self, kind: ShapeKind, text: str) -> None:
        """Draw with the last line where a step could end: an ellipse, circle or box about where that line found θ.

        ``text`` is half its size: a number, one for each axis ``(2,)``, or a matrix that is applied to the unit circle.
        """
        value = self.work_out(text)
        self._draw(Shape(kind, self._before, value if value.ndim == 2 else np.eye(2) * value, text))

    def simplex(self, corners: FloatArray, text: str) -> None:
        self._draw(Shape("simplex", corners.mean(axis=0), corners.copy(), text))

    def spot(self, kind: SpotKind, text: str) -> None:
        """Mark the place ``text`` with the last line."""
        last = self.parts[-1]
        self.parts[-1] = replace(last, spots=(*last.spots, Spot(kind, self.work_out(text).copy(), text)))

    def stable(self, limit: str, preconditioner: str = "") -> None:
        """Say when such steps stay together: η·λ < ``limit`` of the curvature in ``preconditioner`` (P of −η·P⁻¹·g)."""
        value = self.work_out(preconditioner) if preconditioner else None
        matrix = value if value is None or value.ndim == 2 else np.eye(2) * value
        self.stability = Stability(float(self.work_out(limit)), limit, matrix)

    def _draw(self, shape: Shape) -> None:
        last = self.parts[-1]
        self.parts[-1] = replace(last, shapes=(*last.shapes, shape))

    def _end(self, text: str, value: Value, says: str, arrow: ArrowKind | None, beside: Sequence[Value] = ()) -> None:
        before = self._before = np.asarray(self.values["θ"])
        symbol, formula = read_line(text)
        numbers, result = self._written(symbol, formula, value, beside)
        self.let(symbol, value)
        trials = tuple(self._asked)
        self._asked.clear()
        value = self[symbol].copy()
        part = Part(text.replace("e-", "e−"), numbers, symbol, value, result, says, self._owner, trials=trials)
        if arrow is not None:
            moved = np.asarray(self.values["θ"] - before)
            part = replace(part, arrows=(Arrow(arrow, before, moved, _moved(text)),))
        self.parts.append(part)

    def _written(self, symbol: str, formula: Formula, value: Value, beside: Sequence[Value]) -> tuple[str, str]:
        """The formula in numbers, empty where it has letters without a value, and what comes of it.

        What differs looks different; a change beyond :data:`MOST` digits stands by itself.
        """
        letters = formula.names()
        known = {one: self.values[one] for one in letters if one in self.values}
        shown = {one: known[one] for one in known if one not in self._fixed} | {
            f"beside {i}": one for i, one in enumerate(beside)
        }
        result = np.reshape(value, ()) if np.size(value) == 1 else np.asarray(value)
        before = shown.get(symbol)
        if before is not None and change_digits(before, result) > MOST:
            digits = telling_digits(shown, None, formula.differences())
            text = change_text(before, result, digits[symbol])
        else:
            digits = telling_digits(shown, result, formula.differences())
            text = value_text(result, digits[""])
        return fill(formula, self.values, self._fixed, digits) if len(known) == len(letters) else "", text


def _moved(text: str) -> str:
    """What a line adds to θ: ``−η·g`` of ``θ ← θ − η·g``."""
    formula = text.partition(" ← ")[2]
    return formula.removeprefix("θ + ").replace("θ − ", "−", 1) if formula.startswith("θ ") else formula
