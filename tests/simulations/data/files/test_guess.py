"""What cannot be read is told by what it is, and letters by how they stand."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from simulations.core.errors import DataError
from simulations.data.files.encodings import recognise
from simulations.data.files.guess import source_for


@pytest.mark.parametrize(
    ("name", "begins", "message"),
    [
        ("report.docx", b"PK\x03\x04\x14\0\x06\0", "packed document"),
        ("table.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office document"),
        ("paper.pdf", b"%PDF-1.7\n", "PDF"),
        ("picture.dat", b"\x89PNG\r\n\x1a\n", "single picture"),
        ("table.csv.gz", gzip.compress(b"a,b\n1,2\n", mtime=0), "packed"),
        ("damaged.gz", b"\x1f\x8b\x08\0\0\0rubbish", "packed"),
        ("table.csv.gz", b"\x1e\x8brubbish", "does not begin like a packed file"),
        ("train-images-idx3-ubyte", b"\x01\0\x08\x03rubbish", "does not begin like one"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(tmp_path: Path, name: str, begins: bytes, message: str) -> None:
    file = tmp_path / name
    file.write_bytes(begins + bytes(200))
    with pytest.raises(DataError, match=message):
        source_for(file)


@pytest.mark.parametrize(
    "name", ["idx1.csv", "ftse_idx100_prices.csv", "midx2024.tsv", "table.csv.gz", "train-images-idx3-ubyte"]
)
@pytest.mark.parametrize("codec", ["utf8", "utf-16"])
def test_a_table_is_a_table_whatever_its_name_reminds_of(tmp_path: Path, name: str, codec: str) -> None:
    file = tmp_path / name
    file.write_bytes(("a,y\n" + "".join(f"{i},{'pq'[i % 2]}\n" for i in range(40))).encode(codec))
    assert source_for(file).imported().input_shape == (1,)


def test_a_path_with_a_slip_in_it_was_never_there(tmp_path: Path) -> None:
    for name in ("flwoers.csv", "flwoers.xlsx", "flower.png"):
        with pytest.raises(DataError, match="no file or folder"):
            source_for(tmp_path / name)


def test_complex_numbers_are_refused_as_such(tmp_path: Path) -> None:
    np.savez(tmp_path / "waves.npz", x=np.ones((20, 3), complex), y=np.arange(20) % 2)
    with pytest.raises(DataError, match="complex"):
        source_for(tmp_path / "waves.npz").imported()


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        ("name,größe,été\nMüller,3,1\nseñor,4,0\n", "latin1", "latin1"),
        ("名称,大小,类别\n苹果,1,0\n香蕉,2,1\n", "gbk", "gbk"),
        ("Größe;Länge\n3;1\n", "latin1", "latin1"),
        ("a;b;maß\n" + "1;2;3\n" * 3000 + "übermäßig;größer;Süßöl\n", "latin1", "latin1"),
        ("État,année créée,Ångström,blåbærsyltetøy,coração,niño,øå\n", "cp1252", "latin1"),
        ("a,b,c\n" + "1,2,3\n" * 3000 + "4,5,优\n", "gbk", "gbk"),
        ("姓名,年龄\n王睿琪,31\n李晗鑫,28\n", "gbk", "gbk"),
        ("class,花萼长度（厘米）\n0,5.1\n", "gbk", "gbk"),
        ("a,b\n1,2\n", "ascii", "utf8"),
        ("naïve,été\n1,2\n", "utf8", "utf8"),
    ],
)
def test_letters_are_chinese_where_most_are_common_hanzi_and_else_western(
    tmp_path: Path, text: str, codec: str, expected: str
) -> None:
    file = tmp_path / "words.csv"
    file.write_bytes(text.encode(codec))
    assert recognise(file) == expected


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ([("größe,été\n", "utf8"), ("Müller,señor\n", "utf8"), ("Söhne,1\n", "latin1")], "line 3: byte 30 is no UTF-8"),
        ([("a,b\n" + "大小,数据\n" * 50, "utf8"), ("naïve,1\n", "latin1")], "line 52: byte 706 is no UTF-8"),
        ([("大小,数据\n" * 50, "gbk"), (b"\xff\xff,1\n", "")], "line 51: byte 500 is no GBK"),
    ],
)
def test_a_line_in_another_encoding_is_named_instead_of_reading_all_letters_wrongly(
    tmp_path: Path, parts: list[tuple[str | bytes, str]], named: str
) -> None:
    file = tmp_path / "words.csv"
    file.write_bytes(b"".join(text if isinstance(text, bytes) else text.encode(codec) for text, codec in parts))
    with pytest.raises(DataError, match=named):
        recognise(file)
