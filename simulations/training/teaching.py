"""From a run to a teacher: the network as it is judged now, frozen, for a smaller one to learn from."""

from __future__ import annotations

from simulations.core.errors import ShapeError
from simulations.core.text import N_
from simulations.nn.teacher import Teacher
from simulations.training.session import Session


def teacher_from(session: Session) -> Teacher:
    """The network of ``session`` with the parameters it is judged by.

    Raises :class:`ShapeError` in words when it cannot teach: it diverged, is too large, or tells no classes apart.
    """
    if session.diverged is not None:
        raise ShapeError(N_("A network that diverged cannot be a teacher: return to a safe step first."))
    if session.data.wanted.kind != "classes":
        raise ShapeError(N_("Only a network that tells classes apart can be a teacher."))
    with session.judged():
        network = session.network
        return Teacher.of(network, network.theta, session.data.scaler, name=session.spec.name, step=session.step)
