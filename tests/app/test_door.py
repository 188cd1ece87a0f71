"""The command line's door: wrong words are answered in one line with exit code 2."""

from __future__ import annotations

import pytest

from app.__main__ import main


@pytest.mark.parametrize(
    "words", [["train", "rings-mlp", "--epochs", "abc"], ["nonsense"], ["--bad"], ["render", "train", "--out"]]
)
def test_wrong_words_are_answered_in_one_line(words, capsys):
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
    printed, said = capsys.readouterr()
    assert printed == ""
    assert len(said.splitlines()) == 1
    assert words[-1] in said
