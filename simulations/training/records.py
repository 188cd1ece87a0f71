"""A finished run as files: tables, numbers and weights that other programs read."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from simulations.core.arrays import Array
from simulations.data.files.source import FileSource
from simulations.nn.network import Network
from simulations.probes.answers import LayersAnswer
from simulations.probes.histogram import Histogram
from simulations.training.history import History
from simulations.training.session import Session

_HISTOGRAMS = ("layer", "quantity", "range", "low", "high", "count")


def metrics(session: Session, *, experiment: str) -> dict[str, Any]:
    """What the run reached, as plain JSON values. A number that is not finite becomes None."""
    best, score, unit = session.history.best_validation(), session.history.score, session.history.unit
    result: dict[str, Any] = {
        "validation": _measured(session, "validation"),
        "train": _measured(session, "train"),
        "seconds": session.history.seconds,
        "epochs": session.epoch,
        "steps": session.step,
        "preset": experiment,
        "seed": session.spec.seed,
        "parameters": len(session.network.theta),
        "weights_hash": session.weights_hash,
        "batches_hash": session.batches_hash,
    }
    result["data"] = _data(session)
    if session.history.markers:
        result["changes"] = [
            {"step": one.step, "what": one.path, "before": one.before, "after": one.after}
            | ({} if one.since is None else {"since_step": one.since.step})
            for one in session.history.markers
        ]
    if unit:
        result["unit"] = unit
    if session.spec.teacher is not None:
        result["teacher"] = {"name": session.spec.teacher.name, "step": session.spec.teacher.step}
    if best is not None:
        result["best_validation"] = {"step": best.step, score: best.score, "loss": best.loss}
    if session.diverged is not None:
        bad = session.diverged
        result["diverged"] = {"step": bad.step, "where": bad.where, "quantity": bad.quantity}
    return result


def _data(session: Session) -> dict[str, Any]:
    """Which samples these were: the kind of source, the file that was read, and how many trained and judged."""
    source, data = session.spec.data.source, session.data
    kept = {"kind": source.kind, "training": len(data.train), "validation": len(data.validation)}
    return kept | ({"file": source.path} if isinstance(source, FileSource) else {})


def _measured(session: Session, part: Any) -> dict[str, float | None]:
    loss, score = session.evaluate(part)
    named = {session.history.score: score, "loss": loss}
    return {name: value if math.isfinite(value) else None for name, value in named.items()}


def metrics_json(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def curves_csv(history: History) -> bytes:
    """Every measurement, a row a step; cells are empty where nothing was measured (validation between two epochs)."""
    columns = history.measurements()
    validations = {one.step: one for one in history.validations}
    rates = history.series("learning_rate")
    rate_at = _staircase(rates.step, rates.value)

    def rows() -> Iterator[Sequence[object]]:
        if 0 in validations:
            first = validations[0]
            yield 0, 0.0, 0.0, "", "", first.loss, first.score, rate_at(0)
        for step, epoch, seconds, loss, score in zip(*(one.tolist() for one in columns.values()), strict=True):
            measured = validations.get(int(step))
            tested = (measured.loss, measured.score) if measured else ("", "")
            yield int(step), epoch, seconds, loss, score, *tested, rate_at(step)

    unit = f" [{history.unit}]" if history.unit else ""
    scores = [f"{part}_{history.score}{unit}" for part in ("train", "validation")]
    header = ("step", "epoch", "seconds [s]", "train_loss", scores[0], "validation_loss", scores[1], "learning_rate")
    return _csv(header, rows())


def _staircase(steps: Array, values: Array) -> Any:
    """The value that held at a step, from the corners of a staircase."""

    def at(step: float) -> float:
        return float(values[max(int(np.searchsorted(steps, step, side="right")) - 1, 0)])

    return at


def histograms_csv(answer: LayersAnswer) -> bytes:
    """The last histogram of every quantity of every layer.

    ``range`` is ``bin`` for a bar from ``low`` to ``high``; ``zero``, ``under``, ``over``, ``nan``, ``+inf`` and ``-inf``
    are the counts beside the bars. The counts of one histogram add up to all its values.
    """
    return _csv(
        _HISTOGRAMS,
        (
            (row.name, quantity, *bar)
            for row in answer.rows
            for quantity, cell in row.cells.items()
            for bar in _bars(cell.now)
        ),
    )


def _bars(histogram: Histogram) -> Iterator[tuple[str, object, object, int]]:
    edges = histogram.edges.tolist()
    yield "-inf", "", "", histogram.minus_inf
    yield "under", "", edges[0], histogram.under
    for low, high, count in zip(edges, edges[1:], histogram.counts.tolist(), strict=False):
        yield "bin", low, high, count
    yield "over", edges[-1], "", histogram.over
    yield "+inf", "", "", histogram.plus_inf
    yield "zero", 0.0, 0.0, histogram.zeros
    yield "nan", "", "", histogram.nan


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode()


def weights_npz(session: Session) -> bytes:
    """Every parameter and running statistic as ``layer name/array name``, an npz that needs no pickle.

    They are the network as it is judged. Where that is an average of the path, the numbers that trained are there too,
    as ``trained/layer name/array name``.
    """
    with session.judged() as is_average:
        arrays = _named_arrays(session.network)
    if is_average:
        arrays |= {f"trained/{name}": array for name, array in _named_arrays(session.network).items()}
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]  # the names hold spaces, which the stub does not expect
    return stream.getvalue()


def _named_arrays(network: Network) -> dict[str, Array]:
    """Copies of every parameter and running statistic."""
    return {
        f"{info.name}/{name}": array.copy()
        for info, weights, state in zip(network.infos, network.views, network.state_views, strict=True)
        for name, array in (*weights.items(), *state.items())
    }
