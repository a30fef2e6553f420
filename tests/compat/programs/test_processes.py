"""Where a training runs: disabled, resumed offline, in a thread, in processes of its own."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from training import CALLBACKS, EPOCHS, epochs_of, fit
from wandb_keras_compat.recording import read


@pytest.mark.parametrize("name", CALLBACKS)
def test_a_disabled_run_trains_and_writes_nothing(name, mlp, data, tmp_path, monkeypatch, capsys):
    import wandb

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WANDB_DIR", str(tmp_path))
    wandb.init(mode="disabled")
    try:
        assert len(fit(mlp, data, CALLBACKS[name](data)).history["loss"]) == EPOCHS
    finally:
        wandb.finish()
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left == ({"m.h5"} if name == "checkpoint" else set())  # a checkpoint is the user's file
    assert "Could not record" not in capsys.readouterr().err


def test_resuming_offline_records_what_is_new(offline_run, mlp, data):
    """Offline the client cannot fetch what the run had: the best value starts anew, ids agree."""
    from wandb_keras_compat import WandbCallback

    recordings = []
    for resume in (None, "must"):
        run = offline_run(id="again", resume=resume)
        fit(mlp, data, WandbCallback(save_model=False), epochs=2)
        recordings.append(run.finish())
    for recording in recordings:
        assert epochs_of(recording) == [0, 1]
        values = [value for value in recording.column("val_loss") if value is not None]
        assert recording.summary["best_val_loss"] == pytest.approx(min(values))


def test_one_callback_starts_anew_in_a_second_run(offline_run, mlp, data):
    """Cells of a notebook finish a run and begin the next, with the callbacks of the first."""
    from wandb_keras_compat import WandbMetricsLogger

    first = offline_run()
    callback = WandbMetricsLogger(log_freq="batch")
    fit(mlp, data, callback, epochs=1)
    assert first.finish().column("batch/batch_step")[:4] == [0, 1, 2, 3]
    second = offline_run()
    fit(mlp, data, callback, epochs=1)
    assert second.finish().column("batch/batch_step")[:4] == [0, 1, 2, 3]


def test_training_in_a_thread(offline_run, mlp, data):
    run = offline_run()
    failed = []

    def train():
        try:
            fit(mlp, data, CALLBACKS["legacy"](data), epochs=2)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=train)
    thread.start()
    thread.join(120)
    assert not thread.is_alive()
    assert failed == []
    recording = run.finish()
    assert epochs_of(recording) == [0, 1]
    assert "validation_predictions" in recording.summary


PROCESSES = """
import multiprocessing, os, sys
import numpy as np
import wandb
from wandb_keras_compat import WandbCallback, detect

def train(name):
    import importlib
    head, _, tail = detect().callbacks_on.module.partition(".")
    keras = importlib.import_module(head)
    keras = getattr(keras, tail) if tail else keras
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.ones((8, 4), "float32")
    os.environ["WANDB_DIR"] = name
    wandb.init(project="p", name=name)
    callback = WandbCallback(monitor="loss", save_model=False)
    model.fit(x, x[:, :1], epochs=2, verbose=0, callbacks=[callback])
    wandb.finish()

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    names = ["one", "two"][: 2 if sys.argv[1] == "fork" else 1]
    for name in names:
        os.mkdir(name)
    started = [context.Process(target=train, args=(name,)) for name in names]
    for process in started:
        process.start()
    for process in started:
        process.join()
    sys.exit(max(process.exitcode for process in started))
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_each_process_has_a_run(method, keras, tmp_path):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"{sys.platform} has no {method}")
    script = tmp_path / "script.py"
    script.write_text(PROCESSES)
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)
    done = subprocess.run(
        [sys.executable, str(script), method],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for name in ("one", "two")[: 2 if method == "fork" else 1]:  # spawned ones import all anew
        recording = read(Path(tmp_path, name))
        assert epochs_of(recording) == [0, 1]
        assert recording.name == name
