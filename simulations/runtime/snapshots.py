"""A session as a snapshot: the one place that decides what of a session crosses to whoever draws it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from simulations.runtime.messages import Snapshot, Status
from simulations.training.session import Session


def snapshot_of(
    session: Session,
    probes: Mapping[str, Any],
    *,
    sequence: int = 1,
    is_running: bool = False,
    steps_per_second: float = 0.0,
) -> Snapshot:
    """This moment of ``session`` with the answers ``probes``; cheap, because nothing of the session is copied."""
    status: Status = "running" if is_running else "paused"
    return Snapshot(
        sequence=sequence,
        run=session.run,
        status=status if session.diverged is None else "diverged",
        spec=session.spec,
        step=session.step,
        epoch=session.epoch,
        steps_per_epoch=session.steps_per_epoch,
        seconds=session.history.seconds,
        steps_per_second=steps_per_second,
        samples_per_second=steps_per_second * session.samples_per_step,
        layers=session.layers,
        weights_hash=session.weights_hash,
        batches_hash=session.batches_hash,
        diverged=session.diverged,
        markers=session.history.markers,
        probes=MappingProxyType(dict(probes)),
    )
