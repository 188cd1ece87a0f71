"""What a person calls their classes and columns stays as they wrote it, whatever the language."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simulations.core.text import Verbatim
from simulations.data.base import DATA_SOURCES
from simulations.families import load

load()


def test_classes_and_columns_of_a_file_are_a_persons_own_words(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("loss,step,said\n" + "".join(f"{i},{i % 3},{'yes' if i % 2 else 'no'}\n" for i in range(20)))
    source = DATA_SOURCES["table_file"](path=str(file)).imported()  # type: ignore[call-arg, attr-defined]
    data = source.generate(np.random.default_rng(0))
    for words in (source.targets.names, source.feature_names, data.names):
        assert words
        assert all(isinstance(word, Verbatim) for word in words)
    assert source.targets.names == ("no", "yes")
