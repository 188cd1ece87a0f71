"""NumPy's files: which arrays are taken, what their axes mean, and that nothing in them is ever executed."""

from __future__ import annotations

import io
import pickle
import zipfile

import numpy as np
import pytest

from simulations.core.errors import DataError
from simulations.data.files.arrays import ArrayFile
from tests.simulations.data.files.samples_on_disk import write_npz

LABELS = np.arange(12) % 3


def read(folder, **arrays):
    return ArrayFile(path=str(write_npz(folder, **arrays))).read()


@pytest.mark.parametrize(
    ("x", "shape", "axes"),
    [
        (np.zeros((12, 5)), (5,), "flat"),
        (np.zeros((12, 8, 8), np.uint8), (8, 8, 1), "image"),
        (np.zeros((12, 8, 9, 3), np.float32), (8, 9, 3), "image"),
        (np.zeros((12, 3, 8, 9), np.float32), (8, 9, 3), "image_first"),
        (np.zeros((12, 20, 2)), (20, 2), "sequence"),
    ],
)
def test_axes_are_recognised(tmp_path, x, shape, axes):
    content = read(tmp_path, x=x, y=LABELS)
    assert content.found.shape == shape
    assert content.recognised["axes"] == axes


def test_a_picture_with_channels_first_is_turned_not_reshaped(tmp_path):
    x = np.random.default_rng(0).random((12, 3, 4, 5)).astype(np.float32)
    content = read(tmp_path, x=x, y=LABELS)
    np.testing.assert_array_equal(content.inputs, x.transpose(0, 2, 3, 1))


def test_whole_targets_are_classes_and_floats_are_values(tmp_path):
    assert read(tmp_path, x=np.zeros((12, 2)), y=LABELS[:, None]).wanted.names == ("0", "1", "2")
    content = read(tmp_path, x=np.zeros((12, 2)), y=np.arange(24.0).reshape(12, 2))
    assert (content.wanted.kind, content.wanted.names) == ("values", ("y1", "y2"))
    assert read(tmp_path, x=np.zeros((12, 2)), y=np.array(list("ab") * 6)).wanted.names == ("a", "b")


def test_arrays_can_be_chosen(tmp_path):
    file = write_npz(tmp_path, first=np.zeros((12, 2)), second=np.zeros((12, 3)), kinds=LABELS)
    content = ArrayFile(path=str(file), inputs="second", answers="kinds").read()
    assert content.found.shape == (3,)
    assert content.columns == ("first", "second", "kinds")


def test_two_npy_files_are_a_pair_by_name(tmp_path):
    np.save(tmp_path / "X_train.npy", np.zeros((12, 4)))
    np.save(tmp_path / "y_train.npy", LABELS)
    content = ArrayFile(path=str(tmp_path / "X_train.npy")).read()
    assert content.recognised["answers"] == "y_train.npy"


class _Bomb:
    def __reduce__(self):
        raise AssertionError("it was pickled or executed")


def test_objects_are_refused_before_they_are_loaded(tmp_path):
    with pytest.raises(DataError, match="Python objects or records, which are not read"):
        read(tmp_path, x=np.array([{"a": 1}] * 12, dtype=object), y=LABELS)
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "|O", "fortran_order": False, "shape": (12,)})
    stream.write(pickle.dumps(list(range(12))))
    with zipfile.ZipFile(tmp_path / "evil.npz", "w") as archive:
        archive.writestr("x.npy", stream.getvalue())
        archive.writestr("y.npy", stream.getvalue())
    with pytest.raises(DataError, match="Python objects or records"):
        ArrayFile(path=str(tmp_path / "evil.npz")).read()


def test_a_header_that_promises_too_much_is_refused(tmp_path):
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": (10**6, 10**6)})
    with zipfile.ZipFile(tmp_path / "big.npz", "w") as archive:
        archive.writestr("x.npy", stream.getvalue() + b"1234")
        archive.writestr("y.npy", stream.getvalue())
    with pytest.raises(DataError, match=r"promises 1000000×1000000 numbers"):
        ArrayFile(path=str(tmp_path / "big.npz")).read()


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": np.zeros((12, 2))}, "^Two arrays are needed, .* holds 1[.]$"),
        ({"x": np.zeros((12, 2)), "y": LABELS[:5]}, "x has 12 samples, but y has 5 targets"),
        ({"x": np.full((12, 2), np.inf), "y": LABELS}, r"not finite, at \[0, 0\]"),
        ({"x": np.array(list("ab") * 6), "y": LABELS}, "holds words; inputs must be numbers"),
        ({"x": np.zeros((0, 2)), "y": LABELS}, "there is no sample in it"),
        ({"x": np.zeros((12, 2)), "y": np.zeros(12, int)}, "holds one class only"),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path, arrays, message):
    with pytest.raises(DataError, match=message):
        read(tmp_path, **arrays)
