"""Undo, redo, merging of drags, and what counts as unsaved."""

from __future__ import annotations

import dataclasses

from app.history import EditHistory
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.presets import load_preset


def spec(seed: int) -> ExperimentSpec:
    return dataclasses.replace(load_preset("spiral-mlp").spec, seed=seed)


def test_undo_and_redo_walk_along_the_edits() -> None:
    history = EditHistory(spec(0))
    history.push(spec(1), "one")
    history.push(spec(2), "two")
    history.undo()
    assert (history.spec.seed, history.undo_text, history.redo_text) == (1, "one", "two")
    history.redo()
    assert (history.spec.seed, history.redo_text) == (2, None)


def test_undo_stops_at_the_beginning() -> None:
    history = EditHistory(spec(0))
    history.undo()
    assert history.spec.seed == 0
    assert history.undo_text is None


def test_a_drag_is_one_step() -> None:
    history = EditHistory(spec(0))
    for seed in range(1, 9):
        history.push(spec(seed), "drag", "slider")
    history.undo()
    assert history.spec.seed == 0


def test_a_drag_after_undo_is_a_step_of_its_own() -> None:
    history = EditHistory(spec(0))
    history.push(spec(1), "drag", "slider")
    history.push(spec(2), "other")
    history.undo()
    history.push(spec(3), "drag", "slider")
    history.undo()
    assert history.spec.seed == 1


def test_an_edit_forgets_what_was_undone() -> None:
    history = EditHistory(spec(0))
    history.push(spec(1), "one")
    history.undo()
    history.push(spec(2), "two")
    assert history.redo_text is None


def test_modified_means_different_from_what_was_saved() -> None:
    history = EditHistory(spec(0))
    assert not history.is_modified
    history.push(spec(1), "one")
    assert history.is_modified
    history.mark_saved()
    history.undo()
    assert history.is_modified
    history.redo()
    assert not history.is_modified


def test_the_line_stays_consistent_however_many_edits_there_are() -> None:
    history = EditHistory(spec(0))
    for seed in range(1, 1200):
        history.push(spec(seed), str(seed))
    assert history.spec.seed == 1199
    history.undo()
    assert history.spec.seed == 1198
