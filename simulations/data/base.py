"""What a data source is: a declaration that can produce samples, and the samples themselves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simulations.core.arrays import FloatArray, IntArray, Shape
from simulations.core.registry import Registry


@dataclass(frozen=True)
class Dataset:
    """Samples with their class. ``inputs`` is ``(n, d)`` or ``(n, h, w, c)``, ``targets`` is ``(n,)`` in 0…k−1."""

    inputs: FloatArray
    targets: IntArray
    class_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.targets)


@dataclass(frozen=True)
class DataSource(ABC):
    """Configuration of where samples come from. Shape and classes are known before a sample is made."""

    kind: ClassVar[str]
    picture: ClassVar[Literal["points", "images"]]  # how its samples are drawn

    @property
    @abstractmethod
    def input_shape(self) -> Shape: ...

    @property
    @abstractmethod
    def class_names(self) -> tuple[str, ...]: ...

    @abstractmethod
    def generate(self, rng: np.random.Generator) -> Dataset:
        """Make or load the samples, in a random order drawn from ``rng``. Raises :class:`DataError` in words."""


DATA_SOURCES: Registry[DataSource] = Registry("data source")
