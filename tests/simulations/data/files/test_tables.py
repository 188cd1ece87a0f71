"""Tables as other programs write them: what is recognised, what becomes of words and gaps, and what a fault is called."""

from __future__ import annotations

import numpy as np
import pytest

from simulations.core.errors import DataError
from simulations.data.files.cells import number
from simulations.data.files.table import PastedTable, TableFile
from tests.simulations.data.files.samples_on_disk import TABLE, write_table


def read(folder, text, **choices):
    return TableFile(path=str(write_table(folder, text)), **choices).read()


NUMBERS = [[5.1, 1.4], [6.2, 4.5], [4.9, 1.3], [6.0, 5.1]]


@pytest.mark.parametrize(
    ("text", "recognised"),
    [
        (TABLE, {"delimiter": "comma", "decimal": "point", "header": "yes", "encoding": "utf8"}),
        (TABLE.replace(",", "\t"), {"delimiter": "tab"}),
        (TABLE.replace(",", "|"), {"delimiter": "bar"}),
        (TABLE.replace(",", "  "), {"delimiter": "space"}),
        (TABLE.replace(",", ";").replace(".", ","), {"delimiter": "semicolon", "decimal": "comma"}),
        (TABLE.replace("\n", "\r\n"), {"header": "yes"}),
        (TABLE.split("\n", 1)[1], {"header": "no"}),
        ("# made by a program\n\n" + TABLE, {"header": "yes"}),
        (TABLE.encode("utf-8-sig"), {"encoding": "utf8"}),
        (TABLE.encode("utf-16"), {"encoding": "utf16"}),
        (TABLE.replace("setosa", "山鸢尾").encode("gbk"), {"encoding": "gbk"}),
        (TABLE.replace("sepal", '"sepal, cm"'), {"delimiter": "comma"}),
        (TABLE.replace("5.1,1.4", '"5,1","1,4"').replace(".", ","), None),
    ],
    ids=[
        "comma", "tab", "bar", "space", "decimal comma", "windows", "no header", "comment", "utf-8 mark", "utf-16", "gbk",
        "quoted", "ragged",
    ],
)  # fmt: skip
def test_the_same_table_is_read_however_it_is_written(tmp_path, text, recognised):
    if recognised is None:
        with pytest.raises(DataError):
            read(tmp_path, text)
        return
    content = read(tmp_path, text)
    np.testing.assert_array_equal(content.inputs, NUMBERS)
    assert {key: content.recognised[key] for key in recognised} == recognised
    assert len(content.wanted.names) == 2
    assert content.targets.tolist() in ([0, 1, 0, 1], [1, 0, 1, 0])


def test_choices_overrule_what_is_recognised(tmp_path):
    content = read(tmp_path, "1,5;2;a\n2,5;3;b\n", decimal="comma", delimiter="semicolon", header="no")
    np.testing.assert_array_equal(content.inputs, [[1.5, 2], [2.5, 3]])


def test_the_target_is_found_by_its_name_else_it_is_the_last_column(tmp_path):
    assert read(tmp_path, "label,a\n0,1.5\n1,2.5\n").recognised["target"] == "label"
    assert read(tmp_path, "b,a\n0,1\n1,0\n").recognised["target"] == "a"
    assert read(tmp_path, TABLE, target="petal").features == ("sepal", "kind = setosa", "kind = virginica")


def test_words_become_one_input_each_and_too_many_are_left_out_with_a_word(tmp_path):
    rows = "".join(f"{'rgb'[i % 3]},name {i},{i * 0.5}\n" for i in range(90))
    content = read(tmp_path, f"colour,who,y\n{rows}")
    assert content.features == ("colour = r", "colour = g", "colour = b")
    np.testing.assert_array_equal(content.inputs[:3], np.eye(3))
    assert str(content.remarks[0]) == (
        "Column “who” is left out: it holds words (90 different ones, the first in line 2: “name 0”)."
    )


def test_whole_numbers_are_classes_and_others_are_values(tmp_path):
    assert read(tmp_path, "a,y\n1,0\n2,1\n3,0\n4,1\n").wanted.kind == "classes"
    content = read(tmp_path, "a,y\n1,0.5\n2,1.5\n3,0\n")
    assert (content.wanted.kind, content.wanted.names) == ("values", ("y",))
    assert content.targets.tolist() == [[0.5], [1.5], [0.0]]
    assert read(tmp_path, "a,y\n1,0\n2,1\n3,0\n4,1\n", goal="values").targets.dtype == np.float64
    assert read(tmp_path, "a,y\n1,10\n2,9\n3,9\n", goal="classes").wanted.names == ("9", "10")


def test_rows_with_gaps_are_dropped_or_kept_with_a_word(tmp_path):
    text = "a,b,y\n1,2,0\n,4,1\n5,NA,0\n7,8,?\n9,10,1\n"
    dropped = read(tmp_path, text)
    np.testing.assert_array_equal(dropped.inputs, [[1, 2], [9, 10]])
    assert [str(one) for one in dropped.remarks] == ["Rows left out because something is missing: 3."]
    filled = read(tmp_path, text, missing="mean")
    assert np.isnan(filled.inputs).sum() == 2
    assert filled.targets.tolist() == [0, 1, 0, 1]


def test_columns_can_be_left_out(tmp_path):
    assert read(tmp_path, TABLE, left_out=("sepal",)).features == ("petal",)


def test_pasted_cells_are_a_table_like_any_other():
    pasted = PastedTable(text=TABLE.replace(",", "\t")).imported()
    assert (pasted.delimiter, pasted.target, pasted.input_shape) == ("tab", "kind", (2,))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "table.csv is empty: it has no bytes at all."),
        ("\n \n", "table.csv holds no table: there is not a single row."),
        ("hello\nworld\n", "table.csv has no column left to learn from beside the target."),
        ("a,b,y\n", "table.csv holds fewer than two samples"),
        ("a,b,y\n1,2,p\n", "table.csv holds fewer than two samples"),
        ("a,b,y\n1,2,0\n3,4\n", "table.csv, line 3: it has 2 cells, the first row has 3."),
        ('a,y\n1,0\n"2,1\n3,0\n', "table.csv, line 3: the quotes do not fit."),
        ('a,y\n1,0\n"2"2,1\n', "table.csv, line 3: the quotes do not fit."),
        ("a,y\n1,0\ninf,1\n", "table.csv, sample 2: the number in column “a” is infinite or beyond ±1e+30."),
        ("a,y\n1,0\n1e31,1\n", "table.csv, sample 2: the number in column “a” is infinite or beyond ±1e+30."),
        ("a,y\n1,1\n2,2\n3,inf\n4,\n", "table.csv, sample 3: the number in column “y” is infinite or beyond ±1e+30."),
        ("a,y\n1,0\n2,0\n", "table.csv: column “y” holds one class only (“0”)"),
        ("a,y\n1,\n,0\n", "In every row of table.csv something is missing"),
        (b"a,y\n1,\x000\n", "table.csv is not a text file: it has zero bytes."),
        ("a,y\n" + "".join(f"{i},w{i}\n" for i in range(1200)), "table.csv: column “y” has 1200 different values"),
        (",".join("a" * 5000) + "\n", "table.csv has 5000 columns; at most 4096 are read."),
    ],
)
def test_a_fault_is_one_sentence_with_its_place(tmp_path, text, message):
    with pytest.raises(DataError) as refused:
        read(tmp_path, text)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("1.234,5", 1234.5), ("-1.234.567", -1234567), ("0,5", 0.5), ("7", 7), ("1,5e-3", 0.0015), (" ,5 ", 0.5)]
    + [(cell, None) for cell in ("3.14", "12.05.2020", "192.168.1.1", "1.5e-3", "1.2345,6", "2020_1")],
)
def test_beside_a_decimal_comma_points_part_thousands_and_nothing_else(cell, expected):
    assert number(cell, "comma") == expected


def test_dates_and_names_are_words_and_never_numbers(tmp_path):
    content = read(tmp_path, "day;code;size;y\n12.05.2020;20_1;1,5;a\n13.05.2020;20_2;2,5;b\n")
    np.testing.assert_array_equal(content.inputs[:, -1], [1.5, 2.5])
    assert content.features == ("day = 12.05.2020", "day = 13.05.2020", "code = 20_1", "code = 20_2", "size")


def test_wrong_choices_are_named(tmp_path):
    with pytest.raises(DataError, match=r"line 2: byte 7 is no UTF-8 text"):
        read(tmp_path, b"a,y\n1,0\xff\n", encoding="utf8")
    with pytest.raises(DataError, match=r"no column called “colour”; it has sepal, petal, kind"):
        read(tmp_path, TABLE, target="colour")
    with pytest.raises(DataError, match=r"line 2: “setosa” in column “kind” is no number"):
        read(tmp_path, TABLE, target="kind", goal="values")
