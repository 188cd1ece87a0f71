"""A folder of pictures: names, sizes, colours, and the ones that cannot be read."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from simulations.core.errors import DataError
from simulations.data.files import image_folder
from simulations.data.files.guess import source_for
from simulations.data.files.image_folder import ImageFolder
from tests.simulations.data.files.samples_on_disk import write_folder


@pytest.mark.parametrize(("colour", "channels"), [("grey", 1), ("colour", 3)])
def test_pictures_of_all_sizes_and_modes_become_one(tmp_path, colour, channels):
    content = ImageFolder(path=str(write_folder(tmp_path)), size=9, colour=colour).read()
    assert content.inputs.shape == (8, 9, 9, channels)
    assert content.wanted.names == ("black", "white")
    np.testing.assert_array_equal(
        content.inputs.reshape(8, -1), 255 * content.targets[:, None] * np.ones(81 * channels)
    )


def test_cutting_keeps_the_middle_and_stretching_keeps_all(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        picture = np.zeros((10, 30), np.uint8)
        picture[:, 10:20] = 200
        Image.fromarray(picture).save(tmp_path / name / "1.png")
    assert ImageFolder(path=str(tmp_path), size=10).read().inputs.min() > 150
    assert ImageFolder(path=str(tmp_path), size=10, fit="stretch").read().inputs[0, 5, 0, 0] == 0


def test_what_is_transparent_is_paper(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(tmp_path / name / "1.png")
    assert ImageFolder(path=str(tmp_path), size=8).read().inputs.min() == 255


def test_damaged_pictures_are_left_out_with_a_word(tmp_path, monkeypatch):
    folder = write_folder(tmp_path)
    (folder / "black" / "0.png").write_bytes(b"no picture")
    (folder / "white" / "1.png").write_bytes((folder / "white" / "1.png").read_bytes()[:40])
    (folder / "white" / "notes.txt").write_text("not looked at")
    content = ImageFolder(path=str(folder), size=8).read()
    assert len(content.inputs) == 6
    assert [str(one) for one in content.remarks] == [
        "Pictures left out because they cannot be read: 2, the first is black/0.png."
    ]
    monkeypatch.setattr(image_folder, "MOST_PIXELS", 100)
    with pytest.raises(DataError, match="None of the 8 pictures in pictures can be read"):
        ImageFolder(path=str(folder), size=9).read()


def test_a_folder_without_classes_is_refused(tmp_path):
    with pytest.raises(DataError, match="has 0 sub-folders with pictures; at least two are needed"):
        source_for(tmp_path).read()
    (tmp_path / "only").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "only" / "1.png")
    with pytest.raises(DataError, match="has 1 sub-folders with pictures"):
        source_for(tmp_path).read()
    with pytest.raises(DataError, match="is a single picture"):
        source_for(tmp_path / "only" / "1.png")
