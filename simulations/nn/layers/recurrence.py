"""What recurrent layers share: one cell that is run over a sequence, step by step, and back again."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from simulations.core.arrays import FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.lanes import WORTH_SHARING, Pair
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer
from simulations.nn.initializers.orthogonal import Orthogonal
from simulations.nn.initializers.xavier import XavierUniform
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import Memo, Parameter, joined
from simulations.nn.layers.trainable import Trainable


@dataclass(frozen=True)
class Recurrence(Trainable, ABC):
    """``(t, d)`` → ``(t, units)`` or the last ``(units,)``. ``name`` is what messages say, ``gates`` how many rows of
    ``units`` a cell computes.

    At each step one product says to every gate what input, last state and bias have to say. On the memo, of one pass:
    ``heard`` (t + 1, d + units + 1, n), below each other ``inputs`` (t, d, n), ``hidden`` (t + 1, units, n) with the state
    before the first step first, and ones for the bias; ``gates`` (t, gates·units, n) as the cell left them.
    :meth:`gate_values` reads them.
    """

    name: ClassVar[str]
    gate_names: ClassVar[tuple[str, ...]]

    units: int = param(16, low=1, high=1024, scale="log", label=N_("Units"), help=N_("How many values its state has."))
    outputs: str = param(
        "last",
        choices=("last", "all"),
        labels=(N_("last step"), N_("every step")),
        label=N_("Outputs"),
        help=N_("Whether only the state after the last step comes out, or that of every step."),
    )
    initializer: Initializer = param(
        XavierUniform(),
        registry=INITIALIZERS,
        label=N_("Initialiser"),
        help=N_("The rule that draws the first weights of the input."),
    )
    recurrent_initializer: Initializer = param(
        Orthogonal(),
        registry=INITIALIZERS,
        label=N_("Recurrent initialiser"),
        help=N_("The rule that draws the first weights from one step's state to the next."),
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 2:
            raise ShapeError(
                N_("{layer} expects a sequence (steps×features), got {received}: add a reshape layer before it."),
                layer=self.name,
                received=shape_text(input_shape),
            )
        return (self.units,) if self.outputs == "last" else (input_shape[0], self.units)

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        d, u = input_shape[1], self.units
        width = len(self.gate_names) * u
        return (
            Parameter("weight", (d, width), self.initializer, fan_in=d, fan_out=u),
            Parameter("recurrent", (u, width), self.recurrent_initializer, fan_in=u, fan_out=u),
            Parameter("bias", (width,), self.first_bias(), fan_in=d, fan_out=u, decays=False),
        )

    def first_bias(self) -> Initializer:
        """What the biases start from."""
        return Zeros()

    def multiply_adds(self, input_shape: Shape) -> int:
        t, d = input_shape
        return t * (d + self.units) * len(self.gate_names) * self.units

    def gate_values(self, memo: Memo) -> dict[str, FloatArray]:
        """Every gate of the last pass by name, ``(t, units, n)``; views of the memo."""
        parts = np.split(memo.gates, len(self.gate_names), axis=1)
        return dict(zip(self.gate_names, parts, strict=True))

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        (t, d), u, width = input_shape, self.units, len(self.gate_names) * self.units
        memo.y = memo.output_buffer(n, self.output_shape(input_shape), dtype)
        memo.heard = np.zeros((t + 1, d + u + 1, n), dtype)
        memo.heard[:, -1] = 1
        memo.inputs, memo.hidden = memo.heard[:-1, :d], memo.heard[:, d : d + u]
        memo.gates, memo.d_gates = np.zeros((t, width, n), dtype), np.zeros((t, width, n), dtype)
        memo.d_hidden, memo.spare = np.zeros((u, n), dtype), np.zeros((u, n), dtype)
        memo.dx = np.zeros((n, t, d), dtype, order="F") if memo.wants_dx else None
        memo.joint = memo.d_joint = None
        memo.parts, memo.pair = _parts(memo, t, d + u + 1, width, n, dtype), Pair()

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        np.copyto(memo.inputs, x.T.swapaxes(0, 1))
        self.read(weights, memo)
        y: FloatArray = memo.y
        if self.outputs == "last":
            np.copyto(y.T, memo.hidden[-1])
        else:
            np.copyto(y.T, memo.hidden[1:].swapaxes(0, 1))
        return y

    def read(self, weights: Mapping[str, FloatArray], memo: Memo) -> None:
        """All steps in order: what input and last state say goes into ``memo.gates[t]``, and :meth:`step` on from there."""
        matrix = self.matrix(weights, memo).T
        for t, (heard, gates) in enumerate(zip(memo.heard[:-1], memo.gates, strict=True)):
            memo.leave_if_interrupted()
            np.matmul(matrix, heard, out=gates)
            self.step(t, memo)

    def matrix(self, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        """The weights of input, state and bias below each other."""
        if memo.joint is None:
            memo.joint = joined(weights["weight"], weights["recurrent"], weights["bias"])
        found: FloatArray = memo.joint
        return found

    @abstractmethod
    def step(self, t: int, memo: Memo) -> None:
        """From ``memo.gates[t]``, what input and last state say, make the gates and ``memo.hidden[t + 1]``."""

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        d_hidden, last = memo.d_hidden, self.outputs == "last"
        d_hidden.fill(0)
        self.start_back(memo)
        for t in reversed(range(len(memo.inputs))):
            memo.leave_if_interrupted()
            if not last:
                d_hidden += dy.T[:, t]
            elif t == len(memo.inputs) - 1:
                np.copyto(d_hidden, dy.T)
            self.step_back(t, weights["recurrent"], memo)
        self.sum_up(weights, gradients, memo)
        dx: FloatArray = memo.dx
        return dx

    @abstractmethod
    def start_back(self, memo: Memo) -> None:
        """What can be done for all steps before the first :meth:`step_back`."""

    @abstractmethod
    def step_back(self, t: int, recurrent: FloatArray, memo: Memo) -> None:
        """From ``memo.d_hidden`` = ∂loss/∂hidden[t + 1], fill ``d_gates[t]`` and make it ∂loss/∂hidden[t]."""

    def sum_up(self, weights: Mapping[str, FloatArray], gradients: Mapping[str, FloatArray], memo: Memo) -> None:
        """The gradients of all weights and of the input, over all steps in one product each."""
        if memo.d_joint is None:
            memo.d_joint = joined(gradients["weight"], gradients["recurrent"], gradients["bias"])
        n = memo.heard.shape[-1]
        dx_matrix = memo.dx.T.reshape(len(memo.dx.T), -1) if memo.wants_dx else None

        def work(number: int) -> None:
            part: _Part = memo.parts[number]
            np.copyto(part.heard, memo.heard[part.steps].swapaxes(0, 1))
            np.copyto(part.d_gates, memo.d_gates[part.steps].swapaxes(0, 1))
            d_gates = part.d_gates.reshape(len(part.d_gates), -1)
            np.dot(part.heard.reshape(len(part.heard), -1), d_gates.T, out=part.sums)
            if dx_matrix is not None:
                np.matmul(weights["weight"], d_gates, out=dx_matrix[:, part.steps.start * n : part.steps.stop * n])

        memo.pair.run(work, len(memo.parts))
        np.copyto(memo.d_joint, memo.parts[0].sums)
        for other in memo.parts[1:]:
            memo.d_joint += other.sums


class _Part(NamedTuple):
    """Some steps, gathered by rows: ``heard`` ``(d + u + 1, t, n)``, ``d_gates`` ``(width, t, n)``, their product ``sums``."""

    steps: slice
    heard: FloatArray
    d_gates: FloatArray
    sums: FloatArray


def _parts(memo: Memo, t: int, rows: int, width: int, n: int, dtype: np.dtype[Any]) -> list[_Part]:
    """All steps in one part, or in two where it pays to share the work."""
    count = 2 if t > 1 and t * n * rows * width >= WORTH_SHARING else 1
    bounds = [t * index // count for index in range(count + 1)]
    return [
        _Part(
            slice(start, stop),
            memo.workspace((rows, stop - start, n), dtype),
            memo.workspace((width, stop - start, n), dtype),
            np.zeros((rows, width), dtype),
        )
        for number, (start, stop) in enumerate(itertools.pairwise(bounds))
    ]
