"""What is drawn on the bars stands where the numbers say, for every cell at once as for one alone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from simulations.probes.histogram import Bins, Histogram, histogram
from simulations.probes.table import HistogramTable
from widgets.plots.histogram_cell import ghost_outlines, position_of
from widgets.plots.histogram_marks import Figures, Places, end_boxes, moment_lines, zero_lines
from widgets.plots.strip_layout import CellAreas, cell_areas


def cell(left: float) -> CellAreas:
    return cell_areas(QRectF(left, 10.0, 200.0, 90.0), True, 30.0, round)


ONES = [
    histogram(np.random.default_rng(1).normal(0.2, 0.5, 400).astype(np.float32), Bins(-1.0, 1.0)),
    histogram(np.array([0.0, 0.0, 0.0, 0.5], np.float32), Bins(-1.0, 1.0)),
    histogram(np.array([1e-4, -1e-3, 0.3, 5.0], np.float32), Bins(-1.0, 1.0, "symlog", 1e-3)),
    histogram(np.array([np.nan, np.nan], np.float32), Bins(-1.0, 1.0)),
]
AREAS = [cell(250.0 * i) for i in range(len(ONES))]


@pytest.mark.parametrize("index", range(len(ONES)))
def test_the_mean_and_the_ends_of_the_whisker_are_where_the_axis_has_them(index: int) -> None:
    one, areas = ONES[index], AREAS[index]
    lines = moment_lines(Figures(HistogramTable.of([one])), Places([areas]), 3.0)
    if not np.isfinite(one.mean):
        assert not len(lines)
        return
    ends = [position_of(float(np.clip(v, -1.0, 1.0)), one, areas.bars) for v in (one.mean - one.sd, one.mean + one.sd)]
    np.testing.assert_allclose(lines[0], [ends[0], areas.bars.top(), ends[1], areas.bars.top()], rtol=1e-9)
    at = position_of(one.mean, one, areas.bars)
    assert len(lines) == 1 + (at is not None)
    if at is not None:
        np.testing.assert_allclose(lines[1], [at, areas.bars.top() - 3, at, areas.bars.top() + 3], rtol=1e-9)


def test_the_bar_of_exact_zeros_is_as_high_as_their_share() -> None:
    zero = AREAS[1].zero
    lines = zero_lines(Figures(HistogramTable.of(ONES)), Places(AREAS))
    assert lines[:, 1].min() == pytest.approx(zero.bottom() - 0.75 * zero.height())
    assert set(lines[:, [0, 2]].ravel()) == {zero.left(), zero.right()}
    assert not len(zero_lines(Figures(HistogramTable.of(ONES[:1])), Places(AREAS[:1])))


def test_what_lies_outside_has_a_bar_at_its_end() -> None:
    (low, high) = ends(ONES[0])
    assert (low[0], high[0]) == (AREAS[0].under.left(), AREAS[0].over.left())
    assert low[3] == pytest.approx(max(2.0, AREAS[0].under.height() * ONES[0].under / 100))
    assert low[1] + low[3] == pytest.approx(AREAS[0].under.bottom())


def ends(one: Histogram) -> np.ndarray:
    boxes: np.ndarray = end_boxes(Figures(HistogramTable.of([one])), np.array([100.0]), False, Places([AREAS[0]]))
    return boxes


def test_many_cells_are_marked_as_each_alone() -> None:
    together = moment_lines(Figures(HistogramTable.of(ONES)), Places(AREAS), 3.0)
    alone = [
        moment_lines(Figures(HistogramTable.of([one])), Places([at]), 3.0) for one, at in zip(ONES, AREAS, strict=True)
    ]
    np.testing.assert_allclose(np.sort(together, axis=0), np.sort(np.concatenate(alone), axis=0))


def test_a_ghost_steps_where_its_counts_do_and_is_scaled_to_as_many_values() -> None:
    ghost = HistogramTable.of([histogram(np.array([0.5, 0.5, 2.5], np.float32), Bins(0.0, 4.0, count=4)), None])
    lines = ghost_outlines(
        ghost, np.array([6.0, 6.0]), np.array([8.0, 8.0]), False, np.array([[0.0, 0.0, 40.0, 80.0]] * 2)
    )
    level = {tuple(line) for line in lines.tolist() if line[1] == line[3]}
    assert level == {(0, 40, 10, 40), (10, 80, 20, 80), (20, 60, 30, 60), (30, 80, 40, 80)}
    rise = {tuple(line) for line in lines.tolist() if line[0] == line[2]}
    assert rise == {(0, 80, 0, 40), (10, 40, 10, 80), (20, 80, 20, 60), (30, 60, 30, 80)}
    assert len(lines) == len(level) + len(rise), "a cell without a ghost has none"
