"""LSTM: keeps a memory that gates write, keep and read, so that gradients survive hundreds of steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.numerics import sigmoid
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import Initializer
from simulations.nn.layers.base import LAYERS, Memo
from simulations.nn.layers.recurrence import Recurrence


@LAYERS.register(
    "lstm",
    label=N_("LSTM"),
    summary=N_("Reads a sequence step by step with a memory that learnt gates write, keep and read."),
    source="Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000; torch.nn.LSTM",
)
@final
@dataclass(frozen=True)
class LSTM(Recurrence):
    """c = f⊙c + i⊙g and h = o⊙tanh c, with i, f, o = σ(x·W + h·U + b) and g = tanh of its own.

    Gates stand in PyTorch's order i, f, g, o; equals ``torch.nn.LSTM`` with b the sum of its two biases. On the memo,
    besides the gates: ``cells`` ``(t + 1, units, n)``, the memory before and after every step.
    """

    name: ClassVar[str] = "LSTM"
    gate_names: ClassVar[tuple[str, ...]] = ("input", "forget", "candidate", "output")

    forget_bias: float = param(
        1.0,
        low=-5.0,
        high=5.0,
        label=N_("Forget bias"),
        help=N_("Where the forget gate's bias starts: 1 begins by remembering (Jozefowicz et al. 2015)."),
    )

    def first_bias(self) -> Initializer:
        return _OneGate(self.forget_bias)

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        super().allocate(memo, n, input_shape, dtype)
        t, u = input_shape[0], self.units
        memo.cells = np.zeros((t + 1, u, n), dtype)
        memo.squeezed = np.zeros((t, u, n), dtype)  # tanh of the memory
        memo.d_cell = np.zeros((u, n), dtype)

    def step(self, t: int, weights: Mapping[str, FloatArray], memo: Memo) -> None:
        u, gates, cells = self.units, memo.gates[t], memo.cells
        gates += memo.said
        sigmoid(gates[: 2 * u], out=gates[: 2 * u])
        np.tanh(gates[2 * u : 3 * u], out=gates[2 * u : 3 * u])
        sigmoid(gates[3 * u :], out=gates[3 * u :])
        np.multiply(gates[u : 2 * u], cells[t], out=cells[t + 1])
        np.multiply(gates[:u], gates[2 * u : 3 * u], out=memo.spare)
        cells[t + 1] += memo.spare
        np.tanh(cells[t + 1], out=memo.squeezed[t])
        np.multiply(gates[3 * u :], memo.squeezed[t], out=memo.hidden[t + 1])

    def start_back(self, memo: Memo) -> None:
        """The derivatives of σ and tanh at every gate of every step, into ``memo.d_gates``."""
        u, gates, d_gates = self.units, memo.gates, memo.d_gates
        memo.d_cell.fill(0)
        np.subtract(1, gates, out=d_gates)
        d_gates *= gates
        np.multiply(gates[:, 2 * u : 3 * u], gates[:, 2 * u : 3 * u], out=d_gates[:, 2 * u : 3 * u])
        np.subtract(1, d_gates[:, 2 * u : 3 * u], out=d_gates[:, 2 * u : 3 * u])

    def step_back(self, t: int, memo: Memo) -> None:
        u, gates, d_gates, d_cell, spare = self.units, memo.gates[t], memo.d_gates[t], memo.d_cell, memo.spare
        d_hidden, squeezed = memo.d_hidden, memo.squeezed[t]
        d_hidden_of_output = np.multiply(d_hidden, squeezed, out=spare)
        d_gates[3 * u :] *= d_hidden_of_output
        d_hidden *= gates[3 * u :]
        np.multiply(squeezed, squeezed, out=spare)
        np.subtract(1, spare, out=spare)
        spare *= d_hidden
        d_cell += spare
        d_gates[:u] *= np.multiply(d_cell, gates[2 * u : 3 * u], out=spare)
        d_gates[u : 2 * u] *= np.multiply(d_cell, memo.cells[t], out=spare)
        d_gates[2 * u : 3 * u] *= np.multiply(d_cell, gates[:u], out=spare)
        d_cell *= gates[u : 2 * u]
        d_hidden.fill(0)


@final
@dataclass(frozen=True)
class _OneGate(Initializer):
    """Zero, but ``value`` for the second of four gates."""

    value: float

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        return np.repeat([0.0, float(self.value), 0.0, 0.0], shape[0] // 4)
