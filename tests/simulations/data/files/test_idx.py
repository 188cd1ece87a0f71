"""IDX files: every type, plain and packed, found by either name; and what is said of those that are not whole."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from simulations.core.errors import DataError
from simulations.data.files.guess import source_for
from simulations.data.files.idx import IdxFile
from tests.simulations.data.files.samples_on_disk import IDX_TYPES, idx_bytes, write_idx


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("chosen", ["images", "labels", "folder"])
def test_a_pair_is_found_from_either_file_or_the_folder(tmp_path, packed, chosen):
    pictures = write_idx(tmp_path, packed=packed)
    path = {
        "images": pictures,
        "labels": pictures.with_name(pictures.name.replace("images-idx3", "labels-idx1")),
        "folder": tmp_path,
    }[chosen]
    source = source_for(path).imported()
    assert isinstance(source, IdxFile)
    assert source.input_shape == (28, 28, 1)
    assert source.targets.names == ("0", "1", "2")
    data = source.generate(np.random.default_rng(0))
    assert data.inputs.dtype == np.float32
    assert 0 <= data.inputs.min() < data.inputs.max() <= 1
    np.testing.assert_array_equal(data.targets, np.rint(data.inputs.mean(axis=(1, 2, 3)) * 255 / 80 - 0.37))


@pytest.mark.parametrize("dtype", IDX_TYPES)
def test_every_type_reads_back_as_it_was_written(tmp_path, dtype):
    values = (np.arange(24).reshape(4, 3, 2) * 5).astype(dtype)
    (tmp_path / "a-images").write_bytes(idx_bytes(values))
    (tmp_path / "a-labels").write_bytes(idx_bytes(np.arange(4, dtype=np.int32)))
    content = IdxFile(path=str(tmp_path / "a-images")).read()
    np.testing.assert_array_equal(content.inputs[..., 0], values)
    assert content.inputs.dtype.isnative


def damaged(folder, change):
    file = write_idx(folder, packed=False)
    file.write_bytes(change(file.read_bytes()))
    return file


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda raw: raw[:-5], "train-images-idx3-ubyte ends at byte 47051, but its header promises 60×28×28 numbers."),
        (lambda raw: raw + b"x", "train-images-idx3-ubyte goes on after byte 47056"),
        (lambda raw: b"PNG!" + raw[4:], "train-images-idx3-ubyte is no IDX file: it begins with 50 4e 47 21"),
        (lambda raw: raw[:2] + b"\x07" + raw[3:], "train-images-idx3-ubyte is no IDX file"),
        (lambda raw: raw[:9], "train-images-idx3-ubyte ends inside its header, at byte 9."),
        (lambda raw: raw[:4] + b"\xff" * 12 + raw[16:], "train-images-idx3-ubyte promises 4294967295×"),
        (lambda raw: raw[:4] + b"\0" * 12 + raw[16:], "train-images-idx3-ubyte promises 0×0×0 numbers"),
        (lambda raw: gzip.compress(raw)[:-300], "train-images-idx3-ubyte cannot be unpacked beyond byte"),
        (lambda raw: b"\x1f\x8bnonsense", "train-images-idx3-ubyte cannot be unpacked beyond byte"),
    ],
)
def test_a_damaged_file_is_told_by_its_byte(tmp_path, change, message):
    with pytest.raises(DataError) as refused:
        IdxFile(path=str(damaged(tmp_path, change))).read()
    assert str(refused.value).startswith(message)


def test_a_bomb_is_refused_from_its_header_and_never_unpacked(tmp_path):
    """A gigabyte of zeros packs to a megabyte; what is over the header's promise is not read."""
    header = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1])
    write_idx(tmp_path)
    file = tmp_path / "train-images-idx3-ubyte.gz"
    file.write_bytes(gzip.compress(header + bytes(10_000_000)))
    with pytest.raises(DataError, match="goes on after byte 18"):
        IdxFile(path=str(file)).read()


def test_pairs_that_do_not_belong_together_are_refused(tmp_path):
    file = write_idx(tmp_path, packed=False)
    labels = tmp_path / "train-labels-idx1-ubyte"
    labels.write_bytes(idx_bytes(np.zeros(59, np.uint8)))
    with pytest.raises(DataError, match=r"60 pictures, but train-labels-idx1-ubyte has 59 labels"):
        IdxFile(path=str(file)).read()
    labels.write_bytes(idx_bytes(np.zeros((60, 2), np.uint8)))
    with pytest.raises(DataError, match="holds no labels"):
        IdxFile(path=str(file)).read()
    labels.unlink()
    with pytest.raises(DataError, match="expected is train-labels-idx1-ubyte"):
        IdxFile(path=str(file)).read()
