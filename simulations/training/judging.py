"""Putting an experiment's loss to work on its network and data."""

from __future__ import annotations

from simulations.core.interrupt import Interrupt
from simulations.data.pipeline import Prepared
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.losses.criterion import Criterion, Setting, class_counts
from simulations.nn.network import Network


def check_loss(spec: ExperimentSpec, network: Network, data: Prepared) -> None:
    """Raise :class:`ShapeError` in words when the loss of ``spec`` cannot judge ``network`` on ``data``."""
    spec.loss.check(network.output_shape, data.wanted)
    spec.loss.check_teacher(spec.teacher, network.input_shape, data.wanted)


def criterion_for(
    spec: ExperimentSpec, network: Network, data: Prepared, interrupt: Interrupt, old: Criterion | None = None
) -> Criterion:
    """The loss of ``spec`` at work. One of the same kind as ``old`` goes on with what that has learnt."""
    counts = class_counts(data.train_targets, data.wanted)
    criterion = spec.loss.at_work(Setting(network, data.wanted, counts, data.scaler, spec.teacher, interrupt))
    if old is not None and old.loss.kind == criterion.loss.kind:
        criterion.restore(old.state)
    return criterion
