"""Asking a formula for values and slopes at many points, in pieces small enough for the processor's cache.

:class:`Programs` are compiled once for a formula and shared; an :class:`Evaluator` keeps the buffers of the sizes it was asked
for, so that the same question again allocates nothing. An evaluator belongs to one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final, Literal, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray, IntArray
from simulations.surfaces.differentiation import derivatives
from simulations.surfaces.expression import Expression
from simulations.surfaces.program import Binding, Program

Question: TypeAlias = Literal["value", "gradient", "hessian", "slope"]  # slope: value and gradient at once

Step: TypeAlias = int | IntArray | None

_KINKED: Final = frozenset({"abs", "max", "min", "select", "sqrt", "power", "sign", "greater"})
_PIECE: Final = 4096  # numbers in one buffer: 32 kB
_KEPT: Final = 8  # bindings
_NO_COLUMNS: Final[dict[str, FloatArray]] = {}
_WHOLE: Final = np.zeros(1)  # the step that stands for none


class Programs:
    """The programs of one formula, each compiled when it is first asked for."""

    def __init__(self, value: Expression, x: Expression, y: Expression) -> None:
        self._root, self._x, self._y = value, x, y

    @cached_property
    def has_time(self) -> bool:
        return any(node.operation == "time" for node in self._root.graph.nodes)

    @cached_property
    def has_kinks(self) -> bool:
        """Whether an operation occurs that may have no slope somewhere."""
        return any(node.operation in _KINKED for node in self._root.graph.nodes)

    @cached_property
    def value(self) -> Program:
        return Program.of([self._root])

    @cached_property
    def gradient(self) -> Program:
        return Program.of(derivatives(self._root, self._x, self._y).gradient)

    @cached_property
    def slope(self) -> Program:
        return Program.of([self._root, *derivatives(self._root, self._x, self._y).gradient])

    @cached_property
    def hessian(self) -> Program:
        """Of xx, xy and yy."""
        return Program.of(derivatives(self._root, self._x, self._y).hessian)

    def of(self, question: Question) -> Program:
        program: Program = getattr(self, question)
        return program


class Evaluator:
    """Answers questions about one formula with given ``parameters`` and data ``columns`` ``(n,)``."""

    def __init__(self, programs: Programs, parameters: Mapping[str, float], columns: Mapping[str, FloatArray]) -> None:
        self._programs, self._parameters, self._columns = programs, parameters, columns
        self._bindings: dict[tuple[Question, int, int, bool], Binding] = {}

    def ask(self, question: Question, points: FloatArray, batch: IntArray | None = None, t: Step = None) -> FloatArray:
        """The answers at ``points`` ``(…, 2)``: ``(…, 1)``, ``(…, 2)`` or ``(…, 3)``, valid until the next question.

        ``t`` is one step for all, or ``(…)``: one for every point, 0 where the whole is meant.
        """
        flat = points.reshape(-1, 2)
        columns = self._of_batch(batch) if self._columns else _NO_COLUMNS
        piece = max(1, _PIECE // max(1, *(one.shape[-1] for one in columns.values()))) if columns else _PIECE
        step = _WHOLE if t is None or not self._programs.has_time else np.asarray(t, np.float64).reshape(-1)
        with np.errstate(all="ignore"):
            if len(flat) <= piece:
                found = self._run(question, flat, columns, step)
            else:
                parts = (
                    self._run(question, flat[i : i + piece], _rows(columns, i, piece), _part(step, i, piece)).copy()
                    for i in range(0, len(flat), piece)
                )
                found = np.concatenate(list(parts))
        return found.reshape(*points.shape[:-1], found.shape[-1])

    def following(self, question: Question, points: FloatArray) -> Callable[[int], FloatArray] | None:
        """What answers ``question`` about ``points`` ``(n, 2)`` again and again as their numbers change in place, told the step.

        It is :meth:`ask` without its preparations; None where they are needed: for data, and for very many points. Floating-point
        warnings are the caller's.
        """
        if self._columns or len(points) > _PIECE:
            return None
        binding = self._programs.of(question).bind(len(points), self._parameters, {})
        run, results, x, y, step = binding.run, binding.results, points[:, 0], points[:, 1], np.zeros(1)

        def answer(t: int) -> FloatArray:
            step[0] = t
            run(x, y, step)
            return results

        return answer

    def _of_batch(self, batch: IntArray | None) -> dict[str, FloatArray]:
        """The columns of ``batch``, ``(1, m)`` or ``(n, m)``."""
        found = {name: one[np.newaxis] if batch is None else one[batch] for name, one in self._columns.items()}
        return {name: one.reshape(-1, one.shape[-1]) for name, one in found.items()}

    def _run(
        self, question: Question, points: FloatArray, columns: Mapping[str, FloatArray], step: FloatArray
    ) -> FloatArray:
        binding = self._binding(question, len(points), columns)
        for name, values in columns.items():
            np.copyto(binding.columns[name], values)
        binding.run(points[:, 0], points[:, 1], step)
        return binding.results

    def _binding(self, question: Question, count: int, columns: Mapping[str, FloatArray]) -> Binding:
        shape = next((one.shape for one in columns.values()), (1, 0))
        key = (question, count, shape[1], shape[0] > 1)
        found = self._bindings.get(key)
        if found is None:
            if len(self._bindings) >= _KEPT:
                del self._bindings[next(iter(self._bindings))]
            shapes = {name: one.shape for name, one in columns.items()}
            found = self._programs.of(question).bind(count, self._parameters, shapes)
            self._bindings[key] = found
        return found


def _rows(columns: Mapping[str, FloatArray], first: int, count: int) -> dict[str, FloatArray]:
    """The rows of a piece where every point has a batch of its own; one batch for all stays."""
    return {name: _part(one, first, count) for name, one in columns.items()}


def _part(values: FloatArray, first: int, count: int) -> FloatArray:
    return values[first : first + count] if len(values) > 1 else values
