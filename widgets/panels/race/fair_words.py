"""What came out of a fair race in one sentence, and what a plane cannot show of it in another."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from simulations.racing.fairness import FairResult
from simulations.racing.probes.fair import FairAnswer
from widgets.plots.fair import cost_text, decades_text, method_names
from widgets.text import _

_TIED: Final = 2  # methods that are named; of more the number is said


def result_words(answer: FairAnswer) -> str:
    """Which method needs least, arrives most often and leaves most freedom in its rate, each with its figure."""
    names = method_names(answer.racers)
    results = answer.results
    if not any(one.success for one in results):
        return _("Within this budget no method arrives from any start: allow more, or a larger tolerance.")
    surest, share = _best(answer, names, lambda one: -one.success)
    widest, wide = _best(answer, names, lambda one: -one.tuning.decades)
    cheapest, least = _best(answer, names, lambda one: one.cost.median)
    values = {
        "cheapest": cheapest,
        "median": cost_text(least.cost.median),
        "surest": surest,
        "share": f"{share.success:.0%}",
        "widest": widest,
        "decades": decades_text(wide),
    }
    if math.isinf(least.cost.median):
        return _(
            "No method arrives from half of the starts · most starts: {surest} ({share}) · widest range of usable rates: "
            "{widest} ({decades} decades)."
        ).format(**values)
    if len(results) == 1:
        return _(
            "{cheapest} arrives from {share} of the starts, at the median after {median} gradients; its usable rates span "
            "{decades} decades."
        ).format(**values)
    return _(
        "Fewest evaluations: {cheapest} (median {median} gradients) · most starts: {surest} ({share}) · widest range of "
        "usable rates: {widest} ({decades} decades)."
    ).format(**values)


def limit_words(answer: FairAnswer | None) -> str:
    """What of all that holds on a plane only."""
    racers = () if answer is None else answer.racers
    if any("hessian" in one.optimizer.needs for one in racers):
        return _(
            "Not seen on a plane: noise, thousands of directions, new data – and Hessians are this cheap only here."
        )
    return _("Not seen on a plane: noise, thousands of directions, new data.")


def _best(answer: FairAnswer, names: list[str], key: Callable[[FairResult], float]) -> tuple[str, FairResult]:
    """Who has the least ``key``, by name, and one of them."""
    least = min(map(key, answer.results))
    first = [one for one in answer.results if key(one) == least]
    if len(first) == len(answer.results) > 1:
        return _("all methods"), first[0]
    if len(first) > _TIED:
        return _("{count} methods").format(count=len(first)), first[0]
    return ", ".join(names[answer.racers.index(one.racer)] for one in first), first[0]
