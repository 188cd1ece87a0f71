"""Two parts of one computation on two cores: NumPy lets go of the interpreter in products and large copies.

What is computed never depends on it. Whoever splits work splits it by its size alone and adds results up in a fixed order;
whether the parts then run side by side or one after the other, on a machine with one core or while another computation
has the second lane, is only a matter of time.
"""

from __future__ import annotations

import contextvars
import math
import os
import threading
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Final, TypeAlias

from simulations.core.arrays import Shape

Task: TypeAlias = Callable[[], None]

_IDLE_S: Final = 1.0  # a second lane that nobody needs for so long ends; starting it again takes 0.1 ms
MOST_LANES: Final = 2
WORTH_SHARING: Final = (
    6_000_000  # multiply-adds of a product, from which the second lane saves more than waking it costs
)
_LAG_S: Final = 5e-5  # what waking is thought to take before it was measured
_WAKINGS: Final = 3  # there and back, and the other lane has the smaller part: so much work is worth it
_TRY_EVERY: Final = 32  # calls
_WEIGHT: Final = 0.2  # of the last time in what something is thought to take
MANY_NUMBERS: Final = 150_000  # from which that is so for one operation on every number


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Lanes:
    """The thread that runs the other half. It begins when first needed and ends when idle, or at :meth:`close`.

    One computation at a time has it; another one meanwhile runs its parts in turn. ``width`` is 1 where there is a single
    processor, and may be set to it. ``lag_s`` is how long the thread took to begin, lately.
    """

    def __init__(self, width: int | None = None) -> None:
        self.width = min(MOST_LANES, processors()) if width is None else width
        self._free, self._wanted, self._done = threading.Lock(), threading.Lock(), threading.Lock()
        self._wanted.acquire()
        self._done.acquire()
        self._thread: threading.Thread | None = None
        self._task: Task | None = None
        self._context: contextvars.Context = contextvars.copy_context()
        self._error: BaseException | None = None
        self.lag_s = _LAG_S
        self._second = (0.0, 0.0)  # when the other half began and ended

    def run(self, first: Task, second: Task) -> float:
        """Run both to their end, side by side where possible; then raise what one of them raised, ``first`` before.

        The result is how many seconds both took together, waking and waiting left out.
        """
        began = perf_counter()
        if self.width < MOST_LANES or not self._free.acquire(blocking=False):
            first()
            second()
            return perf_counter() - began
        try:
            self._begin(second)
            try:
                first()
            finally:
                taken = perf_counter() - began
                self._await()
            error, self._error = self._error, None
            if error is not None:
                raise error
            second_began, ended = self._second
            self.lag_s = _smoothed(self.lag_s, second_began - began)
            return taken + ended - second_began
        finally:
            self._free.release()

    def close(self) -> None:
        """End the thread, unless a computation has it; the next one that needs it begins another."""
        if not self._free.acquire(blocking=False):
            return
        try:
            thread, self._thread = self._thread, None
            if thread is not None and thread.is_alive():
                self._task = None
                self._wanted.release()
                thread.join()
        finally:
            self._free.release()

    def _begin(self, task: Task) -> None:
        self._task, self._error = task, None
        self._context = contextvars.copy_context()  # NumPy keeps there what it does about overflow
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._serve, name="second lane", daemon=True)
            self._thread.start()
        self._wanted.release()

    def _await(self) -> None:
        """Wait for the other half, whatever happens here meanwhile: it writes into buffers of the computation."""
        try:
            self._done.acquire()
        except BaseException:  # Ctrl+C
            self._done.acquire()
            raise

    def _serve(self) -> None:
        while True:
            if not self._wanted.acquire(timeout=_IDLE_S):
                if not self._free.acquire(blocking=False):
                    continue  # work is on its way
                self._thread = None
                self._free.release()
                return
            if self._task is None:
                return
            began = perf_counter()
            try:
                self._context.run(self._task)
            except BaseException as error:
                self._error = error
            self._task, self._second = None, (began, perf_counter())
            self._done.release()


LANES: Final = Lanes()


def shares(shape: Shape) -> tuple[slice, ...]:
    """How numbers that are worked out one by one are shared: ranges along axis 1 of memory ``(c, w, …)``, its columns, the
    same that a convolution takes, so that each processor finds near what it left there. One range, or two for many numbers.
    """
    if len(shape) < 4 or shape[1] < MOST_LANES or math.prod(shape) < MANY_NUMBERS:
        return (slice(None),)
    return tuple(
        slice(shape[1] * index // MOST_LANES, shape[1] * (index + 1) // MOST_LANES) for index in range(MOST_LANES)
    )


def parts_of(rows: int) -> tuple[slice, slice]:
    """The two parts of so many rows of one product. The second is the smaller one, as it begins later."""
    first = rows * 3 // 5
    first += -first % 8 if rows > 16 else 0  # rows that are multiplied at once
    return slice(0, first), slice(first, None)


class Pair:
    """One piece of work in two parts that is done again and again: side by side where it is worth waking the other lane.

    How long that takes differs tenfold between machines, and grows where a window is drawn meanwhile; so it is measured, and
    the other lane is tried now and then though it was not worth it lately.
    """

    __slots__ = ("_calls", "_lanes", "_work_s")

    def __init__(self, lanes: Lanes | None = None) -> None:
        self._lanes = LANES if lanes is None else lanes
        self._calls = 0
        self._work_s = 0.0  # of both parts together, smoothed

    def run(self, work: Callable[[int], None], parts: int = MOST_LANES, whole: Task | None = None) -> None:
        """``work(0)``, and where there are two ``parts`` ``work(1)``; instead of both in turn ``whole``, if that is quicker."""
        if parts == 1:
            work(0)
            return
        self._calls += 1
        if self._work_s > _WAKINGS * self._lanes.lag_s or self._calls % _TRY_EVERY == 0:
            taken = self._lanes.run(partial(work, 0), partial(work, 1))
        else:
            began = perf_counter()
            if whole is None:
                work(0)
                work(1)
            else:
                whole()
            taken = perf_counter() - began
        self._work_s = _smoothed(self._work_s, taken)


def _smoothed(known: float, new: float) -> float:
    """``known`` nearer to ``new``, which a disturbance may have made too long."""
    return known + _WEIGHT * (min(new, 2 * known) - known) if known else new
