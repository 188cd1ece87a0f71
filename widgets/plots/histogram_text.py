"""Histograms in words and numbers: names of quantities, readouts under the pointer, and the table of everything drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from simulations.core.text import N_
from simulations.nn.description import LayerInfo
from simulations.nn.layers.base import LAYERS
from simulations.probes.answers import QUANTITIES, HistogramCell, LayerRow, Quantity
from simulations.probes.histogram import Histogram
from widgets.numbers import format_count
from widgets.plot import Table
from widgets.plots.ticks import value_text
from widgets.text import _

QUANTITY_NAMES: dict[Quantity, str] = {
    "activations": N_("Activations"),
    "gradients": N_("Gradients"),
    "weights": N_("Weights"),
}


def quantity_name(quantity: Quantity) -> str:
    return _(QUANTITY_NAMES[quantity])


def layer_title(info: LayerInfo) -> str:
    """A layer's name in the current language, numbered within its kind."""
    label = _(LAYERS.entry(info.kind).label) if info.kind in LAYERS else info.kind
    return _("{layer} {number}").format(layer=label, number=info.ordinal)


def share_text(count: int, total: int) -> str:
    """A share in percent that is 0 % only for none and 100 % only for all."""
    if not total or not count:
        return "0%"
    percent = 100 * count / total
    if percent < 0.1:
        return "<0.1%"
    if percent > 99.9 and count < total:
        return ">99.9%"
    return f"{percent:.1f}%" if percent < 10 else f"{percent:.0f}%"


def bad_text(one: Histogram) -> str:
    """The badge: how many values are not numbers; empty when all are."""
    parts = [
        text.format(count=format_count(count))
        for count, text in ((one.nan, "{count} NaN"), (one.plus_inf, "{count} +∞"), (one.minus_inf, "{count} −∞"))
        if count
    ]
    return "  ".join(parts)


def counted_text(one: Histogram) -> str:
    """How many of how many values were counted."""
    if one.population > one.total:
        return _("{counted} of {all} values").format(counted=format_count(one.total), all=format_count(one.population))
    return _("{counted} values").format(counted=format_count(one.total))


def moments_text(one: Histogram) -> str:
    return _("mean {mean}, sd {sd}, smallest {low}, largest {high}").format(
        mean=value_text(one.mean), sd=value_text(one.sd), low=value_text(one.minimum), high=value_text(one.maximum)
    )


def part_text(one: Histogram, part: int | str) -> str:
    """One bar in numbers: ``part`` is a bin's index, ``zero``, ``under`` or ``over``."""
    low, high = one.edges[0], one.edges[-1]
    if part == "zero":
        where, count = _("exactly 0"), one.zeros
    elif part == "under":
        where, count = _("below {low}").format(low=value_text(low)), one.under
    elif part == "over":
        where, count = _("above {high}").format(high=value_text(high)), one.over
    else:
        index = int(part)
        where = _("{low} to {high}").format(
            low=value_text(one.edges[index], 4), high=value_text(one.edges[index + 1], 4)
        )
        count = int(one.counts[index])
    return _("{where}: {count} ({share})").format(
        where=where, count=format_count(count), share=share_text(count, one.total)
    )


def readout(title: str, quantity: Quantity, cell: HistogramCell, part: int | str | None) -> str:
    """The tooltip of a cell: the bar under the pointer, then the whole distribution."""
    lines = [_("{layer}, {quantity}").format(layer=title, quantity=quantity_name(quantity).lower())]
    if part is not None:
        lines.append(part_text(cell.now, part))
        if cell.initial is not None:
            lines.append(_("at step 0: {part}").format(part=part_text(cell.initial, part)))
    lines.append(moments_text(cell.now))
    lines.append(_("exact zeros {share}").format(share=share_text(cell.now.zeros, cell.now.total)))
    if bad := bad_text(cell.now):
        lines.append(_("not finite: {counts}").format(counts=bad))
    lines.append(counted_text(cell.now))
    return "\n".join(lines)


def _parts(now: Histogram, initial: Histogram | None) -> Iterator[tuple[str, float, float, int, int]]:
    """Part, from, to, count, count at step 0 (−1 without a ghost)."""
    low, high, inf = float(now.edges[0]), float(now.edges[-1]), float("inf")
    for name, start, stop, field in (
        ("zero", 0.0, 0.0, "zeros"),
        ("under", -inf, low, "under"),
        ("over", high, inf, "over"),
        ("nan", float("nan"), float("nan"), "nan"),
        ("+inf", inf, inf, "plus_inf"),
        ("-inf", -inf, -inf, "minus_inf"),
    ):
        yield name, start, stop, getattr(now, field), -1 if initial is None else getattr(initial, field)
    for index, count in enumerate(now.counts):
        then = -1 if initial is None else int(initial.counts[index])
        yield "bin", float(now.edges[index]), float(now.edges[index + 1]), int(count), then


def cells_table(rows: Sequence[LayerRow], only: tuple[str, Quantity] | None = None) -> Table:
    """Everything that is drawn of ``rows`` (or of the one cell ``only``), a row a bar."""
    columns: dict[str, list[object]] = {
        name: []
        for name in (
            "layer",
            "quantity",
            "part",
            "from",
            "to",
            "count",
            "count_at_step_0",
            "values",
            "values_at_step_0",
        )
    }
    for row in rows:
        for quantity in QUANTITIES:
            cell = row.cells.get(quantity)
            if cell is None or (only is not None and only != (row.name, quantity)):
                continue
            then = -1 if cell.initial is None else cell.initial.total
            for part in _parts(cell.now, cell.initial):
                values = (row.name, quantity, *part, cell.now.total, then)
                for column, value in zip(columns.values(), values, strict=True):
                    column.append(value)
        if only is None and row.update_ratio == row.update_ratio:
            _add_ratio(columns, row)
    return Table({name: np.array(values) for name, values in columns.items()})


def _add_ratio(columns: dict[str, list[object]], row: LayerRow) -> None:
    """The update ratio as a row of its own: its value stands in ``from`` and ``to``, log10; its part names the step."""
    part = f"log10, step {row.update_history[-1, 0]:.0f}"
    values = (row.name, "update_ratio", part, row.update_ratio, row.update_ratio, 1, -1, 1, -1)
    for column, value in zip(columns.values(), values, strict=True):
        column.append(value)
