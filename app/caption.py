"""The line under an exported picture that lets somebody make it again: experiment, seed, moment, hyperparameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulations.core.params import Hyperparameter, hyperparameters
from simulations.documents.experiment import ExperimentSpec
from simulations.runtime.messages import Snapshot
from widgets.text import _, ngettext

if TYPE_CHECKING:
    from simulations.runtime.race_messages import RaceSnapshot

_MOST_RACERS: Final = 4  # more would be a page


def caption(snapshot: Snapshot | RaceSnapshot) -> str:
    """The caption of what was drawn of ``snapshot``, in the current language."""
    return _training(snapshot) if isinstance(snapshot, Snapshot) else _race(snapshot)


def moment_of(snapshot: Snapshot | RaceSnapshot) -> tuple[str, int, int | None]:
    """The name of the document, the step, and the seed where there is one for all."""
    if isinstance(snapshot, Snapshot):
        return snapshot.spec.name, snapshot.step, snapshot.spec.seed
    return snapshot.race.spec.name, snapshot.moment, None


def _training(snapshot: Snapshot) -> str:
    """``digits-cnn · step 1240 (epoch 12.4) · Loss: … · Optimizer: Adam (Learning rate 0.001, …) · … · Seed 0``.

    What is listed follows from what the experiment declares.
    """
    moment = _("step {step} (epoch {epoch})").format(step=snapshot.step, epoch=f"{snapshot.epoch:.4g}")
    spec = snapshot.spec
    name = (spec.name,) if spec.name else ()
    declared = (_item(one, getattr(spec, one.name)) for one in hyperparameters(ExperimentSpec))
    return " · ".join((*name, moment, *declared))


def _race(snapshot: RaceSnapshot) -> str:
    """``name · step 120 of 500 · Surface: Himmelblau · Start x −4 · … · Adam (Learning rate 0.01, …) · …``, of visible racers."""
    spec = snapshot.race.spec
    moment = _("step {step} of {steps}").format(step=snapshot.moment, steps=spec.steps)
    name = (spec.name,) if spec.name else ()
    declared = (_item(one, getattr(spec, one.name)) for one in hyperparameters(spec) if one.name != "steps")
    shown = [one for one in spec.racers if one.is_visible]
    racers = [_variant(hyperparameters(one)[0], one.optimizer) for one in shown[:_MOST_RACERS]]
    if len(shown) > _MOST_RACERS:
        more = len(shown) - _MOST_RACERS
        racers.append(ngettext("{count} more racer", "{count} more racers", more).format(count=more))
    return " · ".join((*name, moment, *declared, *racers))


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
