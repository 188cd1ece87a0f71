"""The simple recurrent layer: its state is an activation of the input and of its own last state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS, Memo
from simulations.nn.layers.recurrence import Recurrence


@LAYERS.register(
    "simple_rnn",
    label=N_("Simple RNN"),
    summary=N_("Reads a sequence step by step; its state mixes the new input with what it was before."),
    source="Elman 1990; torch.nn.RNN",
)
@final
@dataclass(frozen=True)
class SimpleRNN(Recurrence):
    """h = f(x·W + h·U + b), f = tanh or ReLU; equals ``torch.nn.RNN`` with b the sum of its two biases."""

    name: ClassVar[str] = "Simple RNN"
    gate_names: ClassVar[tuple[str, ...]] = ("state",)

    activation: str = param(
        "tanh",
        choices=("tanh", "relu"),
        labels=(N_("Tanh"), N_("ReLU")),
        label=N_("Activation"),
        help=N_("What the sum of input and state goes through."),
    )

    def step(self, t: int, memo: Memo) -> None:
        state = memo.gates[t]
        if self.activation == "tanh":
            np.tanh(state, out=state)
        else:
            np.maximum(state, 0, out=state)
        np.copyto(memo.hidden[t + 1], state)

    def start_back(self, memo: Memo) -> None:
        if self.activation == "tanh":
            np.multiply(memo.gates, memo.gates, out=memo.d_gates)
            np.subtract(1, memo.d_gates, out=memo.d_gates)
        else:
            np.sign(memo.gates, out=memo.d_gates)

    def step_back(self, t: int, recurrent: FloatArray, memo: Memo) -> None:
        d_gates = memo.d_gates[t]
        d_gates *= memo.d_hidden
        np.matmul(recurrent, d_gates, out=memo.d_hidden)
