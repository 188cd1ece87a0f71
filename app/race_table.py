"""The table of a file for a typed-in formula: chosen from the panel's button, or dropped on the window."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.file_dialog import ask_for_file
from app.notices import rewritten_notice
from simulations.core.errors import GradLabError
from simulations.core.text import N_
from simulations.documents.race_edits import with_surface
from simulations.surfaces.formula import RESERVED, Formula
from simulations.surfaces.table_files import table_text
from widgets.panel import Edit
from widgets.text import _

if TYPE_CHECKING:
    from app.desk import Desk


class RaceTable(QObject):
    """Reads at once: what a race can keep is small."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk

    def ask(self, delimiter: str) -> None:
        """Ask for a file and take its table, whose cells ``delimiter`` separates."""
        filters = ";;".join((_("Tables (*.csv *.tsv *.txt)"), _("All files (*)")))
        file = ask_for_file(self._desk.workspace, _("Table from a file"), self._desk.files.folder, filters)
        if file is not None:
            self.take(file, delimiter)

    def take(self, file: Path, delimiter: str | None = None) -> bool:
        """Average the race's formula over the table in ``file``; False where the race has no formula. Without a ``delimiter`` its
        cells are told apart as those of the table before it."""
        spec = self._desk.controller.spec
        surface = spec.surface
        if not isinstance(surface, Formula):
            return False
        try:
            delimiter = surface.delimiter if delimiter is None else delimiter
            surface = dataclasses.replace(surface, delimiter=delimiter)
            changed = surface.over(table_text(file, RESERVED, delimiter))
            changed.check()
        except GradLabError as error:
            self._desk.complain(error)
        else:
            self._desk.withdraw_complaint()
            controller = self._desk.controller
            controller.handle(Edit(with_surface(spec, changed), N_("Table from a file")))
            if changed.text != surface.text:
                self._desk.remark(rewritten_notice(surface.text, changed.text, controller.undo))
        return True
