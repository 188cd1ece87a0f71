"""What an augmentation is: a change of training samples that leaves their class alone, drawn anew in every epoch.

It acts on scaled samples, after the split, so validation never sees it; what it draws is addressed by the seed and the
place in the run, so a replay is bit-exact whoever watches.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simulations.core.arrays import FloatArray, IntArray, Shape, shape_text
from simulations.core.errors import DataError
from simulations.core.registry import Registry
from simulations.core.text import N_


@dataclass(frozen=True)
class Augmentation(ABC):
    """Changes pictures ``(n, h, w, c)`` in place."""

    kind: ClassVar[str]

    @abstractmethod
    def apply(self, x: FloatArray, rng: np.random.Generator) -> None:
        """Change the samples ``x``, C-contiguous, each in its own way; everything random comes from ``rng``."""

    def takes(self, input_shape: Shape) -> bool:
        """Whether samples of ``input_shape`` can be changed; most augmentations need a picture."""
        return len(input_shape) == 3

    def check(self, input_shape: Shape) -> None:
        """Raise :class:`DataError` in words when samples of ``input_shape`` cannot be changed."""
        if not self.takes(input_shape):
            raise DataError(
                N_("{name} needs pictures, but a sample is {shape}: remove the augmentation."),
                name=AUGMENTATIONS.entry(self.kind).label,
                shape=shape_text(input_shape),
            )


AUGMENTATIONS: Registry[Augmentation] = Registry(N_("augmentation"))


def gather(x: FloatArray, rows: IntArray, columns: IntArray) -> FloatArray:
    """The pixels of ``x`` ``(n, h, w, c)`` at ``rows`` ``(n, h)`` and ``columns`` ``(n, w)`` of each picture."""
    n, h, w, c = x.shape
    places = (rows * w + np.arange(0, n * h * w, h * w)[:, np.newaxis])[:, :, np.newaxis] + columns[:, np.newaxis]
    taken: FloatArray = np.take(x.reshape(-1, c) if c > 1 else x.reshape(-1), places, axis=0, mode="clip")
    return taken.reshape(x.shape)
