"""What a run has measured: every step's loss and score, the validation measurements, the learning rate, the markers.

The curves, the ghost of the previous run and the exported tables all read it. Recording a step only appends to three
lists; everything else happens when somebody looks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray, frozen
from simulations.core.targets import Score
from simulations.probes.answers import Marker, Moment, RunCurves, Series
from simulations.training.decimation import MinMaxCurve

SeriesName: TypeAlias = Literal["train_loss", "validation_loss", "train_score", "validation_score", "learning_rate"]
SERIES: tuple[SeriesName, ...] = (
    "train_loss",
    "validation_loss",
    "train_score",
    "validation_score",
    "learning_rate",
)

_CHUNK = 1 << 16
_CHUNKS_KEPT = 64  # 4.2 million steps in full, 50 MB; the decimated curves reach back to step 0 whatever the length
_FLUSH = 1024
_RATES = 2048  # changes of the learning rate that are kept; more cannot be told apart in a picture


@dataclass(frozen=True)
class Validation:
    """One measurement on the validation samples."""

    step: int
    seconds: float
    loss: float
    score: float


class History:
    """The measurements of one run.

    ``seconds`` is training time: pauses and pictures do not count. ``steps`` is how many steps were recorded; the n-th
    recorded loss belongs to step n (the state before the n-th update, averaged over its batch). ``score`` names what is
    recorded beside the loss, ``unit`` its unit: accuracy is best when high, the root mean squared error when low.
    """

    def __init__(
        self, run: int, name: str, weights_hash: str, batches_hash: str, score: Score = "accuracy", unit: str = ""
    ) -> None:
        self.run = run
        self.score: Score = score
        self.unit = unit
        self.name = name
        self.weights_hash = weights_hash
        self.batches_hash = batches_hash
        self.seconds = 0.0
        self.markers: tuple[Marker, ...] = ()
        self._losses: list[float] = []
        self._scores: list[float] = []
        self._times: list[float] = []
        self._chunks: list[FloatArray] = []  # each (3, _CHUNK) float32: loss, score, seconds
        self._flushed = 0
        self._curves = {"train_loss": MinMaxCurve(), "train_score": MinMaxCurve()}
        self._validations: list[Validation] = []
        self._best_loss: Validation | None = None
        self._best_score: Validation | None = None
        self._comparable_from = 0  # the step from which losses and scores are of one kind
        self._rates: list[tuple[int, float, float]] = []  # (step, seconds, learning rate) of each change
        self._paces: list[tuple[int, float, int]] = []  # (step, epoch, steps per epoch) of each change
        self._drawn: tuple[object, RunCurves] | None = None
        self._start_validation_curves()

    def _start_validation_curves(self) -> None:
        self._curves["validation_loss"] = MinMaxCurve()
        self._curves["validation_score"] = MinMaxCurve()
        self._drawn_validations = 0

    # ---- recording ---------------------------------------------------------------------------------------------------

    @property
    def steps(self) -> int:
        return self._flushed + len(self._losses)

    def record_step(self, loss: float, score: float, seconds: float) -> None:
        """Add the next step: its batch's mean loss and score, and the training time it took."""
        self.seconds = total = self.seconds + seconds
        self._times.append(total)
        self._scores.append(score)
        losses = self._losses
        losses.append(loss)
        if len(losses) >= _FLUSH:
            self._flush()

    def record_validation(self, loss: float, score: float) -> bool:
        """Add a measurement at the present step, in place of one there; True when its loss is the lowest so far."""
        step = self.steps
        if self._validations and self._validations[-1].step == step:
            self._keep_validations(step - 1)
        measured = Validation(step, self.seconds, loss, score)
        self._validations.append(measured)
        if self._best_score is None or self._is_better(score, self._best_score.score):
            self._best_score = measured
        is_best = self._best_loss is None or loss < self._best_loss.loss
        if is_best:
            self._best_loss = measured
        return is_best

    def judge_anew(self) -> None:
        """Compare nothing measured from now on with what was before: the data are others, or the loss is."""
        self._comparable_from = self.steps
        self._best_loss = self._best_score = None

    def _is_better(self, score: float, than: float) -> bool:
        return score > than if self.score == "accuracy" else score < than

    def record_learning_rate(self, value: float) -> None:
        """The learning rate from the present step on. What a schedule changes at every step is thinned out as it grows."""
        rates = self._rates
        if rates and rates[-1][2] == value:
            return
        if rates and rates[-1][0] == self.steps:
            rates.pop()
        rates.append((self.steps, self.seconds, value))
        if len(rates) > _RATES:
            rates[1:-1] = rates[1:-1:2]

    def record_pace(self, epoch: float, steps_per_epoch: int) -> None:
        """From the present step on an epoch has ``steps_per_epoch`` steps, and ``epoch`` of them are done."""
        self._paces.append((self.steps, epoch, steps_per_epoch))

    def mark(self, path: str, before: str, after: str, *, extend: bool = False) -> None:
        """Put a marker at the present step; ``extend`` draws the last one out to here when it is about the same ``path``."""
        step, since = self.steps, None
        kept = self.markers
        if extend and kept and kept[-1].path == path:
            last, kept = kept[-1], kept[:-1]
            before, since = last.before, last.since
            if since is None and last.step < step:
                since = Moment(last.step, last.epoch, last.seconds)
        self.markers = (*kept, Marker(step, self.epoch_of(step), self.seconds, path, before, after, since))

    def truncate(self, step: int) -> None:
        """Forget the measurements after ``step``, as when a run goes back to a checkpoint; later markers move there."""
        self._flush()
        count = min(step, self._flushed)
        self._flushed = count
        del self._chunks[-(-count // _CHUNK) :]
        self.seconds = float(self.measurements()["seconds"][-1]) if count else 0.0
        for name, row in (("train_loss", 0), ("train_score", 1)):
            curve = self._curves[name]
            first = curve.keep_blocks(count)
            curve.extend(self._rows(first, count, row))
        self._comparable_from = min(self._comparable_from, step)
        self._keep_validations(step)
        self._drawn = None
        self._rates = [one for one in self._rates if one[0] <= step] or self._rates[:1]
        self._paces = [one for one in self._paces if one[0] <= step] or self._paces[:1]
        now = self.epoch_of(step)
        self.markers = tuple(
            one if one.step <= step else _moved(one, Moment(step, now, self.seconds)) for one in self.markers
        )

    def _keep_validations(self, step: int) -> None:
        kept = [one for one in self._validations if one.step <= step]
        self._validations = kept
        comparable = [one for one in kept if one.step >= self._comparable_from]
        self._best_loss = min(comparable, key=_loss_of, default=None)
        best = max if self.score == "accuracy" else min
        self._best_score = best(comparable, key=_score_of, default=None)
        self._start_validation_curves()

    def _flush(self) -> None:
        """Move what was appended into the columns and the decimated curves."""
        if not self._losses:
            return
        rows = np.array((self._losses, self._scores, self._times))
        steps = np.arange(self._flushed + 1, self._flushed + 1 + rows.shape[1], dtype=np.float64)
        self._losses.clear()
        self._scores.clear()
        self._times.clear()
        self._curves["train_loss"].extend(np.stack((steps, rows[2], rows[0])))
        self._curves["train_score"].extend(np.stack((steps, rows[2], rows[1])))
        while rows.shape[1]:
            used = self._flushed % _CHUNK
            if used == 0:
                self._chunks.append(np.empty((3, _CHUNK), np.float32))
                if len(self._chunks) > _CHUNKS_KEPT:
                    self._chunks[-_CHUNKS_KEPT - 1] = self._chunks[-1][:, :0]
            taken = min(_CHUNK - used, rows.shape[1])
            self._chunks[-1][:, used : used + taken] = rows[:, :taken]
            self._flushed += taken
            rows = rows[:, taken:]

    def _rows(self, first: int, last: int, row: int) -> FloatArray:
        """Measurements ``first`` to ``last`` of one column as ``(3, m)`` of (step, seconds, value)."""
        columns = [
            self._chunks[i][:, max(first - i * _CHUNK, 0) : last - i * _CHUNK]
            for i in range(first // _CHUNK, len(self._chunks))
        ]
        joined = np.concatenate(columns, axis=1, dtype=np.float64) if columns else np.empty((3, 0))
        steps = np.arange(first + 1, first + 1 + joined.shape[1], dtype=np.float64)
        return np.stack((steps, joined[2], joined[row]))

    # ---- reading -----------------------------------------------------------------------------------------------------

    def epoch_of(self, step: int) -> float:
        """How many epochs were done at ``step``."""
        return float(self._epochs(np.array([step], np.float64))[0])

    def _epochs(self, steps: FloatArray) -> FloatArray:
        if not self._paces:
            return np.zeros_like(steps)
        starts, epochs, per_epoch = np.array(self._paces, np.float64).T
        segment = np.searchsorted(starts, steps, side="right") - 1
        segment = np.maximum(segment, 0)
        reached: FloatArray = epochs[segment] + (steps - starts[segment]) / per_epoch[segment]
        return reached

    def best_validation(self) -> Validation | None:
        """The first measurement with the lowest validation loss."""
        return self._best_loss

    @property
    def validations(self) -> tuple[Validation, ...]:
        return tuple(self._validations)

    @property
    def validation_losses(self) -> tuple[float, ...]:
        return tuple(one.loss for one in self._validations)

    def measurements(self) -> dict[str, FloatArray]:
        """Every recorded step as columns: step, epoch, seconds, train_loss, train_score (the newest 4 million)."""
        self._flush()
        first = max(self._flushed - (_CHUNKS_KEPT - 1) * _CHUNK, 0) // _CHUNK * _CHUNK
        steps, seconds, losses = self._rows(first, self._flushed, 0)
        return {
            "step": steps,
            "epoch": self._epochs(steps),
            "seconds": seconds,
            "train_loss": losses,
            "train_score": self._rows(first, self._flushed, 1)[2],
        }

    def series(self, name: SeriesName) -> Series:
        """One curve, decimated to at most 2 000 points; validation curves pin their best measurement."""
        if name == "learning_rate":
            return self._series(name, self._rate_points(), self.steps, None)
        if name in ("train_loss", "train_score"):
            self._flush()
            return self._series(name, self._curves[name].points(), self._flushed, None)
        self._draw_validations()
        best = None
        if name == "validation_loss" and self._best_loss is not None:
            best = (self._best_loss.step, self._best_loss.seconds, self._best_loss.loss)
        elif self._best_score is not None:
            best = (self._best_score.step, self._best_score.seconds, self._best_score.score)
        return self._series(name, self._curves[name].points(), len(self._validations), best)

    def curves(self) -> RunCurves:
        """All curves of this run with its markers and hashes; the same object until something new was recorded."""
        now = (self.steps, len(self._validations), len(self._rates), self.markers, self.name, self.batches_hash)
        if self._drawn is None or self._drawn[0] != now:
            self._drawn = now, self._draw()
        return self._drawn[1]

    def _draw(self) -> RunCurves:
        return RunCurves(
            run=self.run,
            name=self.name,
            series={name: self.series(name) for name in SERIES},
            markers=self.markers,
            weights_hash=self.weights_hash,
            batches_hash=self.batches_hash,
            score=self.score,
            unit=self.unit,
        )

    def _series(
        self, name: SeriesName, points: FloatArray, measured: int, best: tuple[float, float, float] | None
    ) -> Series:
        index = -1
        if best is not None:
            index = int(np.searchsorted(points[0], best[0]))
            if index == points.shape[1] or points[0, index] != best[0]:
                points = np.insert(points, index, best, axis=1)
        step, seconds, value = points
        return Series(name, frozen(step), frozen(self._epochs(step)), frozen(seconds), frozen(value), measured, index)

    def _draw_validations(self) -> None:
        fresh = self._validations[self._drawn_validations :]
        if not fresh:
            return
        rows = np.array([(one.step, one.seconds, one.loss, one.score) for one in fresh], np.float64).T
        self._curves["validation_loss"].extend(rows[:3])
        self._curves["validation_score"].extend(rows[[0, 1, 3]])
        self._drawn_validations = len(self._validations)

    def _rate_points(self) -> FloatArray:
        """The learning rate as a staircase: each change twice, before and after, and the present end."""
        if not self._rates:
            return np.empty((3, 0))
        changes = np.array(self._rates, np.float64).T
        corners = np.repeat(changes, 2, axis=1)[:, 1:]
        corners[2, 1::2] = changes[2, :-1]
        curve = MinMaxCurve()
        now = np.array([[self.steps], [self.seconds], [changes[2, -1]]], np.float64)
        curve.extend(np.concatenate((corners, now), axis=1))
        return curve.points()


def _moved(marker: Marker, to: Moment) -> Marker:
    """``marker`` at an earlier moment; of a drag what came before it."""
    since = marker.since if marker.since is not None and marker.since.step < to.step else None
    return replace(marker, step=to.step, epoch=to.epoch, seconds=to.seconds, since=since)


def _loss_of(measured: Validation) -> float:
    return measured.loss


def _score_of(measured: Validation) -> float:
    return measured.score
