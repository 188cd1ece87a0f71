"""The line under an exported picture that lets somebody make it again: experiment, seed, moment, hyperparameters."""

from __future__ import annotations

from typing import Any

from simulations.core.params import Hyperparameter, hyperparameters
from simulations.documents.experiment import ExperimentSpec
from simulations.runtime.messages import Snapshot
from widgets.text import _


def caption(snapshot: Snapshot) -> str:
    """``digits-cnn · step 1240 (epoch 12.4) · Loss: … · Optimizer: Adam (Learning rate 0.001, …) · … · Seed 0``.

    In the current language. What is listed follows from what the experiment declares.
    """
    moment = _("step {step} (epoch {epoch})").format(step=snapshot.step, epoch=f"{snapshot.epoch:.4g}")
    spec = snapshot.spec
    name = (spec.name,) if spec.name else ()
    declared = (_item(one, getattr(spec, one.name)) for one in hyperparameters(ExperimentSpec))
    return " · ".join((*name, moment, *declared))


def _item(declared: Hyperparameter, value: Any) -> str:
    if declared.kind == "variant":
        return _("{label}: {value}").format(label=_(declared.label), value=_variant(declared, value))
    if declared.kind == "stack":
        return _("{label}: {value}").format(label=_(declared.label), value=_stack(declared, value))
    return _("{label} {value}").format(label=_(declared.label), value=_value(declared, value))


def _stack(declared: Hyperparameter, members: Any) -> str:
    return " → ".join(_variant(declared, member) for member in members) if members else "–"


def _variant(declared: Hyperparameter, config: Any) -> str:
    assert declared.registry is not None  # every variant names the family it is chosen from
    label = _(declared.registry.entry(config.kind).label)
    settings = ", ".join(_item(one, getattr(config, one.name)) for one in hyperparameters(config))
    return _("{label} ({settings})").format(label=label, settings=settings) if settings else label


def _value(declared: Hyperparameter, value: Any) -> str:
    if declared.kind == "numbers":
        return ", ".join(f"{number:.6g}" for number in value) or "–"
    if declared.kind == "bool":
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return _(declared.labels[declared.choices.index(value)])
    return f"{value:.6g}" if isinstance(value, float) else str(value)
