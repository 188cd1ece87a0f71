"""Files cut short and files with wrong bytes: every one is read or refused in words, soon, and never breaks the program."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simulations.core.errors import DataError, GradLabError
from simulations.data.files.guess import source_for
from tests.simulations.data.files.samples_on_disk import TABLE, idx_bytes, write_idx, write_npz, write_table

ROUNDS = 60


def npz(folder):
    return write_npz(folder)


def npy(folder):
    np.save(folder / "y.npy", np.arange(20) % 2)
    np.save(folder / "x.npy", np.zeros((20, 3)))
    return folder / "x.npy"


def idx(folder):
    return write_idx(folder, 6, 5, packed=False)


def packed_idx(folder):
    return write_idx(folder, 6, 5)


def labels(folder):
    file = write_idx(folder, 6, 5, packed=False)
    (folder / "train-labels-idx1-ubyte").write_bytes(idx_bytes(np.arange(6, dtype=np.int32)))
    return file.with_name("train-labels-idx1-ubyte")


def table(folder):
    return write_table(folder, TABLE * 3)


def quoted(folder):
    return write_table(folder, '"a ""x""";"b"\n"1,5";"r\ns"\n"2,5";"t"\n' * 4)


def wide(folder):
    return write_table(folder, TABLE.encode("utf-16"))


FORMATS = (npz, npy, idx, packed_idx, labels, table, quoted, wide)


def attempt(file):
    """Read ``file``; the only error allowed is one with a sentence that can be said."""
    refused = None
    try:
        content = source_for(file).read()  # anew: two files of a size within a tick of the clock look alike
    except GradLabError as error:
        refused = error
    if refused is not None:
        assert len(str(refused)) > 20
        return False
    assert len(content.inputs) == len(content.targets) > 0
    assert content.found.shape == content.inputs.shape[1:]
    assert content.targets.dtype.kind == "f" or content.targets.max() < len(content.wanted.names)
    return True


@pytest.mark.parametrize("write", FORMATS)
def test_the_whole_file_is_read(tmp_path, write):
    assert attempt(write(tmp_path))


@pytest.mark.parametrize("write", FORMATS)
def test_a_file_cut_anywhere_is_read_or_refused(tmp_path, write):
    file = write(tmp_path)
    whole = file.read_bytes()
    for end in np.unique(np.linspace(0, len(whole) - 1, ROUNDS).astype(int)):
        file.write_bytes(whole[:end])
        attempt(file)


@pytest.mark.parametrize("write", FORMATS)
def test_a_file_with_wrong_bytes_is_read_or_refused(tmp_path, write):
    file = write(tmp_path)
    whole = np.frombuffer(file.read_bytes(), np.uint8)
    rng = np.random.default_rng(1)
    for _round in range(ROUNDS):
        wrong = whole.copy()
        places = rng.integers(0, min(len(wrong), 400), rng.integers(1, 6))
        wrong[places] = rng.integers(0, 256, len(places))
        file.write_bytes(wrong.tobytes())
        attempt(file)


@pytest.mark.parametrize("size", [1, 7, 300, 70_000])
def test_noise_is_read_or_refused(tmp_path, size):
    rng = np.random.default_rng(size)
    for ending in ("csv", "npz", "npy", "gz", "idx3-ubyte"):
        file = tmp_path / f"images.{ending}"
        file.write_bytes(rng.bytes(size))
        attempt(file)


def test_a_file_that_is_gone_or_forbidden_or_no_path_is_told(tmp_path):
    source = source_for(write_table(tmp_path)).imported()
    (tmp_path / "table.csv").unlink()
    with pytest.raises(DataError, match=r"table.csv is not there any more"):
        source.generate(np.random.default_rng(0))
    for path in ("", "\0", "a" * 900, "\ud800"):
        with pytest.raises(DataError):
            dataclasses.replace(source, path=path).generate(np.random.default_rng(0))
