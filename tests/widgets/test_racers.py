"""What racers are called and how they look: told apart by eye, by name, and without colour."""

from __future__ import annotations

import dataclasses

import pytest

from simulations.documents.race import COLORS, DASHES, RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.verdicts import Verdict
from simulations.surfaces.base import SURFACES
from widgets.racers import racer_color, racer_label, racer_labels, racer_pen, verdict_mark
from widgets.theme import DARK, LIGHT, Theme

load()


def labels(*racers: RacerSpec) -> list[str]:
    surface = SURFACES["sphere"]()
    spec = RaceSpec("race", racers, surface, *surface.start)
    assert [racer_label(spec, index) for index in range(len(racers))] == list(racer_labels(spec))
    return list(racer_labels(spec))


def adam(rate: float = 0.01, **more: object) -> RacerSpec:
    changed = {name: more.pop(name) for name in ("beta1", "bias_correction") if name in more}
    return RacerSpec(OPTIMIZERS["adam"](learning_rate=rate, **changed), **more)


def test_a_racer_is_called_after_its_method_and_rate_or_as_a_person_wishes():
    assert labels(adam(), adam(1e-5), adam(name="mine")) == ["Adam 0.01", "Adam 1e-5", "mine"]


def test_equal_names_are_told_apart_by_what_differs():
    assert labels(adam(), adam(beta1=0.5)) == ["Adam 0.01 · β₁ 0.9", "Adam 0.01 · β₁ 0.5"]
    cosine = SCHEDULES["cosine"]()
    assert labels(adam(), adam(schedule=cosine), adam(0.1))[1:] == [
        labels(adam(), adam(schedule=cosine))[1],
        "Adam 0.1",
    ]
    clipped = labels(adam(), adam(wrappers=(WRAPPERS["clip_norm"](),)))
    assert clipped[0] == "Adam 0.01"
    assert clipped[1].startswith("Adam 0.01 · ")
    assert labels(adam(seed=1), adam(seed=2)) == ["Adam 0.01 · seed 1", "Adam 0.01 · seed 2"]
    assert labels(adam(batch_size=8), adam()) == ["Adam 0.01 · batch 8", "Adam 0.01"]
    starts = labels(adam(has_own_start=True, start_x=1.0, start_y=2.0), adam())
    assert starts == ["Adam 0.01 · (1, 2)", "Adam 0.01"]


def test_racers_of_one_name_are_told_apart_by_their_methods():
    one = RacerSpec(OPTIMIZERS["sgd"](), name="a")
    assert labels(one, adam(name="a"))[1].startswith("a · Adam")


def test_racers_that_differ_in_nothing_are_numbered():
    same = dataclasses.replace(adam(), color=3, dash=1, is_visible=False)
    assert labels(adam(), same, adam(0.1)) == ["Adam 0.01 #1", "Adam 0.01 #2", "Adam 0.1"]


def test_every_look_is_another():
    looks = {
        (racer_color(LIGHT, one).name(), tuple(racer_pen(LIGHT, one, 2.0).dashPattern()))
        for color in range(COLORS)
        for dash in range(DASHES)
        for one in [adam(color=color, dash=dash)]
    }
    assert len(looks) == COLORS * DASHES


def test_a_pen_follows_the_theme_and_grows_with_its_strokes():
    racer = adam(color=1)
    assert racer_pen(DARK, racer, 2.0).color() == DARK.class_color(1)
    assert racer_pen(Theme("light", stroke=3.0), racer, 2.0).widthF() == 6.0
    assert racer_pen(LIGHT, racer, 2.0).isCosmetic()


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_sign_of_its_own_and_words(verdict):
    mark = verdict_mark(verdict)
    assert mark.words
    assert sum(verdict_mark(other).sign == mark.sign for other in Verdict) == 1
    LIGHT.color(mark.role)


def test_racers_told_apart_by_one_thing_are_told_apart_by_the_next_among_themselves() -> None:
    cosine = [RacerSpec(OPTIMIZERS["sgd"](), schedule=SCHEDULES["cosine"](steps=steps)) for steps in (100, 200)]
    spec = RaceSpec("a race", (RacerSpec(OPTIMIZERS["sgd"]()), *cosine), SURFACES["sphere"](), 0.0, 0.0, 5)
    assert racer_labels(spec) == ("SGD 0.01", "SGD 0.01 · Cosine · Length 100", "SGD 0.01 · Cosine · Length 200")
