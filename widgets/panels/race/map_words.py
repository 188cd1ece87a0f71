"""What maps say in words: what is under the pointer, why there is no map, and what theory has to say about it."""

from __future__ import annotations

from typing import Any

from simulations.core.params import hyperparameters
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.documents.race_edits import sweepable
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.maps import DIVERGED
from simulations.racing.theory import best_of, curvature_of, is_bare, largest_rate, theory_of
from widgets.panel import RaceDocument
from widgets.plots.basins import StartCell
from widgets.plots.phase import NumbersCell
from widgets.plots.rates import RateCell
from widgets.plots.ticks import value_text
from widgets.text import _, ngettext


def empty_words(racer: RacerSpec | None, kind: str) -> str:
    """Why there is no map yet."""
    if racer is None:
        return _("Maps speak of the selected racer: add one, or select one.")
    if kind == "phase" and len(sweepable(racer.optimizer)) < 2:
        return _("This method has only one number, its learning rate: “Rates” shows what becomes of each.")
    return _("The map appears as soon as its coarsest cells are worked out.")


def cell_words(target: Any, spec: RaceSpec) -> str:
    """What becomes of the cell under the pointer."""
    if isinstance(target, StartCell):
        return _of_start(target, spec.steps)
    if isinstance(target, RateCell):
        said = (
            _("{racer} with η = {rate} ends at a minimum, {gap} above the lowest loss.")
            if target.arrived
            else _("{racer} with η = {rate} ends {gap} above the lowest loss, near no minimum.")
        )
        racer = spec.racers[target.racer]
        label = racer.name or _(OPTIMIZERS.entry(racer.optimizer.kind).label)
        return said.format(racer=label, rate=value_text(target.rate), gap=value_text(target.gap))
    assert isinstance(target, NumbersCell)
    said = (
        _("{first} = {one}, {second} = {two}: ends at a minimum, {gap} above the lowest loss.")
        if target.arrived
        else _("{first} = {one}, {second} = {two}: ends {gap} above the lowest loss, near no minimum.")
    )
    first, second = _names(target, spec)
    one, two = (value_text(value) for value in target.values)
    return said.format(first=first, one=one, second=second, two=two, gap=value_text(target.gap))


def _names(target: NumbersCell, spec: RaceSpec) -> tuple[str, str]:
    labels = {one.name: _(one.label) for racer in spec.racers for one in hyperparameters(racer.optimizer)}
    return labels.get(target.names[0], target.names[0]), labels.get(target.names[1], target.names[1])


def _of_start(target: StartCell, steps: int) -> str:
    x, y = value_text(target.x), value_text(target.y)
    if target.reached == DIVERGED:
        return _("From ({x}, {y}) it diverges.").format(x=x, y=y)
    if target.reached < 0:
        said = ngettext(
            "From ({x}, {y}) it is near no minimum after {count} step.",
            "From ({x}, {y}) it is near no minimum after {count} steps.",
            steps,
        )
        return said.format(x=x, y=y, count=steps)
    number = target.reached + 1
    if target.arrival is None or target.arrival < 0:
        return _("From ({x}, {y}) it ends at minimum {number}.").format(x=x, y=y, number=number)
    said = ngettext(
        "From ({x}, {y}) it ends at minimum {number}; it is near one for the first time after {count} step.",
        "From ({x}, {y}) it ends at minimum {number}; it is near one for the first time after {count} steps.",
        target.arrival,
    )
    return said.format(x=x, y=y, number=number, count=target.arrival)


def theory_words(document: RaceDocument, kind: str) -> str:
    """What theory says about the selected racer's numbers, and whether it holds; empty for maps of starts."""
    if kind not in ("rates", "phase") or not 0 <= document.selected < len(document.spec.racers):
        return ""
    racer, spec = document.spec.racers[document.selected], document.spec
    theory = theory_of(racer.optimizer)
    if kind == "phase" and len(sweepable(racer.optimizer)) < 2:
        return ""
    if theory is None:
        return _("No simple theory limits the learning rate of this method.")
    if not is_bare(racer):
        return _("No line of theory: it knows neither schedules nor wrappers nor batches.")
    bowl = curvature_of(spec.surface, spec.start_of(racer))
    if bowl is None:
        return _("No line of theory: there is no smooth bowl here whose curvature it could use.")
    limit = float(largest_rate(racer.optimizer, bowl))
    found = [
        _("Dashed: stable below η = {formula}, here {limit} (λmax = {curvature}).").format(
            formula=theory.formula, limit=value_text(limit), curvature=value_text(bowl.high)
        )
    ]
    best = best_of(racer.optimizer, bowl)
    if not bowl.is_everywhere:
        found.append(
            _("This surface is no quadratic: λ is that of the nearest minimum, ({x}, {y}).").format(
                x=value_text(bowl.place[0]), y=value_text(bowl.place[1])
            )
        )
    elif best is not None:
        numbers = ", ".join(
            f"{'η*' if name == 'learning_rate' else 'μ*'} = {value_text(value)}" for name, value in best.numbers.items()
        )
        found.append(
            _(
                "Best for κ = {condition}: {numbers}; with these, each step multiplies the distance to the minimum by "
                "{factor} in the long run."
            ).format(condition=value_text(bowl.condition), numbers=numbers, factor=value_text(best.factor))
        )
    return " ".join(found)
