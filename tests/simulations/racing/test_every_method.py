"""Every method, in a race as it is run in the window: it goes downhill, the ones that compare values too."""

import pytest

from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS, SURFACE
from simulations.racing.session import RaceSession
from simulations.surfaces.base import SURFACES

load()

METHODS = [entry.kind for entry in OPTIMIZERS if set(entry.cls.needs) <= set(SURFACE)]


@pytest.mark.parametrize("kind", METHODS)
def test_a_racer_with_its_methods_own_numbers_goes_downhill(kind):
    session = RaceSession(RaceSpec("", (RacerSpec(OPTIMIZERS[kind]()),), SURFACES["booth"](), 4.0, -3.0, 200))
    session.advance(200)
    values = session.curves().values[:, 0]
    assert values[-1] < values[0]
