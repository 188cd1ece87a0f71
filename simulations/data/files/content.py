"""What a file was found to hold, and how much of anything is taken: the caps every reader keeps to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from simulations.core.arrays import Array, Shape, shape_text
from simulations.core.errors import GradLabError, SpecError
from simulations.core.params import Json, Record
from simulations.core.targets import Targets
from simulations.core.text import N_

LARGEST_FILE: Final = 512 << 20  # bytes on the disk
LARGEST_TEXT_FILE: Final = 200 << 20
MOST_VALUES: Final = 64_000_000  # input numbers in all: 60 000 images of 32×32, 256 MB as float32
MOST_SAMPLES: Final = 1_000_000
MOST_CLASSES: Final = 1000
_LONGEST_NAME: Final = 200
_NO_TARGETS: Final = Targets.classes(("A", "B"))


@dataclass(frozen=True)
class Found(Record):
    """What a source had in it when it was imported, so that a document knows its network without the file.

    ``shape`` and ``targets`` are those of one sample, ``samples`` is how many there were, and ``digest`` changes with
    every byte. The default, without a digest, says that nobody has looked yet.
    """

    shape: Shape = (1,)
    targets: Targets = _NO_TARGETS
    samples: int = 0
    digest: str = ""
    features: tuple[str, ...] = ()

    def __str__(self) -> str:
        return shape_text((self.samples, *self.shape))

    def to_json(self) -> Json:
        """``{}`` when nobody has looked yet."""
        if not self.digest:
            return {}
        targets = {"kind": self.targets.kind, "names": list(self.targets.names)}
        return {
            "shape": list(self.shape),
            "targets": targets,
            "samples": self.samples,
            "features": list(self.features),
            "digest": self.digest,
        }

    @classmethod
    def from_json(cls, data: object, path: str) -> Found:
        if not isinstance(data, Mapping):
            raise _refused(path, "{…}", data)
        if not data:
            return Found()
        targets = data.get("targets")
        if not isinstance(targets, Mapping) or targets.get("kind") not in ("classes", "values"):
            raise _refused(f"{path}.targets", '{"kind": "classes" | "values", …}', targets)
        names = _names(targets.get("names"), f"{path}.targets.names")
        make = Targets.classes if targets["kind"] == "classes" else Targets.values
        digest, samples = data.get("digest"), data.get("samples")
        if not names:
            raise _refused(f"{path}.targets.names", "[“…”]", names)
        if not isinstance(digest, str) or not 0 < len(digest) <= _LONGEST_NAME:
            raise _refused(f"{path}.digest", "“…”", digest)
        if not isinstance(samples, int) or isinstance(samples, bool) or not 0 <= samples <= MOST_SAMPLES:
            raise _refused(f"{path}.samples", f"0…{MOST_SAMPLES}", samples)
        return Found(
            _shape(data.get("shape"), f"{path}.shape"),
            make(names),
            samples,
            digest,
            _names(data.get("features", []), f"{path}.features"),
        )


def _shape(value: object, path: str) -> Shape:
    if not isinstance(value, list) or not 1 <= len(value) <= 3:
        raise _refused(path, "[h, w, c]", value)
    size = 1
    for one in value:
        if not isinstance(one, int) or isinstance(one, bool) or not 1 <= one <= MOST_VALUES:
            raise _refused(path, "[h, w, c]", value)
        size *= one
    if size > MOST_VALUES:
        raise _refused(path, f"h·w·c ≤ {MOST_VALUES}", value)
    return tuple(value)


def _names(value: object, path: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and len(one) <= _LONGEST_NAME for one in value):
        raise _refused(path, "[“…”]", value)
    return tuple(value)


def _refused(path: str, expected: str, received: object) -> SpecError:
    return SpecError(N_("{path}: expected {expected}, got {received}"), path=path, expected=expected, received=received)


@dataclass(frozen=True)
class Content:
    """All samples of a source as they were read, in the order of the file.

    ``inputs`` is ``(n, …)``: bytes for pictures, which stand for 0…1 in 255 steps, else floats in the file's units; a NaN
    is a missing number. ``targets`` is ``(n,)`` classes or ``(n, k)`` values. ``recognised`` says what was made of choices
    left to be recognised, ``remarks`` what a person should know, each a sentence.
    """

    inputs: Array
    targets: Array
    wanted: Targets
    digest: str
    features: tuple[str, ...] = ()
    recognised: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[GradLabError, ...] = ()
    columns: tuple[str, ...] = ()  # of a table: those that may be chosen
    has_gaps: bool = False  # some inputs are NaN

    @property
    def found(self) -> Found:
        shape = tuple(int(size) for size in self.inputs.shape[1:])
        return Found(shape, self.wanted, len(self.inputs), self.digest, self.features)

    @property
    def nbytes(self) -> int:
        return int(self.inputs.nbytes + self.targets.nbytes)


def shortened(name: str) -> str:
    """A class or column name as it is kept: without breaks, and not endless."""
    plain = " ".join(name.split())
    return plain if len(plain) <= 60 else plain[:59] + "…"
