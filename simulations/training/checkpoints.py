"""Places a run can return to: everything that decides the next step, copied.

Kept are step 0, the best validation step and the newest few at a fixed distance. Because random draws are addressed by
step and batches by position, training from a restored checkpoint repeats the run bit for bit.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from simulations.core.arrays import Array, FloatArray
from simulations.training.memory import Memory

EVERY = 50  # steps between two checkpoints: a copy of θ and what methods remember is far less than 1 % of 50 steps
_NEWEST = 8
_BYTES = 64 << 20
_BLAMED = EVERY * _NEWEST  # steps after a change in which a divergence is put down to it


@dataclass(frozen=True)
class Checkpoint:
    """A moment of training. ``epoch`` is the real-valued position, ``loss`` the batch loss of the step that led here,
    ``learnt`` what the loss learns beside the network."""

    step: int
    epoch: float
    loss: float
    theta: FloatArray
    buffers: FloatArray
    memories: tuple[Memory, ...]
    learnt: Mapping[str, Array]

    @property
    def size(self) -> int:
        """Bytes held."""
        remembered = sum(one.size for one in self.memories) + sum(one.nbytes for one in self.learnt.values())
        return self.theta.nbytes + self.buffers.nbytes + remembered


class Checkpoints:
    """The kept moments of one run; memory is bounded by 64 MB beside step 0 and the best."""

    def __init__(self, start: Checkpoint) -> None:
        self.start = start
        self.best: Checkpoint | None = None
        count = max(1, min(_NEWEST, _BYTES // max(start.size, 1)))
        self._newest: deque[Checkpoint] = deque(maxlen=count)

    def add(self, checkpoint: Checkpoint) -> None:
        self._newest.append(checkpoint)

    def safe(self, changed_at: float = -math.inf) -> Checkpoint:
        """The newest moment that was finite and not worse than the untrained network; where something was changed lately, at the
        step ``changed_at``, the newest from before that.

        A checkpoint shortly before a divergence is finite but lost already: going back there would diverge again, or stay
        dead, whatever is changed.
        """
        kept = [*self._newest, *([self.best] if self.best else [])]
        sound = [one for one in kept if one.loss <= self.start.loss]
        is_recent = max(map(_step_of, kept), default=0) <= changed_at + _BLAMED
        before = [one for one in sound if is_recent and changed_at - _BLAMED <= one.step <= changed_at]
        return max(before or sound, key=_step_of, default=self.start)

    def forget_after(self, step: int) -> None:
        """Drop what lies in a future that will not happen."""
        kept = [one for one in self._newest if one.step <= step]
        self._newest.clear()
        self._newest.extend(kept)
        if self.best is not None and self.best.step > step:
            self.best = None


def _step_of(checkpoint: Checkpoint) -> int:
    return checkpoint.step
