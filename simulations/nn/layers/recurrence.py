"""What recurrent layers share: one cell that is run over a sequence, step by step, and back again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simulations.core.arrays import FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer
from simulations.nn.initializers.orthogonal import Orthogonal
from simulations.nn.initializers.xavier import XavierUniform
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import Memo, Parameter
from simulations.nn.layers.trainable import Trainable


@dataclass(frozen=True)
class Recurrence(Trainable, ABC):
    """``(t, d)`` → ``(t, units)`` or the last ``(units,)``. ``name`` is what messages say, ``gates`` how many rows of
    ``units`` a cell computes.

    What the input says to every gate is one product for all steps; each step adds what the last state says. On the memo,
    of one pass: ``inputs`` (t, d, n), ``gates`` (t, gates·units, n) as the cell left them, ``hidden`` (t + 1, units, n)
    with the state before the first step first. :meth:`gate_values` reads them.
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
        memo.inputs = np.zeros((t, d, n), dtype)
        memo.hidden = np.zeros((t + 1, u, n), dtype)
        memo.gates, memo.d_gates = np.zeros((t, width, n), dtype), np.zeros((t, width, n), dtype)
        memo.said = np.zeros((width, n), dtype)  # what the last state says to the gates
        memo.d_said = memo.d_gates  # unless input and last state say different things, as in a GRU
        memo.d_hidden = np.zeros((u, n), dtype)
        memo.spare = np.zeros((u, n), dtype)
        memo.dx = np.zeros((n, t, d), dtype, order="F")
        memo.d_inputs = np.zeros((t, d, n), dtype)
        memo.flat = {size: np.zeros((size, t, n), dtype) for size in {d, u}}
        memo.flat_gates = np.zeros((width, t, n), dtype)
        memo.ones = np.ones(t * n, dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        hidden, said = memo.hidden, memo.said
        recurrent = weights["recurrent"].T
        np.copyto(memo.inputs, x.T.swapaxes(0, 1))
        np.matmul(weights["weight"].T, memo.inputs, out=memo.gates)
        memo.gates += weights["bias"][:, None]
        for t in range(len(memo.inputs)):
            np.matmul(recurrent, hidden[t], out=said)
            self.step(t, weights, memo)
        y: FloatArray = memo.y
        if self.outputs == "last":
            np.copyto(y.T, hidden[-1])
        else:
            np.copyto(y.T, hidden[1:].swapaxes(0, 1))
        return y

    @abstractmethod
    def step(self, t: int, weights: Mapping[str, FloatArray], memo: Memo) -> None:
        """From ``memo.gates[t]`` (what the input says) and ``memo.said``, make the gates and ``memo.hidden[t + 1]``."""

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        d_hidden, last = memo.d_hidden, self.outputs == "last"
        recurrent = weights["recurrent"]
        d_hidden.fill(0)
        self.start_back(memo)
        for t in reversed(range(len(memo.inputs))):
            if not last:
                d_hidden += dy.T[:, t]
            elif t == len(memo.inputs) - 1:
                np.copyto(d_hidden, dy.T)
            self.step_back(t, memo)
            np.matmul(recurrent, memo.d_said[t], out=memo.spare)
            np.add(memo.spare, d_hidden, out=d_hidden)
        self._sum_up(gradients, memo)
        dx: FloatArray = memo.dx
        if memo.wants_dx:
            np.matmul(weights["weight"], memo.d_gates, out=memo.d_inputs)
            np.copyto(dx.T, memo.d_inputs.swapaxes(0, 1))
        return dx

    def start_back(self, memo: Memo) -> None:
        """What can be done for all steps before the first :meth:`step_back`."""

    @abstractmethod
    def step_back(self, t: int, memo: Memo) -> None:
        """From ``memo.d_hidden`` = ∂loss/∂hidden[t + 1], fill ``d_gates[t]`` and ``d_said[t]``, and leave in ``d_hidden``
        what reaches hidden[t] past the gates (zero, if nothing does)."""

    def _sum_up(self, gradients: Mapping[str, FloatArray], memo: Memo) -> None:
        """The gradients of the weights, over all steps in one product each."""
        self._product(memo.inputs, memo.d_gates, gradients["weight"], memo)
        np.dot(memo.flat_gates.reshape(len(memo.flat_gates), -1), memo.ones, out=gradients["bias"])
        self._product(memo.hidden[:-1], memo.d_said, gradients["recurrent"], memo)

    def _product(self, left: FloatArray, right: FloatArray, out: FloatArray, memo: Memo) -> None:
        """Σ over steps and samples of left·rightᵀ, both ``(t, …, n)``."""
        flat = memo.flat[left.shape[1]]
        np.copyto(flat, left.swapaxes(0, 1))
        np.copyto(memo.flat_gates, right.swapaxes(0, 1))
        np.dot(flat.reshape(len(flat), -1), memo.flat_gates.reshape(len(memo.flat_gates), -1).T, out=out)
