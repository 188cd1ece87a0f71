"""A formula's table from pasted text and from files: separators, decimal commas, names a formula may use, refusals."""

import numpy as np
import pytest

from simulations.core.errors import GradLabError
from simulations.data.files.cells import DELIMITERS
from simulations.surfaces.formula import RESERVED, Formula
from simulations.surfaces.table_files import table_text
from simulations.surfaces.tables import MOST_ROWS, delimiter_of, read_table


@pytest.mark.parametrize(
    "text",
    ["u;v\n1,5;-2,25\n1.000,5;3", "u\tv\n1,5\t-2,25\n1000,5\t3", "u v\n1,5 −2,25\n1000,5 3", "u|v\n1.5|-2.25\n1000.5|3",
     "u, v\n1.5, -2.25\n1000.5, 3"],
)  # fmt: skip
def test_a_comma_that_does_not_separate_is_a_decimal_comma(text):
    assert read_table(text, RESERVED) == {"u": (1.5, 1000.5), "v": (-2.25, 3.0)}


def test_a_file_is_read_as_files_are_imported(tmp_path):
    """Excel's German CSV: semicolons, decimal commas, Latin 1, a column of words, a gap, and names no formula may use."""
    file = tmp_path / "Messung.csv"
    file.write_bytes("x;Höhe (m);Ort\n1,5;2,25;Ulm\n2;;Bonn\n3,5;-4;Köln\n".encode("latin1"))
    text = table_text(file, RESERVED)
    assert text == "x_, Höhe_m\n1.5, 2.25\n3.5, -4"
    assert read_table(text, RESERVED) == {"x_": (1.5, 3.5), "Höhe_m": (2.25, -4.0)}


def test_a_formula_goes_over_a_table_or_gets_a_line_through_it():
    fits = Formula("(x u + y - v)^2", "u, v\n1, 2")
    assert fits.over("v, u\n1, 2\n3, 4").text == fits.text
    other = fits.over("t, h\n1, 2\n3, 4")
    assert other.text == "(x*t + y - h)^2"
    assert other.value(np.array([1.0, 1.0])) == pytest.approx(0)
    Formula().over("a\n1\n2").check()


@pytest.mark.parametrize(
    ("content", "words"),
    [("name,town\na,b\n", "no column of numbers"), ("u,v\n" + "1,2\n" * (MOST_ROWS + 1), "keeps 1 to"), ("", "empty")],
)
def test_what_cannot_be_used_is_refused_in_words(tmp_path, content, words):
    file = tmp_path / "table.csv"
    file.write_text(content)
    with pytest.raises(GradLabError) as refused:
        table_text(file, RESERVED)
    assert words in str(refused.value)


def test_a_chosen_delimiter_counts_where_what_is_recognised_is_wrong(tmp_path):
    """A file with semicolons whose every row has as many decimal commas."""
    file = tmp_path / "a.csv"
    file.write_text("u,1;v,1;w\n1,5;2,5;1\n3,5;4,5;1\n")
    assert read_table(table_text(file, RESERVED, "semicolon"), RESERVED, "semicolon") == {
        "u_1": (1.5, 3.5),
        "v_1": (2.5, 4.5),
        "w": (1.0, 1.0),
    }
    assert "w" not in table_text(file, RESERVED), "recognised are the commas"


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_what_a_file_becomes_is_read_with_the_delimiter_it_was_read_with(tmp_path, delimiter):
    file = tmp_path / "a.csv"
    file.write_text(DELIMITERS[delimiter].join("uv") + "\n" + DELIMITERS[delimiter].join(("1.5", "-2")) + "\n")
    text = table_text(file, RESERVED, delimiter)
    assert read_table(text, RESERVED, delimiter) == {"u": (1.5,), "v": (-2.0,)}
    assert delimiter_of(text) == delimiter
