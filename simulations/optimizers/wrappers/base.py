"""What a wrapper is: something put around an optimizer that changes what it asks, or what becomes of its steps.

It knows an objective, θ and named arrays of its own that begin with θ's leading axes, and nothing of networks: so the
same wrapper serves a network's θ ``(P,)``, a point on a surface ``(2,)`` and racers ``(r, 2)`` with a column of
hyperparameters each.

Order: the gradient passes down the list, from the objective to the optimizer; after the optimizer moved θ the list is
walked back up. Of several wrappers with an answer of their own the first in the list, which is the outermost, is asked.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias, final

from simulations.core.arrays import FloatArray
from simulations.core.errors import GradLabError
from simulations.core.registry import Registry
from simulations.core.text import N_
from simulations.optimizers.base import OPTIMIZERS, Matrix, Need, Objective, Optimizer, State, offers_of
from simulations.optimizers.worksheet import Worksheet

Move: TypeAlias = Callable[[FloatArray, Objective], None]


@dataclass(frozen=True)
class Wrapper(ABC):
    """Instances are configuration only; every hyperparameter broadcasts over θ's leading axes."""

    kind: ClassVar[str]
    changes_gradients: ClassVar[bool] = False  # so that it is idle around a method that asks for none

    def start(self, theta: FloatArray) -> State:
        """Fresh state for ``theta`` ``(…, n)``: arrays ``(…, n)`` or ``(…, 1)``; names with ``_`` first are scratch."""
        return {}

    def around(self, objective: Objective, state: State, t: int) -> Objective:
        """The objective as what is inside sees it in step ``t``, which counts from 1."""
        return objective

    def after(self, theta: FloatArray, state: State, t: int) -> None:  # noqa: B027  # most leave θ where it is
        """What is inside has moved ``theta``: look at it, or move it on, in place."""

    def explain_around(self, sheet: Worksheet) -> None:  # noqa: B027
        """Write out what becomes of the gradient g before what is inside sees it; ``sheet`` asks what is outside."""

    def explain_after(self, sheet: Worksheet) -> None:  # noqa: B027
        """Write out what :meth:`after` does."""

    def answer(self, theta: FloatArray, state: State) -> FloatArray:
        """The point to judge, where that inside is ``theta``."""
        return theta

    def check(self, methods: Sequence[Optimizer]) -> None:
        """Raise :class:`GradLabError` when none of ``methods`` would notice this wrapper."""
        if self.changes_gradients and not any("gradient" in one.needs for one in methods):
            raise GradLabError(
                N_("{wrapper} changes gradients, and {optimizer} does not ask for any."),
                wrapper=WRAPPERS.entry(self.kind).label,
                optimizer=OPTIMIZERS.entry(methods[0].kind).label,
            )


WRAPPERS: Registry[Wrapper] = Registry(N_("wrapper"))


@final
class Seen:
    """An objective that is asked at another place, or whose gradient is changed before it is handed on.

    ``at`` turns the θ asked about into the θ to ask at; ``changed`` turns the gradient found into the one handed on, in
    memory of its own. Everything else is passed through; ``depth`` counts how many of these lie above one another.
    """

    def __init__(
        self,
        objective: Objective,
        *,
        at: Callable[[FloatArray], FloatArray] | None = None,
        changed: Callable[[FloatArray], FloatArray] | None = None,
    ) -> None:
        self._objective, self._at, self._changed = objective, at, changed
        self.offers: Sequence[Need] = offers_of(objective)
        self.matrices: Sequence[Matrix] = getattr(objective, "matrices", ())
        self.seed = seed_of(objective)
        self.depth = depth_of(objective) + 1

    def value(self, theta: FloatArray) -> FloatArray:
        return self._objective.value(self._place(theta))

    def gradient(self, theta: FloatArray) -> FloatArray:
        found = self._objective.gradient(self._place(theta))
        return found if self._changed is None else self._changed(found)

    def hessian(self, theta: FloatArray) -> FloatArray:
        return self._objective.hessian(self._place(theta))

    def _place(self, theta: FloatArray) -> FloatArray:
        return theta if self._at is None else self._at(theta)


def seed_of(objective: Objective) -> int:
    """What random draws around ``objective`` begin from."""
    return int(getattr(objective, "seed", 0))


def depth_of(objective: Objective) -> int:
    """How many wrappers ``objective`` lies under."""
    return int(getattr(objective, "depth", 0))


@final
class Chain:
    """Wrappers in the order of their list, around whatever moves θ; their states are handed in with every call."""

    def __init__(self, wrappers: Sequence[Wrapper]) -> None:
        self.wrappers = tuple(wrappers)

    def start(self, theta: FloatArray) -> tuple[State, ...]:
        return tuple(one.start(theta) for one in self.wrappers)

    def step(self, theta: FloatArray, objective: Objective, states: Sequence[State], t: int, move: Move) -> None:
        """One step, the ``t``-th from 1: down the list, ``move``, and back up."""
        for wrapper, state in zip(self.wrappers, states, strict=True):
            objective = wrapper.around(objective, state, t)
        move(theta, objective)
        for wrapper, state in zip(reversed(self.wrappers), reversed(states), strict=True):
            wrapper.after(theta, state, t)

    def answer(self, theta: FloatArray, states: Sequence[State]) -> FloatArray:
        """The point to judge; ``theta`` is that of what is inside."""
        for wrapper, state in zip(reversed(self.wrappers), reversed(states), strict=True):
            theta = wrapper.answer(theta, state)
        return theta
