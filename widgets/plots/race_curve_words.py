"""The words of the curves of a race: titles, the legend, what a measurement says, and why a chart is empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from simulations.documents.race import RaceSpec
from simulations.surfaces.base import Surface
from widgets.plots.curve_legend import Entry
from widgets.plots.race_curve_data import Chart, Counted, Floor, RaceCurveOptions, RaceLine, reading
from widgets.plots.race_curve_marks import ghost_color
from widgets.plots.ticks import value_text
from widgets.racers import DASHES, judged_words, racer_color
from widgets.text import _, ngettext
from widgets.theme import Theme

NAMED: Final = 12  # racers in the legend


def legend_entries(
    spec: RaceSpec, names: Sequence[str], theme: Theme, *, has_ghost: bool, most: int = NAMED
) -> tuple[Entry, ...]:
    """A line per visible racer, at ``most`` as many as are read; then how many more there are, and what is drawn faintly."""
    shown = [i for i, one in enumerate(spec.racers) if one.is_visible]
    entries = []
    for i in shown[:most]:
        racer = spec.racers[i]
        entries.append(Entry(names[i], racer_color(theme, racer), "line", DASHES[racer.dash]))
    more = len(shown) - len(entries)
    if more:
        entries.append(
            Entry(ngettext("{count} more", "{count} more", more).format(count=more), theme.color("text"), "none")
        )
    if has_ghost and shown:
        entries.append(Entry(_("before the change"), ghost_color(theme, spec.racers[shown[0]]), "thin"))
    return tuple(entries)


def chart_title(chart: Chart, options: RaceCurveOptions, floor: Floor, surface: Surface) -> str:
    """What the upright axis of a chart shows."""
    if surface.is_judged_whole and chart == "gradient_norm":
        return _("‖∇f‖ of the mean f")
    if chart == "loss" and surface.is_judged_whole:
        if options.height == "above":
            return _("mean f − f* (log)") if floor.is_known else _("mean f − lowest seen (log)")
        return _("mean f (log)") if options.height == "log" else _("mean f")
    if chart == "loss":
        if options.height == "above":
            return _("f − f* (log)") if floor.is_known else _("f − lowest seen (log)")
        return _("f (log)") if options.height == "log" else "f"
    return {"gradient_norm": "‖∇f‖", "x": "x", "y": "y"}.get(chart) or {
        "rate": _("learning rate"),
        "distance": _("distance"),
    }[chart]


def chart_name(chart: Chart) -> str:
    """What a chart is called where one chooses."""
    return {
        "loss": _("Loss"),
        "gradient_norm": _("Gradient norm"),
        "x": _("Parameter x"),
        "y": _("Parameter y"),
        "rate": _("Learning rate"),
        "distance": _("Distance to minimum"),
    }[chart]


def counted_title(counted: Counted) -> str:
    """What the horizontal axis counts."""
    return {
        "step": _("step"),
        "evaluations": _("evaluations: values + gradients + Hessians, each counted once"),
        "gradients": _("gradient evaluations"),
        "time": _("computing time, measured on this computer [ms]"),
    }[counted]


def why_empty(chart: Chart, drawn: Sequence[RaceLine]) -> str:
    """Why there is no line in a chart for which there are the lines ``drawn``."""
    if chart == "distance":
        return _("No minimum of this surface is known.")
    if not any(np.isfinite(one.value).any() for one in drawn):
        return _("There is no finite number here: the surface may have no value where the racers stand.")
    return _("No number here has a logarithm; choose another scale.")


def measurement_words(line: RaceLine, step: int, name: str, options: RaceCurveOptions, surface: Surface) -> list[str]:
    """What a hovered measurement says."""
    shown = reading(line, step, 4)
    words = [name, _("step {step}: {value}").format(step=step, value=shown)]
    if line.chart in ("loss", "gradient_norm"):
        words += [one for one in (judged_words(surface),) if one]
    if options.x in ("evaluations", "gradients"):
        count = round(float(line.x[step]))
        words.append(ngettext("{count} evaluation", "{count} evaluations", count).format(count=count))
    elif options.x == "time":
        words.append(_("{time} ms").format(time=value_text(float(line.x[step]))))
    return words
