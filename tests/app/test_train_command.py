"""``gradlab train`` trains without a screen, leaves whole files behind, and answers bad input with one line."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.__main__ import main
from simulations.documents.presets import load_preset
from simulations.optimizers.base import OPTIMIZERS
from tests.simulations.data.files.samples_on_disk import write_idx

FILES = {
    "curves.csv",
    "histograms.csv",
    "metrics.json",
    "weights.npz",
    "curves.png",
    "curves.svg",
    "layers.png",
    "layers.svg",
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory, run_verb) -> Path:
    """What three epochs of digits-cnn leave behind."""
    folder = tmp_path_factory.mktemp("trained") / "new" / "folder"
    printed, said = run_verb("train", "digits-cnn", "--epochs", "3", "--out", str(folder))
    assert "digits-cnn" in said  # the progress bar
    assert printed == json.loads((folder / "metrics.json").read_text())
    return folder


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_file_is_there_and_nothing_else(trained):
    assert {file.name for file in trained.iterdir()} >= FILES
    assert not [file for file in trained.iterdir() if file.name.startswith(".")]


def test_metrics_say_what_the_network_reached(trained):
    metrics = json.loads((trained / "metrics.json").read_text())
    assert set(metrics["validation"]) == set(metrics["train"]) == {"accuracy", "loss"}
    assert metrics["validation"]["accuracy"] > 0.8
    assert metrics["seconds"] > 0
    assert metrics["epochs"] == 3
    assert metrics["preset"] == "digits-cnn"
    assert metrics["weights_hash"]


def test_curves_have_a_row_for_every_step(trained):
    table = rows(trained / "curves.csv")
    metrics = json.loads((trained / "metrics.json").read_text())
    assert [int(row["step"]) for row in table] == list(range(metrics["steps"] + 1))
    measured = [row for row in table if row["validation_loss"]]
    assert [float(row["epoch"]) for row in measured] == [0, 1, 2, 3]
    assert float(measured[-1]["validation_loss"]) == metrics["validation"]["loss"]
    assert float(measured[-1]["validation_accuracy"]) == metrics["validation"]["accuracy"]


def test_histograms_count_every_value_of_every_quantity(trained):
    table = rows(trained / "histograms.csv")
    with np.load(trained / "weights.npz", allow_pickle=False) as weights:
        sizes = {name: array.size for name, array in weights.items()}
    layers = {row["layer"] for row in table}
    for layer in layers & {name.split("/")[0] for name in sizes}:
        counted = sum(int(row["count"]) for row in table if (row["layer"], row["quantity"]) == (layer, "weights"))
        assert counted in {
            sum(size for name, size in sizes.items() if name.startswith(f"{layer}/")),
            sizes[f"{layer}/weight"],
        }
    assert {row["quantity"] for row in table} == {"activations", "gradients", "weights"}


def test_pictures_are_pictures(trained):
    for name in ("curves", "layers"):
        assert (trained / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (trained / f"{name}.svg").read_text(encoding="utf-8")[:2000]


def test_the_same_seed_gives_the_same_weights_and_another_gives_others(tmp_path):
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert (
            main(["train", "spiral-mlp", "--epochs", "2", "--seed", seed, "--out", str(tmp_path / name), "--quiet"])
            == 0
        )
    arrays = []
    for name in "abc":
        with np.load(tmp_path / name / "weights.npz", allow_pickle=False) as weights:
            arrays.append(np.concatenate([array.ravel() for array in weights.values()]))
    np.testing.assert_array_equal(arrays[0], arrays[1])
    assert not np.array_equal(arrays[0], arrays[2])


def test_quiet_and_without_a_folder_only_the_result_is_printed(capsys):
    assert main(["train", "spiral-mlp", "--epochs", "1", "--quiet"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "validation" in printed.out


def test_a_teacher_is_trained_first_and_distilled(capsys, tmp_path):
    out = tmp_path / "out"
    asked = ["train", "digits-mlp", "--teacher", "digits-cnn", "--teacher-epochs", "2", "--epochs", "1"]
    assert main([*asked, "--quiet", "--out", str(out)]) == 0
    metrics = json.loads((out / "metrics.json").read_text())
    assert metrics["teacher"]["name"] == "digits-cnn"
    assert metrics["teacher"]["step"] > metrics["steps"]
    assert metrics["validation"]["accuracy"] > 0.5


def test_a_teacher_that_does_not_fit_is_refused_before_it_is_trained(capsys):
    assert "8×8×1" in refused(capsys, "spiral-mlp", "--teacher", "digits-cnn", "--teacher-epochs", "100000")
    assert "--teacher" in refused(capsys, "spiral-mlp", "--teacher-epochs", "3")
    assert "0" in refused(capsys, "spiral-mlp", "--teacher", "spiral-mlp", "--teacher-epochs", "0")


# ---- what cannot be used ---------------------------------------------------------------------------------------------


def refused(capsys, *arguments: str) -> str:
    """The one line on standard error of a refusal."""
    assert main(["train", *arguments]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_an_unknown_preset_is_refused_with_the_known_ones(capsys, tmp_path):
    line = refused(capsys, "no-such-preset", "--out", str(tmp_path / "out"))
    assert "no-such-preset" in line
    assert "digits-cnn" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "gradlab-experiment", "version": 99}', "\x00\xff"])
def test_a_bad_file_is_refused(capsys, tmp_path, content):
    file = tmp_path / "bad.json"
    file.write_text(content, encoding="latin-1")
    refused(capsys, str(file), "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_is_refused(capsys, tmp_path):
    assert "nowhere.json" in refused(capsys, str(tmp_path / "nowhere.json"))


@pytest.mark.parametrize("epochs", ["0", "-3"])
def test_no_epochs_are_refused(capsys, epochs):
    assert epochs in refused(capsys, "spiral-mlp", "--epochs", epochs)


def test_a_seed_out_of_range_is_refused(capsys):
    assert "seed" in refused(capsys, "spiral-mlp", "--seed", "-1")


def test_an_out_that_is_a_file_is_refused_before_training(capsys, tmp_path):
    file = tmp_path / "taken"
    file.write_text("mine")
    assert "taken" in refused(capsys, "spiral-mlp", "--out", str(file))
    assert file.read_text() == "mine"
    assert "taken" in refused(capsys, "spiral-mlp", "--out", str(file / "below"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_an_out_that_may_not_be_written_is_refused(capsys, tmp_path):
    tmp_path.chmod(0o500)
    refused(capsys, "spiral-mlp", "--out", str(tmp_path))
    tmp_path.chmod(0o700)


# ---- what does not end well ------------------------------------------------------------------------------------------


def test_divergence_names_the_step_and_the_layer_and_fails(capsys, tmp_path):
    spec = load_preset("digits-cnn").spec
    wild = dataclasses.replace(spec, optimizer=OPTIMIZERS["sgd"](learning_rate=10.0), l2=1.0, batch_size=8)
    file = tmp_path / "wild.json"
    file.write_text(json.dumps(wild.to_json()))
    out = tmp_path / "out"
    assert main(["train", str(file), "--epochs", "5", "--out", str(out), "--quiet"]) == 1
    line = capsys.readouterr().err.strip()
    metrics = json.loads((out / "metrics.json").read_text())
    assert f"step {metrics['diverged']['step']}" in line
    assert metrics["diverged"]["where"] in line
    assert (out / "curves.csv").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals are sent the POSIX way")
def test_ctrl_c_stops_between_two_steps_and_writes_what_there_is(tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "app", "train", "spiral-mlp", "--epochs", "1000000", "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as running:
        assert running.stderr is not None
        shown = b""
        while b"validation" not in shown:  # the bar says so after the first epoch
            shown += running.stderr.read(1)
        running.send_signal(signal.SIGINT)
        errors = running.stderr.read().decode()
        assert running.wait(120) == 130, errors
    assert "Traceback" not in errors
    assert json.loads((out / "metrics.json").read_text())["steps"] > 0


def test_other_data_can_be_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_idx(tmp_path, count=60, side=10)
    assert main(["train", "digits-cnn", "--data", str(tmp_path), "--epochs", "1", "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["steps"] == 2


def test_data_that_cannot_be_read_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "digits-cnn", "--data", str(tmp_path / "none.csv")]) == 2
    assert capsys.readouterr().err.startswith("gradlab: There is no file or folder")
