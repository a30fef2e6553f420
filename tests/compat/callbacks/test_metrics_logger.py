"""WandbMetricsLogger: keys, rows, axes and learning rates of real training runs."""

import math

import pytest

from training import fit, row_keys


def test_epoch_rows_have_prefixed_logs_and_the_rate(offline_run, mlp, data):
    from wandb_keras_compat import WandbMetricsLogger

    run = offline_run()
    history = fit(mlp, data, WandbMetricsLogger()).history
    recording = run.finish()
    names = ["accuracy", "epoch", "learning_rate", "loss", "val_accuracy", "val_loss"]
    assert row_keys(recording) == [[f"epoch/{name}" for name in names]] * 2
    for epoch, row in enumerate(recording.history):
        assert row.values["epoch/epoch"] == epoch
        assert row.values["epoch/learning_rate"] == pytest.approx(0.01)
        assert row.values["epoch/val_loss"] == pytest.approx(history["val_loss"][epoch], rel=1e-6)


def test_batch_step_is_the_true_index_and_starts_where_told(offline_run, mlp, data):
    from wandb_keras_compat import WandbMetricsLogger

    run = offline_run()
    fit(mlp, data, WandbMetricsLogger(log_freq=3, initial_global_step=100))
    rows = run.finish().history
    steps = [row.values["batch/batch_step"] for row in rows if "batch/batch_step" in row.values]
    assert steps == [100, 103, 104, 107]  # 4 batches an epoch: batches 0 and 3 of each
    assert sum("epoch/epoch" in row.values for row in rows) == 2


def test_a_loop_that_begins_no_epochs_loses_no_batch(offline_run, keras):
    from wandb_keras_compat import WandbMetricsLogger

    run = offline_run()
    callback = WandbMetricsLogger(log_freq=2)
    for _ in range(3):
        for batch in range(3):
            callback.on_train_batch_end(batch, {"loss": 1.0})
    assert run.finish().column("batch/batch_step") == [0, 2, 3, 5, 6, 8]


def test_legacy_style_is_what_the_old_callback_logged(offline_run, mlp, data):
    from wandb_keras_compat import WandbMetricsLogger

    run = offline_run()
    fit(mlp, data, WandbMetricsLogger(key_style="legacy"))
    recording = run.finish()
    assert row_keys(recording) == [["accuracy", "epoch", "loss", "val_accuracy", "val_loss"]] * 2
    assert not recording.metrics


def test_both_styles_stand_in_one_row(offline_run, mlp, data):
    from wandb_keras_compat import WandbMetricsLogger

    run = offline_run()
    fit(mlp, data, WandbMetricsLogger(key_style="both"))
    rows = run.finish().history
    assert len(rows) == 2
    assert rows[1].values["val_loss"] == rows[1].values["epoch/val_loss"]
    assert rows[1].values["epoch"] == rows[1].values["epoch/epoch"] == 1


def test_a_schedule_logs_the_rate_just_used(keras, offline_run, mlp, data):
    from wandb_keras_compat import WandbMetricsLogger

    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
    mlp.compile(keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy")
    run = offline_run()
    fit(mlp, data, WandbMetricsLogger(log_freq="batch"), epochs=1)
    rows = run.finish().history
    rates = [r.values["batch/learning_rate"] for r in rows if "batch/loss" in r.values]
    assert rates == pytest.approx([0.1 * 0.5 ** (step / 2) for step in range(4)], rel=1e-5)


def test_a_model_without_optimizer_is_no_crash(offline_run, data):
    from wandb_keras_compat import WandbMetricsLogger

    class Bare:
        optimizer = None

    run = offline_run()
    logger = WandbMetricsLogger()
    logger.set_model(Bare())
    logger.on_epoch_end(0, {"loss": 1.5})
    assert run.finish().history[0].values == {"epoch/epoch": 0, "epoch/loss": 1.5}


def test_batch_hooks_are_withdrawn_when_nothing_is_logged_per_batch(offline_run):
    from wandb_keras_compat import WandbMetricsLogger

    offline_run()
    assert not WandbMetricsLogger()._implements_train_batch_hooks()
    assert WandbMetricsLogger(log_freq=2)._implements_train_batch_hooks()

    class Mine(WandbMetricsLogger):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)

    assert Mine()._implements_train_batch_hooks()


def test_steps_per_execution_skips_no_row(keras, offline_run, mlp, data):
    from wandb_keras_compat import WandbMetricsLogger, _keras

    if _keras.owner_of(mlp).backend == "torch":
        pytest.skip("Keras refuses steps_per_execution on torch")
    mlp.compile("sgd", "sparse_categorical_crossentropy", steps_per_execution=4)
    run = offline_run()
    fit(mlp, data, WandbMetricsLogger(log_freq=2))
    rows = run.finish().history
    steps = [row.values["batch/batch_step"] for row in rows if "batch/batch_step" in row.values]
    keras_3_0 = getattr(keras, "__version__", "").startswith(
        "3.0."
    )  # it counts calls instead of batches
    assert steps == ([0, 1] if keras_3_0 else [3, 7])


@pytest.mark.parametrize("log_freq", ["epochs", 0, -1, None, True])
def test_a_wrong_log_freq_is_named(offline_run, log_freq):
    from wandb_keras_compat import WandbMetricsLogger

    offline_run()
    with pytest.raises(ValueError, match="log_freq"):
        WandbMetricsLogger(log_freq=log_freq)


def test_a_run_is_needed(keras):
    import wandb

    from wandb_keras_compat import WandbMetricsLogger

    with pytest.raises(wandb.Error, match=r"wandb.init\(\) before WandbMetricsLogger"):
        WandbMetricsLogger()


def test_nan_is_logged(offline_run, mlp):
    from wandb_keras_compat import WandbMetricsLogger

    run = offline_run()
    logger = WandbMetricsLogger(key_style="legacy")
    logger.set_model(mlp)
    logger.on_epoch_end(0, {"loss": math.nan})
    value = run.finish().history[0].values["loss"]
    assert value == "NaN" or math.isnan(value)


def test_the_rate_is_read_without_attaching_the_state(keras, offline_run, mlp, data):
    """Attaching copies every variable: Keras calls that a bottleneck when done for each batch."""
    from wandb_keras_compat import WandbMetricsLogger

    if not hasattr(mlp, "jax_state_sync"):
        pytest.skip("only JAX detaches the state")
    attached = []

    class Assign(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            attached.append(mlp._jax_state_synced)
            if batch == 1:
                self.model.optimizer.learning_rate = 0.5

    run = offline_run()
    fit(mlp, data, WandbMetricsLogger("batch"), Assign(), epochs=1)
    rates = [rate for rate in run.finish().column("batch/learning_rate") if rate is not None]
    assert attached == [False] * 4
    assert rates == pytest.approx([0.01, 0.01, 0.5, 0.5])
