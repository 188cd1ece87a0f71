"""How long an animation lasts, how smooth it is, and whether it begins again: a row of the export dialog."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QHBoxLayout, QWidget

from app.exporters.base import Animation
from app.settings import stored_number
from widgets.text import _

_RATES = (10, 20, 25, 50)  # whose frames last whole hundredths of a second, which is all that GIF knows


class AnimationForm(QWidget):
    """``edited`` says that :attr:`animation` is another."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seconds = QDoubleSpinBox(self)
        self._seconds.setRange(0.5, 60.0)
        self._seconds.setDecimals(1)
        self._seconds.setSuffix(" s")
        self._seconds.setAccessibleName(_("Length of the animation"))
        self._seconds.setToolTip(_("All steps pass in this time, whatever their number."))
        self._rate = QComboBox(self)
        for rate in _RATES:
            self._rate.addItem(_("{rate} frames/s").format(rate=rate), rate)
        self._rate.setAccessibleName(_("Frames per second"))
        self._rate.setToolTip(_("More frames are smoother and make a larger file."))
        self._loops = QCheckBox(_("Repeat"), self)
        self._loops.setToolTip(_("Begin again after a pause at the end."))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for control in (self._seconds, self._rate, self._loops):
            row.addWidget(control)
        row.addStretch(1)
        self._seconds.valueChanged.connect(self.edited)
        self._rate.currentIndexChanged.connect(self.edited)
        self._loops.toggled.connect(self.edited)

    @property
    def animation(self) -> Animation:
        """As it is chosen."""
        return Animation(self._seconds.value(), int(self._rate.currentData()), self._loops.isChecked())

    def recall(self, settings: QSettings) -> None:
        """Choose as it was chosen last time."""
        usual = Animation()
        self._seconds.setValue(stored_number(settings, "export/seconds", usual.seconds))
        rate = stored_number(settings, "export/rate", usual.frames_per_second, _RATES)
        self._rate.setCurrentIndex(self._rate.findData(int(rate)))
        self._loops.setChecked(settings.value("export/loops", "true") in ("true", True))

    def remember(self, settings: QSettings) -> None:
        """Keep the choice for the next time."""
        chosen = self.animation
        settings.setValue("export/seconds", chosen.seconds)
        settings.setValue("export/rate", chosen.frames_per_second)
        settings.setValue("export/loops", chosen.loops)
