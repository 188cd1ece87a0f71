"""The whole gradient is shortened to a largest length: a bound on what one batch may do at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import Objective, State, operand
from simulations.optimizers.declarations import gradient_limit
from simulations.optimizers.moments import length
from simulations.optimizers.worksheet import Worksheet
from simulations.optimizers.wrappers.base import WRAPPERS, Seen, Wrapper

_TINY: Final = 1e-6  # beside the norm, as in torch.nn.utils.clip_grad_norm_


@final
@WRAPPERS.register(
    "clip_norm",
    label=N_("Clip by norm"),
    summary=N_("Shortens the whole gradient to a largest length and keeps its direction."),
    source="Pascanu, Mikolov & Bengio 2013, algorithm 1; torch.nn.utils.clip_grad_norm_",
)
@dataclass(frozen=True)
class ClipNorm(Wrapper):
    """g ← g·min(1, c / (‖g‖ + 1e-6))   (equals ``clip_grad_norm_``)."""

    changes_gradients: ClassVar[bool] = True

    limit: float = gradient_limit(N_("The largest length the whole gradient may have."))

    def start(self, theta: FloatArray) -> State:
        return {"_clipped": np.zeros_like(theta)}

    def around(self, objective: Objective, state: State, t: int) -> Objective:
        def changed(gradient: FloatArray) -> FloatArray:
            share = operand(self.limit, gradient) / (length(gradient) + operand(_TINY, gradient))
            return np.multiply(gradient, np.minimum(operand(1.0, gradient), share), out=state["_clipped"])

        return Seen(objective, changed=changed)

    def explain_around(self, sheet: Worksheet) -> None:
        sheet.read("c limit")
        sheet.line("g ← g·min(1, c/(‖g‖ + 1e-6))", say.CLIPPED)
        sheet.arrow("gradient", "−η·g")
        sheet.around("circle", "η·c")
