"""The probe behind the Curves panel: everything measured so far in this run, and in the run before it as a ghost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulations.core.text import N_
from simulations.probes.answers import CurvesAnswer
from simulations.probes.base import PROBES, Probe

if TYPE_CHECKING:
    from simulations.training.view import SessionView


@PROBES.register(
    "curves",
    label=N_("Curves"),
    summary=N_("Loss, score and learning rate of this run and of the one before it, over time."),
)
@dataclass(frozen=True)
class Curves(Probe):
    """Reads the history, which decimates as it records, so the cost does not grow with the length of a run."""

    period_s = 1 / 3  # a redraw is the dearest thing in the window, and curves grow by a few points

    def measure(self, view: SessionView, memory: dict[str, Any]) -> CurvesAnswer:
        previous = view.previous_history
        return CurvesAnswer(view.history.curves(), None if previous is None else previous.curves())
