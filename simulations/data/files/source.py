"""What all sources that read a person's files share: choices in, one reading kept, and the same samples or a clear word.

A source is its path and its choices, and remembers in ``found`` what they gave when it was imported. So a document opens
without the file, shows its network, and says in one sentence when the file is gone or has changed since.
"""

from __future__ import annotations

import dataclasses
import os
import threading
from abc import abstractmethod
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from simulations.core.arrays import FloatArray, Shape, shape_text
from simulations.core.errors import DataError
from simulations.core.params import hyperparameters, param
from simulations.core.targets import Targets
from simulations.core.text import N_, verbatim
from simulations.data.base import Dataset, DataSource
from simulations.data.files.content import MOST_SAMPLES, Content, Found
from simulations.data.files.opening import Progress, in_words, unwatched

_KEPT_BYTES: Final = 512 << 20
_FOUND_LATER: Final = frozenset({"found", "samples"})  # fields that do not change what is read


@dataclass(frozen=True)
class ReadSource(DataSource):
    """A source whose samples are read, not generated. ``samples`` bounds how many of them are used."""

    found: Found = param(Found(), hidden=True, label=N_("Found"), help=N_("What the source held when it was imported."))
    samples: int = param(
        MOST_SAMPLES,
        low=10,
        high=MOST_SAMPLES,
        scale="log",
        unit=N_("samples"),
        label=N_("At most"),
        help=N_("No more samples than this are used, drawn at random from all."),
    )

    @property
    def input_shape(self) -> Shape:
        return self.found.shape

    @property
    def count(self) -> int:
        return min(self.found.samples, self.samples)

    @property
    def targets(self) -> Targets:
        found = self.found.targets
        return dataclasses.replace(found, names=verbatim(found.names))

    @property
    def feature_names(self) -> tuple[str, ...]:
        return verbatim(self.found.features) or super().feature_names

    def is_same_set(self, other: DataSource) -> bool:
        return isinstance(other, ReadSource) and self.found.digest == other.found.digest

    @property
    @abstractmethod
    def title(self) -> str:
        """What a person calls the source: the name of its file."""

    @property
    @abstractmethod
    def stamp(self) -> tuple[object, ...]:
        """Equal as long as what would be read is the same. Raises :class:`DataError` when the file is not there."""

    @abstractmethod
    def read(self, progress: Progress = unwatched) -> Content:
        """Everything the source holds, read anew. Raises :class:`DataError` in words for whatever is wrong with it."""

    def content(self, progress: Progress = unwatched) -> Content:
        """What :meth:`read` gives, read once for each state of the file and each way of reading it."""
        choices = tuple(getattr(self, one.name) for one in hyperparameters(self) if one.name not in _FOUND_LATER)
        key = (type(self), choices, self.stamp)
        kept = _KEPT.get(key)
        if kept is None:
            kept = self.read(progress)
            _KEPT.put(key, kept)
        return kept

    def imported(self, progress: Progress = unwatched) -> Self:
        """The same source with every recognised choice settled and with what it holds now in ``found``."""
        content = self.content(progress)
        settled: dict[str, Any] = dict(content.recognised)
        again = dataclasses.replace(self, **settled)
        if again != self:
            choices = tuple(getattr(again, one.name) for one in hyperparameters(again) if one.name not in _FOUND_LATER)
            _KEPT.put((type(again), choices, again.stamp), content)
        return dataclasses.replace(again, found=content.found)

    def generate(self, rng: np.random.Generator) -> Dataset:
        content = self.content()
        if self.found.digest:
            self._refuse_change(content.found)
        chosen = rng.permutation(len(content.inputs))[: self.samples]
        inputs = _in_units(content.inputs[chosen])
        return Dataset(inputs, content.targets[chosen], verbatim(content.wanted.names), has_gaps=content.has_gaps)

    def _refuse_change(self, now: Found) -> None:
        then = self.found
        if now.digest != then.digest:
            raise DataError(
                N_("{file} has changed since it was imported. Import it again to use what it holds now."),
                file=self.title,
            )
        if (now.shape, now.targets) != (then.shape, then.targets):
            raise DataError(
                N_(
                    "{file} gives {received} inputs and {outputs} outputs, other than when it was imported. Import it again."
                ),
                file=self.title,
                received=shape_text(now.shape),
                outputs=len(now.targets.names),
            )


@dataclass(frozen=True)
class FileSource(ReadSource):
    """A source that reads the file or folder ``path``; a relative path is relative to the document."""

    path: str = param("", hidden=True, label=N_("File"), help=N_("Where the samples are read from."))

    @property
    def title(self) -> str:
        return Path(self.path).name

    @property
    def stamp(self) -> tuple[object, ...]:
        return stamp_of(self.file)

    @property
    def file(self) -> Path:
        """Raises :class:`DataError` when none is chosen."""
        if not self.path or "\0" in self.path:
            raise DataError(N_("No file is chosen yet: import one."))
        return Path(self.path)

    def placed(self, folder: Path) -> Self:
        """The source as a document in ``folder`` means it: with an absolute path."""
        return dataclasses.replace(self, path=os.path.abspath(folder / self.path)) if self.path else self

    def beside(self, folder: Path) -> Self:
        """The source as a document in ``folder`` should write it: relative where the file lies in or below the folder."""
        try:
            inside = Path(self.path).relative_to(os.path.abspath(folder))
        except ValueError:
            return self
        return dataclasses.replace(self, path=inside.as_posix())


def stamp_of(*files: Path) -> tuple[object, ...]:
    """Paths, times and sizes. Raises :class:`DataError` when one is absent."""
    parts: list[object] = []
    for file in files:
        try:
            state = file.stat()
        except OSError as error:
            raise in_words(file, error) from error
        except ValueError as error:  # a path no system takes
            raise DataError(N_("{file} is no path that can be read."), file=str(file)) from error
        parts += [str(file), state.st_mtime_ns, state.st_size]
    return tuple(parts)


def _in_units(inputs: Any) -> FloatArray:
    """Bytes as 0…1, other numbers as they are."""
    if inputs.dtype == np.uint8:
        scaled: FloatArray = np.multiply(inputs, np.float32(1 / 255), dtype=np.float32)
        return scaled
    floats: FloatArray = inputs
    return floats


class _Kept:
    """The last readings, the newest last, as long as they fit; asked from the window's thread and the simulation's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._contents: OrderedDict[object, Content] = OrderedDict()

    def get(self, key: object) -> Content | None:
        with self._lock:
            if key in self._contents:
                self._contents.move_to_end(key)
            return self._contents.get(key)

    def put(self, key: object, content: Content) -> None:
        with self._lock:
            self._contents[key] = content
            self._contents.move_to_end(key)
            held = {id(one): one.nbytes for one in self._contents.values()}
            while len(self._contents) > 1 and sum(held.values()) > _KEPT_BYTES:
                self._contents.popitem(last=False)
                held = {id(one): one.nbytes for one in self._contents.values()}


_KEPT: Final = _Kept()
