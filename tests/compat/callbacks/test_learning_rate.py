"""The learning rate that is logged is the one that the last update used, whatever the optimizer."""

import copy
import pickle

import numpy as np
import pytest

from training import skip_unless_copied

STEPS = 4  # batches an epoch


def fit(model, data, *callbacks, **options):
    (x, y), validation = data
    options = {"epochs": 1, "batch_size": 8, "verbose": 0, "validation_data": validation, **options}
    return model.fit(x, y, callbacks=list(callbacks), **options)


def logger(log_freq="batch", **options):
    from wandb_keras_compat import WandbMetricsLogger

    return WandbMetricsLogger(log_freq, **options)


def batch_rates(recording, key="batch/learning_rate"):
    return [row.values.get(key) for row in recording.history if "batch/batch_step" in row.values]


def decay(keras):
    return keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)  # 0.1, 0.05, 0.025, ...


@pytest.fixture
def keras_3(keras):
    from wandb_keras_compat import _keras

    if not _keras.builds_on_keras_3():
        pytest.skip("Keras 2 does not have this")
    return keras


@pytest.mark.parametrize("together", [2, 3])
def test_gradient_accumulation_has_the_rate_of_the_last_update(
    together, keras_3, offline_run, mlp, data
):
    """Updates happen at steps 1, 3, ... (or 2, 5, ...); the schedule is asked at these."""
    optimizer = keras_3.optimizers.SGD(decay(keras_3), gradient_accumulation_steps=together)
    mlp.compile(optimizer, "sparse_categorical_crossentropy")
    run = offline_run()
    fit(mlp, data, logger(), epochs=2)
    recording = run.finish()
    used = []
    for step in range(2 * STEPS):
        update = (step + 1) // together * together - 1
        used.append(None if update < 0 else pytest.approx(0.1 * 0.5**update, rel=1e-5))
    assert batch_rates(recording) == used
    epochs = [r for r in recording.column("epoch/learning_rate") if r is not None]
    assert epochs == [used[STEPS - 1], used[-1]]


@pytest.mark.parametrize("kind", ["plateau", "scheduler"])
@pytest.mark.parametrize("first", ["logger", "callback"])
def test_callbacks_that_change_the_rate_do_not_change_what_was_used(
    kind, first, keras, offline_run, mlp, data
):
    mlp.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    if kind == "plateau":
        changes = keras.callbacks.ReduceLROnPlateau(
            "loss", factor=0.1, patience=0, min_delta=100.0, cooldown=0
        )
        # the first epoch sets the best value; the end of the second reduces, of the third again
        expected = [0.1, 0.1, 0.01]
    else:
        changes = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.1 / (epoch + 1))
        expected = [0.1, 0.05, 0.1 / 3]
    run = offline_run()
    ours = logger("epoch")
    fit(mlp, data, *((ours, changes) if first == "logger" else (changes, ours)), epochs=3)
    rates = run.finish().column("epoch/learning_rate")
    assert rates == pytest.approx(expected, rel=1e-5)


def test_a_loss_scale_optimizer_has_the_rate_of_the_one_within(keras, offline_run, mlp, data):
    mixed = getattr(keras.mixed_precision, "LossScaleOptimizer", None)
    mixed = mixed or keras.optimizers.LossScaleOptimizer
    mlp.compile(mixed(keras.optimizers.SGD(decay(keras))), "sparse_categorical_crossentropy")
    run = offline_run()
    fit(mlp, data, logger())
    applied = int(np.asarray(mlp.optimizer.inner_optimizer.iterations))
    rates = batch_rates(run.finish())
    assert applied == STEPS
    assert rates == pytest.approx([0.1 * 0.5**step for step in range(STEPS)], rel=1e-5)


def test_each_of_several_optimizers_has_a_key(keras_3, offline_run, mlp, data):
    optimizers = keras_3.optimizers
    if not hasattr(optimizers, "MultiOptimizer"):
        pytest.skip("this Keras has no MultiOptimizer")
    first, rest = optimizers.SGD(0.25, name="first"), optimizers.SGD(decay(keras_3), name="rest")
    never = optimizers.Adam(name="never")
    chosen = {"hid": first, "out": rest}
    mapping = {layer.kernel.path: chosen[layer.name] for layer in mlp.layers}
    mapping.update({layer.bias.path: chosen[layer.name] for layer in mlp.layers})
    mlp.compile(
        optimizers.MultiOptimizer(optimizers.OptimizerMap(never, mapping)),
        "sparse_categorical_crossentropy",
    )
    run = offline_run()
    fit(mlp, data, logger())
    recording = run.finish()
    assert batch_rates(recording, "batch/learning_rate_first") == [0.25] * STEPS
    rest = batch_rates(recording, "batch/learning_rate_rest")
    assert rest == pytest.approx([0.1 * 0.5**step for step in range(STEPS)], rel=1e-5)
    names = {key for row in recording.history for key in row.values if "learning_rate" in key}
    assert names == {
        f"{p}/learning_rate_{n}" for p in ("batch", "epoch") for n in ("first", "rest")
    }


def test_plateau_with_several_optimizers_keeps_what_was_used(keras_3, offline_run, mlp, data):
    optimizers = keras_3.optimizers
    if not hasattr(optimizers, "MultiOptimizer"):
        pytest.skip("this Keras has no MultiOptimizer")
    only = optimizers.SGD(0.5, name="only")
    mlp.compile(
        optimizers.MultiOptimizer(optimizers.OptimizerMap(only)), "sparse_categorical_crossentropy"
    )
    changes = keras_3.callbacks.ReduceLROnPlateau("loss", factor=0.1, patience=0, min_delta=100.0)
    run = offline_run()
    fit(mlp, data, changes, logger("epoch"), epochs=3)
    rates = run.finish().column("epoch/learning_rate_only")
    assert rates == pytest.approx([0.5, 0.5, 0.05], rel=1e-5)


def test_an_optimizer_that_is_never_used_has_no_rate(keras, offline_run, data):
    """A GAN has optimizers of its own; compile() gives its model one that nobody asked for."""
    from wandb_keras_compat import _keras

    class Gan(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(3)

        def call(self, x):
            return self.dense(x)

        def train_step(self, *args):
            return {"d_loss": 1.0, "g_loss": 2.0}

        def compute_loss(self, *args, **kwargs):
            return 0.0

    model = Gan()
    model(data[0][0][:8])
    if _keras.owner_of(model).backend == "jax":

        def train_step(state, batch):
            return {"d_loss": 1.0, "g_loss": 2.0}, state

        model.train_step = train_step
    model.compile(loss="mse")
    assert model.optimizer is not None
    run = offline_run()
    fit(model, data, logger(), validation_data=None)
    recording = run.finish()
    assert [v for v in recording.column("batch/d_loss") if v is not None] == [1.0] * STEPS
    assert not {key for row in recording.history for key in row.values if "learning_rate" in key}


def test_a_rate_that_changes_its_kind_is_followed(keras, offline_run, mlp, data):
    """Keras looks at the attribute at each step; so do we."""
    from wandb_keras_compat._keras.learning_rate import LearningRates

    mlp.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    rates = LearningRates(mlp)
    assert rates() == {}
    fit(mlp, data)
    assert rates() == {"learning_rate": 0.5}
    mlp.optimizer.learning_rate = 0.25
    assert rates() == {"learning_rate": 0.25}
    mlp.compile(keras.optimizers.SGD(decay(keras)), "sparse_categorical_crossentropy")
    fit(mlp, data)
    assert rates()["learning_rate"] == pytest.approx(0.1 * 0.5 ** (STEPS - 1), rel=1e-5)


def test_what_the_optimizer_is_is_found_once(keras, offline_run, mlp, data, monkeypatch):
    from wandb_keras_compat._keras import learning_rate

    found = []
    original = learning_rate._rates
    monkeypatch.setattr(learning_rate, "_rates", lambda *args: found.append(1) or original(*args))
    offline_run()
    fit(mlp, data, logger(), epochs=2)
    assert len(found) == 1


def test_a_schedule_that_fails_is_told_by_its_own_words(keras, offline_run, mlp, data, monkeypatch):
    import wandb

    class Broken(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            if isinstance(step, int):
                raise TypeError("this schedule wants a tensor")
            return 0.1 + 0.0 * float(0)

        def get_config(self):
            return {}

    told = []
    monkeypatch.setattr(wandb, "termwarn", lambda message, **_: told.append(message))
    mlp.compile(keras.optimizers.SGD(Broken()), "sparse_categorical_crossentropy")
    run = offline_run()
    fit(mlp, data, logger(), epochs=2)
    assert len(run.finish().history) == 2 * STEPS + 2
    assert len(told) == 1
    assert "TypeError: this schedule wants a tensor" in told[0]
    assert told[0].endswith("training goes on.")


@pytest.mark.parametrize("kept", ["counter", "number"])
def test_batch_steps_go_on(kept, keras, offline_run, mlp, data):
    run = offline_run()
    start = "auto" if kept == "counter" else STEPS
    fit(mlp, data, logger(initial_global_step="auto"))
    fit(mlp, data, logger(initial_global_step=start), epochs=2, initial_epoch=1)
    assert [s for s in run.finish().column("batch/batch_step") if s is not None] == list(range(8))


def test_batch_steps_go_on_after_backup_and_restore(keras, offline_run, mlp, data, tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise KeyboardInterrupt

    if not hasattr(keras.callbacks, "BackupAndRestore"):
        pytest.skip("this Keras has an experimental BackupAndRestore alone")

    def backup():
        return keras.callbacks.BackupAndRestore(str(tmp_path / "backup"))

    run = offline_run()
    weights = mlp.get_weights()
    with pytest.raises(KeyboardInterrupt):
        fit(mlp, data, logger(initial_global_step="auto"), backup(), Stop(), epochs=2)
    mlp.set_weights(weights)
    mlp.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    fit(mlp, data, logger(initial_global_step="auto"), backup(), epochs=2)
    steps = [step for step in run.finish().column("batch/batch_step") if step is not None]
    assert steps == list(range(2 * STEPS))


def test_auto_with_an_optimizer_that_trains_nothing_counts_from_zero(offline_run, mlp, data):
    run = offline_run()
    ours = logger(initial_global_step="auto")
    ours.set_model(mlp)
    ours.on_train_begin()
    ours.on_epoch_begin(0)
    for batch in range(3):
        ours.on_train_batch_end(batch, {"loss": 1.0})
    assert run.finish().column("batch/batch_step") == [0, 1, 2]


@pytest.mark.parametrize("wrong", ["epoch", None, 1.5])
def test_a_wrong_initial_global_step_is_named(wrong, offline_run):
    offline_run()
    with pytest.raises(ValueError, match="initial_global_step"):
        logger(initial_global_step=wrong)


def changing(keras, how):
    """A callback that halves the rate after each batch, in one of the ways people do."""

    def halve(model):
        rate = model.optimizer.learning_rate
        model.optimizer.learning_rate = float(np.asarray(rate)) / 2

    class Halve(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            halve(self.model)

    if how == "hook":
        return Halve()
    if how == "list":
        from wandb_keras_compat import WandbCallbackList

        return WandbCallbackList([Halve()])
    callback = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda *_, **__: halve(callback.model)
    )
    return callback


# where people's own callbacks change the rate, from 0.5 on -> the rate of each of the first steps
HALVING = {
    "on_train_batch_begin": [0.25, 0.125, 0.0625, 0.03125],
    "on_train_batch_end": [0.5, 0.25, 0.125, 0.0625],
    "on_batch_end": [0.5, 0.25, 0.125, 0.0625],
    "on_epoch_begin": [0.25] * STEPS,
    "on_epoch_end": [0.5] * STEPS,
}


@pytest.mark.parametrize(
    ("hook", "place"),
    [(hook, place) for hook in HALVING for place in ("before", "after")]
    + [("on_train_batch_end", "in a list")],
)
def test_what_a_callback_changes_between_the_update_and_the_row_was_not_used(
    hook, place, keras, offline_run, mlp, data
):
    from wandb_keras_compat import WandbCallbackList

    class Halves(keras.callbacks.Callback):
        pass

    def halve(self, *_, **__):
        optimizer = self.model.optimizer
        optimizer.learning_rate = float(np.asarray(optimizer.learning_rate)) / 2

    setattr(Halves, hook, halve)
    mlp.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    run = offline_run()
    ours = [logger("batch"), logger(3), logger("epoch")]
    callbacks = {
        "before": [Halves(), *ours],
        "after": [*ours, Halves()],
        "in a list": [WandbCallbackList([Halves(), *ours[:2]]), ours[2]],
    }[place]
    fit(mlp, data, *callbacks)
    recording = run.finish()
    used = HALVING[hook]
    assert batch_rates(recording) == [used[0], used[0], used[1], used[2], used[3], used[3]]
    epochs = [row.values for row in recording.history if "epoch/epoch" in row.values]
    assert [row["epoch/learning_rate"] for row in epochs] == [used[-1]] * 3


def test_a_hook_may_be_any_callable(keras, offline_run, mlp, data):
    """Those of C have no module, on Python 3.8 a partial function neither."""
    compares = object.__eq__
    assert not hasattr(compares, "__module__")
    run = offline_run()
    other = keras.callbacks.LambdaCallback(on_epoch_end=compares)
    fit(mlp, data, other, logger("epoch"))
    rates = run.finish().column("epoch/learning_rate")
    assert rates == [pytest.approx(0.01)]


def test_the_old_argument_decay_counts(keras, offline_run, mlp, data):
    """As in the most copied script of all: SGD(lr=0.01, decay=1e-6, momentum=0.9)."""
    sgd = getattr(keras.optimizers, "legacy", keras.optimizers).SGD
    try:
        optimizer = sgd(0.1, decay=0.5, momentum=0.9)
    except (TypeError, ValueError, ImportError):
        pytest.skip("this Keras has no argument decay")
    mlp.compile(optimizer, "sparse_categorical_crossentropy")
    run = offline_run()
    fit(mlp, data, logger())
    recording = run.finish()
    used = [pytest.approx(0.1 / (1 + 0.5 * step), rel=1e-5) for step in range(STEPS)]
    assert batch_rates(recording) == used
    assert [r for r in recording.column("epoch/learning_rate") if r] == [used[-1]]


def test_the_two_optimizers_of_a_wide_and_deep_model(keras, offline_run, data):
    experimental = getattr(keras, "experimental", None)
    if not hasattr(experimental, "WideDeepModel"):
        pytest.skip("this Keras has no WideDeepModel")
    deep = keras.Sequential([keras.layers.Dense(1)])
    model = experimental.WideDeepModel(experimental.LinearModel(), deep)
    optimizers = getattr(keras.optimizers, "legacy", keras.optimizers)
    model.compile([optimizers.SGD(0.5), optimizers.Adam(0.25)], "mse")
    (x, y), _ = data
    run = offline_run()
    model.fit([x, x], y, batch_size=8, verbose=0, callbacks=[logger(initial_global_step="auto")])
    recording = run.finish()
    assert batch_rates(recording, "batch/learning_rate_SGD") == [0.5] * STEPS
    assert batch_rates(recording, "batch/learning_rate_Adam") == [0.25] * STEPS
    assert [s for s in recording.column("batch/batch_step") if s is not None] == [0, 1, 2, 3]


def test_steps_go_on_when_the_model_is_compiled_again(keras, offline_run, mlp, data):
    """To train the last layers first and all of them then; the new optimizer counts from 0."""
    run = offline_run()
    ours = logger(initial_global_step="auto")
    fit(mlp, data, ours)
    mlp.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
    fit(mlp, data, ours, epochs=2, initial_epoch=1)
    steps = [step for step in run.finish().column("batch/batch_step") if step is not None]
    assert steps == list(range(2 * STEPS))


def test_an_optimizer_that_counts_nothing_ends_no_training(keras, offline_run, mlp, data, told):
    """A model with a loop of its own may hold one of torch or optax."""
    mlp.__dict__["optimizer"] = object()
    run = offline_run()
    ours = logger(initial_global_step="auto")
    ours.set_model(mlp)
    ours.on_train_begin()
    ours.on_epoch_begin(0)
    ours.on_train_batch_end(0, {"loss": 1.0})
    ours.on_epoch_end(0, {"loss": 1.0})
    assert [sorted(row.values)[-1] for row in run.finish().history] == ["batch/loss", "epoch/loss"]
    assert len(told) == 2
    assert "'object' object has no attribute 'iterations'" in told[-1]


@pytest.mark.parametrize("how", ["hook", "list", "lambda"])
@pytest.mark.parametrize("epochs", [1, 2])
def test_a_rate_that_changes_with_each_batch_is_read_for_each(
    how, epochs, keras, offline_run, mlp, data
):
    mlp.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    run = offline_run()
    fit(mlp, data, logger(), changing(keras, how), epochs=epochs)
    assert batch_rates(run.finish()) == [0.5 / 2**step for step in range(epochs * STEPS)]


def test_a_train_step_of_ones_own_may_change_the_rate(keras, offline_run, data):
    from wandb_keras_compat import _keras

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(3)

        def call(self, x):
            return self.dense(x)

        def train_step(self, *args):
            result = super().train_step(*args)
            self.optimizer.learning_rate.assign(self.optimizer.learning_rate * 0.5)
            return result

    model = Own()
    model.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    if _keras.owner_of(model).backend == "jax":
        pytest.skip("a train step on JAX assigns nothing")
    run = offline_run()
    fit(model, data, logger(), validation_data=None)
    rates = batch_rates(run.finish())
    assert [after / before for before, after in zip(rates, rates[1:])] == [0.5] * (STEPS - 1)


def test_a_step_assigned_to_the_model_may_change_the_rate(keras, mlp, data):
    from wandb_keras_compat._keras.learning_rate import _is_steady

    assert _is_steady(mlp, [])
    mlp.train_step = mlp.train_step
    assert not _is_steady(mlp, [])


def test_a_rate_that_nothing_changes_is_read_once_an_epoch(
    keras, offline_run, mlp, data, monkeypatch
):
    from wandb_keras_compat import WandbModelCheckpoint
    from wandb_keras_compat._keras.learning_rate import _Rate

    read = []
    last = _Rate.last
    monkeypatch.setattr(_Rate, "last", lambda self: read.append(1) or last(self))
    run = offline_run()
    changes = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.1 / (epoch + 1))
    fit(mlp, data, logger(), WandbModelCheckpoint("m.h5"), changes, epochs=3, verbose=1)
    rates = batch_rates(run.finish())
    assert rates == pytest.approx([0.1] * STEPS + [0.05] * STEPS + [0.1 / 3] * STEPS, rel=1e-5)
    assert len(read) == 3


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))])
def test_a_logger_that_has_trained_can_be_copied(clone, offline_run, mlp, data):
    run = offline_run()
    ours = logger()
    fit(mlp, data, ours)
    skip_unless_copied(mlp, clone)
    fit(mlp, data, clone(ours))
    rates = [rate for rate in run.finish().column("batch/learning_rate") if rate is not None]
    assert rates == pytest.approx([0.01] * 2 * STEPS)


@pytest.mark.parametrize("name", ["lr", "learning_rate"])
def test_a_metric_called_like_a_rate_is_none(name, keras, offline_run, mlp, data):
    def half(y_true, y_pred):
        return y_pred[:, 0] * 0 + 0.5

    half.__name__ = name
    mlp.compile(keras.optimizers.SGD(0.125), "sparse_categorical_crossentropy", metrics=[half])
    run = offline_run()
    fit(mlp, data, logger())
    recording = run.finish()
    assert batch_rates(recording) == [0.125] * STEPS
    assert recording.column("epoch/learning_rate") == [0.125]
    assert recording.column(f"epoch/val_{name}") == [0.5]
    if name == "lr":
        assert recording.column("epoch/lr") == [0.5]
