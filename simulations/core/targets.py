"""What a data set asks a network for: one of several classes, or numbers; known before a sample is made.

The loss checks it, the last layer is sized by it, and the score of a run is named by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulations.core.arrays import Shape

TargetKind: TypeAlias = Literal["classes", "values"]
Score: TypeAlias = Literal["accuracy", "rmse"]


@dataclass(frozen=True)
class Targets:
    """The targets of one sample, without the batch axis.

    ``classes``: integers in 0…k−1 of ``shape`` ``()`` (one class) or ``(t,)`` (one per time step), with the k ``names`` of
    the classes. ``values``: floats of ``shape`` ``(k,)`` or ``(t, k)``, with the k ``names`` of the values and the ``unit``
    they share ("" for none).
    """

    kind: TargetKind
    shape: Shape
    names: tuple[str, ...]
    unit: str = ""

    @staticmethod
    def classes(names: tuple[str, ...], shape: Shape = ()) -> Targets:
        return Targets("classes", shape, names)

    @staticmethod
    def values(names: tuple[str, ...], steps: Shape = (), unit: str = "") -> Targets:
        """One value per name, at every one of ``steps`` ``(t,)`` or once ``()``."""
        return Targets("values", (*steps, len(names)), names, unit)

    @property
    def output_shape(self) -> Shape:
        """What a network must end in: a score per class, or the values themselves."""
        return (*self.steps, len(self.names))

    @property
    def steps(self) -> Shape:
        """``(t,)`` where every time step has a target of its own, else ``()``."""
        return self.shape if self.kind == "classes" else self.shape[:-1]

    @property
    def score(self) -> Score:
        """How a run is judged: the share of right classes, or the root mean squared error in data units."""
        return "accuracy" if self.kind == "classes" else "rmse"
