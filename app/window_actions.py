"""Everything a person can do from the menus, the keys and the palette, declared in one list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from app.actions import Action
from app.languages import NAMES
from app.settings import SCALES
from simulations.core.text import N_
from simulations.runtime.messages import KeepTeacher, Pause, Play, Reset, TakeEpoch, TakeSteps
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
    """All actions of ``window``, in the order of the menus."""
    return (*_file(window), *_edit(window), *_run(window), *_view(window), *_help(window))


def _file(window: MainWindow) -> tuple[Action, ...]:
    files = window.files
    return (
        Action("presets", N_("Presets…"), window.show_gallery, "file", 0, ("Ctrl+N",), "gallery"),
        Action("open", N_("Open experiment…"), files.open, "file", 0, ("Ctrl+O",)),
        Action("import", N_("Import data…"), window.data_import.ask_file, "file", 1, ("Ctrl+I",), "data"),
        Action("import-folder", N_("Import a folder of pictures…"), window.data_import.ask_folder, "file", 1),
        Action("save", N_("Save experiment"), _quietly(files.save), "file", 2, ("Ctrl+S",)),
        Action("save-as", N_("Save experiment as…"), _quietly(files.save_as), "file", 2, ("Ctrl+Shift+S",)),
        Action(
            "export",
            N_("Export a plot…"),
            window.export,
            "file",
            3,
            ("Ctrl+E",),
            "export",
            enabled_when=window.has_plots,
        ),
        Action("quit", N_("Quit"), _quietly(window.close), "file", 4, ("Ctrl+Q",)),
    )


def _edit(window: MainWindow) -> tuple[Action, ...]:
    controller = window.controller
    return (
        Action(
            "undo", window.undo_title, controller.undo, "edit", 0, ("Ctrl+Z",), "undo", enabled_when=window.can_undo
        ),
        Action(
            "redo", window.redo_title, controller.redo, "edit", 0, ("Ctrl+Shift+Z", "Ctrl+Y"), "redo",
            enabled_when=window.can_redo,
        ),
        Action("paste", N_("Paste a table as data…"), window.data_import.paste, "edit", 1, ("Ctrl+V",)),
        Action("commands", N_("Find a command…"), window.show_palette, "edit", 2, ("Ctrl+K", "Ctrl+Shift+P"), "search"),
    )  # fmt: skip


def _run(window: MainWindow) -> tuple[Action, ...]:
    handle = window.controller.handle
    return (
        Action("play", window.play_title, window.toggle_running, "run", 0, ("Space",)),
        Action("step", N_("Take one step"), partial(handle, TakeSteps(1)), "run", 0, ("Right",), "step"),
        Action("epoch", N_("Train one epoch"), partial(handle, TakeEpoch()), "run", 0, ("Shift+Right",), "epoch"),
        Action("reset", N_("Reset"), partial(handle, Reset()), "run", 1, ("Ctrl+R",), "reset"),
        Action("seed", N_("New seed"), window.controller.new_seed, "run", 1, ("Ctrl+Shift+R",), "seed"),
        Action("keep-teacher", N_("Keep this network as the teacher"), partial(handle, KeepTeacher()), "run", 2),
        Action(
            "forget-teacher",
            N_("Forget the teacher"),
            window.controller.forget_teacher,
            "run",
            2,
            enabled_when=window.controller.has_teacher,
        ),
    )


def _view(window: MainWindow) -> tuple[Action, ...]:
    return (
        *(
            Action(f"theme-{name}", text, partial(window.choose_theme, name), "theme",
                   checked_when=partial(window.has_theme, name))
            for name, text in _THEMES.items()
        ),
        *(
            Action(f"language-{name}", partial(str, title), partial(window.choose_language, name), "language",
                   checked_when=partial(window.has_language, name))
            for name, title in NAMES.items()
        ),
        *(
            Action(f"size-{scale * 100:.0f}", partial(_percent, scale), partial(window.choose_scale, scale), "size",
                   checked_when=partial(window.has_scale, scale))
            for scale in SCALES
        ),
        Action("full-screen", N_("Full screen"), window.toggle_full_screen, "view", 1, ("F11",), "fullscreen",
               checked_when=window.isFullScreen),
        Action("reset-layout", N_("Reset layout"), window.reset_layout, "view", 1),
    )  # fmt: skip


def _help(window: MainWindow) -> tuple[Action, ...]:
    return (
        Action("whats-this", N_("What is this?"), window.explain, "help", 0, ("F1",), "help"),
        Action("shortcuts", N_("Keyboard shortcuts"), window.show_shortcuts, "help", 0, ("Ctrl+/",)),
        Action("about", N_("About GradLab"), window.show_about, "help", 1),
    )


def play_command(is_running: bool) -> Play | Pause:
    """What Space wishes for."""
    return Pause() if is_running else Play()


def _percent(scale: float) -> str:
    return _("{percent} %").format(percent=round(scale * 100))


def _quietly(run: object) -> partial[None]:
    """``run`` with its answer dropped: an action has nobody to tell it to."""
    return partial(_call, run)


def _call(run: object) -> None:
    assert callable(run)
    run()
