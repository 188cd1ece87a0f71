"""What a loss is: the mean over the batch of how wrong the outputs are, and its gradient."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from simulations.core.arrays import Array, FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.registry import Registry
from simulations.core.targets import TargetKind, Targets
from simulations.core.text import N_
from simulations.nn.losses.criterion import Criterion, PlainCriterion, Setting

if TYPE_CHECKING:
    from simulations.nn.teacher import Teacher


@dataclass(frozen=True)
class Loss(ABC):
    """Compares outputs with targets, at every position: a sample, or a time step of one.

    Outputs are ``(n, k)`` or ``(n, t, k)``. Targets are classes, integers ``(n,)`` or ``(n, t)``, or values, floats shaped
    like the outputs; ``kinds`` says which it takes.
    """

    kind: ClassVar[str]
    kinds: ClassVar[tuple[TargetKind, ...]] = ("classes",)

    @abstractmethod
    def at_work(self, setting: Setting) -> Criterion:
        """This loss on a network, ready to judge it."""

    def check_targets(self, targets: Targets) -> None:
        """Raise :class:`ShapeError` in words when this loss cannot judge ``targets``, whatever the network."""
        if targets.kind in self.kinds:
            return
        if targets.kind == "values":
            raise ShapeError(N_("This loss compares classes, but the data ask for values: use the squared error."))
        raise ShapeError(N_("This loss compares values, but the data ask for classes: use softmax cross-entropy."))

    def check_teacher(self, teacher: Teacher | None, input_shape: Shape, targets: Targets) -> None:
        """Raise :class:`ShapeError` in words when this loss needs a teacher and ``teacher`` cannot be it."""
        return

    def check(self, output_shape: Shape, targets: Targets) -> None:
        """Raise :class:`ShapeError` in words when outputs of ``output_shape`` cannot be compared with ``targets``."""
        self.check_targets(targets)
        check_outputs(output_shape, targets)

    def probabilities(self, outputs: FloatArray) -> FloatArray:
        """What the outputs say about each class, ``(…, k)``, summing to 1 over the last axis: for pictures and
        predictions. Asked only where the targets are classes."""
        p: FloatArray = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
        p /= p.sum(axis=-1, keepdims=True)
        return p

    def decisions(self, outputs: FloatArray) -> Array:
        """The class that the outputs name at each position, integers ``(n,)`` or ``(n, t)``."""
        named: Array = outputs.argmax(axis=-1)
        return named


@dataclass(frozen=True)
class PlainLoss(Loss):
    """A loss of outputs and targets alone; :meth:`compare` says what m positions cost, the rest is done here.

    Buffers hold the samples next to each other, so the positions of a sequence are a view, never a copy.
    """

    @abstractmethod
    def compare(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        """The mean loss of ``outputs`` ``(m, k)``; ∂loss/∂outputs is written into ``out`` (Fortran-ordered ``(m, k)``).

        ``targets`` are classes ``(m,)`` or values ``(m, k)``.
        """

    def resolved(self, setting: Setting) -> PlainLoss:
        """This loss with everything found out that depends on the training data."""
        return self

    def at_work(self, setting: Setting) -> Criterion:
        return PlainCriterion(self.resolved(setting))

    def mass(self, targets: Array) -> float:
        """What a batch counts in a mean over batches."""
        return len(targets)

    def value(self, outputs: FloatArray, targets: Array) -> float:
        """The mean loss over all positions of the batch; 0 without any."""
        return self.value_and_gradient(outputs, targets, np.empty_like(outputs, order="F"))

    def value_and_gradient(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        """The mean loss; ∂loss/∂outputs (already divided by the number of positions) is written into ``out``."""
        if not out.flags.f_contiguous:
            spare = np.empty_like(out, order="F")
            value = self.value_and_gradient(outputs, targets, spare)
            out[...] = spare
            return value
        if not out.size:
            return 0.0
        if out.ndim == 2:
            return self.compare(outputs, targets, out)
        return self.compare(*(positions(one, out) for one in (outputs, targets, out)))


def positions(array: Array, like: FloatArray) -> Array:
    """Outputs or targets ``(n, t, …)`` as ``(n·t, …)``, in the order they lie in memory where samples are neighbours.

    Only targets, which batches keep sample by sample, are copied. ``like`` are outputs ``(n, t, k)``.
    """
    flat: Array = array.reshape((-1, array.shape[-1]) if array.ndim == like.ndim else -1, order="F")
    return flat


def difference(outputs: FloatArray, targets: Array, out: FloatArray) -> FloatArray:
    """Outputs minus targets into ``out`` ``(m, k)``; the target of a class is 1 at its place and 0 elsewhere."""
    if targets.ndim == 2:
        return np.subtract(outputs, targets, out=out)
    np.copyto(out, outputs)
    out[np.arange(len(out)), targets] -= 1
    return out


def shares(outputs: FloatArray) -> FloatArray:
    """Outputs near 0 and 1 read as probabilities: cut to [0, 1], scaled to sum to 1; alike where nothing is left."""
    p: FloatArray = np.clip(outputs, 0, 1)
    sums = p.sum(axis=-1, keepdims=True)
    nothing = sums == 0
    return np.where(nothing, p.dtype.type(1 / p.shape[-1]), p / np.where(nothing, p.dtype.type(1), sums))


LOSSES: Registry[Loss] = Registry(N_("loss"))


def check_outputs(output_shape: Shape, targets: Targets) -> None:
    """Raise :class:`ShapeError` unless there is one output per class, or per value, at each position of ``targets``."""
    if output_shape == targets.output_shape:
        return
    wanted, is_classes = targets.output_shape, targets.kind == "classes"
    if len(wanted) > 1:
        raise ShapeError(
            N_("The data have a target at every time step, so the network must end in {expected}, not {received}."),
            expected=shape_text(wanted),
            received=shape_text(output_shape),
        )
    if len(output_shape) != 1:
        template = (
            N_("The loss needs one number per class, got {received}: end with a flatten and a dense layer.")
            if is_classes
            else N_("The loss needs one number per value, got {received}: end with a flatten and a dense layer.")
        )
        raise ShapeError(template, received=shape_text(output_shape))
    template = (
        N_("The data has {expected} classes, so the last layer needs {expected} outputs, not {received}.")
        if is_classes
        else N_("The data ask for {expected} values, so the last layer needs {expected} outputs, not {received}.")
    )
    raise ShapeError(template, expected=wanted[0], received=output_shape[0])
