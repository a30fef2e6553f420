"""Gradient histograms: the right numbers, the legacy names, and a model left as it was."""

from __future__ import annotations

import re

import numpy as np
import pytest
import scipy.sparse

from training import assert_near
from wandb_keras_compat import _run
from wandb_keras_compat._keras import owner_of, to_numpy
from wandb_keras_compat._keras.gradients import LossGradients
from wandb_keras_compat._keras.training_data import TrainingData


def backend_of(model):
    return owner_of(model).backend


def arrays(rows=70, features=4, seed=0):
    random = np.random.RandomState(seed)
    return random.rand(rows, features).astype("float32"), random.randint(0, 3, rows)


def summed(model, x, y=None, batch_size=32):
    return LossGradients(TrainingData(x, y, batch_size))(model)


ENTRIES = 4  # of a weight, whose gradient is computed by differences: each takes two evaluations


def by_differences(model, x, y, batch_size=32, step=3e-3):
    """Gradients by central differences of ``evaluate``-like losses; knows no backend's autodiff.

    Only for models that behave the same in training mode. Of each weight some entries, NaN elsewhere.
    """
    random = np.random.RandomState(1)
    loss_of = model.evaluate
    found = []
    values = [np.array(to_numpy(w)) for w in model.trainable_weights]
    for weight, value in zip(model.trainable_weights, values):
        gradient = np.full(value.shape, np.nan)
        for flat in random.choice(value.size, min(ENTRIES, value.size), replace=False):
            index = np.unravel_index(flat, value.shape)
            losses = []
            for sign in (1, -1):
                moved = value.copy()
                moved[index] += sign * step
                weight.assign(moved)
                losses.append(
                    sum(
                        _first(loss_of(x[i : i + batch_size], y[i : i + batch_size], verbose=0))
                        for i in range(0, len(y), batch_size)
                    )
                )
            gradient[index] = (losses[0] - losses[1]) / (2 * step)
        weight.assign(value)
        found.append(gradient)
    return found


def _first(value):
    return value[0] if isinstance(value, list) else value


def classifier(keras, **compile_options):
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((4,)),
            layers.Dense(5, activation="tanh", name="hid", kernel_regularizer="l2"),
            layers.Dense(3, activation="softmax", activity_regularizer="l2", name="out"),
        ]
    )
    options = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    model.compile("adam", **{**options, **compile_options})
    return model


def by_hand(model, x, y, batch_size=32):
    """Sum of gradients by the backend's plainest means, for a stateless model."""
    backend, weights = backend_of(model), model.trainable_weights
    keras = owner_of(model).keras()
    loss_fn = keras.losses.SparseCategoricalCrossentropy()
    parts = [(x[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(y), batch_size)]
    if backend == "tensorflow":
        import tensorflow as tf

        totals = [0.0] * len(weights)
        for px, py in parts:
            with tf.GradientTape() as tape:
                predicted = model(px, training=True)
                loss = loss_fn(py, predicted) + sum(model.losses)
            kept = [w.value if owner_of(model).keras_3 else w for w in weights]
            totals = [t + g.numpy() for t, g in zip(totals, tape.gradient(loss, kept))]
        return totals
    if backend == "jax":
        import jax

        def loss(values, px, py):
            predicted, _, losses = model.stateless_call(
                values,
                [v.value for v in model.non_trainable_variables],
                px,
                training=True,
                return_losses=True,
            )
            return loss_fn(py, predicted) + sum(losses)

        values = [w.value for w in weights]
        grads = [jax.grad(loss)(values, px, py) for px, py in parts]
        return [sum(np.asarray(g) for g in column) for column in zip(*grads)]
    import torch

    totals = [0.0] * len(weights)
    for px, py in parts:
        loss = loss_fn(torch.tensor(py), model(torch.tensor(px), training=True)) + sum(model.losses)
        grads = torch.autograd.grad(loss, [w.value for w in weights])
        totals = [t + g.cpu().numpy() for t, g in zip(totals, grads)]
    return totals


def test_values_names_and_last_batch(keras):
    model, (x, y) = classifier(keras), arrays()
    gradients = summed(model, x, y)
    assert list(gradients) == ["hid/kernel", "hid/bias", "out/kernel", "out/bias"]
    expected = by_hand(model, x, y)
    for total, other in zip(gradients.values(), expected):
        assert_near(total, other, rtol=1e-4)
        assert np.abs(other).max() > 1e-3
    for total, other in zip(gradients.values(), by_differences(model, x, y)):
        seen = ~np.isnan(other)
        assert seen.sum() >= 3
        np.testing.assert_allclose(total[seen], other[seen], rtol=0.05, atol=0.01)


def test_same_step_serves_later_epochs_with_new_weights(keras):
    model, (x, y) = classifier(keras), arrays()
    gradients = LossGradients(TrainingData(x, y, 32))
    gradients(model)
    step = gradients._step
    model.fit(x, y, verbose=0)
    after = gradients(model)
    assert gradients._step is step
    assert len(after) == 4
    for total, other in zip(after.values(), by_hand(model, x, y)):
        assert_near(total, other, rtol=1e-4)
    model.layers[0].trainable = False
    model.compile("adam", "sparse_categorical_crossentropy")
    assert list(gradients(model)) == ["out/kernel", "out/bias"]


def stateful_model(keras):
    layers = keras.layers
    inputs = layers.Input((4,))
    hidden = layers.Dense(6, name="d")(inputs)
    hidden = layers.BatchNormalization(name="bn")(hidden)
    hidden = layers.Dropout(0.5, seed=1)(hidden)
    hidden = layers.LSTM(3, name="lstm")(layers.Reshape((6, 1))(hidden))
    model = keras.Model(inputs, layers.Dense(3, activation="softmax", name="out")(hidden))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def everything(model):
    if owner_of(model).keras_3:
        variables = [*model.variables, *model.metrics_variables, *model.optimizer.variables]
    else:
        of_optimizer = model.optimizer.variables
        of_optimizer = of_optimizer() if callable(of_optimizer) else of_optimizer
        variables = [*model.variables, *(v for m in model.metrics for v in m.variables)]
        variables += list(of_optimizer)
    return [np.array(to_numpy(v)) for v in variables]


def test_the_model_stays_as_it_was(keras):
    model, (x, y) = stateful_model(keras), arrays()
    model.fit(x, y, verbose=0)
    before, numpy_state = everything(model), np.random.get_state()[1].copy()
    gradients = summed(model, x, y)
    after = everything(model)
    assert len(before) == len(after) > 20
    for one, other in zip(before, after):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(numpy_state, np.random.get_state()[1])
    # Keras 2 counts the cells of a process: lstm_cell, lstm_cell_1, ...
    names = {re.sub(r"lstm_cell_\d+", "lstm_cell", name) for name in gradients}
    assert {"d/kernel", "bn/gamma", "lstm/lstm_cell/recurrent_kernel"} <= names
    assert "bn/moving_mean" not in gradients


FOURS = slice(0, 4), slice(4, 8)


def test_a_model_that_carries_state_has_its_batches_and_keeps_its_state(keras):
    from wandb_keras_compat._keras import to_numpy
    from wandb_keras_compat._keras.predicting import states_kept

    inputs = keras.layers.Input(batch_shape=(4, 3, 2))
    recurrent = keras.layers.LSTM(5, stateful=True)
    model = keras.Model(inputs, keras.layers.Dense(1, name="out")(recurrent(inputs)))
    if backend_of(model) == "torch":
        pytest.skip("Keras 3.15 on torch cannot train a stateful LSTM: its states change in place")
    model.compile("sgd", "mse")
    x, y = np.ones((8, 3, 2), "float32"), np.arange(8, dtype="float32")[:, None]
    model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    before = [np.array(to_numpy(state)) for state in recurrent.states]
    sums = summed(model, x, y)
    for state, expected in zip(recurrent.states, before):
        np.testing.assert_array_equal(to_numpy(state), expected)
    with states_kept(model):  # the second batch sees the states that the first leaves, as in fit
        errors = [to_numpy(model(x[rows], training=True)) - y[rows] for rows in FOURS]
    assert len(sums) == 5
    expected = sum(2 * error.mean() for error in errors)
    assert sums["out/bias"] == pytest.approx([expected], rel=1e-4)


def test_several_inputs_and_outputs_and_loss_weights(keras):
    layers = keras.layers
    a, b = layers.Input((4,), name="a"), layers.Input((2,), name="b")
    both = layers.Concatenate()([layers.Dense(3, name="da")(a), b])
    outputs = [layers.Dense(1, name="p")(both), layers.Dense(2, name="q")(both)]
    model = keras.Model([a, b], outputs)
    model.compile("sgd", loss=["mse", "mae"], loss_weights=[1.0, 0.0])
    random = np.random.RandomState(0)
    xa, xb = random.rand(40, 4).astype("float32"), random.rand(40, 2).astype("float32")
    yp, yq = random.rand(40, 1).astype("float32"), random.rand(40, 2).astype("float32")
    as_list = summed(model, [xa, xb], [yp, yq])
    assert not as_list["q/kernel"].any()
    assert as_list["da/kernel"].any()
    as_dict = summed(model, {"a": xa, "b": xb}, [yp, yq])
    for key, value in as_list.items():
        assert_near(as_dict[key], value, rtol=1e-5)


def test_an_overridden_compute_loss_counts(keras):
    if not hasattr(keras.Model, "compute_loss"):
        pytest.skip("until: TensorFlow 2.8 is dropped; its models have no compute_loss")

    class Tenfold(keras.Model):
        def compute_loss(self, *args, **kwargs):
            return 10 * super().compute_loss(*args, **kwargs)

    inputs = keras.layers.Input((4,))
    outputs = keras.layers.Dense(1, name="out")(inputs)
    plain, tenfold = keras.Model(inputs, outputs), Tenfold(inputs, outputs)
    x, _ = arrays()
    found = []
    for model in (plain, tenfold):
        model.compile("sgd", "mse")
        found.append(summed(model, x, x[:, :1])["out/kernel"])
    assert_near(found[1], 10 * found[0], rtol=1e-4)


def sources(keras, x, y):
    """The same batches from every kind of source that this row has."""
    parts = [(x[i : i + 32], y[i : i + 32]) for i in range(0, len(y), 32)]
    base = keras.utils.Sequence if hasattr(keras.utils, "Sequence") else keras.utils.PyDataset

    class Batches(base):
        def __len__(self):
            return len(parts)

        def __getitem__(self, index):
            return parts[index]

    found = {"sequence": Batches(), "generator": iter(parts)}
    try:
        import tensorflow as tf

        found["tf.data"] = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)
    except ImportError:
        pass
    try:
        import torch
        from torch.utils.data import DataLoader, TensorDataset

        found["DataLoader"] = DataLoader(TensorDataset(torch.tensor(x), torch.tensor(y)), 32)
    except ImportError:
        pass
    return found


def test_every_source_of_batches_gives_the_same(keras):
    model, (x, y) = classifier(keras), arrays()
    expected = summed(model, x, y)
    for kind, source in sources(keras, x, y).items():
        gradients = LossGradients(TrainingData(source, None, 32))
        for _ in range(2):
            found = gradients(model)
            assert list(found) == list(expected)
            for key, value in found.items():
                assert_near(value, expected[key], rtol=1e-4, err_msg=f"{kind} {key}")
    doubles = summed(model, x.astype("float64").tolist(), y.tolist())
    assert_near(doubles["hid/kernel"], expected["hid/kernel"], rtol=1e-4)
    for kind in (scipy.sparse.csr_matrix, scipy.sparse.coo_matrix):
        found = summed(model, kind(x), y)
        assert_near(found["hid/kernel"], expected["hid/kernel"], rtol=1e-4)


def test_sample_weights_count(keras):
    model, (x, y) = classifier(keras), arrays(32)
    plain = summed(model, iter([(x, y)]))
    weighted = summed(model, iter([(x, y, np.zeros(32, "float32"))]))
    assert np.abs(weighted["hid/bias"]).max() < np.abs(plain["hid/bias"]).max()


def test_endless_generator_ends_with_a_warning(keras, monkeypatch):
    model, (x, y) = classifier(keras), arrays(8)

    def endless():
        while True:
            yield x, y

    told = []
    monkeypatch.setattr(_run, "warn", told.append)
    monkeypatch.setattr("wandb_keras_compat._keras.training_data._MAX_BATCHES", 3)
    gradients = LossGradients(TrainingData(endless(), None, 32))
    first, second = gradients(model), gradients(model)
    one = summed(model, x, y)
    assert_near(first["out/bias"], 3 * one["out/bias"], rtol=1e-4)
    assert_near(second["out/bias"], first["out/bias"], rtol=1e-6)
    assert len(told) == 1
    assert "first 3 batches" in told[0]


def test_subclassed_model_and_weights_without_gradient(keras, monkeypatch):
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.used = keras.layers.Dense(3, name="used")
            self.unused = keras.layers.Dense(3, name="unused")

        def call(self, inputs):
            self.unused(inputs)
            return self.used(inputs)

    model, (x, y) = Model(), arrays()
    from_logits = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", from_logits)
    model(x[:2])
    told = []
    monkeypatch.setattr(_run, "warn", told.append)
    gradients = summed(model, x, y)
    assert [name.split("/", 1)[-1] for name in gradients] == ["used/kernel", "used/bias"]
    assert len(told) == 1
    assert "unused/kernel" in told[0]


def test_dead_unit_is_a_gradient_of_zeros(keras):
    layers = keras.layers
    minus = keras.initializers.Constant(-1.0)
    model = keras.Sequential(
        [
            layers.Input((4,)),
            layers.Dense(2, activation="relu", kernel_initializer=minus, name="dead"),
            layers.Dense(3, activation="softmax", name="out"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    gradients = summed(model, *arrays())
    assert "dead/kernel" in gradients
    assert not gradients["dead/kernel"].any()


def test_embedding(keras):
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((5,), dtype="int32"),
            layers.Embedding(7, 3, name="emb"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax", name="out"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    x = np.random.RandomState(0).randint(0, 6, (40, 5)).astype("int32")
    _, y = arrays(40)
    total = next(value for name, value in summed(model, x, y).items() if name.startswith("emb/"))
    assert not total[6].any()  # never looked up
    table = model.layers[0].trainable_weights[0]
    value = np.array(to_numpy(table))
    losses = []
    for sign in (1, -1):
        moved = value.copy()
        moved[2, 1] += sign * 0.05
        table.assign(moved)
        parts = (model.evaluate(x[i : i + 32], y[i : i + 32], verbose=0) for i in (0, 32))
        losses.append(sum(parts))
    np.testing.assert_allclose(total[2, 1], (losses[0] - losses[1]) / 0.1, rtol=0.02, atol=1e-3)


def test_nested_models_have_the_names_of_keras_2(keras):
    layers = keras.layers
    inner = keras.Sequential([layers.Input((4,)), layers.Dense(3, name="in1")], name="inner")
    a = layers.Input((3,))
    functional = keras.Model(a, layers.Dense(3, name="in2")(a), name="functional")
    outer = keras.Sequential(
        [layers.Input((4,)), inner, functional, layers.Dense(3, name="out")], name="outer"
    )
    outer.compile("adam", "mse")
    names = list(summed(outer, np.ones((4, 4), "float32"), np.ones((4, 3), "float32")))
    kinds = ("kernel", "bias")
    assert names == [f"{layer}/{kind}" for layer in ("in1", "in2", "out") for kind in kinds]


def test_names_of_wrapped_layers_are_those_of_this_keras(keras):
    layers = keras.layers
    wrapped = layers.Bidirectional(layers.LSTM(2, name="cells"), name="both")
    model = keras.Sequential([layers.Input((5, 3)), wrapped, layers.Dense(1, name="out")])
    model.compile("adam", "mse")
    x = np.ones((4, 5, 3), "float32")
    names = [re.sub(r"lstm_cell_\d+", "lstm_cell", n) for n in summed(model, x, x[:, 0, :1])]
    kinds = ("kernel", "recurrent_kernel", "bias")
    ways = [f"both/{way}_cells/lstm_cell" for way in ("forward", "backward")]
    assert names[:6] == [f"{way}/{kind}" for way in ways for kind in kinds]
    if not owner_of(model).keras_3:  # there a cell may have a counter, as W&B's callback logged it
        assert list(summed(model, x, x[:, 0, :1])) == [
            weight.name.split(":")[0] for weight in model.trainable_weights
        ]


def test_equal_names_stay_distinct(keras):
    class Twice(keras.layers.Layer):
        def build(self, shape):
            self.one = self.add_weight(name="w", shape=(4,), initializer="ones")
            self.two = self.add_weight(name="w", shape=(4,), initializer="zeros")
            self.built = True

        def call(self, inputs):
            return inputs * self.one * self.one + self.two

    model = keras.Sequential([keras.layers.Input((4,)), Twice(name="twice")])
    model.compile("adam", "mse")
    x = np.ones((4, 4), "float32")
    gradients = summed(model, x, x * 0)
    assert [name.rsplit("/")[-1] for name in gradients] == ["w", "w_1"]
    one, two = gradients.values()
    assert_near(one, 2 * two, rtol=1e-5)


def test_mixed_precision_does_not_vanish_or_overflow(keras):
    policy = keras.mixed_precision if not hasattr(keras, "dtype_policies") else keras.dtype_policies
    half = getattr(policy, "Policy", None) or policy.DTypePolicy
    if not owner_of(classifier(keras)).keras_3:
        setter, before = keras.mixed_precision.set_global_policy, "float32"
    else:
        setter, before = keras.config.set_dtype_policy, "float32"
    setter(half("mixed_float16"))
    try:
        layers = keras.layers
        model = keras.Sequential(
            [layers.Input((4,)), layers.Dense(8, name="hid"), layers.Dense(3, name="out")]
        )
        model.compile("adam", lambda true, predicted: predicted * 1e-6)  # below half's smallest
    finally:
        setter(before)
    x, _ = arrays(32)
    y = np.zeros((32, 3), "float32")
    model.fit(x, y, verbose=0)
    gradients = summed(model, x, y)
    np.testing.assert_allclose(gradients["out/bias"], 1e-6 / 3, rtol=0.05)
    assert all(np.isfinite(value).all() for value in gradients.values())


def test_custom_train_step_that_never_used_the_compiled_loss(keras):
    class Model(keras.Model):
        def train_step(self, *args, **kwargs):
            raise AssertionError("not called here")

    inputs = keras.layers.Input((4,))
    model = Model(inputs, keras.layers.Dense(3, name="out")(inputs))
    model.compile("adam", "mse")
    gradients = summed(model, np.ones((4, 4), "float32"), np.ones((4, 3), "float32"))
    assert list(gradients) == ["out/kernel", "out/bias"]


def test_run_eagerly(keras):
    (x, y) = arrays()
    eager = classifier(keras, run_eagerly=True)
    compiled = classifier(keras)
    compiled.set_weights(eager.get_weights())
    expected = summed(compiled, x, y)
    for key, value in summed(eager, x, y).items():
        assert_near(value, expected[key], rtol=1e-4)


def test_model_of_a_distribution_strategy(keras):
    model = classifier(keras)
    if backend_of(model) != "tensorflow":
        pytest.skip("only TensorFlow has distribution strategies")
    import tensorflow as tf

    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        mirrored = classifier(keras)
    mirrored.set_weights(model.get_weights())
    (x, y) = arrays()
    expected = summed(model, x, y)
    for key, value in summed(mirrored, x, y).items():
        assert_near(value, expected[key], rtol=1e-4)


def upstream_gradients(model, training_data):
    """What upstream's own callback accumulates, or a skip where it cannot."""
    module = pytest.importorskip("wandb.integration.keras")
    if not hasattr(module, "WandbCallback"):
        pytest.skip("this wandb has no WandbCallback any more")
    import tensorflow as tf

    if tuple(map(int, tf.__version__.split(".")[:2])) > (2, 13) or owner_of(model).keras_3:
        pytest.skip("upstream's gradients crash since TensorFlow 2.14")
    callback = module.WandbCallback(
        log_gradients=True, training_data=training_data, save_model=False
    )
    callback.set_model(model)
    names = callback._log_gradients()
    names = [key[len("gradients/") : -len(".gradient")] for key in names]
    return dict(zip(names, callback._grad_accumulator_callback.get_grads()))


def of_every_kind(keras):
    """Models whose gradients upstream gets right."""
    layers = keras.layers
    plain = classifier(keras)
    smoothed = classifier(keras, loss=keras.losses.SparseCategoricalCrossentropy())
    inputs = layers.Input((4,))
    hidden = layers.BatchNormalization(name="bn")(layers.Dense(6, name="d")(inputs))
    hidden = layers.LSTM(3, name="lstm", recurrent_regularizer="l1")(layers.Reshape((6, 1))(hidden))
    deep = keras.Model(inputs, layers.Dense(3, activation="softmax", name="o")(hidden))
    deep.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    two = layers.Dense(2, name="p")(inputs), layers.Dense(1, name="q")(inputs)
    double = keras.Model(inputs, two)
    double.compile("adam", ["mse", "mae"])
    added = keras.Model(inputs, layers.Dense(3, name="r")(inputs))
    added.add_loss(keras.backend.mean(added.output**2))
    added.compile("adam", "sparse_categorical_crossentropy")
    return {"plain": plain, "smoothed": smoothed, "deep": deep, "double": double, "added": added}


@pytest.mark.parametrize("kind", ["plain", "smoothed", "deep", "double", "added"])
@pytest.mark.parametrize("as_dataset", [False, True])
def test_upstream_gives_the_same(keras, offline_run, kind, as_dataset):
    if not hasattr(keras.backend, "mean"):
        pytest.skip("upstream's gradients crash on Keras 3")
    # Upstream shuffles arrays, which changes what a last, smaller batch and BatchNorm see.
    model, (x, y) = of_every_kind(keras)[kind], arrays(70 if as_dataset else 32)
    if kind == "double":
        y = [x[:, :2], x[:, 2:3]]
    elif kind == "plain":
        model.fit(x, y, class_weight={0: 1.0, 1: 5.0, 2: 1.0}, verbose=0)
    offline_run()
    training_data = (x, y)
    if as_dataset:
        import tensorflow as tf

        y = tuple(y) if isinstance(y, list) else y
        training_data = tf.data.Dataset.from_tensor_slices((x, y)).batch(20)
    expected = upstream_gradients(model, training_data)
    ours = summed(model, *((training_data,) if as_dataset else training_data))
    assert list(ours) == list(expected)
    for key, value in ours.items():
        assert_near(value, expected[key], rtol=2e-5, err_msg=key)


def test_logged_beside_the_metrics_in_one_row(keras, offline_run):
    from wandb_keras_compat import WandbGradientHistograms, WandbMetricsLogger

    run = offline_run()
    model, (x, y) = classifier(keras), arrays()
    parts = [WandbGradientHistograms((x, y)), WandbMetricsLogger(key_style="legacy")]
    model.fit(x, y, epochs=2, verbose=0, callbacks=parts)
    expected = {key: np.histogram(value, 64) for key, value in summed(model, x, y).items()}
    recording = run.finish()
    rows = recording.history
    assert len(rows) == 2
    for key, (counts, edges) in expected.items():
        logged = rows[1].values[f"gradients/{key}.gradient"]
        logged = logged.get("_value", logged) if isinstance(logged, dict) else logged
        assert logged["_type"] == "histogram"
        assert list(counts) == logged["values"]
        assert_near(logged["bins"], edges, rtol=1e-5)
    assert "loss" in rows[1].values


def test_what_is_not_finite_is_left_out_with_a_warning(keras, offline_run, monkeypatch):
    from wandb_keras_compat import WandbGradientHistograms

    offline_run()
    told = []
    monkeypatch.setattr("wandb.termwarn", lambda message, **_: told.append(message))
    layers = keras.layers
    inputs = layers.Input((4,))
    outputs = [layers.Dense(1, name="good")(inputs), layers.Dense(1, name="bad")(inputs)]
    model = keras.Model(inputs, outputs)
    model.compile("sgd", ["mse", "mse"])
    (x, _) = arrays(8)
    target = x[:, :1]
    callback = WandbGradientHistograms((x, [target, target * np.nan]))
    callback.set_model(model)
    for _ in range(2):
        assert set(callback.histograms()) == {
            f"gradients/good/{k}.gradient" for k in ("kernel", "bias")
        }
    assert [message.split(" is not")[0] for message in told] == [
        "The gradient of bad/kernel",
        "The gradient of bad/bias",
    ]


def test_failure_is_one_warning_and_training_goes_on(keras, offline_run, capsys, monkeypatch):
    from wandb_keras_compat import WandbGradientHistograms

    offline_run()
    told = []
    monkeypatch.setattr("wandb.termwarn", lambda message, **_: told.append(message))
    model, (x, y) = classifier(keras), arrays()
    wrong = x[:, :2]
    history = model.fit(x, y, epochs=2, verbose=0, callbacks=[WandbGradientHistograms((wrong, y))])
    assert len(history.history["loss"]) == 2
    told = [message for message in told if "gradient histograms" in message]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("training_data", "batch_size", "error", "says"),
    [
        (None, 32, ValueError, "training_data argument is required for gradient logging"),
        ((1, 2, 3), 32, ValueError, "training data must be a tuple of length two"),
        (5, 32, TypeError, "training_data=5"),
        ((np.ones(3), np.ones(3)), 0, ValueError, "batch_size=0"),
    ],
)
def test_wrong_arguments(keras, offline_run, training_data, batch_size, error, says):
    from wandb_keras_compat import WandbGradientHistograms

    offline_run()
    with pytest.raises(error, match=says):
        WandbGradientHistograms(training_data, batch_size)


def test_needs_a_run(keras):
    import wandb

    from wandb_keras_compat import WandbGradientHistograms

    with pytest.raises(wandb.Error, match=r"wandb\.init"):
        WandbGradientHistograms((np.ones(3), np.ones(3)))
