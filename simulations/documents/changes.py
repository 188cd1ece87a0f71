"""What differs between two experiments, and how much of a running session a change costs."""

from __future__ import annotations

from dataclasses import dataclass, is_dataclass
from typing import Any, Literal

from simulations.core.params import hyperparameters
from simulations.documents.experiment import ExperimentSpec

Effect = Literal["live", "data", "rebuild"]
_ORDER: tuple[Effect, ...] = ("live", "data", "rebuild")


@dataclass(frozen=True)
class Change:
    """One value that differs. ``path`` is as in the JSON, ``optimizer.learning_rate``; ``effect`` is what it costs:

    ``live`` takes effect at the next step; ``data`` makes new samples and keeps the network; ``rebuild`` starts a new run.
    """

    path: str
    before: Any
    after: Any
    effect: Effect

    @property
    def texts(self) -> tuple[str, str]:
        """Before and after as a marker shows them."""
        return _text(self.before), _text(self.after)


def changes(old: ExperimentSpec, new: ExperimentSpec) -> tuple[Change, ...]:
    """Every difference that matters to training (the name does not), in the order of the document."""
    return (
        *_data_changes(old, new),
        *_layer_changes(old, new),
        *_compare(old, new, "", "rebuild"),
        *_teacher_changes(old, new),
    )


def effect_of(found: tuple[Change, ...]) -> Effect | None:
    """The most expensive effect among ``found``; None when nothing differs."""
    return max((one.effect for one in found), key=_ORDER.index, default=None)


def _data_changes(old: ExperimentSpec, new: ExperimentSpec) -> tuple[Change, ...]:
    before, after = old.data.source, new.data.source
    targets = [(one.targets.kind, one.targets.output_shape, one.targets.unit) for one in (before, after)]
    same_network = before.input_shape == after.input_shape and targets[0] == targets[1]
    return _compare(old.data, new.data, "data", "data" if same_network else "rebuild")


def _teacher_changes(old: ExperimentSpec, new: ExperimentSpec) -> tuple[Change, ...]:
    """By their names; whether another teacher matters is for the loss to say."""
    if old.teacher == new.teacher:
        return ()
    before, after = ("–" if one is None else one.name for one in (old.teacher, new.teacher))
    return (Change("teacher", before, after, "live"),)


def _layer_changes(old: ExperimentSpec, new: ExperimentSpec) -> tuple[Change, ...]:
    return _stack_changes(old.layers, new.layers, "layers", "rebuild")


def _stack_changes(old: tuple[Any, ...], new: tuple[Any, ...], path: str, otherwise: Effect) -> tuple[Change, ...]:
    """Member by member as long as the kinds are the same, else all at once."""
    kinds = tuple(tuple(one.kind for one in members) for members in (old, new))
    if kinds[0] != kinds[1]:
        return (Change(path, kinds[0], kinds[1], otherwise),)
    return tuple(
        change
        for i, (before, after) in enumerate(zip(old, new, strict=True))
        for change in _compare(before, after, f"{path}[{i}]", otherwise)
    )


def _compare(old: Any, new: Any, path: str, otherwise: Effect) -> tuple[Change, ...]:
    found: list[Change] = []
    for one in hyperparameters(old):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if before == after:
            continue
        where = f"{path}.{one.name}" if path else one.name
        effect: Effect = "live" if one.live else otherwise
        if one.kind == "variant" and type(before) is type(after):
            found += _compare(before, after, where, otherwise)
        elif one.kind == "variant":
            found.append(Change(where, before.kind, after.kind, effect))
        elif one.kind == "stack":
            found += _stack_changes(before, after, where, effect)
        else:
            found.append(Change(where, before, after, effect))
    return tuple(found)


def _text(value: object) -> str:
    if isinstance(value, tuple):  # the kinds of a list's members
        return ", ".join(value) or "–"
    if isinstance(value, bool):
        return "on" if value else "off"
    if is_dataclass(value):
        return str(getattr(value, "kind", value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)
