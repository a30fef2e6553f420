"""What docs/recipes.md says of trainings out of the ordinary is what happens."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from training import seed
from wandb_keras_compat._keras import flops, owner_of


def values(recording, name):
    return [row.values[name] for row in recording.history if name in row.values]


# Rows of one's own beside the callback


@pytest.fixture
def own_rows(keras, offline_run, mlp, data):
    """``own_rows(log, before)`` trains 3 epochs with a callback of one's own that calls ``log``."""
    from wandb_keras_compat import WandbCallback

    def train(log, before=False, **arguments):
        started = offline_run()

        class Own(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                log(started.run, epoch)

        callback = WandbCallback(save_model=False, monitor="loss", **arguments)
        callbacks = [Own(), callback] if before else [callback, Own()]
        mlp.fit(*data[0], batch_size=8, epochs=3, verbose=0, callbacks=callbacks)
        return started.finish()

    return train


def test_a_row_of_a_step_that_has_passed_is_dropped(own_rows):
    recording = own_rows(
        lambda run, epoch: run.log({"mine": epoch}, step=epoch), log_batch_frequency=1
    )
    assert values(recording, "mine") == []  # after 5, 10 and 15 rows of the callback
    assert len(values(recording, "epoch")) == 3


def test_without_a_step_a_row_is_the_next_one(own_rows):
    recording = own_rows(lambda run, epoch: run.log({"mine": epoch}), log_batch_frequency=1)
    assert values(recording, "mine") == [0, 1, 2]
    assert all("epoch" not in row.values for row in recording.history if "mine" in row.values)


def test_before_the_callback_and_uncommitted_it_is_the_same_row(own_rows):
    recording = own_rows(lambda run, epoch: run.log({"mine": epoch}, commit=False), before=True)
    assert [(row.values["mine"], row.values["epoch"]) for row in recording.history] == [
        (0, 0),
        (1, 1),
        (2, 2),
    ]


# Trials of a tuner: KerasTuner copies the callbacks for each trial


def test_trials_in_one_run_leave_the_best_of_the_last(keras, offline_run, data):
    from wandb_keras_compat import WandbCallback

    run = offline_run()
    callbacks = [WandbCallback(save_model=False, monitor="loss")]
    bests = []
    for rate in (0.1, 1e-6):  # the second trial is the worse one
        seed(keras)
        model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(rate), "mse")
        history = model.fit(*data[0], epochs=2, verbose=0, callbacks=copy.deepcopy(callbacks))
        bests.append(min(history.history["loss"]))
    recording = run.finish()
    assert len(recording.history) == 4
    assert recording.summary["best_loss"] == pytest.approx(bests[1])
    assert bests[0] < bests[1]


def test_each_trial_has_a_run_of_its_own(keras, tmp_path, data, monkeypatch):
    import wandb

    from wandb_keras_compat import WandbCallback, recording

    monkeypatch.chdir(tmp_path)

    def fit(rate, *args, callbacks=(), **options):  # as HyperModel.fit
        model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(rate), "mse")
        run = wandb.init(project="p", group="tuning", config={"rate": rate}, reinit=True)
        monkeypatch.delenv("WANDB_SERVICE", raising=False)
        folders.append(run.dir.rpartition("files")[0])
        own = WandbCallback(save_model=False, monitor="loss")
        history = model.fit(*args, callbacks=[*callbacks, own], **options)
        wandb.finish()
        return min(history.history["loss"])

    folders: list[str] = []
    bests = [fit(rate, *data[0], epochs=2, verbose=0) for rate in (0.1, 1e-6)]
    for folder, best in zip(folders, bests):
        found = recording.read(folder, wait=60)
        assert found.summary["best_loss"] == pytest.approx(best)
        assert len(found.history) == 2


# The best of every n epochs


def test_the_best_of_every_second_epoch(keras, offline_run, mlp, data, tmp_path):
    from wandb_keras_compat import WandbModelCheckpoint

    class EveryN(WandbModelCheckpoint):
        def __init__(self, *args, epochs, **options):
            super().__init__(*args, **options)
            self.epochs = epochs

        def on_epoch_end(self, epoch, logs=None):
            if (epoch + 1) % self.epochs == 0:
                super().on_epoch_end(epoch, logs)

    run = offline_run()
    checkpoint = EveryN("best.keras", epochs=2, save_best_only=True, monitor="val_loss", mode="min")
    seen = []

    class Decreasing(keras.callbacks.Callback):  # 0.9, 0.1, 0.5, 0.4, 0.3, 0.05
        def on_epoch_end(self, epoch, logs=None):
            logs["val_loss"] = (0.9, 0.1, 0.5, 0.4, 0.3, 0.05)[epoch]
            seen.append(checkpoint.best)

    mlp.fit(
        *data[0], epochs=6, verbose=0, validation_data=data[1],
        callbacks=[Decreasing(), checkpoint],
    )  # fmt: skip
    models = [a for a in run.finish().artifacts if a.type == "model"]
    assert [next(x for x in a.aliases if x.startswith("epoch")) for a in models] == [
        "epoch_1",
        "epoch_5",
    ]


# GFLOPs

COUNTED = {  # in operations: TensorFlow, JAX, torch
    "convolution": (901.5, 937.5, 864.0),
    "dense": (2414.0, 2424.5, 2368.0),
}


@pytest.mark.parametrize("kind", COUNTED)
def test_backends_count_the_same_model_differently(keras, kind):
    layers = keras.layers
    stack = {
        "convolution": [
            layers.Input((8, 8, 1)),
            layers.Conv2D(2, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(3),
        ],
        "dense": [
            layers.Input((64,)),
            layers.Dense(32, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
    }[kind]
    model = keras.Sequential(stack)
    backend = ("tensorflow", "jax", "torch").index(owner_of(model).backend)
    assert flops.gflops(model) * 1e9 == pytest.approx(COUNTED[kind][backend], rel=1e-3)


# Telemetry


def test_no_feature_of_wandbs_telemetry_is_set(keras, offline_run, mlp, data):
    from pathlib import Path

    from wandb.proto import wandb_internal_pb2

    from wandb_keras_compat import WandbCallback, WandbMetricsLogger, WandbModelCheckpoint
    from wandb_keras_compat.recording.transaction_log import read_log

    started = offline_run()
    folder = started.run.dir.rpartition("files")[0]
    callbacks = [WandbMetricsLogger(), WandbModelCheckpoint("m.keras"), WandbCallback()]
    mlp.fit(*data[0], verbose=0, validation_data=data[1], callbacks=callbacks)
    started.finish()
    (log,) = Path(folder).glob("*.wandb")
    features = set()
    with log.open("rb") as file:
        for raw in read_log(file, []):
            record = wandb_internal_pb2.Record()
            record.ParseFromString(raw)
            for telemetry in (record.telemetry, record.run.telemetry):
                features |= {field.name for field, value in telemetry.feature.ListFields() if value}
    assert features  # the client's own
    assert not [name for name in features if "keras" in name]


# Trainings without Keras' fit


def test_a_gan_is_recorded_by_what_its_train_step_returns(keras, offline_run, data):
    from wandb_keras_compat import WandbCallback

    run = offline_run()

    class Pair(keras.Model):  # of two networks; what its train_step does is its own business
        def __init__(self):
            super().__init__()
            self.maker, self.judge = keras.layers.Dense(4), keras.layers.Dense(1)

        def call(self, inputs):
            return self.judge(self.maker(inputs))

    class Losses(keras.callbacks.Callback):  # stands for the train_step, in every Keras
        def on_epoch_end(self, epoch, logs=None):
            logs.update(g_loss=1.0 / (epoch + 1), d_loss=0.5)

    model = Pair()
    model.compile("adam", "mse")
    callbacks = [Losses(), WandbCallback(monitor="g_loss", mode="min", save_model=False)]
    model.fit(*data[0], epochs=2, verbose=0, callbacks=callbacks)
    recording = run.finish()
    assert values(recording, "g_loss") == [1.0, 0.5]
    assert recording.summary["best_g_loss"] == 0.5


class Agent:
    """An agent as keras-rl has it: no Keras model, but it has one."""

    def __init__(self, model):
        self.model = model
        self.stop_training = False


def test_an_agent_that_is_no_keras_model_is_recorded(offline_run, mlp):
    from wandb_keras_compat import WandbCallback

    run = offline_run()
    callback = WandbCallback(
        monitor="episode_reward", mode="max", save_model=False, save_graph=False
    )
    callback.set_model(Agent(mlp))
    callback.set_params({"nb_steps": 10})
    callback.on_train_begin({})
    for episode, reward in enumerate([1.0, 3.0, 2.0]):
        callback.on_epoch_begin(episode)
        callback.on_epoch_end(episode, {"episode_reward": reward, "nb_steps": 5 * episode})
    callback.on_train_end({})
    recording = run.finish()
    assert values(recording, "episode_reward") == [1.0, 3.0, 2.0]
    assert recording.summary["best_episode_reward"] == 3.0


def test_a_loop_of_ones_own_calls_the_hooks(keras, offline_run, mlp, data):
    from wandb_keras_compat import WandbCallback

    run = offline_run()
    (x, y), (xv, yv) = data
    callback = WandbCallback(log_weights=True)
    callback.set_model(mlp)
    callback.on_train_begin()
    losses = []
    for epoch in range(3):
        callback.on_epoch_begin(epoch)
        mlp.train_on_batch(x, y)
        loss = float(np.ravel(mlp.evaluate(xv, yv, verbose=0))[0])
        losses.append(loss)
        callback.on_epoch_end(epoch, {"val_loss": loss})
    callback.on_train_end()
    recording = run.finish()
    assert values(recording, "val_loss") == pytest.approx(losses)
    assert recording.summary["best_val_loss"] == pytest.approx(min(losses))
    assert "parameters/hid.weights" in recording.history[0].values
    assert any(a.type == "model" for a in recording.artifacts)
