"""What the window remembers between two starts: language, look, layout. A damaged value counts as never stored."""

from __future__ import annotations

import math
from collections.abc import Collection
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

LANGUAGES: Final = ("en", "zh_CN")
THEMES: Final = ("system", "light", "dark")
WORKSPACES: Final = ("train", "race")
SCALES: Final = (1.0, 1.25, 1.5)


def data_folder() -> Path:
    """Where this program keeps its own files (autosave), made when absent."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def stored_number(store: QSettings, name: str, usual: float, allowed: Collection[float] = ()) -> float:
    """What is stored as ``name``: one of ``allowed``, where these are given; else ``usual``."""
    try:
        found = float(str(store.value(name, usual)))
    except ValueError:
        return usual
    return found if (found in allowed if allowed else math.isfinite(found)) else usual


class Settings:
    """Typed access to the stored values; ``file`` is for tests, else the user's own place."""

    def __init__(self, file: Path | None = None) -> None:
        if file is None:
            self.store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gradlab", "gradlab")
        else:
            self.store = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def language(self) -> str:
        """The chosen language, or ``""`` to follow the system."""
        return self._choice("language", LANGUAGES, "")

    @language.setter
    def language(self, value: str) -> None:
        self.store.setValue("language", value)

    @property
    def theme(self) -> str:
        return self._choice("theme", THEMES, "system")

    @theme.setter
    def theme(self, value: str) -> None:
        self.store.setValue("theme", value)

    @property
    def scale(self) -> float:
        stored = self._choice("scale", tuple(str(one) for one in SCALES), "1.0")
        return float(stored)

    @scale.setter
    def scale(self, value: float) -> None:
        self.store.setValue("scale", str(value))

    @property
    def is_projected(self) -> bool:
        return self._choice("projector", ("on", "off"), "off") == "on"

    @is_projected.setter
    def is_projected(self, value: bool) -> None:
        self.store.setValue("projector", "on" if value else "off")

    @property
    def workspace(self) -> str:
        """The workspace that was shown last."""
        return self._choice("workspace", WORKSPACES, WORKSPACES[0])

    @workspace.setter
    def workspace(self, value: str) -> None:
        self.store.setValue("workspace", value)

    def bytes_of(self, name: str) -> QByteArray:
        """A stored layout or geometry; empty when there is none."""
        value = self.store.value(name)
        return value if isinstance(value, QByteArray) else QByteArray()

    def store_bytes(self, name: str, value: QByteArray) -> None:
        self.store.setValue(name, value)

    def forget(self, name: str) -> None:
        self.store.remove(name)

    def sync(self) -> None:
        """Write to the disk now."""
        self.store.sync()

    def _choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.store.value(name)
        return value if isinstance(value, str) and value in allowed else default
