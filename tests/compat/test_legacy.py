"""WandbCallback: what it composes, records, and lets subclasses read, assign and override."""

import copy
import inspect
import operator

import numpy as np
import pytest

from training import assert_near, fit

SIGNATURE = {
    "monitor": "val_loss", "verbose": 0, "mode": "auto", "save_weights_only": False,
    "log_weights": False, "log_gradients": False, "save_model": True, "training_data": None,
    "validation_data": None, "labels": None, "predictions": 36, "generator": None,
    "input_type": None, "output_type": None, "log_evaluation": False, "validation_steps": None,
    "class_colors": None, "log_batch_frequency": None, "log_best_prefix": "best_",
    "save_graph": True, "validation_indexes": None, "validation_row_processor": None,
    "prediction_row_processor": None, "infer_missing_processors": True,
    "log_evaluation_frequency": 0, "compute_flops": False,
}  # fmt: skip


@pytest.fixture
def make(keras, offline_run):
    from wandb_keras_compat import WandbCallback

    offline_run_ = offline_run(name="named")

    def construct(**arguments):
        return WandbCallback(**{"save_graph": False, **arguments})

    construct.finish = offline_run_.finish
    return construct


def test_the_signature_is_frozen(keras):
    from wandb_keras_compat import WandbCallback

    parameters = list(inspect.signature(WandbCallback).parameters.values())
    assert {p.name: p.default for p in parameters[:-1]} == SIGNATURE
    assert [p.name for p in parameters[:-1]] == list(SIGNATURE)
    assert parameters[-1].kind is inspect.Parameter.VAR_KEYWORD


def test_defaults_record_rows_best_values_file_and_artifact(make, mlp, data):
    history = fit(mlp, data, make()).history
    recording = make.finish()
    expected = ["accuracy", "epoch", "loss", "val_accuracy", "val_loss"]
    assert [sorted(row.values) for row in recording.history] == [expected] * 2
    best = int(np.argmin(history["val_loss"]))
    assert recording.summary["best_epoch"] == best
    assert recording.summary["best_val_loss"] == pytest.approx(min(history["val_loss"]), rel=1e-6)
    assert [file.path for file in recording.files] == ["model-best.h5"]
    assert {a.name for a in recording.artifacts} == {"model-named"}
    assert recording.artifacts[0].aliases == ("epoch_0", "latest")


def test_the_file_and_the_artifact_can_be_loaded(keras, make, mlp, data, tmp_path):
    callback = make(monitor="loss")
    path = callback.filepath
    fit(mlp, data, callback, epochs=1)
    loaded = keras.models.load_model(path)
    x = data[0][0]
    assert_near(loaded.predict(x, verbose=0), mlp.predict(x, verbose=0), rtol=1e-5)


def test_the_model_in_the_artifact_can_be_loaded(keras, make, mlp, data, monkeypatch):
    from wandb_keras_compat import _run

    x, predictions = data[0][0], []

    def log_model(writer, paths, name, aliases):
        loaded = keras.models.load_model(paths[0])
        predictions.append((loaded.predict(x, verbose=0), mlp.predict(x, verbose=0)))

    monkeypatch.setattr(_run.Writer, "log_model", log_model)
    fit(mlp, data, make(monitor="loss"), epochs=1)
    assert len(predictions) == 1
    assert_near(*predictions[0], rtol=1e-5)


def test_weights_only_can_be_loaded_under_the_old_name(make, mlp, data):
    callback = make(monitor="loss", save_weights_only=True)
    fit(mlp, data, callback, epochs=1)
    expected = [w.copy() for w in mlp.get_weights()]
    mlp.set_weights([w * 0 for w in expected])
    mlp.load_weights(callback.filepath)
    for weight, want in zip(mlp.get_weights(), expected):
        np.testing.assert_allclose(weight, want, rtol=1e-6)


def test_zero_can_be_the_best(make, mlp):
    callback = make(save_model=False)
    callback.set_model(mlp)
    callback.on_epoch_end(0, {"val_loss": 0.0})
    assert callback.best == 0.0
    assert make.finish().summary["best_val_loss"] == 0.0


@pytest.mark.parametrize(
    ("monitor", "mode", "better"),
    [
        ("val_loss", "auto", operator.lt),
        ("val_accuracy", "auto", operator.gt),
        ("fmeasure", "auto", operator.gt),
        ("val_auc", "auto", operator.lt),
        ("val_auc", "max", operator.gt),
        ("val_acc", "min", operator.lt),
        ("val_loss", "nonsense", operator.lt),
    ],
)
def test_direction(make, monitor, mode, better):
    assert make(monitor=monitor, mode=mode).monitor_op is better


def test_no_monitored_metric_saves_nothing_and_says_so(make, mlp, data, monkeypatch):
    import wandb

    told = []
    monkeypatch.setattr(wandb, "termwarn", lambda message, **_: told.append(message))
    fit(mlp, data, make(), validation_data=None)
    recording = make.finish()
    assert not recording.artifacts
    assert "best_val_loss" not in recording.summary
    assert len(told) == 1
    assert "'val_loss'" in told[0]


def test_batch_rows(make, mlp, data):
    fit(mlp, data, make(save_model=False, log_batch_frequency=3), epochs=1)
    rows = make.finish().history
    assert ["epoch" in row.values for row in rows] == [False, False, True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"log_batch_frequency": "batch"},
        {"log_batch_frequency": float("nan")},
        {"log_evaluation_frequency": None, "log_evaluation": True},
        {"predictions": 0, "input_type": "image"},
        {"monitor": ["val_loss"]},
    ],
)
def test_a_wrong_number_is_named(make, wrong):
    with pytest.raises((TypeError, ValueError), match=rf"{next(iter(wrong))}\b.*expected"):
        make(**wrong)


def test_batch_hooks_are_offered_only_when_needed(make):
    assert not make()._implements_train_batch_hooks()
    assert make(log_batch_frequency=2)._implements_train_batch_hooks()


def test_overrides_are_used(keras, make, mlp, data):
    from wandb_keras_compat import WandbCallback

    saved = []

    class Mine(WandbCallback):
        def on_epoch_end(self, epoch, logs=None):
            super().on_epoch_end(epoch, {**logs, "extra": epoch})

        def _save_model(self, epoch):
            saved.append(epoch)
            super()._save_model(epoch)

    fit(mlp, data, Mine(monitor="loss", save_graph=False))
    recording = make.finish()
    assert saved
    assert [row.values["extra"] for row in recording.history] == [0, 1]


def test_what_is_assigned_before_fit_counts(make, mlp, data):
    callback = make()
    callback.save_model = False
    callback.monitor = "loss"
    fit(mlp, data, callback)
    recording = make.finish()
    assert "best_loss" in recording.summary
    assert not recording.artifacts


def test_best_can_be_assigned(make, mlp, data):
    callback = make(save_model=False)
    callback.best = -1.0
    fit(mlp, data, callback)
    assert callback.best == -1.0
    assert "best_val_loss" not in make.finish().summary


def test_a_resumed_run_goes_on_from_its_best_value(make, mlp, data):
    import wandb

    wandb.run.summary["best_val_loss"] = -1.0  # as resuming brings it back
    callback = make()
    assert callback.best == -1.0
    fit(mlp, data, callback)
    recording = make.finish()
    assert recording.summary["best_val_loss"] == -1.0
    assert not recording.artifacts


def test_a_copy_trains_too(make, mlp, data):
    callback = copy.deepcopy(make(save_model=False))
    fit(mlp, data, callback)
    assert len(make.finish().history) == 2


def test_documented_and_unknown_arguments(make, monkeypatch):
    import wandb

    told = []
    monkeypatch.setattr(wandb, "termwarn", lambda message, **_: told.append(message))

    def processor(index, row):
        return {}

    assert make(output_row_processor=processor)._prediction_row_processor is processor
    assert make(save_model="false", data_type=None).save_model == "false"
    make(log_model=True)
    assert len(told) == 2
    assert "save_model='false'" in told[0]
    assert "log_model" in told[1]


def test_the_deprecation_notice_names_the_users_line_once(make, monkeypatch):
    from wandb_keras_compat import WandbCallback, legacy

    monkeypatch.setattr(legacy, "_told_to_migrate", False)

    class Mine(WandbCallback):
        def __init__(self):
            super().__init__(save_graph=False, save_model=False)

    with pytest.warns(DeprecationWarning, match="wandb-keras-migrate") as caught:
        Mine()
    make()  # a second notice would be an error here
    assert len(caught) == 1
    assert caught[0].filename == __file__


def test_a_run_is_needed(keras):
    import wandb

    from wandb_keras_compat import WandbCallback

    with pytest.raises(wandb.Error, match=r"wandb.init\(\) before WandbCallback"):
        WandbCallback()


def test_disabled_and_finished_runs_train_on(offline_run, keras, mlp, data):
    import wandb

    from wandb_keras_compat import WandbCallback

    offline_run(mode="disabled")
    fit(mlp, data, WandbCallback(save_graph=False))
    wandb.finish()
    offline_run()
    callback = WandbCallback(save_graph=False)
    wandb.finish()
    assert len(fit(mlp, data, callback).history["loss"]) == 2
