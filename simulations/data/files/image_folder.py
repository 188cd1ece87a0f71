"""A folder of pictures, a sub-folder a class: photographs, scans or drawings, brought to one size."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

import numpy as np

from simulations.core.arrays import Array
from simulations.core.errors import DataError, GradLabError
from simulations.core.params import param
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES
from simulations.data.files.content import MOST_CLASSES, MOST_VALUES, Content, shortened
from simulations.data.files.opening import Progress, in_words, unwatched
from simulations.data.files.source import FileSource, stamp_of

if TYPE_CHECKING:
    from PIL.Image import Image

ENDINGS: Final = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif", ".tif", ".tiff", ".pgm", ".ppm")
_FORMATS: Final = ("PNG", "JPEG", "BMP", "WEBP", "GIF", "TIFF", "PPM")
MOST_PIXELS: Final = 50_000_000  # of one picture before it is made small: more is a decompression bomb
_MOST_PICTURES: Final = 100_000


@final
@DATA_SOURCES.register(
    "image_folder",
    label=N_("Folder of pictures"),
    summary=N_("Pictures in a folder, with a sub-folder for each class; all are brought to one size."),
    source="torchvision.datasets.ImageFolder",
)
@dataclass(frozen=True)
class ImageFolder(FileSource):
    """Pictures ``(n, size, size, 1 or 3)``. A picture keeps its proportions: what is longer is cut or, to fit, shrunk."""

    size: int = param(
        32, low=4, high=128, scale="log", unit="px", hidden=True, label=N_("Size"), help=N_("Width and height.")
    )
    colour: str = param(
        "grey",
        choices=("grey", "colour"),
        labels=(N_("grey, one channel"), N_("colour, three channels")),
        hidden=True,
        label=N_("Colour"),
        help=N_("Whether brightness alone is kept, or red, green and blue."),
    )
    fit: str = param(
        "cut",
        choices=("cut", "stretch"),
        labels=(N_("cut the longer side"), N_("stretch")),
        hidden=True,
        label=N_("Not square"),
        help=N_("How a picture that is not square becomes one."),
    )

    @property
    def stamp(self) -> tuple[object, ...]:
        return stamp_of(self.file, *(folder for _name, folder in _classes(self.file)))

    def read(self, progress: Progress = unwatched) -> Content:
        classes = [(name, list(_pictures(folder))) for name, folder in _classes(self.file)]
        classes = [(name, files) for name, files in classes if files]
        if len(classes) < 2:
            raise DataError(
                N_("{folder} has {count} sub-folders with pictures; at least two are needed, one for each class."),
                folder=self.title,
                count=len(classes),
            )
        names = tuple(shortened(name) for name, _files in classes)
        self._refuse_too_much(sum(len(files) for _name, files in classes), len(names))
        files = [(file, code) for code, (_name, files) in enumerate(classes) for file in files]
        inputs = np.empty((len(files), self.size, self.size, 1 if self.colour == "grey" else 3), np.uint8)
        codes = np.empty(len(files), np.intp)
        bad: list[str] = []
        digest, kept = hashlib.blake2b(digest_size=8), 0
        for index, (file, code) in enumerate(files):
            digest.update(f"{file.parent.name}/{file.name}/{file.stat().st_size};".encode("utf-8", "surrogateescape"))
            picture = self._picture(file)
            if picture is None:
                bad.append(f"{file.parent.name}/{file.name}")
            else:
                inputs[kept], codes[kept] = picture, code
                kept += 1
            progress((index + 1) / len(files))
        remarks = self._remarks(bad, kept)
        return Content(inputs[:kept], codes[:kept], Targets.classes(names), digest.hexdigest(), (), {}, remarks)

    def _refuse_too_much(self, count: int, classes: int) -> None:
        channels = 1 if self.colour == "grey" else 3
        if count > _MOST_PICTURES or count * self.size**2 * channels > MOST_VALUES or classes > MOST_CLASSES:
            raise DataError(
                N_("{folder} has {count} pictures in {classes} classes, too many at this size. Choose a smaller size."),
                folder=self.title,
                count=count,
                classes=classes,
            )

    def _remarks(self, bad: list[str], kept: int) -> tuple[GradLabError, ...]:
        if not bad:
            return ()
        if not kept:
            raise DataError(
                N_("None of the {count} pictures in {folder} can be read, the first is {name}."),
                count=len(bad),
                folder=self.title,
                name=bad[0],
            )
        return (
            DataError(
                N_("Pictures left out because they cannot be read: {count}, the first is {name}."),
                count=len(bad),
                name=bad[0],
            ),
        )

    def _picture(self, file: Path) -> Array | None:
        """One picture ``(size, size, c)`` as bytes; None when it is damaged, too large or no picture."""
        from PIL import Image, UnidentifiedImageError

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Image.open(file, formats=_FORMATS) as picture:
                    if picture.width * picture.height > MOST_PIXELS:
                        return None
                    return self._squared(picture)
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, MemoryError):
            return None
        except (UnidentifiedImageError, Image.DecompressionBombError):
            return None

    def _squared(self, picture: Image) -> Array:
        from PIL import Image, ImageOps

        mode = "L" if self.colour == "grey" else "RGB"
        side = min(picture.size)
        if self.fit == "cut":
            picture.draft(mode, (self.size * max(1, picture.width // side), self.size * max(1, picture.height // side)))
        turned = ImageOps.exif_transpose(picture)
        if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
            ground = Image.new("RGBA", turned.size, "white")
            turned = Image.alpha_composite(ground, turned.convert("RGBA"))
        whole = turned.convert(mode)
        wanted = (self.size, self.size)
        if self.fit == "cut":
            made = ImageOps.fit(
                whole, wanted, Image.Resampling.BOX if side > 2 * self.size else Image.Resampling.BICUBIC
            )
        else:
            made = whole.resize(wanted, Image.Resampling.BICUBIC)
        return np.asarray(made, np.uint8).reshape(self.size, self.size, -1)


def _classes(folder: Path) -> list[tuple[str, Path]]:
    """Name and path of every sub-folder, in order. Raises :class:`DataError` when ``folder`` is none."""
    try:
        with os.scandir(folder) as entries:
            inside = [(one.name, Path(one.path)) for one in entries if not one.name.startswith(".") and one.is_dir()]
    except NotADirectoryError as error:
        raise DataError(
            N_("{file} is no folder; a folder with a sub-folder for each class is expected."), file=folder.name
        ) from error
    except OSError as error:
        raise in_words(folder, error) from error
    if len(inside) > MOST_CLASSES:
        raise DataError(
            N_("{folder} has {count} sub-folders, too many for classes."), folder=folder.name, count=len(inside)
        )
    return sorted(inside)


def _pictures(folder: Path) -> Iterator[Path]:
    """The pictures right inside ``folder``, in order."""
    try:
        names = sorted(one.name for one in os.scandir(folder) if one.is_file())
    except OSError as error:
        raise in_words(folder, error) from error
    yield from (folder / name for name in names if name.lower().endswith(ENDINGS) and not name.startswith("."))
