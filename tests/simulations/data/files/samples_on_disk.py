"""Small files of every format, written the way other programs write them."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
from PIL import Image

IDX_TYPES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}


def idx_bytes(array: np.ndarray) -> bytes:
    """``array`` in the format of yann.lecun.com/exdb/mnist."""
    header = bytes([0, 0, IDX_TYPES[array.dtype.name], array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write_idx(folder: Path, count: int = 60, side: int = 28, *, packed: bool = True, stem: str = "train") -> Path:
    """A pair of IDX files of ``count`` pictures whose class is how bright they are; the path of the pictures."""
    rng = np.random.default_rng(0)
    labels = np.arange(count, dtype=np.uint8) % 3
    pictures = (rng.integers(0, 60, (count, side, side)) + 80 * labels[:, None, None]).astype(np.uint8)
    ending = ".gz" if packed else ""
    pack = gzip.compress if packed else bytes
    file = folder / f"{stem}-images-idx3-ubyte{ending}"
    file.write_bytes(pack(idx_bytes(pictures)))
    (folder / f"{stem}-labels-idx1-ubyte{ending}").write_bytes(pack(idx_bytes(labels)))
    return file


def write_npz(folder: Path, **arrays: np.ndarray) -> Path:
    """An archive; by default of 30 pictures in three classes."""
    if not arrays:
        labels = np.arange(30) % 3
        arrays = {
            "x_train": np.full((30, 6, 6), 50, np.uint8) * labels[:, None, None].astype(np.uint8),
            "y_train": labels,
        }
    file = folder / "data.npz"
    np.savez_compressed(file, **arrays)
    return file


def write_folder(folder: Path, count: int = 4) -> Path:
    """Pictures of two sizes and three modes, black ones in one class and white ones in the other."""
    for name, shade in (("black", 0), ("white", 255)):
        (folder / "pictures" / name).mkdir(parents=True)
        for i in range(count):
            mode = ("L", "RGB", "RGBA")[i % 3]
            colour = {"L": shade, "RGB": (shade,) * 3, "RGBA": (*(shade,) * 3, 255)}[mode]
            Image.new(mode, (20 + i, 12), colour).save(folder / "pictures" / name / f"{i}.png")
    return folder / "pictures"


TABLE = "sepal,petal,kind\n5.1,1.4,setosa\n6.2,4.5,virginica\n4.9,1.3,setosa\n6.0,5.1,virginica\n"


def write_table(folder: Path, text: str | bytes = TABLE, name: str = "table.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file
