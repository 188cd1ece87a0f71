"""The matrix problem of matrix methods, worked out for the methods one after the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any, final

from simulations.core.interrupt import Interrupt
from simulations.core.text import N_
from simulations.racing.matrix import MatrixProblem, MatrixRun, runs
from simulations.racing.probes.base import RACE_PROBES, RaceLook, RaceProbe


@dataclass(frozen=True, eq=False)
class MatrixAnswer:
    """The runs that are there so far of ``problem``'s methods."""

    problem: MatrixProblem
    runs: tuple[MatrixRun, ...]

    @property
    def progress(self) -> float:
        return len(self.runs) / len(self.problem.methods())


@final
@RACE_PROBES.register(
    "matrix",
    label=N_("Matrix methods"),
    summary=N_("Muon beside SGD, Momentum and Adam on an 8×8 matrix: its singular values over the steps."),
)
@dataclass(frozen=True)
class Matrices(RaceProbe):
    """It has a problem of its own and asks the race nothing."""

    problem: MatrixProblem = MatrixProblem()

    def key(self, look: RaceLook) -> Hashable:
        return self

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[Any]:
        found: tuple[MatrixRun, ...] = ()
        for one in runs(self.problem, interrupt):
            found = (*found, one)
            yield MatrixAnswer(self.problem, found)
