"""The command line speaks the terminal's language, and says in words what was typed wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.__main__ import main
from app.command_help import wrapped
from app.terminal import speak, terminal_language


@pytest.fixture(autouse=True)
def _in_english_afterwards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "")
    yield
    speak("en")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_TW", "LANG": "de_DE"}, "zh_CN"),
        ({"LC_ALL": "", "LANG": "fr_FR"}, "en"),
        ({}, "en"),
    ],
)
def test_the_first_variable_that_is_set_decides(environment: dict[str, str], language: str) -> None:
    assert terminal_language(environment) == language


def test_a_complaint_is_in_the_terminals_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["train", "--data", str(tmp_path / "none.csv")]) == 2
    assert "这个文件或文件夹" in capsys.readouterr().err
    monkeypatch.setenv("LC_ALL", "C")
    assert main(["train", "--data", str(tmp_path / "none.csv")]) == 2
    assert "no file or folder" in capsys.readouterr().err


def test_a_word_in_place_of_a_number_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["train", "--epochs", "many"])
    assert ended.value.code == 2
    assert "expected a whole number, got 'many'" in capsys.readouterr().err


def test_a_file_is_no_folder_for_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "results"
    file.write_text("mine")
    assert main(["train", "spiral-mlp", "--epochs", "1", "--quiet", "--out", str(file)]) == 2
    assert "is a file, and a folder is needed" in capsys.readouterr().err
    assert file.read_text() == "mine"


def test_own_data_are_named_in_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("a,b,label\n" + "\n".join(f"{i},{i * i % 7},{'xy'[i % 2]}" for i in range(60)))
    assert main(["train", "spiral-mlp", "--epochs", "1", "--quiet", "--data", str(file)]) == 0
    assert capsys.readouterr().out.startswith("data mine.csv: 48 samples to train on, 12 to validate with")


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        main(arguments)
    return "".join(capsys.readouterr())


def test_help_is_in_the_terminals_language(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ours and argparse's: no English word but names is left."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    for verb in ("bench", "catalog", "check", "open", "race", "render", "train", "window", ""):
        text = told([verb, "--help"] if verb else ["--help"], capsys)
        assert text.startswith("用法：")
        for line in re.sub(r"\[[^\]]*\]|\{[^}]*\}", "", text).splitlines():
            assert line.isascii() is False or re.fullmatch(r"\s*[\w|/ …,.-]*", line), line
    assert "应为整数，得到 'abc'" in told(["race", "--steps", "abc"], capsys)
    assert "不认识的参数：b" in told(["check", "b"], capsys)
    monkeypatch.setenv("LC_ALL", "C")
    speak("en")
    assert told(["race", "--help"], capsys).startswith("usage: gradlab race")
    assert "expected a number, got 'long'" in told(["race", "--seconds", "long"], capsys)


@pytest.mark.parametrize("locale", ["zh_CN.UTF-8", "zh_TW.UTF-8", "zh_HK", "zh_SG.utf8", "zh", "ZH_TW"])
def test_every_chinese_locale_has_argparses_own_words_in_chinese(
    locale: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    text = told(["train", "--help"], capsys)
    assert text.startswith("用法：")
    assert "显示这份帮助" in text
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    speak("en")
    assert told(["train", "--help"], capsys).startswith("usage: gradlab train")


def test_chinese_is_broken_at_the_width_it_has_on_the_screen() -> None:
    text = "不开窗口运行一场优化器比赛，写出路径、状态、图片和 Python 脚本。"
    lines = wrapped(text, 20)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    columns = [sum(2 if ord(letter) > 0x2E80 else 1 for letter in line) for line in lines]
    assert all(12 <= wide <= 22 for wide in columns[:-1]), columns
    assert not any(line[0] in "，、。" for line in lines)
    assert any("Python" in line for line in lines)
