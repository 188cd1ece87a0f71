"""The window translates the program's words and never a person's own."""

from __future__ import annotations

import assets
from simulations.core.text import Verbatim
from widgets.text import _, use_language


def test_a_persons_word_that_the_catalogue_knows_is_left_alone() -> None:
    use_language("zh_CN", assets.path("locale"))
    try:
        assert _("yes") != "yes"
        assert _(Verbatim("yes")) == "yes"
    finally:
        use_language("en", assets.path("locale"))
