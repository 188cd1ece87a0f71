"""Every entry of the gradient is cut to a range: a bound on what one batch may do to one parameter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import Objective, State, operand
from simulations.optimizers.declarations import gradient_limit
from simulations.optimizers.worksheet import Worksheet
from simulations.optimizers.wrappers.base import WRAPPERS, Seen, Wrapper


@final
@WRAPPERS.register(
    "clip_value",
    label=N_("Clip by value"),
    summary=N_("Cuts every entry of the gradient to a range, which bends its direction."),
    source="torch.nn.utils.clip_grad_value_",
)
@dataclass(frozen=True)
class ClipValue(Wrapper):
    """gᵢ ← min(max(gᵢ, −c), c)   (equals ``clip_grad_value_``)."""

    changes_gradients: ClassVar[bool] = True

    limit: float = gradient_limit(N_("The largest size an entry of the gradient may have."))

    def start(self, theta: FloatArray) -> State:
        return {"_clipped": np.zeros_like(theta)}

    def around(self, objective: Objective, state: State, t: int) -> Objective:
        clipped = state["_clipped"]

        def changed(gradient: FloatArray) -> FloatArray:
            limit = operand(self.limit, gradient)
            np.minimum(gradient, limit, out=clipped)
            return np.maximum(clipped, -limit, out=clipped)

        return Seen(objective, changed=changed)

    def explain_around(self, sheet: Worksheet) -> None:
        sheet.read("c limit")
        sheet.line("g ← clip(g, c)", say.CLIPPED_ENTRIES)
        sheet.arrow("gradient", "−η·g")
        sheet.around("box", "η·c")
