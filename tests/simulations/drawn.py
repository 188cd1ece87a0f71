"""What hypothesis draws from the declarations: values, configurations, and layers that fit on each other."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from simulations.core.errors import GradLabError
from simulations.core.params import Hyperparameter, hyperparameters
from simulations.core.registry import Entry
from simulations.core.targets import Targets
from simulations.data.base import DATA_SOURCES, DataSource
from simulations.data.drawn import REACH, PointSet
from simulations.data.files.content import Found
from simulations.data.files.source import ReadSource
from simulations.nn.layers.base import LAYERS, Layer

SMALL = 6  # of every whole number, where a network is trained
_MOST_VALUES = 4_000  # of one sample, between two layers of such a network


def made_sources() -> list[Entry[DataSource]]:
    """The sources that make their samples and need no file."""
    return [entry for entry in DATA_SOURCES if not issubclass(entry.cls, ReadSource)]


def values(one: Hyperparameter, depth: int = 2, most: int | None = None) -> st.SearchStrategy[Any]:
    """In-range values of a declared hyperparameter, whole numbers up to ``most``; stacks at most ``depth`` deep."""
    if one.kind == "stack":
        if depth == 0:
            return st.just(())
        return st.lists(members(one, depth - 1, most), max_size=3).map(tuple)
    if one.kind == "variant":
        return members(one, depth, most)
    if one.kind == "bool":
        return st.booleans()
    if one.kind in ("text", "texts"):
        texts = st.text(max_size=20)
        return texts if one.kind == "text" else st.lists(texts, max_size=3).map(tuple)
    if one.record is PointSet:
        at = st.floats(-REACH, REACH)
        return st.lists(st.tuples(at, at, st.integers(0, 7)), max_size=40).map(lambda points: PointSet(tuple(points)))
    if one.kind == "record":
        return st.sampled_from([one.default, Found((4, 4, 1), Targets.values(("y",)), 7, "0123", ("ink",))])
    if one.kind == "numbers":
        return st.lists(st.floats(one.low, one.high, allow_nan=False), max_size=4).map(tuple)
    choices = st.sampled_from(one.choices) if one.choices else st.nothing()
    if one.low is None:
        return choices
    if one.kind == "float":
        return choices | st.floats(one.low, one.high, allow_nan=False)
    low, high = int(one.low), int(one.high if one.high is not None else one.low)
    return choices | st.integers(low, high if most is None else min(high, max(low, most)))


def members(one: Hyperparameter, depth: int, most: int | None = None) -> st.SearchStrategy[Any]:
    """Members of a hyperparameter's family."""
    kinds = [entry.cls for entry in one.registry or ()]
    return st.sampled_from(kinds).flatmap(lambda cls: configurations(cls, depth, most))


def configurations(cls: type[Any], depth: int = 2, most: int | None = None) -> st.SearchStrategy[Any]:
    """In-range instances of a configuration class."""
    return st.builds(cls, **{one.name: values(one, depth, most) for one in hyperparameters(cls)})


def wrong_values(one: Hyperparameter) -> st.SearchStrategy[Any]:
    """Values no hyperparameter of this kind accepts."""
    wrong: list[st.SearchStrategy[Any]] = [
        st.none(),
        st.just("no such choice"),
        st.lists(st.integers(), min_size=1, max_size=1),
    ]
    if one.kind == "stack":
        return st.one_of(*wrong, st.just((3,)), st.just({}))
    if one.kind == "numbers":
        assert one.low is not None
        return st.sampled_from([None, "no such choice", {}, 3, (one.low / 2,), (1.0, math.nan), (True,), ("1",)])
    if one.kind == "variant":
        return st.one_of(*wrong)
    if one.kind == "bool":
        return st.one_of(*wrong, st.integers())
    if one.kind in ("text", "texts", "record"):
        wrong.append(st.sampled_from([3, True, [3], "x" * (int(one.high or 0) + 1)]))
        return st.one_of(wrong[0], *wrong[2:])
    wrong += [st.booleans(), st.sampled_from([math.nan, math.inf, -math.inf, 10**400])]
    if one.low is not None and one.high is not None:
        wrong.append(st.integers(max_value=math.ceil(one.low) - 1))
        wrong.append(st.integers(min_value=math.floor(one.high) + 1))
        if one.kind == "int":
            wrong.append(st.just(one.low + 0.5))
    return st.one_of(*wrong)


def layers(most: int | None = SMALL) -> st.SearchStrategy[Layer]:
    """Any layer with any hyperparameters, whole numbers up to ``most``."""
    return st.sampled_from([entry.cls for entry in LAYERS]).flatmap(lambda cls: configurations(cls, 1, most))


@st.composite
def fitting_layers(draw: st.DrawFn, shape: tuple[int, ...], most_layers: int = 5) -> tuple[Layer, ...]:
    """Up to ``most_layers`` small layers that take ``shape`` and fit on each other; as declared where what is drawn does
    not fit."""
    found: list[Layer] = []
    for _ in range(draw(st.integers(0, most_layers))):
        kinds = [entry.cls for entry in LAYERS if _after(entry.cls(), shape)]
        cls = draw(st.sampled_from(kinds))
        layer = draw(configurations(cls, 1, SMALL))
        if not _after(layer, shape):
            layer = cls()
        found.append(layer)
        shape = _after(layer, shape)
    return tuple(found)


def _after(layer: Layer, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape after ``layer``; empty where it does not fit or grows too large."""
    try:
        after = layer.output_shape(shape)
    except GradLabError:
        return ()
    return after if math.prod(after) <= _MOST_VALUES else ()
