"""GRU: an LSTM with two gates less, whose state is its memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.numerics import gate
from simulations.core.text import N_
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import LAYERS, Memo, Parameter
from simulations.nn.layers.recurrence import Recurrence


@LAYERS.register(
    "gru",
    label=N_("GRU"),
    summary=N_("Reads a sequence step by step; two learnt gates decide what of its state is forgotten and renewed."),
    source="Cho et al. 2014; torch.nn.GRU",
)
@final
@dataclass(frozen=True)
class GRU(Recurrence):
    """h = (1 − z)⊙m + z⊙h with r, z = σ(x·W + h·U + b) and m = tanh(x·W + b + r⊙(h·U + c)).

    Gates stand in PyTorch's order r, z, m, and the reset is applied after the product, as there (Cho et al. apply it
    before); equals ``torch.nn.GRU`` with b the sum of its biases of r and z; c is ``recurrent_bias``.
    """

    name: ClassVar[str] = "GRU"
    gate_names: ClassVar[tuple[str, ...]] = ("reset", "update", "candidate")

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        u = self.units
        return (*super().parameters(input_shape), Parameter("recurrent_bias", (u,), Zeros(), u, u, decays=False))

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        super().allocate(memo, n, input_shape, dtype)
        (t, d), u = input_shape, self.units
        memo.said, memo.d_said = np.zeros((3 * u, n), dtype), np.zeros_like(memo.d_gates)
        memo.offers = np.zeros((t, u, n), dtype)  # what the last state says to the candidate
        memo.flat = {rows: memo.workspace((rows, t, n), dtype) for rows in (d, u)}
        memo.flat_gates = memo.workspace((3 * u, t, n), dtype)
        memo.ones = np.ones(t * n, dtype)

    def read(self, weights: Mapping[str, FloatArray], memo: Memo) -> None:
        """Input and last state speak apart, because the reset gate stands between the candidate and the state alone."""
        recurrent, recurrent_bias = weights["recurrent"].T, weights["recurrent_bias"][:, None]
        np.matmul(weights["weight"].T, memo.inputs, out=memo.gates)
        memo.gates += weights["bias"][:, None]
        for t in range(len(memo.inputs)):
            memo.leave_if_interrupted()
            np.matmul(recurrent, memo.hidden[t], out=memo.said)
            np.add(memo.said[2 * self.units :], recurrent_bias, out=memo.offers[t])
            self.step(t, memo)

    def step(self, t: int, memo: Memo) -> None:
        u, gates, said, spare = self.units, memo.gates[t], memo.said, memo.spare
        gates[: 2 * u] += said[: 2 * u]
        gate(gates[: 2 * u], out=gates[: 2 * u])
        reset, update, candidate = gates[:u], gates[u : 2 * u], gates[2 * u :]
        candidate += np.multiply(reset, memo.offers[t], out=spare)
        np.tanh(candidate, out=candidate)
        np.subtract(memo.hidden[t], candidate, out=spare)
        spare *= update
        np.add(candidate, spare, out=memo.hidden[t + 1])

    def start_back(self, memo: Memo) -> None:
        """The derivatives of σ and tanh at every gate of every step, into ``memo.d_gates``."""
        u, gates, d_gates = self.units, memo.gates, memo.d_gates
        np.subtract(1, gates, out=d_gates)
        d_gates *= gates
        np.multiply(gates[:, 2 * u :], gates[:, 2 * u :], out=d_gates[:, 2 * u :])
        np.subtract(1, d_gates[:, 2 * u :], out=d_gates[:, 2 * u :])

    def step_back(self, t: int, recurrent: FloatArray, memo: Memo) -> None:
        u, gates, d_gates, spare = self.units, memo.gates[t], memo.d_gates[t], memo.spare
        d_hidden, d_said = memo.d_hidden, memo.d_said[t]
        np.subtract(memo.hidden[t], gates[2 * u :], out=spare)
        spare *= d_hidden
        d_gates[u : 2 * u] *= spare
        np.subtract(1, gates[u : 2 * u], out=spare)
        spare *= d_hidden
        d_gates[2 * u :] *= spare
        np.multiply(d_gates[2 * u :], memo.offers[t], out=spare)
        d_gates[:u] *= spare
        np.copyto(d_said, d_gates)
        d_said[2 * u :] *= gates[:u]
        d_hidden *= gates[u : 2 * u]
        d_hidden += np.matmul(recurrent, d_said, out=spare)

    def sum_up(self, weights: Mapping[str, FloatArray], gradients: Mapping[str, FloatArray], memo: Memo) -> None:
        flat_gates = memo.flat_gates.reshape(len(memo.flat_gates), -1)
        np.copyto(memo.flat_gates, memo.d_gates.swapaxes(0, 1))
        np.dot(_rows(memo.inputs, memo), flat_gates.T, out=gradients["weight"])
        np.dot(flat_gates, memo.ones, out=gradients["bias"])
        if memo.wants_dx:
            np.matmul(weights["weight"], flat_gates, out=memo.dx.T.reshape(len(memo.dx.T), -1))
        np.copyto(memo.flat_gates, memo.d_said.swapaxes(0, 1))
        np.dot(_rows(memo.hidden[:-1], memo), flat_gates.T, out=gradients["recurrent"])
        np.dot(flat_gates[2 * self.units :], memo.ones, out=gradients["recurrent_bias"])


def _rows(steps: FloatArray, memo: Memo) -> FloatArray:
    """``(t, rows, n)`` as a matrix of its rows, copied into a buffer."""
    flat: FloatArray = memo.flat[steps.shape[1]]
    np.copyto(flat, steps.swapaxes(0, 1))
    return flat.reshape(len(flat), -1)
