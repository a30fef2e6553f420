"""Tables of whatever fit trains on: each kind of data in a real training, and what is not one."""

import sys

import numpy as np
import pytest

from training import assert_near, seed

TEXTS = ["good film", "bad film", "very good", "very bad", "film", "good good", "bad bad", "very"]


@pytest.fixture
def told(monkeypatch):
    """What users are told, by whichever way."""

    messages = []
    monkeypatch.setattr("wandb.termwarn", lambda message, **_: messages.append(message))
    return messages


@pytest.fixture
def shown(offline_run, told):
    """``shown(model, *fit arguments, **fit arguments)`` trains; returns the callback.

    ``table=`` holds the callback's own arguments. Nothing is warned of, unless ``warns``.
    """
    from wandb_keras_compat import WandbMetricsLogger, WandbPredictionTable

    offline_run()

    def train(model, *args, table=None, warns=False, **options):
        callback = WandbPredictionTable(**(table or {}))
        callbacks = [callback, WandbMetricsLogger(key_style="legacy")]
        model.fit(*args, epochs=1, verbose=0, callbacks=callbacks, **options)
        assert bool(told) == warns, told
        return callback

    return train


def column(callback, name):
    return callback.data_table.get_column(name)


def outputs(callback, name="output"):
    return callback.pred_table.get_column(name)


def sequence(keras, items):
    base = getattr(keras.utils, "PyDataset", None) or keras.utils.Sequence

    class Items(base):
        def __len__(self):
            return len(items)

        def __getitem__(self, index):
            return items[index]

    return Items()


def quarters(*arrays):
    return [tuple(a[i : i + 4] for a in arrays) for i in range(0, 16, 4)]


def endless(batches):
    while True:
        yield from batches


def as_list(x, y):
    tf = sys.modules.get("tensorflow")
    if tf is not None and tf.__version__.startswith("2.4."):
        pytest.skip("the fit of TensorFlow 2.4 takes a list for several inputs")
    return [x, y]


def as_dataset(*arrays):
    tf = pytest.importorskip("tensorflow", reason="tf.data needs TensorFlow")
    return tf.data.Dataset.from_tensor_slices(arrays).batch(4)


def as_loader(*arrays):
    torch = pytest.importorskip("torch", reason="DataLoader needs torch")
    tensors = torch.utils.data.TensorDataset(*map(torch.from_numpy, arrays))
    return torch.utils.data.DataLoader(tensors, batch_size=4)


def as_tensors(x, y):
    tf = pytest.importorskip("tensorflow", reason="tensors of TensorFlow")
    return tf.constant(x), tf.constant(y)


def as_frames(x, y):
    import pandas as pd

    return pd.DataFrame(x, columns=["value", "numpy", "detach", "to_list"]), pd.Series(y)


# name -> validation data of the mlp, and further arguments of fit
FORMS = {
    "weights": lambda keras, x, y: ((x, y, np.ones(16, "float32")), {}),
    "list": lambda keras, x, y: (as_list(x, y), {}),
    "tensors": lambda keras, x, y: (as_tensors(x, y), {}),
    "data frame": lambda keras, x, y: (as_frames(x, y), {}),
    "dataset": lambda keras, x, y: (as_dataset(x, y), {}),
    "dataset with weights": lambda keras, x, y: (as_dataset(x, y, np.ones(16, "float32")), {}),
    "sequence": lambda keras, x, y: (sequence(keras, quarters(x, y)), {}),
    "loader": lambda keras, x, y: (as_loader(x, y), {}),
    "endless dataset": lambda keras, x, y: (as_dataset(x, y).repeat(), {"validation_steps": 4}),
    "endless generator": lambda keras, x, y: (
        endless(quarters(x, y)),
        {"validation_steps": 4},
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_table_shows_what_fit_validates_on(keras, shown, mlp, data, form):
    x, y = data[1]
    given, options = FORMS[form](keras, x, y)
    callback = shown(mlp, *data[0], validation_data=given, **options)
    np.testing.assert_array_equal(np.stack(column(callback, "input")), x)
    np.testing.assert_array_equal(np.ravel(column(callback, "target")), y)
    assert_near(np.stack(outputs(callback)), mlp.predict(x, verbose=0), rtol=1e-5)


def test_steps_of_fit_end_the_table(keras, shown, mlp, data):
    given = sequence(keras, quarters(*data[1]))
    callback = shown(mlp, *data[0], validation_data=given, validation_steps=3)
    np.testing.assert_array_equal(np.stack(column(callback, "input")), data[1][0][:12])


@pytest.mark.parametrize("steps", [None, 4, 9])
def test_no_row_is_logged_twice(keras, shown, mlp, data, steps):
    given = sequence(keras, quarters(*data[1]))
    callback = shown(mlp, *data[0], table={"generator": given, "validation_steps": steps})
    np.testing.assert_array_equal(np.stack(column(callback, "input")), data[1][0])
    assert len(outputs(callback)) == 16


def test_very_long_data_is_cut_and_said(shown, mlp, data, told, monkeypatch):
    from wandb_keras_compat._keras import batches

    monkeypatch.setattr(batches, "_MAX_BATCHES", 3)
    x, y = data[1]
    long = [(x[:2], y[:2])] * 5  # a list of batches
    callback = shown(mlp, *data[0], table={"generator": long}, warns=True)
    assert len(outputs(callback)) == 6
    assert len(set(told)) == 1
    assert "validation_steps" in told[0]


@pytest.fixture
def autoencoder(keras):
    """A compiled model that is trained on inputs alone, without targets."""

    class Difference(keras.layers.Layer):
        def call(self, inputs, made):
            self.add_loss(((inputs - made) ** 2)[..., 0])
            return made

    inputs = keras.layers.Input((4,))
    made = keras.layers.Dense(4)(keras.layers.Dense(2)(inputs))
    model = keras.Model(inputs, Difference()(inputs, made))
    model.compile("adam")
    return model


# name -> validation data without targets
LONE = {
    "tuple": lambda keras, x: (x,),
    "without y": lambda keras, x: (x, None),
    "dataset of two examples a batch": lambda keras, x: (
        as_dataset(x).unbatch().map(lambda row: row).batch(2)
    ),
    "sequence": lambda keras, x: sequence(keras, quarters(x)),
}


@pytest.mark.parametrize("form", ["array", *LONE])
def test_without_targets_there_is_no_target_column(keras, shown, autoencoder, data, form):
    x = data[1][0]
    if form == "array":  # Keras 2 asks whether it is true
        callback = shown(autoencoder, data[0][0], table={"validation_data": x})
    else:
        callback = shown(autoencoder, data[0][0], validation_data=LONE[form](keras, x))
    assert [name for name in callback.data_table.columns if ":" not in name] == ["input"]
    np.testing.assert_array_equal(np.stack(column(callback, "input")), x)
    assert_near(np.stack(outputs(callback)), autoencoder.predict(x, verbose=0), rtol=1e-5)


def test_batches_of_different_length_are_predicted_one_by_one(keras, shown):
    ids = keras.layers.Input((None,), dtype="int32", name="ids")
    mask = keras.layers.Input((None,), name="mask")
    vectors = keras.layers.Embedding(9, 3)(ids)
    weighted = keras.layers.Multiply()([vectors, keras.layers.Reshape((-1, 1))(mask)])
    model = keras.Model([ids, mask], keras.layers.Dense(9, activation="softmax")(weighted))
    model.compile("adam", "sparse_categorical_crossentropy")
    random = np.random.RandomState(0)
    tokens = [random.randint(0, 9, (3, length)).astype("int32") for length in (5, 7)]
    items = [
        ({"ids": t, "mask": np.ones(t.shape, "float32")}, t, np.ones(t.shape, "float32"))
        for t in tokens
    ]
    given = sequence(keras, items)
    callback = shown(model, given, validation_data=given)
    assert callback.data_table.columns[:3] == ["target", "ids", "mask"]
    assert column(callback, "ids") == [row.tolist() for part in tokens for row in part]
    made = outputs(callback)
    assert [np.shape(row) for row in made] == [(5, 9)] * 3 + [(7, 9)] * 3
    assert_near(made[4], model.predict(items[1][0], verbose=0)[1], rtol=1e-4)


def classifier_of_text(keras, shape):
    home = keras.layers  # TensorFlow 2.6 was the first to have it there
    if not hasattr(home, "TextVectorization"):
        home = keras.layers.experimental.preprocessing
    vectorizer = home.TextVectorization(output_sequence_length=3)
    vectorizer.adapt(np.array(TEXTS))
    layers = [keras.layers.Input(shape, dtype="string"), vectorizer]
    layers += [keras.layers.Embedding(20, 4), keras.layers.GlobalAveragePooling1D()]
    model = keras.Sequential([*layers, keras.layers.Dense(2, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize("form", ["objects", "tensor", "column", "dataset", "dataset of columns"])
def test_text_is_text(keras, shown, form):
    tf = pytest.importorskip("tensorflow", reason="text goes into models of TensorFlow")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("text goes into models of TensorFlow")
    labels = np.array([0, 1] * 4)
    texts = tf.constant(TEXTS)
    given = {
        "objects": (np.array(TEXTS, dtype=object), labels),
        "tensor": (texts, labels),
        "column": (texts[:, None], labels),
        "dataset": tf.data.Dataset.from_tensor_slices((texts, labels)).batch(3),
        "dataset of columns": tf.data.Dataset.from_tensor_slices((texts[:, None], labels)).batch(3),
    }[form]
    model = classifier_of_text(keras, (1,) if "column" in form else ())
    args = given if isinstance(given, tuple) else (given,)
    callback = shown(model, *args, validation_data=given)
    assert column(callback, "input") == TEXTS
    assert callback.data_table.columns == ["target", "input"]
    expected = model.predict(texts[:, None] if "column" in form else texts, verbose=0)
    assert_near(np.stack(outputs(callback)), expected, rtol=1e-5)


def test_ragged_rows_keep_their_length(keras, shown):
    tf = pytest.importorskip("tensorflow", reason="ragged tensors are TensorFlow's")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("ragged tensors go into models of TensorFlow")

    class Means(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, inputs):
            return self.dense(tf.reshape(tf.reduce_mean(inputs, axis=1), (-1, 1)))

    rows = [[1.0, 2.0], [3.0], [4.0, 5.0, 6.0], [7.0]]
    x, y = tf.ragged.constant(rows), np.arange(4.0)
    model = Means()
    model.compile("sgd", "mse")
    given = tf.data.Dataset.from_tensor_slices((x, y)).batch(2)
    callback = shown(model, given, validation_data=given)
    assert column(callback, "input") == rows
    assert [len(row) for row in outputs(callback)] == [1] * 4


def test_sparse_rows_are_shown_in_full(keras, shown, data, mlp):
    from scipy import sparse

    if keras.backend.backend() == "torch":
        pytest.skip("Keras on torch takes no sparse arrays")
    x, y = data[1]
    x = np.where(x > 0.5, x, 0)
    inputs = keras.layers.Input((4,), sparse=True)
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(inputs))
    model.compile("adam", "sparse_categorical_crossentropy")
    given = sparse.csr_matrix(x), y
    callback = shown(model, *given, validation_data=given)
    np.testing.assert_array_equal(np.stack(column(callback, "input")), x)
    assert len(outputs(callback)) == 16


def test_sparse_data_too_large_to_show_is_one_sentence(offline_run, mlp, capsys):
    from scipy import sparse

    from wandb_keras_compat._keras import slots

    with pytest.raises(ValueError, match=r"\(1000000, 10000\) takes 75 GiB .*validation_data"):
        slots.rows(sparse.csr_matrix((1_000_000, 10_000), dtype="float32"))


@pytest.fixture
def remembering(keras):
    """``remembering()`` returns a stateful model of four rows a batch, always the same."""

    def make():
        seed(keras)
        inputs = keras.layers.Input(batch_shape=(4, 3, 2))
        hidden = keras.layers.LSTM(5, stateful=True)(inputs)
        model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
        model.compile("sgd", "mse")
        return model

    return make


def test_a_stateful_model_predicts_in_its_batches_and_trains_on_as_without(
    keras, shown, remembering
):
    if keras.backend.backend() == "torch":
        pytest.skip("Keras 3.15 on torch cannot train a stateful LSTM: its states change in place")
    random = np.random.RandomState(0)
    x, y = random.rand(8, 3, 2).astype("float32"), random.rand(8, 1).astype("float32")
    options = {"batch_size": 4, "shuffle": False, "validation_data": (x, y)}
    alone, watched = remembering(), remembering()
    for _ in range(2):
        alone.fit(x, y, epochs=1, verbose=0, **options)
        callback = shown(watched, x, y, table={"frequency": 1}, **options)
    for expected, weight in zip(alone.get_weights(), watched.get_weights()):
        assert_near(weight, expected, rtol=1e-5)
    fresh = remembering()
    fresh.set_weights(watched.get_weights())
    assert_near(np.stack(outputs(callback)), fresh.predict(x, batch_size=4, verbose=0), rtol=1e-4)


def test_a_fixed_batch_is_filled_up_and_cut(keras, shown):
    random = np.random.RandomState(0)
    x, y = random.rand(8, 3).astype("float32"), random.rand(8, 1).astype("float32")
    inputs = keras.layers.Input(batch_shape=(4, 3))
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    callback = shown(model, x, y, batch_size=4, table={"validation_data": (x[:6], y[:6])})
    expected = model.predict(x, batch_size=4, verbose=0)[:6]
    assert_near(np.stack(outputs(callback)), expected, rtol=1e-5)


def preparing(keras, override):
    """Return a compiled model of one number that overrides fit, and perhaps predict."""
    doubled = lambda x: np.asarray(x) * 2  # noqa: E731

    class Bare(keras.Sequential):
        pass

    class Doubling(Bare):
        def predict(self, x, **options):
            return super().predict(doubled(x), **options)

    class Kept(Doubling):
        def fit(self, x, y, validation_data=None, **options):
            prepared = doubled(validation_data[0]), validation_data[1]
            return super().fit(doubled(x), y, validation_data=prepared, **options)

    class Replaced(Doubling):
        def fit(self, x, y, validation_data=None, **options):
            validation_data = doubled(validation_data[0]), validation_data[1]
            return super().fit(doubled(x), y, validation_data=validation_data, **options)

    class InOptions(Doubling):
        def fit(self, x, y, **options):
            xv, yv = options["validation_data"]
            options["validation_data"] = doubled(xv), yv
            return super().fit(doubled(x), y, **options)

    class FitAlone(Bare):
        def fit(self, x, y, validation_data=None, **options):
            prepared = doubled(validation_data[0]), validation_data[1]
            return super().fit(doubled(x), y, validation_data=prepared, **options)

    class Evaluating(Doubling):  # fit leaves the preparation to evaluate
        def evaluate(self, x=None, y=None, **options):
            return super().evaluate(doubled(x), y, **options)

        def fit(self, x, y, validation_data=None, **options):
            validation_data = tuple(validation_data)
            return super().fit(doubled(x), y, validation_data=validation_data, **options)

    class Naming(Bare):  # predict names classes, fit prepares nothing
        def predict(self, x):
            return ["high" if row[0] > 0 else "low" for row in super().predict(x, verbose=0)]

        def fit(self, *args, **options):
            return super().fit(*args, **options)

    classes = [Kept, Replaced, InOptions, FitAlone, Evaluating, Naming]
    (cls,) = [c for c in classes if c.__name__ == override]
    model = cls([keras.layers.Input((1,)), keras.layers.Dense(1, name="out")])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize(
    ("override", "input_is"),
    [
        ("Kept", 1),  # the outer call's data
        ("Replaced", 2),  # what is left of it: predict does not prepare it again
        ("InOptions", 2),
        ("FitAlone", 2),
        ("Evaluating", 1),
    ],
)
def test_a_model_that_prepares_its_data(keras, shown, override, input_is):
    x, y = np.arange(8.0, dtype="float32")[:, None], np.arange(8.0, dtype="float32")
    model = preparing(keras, override)
    callback = shown(model, x, y, validation_data=(x, y))
    np.testing.assert_array_equal(np.ravel(column(callback, "input")), np.ravel(x) * input_is)
    kernel, bias = model.get_weights()
    assert_near(np.ravel(outputs(callback)), np.ravel(2 * x * kernel + bias), rtol=1e-5)


def test_what_an_override_of_predict_makes_is_shown(keras, shown):
    x, y = np.arange(8.0, dtype="float32")[:, None], np.arange(8.0, dtype="float32")
    model = preparing(keras, "Naming")
    callback = shown(model, x, y, validation_data=(x, y))
    assert outputs(callback) == model.predict(x)


def test_outputs_without_names_are_numbered(keras, shown):
    class Two(keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.second = keras.layers.Dense(1), keras.layers.Dense(1)

        def call(self, inputs):
            return self.first(inputs), self.second(inputs)

    model = Two()
    model.compile("sgd", ["mse", "mse"])
    x = np.ones((2, 3), "float32")
    y = [np.ones((2, 1), "float32")] * 2
    callback = shown(model, x, y, validation_data=(x, y))  # two outputs of two rows
    assert [c for c in callback.pred_table.columns if ":" not in c] == [
        "output_1",
        "output_2",
        "val_row",
    ]
    first = model.predict(x, verbose=0)[0]
    assert_near(np.stack(outputs(callback, "output_1")), first, rtol=1e-5)


def test_a_target_named_as_an_input_has_a_column_too(keras, shown):
    inputs = keras.layers.Input((4,), name="same")
    model = keras.Model(inputs, keras.layers.Dense(4, name="other")(inputs))
    model.compile("sgd", "mse")
    x = np.random.RandomState(0).rand(8, 4).astype("float32")
    given = ({"same": x}, {"same": 2 * x})
    callback = shown(model, x, x, table={"validation_data": given})
    np.testing.assert_array_equal(np.stack(column(callback, "same")), x)
    np.testing.assert_array_equal(np.stack(column(callback, "target:same")), 2 * x)


def test_what_is_no_picture_has_no_column_of_pictures(keras, shown):
    inputs = keras.layers.Input((4, 4, 1))
    model = keras.Model(inputs, keras.layers.Conv2D(5, 1, activation="softmax")(inputs))
    model.compile("sgd", "categorical_crossentropy")
    random = np.random.RandomState(0)
    x = random.rand(8, 4, 4, 1).astype("float32")
    y = np.eye(5, dtype="float32")[random.randint(0, 5, (8, 4, 4))]
    callback = shown(model, x, y, validation_data=(x, y))
    assert callback.data_table.columns == ["target", "input", "input:image"]
    assert callback.pred_table.columns == ["output", "val_row"]


# name -> validation data that cannot be shown
ODD = {
    "four parts": lambda x, y: iter([(x, y, y, y)]),
    "uneven": lambda x, y: (x, y[:3]),
    "no rows": lambda x, y: (x[:0], y[:0]),
    "numbers": lambda x, y: iter([(1.0, 2.0)]),
    "no batch": lambda x, y: iter([]),
    "one example too many axes": lambda x, y: (x[..., None, None], y),
}


@pytest.mark.parametrize("form", ODD)
def test_what_is_not_understood_is_not_logged_and_said_once(shown, mlp, data, told, form):
    given = ODD[form](*data[1])
    table = {"validation_data": given, "validation_steps": 1, "frequency": 1}
    callback = shown(mlp, *data[0], table=table, warns=True)
    assert not getattr(callback, "pred_table", None) or not callback.pred_table.data
    assert len(set(told)) == 1
