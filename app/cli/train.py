"""``gradlab train``: the engine of the window without the window, for teachers' figures, CI and machines with no screen."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.terminal import whole_number
from app.unattended import interruptible, output_folder
from simulations.core.errors import SpecError
from simulations.core.text import N_
from widgets.text import _

if TYPE_CHECKING:
    from app.training_output import Observer
    from simulations.documents.experiment import ExperimentSpec
    from simulations.training.session import Session

NAME = "train"
HELP = N_("train an experiment without a window and write curves, histograms, metrics, plots and weights")
DEFAULT_PRESET = "digits-cnn"
_MOST_EPOCHS = 1_000_000
_DIVERGED = {
    "activation": N_(
        "training diverged at step {step}: an activation of {layer} is not finite; the last safe step is {safe}. "
        "A lower learning rate may help."
    ),
    "gradient": N_(
        "training diverged at step {step}: a gradient of {layer} is not finite; the last safe step is {safe}. "
        "A lower learning rate may help."
    ),
    "weight": N_(
        "training diverged at step {step}: a weight of {layer} is not finite; the last safe step is {safe}. "
        "A lower learning rate may help."
    ),
    "loss": N_(
        "training diverged at step {step}: the loss is not finite; the last safe step is {safe}. "
        "A lower learning rate may help."
    ),
    "explosion": N_(
        "training diverged at step {step}: the loss is over 1000 times that of the untrained network, {layer} moved most; "
        "the last safe step is {safe}. A lower learning rate may help."
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "experiment",
        nargs="?",
        default=DEFAULT_PRESET,
        metavar="SPEC|PRESET",
        help=N_("a preset's name or an experiment file (default: digits-cnn)"),
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FILE",
        help=N_("train on this file or folder instead: CSV/TSV, IDX (MNIST), NPZ/NPY, a folder of pictures per class"),
    )
    parser.add_argument(
        "--epochs", type=whole_number, default=10, metavar="N", help=N_("passes over the training set (default: 10)")
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help=N_("folder for the files; without it nothing is written")
    )
    parser.add_argument("--seed", type=whole_number, metavar="S", help=N_("use this seed instead of the experiment's"))
    parser.add_argument(
        "--teacher",
        metavar="SPEC|PRESET",
        help=N_("first train this experiment, then distil it: the loss becomes distillation where it is another"),
    )
    parser.add_argument(
        "--teacher-epochs",
        type=whole_number,
        metavar="N",
        help=N_("passes over the training set for the teacher (default: --epochs)"),
    )
    parser.add_argument("--json", action="store_true", help=N_("print the metrics as JSON on standard output"))
    parser.add_argument("--quiet", action="store_true", help=N_("no progress bar"))


def run(arguments: argparse.Namespace) -> int:
    """Train and write; 0 well, 1 diverged or pictures missing, 2 bad input, 130 stopped by Ctrl-C."""
    spec = _experiment(arguments)
    with output_folder(arguments.out) as folder:
        from app.training_output import Observer, write_all
        from simulations.training.session import Session

        session = Session(spec) if arguments.teacher is None else _pupil(spec, arguments)
        if session is None:
            print("gradlab:", _("stopped while training the teacher"), file=sys.stderr)
            return 130
        observer = Observer(session)
        was_stopped = _train(session, arguments.epochs, arguments, observer)
        values = _metrics(session, arguments)
        trouble = write_all(session, observer, values, folder) if folder is not None else None
    _report(values, arguments)
    if trouble is not None:
        print(f"gradlab: {trouble}", file=sys.stderr)
    if session.diverged is not None:
        print(f"gradlab: {_divergence(session)}", file=sys.stderr)
        return 1
    if was_stopped:
        print("gradlab:", _("stopped at step {step}").format(step=session.step), file=sys.stderr)
        return 130
    return 0 if trouble is None else 1


def _experiment(arguments: argparse.Namespace) -> ExperimentSpec:
    """The experiment that is asked for; raises :class:`GradLabError` in words for anything that cannot be used."""
    from simulations import families

    families.load()
    for path, epochs in (
        ("--epochs", arguments.epochs),
        ("--teacher-epochs", 1 if arguments.teacher_epochs is None else arguments.teacher_epochs),
    ):
        if not 1 <= epochs <= _MOST_EPOCHS:
            raise SpecError(
                N_("{path}: expected {expected}, got {received}"),
                path=path,
                expected=f"1…{_MOST_EPOCHS}",
                received=epochs,
            )
    if arguments.teacher is None and arguments.teacher_epochs is not None:
        raise SpecError(N_("{path}: missing"), path="--teacher")
    return _named(arguments.experiment, arguments)


def _named(wanted: str, arguments: argparse.Namespace) -> ExperimentSpec:
    """The preset or file called ``wanted``, with the data and the seed that are asked for."""
    from simulations.documents.presets import load_preset, load_spec, preset_names

    if wanted in preset_names():
        spec = load_preset(wanted).spec
    elif Path(wanted).suffix or Path(wanted).exists():
        spec = load_spec(Path(wanted))
    else:
        raise SpecError(
            N_("{received!r} is neither a preset nor a file; the presets are {known}"),
            path="experiment",
            received=wanted,
            known=", ".join(preset_names()),
        )
    if arguments.data is not None:
        from simulations.data.files.guess import source_for
        from simulations.documents.importing import with_source

        spec = with_source(spec, source_for(arguments.data.absolute()).imported())
    if arguments.seed is not None:
        spec = dataclasses.replace(spec, seed=arguments.seed)
    spec.validate()
    return spec


def _pupil(spec: ExperimentSpec, arguments: argparse.Namespace) -> Session | None:
    """Train the teacher, on the same seed so that it never sees the samples held back, and hand it to ``spec``; None when
    it was stopped."""
    from simulations.nn.losses.distillation import Distillation
    from simulations.training.session import Session
    from simulations.training.teaching import teacher_from

    session = Session(dataclasses.replace(_named(arguments.teacher, arguments), seed=spec.seed))
    loss = spec.loss if isinstance(spec.loss, Distillation) else Distillation()
    source = spec.data.source
    loss.check_targets(source.targets)
    loss.check_teacher(teacher_from(session), source.input_shape, source.targets)
    if _train(session, arguments.teacher_epochs or arguments.epochs, arguments):
        return None
    return Session(dataclasses.replace(spec, loss=loss, teacher=teacher_from(session)))


def _train(session: Session, epochs: int, arguments: argparse.Namespace, observer: Observer | None = None) -> bool:
    """Train to the last epoch, a divergence or Ctrl-C; True for the last."""
    from tqdm import tqdm

    steps = epochs * session.steps_per_epoch
    with (
        interruptible() as stopped,
        tqdm(total=steps, unit="step", desc=session.spec.name or NAME, disable=arguments.quiet, file=sys.stderr) as bar,
    ):
        while session.step < steps and session.diverged is None and not stopped:
            session.awaited = session.step + session.steps_to_epoch_end
            reached = session.take_step()
            bar.update()
            if any(milestone.what == "epoch" for milestone in reached):
                if observer is not None:
                    observer.look()
                latest = session.history.validations[-1]
                score = f"{latest.score:.1%}" if session.history.score == "accuracy" else f"RMSE {latest.score:.4g}"
                bar.set_postfix_str(f"validation {score}, loss {latest.loss:.4f}", refresh=False)
        if observer is not None:
            observer.look()
    return bool(stopped)


def _metrics(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    from simulations.training.records import metrics

    return metrics(session, experiment=arguments.experiment)


def _divergence(session: Session) -> str:
    bad = session.diverged
    assert bad is not None
    template = _DIVERGED[bad.quantity]
    return _(template).format(step=bad.step, layer=bad.where, safe=bad.safe_step)


def _report(values: dict[str, Any], arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps(values, ensure_ascii=False))
        return
    if arguments.data is not None:
        data = values["data"]
        line = _("data {name}: {training} samples to train on, {validation} to validate with")
        print(line.format(name=arguments.data.name, training=data["training"], validation=data["validation"]))
    for part in ("validation", "train"):
        named = [f"{_(name)} {_measured_text(name, value, values)}" for name, value in values[part].items()]
        print(f"{_(part):<10} {'   '.join(named)}")
    line = _("steps {steps} · epochs {epochs} · {seconds} s of training")
    print(line.format(steps=values["steps"], epochs=f"{values['epochs']:.4g}", seconds=f"{values['seconds']:.2f}"))
    if arguments.out is not None:
        print(_("written to {folder}").format(folder=arguments.out))


def _measured_text(name: str, value: float | None, values: dict[str, Any]) -> str:
    if value is None:
        return _("not finite")
    return f"{value:.4f} {values['unit']}" if name == "rmse" and "unit" in values else f"{value:.4f}"
