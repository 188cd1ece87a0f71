"""LSTM: keeps a memory that gates write, keep and read, so that gradients survive hundreds of steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
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
        t, u, gates, d_gates = input_shape[0], self.units, memo.gates, memo.d_gates
        memo.cells = np.zeros((t + 1, u, n), dtype)
        memo.squeezed = np.zeros((t, u, n), dtype)  # tanh of the memory
        memo.slopes = memo.workspace((t, u, n), dtype)  # ∂hidden/∂memory
        memo.d_cell = np.zeros((u, n), dtype)
        memo.half = np.repeat(np.asarray([0.5, 0.5, 1.0, 0.5], dtype), u)
        memo.halved = np.zeros((memo.heard.shape[1], 4 * u), dtype)
        memo.scale = np.repeat(memo.half[:, None], n, axis=1)
        memo.shift = 1 - memo.scale
        memo.steps = [
            (gate, *np.split(gate, 4), memo.cells[at], memo.cells[at + 1], memo.squeezed[at], memo.hidden[at + 1])
            for at, gate in enumerate(gates)
        ]
        memo.steps_back = [
            (d_gate, d_gate[: 3 * u].reshape(3, u, n), d_gate[3 * u :], memo.slopes[at], gates[at, u : 2 * u])
            for at, d_gate in enumerate(d_gates)
        ]

    def matrix(self, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        """With the columns of σ halved, for σ(x) = ½ + ½·tanh(x/2): so one tanh serves all four gates."""
        halved: FloatArray = np.multiply(super().matrix(weights, memo), memo.half, out=memo.halved)
        return halved

    def step(self, t: int, memo: Memo) -> None:
        gates, written, kept, candidate, read, cell, after, squeezed, hidden = memo.steps[t]
        np.tanh(gates, out=gates)
        np.multiply(gates, memo.scale, out=gates)
        np.add(gates, memo.shift, out=gates)
        np.multiply(kept, cell, out=after)
        np.multiply(written, candidate, out=memo.spare)
        np.add(after, memo.spare, out=after)
        np.tanh(after, out=squeezed)
        np.multiply(read, squeezed, out=hidden)

    def start_back(self, memo: Memo) -> None:
        """Everything about ∂memory/∂gates and ∂hidden/∂memory that does not need to know what comes back."""
        u, gates, d_gates, slopes = self.units, memo.gates, memo.d_gates, memo.slopes
        written, kept, candidate, read = (slice(at * u, at * u + u) for at in range(4))
        memo.d_cell.fill(0)
        np.subtract(1, gates, out=d_gates)
        d_gates *= gates
        np.multiply(gates[:, candidate], gates[:, candidate], out=d_gates[:, candidate])
        np.subtract(1, d_gates[:, candidate], out=d_gates[:, candidate])
        d_gates[:, written] *= gates[:, candidate]
        d_gates[:, kept] *= memo.cells[:-1]
        d_gates[:, candidate] *= gates[:, written]
        d_gates[:, read] *= memo.squeezed
        np.multiply(memo.squeezed, memo.squeezed, out=slopes)
        np.subtract(1, slopes, out=slopes)
        slopes *= gates[:, read]

    def step_back(self, t: int, recurrent: FloatArray, memo: Memo) -> None:
        d_gates, into_cell, d_read, slope, kept = memo.steps_back[t]
        d_hidden, d_cell = memo.d_hidden, memo.d_cell
        np.multiply(d_read, d_hidden, out=d_read)
        np.multiply(d_hidden, slope, out=memo.spare)
        np.add(d_cell, memo.spare, out=d_cell)
        np.multiply(into_cell, d_cell, out=into_cell)
        np.multiply(d_cell, kept, out=d_cell)
        np.matmul(recurrent, d_gates, out=d_hidden)


@final
@dataclass(frozen=True)
class _OneGate(Initializer):
    """Zero, but ``value`` for the second of four gates."""

    value: float

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        return np.repeat([0.0, float(self.value), 0.0, 0.0], shape[0] // 4)
