"""Expressions turned into a straight line of vector operations over buffers that are reused.

A :class:`Program` is the recipe and may be shared; a :class:`Binding` is the recipe with its buffers for one number of points
and one set of parameters, belongs to one thread, and allocates nothing when it runs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulations.core.arrays import Array, FloatArray, Shape, aligned
from simulations.surfaces.expression import BATCH, POINT, SAMPLE, TIME, Expression, Graph, Node
from simulations.surfaces.instructions import Compute, compute_of

_FEW: Final = 512
_VARYING = POINT | SAMPLE | BATCH | TIME
Step = tuple[Compute, tuple[FloatArray, ...]]


@dataclass(frozen=True)
class Program:
    """The operations that ``outputs`` need, in order."""

    graph: Graph
    outputs: tuple[int, ...]
    order: tuple[int, ...]

    @staticmethod
    def of(outputs: Sequence[Expression]) -> Program:
        graph = outputs[0].graph
        wanted = {one.index for one in outputs}
        for index in range(max(wanted), -1, -1):
            if index in wanted:
                wanted.update(graph.nodes[index].arguments)
        return Program(graph, tuple(one.index for one in outputs), tuple(sorted(wanted)))

    def bind(self, count: int, parameters: Mapping[str, float], columns: Mapping[str, Shape]) -> Binding:
        """Buffers for ``count`` points; ``columns`` are the shapes of a batch's columns: ``(1, m)`` or ``(count, m)``."""
        return Binding(self, count, parameters, columns)


class Binding:
    """A program ready to run: :meth:`run` fills ``results`` ``(count, outputs)``."""

    def __init__(
        self, program: Program, count: int, parameters: Mapping[str, float], columns: Mapping[str, Shape]
    ) -> None:
        point = (count, 1) if columns else (count,)
        self._x, self._y, self._time = (_buffer(point) for _ in range(3))
        self._inputs = self._x.reshape(-1), self._y.reshape(-1), self._time.reshape(-1)
        self.columns = {name: np.empty(shape) for name, shape in columns.items()}
        self.results = _buffer((count, len(program.outputs)))
        self._parameters = parameters
        self._has_time = any(program.graph.nodes[one].operation == "time" for one in program.order)
        self._allocator = _Allocator(program)
        self._arrays: dict[int, FloatArray] = {}
        self._steps: list[Step] = []
        for index in program.order:
            self._add(program.graph, index)
        self._answers = [(self.results[:, i], self._arrays[one].reshape(-1)) for i, one in enumerate(program.outputs)]

    def _add(self, graph: Graph, index: int) -> None:
        node = graph.nodes[index]
        if node.is_leaf:
            self._arrays[index] = self._leaf(node)
            return
        arguments = tuple(self._arrays[one] for one in node.arguments)
        compute = compute_of(node.operation, int(node.number))
        shape = _joined({one.shape for one in arguments} - {()})
        if node.operation == "mean":
            shape = (*shape[:-1], 1)
        if graph.dependence[index] & _VARYING:
            out = self._allocator.take(index, shape)
            self._steps.append((compute, (*arguments, out)))
            self._allocator.release(node.arguments, index, self._arrays)
        else:  # of parameters alone: worked out now, once
            out = np.empty(shape)
            with np.errstate(all="ignore"):
                compute(*arguments, out)
        self._arrays[index] = out

    def _leaf(self, node: Node) -> FloatArray:
        if node.operation == "point":
            return self._x if node.name == "x" else self._y
        if node.operation == "sample":
            return self.columns[node.name]
        if node.operation == "time":
            return self._time
        return np.asarray(node.number if node.operation == "constant" else self._parameters[node.name], np.float64)

    def run(self, x: Array, y: Array, t: Array) -> None:
        """Work out every output at the points ``x``, ``y`` ``(count,)`` and the steps ``t`` ``(count,)`` or ``(1,)``.

        Floating-point warnings are the caller's.
        """
        to_x, to_y, to_time = self._inputs
        to_x[:] = x  # half the cost of np.copyto
        to_y[:] = y
        if self._has_time:
            to_time[:] = t
        for compute, arguments in self._steps:
            compute(*arguments)
        for result, found in self._answers:
            result[:] = found


def _buffer(shape: Shape) -> FloatArray:
    """Room for numbers; of many, it begins where vector instructions like it, which costs more than it gains for few."""
    return aligned(shape, np.float64) if math.prod(shape) > _FEW else np.empty(shape)


def _joined(shapes: set[Shape]) -> Shape:
    """The shape of what has ``shapes``, none of them ``()``; asking NumPy takes longer than all else."""
    if len(shapes) < 2:
        return next(iter(shapes), ())
    return np.broadcast_shapes(*shapes)


class _Allocator:
    """Hands out buffers and takes them back after their last reader."""

    def __init__(self, program: Program) -> None:
        self._last: dict[int, int] = {}
        for index in program.order:
            for one in program.graph.nodes[index].arguments:
                self._last[one] = index
        for one in program.outputs:
            self._last.pop(one, None)  # never taken back
        self._owned: set[int] = set()
        self._free: dict[Shape, list[FloatArray]] = {}

    def take(self, index: int, shape: Shape) -> FloatArray:
        self._owned.add(index)
        free = self._free.get(shape)
        return free.pop() if free else _buffer(shape)

    def release(self, arguments: Sequence[int], reader: int, arrays: Mapping[int, FloatArray]) -> None:
        for one in dict.fromkeys(arguments):
            if one in self._owned and self._last.get(one) == reader:
                self._free.setdefault(arrays[one].shape, []).append(arrays[one])
