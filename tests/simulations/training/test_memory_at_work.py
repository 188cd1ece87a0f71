"""A step keeps nothing for itself, whatever the loss, method, wrapper or schedule."""

from __future__ import annotations

import dataclasses
import tracemalloc

import pytest

from simulations.core.errors import GradLabError
from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.training.descent import check
from simulations.training.session import Session
from simulations.training.teaching import teacher_from

load()
STEPS = 300
GROWTH = 6_000  # bytes: caches settle; a number kept of every step would be 9 600
CLASSES, VALUES = DATA_SOURCES["moons"](samples=40), DATA_SOURCES["wave"](samples=40)


def experiment(**changes) -> ExperimentSpec:
    """A network 2-3-2, or 1-3-1 where a loss is to judge values."""
    loss = changes.pop("loss", LOSSES["softmax_cross_entropy"]())
    source = CLASSES if "classes" in loss.kinds else VALUES
    dense = LAYERS["dense"]
    layers = (dense(units=3), LAYERS["tanh"](), dense(units=source.targets.output_shape[-1]))
    made = ExperimentSpec("", DataSpec(source), layers, loss, OPTIMIZERS["sgd"](learning_rate=1e-3), batch_size=16)
    return dataclasses.replace(made, **changes)


def judged_by(kind: str) -> ExperimentSpec:
    if kind != "distillation":
        return experiment(loss=LOSSES[kind]())
    plain = experiment()
    return experiment(loss=LOSSES[kind](), teacher=teacher_from(Session(plain)))


def moved_by(kind: str) -> ExperimentSpec | None:
    spec = experiment(optimizer=OPTIMIZERS[kind]())
    try:
        check(spec)
    except GradLabError:
        return None
    return spec


MADE = {
    **{f"loss {kind}": judged_by(kind) for kind in LOSSES.kinds()},
    **{f"method {kind}": spec for kind in OPTIMIZERS.kinds() for spec in [moved_by(kind)] if spec is not None},
    **{f"wrapper {kind}": experiment(wrappers=(WRAPPERS[kind](),)) for kind in WRAPPERS.kinds()},
    **{f"schedule {kind}": experiment(schedule=SCHEDULES[kind]()) for kind in SCHEDULES.kinds()},
}


@pytest.mark.parametrize("spec", MADE.values(), ids=MADE)
def test_nothing_of_a_step_stays(spec: ExperimentSpec) -> None:
    session = Session(spec)
    take(session, range(1, 31))
    tracemalloc.start()
    try:
        take(session, range(31, 51))
        before = tracemalloc.get_traced_memory()[0]
        take(session, range(51, 51 + STEPS))
        growth = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert growth < GROWTH


def take(session: Session, steps: range) -> None:
    """What a session does in a step, without what it writes down for the curves."""
    network, x, y = session.network, *session.next_batch()[1:]
    tape = network.tape(len(y), training=True)
    for t in steps:
        tape.draw_from(0, t)
        session.criterion.judge(network.forward(x, tape), y, tape)
        network.backward(tape.d_outputs, tape)
        session._objective.use(x, y, tape)
        session._descent.follow(session.spec.schedule.factor(t, (1.0, 0.5, 0.5)))
        session._descent.step(session._objective, t)
        session.criterion.settle()
