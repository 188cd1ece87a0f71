"""A race's snapshot with the answers a panel asks for, worked out on the spot, for tests of race panels."""

from simulations.core.interrupt import Interrupt
from simulations.racing.probes.base import RaceLook
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.runtime.race_messages import RaceSnapshot


def snapshot_for(panel, spec, *, first_only=False):
    """What the worker would show ``panel`` of the race of ``spec``; ``first_only``: before anything was refined."""
    session = RaceSession(spec)
    session.advance(spec.steps)
    race = Recorder(session).record()
    look = RaceLook(race, 0)
    answers = {}
    for probe in panel.probes():
        for answer in probe.answers(look, Interrupt()):
            answers[probe.kind] = answer
            if first_only:
                break
    return RaceSnapshot(1, "paused", race, 0, 30.0, probes=answers)
