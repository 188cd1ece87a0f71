"""Other data for an experiment, in one edit: network, loss, batch and augmentation follow as far as they must."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from simulations.core.params import hyperparameters
from simulations.core.targets import Targets
from simulations.data.base import DataSource
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.nn.fitting import fitted, fitted_loss
from simulations.nn.layers.base import Layer


def with_source(spec: ExperimentSpec, source: DataSource, wanted_batch: int | None = None) -> ExperimentSpec:
    """``spec`` on the samples of ``source``, so that it can be built: what fits stays as it is.

    A batch that would be larger than the training part becomes as large as it; ``wanted_batch`` is the one wished for.
    """
    kept = tuple(one for one in spec.data.augment if one.takes(source.input_shape))
    return dataclasses.replace(
        spec,
        data=dataclasses.replace(spec.data, source=source, augment=kept),
        layers=fitted(spec.layers, source.input_shape, source.targets),
        loss=_fitted_loss(spec, source),
        batch_size=_fitted_batch(spec, source, wanted_batch),
    )


def with_data(spec: ExperimentSpec, data: DataSpec, wanted_batch: int | None = None) -> ExperimentSpec:
    """``spec`` on ``data``, with as little changed beside them as can be.

    One output per class goes along with the classes. A network that fitted before and does not any more is made to fit;
    one that did not fit before is left for the person who builds it. Of another kind of set, the batch follows, too.
    """
    old, source = spec.data.source, data.source
    if source.input_shape != old.input_shape:
        data = dataclasses.replace(data, augment=tuple(one for one in data.augment if one.takes(source.input_shape)))
    made = dataclasses.replace(
        spec,
        data=data,
        layers=with_outputs(spec.layers, old.targets, source.targets),
        loss=_fitted_loss(spec, source),
        batch_size=spec.batch_size if type(source) is type(old) else _fitted_batch(spec, source, wanted_batch),
    )
    if _is_misfit(made) and not _is_misfit(spec):
        made = dataclasses.replace(made, layers=fitted(spec.layers, source.input_shape, source.targets))
    return made


def with_outputs(layers: tuple[Layer, ...], old: Targets, new: Targets) -> tuple[Layer, ...]:
    """``layers`` with one output per class or value of ``new``, where there was one per one of ``old``; else unchanged."""
    before, after = len(old.names), len(new.names)
    outputs: dict[str, Any] = {"units": after}
    for index in range(len(layers) - 1, -1, -1):
        layer = layers[index]
        if "units" not in {one.name for one in hyperparameters(layer)}:
            continue
        if before != after and getattr(layer, "units", None) == before:
            changed = dataclasses.replace(layer, **outputs)
            return (*layers[:index], changed, *layers[index + 1 :])
        return layers
    return layers


def followed(before: ExperimentSpec, after: ExperimentSpec) -> tuple[str, ...]:
    """Which of ``layers``, ``loss``, ``batch_size`` and ``augment`` followed other data, so that it must be told.

    One output per class is a matter of course.
    """
    if before.data.source == after.data.source:
        return ()
    expected = with_outputs(before.layers, before.data.source.targets, after.data.source.targets)
    changed = {
        "layers": after.layers not in (before.layers, expected),
        "loss": after.loss != before.loss,
        "batch_size": after.batch_size != before.batch_size,
        "augment": after.data.augment != before.data.augment,
    }
    return tuple(name for name, is_changed in changed.items() if is_changed)


def wanted_batch(past: Sequence[ExperimentSpec]) -> int:
    """The batch size that was chosen last; ``past`` is the document, newest first.

    One that came with other data was made to fit these and nobody's wish.
    """
    for newer, older in pairwise(past):
        if newer.batch_size != older.batch_size and newer.data.source == older.data.source:
            return newer.batch_size
    return past[-1].batch_size


def _fitted_loss(spec: ExperimentSpec, source: DataSource) -> Any:
    return fitted_loss(spec.loss, source.targets, source.input_shape, spec.teacher, spec.data.source.targets)


def _fitted_batch(spec: ExperimentSpec, source: DataSource, wanted: int | None) -> int:
    """The batch size ``wanted``, no larger than the training part of ``source``.

    Where nobody knows a wish, one as large as the training part of a small set was made to fit it and grows back.
    """
    usual = next(one.default for one in hyperparameters(ExperimentSpec) if one.name == "batch_size")
    was_made_to_fit = spec.batch_size < usual and spec.batch_size == _training_samples(spec, spec.data.source)
    if wanted is None or wanted == spec.batch_size:
        wanted = usual if was_made_to_fit else spec.batch_size
    return int(min(wanted, _training_samples(spec, source) or wanted))


def _training_samples(spec: ExperimentSpec, source: DataSource) -> int:
    """How many samples of ``source`` are trained on; 0 where that is not known before they are made."""
    count = source.count
    return max(1, count - round(count * spec.data.validation_fraction)) if count else 0


def _is_misfit(spec: ExperimentSpec) -> bool:
    return spec.description().problem is not None
