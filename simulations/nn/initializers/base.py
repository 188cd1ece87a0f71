"""What an initialiser is: a rule that draws the first values of one parameter."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.registry import Registry
from simulations.core.text import N_


@dataclass(frozen=True)
class Initializer(ABC):
    """Draws a parameter's first values from its shape and fans."""

    kind: ClassVar[str]

    @abstractmethod
    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        """Float64 values of ``shape``; the network casts them to its own dtype."""


INITIALIZERS: Registry[Initializer] = Registry(N_("initialiser"))
