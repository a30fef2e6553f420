"""Which run a callback records in: the one it is given, else the one that is active; each anew."""

import copy
import pickle

import pytest
from packaging.version import Version


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


@pytest.fixture
def several(tmp_path, monkeypatch):
    """A factory of runs that are open side by side; ``.read(run)`` finishes one and reads it."""
    import os

    import wandb

    from wandb_keras_compat import recording

    monkeypatch.chdir(tmp_path)
    runs = []

    def start(**options):
        run = wandb.init(project="p", dir=str(tmp_path), reinit="create_new", **options)
        runs.append(run)
        return run

    def read(run):
        directory = os.path.dirname(run.dir)
        run.finish()
        return recording.read(directory, wait=60)

    if Version(wandb.__version__) < Version("0.19.10"):
        pytest.skip("this wandb has one run at a time")
    start.read = read
    yield start
    for run in runs:
        run.finish()


def everything(run, data):
    from wandb_keras_compat import WandbCallback, WandbMetricsLogger, WandbModelCheckpoint

    return [
        WandbCallback(
            run=run,
            log_weights=True,
            validation_data=data[1],
            log_evaluation=True,
            training_data=data[0],
            log_gradients=True,
            compute_flops=True,
        ),
        WandbMetricsLogger(run=run),
        WandbModelCheckpoint("m-{epoch}.h5", run=run),
    ]


def contents(recording):
    keys = {key for row in recording.history for key in row.values}
    return keys, {a.name for a in recording.artifacts}, {file.path for file in recording.files}


def test_a_given_run_gets_everything_and_no_other_does(several, offline_run, mlp, data, told):
    active, mine = offline_run(), several(name="mine")
    fit(mlp, data, *everything(mine, data))
    recording, other = several.read(mine), active.finish()
    keys, artifacts, files = contents(recording)
    assert {"loss", "epoch/loss", "validation_predictions", "parameters/hid.weights"} <= keys
    assert "gradients/hid/kernel.gradient" in keys
    assert {"model-mine", "run_<RUN_ID>_model"} <= artifacts
    assert any("wb_validation_data" in name for name in artifacts)
    assert "model-best.h5" in files
    assert {"best_val_loss", "best_epoch", "graph", "GFLOPs"} <= set(recording.summary)
    assert len(recording.metrics) > 0
    assert contents(other) == (set(), set(), set())
    assert not other.metrics
    assert not {"best_val_loss", "graph", "GFLOPs"} & set(other.summary)
    assert told == []


def test_two_trainings_at_once_stay_apart(several, keras, mlp, data):
    from wandb_keras_compat import WandbMetricsLogger

    first, second = several(), several()
    fit(mlp, data, WandbMetricsLogger(run=first), WandbMetricsLogger(run=second), epochs=1)
    fit(mlp, data, WandbMetricsLogger(run=second), epochs=1)
    assert [len(several.read(run).history) for run in (first, second)] == [1, 2]


def test_without_an_active_run_the_open_ones_are_pointed_out(several):
    import wandb

    from wandb_keras_compat import WandbMetricsLogger

    several()
    with pytest.raises(wandb.Error, match=r"wandb.init\(\) before WandbMetricsLogger.*pass run="):
        WandbMetricsLogger()


def test_of_several_open_runs_the_active_one_is_used_and_named(
    several, offline_run, mlp, data, told
):
    from wandb_keras_compat import WandbBestMetric, WandbMetricsLogger

    active, other = offline_run(), several()
    name = active.run.id
    for _ in range(2):
        fit(mlp, data, WandbMetricsLogger(), WandbBestMetric())
    assert len(told) == 1
    assert name in told[0]
    assert "run=" in told[0]
    assert len(several.read(other).history) == 0
    assert len(active.finish().history) == 4


@pytest.mark.parametrize("wrong", ["my-run", 3])
def test_what_is_no_run_is_named(wrong, keras):
    from wandb_keras_compat import WandbMetricsLogger

    with pytest.raises(TypeError, match=rf"run={wrong!r}"):
        WandbMetricsLogger(run=wrong)


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))])
def test_copies_keep_the_given_run(clone, several, offline_run, mlp, data):
    from wandb_keras_compat import WandbCallback

    active, mine = offline_run(), several()
    fit(mlp, data, clone(WandbCallback(run=mine, save_model=False)))
    assert len(several.read(mine).history) == 2
    assert len(active.finish().history) == 0


def test_a_callback_used_under_another_run_starts_anew(offline_run, mlp, data, told):
    from wandb_keras_compat import WandbCallback, WandbMetricsLogger

    run = offline_run(name="first")
    legacy = WandbCallback(monitor="loss")
    logger = WandbMetricsLogger("batch")
    legacy.best = -1.0  # nothing beats it in this run
    fit(mlp, data, legacy, logger)
    first = run.finish()
    assert "best_loss" not in first.summary
    assert not first.artifacts

    run = offline_run(name="second")
    fit(mlp, data, legacy, logger)
    second = run.finish()
    assert second.column("batch/batch_step")[0] == 0
    assert "best_loss" in second.summary
    assert "graph" in second.summary
    assert {a.name for a in second.artifacts} == {"model-second"}
    assert "model-best.h5" in {file.path for file in second.files}
    assert second.metrics
    assert second.metrics == first.metrics


def test_the_second_trial_is_told_too(offline_run, mlp, data, told):
    from wandb_keras_compat import WandbCallback

    callback = None
    for _ in range(2):
        run = offline_run()
        callback = callback or WandbCallback(monitor="val_typo", save_graph=False)
        fit(mlp, data, callback)
        fit(mlp, data, callback)
        run.finish()
    assert len(told) == 2
    assert all("val_typo" in message for message in told)


def test_checkpoints_of_another_run_compare_anew(offline_run, mlp, data):
    from wandb_keras_compat import WandbModelCheckpoint

    checkpoint, names = None, []
    for _ in range(2):
        run = offline_run()
        checkpoint = checkpoint or WandbModelCheckpoint("m.h5", "loss", save_best_only=True)
        checkpoint.best = None if not names else checkpoint.best
        fit(mlp, data, checkpoint, epochs=1)
        mlp.set_weights([weight * 0 + 5 for weight in mlp.get_weights()])  # worse
        recording = run.finish()
        names += [a.name for a in recording.artifacts]
    assert names == ["run_<RUN_ID>_model"] * 2
