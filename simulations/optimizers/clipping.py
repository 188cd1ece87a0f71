"""Gradient clipping: an upper bound on what one batch may do, put between the gradient and any optimizer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.registry import Registry
from simulations.core.text import N_
from simulations.optimizers.base import operand

_TINY = 1e-6  # beside the norm, as in torch.nn.utils.clip_grad_norm_


@dataclass(frozen=True)
class Clipping(ABC):
    """A rule that shortens gradients. Instances are configuration only."""

    kind: ClassVar[str]

    @abstractmethod
    def clip(self, gradient: FloatArray) -> None:
        """Shorten ``gradient`` ``(…, n)`` in place, each point by itself."""


CLIPPINGS: Registry[Clipping] = Registry("clipping")


@final
@CLIPPINGS.register("none", label=N_("None"), summary=N_("Leaves the gradient as it is."), source="no clipping")
@dataclass(frozen=True)
class NoClipping(Clipping):
    """g ← g."""

    def clip(self, gradient: FloatArray) -> None:
        """Nothing to do."""


@final
@CLIPPINGS.register(
    "value",
    label=N_("By value"),
    summary=N_("Cuts every entry of the gradient to a range, which bends its direction."),
    source="torch.nn.utils.clip_grad_value_",
)
@dataclass(frozen=True)
class ClipValue(Clipping):
    """gᵢ ← min(max(gᵢ, −c), c)   (equals ``clip_grad_value_``)."""

    limit: float = param(
        1.0,
        low=1e-4,
        high=1e3,
        scale="log",
        live=True,
        label=N_("Limit"),
        help=N_("The largest size an entry of the gradient may have."),
    )

    def clip(self, gradient: FloatArray) -> None:
        limit = operand(self.limit, gradient)
        np.minimum(gradient, limit, out=gradient)
        np.maximum(gradient, -limit, out=gradient)


@final
@CLIPPINGS.register(
    "norm",
    label=N_("By norm"),
    summary=N_("Shortens the whole gradient to a largest length and keeps its direction."),
    source="Pascanu, Mikolov & Bengio 2013, algorithm 1; torch.nn.utils.clip_grad_norm_",
)
@dataclass(frozen=True)
class ClipNorm(Clipping):
    """g ← g·min(1, c / (‖g‖ + 1e-6))   (equals ``clip_grad_norm_``)."""

    limit: float = param(
        1.0,
        low=1e-4,
        high=1e3,
        scale="log",
        live=True,
        label=N_("Limit"),
        help=N_("The largest length the whole gradient may have."),
    )

    def clip(self, gradient: FloatArray) -> None:
        norm = np.sqrt(np.einsum("...i,...i->...", gradient, gradient))[..., np.newaxis]
        gradient *= np.minimum(
            operand(1.0, gradient), operand(self.limit, gradient) / (norm + operand(_TINY, gradient))
        )
