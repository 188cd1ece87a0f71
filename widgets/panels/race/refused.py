"""Which methods cannot run on a plane, so that menus and forms can show them disabled and say why."""

from __future__ import annotations

from collections.abc import Mapping

from simulations.core.errors import GradLabError
from simulations.core.text import N_
from simulations.optimizers.base import OPTIMIZERS, SURFACE
from widgets.text import sentence

_GROUPS = {
    "gradient": N_("Steps along the gradient"),
    "length": N_("Steps of a length of their own"),
    "search": N_("Methods that compare values"),
    "hessian": N_("Methods that ask for curvature"),
    "elsewhere": N_("Not on a plane"),
}


def refused_on_a_plane() -> Mapping[str, Mapping[str, str]]:
    """The reason, in the current language, by the kind of every method that cannot move two numbers."""
    reasons: dict[str, str] = {}
    for entry in OPTIMIZERS:
        try:
            entry.cls().check(SURFACE, 2)
        except GradLabError as error:
            reasons[entry.kind] = sentence(error)
    return {OPTIMIZERS.family: reasons}


def method_group(kind: str) -> str:
    """Under which heading a method stands in the menu (marked for translation), by what it asks for."""
    cls = OPTIMIZERS[kind]
    if not set(cls.needs) <= set(SURFACE):
        return _GROUPS["elsewhere"]
    if "hessian" in cls.needs:
        return _GROUPS["hessian"]
    if "value" in cls.needs:
        return _GROUPS["search"]
    return _GROUPS["gradient" if cls.rate_family == "gradient" else "length"]
