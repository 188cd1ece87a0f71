"""Exports hold what the screen shows: the words, the picture at its scale, the exact numbers, and who made them."""

from __future__ import annotations

import csv
import errno
import io
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.exporters import EXPORTERS, ExportOptions, export_plot
from app.exporters.csv import text
from simulations.core.errors import FileError
from widgets.plot import Plot, Table, TitledPlot
from widgets.plots.gates import GatesPlot
from widgets.plots.histogram_large import CellPlot
from widgets.plots.ridge import RidgePlot
from widgets.theme import DARK, Look, Theme

CAPTION = "digits-cnn · step 12 · Learning rate 0.001 · 种子 0"
RED = QColor(200, 0, 0)


class Sample:
    """A plot with an axis word, a one-pixel cosmetic red line through the middle and float32 numbers."""

    plot_id = "sample"

    def plot_title(self) -> str:
        return "Loss over time"

    def plot_size(self) -> QSize:
        return QSize(300, 100)

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        pen = QPen(RED, theme.stroke)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLine(rect.left(), rect.center().y(), rect.right(), rect.center().y())
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font(9))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignBottom), "seconds [s]")

    def table(self) -> Table:
        return Table(
            {
                "step": np.array([1, 2, 3, 4]),
                "loss": np.array([0.1, 1 / 3, np.nan, np.inf], np.float32),
                "损失": np.array([1e-300, -0.0, 2.0, 5e17]),
                "class": np.array(["a,b", 'c"d', "e", "f"]),
            }
        )


@pytest.fixture
def plot(qapp: object) -> Plot:
    return Sample()


def read(content: str) -> list[list[str]]:
    return list(csv.reader(line for line in io.StringIO(content.removeprefix("\ufeff")) if not line.startswith("#")))


@pytest.mark.parametrize("kind", [kind for kind in EXPORTERS.kinds() if not EXPORTERS[kind].moves])
def test_every_format_writes_a_file_and_nothing_beside_it(plot: Plot, tmp_path: Path, kind: str) -> None:
    export_plot(plot, tmp_path / f"a.{kind}", ExportOptions(caption=CAPTION))
    assert os.listdir(tmp_path) == [f"a.{kind}"]
    assert (tmp_path / f"a.{kind}").stat().st_size > 50


def test_csv_reads_back_to_the_very_numbers(plot: Plot, tmp_path: Path) -> None:
    export_plot(plot, tmp_path / "a.csv", ExportOptions(caption=CAPTION))
    header, *rows = read((tmp_path / "a.csv").read_text("utf-8"))
    columns = plot.table().columns
    assert header == list(columns)
    for name, cells in zip(header, zip(*rows, strict=True), strict=True):
        np.testing.assert_array_equal(np.array(cells).astype(columns[name].dtype), columns[name])


def test_csv_has_the_caption_in_a_comment_line_and_only_when_asked(plot: Plot, tmp_path: Path) -> None:
    export_plot(plot, tmp_path / "with.csv", ExportOptions(caption="one\ntwo"))
    export_plot(plot, tmp_path / "without.csv", ExportOptions())
    assert (tmp_path / "with.csv").read_text("utf-8-sig").startswith("# one two\nstep,")
    assert (tmp_path / "without.csv").read_text("utf-8-sig").startswith("step,")


def test_csv_beyond_ascii_tells_excel_that_it_is_utf8(plot: Plot, tmp_path: Path) -> None:
    export_plot(plot, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_copied_numbers_are_the_table_separated_by_tabs(plot: Plot) -> None:
    assert text(plot, "\t").splitlines()[0].split("\t") == list(plot.table().columns)


def test_svg_keeps_words_as_text(plot: Plot, tmp_path: Path) -> None:
    export_plot(plot, tmp_path / "a.svg", ExportOptions(caption="seed 7"))
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    words = " ".join("".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text"))
    for expected in ("Loss over time", "seconds [s]", "seed 7"):
        assert expected in words
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Loss over time"
    assert root.findtext("{http://www.w3.org/2000/svg}desc") == "seed 7"


def test_svg_names_a_font_that_every_browser_has(plot: Plot, tmp_path: Path) -> None:
    export_plot(plot, tmp_path / "a.svg")
    families = re.findall(r'font-family="([^"]*)"', (tmp_path / "a.svg").read_text("utf-8"))
    assert families
    assert all(one.endswith("sans-serif") for one in families)


def test_pdf_is_one_page_of_the_pictures_size(plot: Plot, tmp_path: Path) -> None:
    export_plot(plot, tmp_path / "a.pdf")
    content = (tmp_path / "a.pdf").read_bytes()
    (box,) = re.findall(rb"/MediaBox \[([\d. ]+)\]", content)
    left, bottom, right, top = map(float, box.split())
    assert (left, bottom) == (0, 0)
    assert right == pytest.approx(324 * 0.75, abs=1)  # 300 px and two margins of 12 at 96 per inch
    assert 100 * 0.75 < top < 200 * 0.75


@pytest.mark.parametrize("scale", [1, 2, 3, 4])
def test_png_grows_strokes_with_the_picture(plot: Plot, tmp_path: Path, scale: int) -> None:
    export_plot(plot, tmp_path / "a.png", ExportOptions(scale=scale, caption=CAPTION))
    image = QImage(str(tmp_path / "a.png"))
    assert image.width() == 324 * scale
    x = image.width() // 2
    assert sum(image.pixelColor(x, y) == RED for y in range(image.height())) == scale
    assert image.text("Description") == CAPTION
    assert image.text("Title") == "Loss over time"


def test_light_background_holds_whatever_the_window_looks_like(plot: Plot, tmp_path: Path) -> None:
    for light, expected in ((True, "#FFFFFF"), (False, DARK.color("panel").name())):
        export_plot(plot, tmp_path / "a.png", ExportOptions(light=light, theme=DARK))
        assert QImage(str(tmp_path / "a.png")).pixelColor(2, 2) == QColor(expected)


def test_a_long_caption_wraps_instead_of_being_cut(plot: Plot, tmp_path: Path) -> None:
    heights = []
    for caption in ("", "short", "a rather long caption " * 12):
        export_plot(plot, tmp_path / "a.png", ExportOptions(scale=1, caption=caption))
        heights.append(QImage(str(tmp_path / "a.png")).height())
    assert heights == sorted(set(heights))


def test_an_unknown_ending_is_refused_with_the_known_ones(plot: Plot, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"a\.bmp: the ending must be one of \.png, \.svg, \.pdf, \.csv$"):
        export_plot(plot, tmp_path / "a.bmp")


def test_a_missing_folder_is_named(plot: Plot, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no folder"):
        export_plot(plot, tmp_path / "nowhere" / "a.csv")


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EACCES, "may not write"), (errno.EROFS, "may not write"), (errno.ENOSPC, "full"), (errno.EIO, "cannot")],
)
def test_a_failed_write_leaves_the_old_file_and_no_scrap(
    plot: Plot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old")

    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FileError, match=words):
        export_plot(plot, file)
    assert file.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.csv"]


class Titled(Sample):
    """A plot that writes its title itself."""

    writes_title = True

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        painter.setPen(theme.color("text"))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignTop), self.plot_title())


@pytest.mark.parametrize("made", [Sample, Titled])
def test_a_title_is_written_once(qapp: object, tmp_path: Path, made: type[Sample]) -> None:
    export_plot(made(), tmp_path / "a.svg", ExportOptions())
    texts = ElementTree.parse(tmp_path / "a.svg").getroot().iter("{http://www.w3.org/2000/svg}text")
    assert [one.text for one in texts].count("Loss over time") == 1


def test_what_writes_its_title_says_so(qapp: object) -> None:
    plots = [CellPlot(Look()), RidgePlot(Look()), GatesPlot(Look())]
    assert all(isinstance(plot, TitledPlot) for plot in plots)
    assert not isinstance(Sample(), TitledPlot)
