"""Maps asked for as probes: coarse first, finer later, each cell what the race itself would do, left when asked to."""

import dataclasses
from contextlib import nullcontext

import numpy as np
import pytest

from simulations.core.interrupt import Interrupt, Interrupted
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.documents.race_edits import sweepable
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.probes.base import GIVES_WAY, RaceLook
from simulations.racing.probes.basins import SIDES, Basins, Underlay
from simulations.racing.probes.phase import Phase, axis_of
from simulations.racing.probes.rates import Rates, band_of
from simulations.racing.record import Recorder
from simulations.racing.session import RaceSession
from simulations.runtime.race_watching import RaceWatching
from simulations.surfaces.base import SURFACES, Box

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
def test_a_map_gives_way_when_somebody_waits_and_goes_on_afterwards(probe):
    interrupt = Interrupt()
    interrupt.request()
    answers = probe.answers(look_at(SPEC), interrupt)
    first = next(answers)
    assert first is GIVES_WAY or not first.curves
    interrupt.clear()
    assert list(answers)[-1].progress == 1


@pytest.mark.parametrize("probe", PROBES)
def test_a_race_that_is_only_renamed_recoloured_or_hidden_does_not_set_a_map_back(probe):
    interrupt, asked_again = Interrupt(), []

    class Counted(type(probe)):
        def answers(self, look, interrupt):
            asked_again.append(look)
            return super().answers(look, interrupt)

    watching = RaceWatching(interrupt)
    watching.want((Counted(**dataclasses.asdict(probe)),))
    look = look_at(SPEC)
    watching.answer_some(look)
    seen = dataclasses.replace(SPEC.racers[0], name="other", color=5, is_visible=False)
    for racer in (seen, SPEC.racers[0]):
        interrupt.request()  # as every edit does
        is_done = watching.answers[probe.kind].progress == 1  # a quick machine may be
        with nullcontext() if is_done else pytest.raises(Interrupted):
            watching.answer_some(look)
        interrupt.clear()
        race = look.race.called(dataclasses.replace(SPEC, racers=(racer, SPEC.racers[1])))
        look = RaceLook(race, 0)
        watching.answer_some(look)
    while watching.answer_some(look):
        pass
    assert len(asked_again) == 1
    assert watching.answers[probe.kind].progress == 1


def test_basins_of_a_part_of_the_plane_are_those_of_the_starts_in_it():
    box = Box(2.0, 3.0, 1.0, 1.5)
    found = asked(Basins(0, box=box))[-1].map
    assert found.box == box
    row, column = 17, 90
    start = box.lattice(SIDES[-1], SIDES[-1])[row, column]
    racer = dataclasses.replace(SPEC.racers[0], has_own_start=True, start_x=start[0], start_y=start[1])
    np.testing.assert_allclose(found.ends[row, column], end_of(SPEC, racer), rtol=1e-9)
    assert Basins(0, box=box).key(look_at(SPEC)) != Basins(0).key(look_at(SPEC))
    assert Basins(0).key(look_at(SPEC)) == Basins(0, box=SPEC.surface.view).key(look_at(SPEC))


def test_the_basins_under_the_plane_are_those_of_the_map():
    box = Box(-1.0, 2.0, 1.0, 3.0)
    one, other = asked(Underlay(1, box))[-1].map, asked(Basins(1, box=box))[-1].map
    np.testing.assert_array_equal(one.reached, other.reached)


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
