"""Ticks are round, inside the axis, few enough to fit, and written so that they can be told apart."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.plots.ticks import integer_ticks, linear_ticks, log_tick_texts, log_ticks, tick_texts, value_text

ranges = st.tuples(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 12)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2])
)


@given(ranges)
def test_ticks_lie_inside_and_fit(drawn: tuple[float, float, int]) -> None:
    low, high, most = drawn
    ticks = linear_ticks(low, high, most)
    slack = (high - low) * 1e-6 + abs(high) * 1e-9
    assert len(ticks) <= most + 1
    assert all(low - slack <= tick <= high + slack for tick in ticks)


@given(st.floats(-6, 6), st.floats(0.05, 12), st.integers(2, 12))
def test_log_ticks_lie_inside(low: float, span: float, most: int) -> None:
    assert all(low - 1e-6 <= tick <= low + span + 1e-6 for tick in log_ticks(low, low + span, most))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 3), (0, 2345), (0.9, 1.0), (1e-6, 2e-6), (0, 5e7)])
def test_texts_differ_wherever_ticks_do(low: float, high: float) -> None:
    texts = tick_texts(linear_ticks(low, high, 8))
    assert len(set(texts)) == len(texts) >= 2


def test_an_axis_of_nothing_has_no_ticks() -> None:
    assert linear_ticks(1.0, 1.0, 5) == []
    assert linear_ticks(math.nan, 1.0, 5) == []
    assert log_ticks(-math.inf, 1.0, 5) == []
    assert tick_texts([]) == []


def test_counted_things_have_whole_ticks() -> None:
    assert integer_ticks(0, 2, 8) == [0, 1, 2]


def test_decades_come_first_on_a_log_axis() -> None:
    assert log_ticks(-4, 2, 8) == [-4, -3, -2, -1, 0, 1, 2]
    assert log_tick_texts([-6, -2, 0, 3]) == ["10⁻⁶", "0.01", "1", "1\u202f000"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.08213, "0.0821"),
        (-1.5, "−1.5"),
        (1240.0, "1\u202f240"),
        (2.5e-7, "2.5·10⁻⁷"),
        (1e9, "10⁹"),
        (math.nan, "–"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_a_readout_is_short(value: float, text: str) -> None:
    assert value_text(value) == text


def test_the_text_of_a_value_is_near_it() -> None:
    for value in np.random.default_rng(0).lognormal(sigma=2, size=200):
        if 1e-4 <= value < 1e3:
            assert float(value_text(float(value))) == pytest.approx(value, rel=6e-3)


def test_ticks_a_hundred_millionth_apart_are_told_apart() -> None:
    texts = tick_texts(linear_ticks(2.0, 2.0 + 6e-8, 6))
    assert len(set(texts)) == len(texts) > 3
