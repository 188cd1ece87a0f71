"""What the simulation thread reports, in words: divergence with ways back, a refused edit with its reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from app.controller import Controller
from simulations.core.errors import ShapeError
from simulations.core.params import hyperparameters
from simulations.core.text import N_
from simulations.data.augmentations.base import AUGMENTATIONS
from simulations.data.files.source import FileSource
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.importing import followed
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.nn.teacher import Teacher
from simulations.runtime.messages import Diverged, Play, Recover, Rejected, Reset, Snapshot
from widgets.banner import Notice
from widgets.numbers import format_count
from widgets.panel import Edit, ImportData
from widgets.text import _, sentence

_DIVERGED: Final = {
    "activation": N_("At step {step} an activation of {layer} stopped being a finite number. Training is paused."),
    "gradient": N_("At step {step} a gradient of {layer} stopped being a finite number. Training is paused."),
    "weight": N_("At step {step} a weight of {layer} stopped being a finite number. Training is paused."),
    "explosion": N_(
        "At step {step} the loss is over 1000 times that of the untrained network; {layer} moved most. Training is paused."
    ),
    "loss": N_("At step {step} the loss stopped being a finite number. Training is paused."),
}


def diverged_notice(event: Diverged, snapshot: Snapshot | None, controller: Controller) -> Notice:
    """The step and the layer in words, and three ways back."""
    back = partial(_filled, N_("Return to step {step}"), step=format_count(event.safe_step))
    answers: list[tuple[Callable[[], str], Callable[[], None]]] = [(back, partial(controller.handle, Recover()))]
    gentler = with_a_tenth_of_the_learning_rate(controller.spec)
    if gentler is not None:
        answers.append(
            (partial(_, N_("Return with a tenth of the learning rate")), partial(_soothe, controller, gentler))
        )
    answers.append((partial(_, N_("Reset")), partial(controller.handle, Reset())))
    return Notice(partial(_diverged_text, event, snapshot), "bad", tuple(answers))


def exported_notice(file: Path) -> Notice:
    """Where the picture or the numbers went."""
    return Notice(partial(_filled, N_("Exported to {file}"), file=str(file)), "good")


def teacher_notice(teacher: Teacher, controller: Controller) -> Notice:
    """Who teaches now, and the way to learn from it."""
    template = N_(
        "“{name}” as of step {step} is the teacher now. Build a smaller network and let it learn from this one."
    )
    text = partial(_filled, template, name=teacher.name, step=format_count(teacher.step))
    return Notice(text, "good", ((partial(_, N_("Use the distillation loss")), controller.distil),))


def teacher_left_notice(teacher: Teacher, reason: ShapeError) -> Notice:
    """Who does not teach any more since another experiment was opened, and why not."""
    return Notice(partial(_teacher_left_text, teacher, reason))


def followed_notice(before: ExperimentSpec, after: ExperimentSpec, undo: Callable[[], None]) -> Notice:
    """What was changed along with the data, and the way back."""
    return Notice(partial(_followed_text, before, after), answers=((partial(_, N_("Undo")), undo),))


def rewritten_notice(before: str, after: str, undo: Callable[[], None]) -> Notice:
    """What a formula was and became for the sake of a table, and the way back."""
    template = N_("“{before}” cannot be averaged over this table, so the formula is “{after}” now.")
    return Notice(partial(_filled, template, before=before, after=after), answers=((partial(_, N_("Undo")), undo),))


def rejected_notice(
    event: Rejected, template: str = N_("This cannot be built, so the old network runs on: {reason}")
) -> Notice:
    """Why the edit was refused; what was there before runs on."""
    return Notice(partial(_rejected_text, event, template), "attention")


def data_notice(event: Rejected, controller: Controller, *, has_run: bool) -> Notice:
    """Why the data cannot be had, and what to do: once they are back try again, or choose others. ``has_run`` says that
    another experiment goes on meanwhile."""
    template = N_("{reason} Until then the run before goes on.") if has_run else "{reason}"
    answers: list[tuple[Callable[[], str], Callable[[], None]]] = []
    source = controller.spec.data.source
    if isinstance(source, FileSource):
        answers.append((partial(_, N_("Try again")), controller.retry))
        wish = partial(controller.handle, ImportData(source.kind))
        is_folder = source.kind == "image_folder"
        answers.append((partial(_, N_("Choose another folder…") if is_folder else N_("Choose another file…")), wish))
    return Notice(partial(_rejected_text, event, template), "attention", tuple(answers))


def with_a_tenth_of_the_learning_rate(spec: ExperimentSpec) -> ExperimentSpec | None:
    """``spec`` with η / 10, not below what the optimizer allows; None when it has no learning rate."""
    for declared in hyperparameters(spec.optimizer):
        if declared.name == "learning_rate":
            rate = max(declared.low or 0.0, float(f"{spec.optimizer.learning_rate / 10:.6g}"))
            return dataclasses.replace(spec, optimizer=dataclasses.replace(spec.optimizer, learning_rate=rate))
    return None


def layer_title(name: str, snapshot: Snapshot | None) -> str:
    """``conv2d 1`` as people say it in their language: the layer's label and its number."""
    for layer in snapshot.layers if snapshot is not None else ():
        if layer.name == name:
            return _("{layer} {number}").format(layer=_(LAYERS.entry(layer.kind).label), number=layer.ordinal)
    return name


def _diverged_text(event: Diverged, snapshot: Snapshot | None) -> str:
    return _(_DIVERGED[event.quantity]).format(step=format_count(event.step), layer=layer_title(event.where, snapshot))


def _rejected_text(event: Rejected, template: str) -> str:
    return _(template).format(reason=sentence(event.error))


def _teacher_left_text(teacher: Teacher, reason: ShapeError) -> str:
    text = _("“{name}” does not teach any more. {reason}")
    return text.format(name=teacher.name or _("Untitled"), reason=sentence(reason))


def _followed_text(before: ExperimentSpec, after: ExperimentSpec) -> str:
    left_out = (one for one in before.data.augment if one not in after.data.augment)
    changes = {
        "layers": _("network"),
        "loss": _("loss: {name}").format(name=_(LOSSES.entry(after.loss.kind).label)),
        "batch_size": _("batch size: {size}").format(size=format_count(after.batch_size)),
        "augment": _("without {names}").format(
            names=", ".join(_(AUGMENTATIONS.entry(one.kind).label) for one in left_out)
        ),
    }
    told = " · ".join(changes[name] for name in followed(before, after))
    return _("Changed to fit these data: {changes}").format(changes=told)


def _soothe(controller: Controller, gentler: ExperimentSpec) -> None:
    controller.handle(Recover())
    controller.edit(Edit(gentler, N_("A tenth of the learning rate")))
    controller.handle(Play())


def _filled(template: str, **parts: object) -> str:
    return _(template).format(**parts)
