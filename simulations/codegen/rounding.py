"""Whether a path is the same for anybody who computes it, or whether rounding decides it.

Two correct programs round differently, in the sixteenth digit. Most paths forget that; a chaotic one magnifies it until no
digit is left, and then only the same operations in the same order lead to the same place.
"""

from __future__ import annotations

import dataclasses
from typing import Final

import numpy as np

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.racing.session import RaceSession

_NUDGE: Final = 1e-15  # relatively: a few units in the last place
_SAME: Final = 1e-11  # of the view: paths that end closer together agree in all digits a person compares


def magnifies_rounding(spec: RaceSpec) -> tuple[bool, ...]:
    """For every racer whether nudging its start and its rate in the last place moves its end."""
    nudged = dataclasses.replace(spec, racers=tuple(_nudged(spec, one) for one in spec.racers))
    ends = []
    for one in (spec, nudged):
        session = RaceSession(one)
        session.advance(one.steps)
        ends.append(session.answers[-1])
    size = max(spec.surface.view.width, spec.surface.view.height)
    with np.errstate(invalid="ignore"):
        apart = np.abs(ends[0] - ends[1]).max(axis=-1)
        allowed = _SAME * np.maximum(np.abs(ends[0]).max(axis=-1), size)
    return tuple((~(apart <= allowed) & np.isfinite(ends[0]).all(axis=-1)).tolist())


def _nudged(spec: RaceSpec, racer: RacerSpec) -> RacerSpec:
    x, y = spec.start_of(racer)
    optimizer = racer.optimizer.at_rate(racer.optimizer.learning_rate * (1 + _NUDGE))
    return dataclasses.replace(
        racer, optimizer=optimizer, has_own_start=True, start_x=x * (1 + _NUDGE), start_y=y * (1 - _NUDGE)
    )
