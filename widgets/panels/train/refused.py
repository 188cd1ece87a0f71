"""Which methods and losses an experiment refuses, so that a form can show them disabled and say why."""

from __future__ import annotations

from simulations.core.errors import GradLabError
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.losses.base import LOSSES
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


def refused_losses(spec: ExperimentSpec) -> dict[str, str]:
    """The reason, in the current language, by the kind of every loss that cannot judge what the data of ``spec`` ask for."""
    reasons: dict[str, str] = {}
    source = spec.data.source
    for entry in LOSSES:
        loss = entry.cls()
        try:
            loss.check_targets(source.targets)
            loss.check_teacher(spec.teacher, source.input_shape, source.targets)
        except GradLabError as error:
            reasons[entry.kind] = sentence(error)
    return reasons
