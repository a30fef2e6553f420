"""WandbModelCheckpoint: an artifact exactly when a file was written, with that file."""

import os
from pathlib import Path

import pytest

from training import assert_near, fit


def versions(recording):
    return [(set(a.aliases), {file.path for file in a.contents}) for a in recording.artifacts]


def worsen(callback, values):
    """Let the callback see these val_loss values, one an epoch, whatever was measured."""
    real = callback.on_epoch_end
    callback.on_epoch_end = lambda epoch, logs=None: real(
        epoch, {**logs, "val_loss": values[epoch]}
    )
    return callback


def test_every_epoch_is_a_version_with_its_file(offline_run, mlp, data):
    from wandb_keras_compat import WandbModelCheckpoint

    run = offline_run()
    fit(mlp, data, worsen(WandbModelCheckpoint("m-{epoch}.keras"), [0.5, 0.7, 0.3]), epochs=3)
    assert versions(run.finish()) == [
        ({"latest", "epoch_0", "best"}, {"m-1.keras"}),
        ({"latest", "epoch_1"}, {"m-2.keras"}),
        ({"latest", "epoch_2", "best"}, {"m-3.keras"}),
    ]


@pytest.mark.parametrize("path", ["m-{epoch}.keras", "m.keras"])
def test_best_only_logs_what_it_wrote_and_survives_the_rest(offline_run, mlp, data, path):
    from wandb_keras_compat import WandbModelCheckpoint

    run = offline_run()
    callback = WandbModelCheckpoint(path, save_best_only=True)
    fit(mlp, data, worsen(callback, [0.5, 0.7, 0.3]), epochs=3)
    assert [aliases for aliases, _ in versions(run.finish())] == [
        {"latest", "epoch_0", "best"},
        {"latest", "epoch_2", "best"},
    ]


def test_a_threshold_that_is_never_beaten_saves_nothing(offline_run, mlp, data):
    from wandb_keras_compat import WandbModelCheckpoint

    run = offline_run()
    fit(
        mlp,
        data,
        WandbModelCheckpoint("m-{epoch}.keras", save_best_only=True, initial_value_threshold=-1.0),
    )
    assert versions(run.finish()) == []


def test_batches(offline_run, mlp, data):
    from wandb_keras_compat import WandbModelCheckpoint

    run = offline_run()
    fit(mlp, data, WandbModelCheckpoint("m.keras", save_freq=4), epochs=3)
    names = [aliases - {"latest"} for aliases, _ in versions(run.finish())]
    assert len(names) == 3
    assert all("_batch_" in next(iter(n)) for n in names)


@pytest.mark.parametrize("path", ["models", "models/", Path("deep") / "models"])
@pytest.mark.parametrize("weights_only", [False, True])
def test_paths_without_an_extension_work(offline_run, mlp, data, path, weights_only):
    from wandb_keras_compat import WandbModelCheckpoint

    run = offline_run()
    fit(mlp, data, WandbModelCheckpoint(path, save_weights_only=weights_only), epochs=3)
    recorded = versions(run.finish())
    assert len(recorded) == 3
    assert all(files for _, files in recorded)


def test_the_saved_model_predicts_the_same(keras, offline_run, mlp, data):
    from wandb_keras_compat import WandbModelCheckpoint

    run = offline_run()
    fit(mlp, data, WandbModelCheckpoint("models"), epochs=3)
    run.finish()
    path = next(p for p in ("models.keras", "models") if os.path.exists(p))
    x = data[0][0]
    loaded = keras.models.load_model(path)
    assert_near(loaded.predict(x, verbose=0), mlp.predict(x, verbose=0), rtol=1e-5)


def test_the_artifact_can_be_named(offline_run, mlp, data):
    from wandb_keras_compat import WandbModelCheckpoint

    run = offline_run()
    fit(mlp, data, WandbModelCheckpoint("m.keras", artifact_name="mine"), epochs=3)
    assert {artifact.name for artifact in run.finish().artifacts} == {"mine"}


def test_a_path_that_cannot_be_written_warns_once_and_trains_on(
    offline_run, mlp, data, monkeypatch
):
    import wandb

    from wandb_keras_compat import WandbModelCheckpoint

    told = []
    monkeypatch.setattr(wandb, "termwarn", lambda message, **_: told.append(message))
    Path("file").write_text("not a directory")
    run = offline_run()
    history = fit(mlp, data, WandbModelCheckpoint(os.path.join("file", "m.keras")), epochs=3)
    assert len(history.history["loss"]) == 3
    assert versions(run.finish()) == []
    assert [t for t in told if "checkpoint" in t and "training goes on" in t] == told[:1]


def test_options_are_used_or_refused_with_a_warning(keras, offline_run, mlp, data, monkeypatch):
    tf = pytest.importorskip("tensorflow", reason="save options are TensorFlow's")
    import wandb

    from wandb_keras_compat import WandbModelCheckpoint, _keras

    told = []
    monkeypatch.setattr(wandb, "termwarn", lambda message, **_: told.append(message))
    options = tf.saved_model.SaveOptions(experimental_io_device="/job:localhost")
    run = offline_run()
    fit(mlp, data, WandbModelCheckpoint("models/", options=options), epochs=3)
    recorded = versions(run.finish())
    assert len(recorded) == 3
    assert all(files for _, files in recorded)
    assert any("options" in t for t in told) == _keras.builds_on_keras_3()


def test_best_only_without_its_metric_says_so(offline_run, mlp, data, monkeypatch):
    import wandb

    from wandb_keras_compat import WandbModelCheckpoint

    told = []
    monkeypatch.setattr(wandb, "termwarn", lambda message, **_: told.append(message))
    offline_run()
    (x, y), _ = data
    callback = WandbModelCheckpoint("m.keras", monitor="val_nothing", save_best_only=True)
    mlp.fit(x, y, epochs=2, verbose=0, callbacks=[callback])
    assert [t for t in told if "val_nothing" in t] == told
    assert len(told) == 1
