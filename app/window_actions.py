"""Everything a person can do from the menus, the keys and the palette, declared in one list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from app.actions import Action
from app.languages import NAMES
from app.settings import SCALES
from app.workspaces import DEFINITIONS
from simulations.core.text import N_
from widgets.text import _

if TYPE_CHECKING:
    from app.main_window import MainWindow

MENUS: Final = {
    "file": N_("&File"),
    "edit": N_("&Edit"),
    "run": N_("&Run"),
    "view": N_("&View"),
    "theme": N_("Theme"),
    "language": "Language · 语言",  # readable before the right language is chosen
    "size": N_("Text size"),
    "help": N_("&Help"),
}
SUBMENUS: Final = {"theme": "view", "language": "view", "size": "view"}

_THEMES: Final = {"system": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}


def declared_actions(window: MainWindow) -> tuple[Action, ...]:
    """All actions of ``window`` that are there in every workspace, in the order of the menus."""
    return (*_file(window), *_edit(window), *_run(window), *_workspaces(window), *_view(window), *_help(window))


def _file(window: MainWindow) -> tuple[Action, ...]:
    return (
        Action("presets", N_("Presets…"), window.dialogs.show_gallery, "file", 0, ("Ctrl+N",), "gallery"),
        Action("open", N_("Open…"), window.open, "file", 0, ("Ctrl+O",)),
        Action("save", N_("Save"), window.save, "file", 2, ("Ctrl+S",)),
        Action("save-as", N_("Save as…"), window.save_as, "file", 2, ("Ctrl+Shift+S",)),
        Action(
            "export",
            N_("Export a plot…"),
            window.dialogs.export,
            "file",
            3,
            ("Ctrl+E",),
            "export",
            enabled_when=window.has_plots,
        ),
        Action("quit", N_("Quit"), _quietly(window.close), "file", 4, ("Ctrl+Q",)),
    )


def _edit(window: MainWindow) -> tuple[Action, ...]:
    return (
        Action("undo", window.undo_title, window.undo, "edit", 0, ("Ctrl+Z",), "undo", enabled_when=window.can_undo),
        Action(
            "redo", window.redo_title, window.redo, "edit", 0, ("Ctrl+Shift+Z", "Ctrl+Y"), "redo",
            enabled_when=window.can_redo,
        ),
        Action("commands", N_("Find a command…"), window.show_palette, "edit", 2, ("Ctrl+K", "Ctrl+Shift+P"), "search"),
    )  # fmt: skip


def _run(window: MainWindow) -> tuple[Action, ...]:
    return (Action("play", window.play_title, window.toggle_running, "run", 0, ("Space",)),)


def _workspaces(window: MainWindow) -> tuple[Action, ...]:
    return tuple(
        Action(f"workspace-{one.name}", one.label, partial(window.show_desk, one.name), "view", 0, (f"Ctrl+{number}",),
               checked_when=partial(_is_in_front, window, one.name))
        for number, one in enumerate(DEFINITIONS, 1)
    )  # fmt: skip


def _view(window: MainWindow) -> tuple[Action, ...]:
    return (
        *(
            Action(f"theme-{name}", text, partial(window.preferences.choose_theme, name), "theme",
                   checked_when=partial(window.preferences.has_theme, name))
            for name, text in _THEMES.items()
        ),
        *(
            Action(f"language-{name}", partial(str, title), partial(window.preferences.choose_language, name), "language",
                   checked_when=partial(window.preferences.has_language, name))
            for name, title in NAMES.items()
        ),
        *(
            Action(f"size-{scale * 100:.0f}", partial(_percent, scale), partial(window.preferences.choose_scale, scale), "size",
                   checked_when=partial(window.preferences.has_scale, scale), enabled_when=window.preferences.can_scale)
            for scale in SCALES
        ),
        Action("projector", N_("Projector: large text, wide strokes"), window.preferences.project, "view", 1, ("Shift+F11",),
               checked_when=window.preferences.is_projected),
        Action("full-screen", N_("Full screen"), window.toggle_full_screen, "view", 1, ("F11",), "fullscreen",
               checked_when=window.isFullScreen),
        Action("reset-layout", N_("Reset layout"), window.reset_layout, "view", 1),
    )  # fmt: skip


def _help(window: MainWindow) -> tuple[Action, ...]:
    return (
        Action("whats-this", N_("What is this?"), window.dialogs.explain, "help", 0, ("F1",), "help"),
        Action("shortcuts", N_("Keyboard shortcuts"), window.show_shortcuts, "help", 0, ("Ctrl+/",)),
        Action("about", N_("About GradLab"), window.dialogs.show_about, "help", 1),
    )


def _is_in_front(window: MainWindow, name: str) -> bool:
    return window.name == name


def _percent(scale: float) -> str:
    return _("{percent} %").format(percent=round(scale * 100))


def _quietly(run: object) -> partial[None]:
    """``run`` with its answer dropped: an action has nobody to tell it to."""
    return partial(_call, run)


def _call(run: object) -> None:
    assert callable(run)
    run()
