"""The export dialog: which plot, which format, how, and where; with a preview, and the clipboard for those in a hurry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QStandardPaths, Qt, Signal
from PySide6.QtGui import QPalette, QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from app.animation_form import AnimationForm
from app.caption import caption
from app.export_names import FIELDS, PATTERN, file_name
from app.export_preview import ExportPreview
from app.exporters import EXPORTERS, ExportOptions
from app.exporters.clipboard import copy_numbers, copy_picture
from app.file_dialog import ask_for_folder
from app.files import write_atomically
from app.jobs import SlicedJob
from app.settings import stored_number
from simulations.core.errors import FileError
from simulations.runtime.messages import Snapshot
from widgets.plot import MovingPlot, Plot
from widgets.text import _, sentence
from widgets.theme import Look

if TYPE_CHECKING:
    from simulations.runtime.race_messages import RaceSnapshot

_SCALES = (1, 2, 3, 4)
_USUAL_SCALE = 2


class ExportDialog(QDialog):
    """Exports one of ``plots``.

    ``latest`` gives the snapshot on the screen, asked once at the moment of writing, so that caption and file name say the
    same step, the one that the picture shows. ``document`` is what its file is called, if it has one.
    ``exported`` carries the path of a written file.
    """

    exported = Signal(object)

    def __init__(
        self,
        look: Look,
        plots: Sequence[Plot],
        latest: Callable[[], Snapshot | RaceSnapshot | None],
        settings: QSettings,
        parent: QWidget | None = None,
        document: str = "",
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._look = look
        self._plots = tuple(plots)
        self._latest = latest
        self._moment = latest()
        self._settings = settings
        self._job: SlicedJob | None = None
        self.setWindowTitle(_("Export"))
        self._make_controls()
        self._make_notes()
        self._lay_out()
        self._recall()
        self._allow_formats()
        self._connect()
        self._refresh()

    # ---- building ----------------------------------------------------------------------------------------------------

    def _make_controls(self) -> None:
        self._plot = QComboBox(self)
        for plot in self._plots:
            self._plot.addItem(plot.plot_title(), plot.plot_id)
        self._format = QComboBox(self)
        for entry in EXPORTERS:
            self._format.addItem(_(entry.label), entry.kind)
            self._format.setItemData(self._format.count() - 1, _(entry.summary), Qt.ItemDataRole.ToolTipRole)
        self._scale = QComboBox(self)
        for scale in _SCALES:
            self._scale.addItem(_("{scale}× screen size").format(scale=scale), scale)
        self._animation = AnimationForm(self)
        self._light = QCheckBox(_("Light background"), self)
        self._light.setToolTip(_("White paper and dark text, whatever the window looks like."))
        self._captioned = QCheckBox(_("Caption"), self)
        self._captioned.setToolTip(_("A line with the experiment, step, seed and hyperparameters."))
        self._caption = QLineEdit(self)
        self._caption.setToolTip(_("Leave this empty for the line that names experiment, seed and hyperparameters."))
        self._folder = QLineEdit(self)
        self._browse = QPushButton(_("Browse…"), self)
        self._pattern = QLineEdit(self)
        self._pattern.setToolTip(_("These are filled in: {fields}").format(fields=", ".join(FIELDS)))
        for control, name in (
            (self._caption, _("Caption text")),
            (self._folder, _("Folder")),
            (self._pattern, _("File name")),
        ):
            control.setAccessibleName(name)

    def _make_notes(self) -> None:
        self._note = QLabel(self)
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._note.setMinimumHeight(2 * self._note.fontMetrics().lineSpacing() + 4)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(_("Progress"))
        self._progress.hide()
        self._preview = ExportPreview(self._look, self)
        self._buttons = QDialogButtonBox(self)
        self._copy_picture = self._buttons.addButton(_("Copy picture"), QDialogButtonBox.ButtonRole.ActionRole)
        self._copy_numbers = self._buttons.addButton(_("Copy numbers"), QDialogButtonBox.ButtonRole.ActionRole)
        self._buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._export = self._buttons.addButton(_("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._export.setDefault(True)

    def _lay_out(self) -> None:
        folder = QHBoxLayout()
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._browse)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_("Plot"), self._plot)
        form.addRow(_("Format"), self._format)
        form.addRow(_("Size"), self._scale)
        form.addRow(_("Animation"), self._animation)
        form.addRow("", self._light)
        form.addRow(self._captioned, self._caption)
        form.addRow(_("Folder"), folder)
        form.addRow(_("File name"), self._pattern)
        self._form = form
        layout = QGridLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setHorizontalSpacing(16)
        layout.addWidget(self._preview, 0, 0, 2, 1)
        layout.addLayout(form, 0, 1)
        layout.addWidget(self._note, 1, 1)
        layout.addWidget(self._progress, 2, 0, 1, 2)
        layout.addWidget(self._buttons, 3, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        layout.setColumnMinimumWidth(1, 380)
        layout.setRowStretch(1, 1)

    def _connect(self) -> None:
        self._plot.currentIndexChanged.connect(self._on_plot_chosen)
        for box in (self._format, self._scale):
            box.currentIndexChanged.connect(self._refresh)
        self._animation.edited.connect(self._refresh)
        for check in (self._light, self._captioned):
            check.toggled.connect(self._refresh)
        for edit in (self._caption, self._folder, self._pattern):
            edit.textChanged.connect(self._refresh)
        self._browse.clicked.connect(self._on_browse)
        self._copy_picture.clicked.connect(self._on_copy_picture)
        self._copy_numbers.clicked.connect(self._on_copy_numbers)
        self._buttons.accepted.connect(self._on_export)
        self._buttons.rejected.connect(self.reject)

    # ---- what is chosen ----------------------------------------------------------------------------------------------

    def choose(self, plot_id: str, kind: str = "") -> None:
        """Start with this plot, and this format when one is given."""
        self._plot.setCurrentIndex(max(0, self._plot.findData(plot_id)))
        if kind:
            self._format.setCurrentIndex(max(0, self._format.findData(kind)))

    @property
    def plot(self) -> Plot:
        """The plot that would be exported."""
        return self._plots[self._plot.currentIndex()]

    @property
    def kind(self) -> str:
        """The format it would be exported in."""
        return str(self._format.currentData())

    @property
    def file(self) -> Path:
        """Where it would go."""
        pattern = self._pattern.text() or PATTERN
        name = file_name(pattern, self.plot, self._moment, self.kind, self._last_step(), self._document)
        return Path(self._folder.text()).expanduser() / name

    @property
    def options(self) -> ExportOptions:
        """How it would be written."""
        text = (self._caption.text() or self._automatic_caption()) if self._captioned.isChecked() else ""
        return ExportOptions(
            scale=int(self._scale.currentData()),
            light=self._light.isChecked(),
            caption=text,
            theme=self._look.theme,
            animation=self._animation.animation,
        )

    def _automatic_caption(self) -> str:
        return caption(self._moment, self._last_step(), self.plot) if self._moment is not None else ""

    def _last_step(self) -> int | None:
        """Of an animation; None for a picture of one moment."""
        plot = self.plot
        return plot.moments() - 1 if EXPORTERS[self.kind].moves and isinstance(plot, MovingPlot) else None

    def _allow_formats(self) -> None:
        """What does not suit the plot cannot be chosen."""
        formats = self._format.model()
        assert isinstance(formats, QStandardItemModel)  # which every combo box has that is given none
        for index, entry in enumerate(EXPORTERS):
            formats.item(index).setEnabled(entry.cls().suits(self.plot))
        if not formats.item(self._format.currentIndex()).isEnabled():
            self._format.setCurrentIndex(0)

    # ---- memory ------------------------------------------------------------------------------------------------------

    def _recall(self) -> None:
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        recall = self._settings.value
        self._folder.setText(str(recall("export/folder", pictures if Path(pictures).is_dir() else str(Path.home()))))
        self._pattern.setText(str(recall("export/pattern", PATTERN)))
        self._format.setCurrentIndex(max(0, self._format.findData(recall("export/format", "png"))))
        scale = stored_number(self._settings, "export/scale", _USUAL_SCALE, _SCALES)
        self._scale.setCurrentIndex(self._scale.findData(int(scale)))
        self._light.setChecked(recall("export/light", "true") in ("true", True))
        self._captioned.setChecked(recall("export/caption", "true") in ("true", True))
        self._animation.recall(self._settings)

    def _remember(self) -> None:
        for key, value in (
            ("folder", self._folder.text()),
            ("pattern", self._pattern.text()),
            ("format", self.kind),
            ("scale", self._scale.currentData()),
            ("light", self._light.isChecked()),
            ("caption", self._captioned.isChecked()),
        ):
            self._settings.setValue(f"export/{key}", value)
        self._animation.remember(self._settings)

    # ---- reacting ----------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        self._moment = self._latest()
        self._caption.setPlaceholderText(self._automatic_caption())
        exporter = EXPORTERS[self.kind]
        self._scale.setEnabled(exporter.has_pixels)
        self._light.setEnabled(exporter.draws)
        self._form.setRowVisible(self._animation, exporter.moves)
        self._caption.setEnabled(self._captioned.isChecked())
        self._preview.show_plot(self.plot, self.kind, self.options)
        file = self.file
        if file.exists():
            self._say("▲ " + _("{file} exists and will be replaced.").format(file=file.name), "state.attention")
        else:
            self._say(str(file), "text.secondary")

    def _say(self, text: str, role: str) -> None:
        palette = self._note.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._look.theme.color(role))
        self._note.setPalette(palette)
        self._note.setText(text)

    def _on_plot_chosen(self) -> None:
        self._allow_formats()
        self._refresh()

    def _on_browse(self) -> None:
        folder = ask_for_folder(self, _("Folder"), Path(self._folder.text()))
        if folder is not None:
            self._folder.setText(str(folder))

    def _on_copy_picture(self) -> None:
        self._moment = self._latest()
        copy_picture(self.plot, self.options)
        self._say("✓ " + _("The picture is on the clipboard."), "state.good")

    def _on_copy_numbers(self) -> None:
        copy_numbers(self.plot)
        self._say("✓ " + _("The numbers are on the clipboard."), "state.good")

    def _on_export(self) -> None:
        self._moment = self._latest()
        file = self.file
        exporter = EXPORTERS[self.kind]()
        if not exporter.moves:
            self._write(file, [exporter.encode(self.plot, self.options)])
            return
        self._job = SlicedJob(exporter.parts(self.plot, self.options), self)
        self._job.progressed.connect(self._on_progressed)
        self._job.succeeded.connect(partial(self._write, file))
        self._job.failed.connect(self._on_failed)
        self._show_busy(True)
        self._job.start()

    def _on_progressed(self, share: float) -> None:
        self._progress.setValue(round(1000 * share))

    def _write(self, file: Path, parts: list[bytes]) -> None:
        try:
            write_atomically(file, b"".join(parts))
        except FileError as error:
            self._on_failed(error)
            return
        self._remember()
        self.exported.emit(file)
        self.accept()

    def _on_failed(self, error: FileError) -> None:
        self._show_busy(False)
        self._say("✕ " + sentence(error), "state.bad")

    def _show_busy(self, is_busy: bool) -> None:
        """While a file is made only Cancel can be pressed."""
        self._progress.setValue(0)
        self._progress.setVisible(is_busy)
        for button in (self._export, self._copy_picture, self._copy_numbers):
            button.setEnabled(not is_busy)

    def done(self, result: int) -> None:
        if self._job is not None:
            self._job.cancel()
        super().done(result)
