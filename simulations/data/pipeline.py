"""From a data source to batches: made, split, scaled by what the training part alone knows, shuffled and augmented anew
every epoch.

Everything drawn here depends only on the seed and the place it is drawn for, so equal specs see equal batches and any
epoch can be replayed on its own.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import DTypeLike

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.core.errors import DataError
from simulations.core.params import to_json
from simulations.core.rng import stream
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.data.augmentations.base import Augmentation
from simulations.data.base import LARGEST_NUMBER, Dataset
from simulations.data.scaler import Scaler
from simulations.documents.experiment import DataSpec

_BLOCK = 65_536  # numbers gathered at once: small batches share one gather that still fits the second-level cache


@dataclass(frozen=True)
class Prepared:
    """Data ready for a network. ``dataset`` is raw, in data units; ``train`` and ``validation`` are indices into it.

    The inputs are ``(n, …)`` scaled and C-contiguous. ``wanted`` says what the targets are: classes stay the integers
    they are, values are scaled by ``target_scaler`` (None for classes) as the inputs are by ``scaler``.
    """

    dataset: Dataset
    train: IntArray
    validation: IntArray
    wanted: Targets
    scaler: Scaler
    target_scaler: Scaler | None
    train_inputs: FloatArray
    train_targets: Array
    validation_inputs: FloatArray
    validation_targets: Array
    made_from: object = None

    @cached_property
    def hash(self) -> str:
        """16 hexadecimal digits that agree when two runs see the same training and validation samples."""
        parts = (self.train_inputs, self.train_targets, self.validation_inputs, self.validation_targets)
        return _digest(*parts)


def prepare(spec: DataSpec, seed: int, dtype: DTypeLike = np.float32, known: Prepared | None = None) -> Prepared:
    """Make the samples of ``spec``, split and scale them.

    The last ``validation_fraction`` of the samples, which come in random order, are kept for validation; the scaler is
    fitted on the others. Values to be predicted are standardised like the features, by their own mean and standard
    deviation over the training part, so that the loss does not depend on their unit; the score is measured in data units.
    ``known`` is answered instead when it is the same already. Raises :class:`DataError` when a part is empty or nothing can
    be learnt from the training part.
    """
    made_from = replace(spec, augment=()), seed, np.dtype(dtype)
    if known is not None and known.made_from == made_from:
        return known
    dataset = spec.source.generate(stream(seed, "data"))
    n = len(dataset)
    held_out = round(n * spec.validation_fraction)
    if dataset.has_gaps:
        dataset = _without_gaps(dataset, n - held_out)
    _check(dataset, n - held_out, held_out)
    train, validation = np.arange(n - held_out), np.arange(n - held_out, n)
    make = Scaler.fit if spec.standardise else Scaler.identity
    raw, answers = dataset.inputs[train], dataset.targets[train]
    scaler = make(raw)
    target_scaler = make(answers) if dataset.kind == "values" else None

    def scaled(targets: Array) -> Array:
        return targets if target_scaler is None else target_scaler.apply(targets, dtype)

    return Prepared(
        dataset,
        train,
        validation,
        spec.source.targets,
        scaler,
        target_scaler,
        scaler.apply(raw, dtype),
        scaled(answers),
        _in_reach(scaler.apply(dataset.inputs[validation], dtype)),
        _in_reach(scaled(dataset.targets[validation])),
        made_from,
    )


def _without_gaps(dataset: Dataset, train: int) -> Dataset:
    """``dataset`` with the mean of the first ``train`` samples where a number is missing; 0 where they have none."""
    known = ~np.isnan(dataset.inputs[:train])
    counts = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, dataset.inputs[:train], 0.0).sum(axis=0) / counts
    return replace(dataset, inputs=np.where(np.isnan(dataset.inputs), means, dataset.inputs), has_gaps=False)


def _check(dataset: Dataset, train: int, validation: int) -> None:
    if len(dataset) == 0:
        raise DataError(N_("The data set has no samples."))
    if train == 0:
        raise DataError(
            N_("All {count} samples are kept for validation and none is left to train on: lower the validation share."),
            count=len(dataset),
        )
    if validation == 0:
        raise DataError(
            N_("None of the {count} samples is kept for validation: raise the validation share or the sample count."),
            count=len(dataset),
        )
    if not (np.isfinite(dataset.inputs).all() and np.isfinite(dataset.targets).all()):
        raise DataError(N_("The data set has values that are not finite numbers."))
    if max(_largest(dataset.inputs), _largest(dataset.targets)) > LARGEST_NUMBER:
        raise DataError(
            N_("The data set has numbers beyond ±{most}, too large to compute with: bring them to another unit."),
            most=LARGEST_NUMBER,
        )
    if (dataset.targets[:train] == dataset.targets[0]).all():
        if dataset.kind == "values":
            raise DataError(
                N_("The values to predict are the same in all {count} training samples: there is nothing to learn."),
                count=train,
            )
        raise DataError(
            N_("All {count} training samples are of one class, so there is nothing to tell apart: use more samples."),
            count=train,
        )


def _in_reach(scaled: Array) -> Array:
    """``scaled`` validation samples, refused where they are so far out that their numbers overflowed."""
    if not np.isfinite(scaled).all():
        raise DataError(
            N_("Some validation samples lie too far from all training samples to be standardised: mend them.")
        )
    return scaled


def _largest(numbers: Array) -> float:
    return max(float(numbers.max()), -float(numbers.min()))


class Batches:
    """The training samples in batches, in a new order every epoch, each augmented anew.

    The order of epoch e depends on the seed and e alone, not on the batch size; what ``augment`` draws depends on the seed
    and the place in the run. The last batch of an epoch holds what is
    left and has that size, so the mean over its own samples is its weight. Raises :class:`DataError` when a batch would
    be larger than the training part, or samples cannot be augmented so.
    """

    def __init__(self, prepared: Prepared, batch_size: int, seed: int, augment: tuple[Augmentation, ...] = ()) -> None:
        for one in augment:
            one.check(prepared.train_inputs.shape[1:])
        n = len(prepared.train_targets)
        if batch_size > n:
            raise DataError(
                N_(
                    "A batch of {batch} is larger than the {samples} training samples: lower the batch size or use more."
                ),
                batch=batch_size,
                samples=n,
            )
        self._inputs, self._targets = prepared.train_inputs, prepared.train_targets
        self._data_hash = prepared.hash
        self._seed, self._augment = seed, augment
        self.batch_size = batch_size
        self.steps_per_epoch = -(-n // batch_size)
        row = max(1, self._inputs[0].size)
        self._per_block = min(self.steps_per_epoch, max(1, _BLOCK // (row * batch_size)))
        rows = min(n, self._per_block * batch_size)
        self._x = np.empty((rows, *self._inputs.shape[1:]), self._inputs.dtype)
        self._y = np.empty((rows, *self._targets.shape[1:]), self._targets.dtype)
        self._pairs: list[tuple[FloatArray, Array]] = []
        self._epoch = self._block = -1
        self._order: IntArray = np.arange(0)

    def at(self, step: int) -> tuple[FloatArray, Array]:
        """The batch of step ``step`` ≥ 0 of a run with this batch size: contiguous inputs and targets.

        Both are views of buffers that the next call may overwrite.
        """
        epoch, index = divmod(step, self.steps_per_epoch)
        block, place = divmod(index, self._per_block)
        if block != self._block or epoch != self._epoch:
            self._gather(epoch, block)
        batch: tuple[FloatArray, Array] = self._pairs[place]
        return batch

    def members(self, step: int) -> IntArray:
        """Which training samples are in the batch of ``step``, in its order."""
        epoch, index = divmod(step, self.steps_per_epoch)
        order = self._order if epoch == self._epoch else self._order_of(epoch)
        return order[index * self.batch_size : (index + 1) * self.batch_size]

    @cached_property
    def hash(self) -> str:
        """16 hexadecimal digits that agree when two runs see the same batches: data, size and order of two epochs."""
        changes = [json.dumps(to_json(one), sort_keys=True).encode() for one in self._augment]
        size = str(self.batch_size).encode()
        return _digest(self._data_hash.encode(), size, self._order_of(0), self._order_of(1), *changes)

    def _order_of(self, epoch: int) -> IntArray:
        return stream(self._seed, "batches", epoch).permutation(len(self._targets))

    def _gather(self, epoch: int, block: int) -> None:
        if epoch != self._epoch:
            self._order = self._order_of(epoch)
        self._epoch, self._block = epoch, block
        start = block * self._per_block * self.batch_size
        chosen = self._order[start : start + self._per_block * self.batch_size]
        x, y = self._x[: len(chosen)], self._y[: len(chosen)]
        np.take(self._inputs, chosen, axis=0, out=x, mode="clip")  # "raise" would copy through a buffer
        np.take(self._targets, chosen, axis=0, out=y, mode="clip")
        if self._augment:
            rng = stream(self._seed, "augment", epoch, block)
            for one in self._augment:
                one.apply(x, rng)
        size = self.batch_size
        self._pairs = [(x[i : i + size], y[i : i + size]) for i in range(0, len(chosen), size)]


def _digest(*parts: Array | bytes) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        digest.update(part if isinstance(part, bytes) else np.ascontiguousarray(part).data)
    return digest.hexdigest()
