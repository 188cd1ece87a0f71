"""Edits of a race: each gives the race a person meant, leaves the rest as it was, and can be run."""

import dataclasses
import json

import numpy as np
import pytest

from simulations.core.errors import SpecError
from simulations.core.params import hyperparameters
from simulations.documents.race import COLORS, MOST_RACERS, RacerSpec, RaceSpec
from simulations.documents.race_edits import (
    add_racer,
    duplicate_racer,
    has_suggested_rate,
    move_racer,
    next_look,
    rates_to_try,
    remove_racer,
    replace_racer,
    show_all,
    sweep_racer,
    sweep_values,
    sweepable,
    with_method,
    with_surface,
)
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS, SURFACE
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.surfaces.base import SURFACES

load()
ON_A_PLANE = [entry.kind for entry in OPTIMIZERS if set(entry.cls.needs) <= set(SURFACE)]


def race(*kinds, surface="beale"):
    one = SURFACES[surface]()
    spec = RaceSpec("a race", (), one, *one.start)
    for kind in kinds:
        spec = add_racer(spec, kind)
    return spec


def kinds(spec):
    return [one.optimizer.kind for one in spec.racers]


def declared(kind, name):
    return next(one for one in hyperparameters(OPTIMIZERS[kind]()) if one.name == name)


@pytest.mark.parametrize("kind", ON_A_PLANE)
def test_a_new_racer_of_any_method_can_run_everywhere(kind):
    for surface in SURFACES:
        spec = race(kind, surface=surface.kind)
        spec.validate()
        assert has_suggested_rate(spec.racers[0].optimizer, spec.surface)


def test_new_racers_look_different_until_every_look_is_used():
    spec = race(*["sgd"] * 33)
    looks = [(one.color, one.dash) for one in spec.racers]
    assert len(set(looks[:32])) == 32
    assert [color for color, _ in looks[:COLORS]] == list(range(COLORS))
    assert looks[32] == looks[0]


def test_a_look_that_became_free_is_taken_again():
    spec = remove_racer(race("sgd", "adam", "lion"), 1)
    assert next_look(spec.racers) == (1, 0)


def test_a_copy_stands_behind_and_differs_only_in_its_look():
    spec = race("sgd", "adam", "lion")
    after = duplicate_racer(spec, 1)
    assert kinds(after) == ["sgd", "adam", "adam", "lion"]
    first, copy = after.racers[1:3]
    assert (copy.color, copy.dash) != (first.color, first.dash)
    assert copy.unadorned() == first.unadorned()


def test_moving_and_replacing_touch_one_racer():
    spec = race("sgd", "adam", "lion")
    assert kinds(move_racer(spec, 0, 2)) == ["adam", "lion", "sgd"]
    assert kinds(move_racer(spec, 2, 0)) == ["lion", "sgd", "adam"]
    after = replace_racer(spec, 1, dataclasses.replace(spec.racers[1], seed=7))
    assert [one.seed for one in after.racers] == [0, 7, 0]


def test_all_are_shown_or_hidden_at_once():
    spec = show_all(race("sgd", "adam"), False)
    assert [one.is_visible for one in spec.racers] == [False, False]
    assert all(one.is_visible for one in show_all(spec, True).racers)


def test_another_method_keeps_a_rate_that_means_the_same_and_drops_wrappers_it_would_not_notice():
    surface = SURFACES["beale"]()
    racer = RacerSpec(
        OPTIMIZERS["adam"](learning_rate=0.37), wrappers=(WRAPPERS["clip_norm"](), WRAPPERS["lookahead"]())
    )
    assert with_method(racer, OPTIMIZERS["lion"](), surface).optimizer.learning_rate == 0.37
    descent = with_method(racer, OPTIMIZERS["sgd"](), surface)
    assert has_suggested_rate(descent.optimizer, surface)
    assert descent.wrappers == racer.wrappers
    simplex = with_method(racer, OPTIMIZERS["nelder_mead"](), surface)
    assert [one.kind for one in simplex.wrappers] == ["lookahead"]
    same = OPTIMIZERS["adam"](learning_rate=0.2, beta1=0.5)
    assert with_method(racer, same, surface) == dataclasses.replace(racer, optimizer=same)


def test_a_sweep_is_even_on_the_declared_scale():
    rates = sweep_values(declared("adam", "learning_rate"), 1e-3, 10.0, 5)
    np.testing.assert_allclose(rates, [1e-3, 1e-2, 0.1, 1, 10])
    np.testing.assert_allclose(sweep_values(declared("adam", "beta1"), 0.0, 0.9, 4), [0, 0.3, 0.6, 0.9])
    assert sweep_values(declared("adamw", "weight_decay"), 0.0, 0.1, 3) == (0.0, 1e-4, 0.1)
    assert sweep_values(declared("adam", "beta1"), 0.9, 0.0, 2) == (0.9, 0.0)
    assert sweep_values(declared("adam", "beta1"), 0.9, 0.9, 9) == (0.9,)


def test_a_sweep_takes_the_place_of_its_racer():
    spec = race("sgd", "adam", "lion")
    after = sweep_racer(spec, 1, "beta1", (0.0, 0.5, 0.9))
    assert kinds(after) == ["sgd", "adam", "adam", "adam", "lion"]
    assert [one.optimizer.beta1 for one in after.racers[1:4]] == [0.0, 0.5, 0.9]
    looks = [(one.color, one.dash) for one in after.racers]
    assert len(set(looks)) == 5
    assert looks[1] == (spec.racers[1].color, spec.racers[1].dash)
    after.validate()


def test_a_sweep_stops_at_the_most_racers_there_can_be():
    spec = race("sgd", "adam")
    assert len(sweep_racer(spec, 0, "learning_rate", [0.1] * 400).racers) == MOST_RACERS


@pytest.mark.parametrize("kind", ON_A_PLANE)
def test_every_method_has_its_rate_to_sweep_and_every_end_of_a_range_is_allowed(kind):
    names = [one.name for one in sweepable(OPTIMIZERS[kind]())]
    assert "learning_rate" in names
    spec = race(kind)
    for one in sweepable(spec.racers[0].optimizer):
        sweep_racer(spec, 0, one.name, sweep_values(one, one.low, one.high, 5)).validate()


def test_another_surface_brings_its_start_and_rates_that_nobody_chose():
    spec = race("sgd", "adam")
    chosen = dataclasses.replace(spec.racers[1], optimizer=spec.racers[1].optimizer.at_rate(0.123))
    after = with_surface(replace_racer(spec, 1, chosen), SURFACES["schwefel"]())
    assert (after.start_x, after.start_y) == after.surface.start
    assert has_suggested_rate(after.racers[0].optimizer, after.surface)
    assert after.racers[1].optimizer.learning_rate == 0.123


def test_own_starts_keep_their_place_in_the_view():
    spec = race("sgd", surface="sphere")
    view = spec.surface.view
    corner = dataclasses.replace(spec.racers[0], has_own_start=True, start_x=view.x_high, start_y=view.y_low)
    after = with_surface(replace_racer(spec, 0, corner), SURFACES["branin"]())
    view = after.surface.view
    assert (after.racers[0].start_x, after.racers[0].start_y) == (view.x_high, view.y_low)


def test_another_parameter_of_the_same_surface_changes_nothing_else():
    spec = race("sgd", surface="rotated_quadratic")
    steep = dataclasses.replace(spec.surface, condition=500.0)
    assert with_surface(spec, steep) == dataclasses.replace(spec, surface=steep)
    moved = dataclasses.replace(spec, start_x=0.5)
    assert with_surface(moved, steep).start_x == 0.5


def test_a_typed_in_start_takes_the_race_along_until_the_start_is_dragged_away():
    spec = race("sgd", surface="formula")
    elsewhere = dataclasses.replace(spec.surface, start_x=0.25)
    assert with_surface(spec, elsewhere).start_x == 0.25
    dragged = dataclasses.replace(spec, start_x=1.0)
    assert with_surface(dragged, elsewhere).start_x == 1.0


def test_a_typed_in_surface_with_its_table_and_looks_survives_the_file():
    spec = with_surface(race("sgd", "adam"), SURFACES["formula"](text="(x u + y − v)² / π", table="u, v\n1, 2\n2, 3.5"))
    named = dataclasses.replace(spec.racers[1], name="größte 快", color=7, dash=3, is_visible=False)
    spec = replace_racer(spec, 1, named)
    assert RaceSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec


def refusal(**changed):
    with pytest.raises(SpecError) as caught:
        RaceSpec.from_json({**race("sgd", surface="sphere").to_json(), **changed})
    return caught.value


@pytest.mark.parametrize("name", [["a"], 3, None])
def test_a_name_that_is_no_text_is_refused_in_words(name):
    assert str(refusal(name=name)) == f'name: expected "…", got {name}'


def test_what_is_wrong_with_a_formula_is_told_with_its_field_and_place():
    fault = refusal(surface={"kind": "formula", "text": "x^2 + * y"})
    assert (fault.path, str(fault)) == ("surface.text", "surface.text, character 7: “*” is not expected here.")
    assert str(refusal(surface={"kind": "formula", "x_low": 3.0})).startswith("surface: The left edge")
    assert str(refusal(surface={"kind": "formula", "table": "u v"})).startswith("surface: The table has 0 rows")


@pytest.mark.parametrize("kind", [entry.kind for entry in SURFACES])
def test_a_suggested_rate_can_always_be_taken_and_found_by_a_search(kind):
    spec = race("sgd", surface=kind)
    rate, suggested = spec.racers[0].optimizer.learning_rate, spec.surface.suggested_rate("gradient")
    spec.validate()
    assert rate == pytest.approx(suggested, rel=0.06)
    low, high = rates_to_try(spec.racers[0].optimizer, spec.surface)
    assert low < rate < high
    assert low == 1e-6 or low < 0.1 * rate


def test_a_slider_spans_the_usual_rates_and_less_can_be_typed():
    rate = next(one for one in hyperparameters(OPTIMIZERS["sgd"]()) if one.name == "learning_rate")
    assert (rate.low, rate.high, rate.span) == (1e-12, 10.0, (1e-6, 10.0))
