"""What an optimizer is: a rule that moves θ, with all its memory in named arrays shaped like θ.

One implementation serves a network's θ ``(P,)``, a point on a surface ``(2,)`` and 65 536 points at once ``(65536, 2)``;
hyperparameters broadcast. Because the state is visible arrays it can be drawn, saved and rewound.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, Protocol, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.errors import GradLabError
from simulations.core.registry import Registry
from simulations.core.text import N_
from simulations.optimizers.declarations import learning_rate as declared_rate

if TYPE_CHECKING:
    from simulations.optimizers.worksheet import Worksheet

State: TypeAlias = dict[str, FloatArray]


Need: TypeAlias = Literal["value", "gradient", "hessian", "matrices"]
SURFACE: tuple[Need, ...] = ("value", "gradient", "hessian")  # what an objective offers that does not say
RateFamily: TypeAlias = Literal["gradient", "length", "both", "whole"]
NETWORK: tuple[Need, ...] = ("value", "gradient", "matrices")  # what one batch of a network offers


class Matrix(NamedTuple):
    """A parameter that is a matrix: ``theta[start : start + rows * columns]``, row by row, inputs × outputs."""

    start: int
    rows: int
    columns: int


class Objective(Protocol):
    """What is being minimised. It counts its own evaluations.

    θ is ``(…, n)``: ``value`` is ``(…)``, ``gradient`` ``(…, n)``, ``hessian`` ``(…, n, n)``. An objective that offers
    something else than :data:`SURFACE` says so in an attribute ``offers``; one that offers ``matrices`` has them as a
    tuple of :class:`Matrix` in an attribute of that name; one that is random says in ``seed`` where draws begin. What is
    returned is valid until the next question.
    """

    def value(self, theta: FloatArray) -> FloatArray: ...

    def gradient(self, theta: FloatArray) -> FloatArray: ...

    def hessian(self, theta: FloatArray) -> FloatArray: ...


@dataclass(frozen=True)
class Optimizer(ABC):
    """A rule for one step. Instances are configuration only."""

    kind: ClassVar[str]
    needs: ClassVar[tuple[Need, ...]] = ("gradient",)
    rate_family: ClassVar[RateFamily] = "gradient"  # what η multiplies, or is, in a step
    is_separable: ClassVar[bool] = False  # moves every number, or matrix, by what that one remembers alone
    most_parameters: ClassVar[int | None] = None  # where the state grows with the square of their number

    learning_rate: float = declared_rate(0.01, N_("How far one step moves against the gradient."))

    @abstractmethod
    def start(self, theta: FloatArray) -> State:
        """Fresh state for ``theta`` ``(…, n)``: arrays that begin with θ's leading axes.

        Most are shaped like θ; what a whole point shares is ``(…, 1)``, matrices are ``(…, k, n)``. Scratch buffers live
        there too, under names that begin with ``_``.
        """

    @abstractmethod
    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        """Move ``theta`` in place. ``t`` counts from 1."""

    def explain(self, sheet: Worksheet) -> None:  # noqa: B027  # one that only moves matrices has no place on a plane
        """Write out the step of one point of a plane: ``sheet`` stands at θ, with the gradient g and the memory before it."""

    def answer(self, theta: FloatArray, state: State) -> FloatArray:
        """The point to judge: ``theta``, or an average of the path for the methods that keep one."""
        return theta

    def at_rate(self, learning_rate: float) -> Optimizer:
        """The same method with another learning rate, as a schedule asks for."""
        return dataclasses.replace(self, learning_rate=learning_rate)

    def check(self, offers: Collection[Need], parameters: int) -> None:
        """Raise :class:`GradLabError` when the objective lacks something this method needs, or has too many numbers."""
        for need in self.needs:
            if need not in offers:
                raise GradLabError(_LACKS[need], optimizer=OPTIMIZERS.entry(self.kind).label)
        if self.most_parameters is not None and parameters > self.most_parameters:
            raise GradLabError(
                N_(
                    "{optimizer} keeps a matrix of all pairs of parameters: at most {most} are possible, here are {count}."
                ),
                optimizer=OPTIMIZERS.entry(self.kind).label,
                most=self.most_parameters,
                count=parameters,
            )


@dataclass(frozen=True)
class FirstOrder(Optimizer):
    """An optimizer that needs one gradient a step and nothing else."""

    is_separable: ClassVar[bool] = True

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        self.update(theta, objective.gradient(theta), state, t)

    @abstractmethod
    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        """Move ``theta`` in place along ``gradient``, which stays as it is."""


def offers_of(objective: Objective) -> Sequence[Need]:
    """What ``objective`` can be asked for."""
    found: Sequence[Need] = getattr(objective, "offers", SURFACE)
    return found


def operand(value: float | FloatArray, theta: FloatArray) -> FloatArray:
    """A hyperparameter as an array of θ's own dtype, which a vector operation takes twice as fast as a Python number."""
    return np.asarray(value, theta.dtype)


def acts(value: float | FloatArray) -> bool:
    """Whether a hyperparameter, one number or one for each point, is anything but 0."""
    return value != 0 if isinstance(value, float) else bool(np.any(value))  # asking NumPy takes as long as half a step


_LACKS: dict[Need, str] = {
    "value": N_("{optimizer} compares values of the loss, which cannot be asked for here."),
    "gradient": N_("{optimizer} needs a gradient, and there is none here."),
    "hessian": N_("{optimizer} needs the Hessian, which a network does not offer; choose a method of gradients only."),
    "matrices": N_("{optimizer} moves whole matrices, and the parameters here are none."),
}

OPTIMIZERS: Registry[Optimizer] = Registry(N_("optimizer"))
