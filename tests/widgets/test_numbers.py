"""Numbers: read as people type them, written short and alike everywhere."""

from __future__ import annotations

import pytest

from widgets.numbers import format_count, format_in_text, format_number, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.05", 0.05), ("0,05", 0.05), ("1e-3", 1e-3), ("−2", -2.0), (" 7 ", 7.0), ("０，５", 0.5), ("０。５", 0.5)],
)
def test_comma_point_exponent_and_full_width_digits_are_numbers(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "e", "1e", "one", "inf", "nan", "1,2,3"])
def test_other_text_is_no_number(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("value", "text"), [(1e-5, "1e-5"), (0.001, "0.001"), (64, "64"), (0.0, "0"), (2.5e6, "2.5e6")]
)
def test_small_and_large_numbers_are_written_with_powers_of_ten(value, text):
    assert format_number(value) == text


def test_in_a_text_the_minus_sign_is_that_of_print():
    assert [format_in_text(one) for one in (-0.5, 2.6e-5, 3.0)] == ["−0.5", "2.6e−5", "3"]


def test_thousands_of_a_count_stand_apart():
    assert format_count(1234567).split("\u202f") == ["1", "234", "567"]
    assert format_count(-12) == "-12"


def test_long_whole_numbers_are_grouped_and_read_back() -> None:
    assert format_number(1_000_000) == "1\u202f000\u202f000"
    assert parse_number(format_number(1_000_000)) == 1_000_000
    assert format_number(60_000) == "60000"
