"""An experiment: everything that decides a training run, as one frozen value that round-trips through JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulations.core.errors import ShapeError, SpecError
from simulations.core.params import (
    Json,
    from_json,
    hyperparameters,
    param,
    to_json,
    validate,
    value_to_json,
)
from simulations.core.text import N_
from simulations.data.augmentations.base import AUGMENTATIONS, Augmentation
from simulations.data.base import DATA_SOURCES, DataSource
from simulations.documents.fields import refuse_unknown, values_from_json
from simulations.nn.description import Description, Problem, describe
from simulations.nn.groups import Group, parameter_groups
from simulations.nn.layers.base import LAYERS, Layer
from simulations.nn.losses.base import LOSSES, Loss
from simulations.nn.teacher import Teacher
from simulations.optimizers.base import OPTIMIZERS, Optimizer
from simulations.optimizers.schedules.base import SCHEDULES, Schedule
from simulations.optimizers.schedules.constant import Constant
from simulations.optimizers.wrappers.base import WRAPPERS, Wrapper

FORMAT = "gradlab-experiment"
VERSION = 2
SOURCES = {  # of what is no member of a family
    "validation_fraction": "Hastie, Tibshirani & Friedman 2009, “The elements of statistical learning”, section 7.2",
    "standardise": "LeCun, Bottou, Orr & Müller 1998, “Efficient BackProp”, section 4.3; sklearn StandardScaler",
    "batch_size": "Bottou, Curtis & Nocedal 2018, “Optimization methods for large-scale machine learning”, section 3",
    "l2": "Krogh & Hertz 1992, “A simple weight decay can improve generalization”; torch.optim.SGD(weight_decay=…)",
    "l1": "Tibshirani 1996, “Regression shrinkage and selection via the lasso”",
    "decoupled_decay": "Loshchilov & Hutter 2019, “Decoupled weight decay regularization”",
    "seed": "Salmon et al. 2011, “Parallel random numbers: as easy as 1, 2, 3”",
}


@dataclass(frozen=True)
class DataSpec:
    """Which samples, and how they are prepared. The scaler is fitted on the training part only."""

    source: DataSource = param(None, registry=DATA_SOURCES, label=N_("Data set"))
    validation_fraction: float = param(
        0.2,
        low=0.05,
        high=0.9,
        label=N_("Validation share"),
        help=N_("Share of the samples that is never trained on."),
    )
    standardise: bool = param(
        True,
        label=N_("Standardise"),
        help=N_(
            "Shift and scale every feature, and every value to predict, by the mean and standard deviation of the training part."
        ),
    )
    augment: tuple[Augmentation, ...] = param(
        (),
        registry=AUGMENTATIONS,
        label=N_("Augmentation"),
        help=N_("How training samples are changed, anew in every epoch and in this order; validation never is."),
    )


@dataclass(frozen=True)
class ExperimentSpec:
    """Data, network, loss, optimizer, batches and seed. Equal specs give bit-identical runs.

    ``teacher`` is a trained network that was kept for distillation; other losses leave it alone.
    """

    name: str
    data: DataSpec
    layers: tuple[Layer, ...]
    loss: Loss = param(None, registry=LOSSES, live=True, label=N_("Loss"))
    optimizer: Optimizer = param(None, registry=OPTIMIZERS, live=True, label=N_("Optimizer"))
    schedule: Schedule = param(
        Constant(),
        registry=SCHEDULES,
        live=True,
        label=N_("Schedule"),
        help=N_("What the learning rate is multiplied by as training goes on."),
    )
    wrappers: tuple[Wrapper, ...] = param(
        (),
        registry=WRAPPERS,
        live=True,
        label=N_("Wrappers"),
        help=N_(
            "What is put around the optimizer. The gradient passes down the list; after the step it is walked back up."
        ),
    )
    batch_size: int = param(
        64,
        low=1,
        high=4096,
        scale="log",
        live=True,
        label=N_("Batch size"),
        unit=N_("samples"),
        help=N_("Samples averaged into one gradient."),
    )
    l2: float = param(
        0.0,
        low=0.0,
        high=1.0,
        scale="log",
        live=True,
        label=N_("L2"),
        help=N_("Adds l2·θ to the gradient of every weight; biases are left alone."),
    )
    l1: float = param(
        0.0,
        low=0.0,
        high=1.0,
        scale="log",
        live=True,
        label=N_("L1"),
        help=N_(
            "Adds l1·sign(θ) to the gradient of every weight, which drives small ones to zero; biases are left alone."
        ),
    )
    decoupled_decay: float = param(
        0.0,
        low=0.0,
        high=1.0,
        scale="log",
        live=True,
        label=N_("Decoupled decay"),
        help=N_("Every step first takes this share, times the learning rate, off every weight; biases are left alone."),
    )
    seed: int = param(
        0,
        low=0,
        high=2**31 - 1,
        label=N_("Seed"),
        help=N_("Decides the data, the first weights, the batches and the dropout masks."),
    )
    teacher: Teacher | None = None

    @property
    def groups(self) -> tuple[Group, ...]:
        """The parameter groups, as the layers say. Raises :class:`ShapeError` when these do not fit each other."""
        return parameter_groups(self.layers, self.data.source.input_shape, self.optimizer)

    def to_json(self) -> Json:
        values: Json = {"format": FORMAT, "version": VERSION, "name": self.name}
        values["data"] = {
            one.name: value_to_json(one, value)
            for one in hyperparameters(DataSpec)
            for value in [getattr(self.data, one.name)]
        }
        values["layers"] = [to_json(layer) for layer in self.layers]
        for one in hyperparameters(ExperimentSpec):
            value = getattr(self, one.name)
            values[one.name] = value_to_json(one, value)
        if self.teacher is not None:
            values["teacher"] = self.teacher.to_json()
        return values

    @staticmethod
    def from_json(data: object) -> ExperimentSpec:
        """Rebuild a spec; every fault raises :class:`SpecError` with the path of the wrong value."""
        if not isinstance(data, Mapping) or data.get("format") != FORMAT:
            raise SpecError(N_("{path}: this is not a GradLab experiment"), path="format")
        data = _migrated(data)
        if data.get("version") != VERSION:
            raise SpecError(
                N_("{path}: version {received} is not known to this program, which reads version {expected}"),
                path="version",
                received=data.get("version"),
                expected=VERSION,
            )
        declared = (one.name for one in hyperparameters(ExperimentSpec))
        known = {"format", "version", "name", "data", "layers", "teacher", *declared}
        refuse_unknown(data, known, "")
        layers = data.get("layers")
        if not isinstance(layers, list):
            raise SpecError(N_("{path}: expected a list of layers"), path="layers")
        spec = ExperimentSpec(
            name=str(data.get("name", "")),
            data=DataSpec(**values_from_json(DataSpec, data.get("data", {}), "data")),
            layers=tuple(from_json(LAYERS, layer, f"layers[{i}]") for i, layer in enumerate(layers)),
            teacher=None if data.get("teacher") is None else Teacher.from_json(data["teacher"]),
            **values_from_json(ExperimentSpec, data, ""),
        )
        spec.validate()
        return spec

    def validate(self) -> None:
        """Raise :class:`SpecError` for the first value out of its declared range."""
        validate(self.data, "data")
        for i, layer in enumerate(self.layers):
            try:
                validate(layer, f"layers[{i}]")
            except SpecError as error:
                raise Problem(i, error).of(self.layers) from error
        validate(self)

    def description(self) -> Description:
        """The network, and the first reason why it cannot be built for these data and this loss."""
        source = self.data.source
        found = describe(self.layers, source.input_shape, self.loss, source.targets, self.teacher)
        return dataclasses.replace(found, problem=found.problem or self.misread_tokens())

    def misread_tokens(self) -> Problem | None:
        """Where a layer looks up tokens in numbers that were standardised and are none any more."""
        at = next((i for i, layer in enumerate(self.layers) if layer.reads_tokens), None)
        if at is None or not self.data.standardise:
            return None
        return Problem(at, ShapeError(N_("Standardised data are no tokens to look up: untick Standardise under Data.")))


def _migrated(data: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """A document of version 1 as one of version 2: its ``clipping`` is the first of the ``wrappers``."""
    if data.get("version") != 1:
        return data
    stored = {name: value for name, value in data.items() if name != "clipping"}
    clipping = data.get("clipping", {"kind": "none"})
    if isinstance(clipping, Mapping) and clipping.get("kind") == "none":
        return {**stored, "version": 2}
    if isinstance(clipping, Mapping):
        clipping = {**clipping, "kind": f"clip_{clipping.get('kind')}"}
    return {**stored, "version": 2, "wrappers": [clipping]}


def replace_layer(spec: ExperimentSpec, index: int, layer: Layer) -> ExperimentSpec:
    """``spec`` with the layer at ``index`` exchanged."""
    return dataclasses.replace(spec, layers=(*spec.layers[:index], layer, *spec.layers[index + 1 :]))
