"""A part of θ as a θ of its own, so that a method can move some of a network's numbers and never touch the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.optimizers.base import Matrix, Need, Objective, offers_of
from simulations.optimizers.wrappers.base import depth_of, seed_of

Places: TypeAlias = tuple[slice, ...]


def merged(places: Sequence[slice]) -> Places:
    """The same numbers in as few ranges as can be; ``places`` are in the order of θ."""
    found: list[slice] = []
    for one in places:
        start = found.pop().start if found and found[-1].stop == one.start else one.start
        found.append(slice(start, one.stop))
    return tuple(found)


def joined(*several: Places) -> Places:
    """The numbers in any of ``several``, which have none in common."""
    return merged(sorted((place for one in several for place in one), key=_start_of))


def indices(places: Places) -> Array:
    """The positions in θ that ``places`` cover."""
    return np.concatenate([np.arange(one.start, one.stop) for one in places] or [np.zeros(0, int)])


def common(some: Places, others: Places) -> Places:
    """The numbers in both."""
    pairs = ((max(a.start, b.start), min(a.stop, b.stop)) for a in some for b in others)
    return merged([slice(start, stop) for start, stop in pairs if start < stop])


def without(some: Places, others: Places) -> Places:
    """The numbers of ``some`` that are not in ``others``."""
    left: list[slice] = []
    for one in some:
        start = one.start
        for hole in others:
            if start < hole.stop and hole.start < one.stop:
                left += [slice(start, hole.start)] if start < hole.start else []
                start = hole.stop
        left += [slice(start, one.stop)] if start < one.stop else []
    return merged(left)


def within(inner: Places, outer: Places) -> Places:
    """The ranges of ``inner`` as positions in what ``outer`` takes out of θ; what lies outside is left out."""
    found: list[slice] = []
    before = 0
    for room in outer:
        for one in inner:
            start, stop = max(one.start, room.start), min(one.stop, room.stop)
            if start < stop:
                found.append(slice(start - room.start + before, stop - room.start + before))
        before += room.stop - room.start
    return merged(found)


@final
class Part:
    """The numbers of ``whole`` ``(P,)`` at ``places`` as :attr:`theta` ``(p,)``, and the objective as a function of them.

    :meth:`open` begins a step and :meth:`close` writes back what became of :attr:`theta`. Meanwhile ``whole`` keeps
    still, so several parts of one θ move as if at once. The gradient at :attr:`theta` itself is asked for without a
    question of its own, where the objective has it already.
    """

    def __init__(self, whole: FloatArray, places: Places) -> None:
        self.places = places
        self._whole = whole
        self.theta: FloatArray = np.empty(sum(one.stop - one.start for one in places), whole.dtype)
        self._gradient = np.empty_like(self.theta)
        self._elsewhere: FloatArray | None = None
        self._has_gradient = False
        self.offers: Sequence[Need] = ()
        self.matrices: Sequence[Matrix] = ()
        self.seed = self.depth = 0
        self.load()

    def load(self) -> None:
        """Take θ's numbers."""
        self._take(self._whole, self.theta)

    def open(self, objective: Objective, gradient: FloatArray | None = None) -> None:
        """Begin a step from θ's numbers; ``gradient`` is that of the whole at this place, where it is known."""
        self._objective = objective
        self.seed, self.depth = seed_of(objective), depth_of(objective)
        self.offers = offers_of(objective)
        if "matrices" in self.offers and not self.matrices:
            self.matrices = tuple(self._matrices_in(getattr(objective, "matrices", ())))
        self.load()
        self._is_unmoved, self._has_gradient = True, gradient is not None
        if gradient is not None:
            self._take(gradient, self._gradient)

    def close(self) -> None:
        """End a step: write the numbers back."""
        self.put(self.theta, self._whole)

    def put(self, theta: FloatArray, whole: FloatArray) -> None:
        """Write ``theta`` ``(p,)`` to its places in ``whole`` ``(P,)``."""
        at = 0
        for one in self.places:
            size = one.stop - one.start
            whole[one] = theta[at : at + size]
            at += size

    def value(self, theta: FloatArray) -> FloatArray:
        return self._objective.value(self._at(theta))

    def gradient(self, theta: FloatArray) -> FloatArray:
        is_first, self._is_unmoved = self._is_unmoved and theta is self.theta, False
        if not (is_first and self._has_gradient):
            place = self._whole if is_first else self._at(theta)
            self._take(self._objective.gradient(place), self._gradient)
        return self._gradient

    def hessian(self, theta: FloatArray) -> FloatArray:
        inside = indices(self.places)
        return self._objective.hessian(self._at(theta))[..., inside[:, None], inside]

    def _at(self, theta: FloatArray) -> FloatArray:
        if self._elsewhere is None:
            self._elsewhere = np.empty_like(self._whole)
        np.copyto(self._elsewhere, self._whole)
        self.put(theta, self._elsewhere)
        return self._elsewhere

    def _take(self, whole: FloatArray, out: FloatArray) -> None:
        if self.places:
            np.concatenate([whole[one] for one in self.places], out=out)

    def _matrices_in(self, matrices: Sequence[Matrix]) -> list[Matrix]:
        found = []
        for one in matrices:
            size = one.rows * one.columns
            inside = within((slice(one.start, one.start + size),), self.places)
            if len(inside) == 1 and inside[0].stop - inside[0].start == size:
                found.append(Matrix(inside[0].start, one.rows, one.columns))
        return found


def _start_of(place: slice) -> int:
    return int(place.start)
