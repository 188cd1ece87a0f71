"""The ways a person's own data come in: the menu, a drop on the window, a paste; each ends in the import dialog.

What the dialog gives becomes one edit: the data set, and a network, a loss and a batch size that fit it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QObject, QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.controller import Controller
from app.file_dialog import ask_for_file, ask_for_folder, dropped
from simulations.core.errors import DataError, GradLabError
from simulations.core.text import N_
from simulations.data.files.guess import source_for
from simulations.data.files.source import FileSource, ReadSource
from simulations.data.files.table import LARGEST_PASTE, PastedTable
from simulations.documents.importing import with_source
from widgets.panel import Edit, ImportData
from widgets.text import _
from widgets.theme import Look

if TYPE_CHECKING:
    from app.import_dialog import ImportDialog

_ENDINGS: Final = "*.csv *.tsv *.txt *.npz *.npy *ubyte* *.gz"
_FOLDER: Final = "import/folder"


class DataImport(QObject):
    """``complain`` shows an error that has a sentence of its own, ``report`` a defect's traceback."""

    def __init__(
        self,
        look: Look,
        controller: Controller,
        settings: QSettings,
        complain: Callable[[GradLabError], None],
        report: Callable[[str], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._look, self._controller, self._settings = look, controller, settings
        self._complain, self._report, self._window = complain, report, window
        self.dialog: ImportDialog | None = None
        controller.importRequested.connect(self.obey)

    def obey(self, wish: ImportData) -> None:
        """Do what a panel wishes: another file, a folder, a paste, or the present data once more."""
        present = self._controller.spec.data.source
        if wish.what == "again" and isinstance(present, ReadSource):
            self.open_source(present)
        elif wish.what == "image_folder":
            self.ask_folder()
        elif wish.what == "pasted_table":
            self.paste()
        else:
            self.ask_file()

    def ask_file(self) -> None:
        """Ask for a file and import it."""
        kinds = _("Tables, arrays, IDX files ({endings})").format(endings=_ENDINGS)
        filters = ";;".join((kinds, _("All files (*)")))
        file = ask_for_file(self._window, _("Import data"), self._folder(), filters)
        if file is not None:
            self.open_path(file)

    def ask_folder(self) -> None:
        """Ask for a folder of pictures and import it."""
        folder = ask_for_folder(self._window, _("Import a folder of pictures"), self._folder())
        if folder is not None:
            self.open_path(folder)

    def paste(self) -> None:
        """Import the cells on the clipboard; a copied file is imported as that file."""
        mime = QGuiApplication.clipboard().mimeData() or QMimeData()  # a platform without a clipboard has none
        file = dropped(mime)
        if file is not None:
            self.open_path(file)
            return
        text = mime.text()
        if not text.strip() or ("\t" not in text and "\n" not in text.strip()):
            self._complain(DataError(N_("The clipboard holds no table. Copy some cells of a spreadsheet first.")))
        elif len(text) > LARGEST_PASTE:
            self._complain(
                DataError(
                    N_(
                        "The clipboard holds {count} characters; at most {most} are kept in an experiment. Save them as a file."
                    ),
                    count=len(text),
                    most=LARGEST_PASTE,
                )
            )
        else:
            self.open_source(PastedTable(text=text))

    def open_path(self, path: Path) -> None:
        """Import ``path``; what no source reads is said in words."""
        self._settings.setValue(_FOLDER, str(path.parent))
        try:
            source = source_for(path)
        except GradLabError as error:
            self._complain(error)
            return
        self.open_source(source)

    def open_source(self, source: ReadSource) -> None:
        """Show the dialog on ``source``, in place of one that is open."""
        if self.dialog is not None:
            self.dialog.reject()
        from app.import_dialog import ImportDialog

        dialog = self.dialog = ImportDialog(self._look, source, self._window)
        dialog.chosen.connect(self._on_chosen)
        dialog.broke.connect(self._report)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_chosen(self, source: ReadSource) -> None:
        document = self._controller.document
        spec = with_source(document.spec, source, document.wanted_batch)
        self._controller.edit(Edit(spec, N_("Import data")))

    def _on_finished(self, _result: int) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _folder(self) -> Path:
        """Where the last file came from, else where the present one lies, else home."""
        present = self._controller.spec.data.source
        known = [str(self._settings.value(_FOLDER) or "")]
        known += [str(Path(present.path).parent)] if isinstance(present, FileSource) and present.path else []
        return next((Path(one) for one in known if one and Path(one).is_dir()), Path.home())
