"""Putting an experiment's loss to work on its network and data."""

from __future__ import annotations

from collections.abc import Mapping

from simulations.core.arrays import Array
from simulations.core.interrupt import Interrupt
from simulations.data.pipeline import Prepared
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.losses.criterion import Criterion, Setting, class_counts
from simulations.nn.network import Network


def check_data(spec: ExperimentSpec, network: Network, data: Prepared) -> None:
    """Raise :class:`ShapeError` in words when ``network`` cannot read ``data``, or the loss of ``spec`` not judge it there."""
    misread = spec.misread_tokens()
    if misread is not None:
        raise misread.of(spec.layers)
    spec.loss.check(network.output_shape, data.wanted)
    spec.loss.check_teacher(spec.teacher, network.input_shape, data.wanted)


def criterion_for(
    spec: ExperimentSpec,
    network: Network,
    data: Prepared,
    interrupt: Interrupt,
    learnt: Mapping[str, Array] | None = None,
) -> Criterion:
    """The loss of ``spec`` at work; it goes on with what was ``learnt`` before, as far as that is its own."""
    counts = class_counts(data.train_targets, data.wanted)
    criterion = spec.loss.at_work(Setting(network, data.wanted, counts, data.scaler, spec.teacher, interrupt))
    criterion.restore(learnt or {})
    return criterion
