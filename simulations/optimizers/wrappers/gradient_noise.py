"""Noise on the gradient that fades: early steps are shaken out of bad places, late ones can settle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.rng import stream
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import Objective, State
from simulations.optimizers.worksheet import Worksheet
from simulations.optimizers.wrappers.base import WRAPPERS, Seen, Wrapper, depth_of, seed_of


@final
@WRAPPERS.register(
    "gradient_noise",
    label=N_("Gradient noise"),
    summary=N_("Adds fading Gaussian noise to every gradient, which shakes early steps out of bad places."),
    source="Neelakantan et al. 2015, eq. 1",
)
@dataclass(frozen=True)
class GradientNoise(Wrapper):
    """g ← g + N(0, σ²), σ² = η / (1 + s)^γ after s steps   (Neelakantan et al. 2015).

    The draws depend on the objective's seed, the step and the place in the list alone, so a replay repeats them. They
    are the same for every gradient of one step, and for all points at once: racers are shaken alike.
    """

    changes_gradients: ClassVar[bool] = True

    variance: float = param(
        0.3,
        low=0.0,
        high=100.0,
        scale="log",
        live=True,
        label=N_("Variance η"),
        help=N_("The noise's variance in the first step; the paper takes 0.01, 0.3 or 1."),
    )
    fading: float = param(
        0.55,
        low=0.0,
        high=4.0,
        live=True,
        label=N_("Fading γ"),
        help=N_("The power of the step by which the variance falls; 0 keeps it."),
    )

    def start(self, theta: FloatArray) -> State:
        return {"_noise": np.zeros_like(theta), "_shaken": np.zeros_like(theta)}

    def around(self, objective: Objective, state: State, t: int) -> Objective:
        noise, shaken = state["_noise"], state["_shaken"]
        np.copyto(noise, self._draw(objective, noise.shape[-1], t), casting="same_kind")
        return Seen(objective, changed=lambda gradient: np.add(gradient, noise, out=shaken))

    def explain_around(self, sheet: Worksheet) -> None:
        sheet.read("s variance", "γ fading")
        sheet.line("σ ← √(s/t^γ)", say.DEVIATION)
        sheet.give("n ← σ·N(0, 1)", self._draw(sheet.objective, 2, sheet.t), say.NOISE)
        sheet.arrow("noise", "−η·n", "θ − η·g")
        sheet.line("g ← g + n", say.SHAKEN)
        sheet.arrow("gradient", "−η·g")

    def _draw(self, objective: Objective, size: int, t: int) -> FloatArray:
        rng = stream(seed_of(objective), "gradient noise", t, depth_of(objective))
        deviation = np.sqrt(self.variance / float(t) ** self.fading)
        return np.asarray(rng.standard_normal(size) * deviation)
