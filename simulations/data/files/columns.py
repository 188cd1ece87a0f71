"""Columns become samples: one is the target, numbers stay numbers, words become classes or one-hot inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.errors import DataError, GradLabError
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.data.base import LARGEST_NUMBER
from simulations.data.files.cells import Column
from simulations.data.files.content import MOST_CLASSES, MOST_VALUES, shortened

MOST_CATEGORIES: Final = 50  # different words of an input column that still become inputs of their own
_FEW_NUMBERS: Final = 20  # whole numbers with at most this many different values are taken for classes
_TARGET_NAMES: Final = ("target", "class", "label", "y", "species", "类别", "标签", "目标", "类")


@dataclass(frozen=True)
class Samples:
    """Rows ready for a network: ``inputs`` ``(n, d)`` with NaN where a number is missing, the targets, and the names."""

    inputs: FloatArray
    targets: Array
    wanted: Targets
    features: tuple[str, ...]
    recognised: dict[str, Any]
    remarks: tuple[GradLabError, ...]


def samples_of(
    columns: Sequence[Column], source: str, *, target: str, goal: str, left_out: Sequence[str], drops_missing: bool
) -> Samples:
    """Make samples of ``columns``.

    ``target`` is the name of the column to predict ("" to recognise it), ``goal`` is ``auto``, ``classes`` or ``values``,
    ``left_out`` are names of columns not to use. With ``drops_missing`` a row where an input is missing is left out; one
    without target always is. Raises :class:`DataError` in words.
    """
    answer = _target(columns, target, source)
    if goal == "auto":
        goal = "classes" if _looks_like_classes(answer) else "values"
    if answer.numbers is not None:
        _refuse_endless(answer.numbers[:, np.newaxis], [answer.name], source)
    targets, wanted = _classes(answer, source) if goal == "classes" else _values(answer, source)
    remarks: list[GradLabError] = []
    used = [one for one in columns if one is not answer and one.name not in left_out]
    inputs, features = _all_inputs(used, source, remarks)
    if len(targets) < 2:
        raise DataError(
            N_(
                "{file} holds fewer than two samples, so there is nothing to learn from. Save it again with all its rows."
            ),
            file=source,
        )
    _refuse_endless(inputs, features, source)
    kept = _kept(inputs, targets, drops_missing, source, remarks)
    if not kept.all():
        inputs, targets = inputs[kept], targets[kept]
    targets, wanted = _without_empty_classes(targets, wanted)
    if goal == "classes" and len(wanted.names) < 2:
        raise DataError(
            N_("{file}: column “{name}” holds one class only (“{word}”), so there is nothing to tell apart."),
            file=source,
            name=answer.name,
            word=wanted.names[0],
        )
    recognised = {"target": answer.name, "goal": goal}
    return Samples(inputs, targets, wanted, tuple(features), recognised, tuple(remarks))


def _target(columns: Sequence[Column], name: str, source: str) -> Column:
    if not name:
        named = [one for one in columns if one.name.lower() in _TARGET_NAMES]
        return named[0] if named else columns[-1]
    for column in columns:
        if column.name == name:
            return column
    raise DataError(
        N_("{file} has no column called “{name}”; it has {known}. Choose the target again."),
        file=source,
        name=name,
        known=", ".join(one.name for one in columns[:20]),
    )


def _looks_like_classes(column: Column) -> bool:
    if column.numbers is None:
        return True
    present = column.numbers[np.isfinite(column.numbers)]
    different = np.unique(present)
    return len(different) <= min(_FEW_NUMBERS, max(2, len(present) // 2)) and bool(
        (different == np.rint(different)).all()
    )


def _classes(column: Column, source: str) -> tuple[Array, Targets]:
    """The class of every row, −1 where nothing stands; classes are in order of number or alphabet."""
    if column.numbers is not None:
        lacks = np.isnan(column.numbers)
        different, codes = np.unique(np.where(lacks, np.inf, column.numbers), return_inverse=True)
        words = [f"{one:.12g}" for one in different.tolist()]
        codes = np.where(lacks, -1, codes).astype(np.intp)
        words = words[:-1] if lacks.any() else words
    else:
        order = np.argsort(np.array(column.words))
        rank = np.empty(len(order) + 1, np.intp)
        rank[order], rank[-1] = np.arange(len(order)), -1
        codes, words = rank[column.codes], [column.words[i] for i in order]
    if len(words) > MOST_CLASSES or column.has_too_many_words:
        raise DataError(
            N_("{file}: column “{name}” has {count} different values, too many for classes. Choose another target."),
            file=source,
            name=column.name,
            count=len(words),
        )
    return codes, Targets.classes(tuple(shortened(word) for word in words))


def _without_empty_classes(targets: Array, wanted: Targets) -> tuple[Array, Targets]:
    """Classes whose rows were all dropped are none."""
    if wanted.kind == "values":
        return targets, wanted
    present = np.unique(targets)
    if len(present) == len(wanted.names):
        return targets, wanted
    rank = np.zeros(len(wanted.names), np.intp)
    rank[present] = np.arange(len(present))
    return rank[targets], Targets.classes(tuple(wanted.names[i] for i in present))


def _values(column: Column, source: str) -> tuple[Array, Targets]:
    if column.numbers is None:
        line, word = column.first_word or (0, "")
        raise DataError(
            N_("{file}, line {line}: “{word}” in column “{name}” is no number, so it cannot be predicted as a value."),
            file=source,
            line=line,
            word=word,
            name=column.name,
        )
    return column.numbers[:, np.newaxis], Targets.values((column.name,))


def _all_inputs(columns: Sequence[Column], source: str, remarks: list[GradLabError]) -> tuple[FloatArray, list[str]]:
    """The inputs ``(n, d)`` of all ``columns`` and what they are called."""
    blocks: list[FloatArray] = []
    features: list[str] = []
    for column in columns:
        block, names = _inputs(column, remarks)
        blocks.append(block)
        features += names
    if not features:
        raise DataError(N_("{file} has no column left to learn from beside the target."), file=source)
    if len(blocks[0]) * len(features) > MOST_VALUES:
        raise DataError(N_("{file} makes too many input numbers. Leave out columns with many words."), file=source)
    return np.concatenate(blocks, axis=1), features


def _inputs(column: Column, remarks: list[GradLabError]) -> tuple[FloatArray, list[str]]:
    """The input numbers ``(n, d)`` of one column and their names; none for a column that cannot be used."""
    nothing = np.empty((len(column.codes) if column.numbers is None else len(column.numbers), 0))
    if column.missing == len(nothing):
        remarks.append(DataError(N_("Column “{name}” is empty and left out."), name=column.name))
        return nothing, []
    if column.numbers is not None:
        return column.numbers[:, np.newaxis], [column.name]
    line, word = column.first_word or (0, "")
    if len(column.words) > MOST_CATEGORIES:
        remarks.append(
            DataError(
                N_(
                    "Column “{name}” is left out: it holds words ({count} different ones, the first in line {line}: “{word}”)."
                ),
                name=column.name,
                count=len(column.words),
                line=line,
                word=word,
            )
        )
        return nothing, []
    one_hot = (column.codes[:, np.newaxis] == np.arange(len(column.words))).astype(np.float64)
    one_hot[column.codes < 0] = np.nan
    return one_hot, [shortened(f"{column.name} = {word}") for word in column.words]


def _refuse_endless(numbers: FloatArray, names: Sequence[str], source: str) -> None:
    """A number may be missing, but neither infinite nor too large to compute with."""
    endless = np.argwhere(np.abs(numbers) > LARGEST_NUMBER)
    if len(endless):
        row, column = endless[0]
        raise DataError(
            N_(
                "{file}, sample {row}: the number in column “{name}” is infinite or beyond ±{most}. Mend it or leave the "
                "column out."
            ),
            file=source,
            row=row + 1,
            name=names[column],
            most=LARGEST_NUMBER,
        )


def _kept(inputs: FloatArray, targets: Array, drops_missing: bool, source: str, remarks: list[GradLabError]) -> Array:
    """Which rows stay."""
    lacks_target = np.isnan(targets[:, 0]) if targets.dtype.kind == "f" else targets < 0
    lacks_input = np.isnan(inputs).any(axis=1)
    kept: Array = ~lacks_target & ~lacks_input if drops_missing else ~lacks_target
    dropped, filled = len(kept) - int(kept.sum()), int((lacks_input & kept).sum())
    if dropped == len(kept):
        raise DataError(
            N_("In every row of {file} something is missing: leave out the emptiest columns, or fill in means."),
            file=source,
        )
    if dropped:
        remarks.append(DataError(N_("Rows left out because something is missing: {count}."), count=dropped))
    if filled:
        remarks.append(DataError(N_("Rows in which means stand for what is missing: {count}."), count=filled))
    return kept
