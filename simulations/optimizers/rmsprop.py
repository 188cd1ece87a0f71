"""Steps divided by the recent size of each gradient, so every parameter moves at its own pace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray, aligned
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, acts, operand
from simulations.optimizers.declarations import denominator_epsilon
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "rmsprop",
    label=N_("RMSProp"),
    summary=N_("Divides each gradient by its recent root mean square, so steep and flat directions advance alike."),
    source="Tieleman & Hinton 2012, lecture 6.5; Graves 2013 (centred); torch.optim.RMSprop",
)
@dataclass(frozen=True)
class RMSProp(FirstOrder):
    """v ← ρ·v + (1−ρ)·g², θ ← θ − η·g / (√v + ε)   (equals ``torch.optim.RMSprop``: ε outside the root).

    Centred (Graves 2013, eq. 38–45): a ← ρ·a + (1−ρ)·g and √(v − a²) in place of √v. With momentum μ:
    b ← μ·b + g / (√v + ε), θ ← θ − η·b.
    """

    rate_family: ClassVar[RateFamily] = "length"

    decay: float = param(
        0.99,
        low=0.0,
        high=0.9999,
        live=True,
        label=N_("Decay ρ"),
        help=N_("Share of the mean square that is kept: 0.99 remembers about 100 steps."),
    )
    epsilon: float = denominator_epsilon(1e-8)
    momentum: float = param(
        0.0,
        low=0.0,
        high=0.9999,
        live=True,
        label=N_("Momentum"),
        help=N_("Share of the velocity that is kept; 0 switches it off."),
    )
    centred: bool = param(
        False,
        live=True,
        label=N_("Centred"),
        help=N_("Subtract the squared mean gradient, so the denominator is a variance."),
    )

    def start(self, theta: FloatArray) -> State:
        names = ("square_average", "gradient_average", "velocity", "_root", "_step")
        return {name: aligned(theta.shape, theta.dtype) for name in names}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        v, step = state["square_average"], state["_step"]
        np.multiply(gradient, gradient, out=step)
        step *= operand(1 - self.decay, theta)
        v *= operand(self.decay, theta)
        v += step
        root = self._root(gradient, state)
        root += operand(self.epsilon, theta)
        np.divide(gradient, root, out=step)
        if acts(self.momentum):
            b = state["velocity"]
            b *= operand(self.momentum, theta)
            b += step
            np.multiply(b, operand(self.learning_rate, theta), out=step)
        else:
            step *= operand(self.learning_rate, theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("ρ decay", "ε epsilon", "μ momentum")
        sheet.read("v square_average", "a gradient_average", "b velocity")
        sheet.line("v ← ρ·v + (1 − ρ)·g²", say.SQUARE)
        root = "√v + ε"
        if self.centred:
            sheet.line("a ← ρ·a + (1 − ρ)·g", say.MEAN)
            sheet.line("s ← max(v − a², 0)", say.CENTRED)
            root = "√s + ε"
        sheet.stable("2·(1 + μ)" if self.momentum else "2", root)
        if self.momentum:
            sheet.line(f"b ← μ·b + g/({root})", say.VELOCITY)
            sheet.arrow("momentum", f"−η·(b − g/({root}))", f"θ − η·g/({root})")
            sheet.line("θ ← θ − η·b", say.VELOCITY_STEP, "step")
        else:
            sheet.line(f"θ ← θ − η·g/({root})", say.SCALED_STEP, "step")
        sheet.around("ellipse", f"η·‖g‖/({root})")

    def _root(self, g: FloatArray, state: State) -> FloatArray:
        """√v, or √(v − a²) when centred. The mean is kept in both cases, so the switch can be thrown while running."""
        v, a, root = state["square_average"], state["gradient_average"], state["_root"]
        np.subtract(g, a, out=root)
        root *= operand(1 - self.decay, g)
        a += root
        if not self.centred:
            return np.sqrt(v, out=root)
        np.multiply(a, a, out=root)
        np.subtract(v, root, out=root)
        np.maximum(root, 0, out=root)  # v ≥ a² up to rounding; a −1e-18 here would be a NaN below
        return np.sqrt(root, out=root)
