"""A table of histograms gives back every histogram it was made of."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simulations.probes.histogram import Bins, histogram
from simulations.probes.table import HistogramTable

RNG = np.random.default_rng(0)
ONES = [
    histogram(RNG.normal(size=500).astype(np.float32), Bins(-1.5, 3.0)),
    histogram(np.array([1e-4, -1e-3, 0.3, 5.0], np.float32), Bins(-1.0, 1.0, "symlog", 1e-3), population=400),
    None,
    histogram(np.array([np.nan, np.inf, -np.inf, 0.0, 2.0], np.float32), Bins(0.0, 1.0)),
]


@pytest.mark.parametrize("row", range(len(ONES)))
def test_a_row_is_the_histogram_it_was_made_of(row: int) -> None:
    one, found = ONES[row], HistogramTable.of(ONES).histogram(row)
    if one is None:
        assert found is None
        return
    assert found is not None
    for field in dataclasses.fields(one):
        np.testing.assert_array_equal(getattr(found, field.name), getattr(one, field.name), field.name)


def test_tables_are_equal_where_every_number_is() -> None:
    table, other = HistogramTable.of(ONES), HistogramTable.of([*ONES[:-1], ONES[0]])
    assert table.equals(HistogramTable.of(ONES))
    assert not table.equals(other)
    assert table.bad.tolist()[-1] == 3
