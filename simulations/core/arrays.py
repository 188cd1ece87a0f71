"""The array types every signature uses."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.integer[Any]]
BoolArray: TypeAlias = NDArray[np.bool_]
Shape: TypeAlias = tuple[int, ...]


def shape_text(shape: Shape) -> str:
    """A shape of one sample as people write it: ``8×8×1``, ``784``."""
    return "×".join(str(size) for size in shape)
