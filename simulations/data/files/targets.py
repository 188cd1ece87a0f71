"""An array of targets as a network learns them: whole numbers become classes, the rest are values."""

from __future__ import annotations

import numpy as np

from simulations.core.arrays import Array, shape_text
from simulations.core.errors import DataError
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.data.files.content import MOST_CLASSES, shortened


def classes_of(labels: Array, source: str) -> tuple[Array, Targets]:
    """Labels ``(n,)`` of any kind as classes 0…k−1, and their names in order. Raises :class:`DataError` for too many."""
    different, codes = np.unique(labels, return_inverse=True)
    if len(different) > MOST_CLASSES:
        raise DataError(
            N_("{file} has {count} different labels; at most {most} classes can be learnt."),
            file=source,
            count=len(different),
            most=MOST_CLASSES,
        )
    if len(different) < 2:
        raise DataError(
            N_("{file} holds one class only (“{word}”), so there is nothing to tell apart."),
            file=source,
            word=shortened(str(different[0])),
        )
    names = (f"{one:.12g}" if isinstance(one, float) else str(one) for one in different.tolist())
    return codes.reshape(labels.shape).astype(np.intp), Targets.classes(tuple(shortened(name) for name in names))


def values_of(values: Array, source: str) -> tuple[Array, Targets]:
    """Numbers ``(n,)`` or ``(n, k)`` as values to predict. Raises :class:`DataError` for any other shape."""
    if values.ndim == 1:
        values = values[:, np.newaxis]
    if values.ndim != 2 or not 1 <= values.shape[1] <= MOST_CLASSES:
        raise DataError(
            N_("{file}: the targets are {shape}; expected is one number, or a row of them, for each sample."),
            file=source,
            shape=shape_text(values.shape),
        )
    names = ("y",) if values.shape[1] == 1 else tuple(f"y{i + 1}" for i in range(values.shape[1]))
    return values.astype(np.float64), Targets.values(names)
