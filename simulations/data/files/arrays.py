"""NumPy's own files: an archive of named arrays (.npz) or a single one (.npy). Nothing in them is ever executed.

Headers are read first, so a file that promises too much is refused before a byte of it is unpacked.
"""

from __future__ import annotations

import math
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any, Final, final

import numpy as np
from numpy.lib import format as npy

from simulations.core.arrays import Array, shape_text
from simulations.core.errors import DataError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES
from simulations.data.files.content import MOST_SAMPLES, MOST_VALUES, Content
from simulations.data.files.opening import Progress, digest_of, opened, part, unwatched
from simulations.data.files.source import FileSource, stamp_of
from simulations.data.files.targets import classes_of, values_of

_INPUTS: Final = ("x_train", "x", "images", "data", "inputs", "features", "arr_0")
_TARGETS: Final = ("y_train", "y", "labels", "targets", "target", "label", "classes", "arr_1")
_MOST_ARRAYS: Final = 1000
_FAULTS: Final = (
    ValueError, EOFError, KeyError, RuntimeError, TypeError, OverflowError, SyntaxError, MemoryError, NotImplementedError,
    zipfile.BadZipFile, zlib.error, struct.error, TokenError,
)  # fmt: skip
_AUTO: Final = N_("automatic")


@final
@DATA_SOURCES.register(
    "array_file",
    label=N_("NumPy arrays"),
    summary=N_("Inputs and targets as arrays in an .npz archive, or in two .npy files; read without pickle."),
    source="NumPy enhancement proposal 1, “A simple file format for NumPy arrays”",
)
@dataclass(frozen=True)
class ArrayFile(FileSource):
    """Inputs ``(n, d)``, ``(n, h, w)``, ``(n, h, w, c)`` or ``(n, t, d)``; targets ``(n,)``, ``(n, 1)`` or ``(n, k)``."""

    inputs: str = param(
        "", hidden=True, label=N_("Inputs"), help=N_("The array the network sees; without one, the likeliest is taken.")
    )
    answers: str = param(
        "",
        hidden=True,
        label=N_("Targets"),
        help=N_("The array (or, for .npy, the file beside it) the network learns to predict."),
    )
    axes: str = param(
        "auto",
        choices=("auto", "image", "image_first", "sequence", "flat"),
        labels=(
            _AUTO,
            N_("pictures h × w (× c)"),
            N_("pictures c × h × w"),
            N_("sequences t × d"),
            N_("plain numbers"),
        ),
        hidden=True,
        label=N_("Axes"),
        help=N_("What the axes of one sample mean."),
    )
    goal: str = param(
        "auto",
        choices=("auto", "classes", "values"),
        labels=(_AUTO, N_("a class"), N_("a value")),
        hidden=True,
        label=N_("Predict"),
        help=N_("Whether the target is one of several classes or a number."),
    )

    @property
    def stamp(self) -> tuple[object, ...]:
        if self.file.suffix.lower() == ".npy":
            return stamp_of(self.file, _beside(self.file, self.answers))
        return stamp_of(self.file)

    def read(self, progress: Progress = unwatched) -> Content:
        file = self.file
        if file.suffix.lower() == ".npy":
            other = _beside(file, self.answers)
            x, y = _single(file), _single(other)
            digest = digest_of(file, part(progress, 0.2, 0.6)) + digest_of(other, part(progress, 0.6, 1.0))
            names, chosen = (file.name, other.name), {"answers": other.name}
            known: tuple[str, ...] = ()
        else:
            known, (x, y), names = _archive(file, self.inputs, self.answers)
            digest = digest_of(file, part(progress, 0.5, 1.0))
            chosen = {"inputs": names[0], "answers": names[1]}
        if len(x) != len(y):
            raise DataError(
                N_("{inputs} has {samples} samples, but {targets} has {count} targets: they do not belong together."),
                inputs=names[0],
                samples=len(x),
                targets=names[1],
                count=len(y),
            )
        axes = _axes(x) if self.axes == "auto" else self.axes
        goal = _goal(y) if self.goal == "auto" else self.goal
        if y.ndim == 2 and y.shape[1] == 1:
            y = y[:, 0]
        targets, wanted = classes_of(y, names[1]) if goal == "classes" else values_of(y, names[1])
        inputs = _arranged(x, axes, names[0])
        return Content(inputs, targets, wanted, digest, (), {**chosen, "axes": axes, "goal": goal}, columns=known)


def _archive(file: Path, inputs: str, answers: str) -> tuple[tuple[str, ...], tuple[Array, Array], tuple[str, str]]:
    """The names of all arrays in ``file``, the two that are wanted, and their names."""
    with opened(file) as raw:
        try:
            with zipfile.ZipFile(raw) as archive:
                members = [one for one in archive.infolist()[:_MOST_ARRAYS] if one.filename.endswith(".npy")]
                names = tuple(one.filename.removesuffix(".npy") for one in members)
                if len(names) < 2:
                    raise DataError(
                        N_("Two arrays are needed, one of inputs and one of targets; {file} holds {count}."),
                        file=file.name,
                        count=len(names),
                    )
                x = _chosen(names, inputs, _INPUTS, file.name)
                y = _chosen(tuple(one for one in names if one != x or answers), answers, _TARGETS, file.name)
                by_name = dict(zip(names, members, strict=True))
                return names, (_member(archive, by_name[x], x), _member(archive, by_name[y], y)), (x, y)
        except _FAULTS as error:
            raise DataError(
                N_("{file} is no NumPy archive that can be read: it is damaged, encrypted or of another format."),
                file=file.name,
            ) from error


def _chosen(names: tuple[str, ...], name: str, likely: tuple[str, ...], source: str) -> str:
    if name:
        if name not in names:
            raise DataError(
                N_("{file} has no array called “{name}”; it has {known}. Choose again."),
                file=source,
                name=name,
                known=", ".join(names[:20]),
            )
        return name
    by_lower = {one.lower(): one for one in names}
    return next((by_lower[one] for one in likely if one in by_lower), names[0])


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Array:
    def start() -> IO[bytes]:
        return archive.open(member)

    return _array(start, member.file_size, name)


def _single(file: Path) -> Array:
    """The array in the .npy file ``file``."""
    with opened(file) as raw:

        def start() -> IO[bytes]:
            raw.seek(0)
            return raw

        try:
            return _array(start, file.stat().st_size, file.name)
        except _FAULTS as error:
            raise DataError(
                N_("{file} is no NumPy array that can be read: it is damaged or of another format."), file=file.name
            ) from error


def _array(start: Callable[[], IO[bytes]], size: int, name: str) -> Array:
    """The array whose bytes ``start()`` gives from the beginning; refused from its header where it cannot be used."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a damaged header may hold odd escapes
        shape, dtype = _described(start())
    if dtype.kind == "c":
        raise DataError(
            N_(
                "The array {name} holds complex numbers, which no network takes. Save their parts or sizes as plain numbers."
            ),
            name=name,
        )
    if dtype.hasobject or dtype.kind not in "biufUS":
        raise DataError(
            N_("The array {name} holds Python objects or records, which are not read. Save plain numbers."), name=name
        )
    if not shape or not all(shape):
        raise DataError(
            N_("The array {name} has the shape {shape}: there is no sample in it."), name=name, shape=shape_text(shape)
        )
    if shape[0] > MOST_SAMPLES or math.prod(shape) > MOST_VALUES or math.prod(shape) * dtype.itemsize > size:
        raise DataError(
            N_("The array {name} promises {shape} numbers, more than there are in the file or than are read ({most})."),
            name=name,
            shape=shape_text(shape),
            most=MOST_VALUES,
        )
    stream = start()
    result: Array = npy.read_array(stream, allow_pickle=False)
    return result


def _described(stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = npy.read_magic(stream)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _order, dtype = read(stream)
    return shape, dtype


def _beside(file: Path, answers: str) -> Path:
    """The .npy file of targets beside that of inputs. Raises :class:`DataError` when none is found by its name."""
    if answers:
        return file.parent / answers
    stem = file.stem
    for inputs, targets in (
        ("x", "y"),
        ("X", "y"),
        ("X", "Y"),
        ("images", "labels"),
        ("inputs", "targets"),
        ("data", "labels"),
    ):
        other = file.with_name(stem.replace(inputs, targets) + file.suffix)
        if inputs in stem and other.is_file():
            return other
    raise DataError(
        N_("The targets of {file} are not beside it, such as y.npy beside x.npy. Choose their file."), file=file.name
    )


def _axes(x: Array) -> str:
    """What the axes of one sample are likely to mean."""
    if x.ndim == 4:
        return "image_first" if x.shape[1] in (1, 3) and x.shape[3] not in (1, 3) else "image"
    if x.ndim == 3:
        return "image" if x.dtype.kind in "bu" or x.shape[1] == x.shape[2] else "sequence"
    return "flat"


def _goal(y: Array) -> str:
    return "classes" if y.dtype.kind != "f" and (y.ndim == 1 or y.shape[1:] == (1,)) else "values"


def _arranged(x: Array, axes: str, name: str) -> Array:
    """Inputs as a network takes them: pictures channels-last, bytes kept as they are, other numbers as floats."""
    if x.dtype.kind in "US":
        raise DataError(N_("The array {name} holds words; inputs must be numbers."), name=name)
    fits = {"image": (3, 4), "image_first": (4,), "sequence": (3,), "flat": tuple(range(1, 33))}[axes]
    if x.ndim not in fits:
        raise DataError(
            N_("The array {name} is {shape}: one sample does not have the axes that are chosen."),
            name=name,
            shape=shape_text(x.shape),
        )
    if axes == "flat":
        x = x.reshape(len(x), -1)
    elif axes == "image_first":
        x = np.moveaxis(x, 1, -1)
    elif axes == "image" and x.ndim == 3:
        x = x[..., np.newaxis]
    if x.dtype == np.uint8 and axes.startswith("image"):
        return np.ascontiguousarray(x)
    result = np.ascontiguousarray(x, np.float32 if x.dtype == np.float32 else np.float64)
    if not np.isfinite(result).all():
        place = np.argwhere(~np.isfinite(result))[0]
        raise DataError(
            N_("The array {name} has a number that is not finite, at [{place}]."),
            name=name,
            place=", ".join(str(index) for index in place),
        )
    return result
