"""What racers are called and how they look: told apart by eye, by name, and without colour."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtGui import QColor

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
    assert racer_pen(DARK, racer, 2.0).color() == DARK.racer_color(1)
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


# linear sRGB → cones → OKLab (Ottosson 2020), and what a deuteranope and a protanope see of linear sRGB (Machado, Oliveira &
# Fernandes 2009, severity 1)
_CONES = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])  # fmt: skip
_LAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])  # fmt: skip
_SEEN = {
    "all cones": np.eye(3),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
}  # fmt: skip


def oklab(color: QColor, seen: np.ndarray) -> np.ndarray:
    value = np.array(color.getRgbF()[:3])
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    found: np.ndarray = _LAB @ np.cbrt(_CONES @ np.clip(seen @ linear, 0, 1))
    return found


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("eye", "least"), [("all cones", 0.15), ("deuteranopia", 0.1), ("protanopia", 0.09)])
def test_any_two_racers_colours_are_told_apart(theme: Theme, eye: str, least: float) -> None:
    """In OKLab a difference of 0.02 is just seen; black and white are 1 apart. Nor is one lost on the panel."""
    colors = [oklab(theme.racer_color(index), _SEEN[eye]) for index in range(COLORS)]
    colors.append(oklab(theme.color("panel"), _SEEN[eye]))
    apart = [float(np.linalg.norm(one - other)) for i, one in enumerate(colors) for other in colors[:i]]
    assert min(apart) > least
