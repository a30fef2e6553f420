"""Pictures of whatever fit trains on: several inputs and outputs, none, text, batches."""

import numpy as np
import pytest


@pytest.fixture
def pictures():
    """Eight one-channel pictures of 6 x 6 in 0..1."""
    return np.random.RandomState(0).rand(8, 6, 6, 1).astype("float32")


@pytest.fixture
def shown(offline_run):
    """``shown(model, *fit arguments, callback=, **fit arguments)`` returns the rows of images."""
    from wandb_keras_compat import WandbMetricsLogger, WandbPredictionImages

    run = offline_run()

    def train(model, *args, callback, **options):
        callbacks = [WandbPredictionImages(**callback), WandbMetricsLogger(key_style="legacy")]
        model.fit(*args, verbose=0, callbacks=callbacks, **options)
        return [row.values.get("examples") for row in run.finish().history]

    return train


@pytest.fixture
def made(offline_run):
    """``made(model, data, **arguments)`` returns the images of a callback outside of training."""
    from wandb_keras_compat import WandbPredictionImages

    offline_run()

    def make(model, data, **arguments):
        callback = WandbPredictionImages(data, **arguments)
        callback.set_model(model)
        return callback.images(callback.predictions)

    return make


def pixels(image):
    return np.asarray(image.image)


def as_pixels(picture):
    return (picture[..., 0] * 255).clip(0, 255).astype("uint8")


@pytest.fixture
def several(keras):
    """A model of a picture and numbers that makes a picture and a class; dicts in and out."""
    picture = keras.layers.Input((6, 6, 1), name="picture")
    numbers = keras.layers.Input((2,), name="numbers")
    flat = keras.layers.Concatenate()([keras.layers.Flatten()(picture), numbers])
    again = keras.layers.Dense(36, activation="sigmoid")(flat)
    outputs = {
        "again": keras.layers.Reshape((6, 6, 1), name="again")(again),
        "kind": keras.layers.Dense(3, activation="softmax", name="kind")(flat),
    }
    model = keras.Model({"picture": picture, "numbers": numbers}, outputs)
    model.compile("adam", {"again": "mse", "kind": "sparse_categorical_crossentropy"})
    return model


@pytest.fixture
def several_data(pictures):
    random = np.random.RandomState(1)
    x = {"picture": pictures, "numbers": random.rand(8, 2).astype("float32")}
    return x, {"again": 1 - pictures, "kind": random.randint(0, 3, 8)}


@pytest.mark.parametrize("types", [("image", None), ("auto", None), ("image", "image")])
def test_of_dictionaries_the_pictures_are_shown(shown, several, several_data, types):
    callback = {"input_type": types[0], "output_type": types[1], "labels": ["a", "b", "c"]}
    (row,) = shown(several, *several_data, callback=callback, validation_data=several_data)
    assert row["count"] == 8 * 3  # input, output, target


def test_each_picture_of_a_dictionary_is_its_own(made, several, several_data):
    x, y = several_data
    images = made(several, several_data, input_type="image", labels=["a", "b", "c"])
    outputs = several.predict(x, verbose=0)
    for i in range(8):
        given, output, target = images[3 * i : 3 * i + 3]
        assert (given._grouping, output._grouping, target._grouping) == (3, None, None)
        np.testing.assert_array_equal(pixels(given), as_pixels(x["picture"][i]))
        np.testing.assert_allclose(pixels(output), as_pixels(outputs["again"][i]), atol=1)
        np.testing.assert_array_equal(pixels(target), as_pixels(y["again"][i]))
        assert given._caption == "abc"[outputs["kind"][i].argmax()]


def test_captions_of_several_outputs_tell_which(keras, made, pictures):
    inputs = keras.layers.Input((6, 6, 1))
    flat = keras.layers.Flatten()(inputs)
    kind = keras.layers.Dense(3, activation="softmax", name="kind")(flat)
    alive = keras.layers.Dense(1, activation="sigmoid", name="alive")(flat)
    model = keras.Model(inputs, [kind, alive])
    images = made(model, pictures, input_type="image", labels=["a", "b", "c"])
    kinds, lives = model.predict(pictures, verbose=0)
    assert [image._caption for image in images] == [
        f"kind: {'abc'[k.argmax()]}, alive: {a[0].item()}" for k, a in zip(kinds, lives)
    ]


@pytest.fixture
def autoencoder(keras):
    """A compiled model of pictures that is trained on inputs alone."""

    class Difference(keras.layers.Layer):
        def call(self, inputs, made):
            self.add_loss(((inputs - made) ** 2)[..., 0])
            return made

    inputs = keras.layers.Input((6, 6, 1))
    made = keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid")(inputs)
    model = keras.Model(inputs, Difference()(inputs, made))
    model.compile("adam")
    return model


def test_without_targets_inputs_and_outputs_are_shown(shown, autoencoder, pictures):
    callback = {"input_type": "image"}
    rows = shown(autoencoder, pictures, callback=callback, validation_data=(pictures,), epochs=2)
    assert [row["count"] for row in rows] == [16, 16]


def test_batches_without_targets_are_batches(keras, shown, autoencoder, pictures):
    base = getattr(keras.utils, "PyDataset", None) or keras.utils.Sequence

    class Pairs(base):  # two examples were taken for input and target
        def __len__(self):
            return 4

        def __getitem__(self, index):
            return (pictures[2 * index : 2 * index + 2],)

    callback = {"input_type": "image"}
    rows = shown(autoencoder, pictures, callback=callback, validation_data=Pairs(), epochs=2)
    assert [row["count"] for row in rows] == [4, 4]


def test_a_data_set_of_pictures_alone(keras, shown, autoencoder, pictures):
    tf = pytest.importorskip("tensorflow", reason="tf.data needs TensorFlow")
    given = tf.data.Dataset.from_tensor_slices(pictures).batch(2)
    callback = {"input_type": "image"}
    (row,) = shown(autoencoder, pictures, callback=callback, validation_data=given)
    assert row["count"] == 4


def test_some_of_many_are_of_the_same_rows(made, several, several_data):
    x, y = several_data
    np.random.seed(1)
    chosen = np.random.choice(8, 3, replace=False)
    np.random.seed(1)
    images = made(several, several_data, input_type="image", predictions=3)
    for row, index in enumerate(chosen):
        np.testing.assert_array_equal(pixels(images[3 * row]), as_pixels(x["picture"][index]))
        np.testing.assert_array_equal(pixels(images[3 * row + 2]), as_pixels(y["again"][index]))


def test_a_subclassed_model_is_told_by_its_data(keras, shown, pictures):
    class Tiny(keras.Model):
        def __init__(self):
            super().__init__()
            self.flat, self.dense = keras.layers.Flatten(), keras.layers.Dense(3)

        def call(self, inputs):
            return self.dense(self.flat(inputs))

    model = Tiny()
    model.compile("adam", "mse")
    y = np.eye(3, dtype="float32")[[0, 1, 2, 0, 1, 2, 0, 1]]
    callback = {"input_type": "auto", "labels": ["a", "b", "c"]}
    (row,) = shown(model, pictures, y, callback=callback, validation_data=(pictures, y))
    assert row["count"] == 8
    assert set(row["captions"]) <= {"a", "b", "c"}


def test_nothing_to_show_is_no_row_of_its_own(keras, shown, data):
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    callback = {"input_type": "auto"}
    assert shown(model, *data[0], callback=callback, validation_data=data[1]) == [None]


def test_pictures_of_a_model_that_prepares_them_are_the_outer_calls(keras, offline_run):
    from wandb_keras_compat import WandbMetricsLogger, WandbPredictionImages

    class Scaling(keras.Sequential):
        def fit(self, x, y, validation_data=None, **options):
            prepared = validation_data[0] / 255.0, validation_data[1] / 255.0
            return super().fit(x / 255.0, y / 255.0, validation_data=prepared, **options)

        def predict(self, x, **options):
            return super().predict(x / 255.0, **options) * 255.0

    offline_run()
    x = np.random.RandomState(0).randint(2, 255, (4, 6, 6, 1)).astype("float32")
    layers = [keras.layers.Input((6, 6, 1)), keras.layers.Conv2D(1, 1, activation="sigmoid")]
    model = Scaling(layers)
    model.compile("sgd", "mse")
    callback = WandbPredictionImages(input_type="image")
    callbacks = [callback, WandbMetricsLogger(key_style="legacy")]
    made = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            made.extend(callback.images())

    model.fit(x, x, validation_data=(x, x), verbose=0, callbacks=[*callbacks, Look()])
    outputs = model.predict(x, verbose=0)
    for i in range(4):
        given, output, target = made[3 * i : 3 * i + 3]
        np.testing.assert_array_equal(pixels(given), x[i, ..., 0].astype("uint8"))
        np.testing.assert_array_equal(pixels(target), x[i, ..., 0].astype("uint8"))
        np.testing.assert_allclose(pixels(output), outputs[i, ..., 0], atol=1)
