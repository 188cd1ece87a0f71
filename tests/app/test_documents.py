"""Saving, and what a crash leaves behind."""

from __future__ import annotations

from pathlib import Path

from app.documents import Autosave, save_spec
from app.settings import Settings
from simulations.documents.presets import load_preset, load_spec


def test_what_is_saved_is_read_back_equal(tmp_path: Path) -> None:
    spec = load_preset("digits-cnn").spec
    save_spec(spec, tmp_path / "a.json")
    assert load_spec(tmp_path / "a.json") == spec


def test_what_a_dead_window_kept_is_offered_once(tmp_path: Path) -> None:
    spec = load_preset("spiral-mlp").spec
    save_spec(spec, tmp_path / "autosave-1.json")
    autosave = Autosave(tmp_path)
    assert autosave.left_behind() == spec
    assert autosave.left_behind() is None
    autosave.settle()
    autosave.close()
    assert not list(tmp_path.glob("*.json"))


def test_what_was_offered_and_not_answered_is_offered_by_the_next_window(tmp_path: Path, monkeypatch) -> None:
    spec = load_preset("spiral-mlp").spec
    save_spec(spec, tmp_path / "autosave-1.json")
    autosave = Autosave(tmp_path)
    assert autosave.left_behind() == spec
    autosave.keep(load_preset("digits-cnn").spec)  # what it edits is another document
    autosave.close()
    monkeypatch.setattr("os.getpid", lambda: 2)
    following = Autosave(tmp_path)
    assert following.left_behind() == spec
    following.settle()
    following.close()


def test_a_window_does_not_find_its_own_autosave(tmp_path: Path) -> None:
    autosave = Autosave(tmp_path)
    autosave.keep(load_preset("spiral-mlp").spec)
    assert autosave.left_behind() is None
    autosave.close()
    assert not list(tmp_path.glob("*.json"))


def test_a_damaged_autosave_is_worth_nothing(tmp_path: Path) -> None:
    (tmp_path / "autosave-1.json").write_text("{")
    autosave = Autosave(tmp_path)
    assert autosave.left_behind() is None
    autosave.close()


def test_a_damaged_setting_counts_as_never_stored(tmp_path: Path) -> None:
    (tmp_path / "settings.ini").write_text("[General]\nlanguage=xx\nscale=abc\ntheme=@Invalid()\n")
    settings = Settings(tmp_path / "settings.ini")
    assert (settings.language, settings.scale, settings.theme) == ("", 1.0, "system")
