"""Which methods a network refuses, so that a form can show them disabled and say why."""

from __future__ import annotations

from simulations.core.errors import GradLabError
from simulations.optimizers.base import NETWORK, OPTIMIZERS
from widgets.text import sentence


def refused_methods(parameters: int) -> dict[str, str]:
    """The reason, in the current language, by the kind of every method that cannot train ``parameters`` numbers."""
    reasons: dict[str, str] = {}
    for entry in OPTIMIZERS:
        try:
            entry.cls().check(NETWORK, parameters)
        except GradLabError as error:
            reasons[entry.kind] = sentence(error)
    return reasons
