"""The first steps of a race, for a small picture of it."""

from __future__ import annotations

import dataclasses

from simulations.documents.race import RaceSpec
from simulations.racing.record import Race, Recorder
from simulations.racing.session import RaceSession


def glimpse(spec: RaceSpec, steps: int) -> Race:
    """The race of ``spec`` as far as its first ``steps``."""
    session = RaceSession(dataclasses.replace(spec, steps=min(steps, spec.steps)))
    session.advance(steps)
    return Recorder(session).record()
