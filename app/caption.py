"""The line under an exported picture that lets somebody make it again: experiment, moment, data, hyperparameters, and what
was changed on the way."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from simulations.core.params import Hyperparameter, hyperparameters
from simulations.core.registry import Registry
from simulations.data.base import DATA_SOURCES
from simulations.data.files.source import FileSource
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.documents.race_presets import load_race_preset, race_preset_names
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.base import Optimizer
from simulations.probes.answers import Marker
from simulations.runtime.messages import Snapshot
from simulations.surfaces.base import Point, Surface
from widgets.numbers import format_in_text
from widgets.panels.train.curves import marker_text
from widgets.plot import ConfiguredPlot, Plot, Tried
from widgets.text import _, ngettext

if TYPE_CHECKING:
    from simulations.runtime.race_messages import RaceSnapshot

_MOST_CHANGES: Final = 8
_MOST_RACERS: Final = 8  # more would be a page
_LONGEST_TEXT: Final = 100


def caption(snapshot: Snapshot | RaceSnapshot, last: int | None = None, plot: Plot | None = None) -> str:
    """The caption of what was drawn of ``snapshot``, in the current language; ``last`` is the last step of an animation of it,
    which begins with step 0. A ``plot`` with settings of its own is captioned with those."""
    if isinstance(plot, ConfiguredPlot) and (configuration := plot.configuration()):
        return " · ".join((plot.plot_title(), *(item for one in configuration for item in _items(one))))
    return _training(snapshot) if isinstance(snapshot, Snapshot) else _race(snapshot, last)


def _items(config: object) -> list[str]:
    """A surface and a method by name, what a map was worked out with, other settings one by one."""
    if isinstance(config, Tried):
        return _tried(config)
    if isinstance(config, Surface):
        return [_item(next(one for one in hyperparameters(RaceSpec) if one.name == "surface"), config)]
    if isinstance(config, Optimizer):
        return [_variant(hyperparameters(RacerSpec)[0], config)]
    if isinstance(config, RacerSpec):
        return [", ".join(_racer(config))]
    return [_item(one, getattr(config, one.name)) for one in hyperparameters(config)]


def moment_of(snapshot: Snapshot | RaceSnapshot) -> tuple[str, int, int | None]:
    """The name of the document, the step, and the seed where there is one for all."""
    if isinstance(snapshot, Snapshot):
        return snapshot.spec.name, snapshot.step, snapshot.spec.seed
    return snapshot.race.spec.name, snapshot.moment, None


def _training(snapshot: Snapshot) -> str:
    """``digits-cnn · step 1240 (epoch 12.4) · Data: Digits 8×8 · Layers: Conv 2D (Channels 16) → … · Loss: … · Optimizer:
    Adam (Learning rate 0.001, …) · … · Seed 0 · Changed while training: step 812 Learning rate 0.1 → 0.03``.

    What is listed follows from what the experiment declares.
    """
    moment = _("step {step} (epoch {epoch})").format(step=snapshot.step, epoch=_epoch_text(snapshot.epoch))
    spec = snapshot.spec
    name = (spec.name,) if spec.name else ()
    declared = (_item(one, getattr(spec, one.name)) for one in hyperparameters(ExperimentSpec))
    data = _("{label}: {value}").format(label=_("Data"), value=_data(spec))
    layers = _("{label}: {value}").format(label=_("Layers"), value=_layers(spec.layers))
    return " · ".join((*name, moment, data, layers, *declared, *_changes(snapshot)))


def _layers(layers: Sequence[object]) -> str:
    return " → ".join(_folded([_brief(one, LAYERS) for one in layers])) or "–"


def _folded(texts: Sequence[str]) -> list[str]:
    """``texts`` with what stands several times in a row said once: ``(Dense (Units 10) → Sigmoid) ×9``."""
    said: list[str] = []
    place = 0
    while place < len(texts):
        times, length = max((_times(texts, place, one), -one) for one in range(1, len(texts) - place + 1))
        length = -length
        part = " → ".join(texts[place : place + length])
        said.append(part if times == 1 else f"({part}) ×{times}" if length > 1 else f"{part} ×{times}")
        place += times * length
    return said


def _times(texts: Sequence[str], place: int, length: int) -> int:
    """How often the ``length`` texts at ``place`` stand there in a row."""
    part, times = texts[place : place + length], 1
    while texts[place + times * length : place + (times + 1) * length] == part:
        times += 1
    return times


def _brief(config: Any, registry: Registry[Any]) -> str:
    """Its name, its first setting, and what is not as every one of its kind begins."""
    label = _(registry.entry(config.kind).label)
    said = []
    chosen = (one for one in hyperparameters(config) if one.applies(config) and one.kind != "record")
    for place, one in enumerate(chosen):
        value = getattr(config, one.name)
        if one.kind == "stack":
            said.append(_("{label}: {value}").format(label=_(one.label), value=_layers(value)))
        elif value != one.default or (place == 0 and value and not one.hidden):
            said.append(_item(one, value))
    return _("{label} ({settings})").format(label=label, settings=", ".join(said)) if said else label


def _epoch_text(epoch: float) -> str:
    """Four figures, and whole epochs where these are more: never a power of ten."""
    return f"{epoch:.4g}" if epoch < 9999.5 else f"{epoch:.0f}"


def _data(spec: ExperimentSpec) -> str:
    """The file that was read, or the data set; after it how samples are prepared, where not as usual."""
    source, declared = spec.data.source, hyperparameters(spec.data)[1:]
    name = source.title if isinstance(source, FileSource) else _brief(source, DATA_SOURCES)
    others = [_item(one, value) for one in declared if (value := getattr(spec.data, one.name)) != one.default]
    return ", ".join((name, *others))


def _changes(snapshot: Snapshot) -> tuple[str, ...]:
    """The newest changes made while this run trained, in one item; nothing where there was none."""
    if not snapshot.markers:
        return ()
    left_out = len(snapshot.markers) - _MOST_CHANGES
    said = [_change(one, snapshot.spec) for one in snapshot.markers[-_MOST_CHANGES:]]
    if left_out > 0:
        said.insert(0, ngettext("{count} earlier change", "{count} earlier changes", left_out).format(count=left_out))
    return (_("Changed while training: {changes}").format(changes=", ".join(said)),)


def _change(marker: Marker, spec: ExperimentSpec) -> str:
    change = marker_text(marker, spec)
    if marker.since is None:
        return _("step {step} {change}").format(step=marker.step, change=change)
    return _("steps {first} to {last} {change}").format(first=marker.since.step, last=marker.step, change=change)


def _race(snapshot: RaceSnapshot, last: int | None) -> str:
    """``name · step 120 of 500 · Surface: Himmelblau · Start (−4, 2) · Adam (Learning rate 0.01, …) · …``, of visible racers."""
    spec = snapshot.race.spec
    moment = _("step {step} of {steps}").format(step=snapshot.moment, steps=spec.steps)
    if last is not None:
        moment = _("steps {first} to {last} of {steps}").format(first=0, last=last, steps=spec.steps)
    name = (spec.name,) if spec.name and not _is_another(spec) else ()
    others = (one for one in hyperparameters(spec) if one.name not in ("steps", "start_x", "start_y"))
    declared = [_item(one, getattr(spec, one.name)) for one in others]
    declared.append(_start((spec.start_x, spec.start_y)))
    shown = [(one, spec.start_of(one) if one.has_own_start else None) for one in spec.racers if one.is_visible]
    return " · ".join((*name, moment, *declared, *_racers(shown)))


def _tried(tried: Tried) -> list[str]:
    """``Surface: Himmelblau · Length 500 · Start (−4, 2) · Adam (Learning rate 0.01, …) · …``."""
    length = next(one for one in hyperparameters(RaceSpec) if one.name == "steps")
    is_shared = len(set(tried.starts)) == 1
    shared = [_start(tried.starts[0])] if is_shared else []
    own = [None if is_shared else one for one in tried.starts] or [None] * len(tried.racers)
    racers = _racers(list(zip(tried.racers, own, strict=True)))
    return [*_items(tried.surface), _item(length, tried.steps), *shared, *racers]


def _racers(shown: list[tuple[RacerSpec, Point | None]]) -> list[str]:
    """The first of them with all that decides their paths, each with its own start where it has one; how many more there are."""
    said = [", ".join((*_racer(one), *([] if own is None else [_start(own)]))) for one, own in shown[:_MOST_RACERS]]
    if len(shown) > _MOST_RACERS:
        more = len(shown) - _MOST_RACERS
        said.append(ngettext("{count} more racer", "{count} more racers", more).format(count=more))
    return said


def _racer(racer: RacerSpec) -> list[str]:
    """Its method, and what is put around it: nothing that only repeats what every racer begins with."""
    declared = {one.name: one for one in hyperparameters(racer)}
    said = [_variant(declared["optimizer"], racer.optimizer)]
    plain = RacerSpec(racer.optimizer)
    for name in ("schedule", "wrappers", "batch_size", "seed"):
        if getattr(racer, name) != getattr(plain, name):
            said.append(_item(declared[name], getattr(racer, name)))
    return said


def _start(place: Point) -> str:
    return _("Start ({x}, {y})").format(x=format_in_text(place[0]), y=format_in_text(place[1]))


def _is_another(spec: RaceSpec) -> bool:
    """Whether the race is called like a preset, but on another surface than that."""
    return spec.name in race_preset_names() and load_race_preset(spec.name).spec.surface.kind != spec.surface.kind


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
    declared_here = ((one, getattr(config, one.name)) for one in hyperparameters(config) if not one.hidden)
    settings = ", ".join(
        _item(one, value) for one, value in declared_here if value != ""
    )  # an unwritten text says nothing
    return _("{label} ({settings})").format(label=label, settings=settings) if settings else label


def _value(declared: Hyperparameter, value: Any) -> str:
    if declared.kind == "numbers":
        return ", ".join(map(format_in_text, value)) or "–"
    if declared.kind == "bool":
        return _("yes") if value else _("no")
    if isinstance(value, str) and not declared.choices:  # a person's own words, such as a formula or a table
        return textwrap.shorten(value, _LONGEST_TEXT, placeholder="…") or "–"
    if isinstance(value, str):
        return _(declared.labels[declared.choices.index(value)])
    return format_in_text(value) if isinstance(value, float) else str(value)
