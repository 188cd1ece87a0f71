"""IDX files, the format of MNIST: pictures in one file, labels in another, plain or compressed with gzip.

A file is a magic number, the sizes of its axes as big-endian 32-bit integers, and the numbers themselves (LeCun, Cortes &
Burges, “The MNIST database of handwritten digits”).
"""

from __future__ import annotations

import gzip
import hashlib
import math
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast, final

import numpy as np

from simulations.core.arrays import Array, shape_text
from simulations.core.errors import DataError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES
from simulations.data.files.content import MOST_SAMPLES, MOST_VALUES, Content
from simulations.data.files.opening import PIECE, Progress, opened, part, unwatched
from simulations.data.files.source import FileSource, stamp_of
from simulations.data.files.targets import classes_of

_TYPES: Final = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_AXES: Final = 4


@final
@DATA_SOURCES.register(
    "idx_file",
    label=N_("IDX pictures"),
    summary=N_("Pictures and labels in two IDX files, plain or compressed, as MNIST and its relatives come."),
    source="LeCun, Cortes & Burges, “The MNIST database of handwritten digits”",
)
@dataclass(frozen=True)
class IdxFile(FileSource):
    """Pictures ``(n, h, w)`` or ``(n, h, w, c)``, or vectors ``(n, d)``, with one whole number each as label."""

    labels: str = param(
        "",
        hidden=True,
        label=N_("Labels"),
        help=N_("The file with the labels, in the folder of the pictures; without one it is found by its name."),
    )

    @property
    def stamp(self) -> tuple[object, ...]:
        return stamp_of(*_pair(self.file, self.labels))

    def read(self, progress: Progress = unwatched) -> Content:
        pictures, labels = _pair(self.file, self.labels)
        digest = hashlib.blake2b(digest_size=8)
        inputs = read_idx(pictures, digest, part(progress, 0.0, 0.9))
        targets = read_idx(labels, digest, part(progress, 0.9, 1.0))
        if targets.ndim != 1 or targets.dtype.kind == "f":
            raise DataError(
                N_("{file} holds no labels: they are one whole number for each picture, not {shape}."),
                file=labels.name,
                shape=shape_text(targets.shape),
            )
        if inputs.ndim < 2:
            raise DataError(N_("{file} holds no pictures but a single number for each sample."), file=pictures.name)
        if len(inputs) != len(targets):
            raise DataError(
                N_("{file} has {pictures} pictures, but {labels} has {count} labels: they do not belong together."),
                file=pictures.name,
                pictures=len(inputs),
                labels=labels.name,
                count=len(targets),
            )
        if inputs.ndim == 3:
            inputs = inputs[..., np.newaxis]
        codes, wanted = classes_of(targets, labels.name)
        return Content(inputs, codes, wanted, digest.hexdigest(), (), {"labels": labels.name})


def _pair(file: Path, labels: str) -> tuple[Path, Path]:
    """The files of pictures and of labels, whichever of them was chosen. Raises :class:`DataError` for a missing one."""
    if labels:
        return file, file.parent / labels
    if _renamed(file.name, "labels", "images", "idx1", "idx3") != file.name:
        pictures = _first(file, _renamed(file.name, "labels", "images", "idx1", "idx3"))
        if pictures is not None:
            return pictures, file
    name = _renamed(file.name, "images", "labels", "idx3", "idx1")
    found = _first(file, name) if name != file.name else None
    if found is None:
        raise DataError(
            N_("The labels of {file} are not beside it; expected is {name}. Put them there or choose their file."),
            file=file.name,
            name=name if name != file.name else "train-labels-idx1-ubyte",
        )
    return file, found


def _renamed(name: str, old: str, new: str, old_rank: str, new_rank: str) -> str:
    if not re.search(old, name, re.IGNORECASE):
        return name
    return re.sub(old_rank, new_rank, re.sub(old, new, name, flags=re.IGNORECASE), flags=re.IGNORECASE)


def _first(beside: Path, name: str) -> Path | None:
    """``name``, compressed or not, in the folder of ``beside``."""
    plain = name.removesuffix(".gz")
    candidates = (beside.parent / one for one in (name, plain, f"{plain}.gz"))
    return next((one for one in candidates if one.is_file()), None)


def looks_like_idx(file: Path) -> bool:
    """Whether ``file`` begins as an IDX file does."""
    try:
        with opened(file) as raw, _plain(raw, file) as stream:
            head = stream.read(4)
    except DataError:
        return False
    return len(head) == 4 and head[:2] == b"\0\0" and head[2] in _TYPES and 1 <= head[3] <= _MOST_AXES


def read_idx(file: Path, digest: hashlib.blake2b, progress: Progress = unwatched) -> Array:
    """The array in ``file``, in the machine's byte order; its bytes are added to ``digest``.

    Raises :class:`DataError` naming the byte where the file is not what its header promises.
    """
    with opened(file) as raw, _plain(raw, file) as stream:
        dtype, shape = _header(stream, file, digest)
        wanted = math.prod(shape) * dtype.itemsize
        pieces = bytearray()
        while len(pieces) < wanted and (piece := stream.read(min(PIECE, wanted - len(pieces)))):
            pieces += piece
            progress(len(pieces) / wanted)
        start = 4 + 4 * len(shape)
        if len(pieces) < wanted:
            raise DataError(
                N_("{file} ends at byte {byte}, but its header promises {shape} numbers. The copy is not complete."),
                file=file.name,
                byte=start + len(pieces),
                shape=shape_text(shape),
            )
        if stream.read(1):
            raise DataError(
                N_("{file} goes on after byte {byte}, where its header ({shape}) says it ends. It is damaged."),
                file=file.name,
                byte=start + wanted,
                shape=shape_text(shape),
            )
    digest.update(pieces)
    return np.frombuffer(pieces, dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def _header(stream: BinaryIO, file: Path, digest: hashlib.blake2b) -> tuple[np.dtype[np.generic], tuple[int, ...]]:
    head = stream.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in _TYPES or not 1 <= head[3] <= _MOST_AXES:
        raise DataError(
            N_("{file} is no IDX file: it begins with {bytes}, not with 00 00, a type and 1…4 axes."),
            file=file.name,
            bytes=head.hex(" ") or "–",
        )
    sizes = stream.read(4 * head[3])
    if len(sizes) < 4 * head[3]:
        raise DataError(N_("{file} ends inside its header, at byte {byte}."), file=file.name, byte=4 + len(sizes))
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    if not all(shape) or shape[0] > MOST_SAMPLES or math.prod(shape) > MOST_VALUES:
        raise DataError(
            N_("{file} promises {shape} numbers; read are 1…{samples} samples and at most {most} numbers."),
            file=file.name,
            shape=shape_text(shape),
            samples=MOST_SAMPLES,
            most=MOST_VALUES,
        )
    digest.update(head + sizes)
    return np.dtype(_TYPES[head[2]]), shape


@contextmanager
def _plain(raw: BinaryIO, file: Path) -> Iterator[BinaryIO]:
    """The bytes of ``raw``, unpacked where they are compressed; what cannot be unpacked is a :class:`DataError`."""
    is_packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    if not is_packed:
        yield raw
        return
    try:
        with gzip.GzipFile(fileobj=raw) as stream:
            yield cast("BinaryIO", stream)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            N_("{file} cannot be unpacked beyond byte {byte}: it is damaged or not complete. Fetch it again."),
            file=file.name,
            byte=raw.tell(),
        ) from error
