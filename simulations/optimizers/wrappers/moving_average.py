"""An average of the path that forgets: the answer is smoother than the path and follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import State, operand
from simulations.optimizers.moments import per_point
from simulations.optimizers.worksheet import Worksheet
from simulations.optimizers.wrappers.base import WRAPPERS, Wrapper


@final
@WRAPPERS.register(
    "ema",
    label=N_("EMA of weights"),
    summary=N_("Judges a moving average of the weights: less noise, and training itself does not change."),
    source="Polyak & Juditsky 1992; torch.optim.swa_utils.get_ema_multi_avg_fn; tf.train.ExponentialMovingAverage",
)
@dataclass(frozen=True)
class MovingAverage(Wrapper):
    """x̄ ← x̄ + (1 − dₙ)·(θ − x̄) after the n-th step; the answer is x̄, and what trains is θ.

    ``debiased``: dₙ so that x̄ is the mean of θ₁…θₙ with weights dⁿ⁻ⁱ, as Adam's m̂ (Kingma & Ba 2015, section 3).
    ``pytorch``: x̄ is θ₁ at first, then dₙ = d. ``warm_up``: dₙ = min(d, (1 + n)/(10 + n)) from x̄ = θ₀ on, as
    ``tf.train.ExponentialMovingAverage(num_updates=n)``.
    """

    decay: float = param(
        0.99,
        low=0.0,
        high=0.99999,
        live=True,
        label=N_("Decay"),
        help=N_("Share of the average that is kept in each step: 0.99 remembers about 100 steps."),
    )
    beginning: str = param(
        "debiased",
        choices=("debiased", "pytorch", "warm_up"),
        labels=(N_("Bias-corrected"), N_("First weights (PyTorch)"), N_("Warm-up (TensorFlow)")),
        live=True,
        label=N_("Beginning"),
        help=N_("What the average is while it has seen few steps."),
    )

    def start(self, theta: FloatArray) -> State:
        counts = {name: per_point(theta, 0.0) for name in ("seen", "weight")}
        return {"average": theta.copy(), **counts, "_way": np.zeros_like(theta)}

    def after(self, theta: FloatArray, state: State, t: int) -> None:
        average, way = state["average"], state["_way"]
        np.subtract(theta, average, out=way)
        way *= self._share(state, theta)
        average += way

    def explain_after(self, sheet: Worksheet) -> None:
        sheet.read("x̄ average", "n seen", "w weight", "d decay")
        sheet.line("n ← n + 1", say.COUNTED)
        sheet.line("w ← w + (1 − d)·(1 − w)", say.WEIGHT_SUM)
        share = {"debiased": "(1 − d)/w", "pytorch": "1 − d", "warm_up": "max(1 − d, 9/(10 + n))"}[self.beginning]
        is_first = self.beginning == "pytorch" and sheet["n"] == 1
        sheet.line("c ← 1" if is_first else f"c ← {share}", say.AVERAGE_SHARE)
        sheet.line("x̄ ← x̄ + c·(θ − x̄)", say.AVERAGE)
        sheet.spot("average", "x̄")

    def answer(self, theta: FloatArray, state: State) -> FloatArray:
        return state["average"]

    def _share(self, state: State, theta: FloatArray) -> FloatArray:
        """1 − dₙ, ``(…, 1)``. Weight and count are kept whatever the beginning, so it can be changed while running."""
        seen, weight = state["seen"], state["weight"]
        new = operand(1 - np.asarray(self.decay), theta)
        seen += 1
        weight += new * (1 - weight)
        if self.beginning == "debiased":
            return new / weight
        if self.beginning == "pytorch":
            return np.where(seen == 1, operand(1.0, theta), new)
        return np.maximum(new, 9 / (10 + seen))
