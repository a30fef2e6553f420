"""Checkpoints that outlast what happens to them: names, verbosity, steps, nested weights."""

import os
import subprocess
import sys

import numpy as np
import pytest


def fit(model, data, *callbacks, **options):
    (x, y), validation = data
    options = {"epochs": 2, "batch_size": 8, "verbose": 0, "validation_data": validation, **options}
    return model.fit(x, y, callbacks=list(callbacks), **options)


@pytest.fixture
def told(monkeypatch):
    import wandb

    messages = []
    monkeypatch.setattr(wandb, "termwarn", lambda message, **_: messages.append(message))
    return messages


def saved(folder):
    return sorted(name for name in os.listdir(folder) if not name.startswith("."))


def test_a_missing_metric_leaves_its_place_empty(offline_run, mlp, data, told):
    from wandb_keras_compat import WandbModelCheckpoint

    run = offline_run()
    path = "out/m-{epoch:02d}-{val_loss:.2f}.h5"
    history = fit(mlp, data, WandbModelCheckpoint(path), validation_freq=2, epochs=4).history
    recording = run.finish()
    values = [f"{value:.2f}" for value in history["val_loss"]]
    assert saved("out") == ["m-01-.h5", f"m-02-{values[0]}.h5", "m-03-.h5", f"m-04-{values[1]}.h5"]
    assert len(recording.artifacts) == 4
    assert len(told) == 1
    assert "val_loss" in told[0]
    assert path in told[0]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (np.ones(3, "float32"), "m-.h5"),
        (None, "m-.h5"),
        ("text", "m-.h5"),
        ([1.0], "m-.h5"),
        (np.array([0.5]), "m-0.50.h5"),
        (np.array(0.5), "m-0.50.h5"),
        (float("nan"), "m-nan.h5"),
    ],
)
def test_odd_metrics_in_a_name(value, name, keras, offline_run, mlp, data, told):
    from wandb_keras_compat import WandbModelCheckpoint

    class Odd(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["odd"] = value

    offline_run()
    checkpoint = WandbModelCheckpoint("out/m-{odd:.2f}.h5")
    assert len(fit(mlp, data, Odd(), checkpoint, epochs=3).history["loss"]) == 3
    assert saved("out") == [name]
    assert len(told) == (name == "m-.h5")


@pytest.mark.parametrize("best_only", [False, True])
@pytest.mark.parametrize("odd", [float("nan"), np.float16(0.5), None, np.ones(3)])
def test_verbose_takes_any_value(best_only, odd, keras, offline_run, mlp, data, capsys):
    from wandb_keras_compat import WandbCallback, WandbModelCheckpoint

    class Odd(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["val_loss"] = odd

    offline_run()
    checkpoint = WandbModelCheckpoint("m.h5", save_best_only=best_only, verbose=1)
    legacy = WandbCallback(verbose=1, save_graph=False)
    assert len(fit(mlp, data, Odd(), checkpoint, legacy).history["loss"]) == 2
    assert "Epoch 1:" in capsys.readouterr().out


def test_braces_that_do_not_match_are_named_before_training(offline_run):
    from wandb_keras_compat import WandbModelCheckpoint

    offline_run()
    with pytest.raises(ValueError, match=r"filepath='m-\{epoch:02d-\{loss\}\.h5': expected"):
        WandbModelCheckpoint("m-{epoch:02d-{loss}.h5")


def test_arguments_that_cannot_be_are_named_before_training(offline_run):
    from wandb_keras_compat import WandbModelCheckpoint

    offline_run()
    with pytest.raises(ValueError, match="artifact_name='my model': expected letters"):
        WandbModelCheckpoint("m.h5", artifact_name="my model")
    with pytest.raises(TypeError, match="initial_value_threshold='low': expected a number"):
        WandbModelCheckpoint("m.h5", initial_value_threshold="low")


def test_the_id_of_a_run_need_not_be_a_name_of_artifacts(offline_run, mlp, data, told):
    from wandb_keras_compat import WandbModelCheckpoint

    run = offline_run(id="my run 1")
    fit(mlp, data, WandbModelCheckpoint("m.h5"))
    assert [a.type for a in run.finish().artifacts] == ["model"] * 2
    assert told == []


def test_an_agent_that_saves_itself(offline_run, told, tmp_path):
    """Agents of reinforcement learning call callbacks as Keras does, with themselves as model."""
    from wandb_keras_compat import WandbModelCheckpoint, _keras

    class Agent:
        def save_weights(self, path, overwrite=False):
            with open(path, "w") as file:
                file.write("weights")

    run = offline_run()
    checkpoint = WandbModelCheckpoint("a-{epoch}.h5", "reward", save_weights_only=True)
    checkpoint.set_model(Agent())
    checkpoint.on_train_begin()
    for episode in range(2):
        checkpoint.on_epoch_begin(episode)
        checkpoint.on_epoch_end(episode, {"reward": 1.0})
    suffix = ".weights.h5" if _keras.builds_on_keras_3() else ".h5"
    assert {f"a-{n}{suffix}" for n in (1, 2)} < set(os.listdir())
    assert len(run.finish().artifacts) == 2
    assert "Could not" not in " ".join(told)


def test_batches_in_a_name(offline_run, mlp, data):
    from wandb_keras_compat import WandbModelCheckpoint

    run = offline_run()
    fit(mlp, data, WandbModelCheckpoint("out/m-{epoch}-{batch}.h5", save_freq=2), epochs=1)
    assert saved("out") == ["m-1-2.h5", "m-1-4.h5"]
    assert [sorted(a.aliases)[0] for a in run.finish().artifacts] == [
        "epoch_0_batch_1", "epoch_0_batch_3",
    ]  # fmt: skip


def test_a_val_metric_within_epochs_is_told_at_construction(offline_run, mlp, data, told):
    from wandb_keras_compat import WandbModelCheckpoint, _keras

    run = offline_run()
    checkpoint = WandbModelCheckpoint("m-{batch}.h5", save_best_only=True, save_freq=2)
    assert len(told) == 1
    everything = "every one is saved" in told[0]
    assert everything or "none is ever saved" in told[0]
    assert everything == _keras.builds_on_keras_3()
    WandbModelCheckpoint("m.h5", "loss", save_best_only=True, save_freq=2)
    WandbModelCheckpoint("m.h5", save_freq=2)
    fit(mlp, data, checkpoint)
    assert len(run.finish().artifacts) == (4 if everything else 0)
    assert len(told) == 1


def test_checkpoints_of_epochs_offer_no_batch_hooks(offline_run):
    from wandb_keras_compat import WandbBestModel, WandbModelCheckpoint

    offline_run()
    assert not WandbModelCheckpoint("m.h5")._implements_train_batch_hooks()
    assert not WandbBestModel()._implements_train_batch_hooks()
    assert WandbModelCheckpoint("m.h5", save_freq=2)._implements_train_batch_hooks()


def test_weights_that_a_model_holds_itself(keras, offline_run, data):
    from wandb_keras_compat import WandbMetricsLogger, WandbParameterHistograms

    class Block(keras.Model):
        def __init__(self, **options):
            super().__init__(**options)
            self.first = keras.layers.Dense(4, name="first")
            self.second = keras.layers.Dense(4, name="second")

        def build(self, shape):
            self.scale = self.add_weight(name="scale", shape=(4,), initializer="ones")
            self.first.build(shape)
            self.second.build(shape)
            self.built = True

        def call(self, x):
            return self.second(self.first(x)) * self.scale

    class Outer(keras.Model):
        def __init__(self):
            super().__init__()
            self.block = Block(name="block")
            self.out = keras.layers.Dense(3, name="out")

        def build(self, shape):
            self.gain = self.add_weight(name="gain", shape=(1,), initializer="ones")
            self.block.build(shape)
            self.out.build((None, 4))
            self.built = True

        def call(self, x):
            return self.out(self.block(x)) * self.gain

    model = Outer()
    model.compile("sgd", "mse")
    run = offline_run()
    (x, _), _ = data
    model.fit(
        x, np.ones((32, 3)), verbose=0,
        callbacks=[WandbParameterHistograms(), WandbMetricsLogger()],
    )  # fmt: skip
    (row,) = run.finish().history
    assert {key for key in row.values if key.startswith("parameters/")} == {
        "parameters/block/first.weights",
        "parameters/block/first.bias",
        "parameters/block/second.weights",
        "parameters/block/second.bias",
        "parameters/block.scale",
        "parameters/out.weights",
        "parameters/out.bias",
        "parameters/gain",
    }


GRAPH_MODE = """
import sys
import numpy as np
import tensorflow as tf
tf.compat.v1.disable_eager_execution()
import wandb
if sys.argv[1] == "ours":
    from wandb_keras_compat import WandbCallback, WandbMetricsLogger
else:
    from wandb.integration.keras import WandbCallback
keras = __import__(sys.argv[2]) if "." not in sys.argv[2] else tf.keras
layers = keras.layers
model = keras.Sequential([layers.Input((4,)), layers.Dense(8, name="hid"), layers.Dense(1, name="out")])
if sys.argv[3] == "schedule":
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 1, 0.5)
    optimizers = getattr(keras.optimizers, "legacy", keras.optimizers)  # the newer ones need eager
    model.compile(optimizers.SGD(schedule), "mse")
else:
    model.compile("sgd", "mse")
model.set_weights([np.linspace(-1, 1, w.size).reshape(w.shape) for w in model.get_weights()])
x = np.arange(64, dtype="float32").reshape(16, 4) / 64
wandb.init(project="p")
callbacks = [WandbCallback(log_weights=True, save_model=False)]
if sys.argv[1] == "ours":
    callbacks.append(WandbMetricsLogger("batch"))
model.fit(x, x[:, :1], epochs=2, batch_size=8, shuffle=False, verbose=0, callbacks=callbacks)
wandb.finish()
"""


def in_graph_mode(whose, module, folder, rate="constant"):
    from wandb_keras_compat import recording

    folder.mkdir()
    environment = {**os.environ, "WANDB_DIR": str(folder), "WANDB_SILENT": "true"}
    done = subprocess.run(
        [sys.executable, "-c", GRAPH_MODE, whose, module, rate],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (directory,) = (folder / "wandb").glob("offline-run-*")
    return recording.read(directory, wait=60), done.stderr


def test_without_eager_execution_a_schedule_has_the_rate_just_used(keras, tmp_path):
    from wandb_keras_compat import _keras, detect

    if _keras.builds_on_keras_3():
        pytest.skip("Keras 3 needs eager execution")
    module = detect().callbacks_on.module
    recording, said = in_graph_mode("ours", module, tmp_path / "ours", "schedule")
    assert "Could not" not in said
    rates = [rate for rate in recording.column("batch/learning_rate") if rate is not None]
    assert rates == pytest.approx([0.01, 0.005, 0.0025, 0.00125])


def test_without_eager_execution_weights_and_rates_are_recorded(keras, tmp_path):
    from wandb_keras_compat import _keras, detect

    if _keras.builds_on_keras_3():
        pytest.skip("Keras 3 needs eager execution")
    recording, said = in_graph_mode("ours", detect().callbacks_on.module, tmp_path / "ours")
    assert "Could not" not in said
    keys = [
        f"parameters/{layer}.{what}" for layer in ("hid", "out") for what in ("weights", "bias")
    ]
    epochs = [row.values for row in recording.history if "epoch" in row.values]
    assert [set(keys) <= set(row) for row in epochs] == [True, True]
    rates = [rate for rate in recording.column("batch/learning_rate") if rate is not None]
    assert rates == pytest.approx([0.01] * 4)
    try:
        from wandb.integration.keras import WandbCallback as _
    except ImportError:
        return  # the row's W&B has the class no more
    theirs, _ = in_graph_mode("theirs", detect().callbacks_on.module, tmp_path / "theirs")
    upstream = [row.values for row in theirs.history if "epoch" in row.values]
    for ours, other in zip(epochs, upstream):
        assert {key: ours[key] for key in keys} == {key: other[key] for key in keys}
