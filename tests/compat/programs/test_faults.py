"""What goes wrong around a training: it goes on, one warning tells, nothing logged is lost."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

import training
from training import CALLBACKS, EPOCHS, epochs_of, fit, legacy, skip_unless_copied


class Lost(RuntimeError):
    """What the client raises in these tests."""


def lose(*_, **__):
    raise Lost("connection lost")


# What fails -> the callbacks that use it.
BROKEN = {
    "log": ("legacy", "logger", "table"),
    "log_artifact": ("legacy", "checkpoint", "table"),
    "define_metric": ("logger",),
    "save": ("legacy",),
}


@pytest.mark.parametrize(
    ("verb", "name"), [(verb, name) for verb, names in BROKEN.items() for name in names]
)
def test_a_failing_client_is_one_warning(verb, name, offline_run, mlp, data, told, monkeypatch):
    import wandb

    run = offline_run()
    monkeypatch.setattr(wandb.run, verb, lose, raising=True)
    callback = CALLBACKS[name](data)
    assert len(fit(mlp, data, callback).history["loss"]) == EPOCHS
    run.finish()
    assert told
    assert len(told) == len(set(told))
    assert all("connection lost" in message for message in told)


def test_a_failing_summary_is_one_warning_a_value(offline_run, mlp, data, told, monkeypatch):
    import wandb

    run = offline_run()
    callback = legacy(data)
    monkeypatch.setattr(type(wandb.run.summary), "__setitem__", lose)
    fit(mlp, data, callback)
    monkeypatch.undo()
    assert epochs_of(run.finish()) == list(range(EPOCHS))
    assert sorted(m.split(" in the summary")[0].split()[-1] for m in told) == [
        "GFLOPs", "best_epoch", "best_val_loss", "graph",
    ]  # fmt: skip


@pytest.mark.parametrize("name", CALLBACKS)
def test_finishing_the_run_inside_training(name, keras, offline_run, mlp, data, told):
    import wandb

    class Finish(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 0:
                wandb.finish()

    run = offline_run()
    callback = CALLBACKS[name](data)
    assert len(fit(mlp, data, callback, Finish()).history["loss"]) == EPOCHS
    recording = run.finish()
    assert [message for message in told if "No W&B run is active" in message]
    assert len(told) == len(set(told)) == 1
    if name == "legacy":
        assert epochs_of(recording) == [0]


@pytest.mark.parametrize("name", ["legacy", "checkpoint"])
def test_a_model_that_cannot_be_saved(name, keras, offline_run, data, told):
    class Unsaveable(keras.layers.Layer):
        def call(self, inputs):
            return inputs * 1.0

        def get_config(self):
            raise Lost("no config")

    model = keras.Sequential(
        [keras.layers.Input((4,)), Unsaveable(), keras.layers.Dense(3, activation="softmax")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    run = offline_run()
    callback = CALLBACKS[name](data)
    assert len(fit(model, data, callback).history["loss"]) == EPOCHS
    recording = run.finish()
    assert len(told) == len(set(told))
    assert told
    assert [file for file in recording.files if file.path.endswith(".h5") and file.size] == []


@pytest.mark.parametrize("name", ["legacy", "checkpoint"])
def test_a_failing_save_keeps_the_last_good_file(name, keras, offline_run, mlp, data, monkeypatch):
    offline_run()
    callback = CALLBACKS[name](data)
    fit(mlp, data, callback, epochs=1)
    good = mlp.get_weights()
    tried = []

    def half(path, *_, **__):
        tried.append(path)
        with open(path, "wb") as file:
            file.write(b"half")
        raise Lost("disk full")

    monkeypatch.setattr(mlp, "save", half)
    callback.best = float("inf")
    fit(mlp, data, callback, epochs=1)
    assert tried
    loaded = keras.models.load_model(callback.filepath)
    for weight, expected in zip(loaded.get_weights(), good):
        np.testing.assert_allclose(weight, expected, rtol=1e-6)


FULL_DISK = """
import os, resource, signal, sys
import numpy as np
import wandb
from training import CALLBACKS, fit
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
keras = __import__(sys.argv[2].split(".")[0])
for part in sys.argv[2].split(".")[1:]:
    keras = getattr(keras, part)
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(30000), keras.layers.Dense(3)])
model.compile("sgd", "mse")
x, y = np.ones((8, 4), "float32"), np.ones((8, 3), "float32")
wandb.init(project="p")
if sys.argv[1] == "legacy":
    from wandb_keras_compat import WandbCallback
    callback = WandbCallback(save_graph=False)
else:
    callback = CALLBACKS[sys.argv[1]](None)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 17, resource.RLIM_INFINITY))
history = fit(model, ((x, y), (x, y)), callback)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
wandb.finish()
print("epochs trained:", len(history.history["loss"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX")
@pytest.mark.parametrize("name", ["legacy", "checkpoint"])
def test_a_full_disk(name, keras, tmp_path):
    """A limit on the size of files fails writes as a full disk does, without needing one."""
    import h5py

    from wandb_keras_compat import detect

    if h5py.__version__.startswith("2."):
        pytest.skip("h5py 2, all that TensorFlow 2.4 takes, crashes Python when it cannot write")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(
            [os.path.dirname(training.__file__), *filter(None, sys.path)]
        ),
        "WANDB_DIR": str(tmp_path),
        "WANDB_SILENT": "false",
    }
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, name, detect().callbacks_on.module],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert f"epochs trained: {EPOCHS}" in done.stdout, done.stderr
    assert "Could not record" in done.stderr


@pytest.mark.parametrize("name", CALLBACKS)
def test_an_interrupted_epoch_keeps_what_was_logged(name, keras, offline_run, mlp, data):
    class Interrupt(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.epoch = epoch

        def on_train_batch_end(self, batch, logs=None):
            if self.epoch == 1 and batch == 1:
                raise KeyboardInterrupt

    run = offline_run()
    with pytest.raises(KeyboardInterrupt):
        fit(mlp, data, CALLBACKS[name](data), Interrupt())
    recording = run.finish()
    if name == "legacy":
        assert epochs_of(recording) == [0]
    elif name == "logger":
        assert recording.column("epoch/epoch") == [0]
        assert recording.column("batch/batch_step") == [0, 1, 2, 3, 4, 5]
    elif name == "checkpoint":
        assert [a.aliases[0] for a in recording.artifacts] == ["best"]
    else:
        assert "validation_predictions" in recording.history[-1].values


ODD = {
    "nan": float("nan"),
    "inf": float("inf"),
    "none": None,
    "ragged": [[1], [2, 3]],
    "scores": np.ones(3, "float32"),
    "half": np.float16(0.5),
    "text": "text",
    "bfloat16": "bfloat16",  # made below: NumPy has no such type of its own
}


BETTER = {"half", "bfloat16"}  # than what was best before


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", CALLBACKS)
def test_odd_metrics(name, odd, keras, offline_run, mlp, data):
    value = ODD[odd]
    if odd == "bfloat16":
        types = pytest.importorskip(
            "ml_dtypes", reason="this Keras comes without bfloat16 for NumPy"
        )
        value = types.bfloat16(0.5)

    class Odd(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["val_loss"] = value

    run = offline_run()
    fit(mlp, data, Odd(), CALLBACKS[name](data), epochs=1)
    recording = run.finish()
    if name == "legacy":
        assert epochs_of(recording) == [0]
        assert ("best_val_loss" in recording.summary) == (odd in BETTER)


def test_two_fits_and_two_models_with_one_callback(keras, offline_run, mlp, data):
    run = offline_run()
    callback = legacy(data)
    fit(mlp, data, callback, epochs=1)
    fit(mlp, data, callback, epochs=1)
    other = keras.models.clone_model(mlp)
    other.compile("sgd", "sparse_categorical_crossentropy")
    fit(other, data, callback, epochs=1)
    recording = run.finish()
    assert epochs_of(recording) == [0, 0, 0]
    batches = [row for row in recording.history if "epoch" not in row.values]
    assert len([row for row in batches if "loss" in row.values]) == 6
    best = min(value for value in recording.column("val_loss") if value is not None)
    assert recording.summary["best_val_loss"] == pytest.approx(best)


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))])
@pytest.mark.parametrize("name", CALLBACKS)
def test_copies_train_too(name, clone, offline_run, mlp, data):
    """KerasTuner copies callbacks for each trial, scikeras for each estimator."""
    run = offline_run()
    copied = clone(CALLBACKS[name](data))
    fit(mlp, data, copied, epochs=1)
    recording = run.finish()
    assert len(recording.history) + len(recording.artifacts) > 0


@pytest.mark.parametrize("name", CALLBACKS)
def test_copies_of_what_has_trained_train_too(name, offline_run, mlp, data):
    run = offline_run()
    callback = CALLBACKS[name](data)
    fit(mlp, data, callback, epochs=1)
    skip_unless_copied(mlp)
    fit(mlp, data, copy.deepcopy(callback), epochs=1)
    recording = run.finish()
    assert len(recording.history) + len(recording.artifacts) > 1
