"""Which methods, losses and augmentations an experiment refuses, so that a form can show them disabled and say why."""

from __future__ import annotations

from simulations.core.arrays import Shape
from simulations.core.errors import GradLabError
from simulations.data.augmentations.base import AUGMENTATIONS
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import NETWORK, OPTIMIZERS
from widgets.text import _, sentence


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


def refused_augmentations(input_shape: Shape) -> dict[str, str]:
    """The reason, in the current language, by the kind of every augmentation that samples of this shape cannot take."""
    reasons: dict[str, str] = {}
    for entry in AUGMENTATIONS:
        if not entry.cls().takes(input_shape):
            reasons[entry.kind] = _("This changes pictures; a sample of these data is none.")
    return reasons
