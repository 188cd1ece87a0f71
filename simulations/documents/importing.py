"""Another data set for an experiment, in one edit: the network, the loss and the augmentation follow as far as they must."""

from __future__ import annotations

import dataclasses

from simulations.core.params import hyperparameters
from simulations.data.base import DataSource
from simulations.data.files.source import ReadSource
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.fitting import fitted, fitted_loss


def with_source(spec: ExperimentSpec, source: DataSource) -> ExperimentSpec:
    """``spec`` on the samples of ``source``, so that it can be built: what fits stays as it is.

    A batch that would be larger than the training part becomes as large as it.
    """
    kept = tuple(one for one in spec.data.augment if one.takes(source.input_shape))
    return dataclasses.replace(
        spec,
        data=dataclasses.replace(spec.data, source=source, augment=kept),
        layers=fitted(spec.layers, source.input_shape, source.targets),
        loss=fitted_loss(spec.loss, source.targets, source.input_shape, spec.teacher, spec.data.source.targets),
        batch_size=fitted_batch(spec, source),
    )


def fitted_batch(spec: ExperimentSpec, source: DataSource) -> int:
    """The batch size of ``spec``, no larger than the training part of ``source``.

    One that is as large as the training part of a small file was made to fit it, and grows back with other data.
    """
    usual = next(one.default for one in hyperparameters(ExperimentSpec) if one.name == "batch_size")
    was_made_to_fit = spec.batch_size < usual and spec.batch_size == _training_samples(spec, spec.data.source)
    wanted = usual if was_made_to_fit else spec.batch_size
    return int(min(wanted, _training_samples(spec, source) or wanted))


def _training_samples(spec: ExperimentSpec, source: DataSource) -> int:
    """How many samples of ``source`` are trained on; 0 where that is not known before they are made."""
    if not isinstance(source, ReadSource):
        return 0
    count = min(source.found.samples, source.samples)
    return max(1, count - round(count * spec.data.validation_fraction))
