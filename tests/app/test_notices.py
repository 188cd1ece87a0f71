"""What the banner says of a run reads like the bar above it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from app.controller import Controller
from app.notices import diverged_notice
from simulations.documents.presets import load_preset
from simulations.families import load
from simulations.runtime.messages import Diverged
from widgets.numbers import format_count


def test_a_long_step_is_grouped_like_the_step_of_the_bar_above() -> None:
    load()
    controller: Any = SimpleNamespace(spec=load_preset("spiral-mlp").spec, handle=lambda wish: None)
    notice = diverged_notice(Diverged(272106, "dense 1", "explosion", 272100), None, cast("Controller", controller))
    assert format_count(272106) in notice.text()
    assert format_count(272100) in notice.answers[0][0]()
