"""What a data source is: a declaration that can produce samples, and the samples themselves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias

import numpy as np

from simulations.core.arrays import Array, FloatArray, Shape
from simulations.core.registry import Registry
from simulations.core.targets import TargetKind, Targets
from simulations.core.text import N_

LARGEST_NUMBER: Final = 1e30  # of a sample: beyond it, single precision has no room to compute
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

PictureKind: TypeAlias = Literal["points", "images", "sequences", "table"]


@dataclass(frozen=True)
class Dataset:
    """Samples with their targets, in data units.

    ``inputs`` is ``(n, d)``, ``(n, h, w, c)`` or ``(n, t, d)``; ``targets`` is ``(n, *shape)`` as the source's
    :class:`Targets` say: integers for classes, floats for values. ``names`` are those of the classes or values.
    ``has_gaps`` says that some inputs are NaN, which stands for a missing number.
    """

    inputs: FloatArray
    targets: Array
    names: tuple[str, ...]
    has_gaps: bool = False

    @property
    def kind(self) -> TargetKind:
        return "values" if self.targets.dtype.kind == "f" else "classes"

    def __len__(self) -> int:
        return len(self.targets)


@dataclass(frozen=True)
class DataSource(ABC):
    """Configuration of where samples come from. Shape and targets are known before a sample is made."""

    kind: ClassVar[str]

    @property
    @abstractmethod
    def input_shape(self) -> Shape: ...

    @property
    @abstractmethod
    def targets(self) -> Targets: ...

    @property
    def feature_names(self) -> tuple[str, ...]:
        """What the numbers along the last axis of the inputs are called, units in brackets (marked with ``N_``)."""
        return tuple(f"x{str(i + 1).translate(_SUBSCRIPT)}" for i in range(self.input_shape[-1]))

    @property
    def count(self) -> int:
        """How many samples there will be, training and validation together; 0 where that is not known before."""
        return int(getattr(self, "samples", 0))

    @property
    def picture(self) -> PictureKind:
        """How its samples are drawn: that follows from their shape."""
        if len(self.input_shape) == 1:
            return "points" if self.input_shape == (2,) else "table"
        return "images" if len(self.input_shape) == 3 else "sequences"

    def is_same_set(self, other: DataSource) -> bool:
        """Whether losses on these samples and on those of ``other`` can be compared."""
        return self.kind == other.kind

    @abstractmethod
    def generate(self, rng: np.random.Generator) -> Dataset:
        """Make or load the samples, in a random order drawn from ``rng``. Raises :class:`DataError` in words."""


DATA_SOURCES: Registry[DataSource] = Registry(N_("data source"))
