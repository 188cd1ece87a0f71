"""The views of values and sequences: the numbers they export, the colours they give, and which view comes for which data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from simulations.core.targets import Targets
from simulations.data.functions import Relief, Wave
from simulations.data.sequences import Adding, Copy, Echo
from simulations.data.tables import Iris
from simulations.families import load
from simulations.probes.answers import FitAnswer, HeightsAnswer, PredictionsAnswer, SequencesAnswer
from tests.simulations.drawn import made_sources
from widgets.panels.train.output import views_of
from widgets.plots.colormap import viridis
from widgets.plots.fit import FitView
from widgets.plots.heights import HeightsView
from widgets.plots.keys import ColorKey
from widgets.plots.plane_frame import frame_in
from widgets.plots.predictions import PredictionsView
from widgets.plots.scatter import value_colors, value_range
from widgets.plots.sequence_rows import SequenceRows
from widgets.plots.sequences import SequencesView
from widgets.theme import DARK, LIGHT, Look

load()
RNG = np.random.default_rng(0)


def heights() -> HeightsAnswer:
    """A plane that rises with x from −1 to 1."""
    x, _y = np.meshgrid(np.linspace(-1, 1, 11), np.linspace(-1, 1, 11))
    points = RNG.uniform(-1, 1, (40, 2))
    values = np.append(points[:-2, 0], [-1.0, 1.0])
    return HeightsAnswer(1, x, (-1.0, 1.0, -1.0, 1.0), points, values, RNG.random(40) < 0.3, "y", "", ("x₁", "x₂"))


def fit() -> FitAnswer:
    x, points = np.linspace(-1, 1, 60), RNG.uniform(-1, 1, 30)
    return FitAnswer(1, x, x**2, points, points**2, RNG.random(30) < 0.3, "y", "m", "x")


def predictions() -> PredictionsAnswer:
    truth = RNG.uniform(0, 2, (50, 2))
    return PredictionsAnswer(1, truth, truth + 0.1, ("a", "b"), "")


def sequences(source: Any) -> SequencesAnswer:
    data = source.generate(np.random.default_rng(0))
    said = data.targets[:6].copy()
    if source.targets.kind == "classes":
        said[0, 0] = 1
    return SequencesAnswer(1, data.inputs[:6], data.targets[:6], said, source.targets, source.feature_names)


VIEWS = [
    (HeightsView, heights()),
    (FitView, fit()),
    (PredictionsView, predictions()),
    *((SequencesView, sequences(source)) for source in (Copy(samples=20), Adding(samples=20), Echo(samples=20))),
]


def shown(qtbot: Any, view: Any, answer: Any) -> Any:
    made = view(Look(LIGHT))
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show_answer(answer)
    return made


def painted(view: Any, theme: Any) -> QImage:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    view.draw(painter, QRectF(0, 0, 400, 300), theme)
    painter.end()
    return image


@pytest.mark.parametrize(("view", "answer"), VIEWS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_view_draws_and_exports_the_same_thing(qtbot: Any, view: Any, answer: Any, theme: Any) -> None:
    made = shown(qtbot, view, answer)
    image = painted(made, theme)
    assert len({image.pixel(x, y) for x in range(0, 400, 4) for y in range(0, 300, 4)}) > 3
    assert len({len(column) for column in made.table().columns.values()}) == 1
    assert made.has_answer()
    made.show_answer(None)
    assert not made.has_answer()
    painted(made, theme)


def test_heights_export_the_grid_and_the_samples(qtbot: Any) -> None:
    answer = heights()
    columns = shown(qtbot, HeightsView, answer).table().columns
    is_grid = columns["what"] == "grid"
    np.testing.assert_array_equal(columns["predicted"][is_grid], answer.heights.ravel())
    np.testing.assert_array_equal(columns["true"][~is_grid], answer.values)


def test_the_plane_has_the_colour_that_the_key_gives_its_height(qtbot: Any) -> None:
    answer = heights()
    made = shown(qtbot, HeightsView, HeightsAnswer(**{**vars(answer), "is_validation": answer.is_validation}))
    image = made.plane(LIGHT)
    for column, height in ((0, -1.0), (5, 0.0), (10, 1.0)):
        expected = np.rint(viridis(np.array((height + 1) / 2)))
        assert QColor(image.pixel(column, 3)).getRgb()[:3] == tuple(int(one) for one in expected)


def test_the_pointer_reads_the_height_under_it(qtbot: Any) -> None:
    made = shown(qtbot, HeightsView, heights())
    painter = QPainter(image := QImage(400, 300, QImage.Format.Format_RGB32))
    scatter = made.scatter()
    frame = frame_in(painter, QRectF(image.rect()), LIGHT, (-1.0, 1.0, -1.0, 1.0), scatter.key, scatter.axes)
    painter.end()
    assert made.text_at(QPointF(frame.plane.right() - 1, frame.plane.center().y())).endswith("predicted y 1")
    assert made.text_at(QPointF(1, 1)) == ""


def test_equal_values_still_have_a_scale() -> None:
    low, high = value_range(np.full(4, 3.0))
    assert low < 3.0 < high
    assert value_colors(np.array([np.nan]), (0.0, 1.0)).tolist() == [[128.0] * 3]


def test_magnitude_grows_brighter() -> None:
    luminance = viridis(np.linspace(0, 1, 50)) @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(luminance) > 0).all()


def test_a_key_of_colours_stands_beside_the_plane(qtbot: Any) -> None:
    painter = QPainter(image := QImage(200, 400, QImage.Format.Format_RGB32))
    key = ColorKey(0.0, 1.0, "y")
    frame = frame_in(painter, QRectF(image.rect()), LIGHT, (0.0, 1.0, 0.0, 1.0), key, ("x₁", "a long name [cm]"))
    painter.end()
    assert frame.key.left() > frame.plane.right()
    assert QRectF(image.rect()).contains(frame.key)


def test_features_that_are_zero_or_one_are_rows_of_dots_and_the_others_lines() -> None:
    adding, copy = sequences(Adding(samples=20)), sequences(Copy(samples=20))
    rows = SequenceRows(adding.inputs, adding.targets, adding.wanted, adding.feature_names)
    assert (rows.lines, rows.binary) == ((0,), (1,))
    rows = SequenceRows(copy.inputs, copy.targets, copy.wanted, copy.feature_names)
    assert (rows.lines, rows.binary) == ((), (0, 1, 2, 3, 4))


def test_a_wrong_step_is_crossed_out(qtbot: Any) -> None:
    answer = sequences(Copy(samples=20))
    right = SequencesAnswer(**{**vars(answer), "predictions": answer.targets})
    pictures = [painted(shown(qtbot, SequencesView, one), LIGHT) for one in (answer, right)]
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("entry", made_sources(), ids=lambda entry: entry.kind)
def test_every_data_set_has_a_view(entry: Any) -> None:
    assert views_of(entry.cls())


@pytest.mark.parametrize(
    ("source", "views"),
    [
        (Relief(), ("heights", "predictions")),
        (Wave(), ("fit", "predictions")),
        (Copy(), ("sequences", "confusion")),
        (Adding(), ("sequences", "predictions")),
        (Iris(), ("confusion",)),
        (Iris(features="pair"), ("boundary", "confusion")),
    ],
)
def test_the_most_telling_view_comes_first(source: Any, views: tuple[str, ...]) -> None:
    assert views_of(source) == views


def test_a_number_for_a_whole_sequence_is_repeated_on_its_steps(qtbot: Any) -> None:
    answer = sequences(Adding(samples=20))
    columns = shown(qtbot, SequencesView, answer).table().columns
    assert columns["wanted sum"][:20].tolist() == [answer.targets[0, 0]] * 20
    assert Targets.values(("sum",)) == answer.wanted
