"""Maps asked for as probes: coarse first, finer later, each cell what the race itself would do, left when asked to."""

import dataclasses

import numpy as np
import pytest

from simulations.core.interrupt import Interrupt, Interrupted
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.documents.race_edits import sweepable
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.probes.base import RaceLook
from simulations.racing.probes.basins import SIDES, Basins
from simulations.racing.probes.phase import Phase, axis_of
from simulations.racing.probes.rates import Rates, band_of
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.surfaces.base import SURFACES

load()

SPEC = RaceSpec(
    "",
    (
        RacerSpec(OPTIMIZERS["momentum"](learning_rate=0.01)),
        RacerSpec(OPTIMIZERS["adam"](learning_rate=0.1), has_own_start=True, start_x=1.0, start_y=-2.0),
    ),
    SURFACES["himmelblau"](),
    -1.0,
    0.5,
    60,
)
PROBES = [Basins(0), Basins(1, is_timed=True), Rates(), Rates(1), Phase(0), Phase(1, "beta1", "beta2")]


def look_at(spec):
    session = RaceSession(spec)
    session.advance(spec.steps)
    return RaceLook(Recorder(session).record(), 0)


def asked(probe, spec=SPEC):
    return list(probe.answers(look_at(spec), Interrupt()))


def end_of(spec, racer):
    session = RaceSession(dataclasses.replace(spec, racers=(racer,)))
    session.advance(spec.steps)
    return session.answers[-1, 0]


@pytest.mark.parametrize("probe", PROBES)
def test_answers_get_finer_and_say_how_far_they_are(probe):
    found = asked(probe)
    shares = [one.progress for one in found]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(found) >= 2


@pytest.mark.parametrize("probe", PROBES)
def test_a_map_is_left_when_somebody_waits(probe):
    interrupt = Interrupt()
    interrupt.request()
    with pytest.raises(Interrupted):
        list(probe.answers(look_at(SPEC), interrupt))


@pytest.mark.parametrize("probe", PROBES)
def test_an_answer_holds_until_what_it_is_made_of_changes(probe):
    before = probe.key(look_at(SPEC))
    seen = dataclasses.replace(SPEC, racers=tuple(dataclasses.replace(one, color=3, name="x") for one in SPEC.racers))
    assert probe.key(look_at(seen)) == before
    assert probe.key(look_at(dataclasses.replace(SPEC, steps=61))) != before
    assert probe.key(look_at(dataclasses.replace(SPEC, surface=SURFACES["beale"]()))) != before


def test_basins_do_not_depend_on_the_start_and_sweeps_do():
    moved = dataclasses.replace(SPEC, start_x=2.0)
    assert Basins(0).key(look_at(moved)) == Basins(0).key(look_at(SPEC))
    assert Phase(0).key(look_at(moved)) != Phase(0).key(look_at(SPEC))
    assert Rates(0).key(look_at(moved)) != Rates(0).key(look_at(SPEC))


@pytest.mark.parametrize("probe", PROBES)
def test_a_race_without_racers_has_no_maps(probe):
    nobody = dataclasses.replace(SPEC, racers=())
    assert all(not getattr(one, "curves", ()) for one in asked(probe, nobody))


def test_a_cell_of_the_basins_is_the_end_of_the_race_from_there():
    found = asked(Basins(0))[-1].map
    starts = SPEC.surface.view.lattice(SIDES[-1], SIDES[-1])
    x, y = starts[30, 99].tolist()
    racer = dataclasses.replace(SPEC.racers[0], has_own_start=True, start_x=x, start_y=y)
    np.testing.assert_allclose(found.ends[30, 99], end_of(SPEC, racer), rtol=1e-9)


def test_a_rate_of_a_sweep_is_the_race_with_that_rate_from_the_racers_own_start():
    curve = asked(Rates(1))[-1].curves[0]
    racer = SPEC.racers[1]
    racer = dataclasses.replace(racer, optimizer=racer.optimizer.at_rate(float(curve.rates[170])))
    assert curve.gaps[170] == pytest.approx(float(SPEC.surface.value(end_of(SPEC, racer))), rel=1e-6)


def test_a_cell_of_the_phase_map_is_the_race_with_those_numbers():
    found = asked(Phase(0))[-1]
    row, column = 70, 40
    method = OPTIMIZERS["momentum"](learning_rate=float(found.across[column]), momentum=float(found.up[row]))
    end = end_of(SPEC, dataclasses.replace(SPEC.racers[0], optimizer=method))
    assert found.gaps[row, column] == pytest.approx(float(SPEC.surface.value(end)), rel=1e-6)


def test_the_band_is_the_widest_run_of_usable_rates():
    rates = np.geomspace(1e-3, 1e3, 7)
    found = band_of(rates, np.array([1, 0, 1, 1, 1, 0, 1], bool))
    assert (found.low, found.high) == pytest.approx((0.1, 10.0))
    assert found.decades == pytest.approx(3)
    assert band_of(rates, np.zeros(7, bool)) is None


@pytest.mark.parametrize("entry", OPTIMIZERS, ids=lambda entry: entry.kind)
def test_every_number_of_every_method_has_an_axis(entry):
    for one in sweepable(entry.cls()):
        axis = axis_of(one, 9)
        assert np.isfinite(axis).all()
        assert (np.diff(axis) > 0).all()
        for value in axis.tolist():
            one.check(min(max(value, one.low), one.high), one.name)
