"""The rule of a method for one racer as a function of plain floats, four times as fast as its ``update`` for a single point.

It is made from the operations that :mod:`simulations.racing.tracing` found, once for each kind of method and kept. Where plain
floats do what NumPy does not, which is to refuse a division by 0 or the root of a negative number, the function raises before
it has written anything, and the step is NumPy's.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Hashable
from types import CodeType, FunctionType
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from simulations.optimizers.base import FirstOrder, State
from simulations.racing.tracing import Column, Operation, Script, Symbol, UntraceableError, needed

Rule: TypeAlias = Callable[..., None]
"""``rule(t, gradients, points, memories, at, kept, *numbers)`` moves the point at ``points[at : at + 2]`` in place, and its
memory from ``memories[kept]`` on. All three are lists of floats."""

REFUSALS: Final = (ZeroDivisionError, ValueError, OverflowError)


class Made(NamedTuple):
    """A rule and the names of the hyperparameters it takes."""

    rule: Rule
    names: tuple[str, ...]

    def numbers(self, method: FirstOrder) -> tuple[float, ...]:
        return tuple(getattr(method, name) for name in self.names)


_MADE: dict[Hashable, Made | None] = {}


def rule_of(method: FirstOrder) -> Made | None:
    """The rule of ``method`` for one point of a plane; None where it is left to NumPy."""
    values = {one.name: getattr(method, one.name) for one in dataclasses.fields(method)}
    free = tuple(name for name, value in values.items() if isinstance(value, float) and value != 0)
    key = type(method), free, tuple(value for name, value in values.items() if name not in free)
    if key not in _MADE:
        try:
            _MADE[key] = Made(_made(method, free), free)
        except UntraceableError:
            _MADE[key] = None
    return _MADE[key]


def _made(method: FirstOrder, free: tuple[str, ...]) -> Rule:
    script = Script()
    symbols: dict[str, Any] = {name: Symbol(script, f"h_{name}", is_of_point=False, is_certain=True) for name in free}
    state = method.start(np.zeros((1, 2)))
    memory = {name: _column(script, name, array) for name, array in state.items()}
    theta, gradient = (Column(script, Symbol(script, name, is_of_point=True)) for name in ("p", "g"))
    step = Symbol(script, "t", is_of_point=False)
    dataclasses.replace(method, **symbols).update(theta, gradient, memory, step)  # type: ignore[arg-type]
    if gradient.value.name != "g":
        raise UntraceableError
    kept = {name: one for name, one in memory.items() if not name.startswith("_")}
    return _function(type(method).__name__, free, script, theta, {name: (kept[name], state[name]) for name in kept})


def _column(script: Script, name: str, array: Any) -> Column:
    if array.shape not in ((1, 2), (1, 1)):
        raise UntraceableError
    return Column(
        script, None if name.startswith("_") else Symbol(script, f"m_{name}", is_of_point=array.shape == (1, 2))
    )


def _function(
    title: str, free: tuple[str, ...], script: Script, theta: Column, kept: dict[str, tuple[Column, Any]]
) -> Rule:
    """The text of the function, compiled. Its names are ours and a method's own; nothing a person types gets here."""
    results = [theta.value, *(column.value for column, _ in kept.values())]
    lines = ["g_x, g_y = gradients[at], gradients[at + 1]", "p_x, p_y = points[at], points[at + 1]"]
    writes = [f"points[at], points[at + 1] = {_named(theta.value, 'x')}, {_named(theta.value, 'y')}"]
    at = 0
    for name, (column, array) in kept.items():
        for suffix in "xy"[: array.size]:
            lines.append(f"m_{name}{f'_{suffix}' if array.size > 1 else ''} = memories[kept + {at}]")
            writes.append(f"memories[kept + {at}] = {_named(column.value, suffix)}")
            at += 1
    of_point = {"p", "g", *(f"m_{name}" for name, (_, array) in kept.items() if array.size > 1)}
    for line in needed(script.lines, results):
        lines += _written(line, of_point)
    arguments = ", ".join(("t", "gradients", "points", "memories", "at", "kept", *(f"h_{name}" for name in free)))
    text = f"def rule({arguments}):\n    " + "\n    ".join([*lines, *writes])
    module = compile(text, f"<{title} on plain floats>", "exec", dont_inherit=True)
    code = next(one for one in module.co_consts if isinstance(one, CodeType))
    return FunctionType(code, {"sqrt": math.sqrt, "abs": abs}, "rule")


def _written(line: Operation, of_point: set[str]) -> list[str]:
    if not line.is_of_point:
        return [f"{line.name} = {line.pattern.format(*line.arguments)}"]
    of_point.add(line.name)
    return [
        f"{line.name}_{one} = {line.pattern.format(*(f'{name}_{one}' if name in of_point else name for name in line.arguments))}"
        for one in "xy"
    ]


def _named(symbol: Symbol, suffix: str) -> str:
    return f"{symbol.name}_{suffix}" if symbol.is_of_point else symbol.name


class Straight:
    """Racers of one field, each alone of its kind, moved one after the other on plain floats.

    ``theta`` ``(r, 2)`` and ``memory`` ``(k,)`` are where they stand and what they remember, for everybody else; they are
    brought up to date after every step.
    """

    def __init__(self, theta: Any, memory: Any, racers: list[tuple[FirstOrder, Made, State, int]]) -> None:
        """``racers`` in the order of ``theta``: method, rule, memory as arrays and where it begins in ``memory``."""
        self._theta, self._memory = theta, memory
        self._points: list[float] = theta.reshape(-1).tolist()
        self._memories: list[float] = memory.tolist()
        self.racers = [
            (made.rule, 2 * row, kept, made.numbers(method), method, state)
            for row, (method, made, state, kept) in enumerate(racers)
        ]

    def move(self, number: int, gradients: list[float], t: int) -> None:
        """The step ``t`` of one racer; ``gradients`` are those of all, x and y in turn."""
        rule, at, kept, numbers, method, state = self.racers[number]
        try:
            rule(t, gradients, self._points, self._memories, at, kept, *numbers)
        except REFUSALS:
            self._move_arrays(number, gradients[at : at + 2], t, method, state)

    def finish(self) -> None:
        """Say where all are now."""
        self._theta.reshape(-1)[:] = self._points
        self._memory[:] = self._memories

    def _move_arrays(self, number: int, gradient: list[float], t: int, method: FirstOrder, state: State) -> None:
        self.finish()
        theta = self._theta[number : number + 1]
        method.update(theta, np.array([gradient]), state, t)
        self._points[2 * number : 2 * number + 2] = theta[0].tolist()
        self._memories[:] = self._memory.tolist()
