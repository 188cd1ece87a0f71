"""An animation shows every moment it promises, in the colours of the plot, for as long as it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter

from app.exporters import EXPORTERS, ExportOptions, export_plot
from app.exporters.base import Animation
from app.exporters.gif_stream import TAIL, GifStream
from simulations.core.errors import FileError
from widgets.plot import MovingPlot, Plot, Table
from widgets.theme import Theme

SERIES = [QColor("#0072B2"), QColor("#D55E00"), QColor("#009E73"), QColor("#CC79A7")]
COUNT = 60


class Walk:
    """A smooth ground of a thousand colours, and four dots of their own colours that walk to the right."""

    plot_id = "walk"

    def plot_title(self) -> str:
        return "A walk"

    def plot_size(self) -> QSize:
        return QSize(200, 120)

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        self.draw_moment(painter, rect, theme, COUNT - 1)

    def moments(self) -> int:
        return COUNT

    def draw_moment(self, painter: QPainter, rect: QRectF, theme: Theme, moment: int) -> None:
        for column in range(int(rect.width())):
            shade = QColor.fromHsvF(column / rect.width() * 0.7, 0.5, 0.9)
            painter.fillRect(QRectF(rect.x() + column, rect.y(), 1, rect.height()), shade)
        for row, color in enumerate(SERIES):
            at = QPointF(rect.x() + moment * 3, rect.y() + 10 + 25 * row)
            painter.fillRect(QRectF(at, QSize(6, 6).toSizeF()), color)

    def table(self) -> Table:
        return Table({})


class Still(Walk):
    def moments(self) -> int:
        return 1


def frames(file: Path) -> tuple[list[np.ndarray], list[int]]:
    found, durations = [], []
    with Image.open(file) as image:
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            durations.append(image.info["duration"])
            found.append(np.asarray(image.convert("RGB")).astype(int))
    return found, durations


@pytest.fixture
def written(qapp: object, tmp_path: Path) -> tuple[list[np.ndarray], list[int]]:
    animation = Animation(seconds=2.0, frames_per_second=10, hold_s=1.0)
    export_plot(Walk(), tmp_path / "a.gif", ExportOptions(scale=1, caption="seed 0", animation=animation))
    return frames(tmp_path / "a.gif")


def test_a_walk_is_a_moving_plot() -> None:
    assert isinstance(Walk(), MovingPlot)


def test_it_takes_the_time_it_says_and_rests_at_the_end(written: tuple[list[np.ndarray], list[int]]) -> None:
    found, durations = written
    assert len(found) == 20
    assert durations == [100] * 19 + [1100]


def test_first_and_last_moment_are_shown(written: tuple[list[np.ndarray], list[int]]) -> None:
    found, _ = written
    blue = SERIES[0].getRgb()[:3]
    columns = [np.flatnonzero((one == blue).all(axis=-1).any(axis=0)) for one in (found[0], found[-1])]
    assert columns[1].min() - columns[0].min() == 3 * (COUNT - 1)
    assert len(columns[0]) == 6


def test_colours_of_lines_are_exact_and_smooth_ground_does_not_band(
    written: tuple[list[np.ndarray], list[int]],
) -> None:
    found, _ = written
    for one in (found[0], found[10], found[-1]):
        for color in SERIES:
            assert (one == color.getRgb()[:3]).all(axis=-1).sum() >= 25
        assert (one[3, 3] == 255).all(), "white paper is white"
    ground = found[0][-40, 12:212]
    wanted = np.array([QColor.fromHsvF(i / 200 * 0.7, 0.5, 0.9).getRgb()[:3] for i in range(200)])
    assert np.abs(ground - wanted).max() <= 6


def test_what_passed_leaves_no_trace(written: tuple[list[np.ndarray], list[int]]) -> None:
    found, _ = written
    for color in SERIES:
        assert (found[-1] == color.getRgb()[:3]).all(axis=-1).sum() <= 36


def test_progress_is_told_and_grows(qapp: object, tmp_path: Path) -> None:
    shares: list[float] = []
    export_plot(Walk(), tmp_path / "a.gif", ExportOptions(scale=1, animation=Animation(seconds=0.5)), shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(shares) > 10


def test_more_frames_than_moments_show_each_moment_once(qapp: object, tmp_path: Path) -> None:
    export_plot(Walk(), tmp_path / "a.gif", ExportOptions(scale=1, animation=Animation(seconds=6.0)))
    found, durations = frames(tmp_path / "a.gif")
    assert len(found) == COUNT
    assert set(durations[:-1]) == {100}


@pytest.mark.parametrize(("plot", "suits"), [(Walk(), True), (Still(), False)])
def test_only_what_moves_can_be_an_animation(plot: Plot, suits: bool) -> None:
    assert EXPORTERS["gif"]().suits(plot) is suits
    assert EXPORTERS["png"]().suits(plot)


def test_what_does_not_move_is_refused_with_the_endings_it_can_have(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"must be one of \.png, \.svg, \.pdf, \.csv$"):
        export_plot(Still(), tmp_path / "a.gif")
    assert not list(tmp_path.iterdir())


def test_frames_that_are_alike_cost_almost_nothing() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (120, 160, 3), np.uint8)
    stream = GifStream([pixels], loops=False)
    content = [stream.head(), stream.frame(pixels, 50)]
    same = stream.frame(pixels, 50)
    assert len(same) < 60 < len(content[1])
    assert b"NETSCAPE" not in stream.head()
    assert TAIL == b";"
