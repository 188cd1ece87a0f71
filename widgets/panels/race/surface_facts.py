"""What is known of a surface, in lines: where it counts, how it curves at its minimum, how many minima it has."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.surfaces.base import Surface
from simulations.surfaces.critical import curvatures
from widgets.numbers import format_in_text
from widgets.text import _, ngettext

_LISTED: Final = 8
_ROUNDING: Final = 1e-10  # of its terms: a determinant below is rounding


def facts_text(surface: Surface, *, revealed: bool) -> str:
    """The facts of ``surface``, with the places of its minima only if they are ``revealed``."""
    lines = [_domain_line(surface)]
    if surface.samples:
        text = ngettext("Mean over {count} sample", "Mean over {count} samples", surface.samples)
        lines.append(text.format(count=surface.samples))
    lines += _curvature_lines(surface)
    lines.append(_count_line(surface))
    if revealed:
        lines += _places(surface)
    return "\n".join(lines)


def _domain_line(surface: Surface) -> str:
    box = surface.domain
    edges = {name: _short(getattr(box, name)) for name in ("x_low", "x_high", "y_low", "y_high")}
    return _("Domain: x {x_low} … {x_high}, y {y_low} … {y_high}").format(**edges)


def _curvature_lines(surface: Surface) -> list[str]:
    lowest = next((one for one in surface.minima if one.is_global), None)
    if lowest is None:
        return []
    hessian = surface.hessian(np.array([[lowest.x, lowest.y]]))
    greatest = float(curvatures(hessian)[0, 1])
    if not 0 < greatest < math.inf:
        return [_("At the minimum it has no curvature: a kink, or flat")]
    return [
        _condition_line(hessian[0], greatest),
        _("There gradient descent needs η < 2/λmax = {limit}").format(limit=_short(2 / greatest)),
    ]


def _condition_line(hessian: FloatArray, greatest: float) -> str:
    """By the determinant of ``hessian`` ``(2, 2)``: it tells a condition of 1e17, which is rounding in the smaller eigenvalue."""
    a, b, _b, d = hessian.ravel().tolist()
    determinant, doubt = a * d - b * b, _ROUNDING * (abs(a * d) + b * b)
    if determinant == 0:
        return _("Condition number at the minimum: κ = {number}").format(number="∞")
    if determinant < doubt:
        least = _short(float(f"{greatest * greatest / doubt:.0e}"))
        return _("Condition number at the minimum: κ > {number}, beyond what can be told").format(number=least)
    return _("Condition number at the minimum: κ = {number}").format(number=_short(greatest * greatest / determinant))


def _count_line(surface: Surface) -> str:
    minima = surface.minima
    lowest = sum(one.is_global for one in minima)
    if surface.floors():
        return _("Minima: a whole curve of them")
    if not minima:
        return _("Minima: none was found")
    if not lowest:
        return _("Minima: {count} inside, none of them the lowest place").format(count=len(minima))
    if lowest == len(minima):
        return _("Minima: {count}, all equally low").format(count=lowest) if lowest > 1 else _("Minima: one")
    return _("Minima: {count}, of which the lowest: {lowest}").format(count=len(minima), lowest=lowest)


def _places(surface: Surface) -> list[str]:
    found = [f"({_short(one.x)}, {_short(one.y)}): f = {_short(one.value)}" for one in surface.minima[:_LISTED]]
    return [*found, "…"] if len(surface.minima) > _LISTED else found


def _short(value: float) -> str:
    return format_in_text(float(f"{value:.4g}"))
