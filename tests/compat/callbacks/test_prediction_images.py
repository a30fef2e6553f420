"""WandbPredictionImages: every kind of input and output, captions, colours and sources of data."""

import numpy as np
import pytest


@pytest.fixture
def images(offline_run):
    """``images(model, **arguments)`` returns the callback on a model, outside of any training."""
    from wandb_keras_compat import WandbPredictionImages

    offline_run()

    def make(model, *args, **arguments):
        callback = WandbPredictionImages(*args, **arguments)
        callback.set_model(model)
        return callback

    return make


@pytest.fixture
def pictures():
    """16 one-channel pictures of 8 x 8 in 0..1 and a class in 0..2 for each."""
    random = np.random.RandomState(0)
    return random.rand(16, 8, 8, 1).astype("float32"), random.randint(0, 3, 16)


@pytest.fixture
def convolution(keras):
    """``convolution(channels, *layers)`` returns a compiled model of 8 x 8 pictures."""

    def make(*layers, shape=(8, 8, 1), loss="sparse_categorical_crossentropy"):
        model = keras.Sequential([keras.layers.Input(shape), *layers])
        model.compile("adam", loss)
        return model

    return make


@pytest.fixture
def classifier(keras, convolution):
    return convolution(
        keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax", name="out")
    )


def captions(made):
    return [image._caption for image in made]


def pixels(image):
    return np.asarray(image.image)


def test_an_offline_run_asks_no_server(offline_run, classifier, pictures, monkeypatch):
    """W&B 0.13 asks it before it logs a list of pictures, for days where there is no network."""
    import wandb

    from wandb_keras_compat import WandbMetricsLogger, WandbPredictionImages

    def asked(*_, **__):
        raise AssertionError("the server was asked")

    run = offline_run()
    client = getattr(wandb.api, "api", None)
    if not hasattr(client, "server_info_introspection"):
        pytest.skip("this W&B has no such question")
    monkeypatch.setattr(client, "server_info_introspection", asked)
    monkeypatch.setattr(client, "_max_cli_version", None)
    x, y = pictures
    callbacks = [WandbPredictionImages((x, y), input_type="image"), WandbMetricsLogger()]
    classifier.fit(x, y, verbose=0, callbacks=callbacks)
    assert len(run.finish().column("examples")) == 1


def test_each_row_has_the_examples(keras, offline_run, classifier, pictures):
    from wandb_keras_compat import WandbMetricsLogger, WandbPredictionImages

    run = offline_run()
    callbacks = [
        WandbPredictionImages(pictures, input_type="image", labels=["a", "b", "c"], predictions=4),
        WandbMetricsLogger(key_style="legacy"),
    ]
    classifier.fit(*pictures, epochs=2, verbose=0, callbacks=callbacks)
    rows = [row.values for row in run.finish().history]
    assert len(rows) == 2
    for row in rows:
        assert {"examples", "loss", "epoch"} <= set(row)
        assert row["examples"]["count"] == 4
        assert set(row["examples"]["captions"]) <= {"a", "b", "c"}


def test_auto_tells_by_the_shapes(images, classifier):
    callback = images(classifier, input_type="auto")
    assert (callback.input_type, callback.output_type) == ("image", "label")


def test_captions_are_the_predicted_classes(images, classifier, pictures):
    classes = classifier.predict(pictures[0], verbose=0).argmax(axis=-1)
    made = images(classifier, pictures, input_type="image", labels=["a", "b", "c"]).images(16)
    assert captions(made) == ["abc"[c] for c in classes]


def test_a_class_without_name_is_its_number(images, classifier, pictures):
    classes = classifier.predict(pictures[0], verbose=0).argmax(axis=-1)
    made = images(classifier, pictures, input_type="image", labels=["a"]).images(16)
    assert [str(c) for c in captions(made)] == ["a" if c == 0 else str(c) for c in classes]


def test_a_binary_caption_is_of_its_own_example(keras, images, convolution, pictures):
    x, _ = pictures
    x = np.stack([np.full((8, 8, 1), 1.0), np.full((8, 8, 1), -1.0)]).astype("float32")
    ones = keras.initializers.Ones()
    model = convolution(
        keras.layers.Flatten(),
        keras.layers.Dense(1, activation="sigmoid", kernel_initializer=ones),
        loss="binary_crossentropy",
    )
    made = images(model, (x, np.array([1, 0])), input_type="image", labels=["no", "yes"]).images()
    assert captions(made) == ["yes", "no"]


def test_negative_numbers_are_stretched_on_every_wandb(keras):
    from wandb_keras_compat.callbacks._pictures import picture

    shown = picture(np.array([[-0.5, 0.0], [0.25, 0.5]], "float32"))
    assert np.asarray(shown).tolist() == [[0, 127], [191, 255]]


def test_the_choice_is_numpys(images, classifier, pictures):
    np.random.seed(3)
    chosen = np.random.choice(16, 5, replace=False)
    callback = images(classifier, pictures, input_type="image")
    np.random.seed(3)
    made = callback.images(5)
    expected = images(classifier, pictures, input_type="image").images(16)
    assert len(made) == 5
    for image, index in zip(made, chosen):
        np.testing.assert_array_equal(pixels(image), pixels(expected[index]))


def test_a_mask_has_the_given_colours(keras, images, convolution, pictures):
    x, _ = pictures
    classes = np.random.RandomState(1).randint(0, 3, (16, 8, 8))
    masks = np.eye(3)[classes]  # three channels look like an image: the type is to be given
    model = convolution(
        keras.layers.Conv2D(3, 1, activation="softmax"), loss="categorical_crossentropy"
    )
    colours = np.eye(3)
    arguments = {"input_type": "image", "output_type": "segmentation_mask"}
    made = images(model, (x, masks), class_colors=colours, **arguments).images(2)
    assert len(made) == 2 * 3  # input, prediction and target side by side
    assert [image._grouping for image in made] == [3, None, None] * 2
    np.random.seed(5)
    chosen = np.random.choice(16, 2, replace=False)
    np.random.seed(5)
    made = images(model, (x, masks), class_colors=colours, **arguments).images(2)
    for row, index in enumerate(chosen):
        np.testing.assert_array_equal(pixels(made[3 * row + 2]), 255 * colours[classes[index]])


def test_a_label_becomes_the_caption_of_both_pictures(keras, images, convolution):
    x = np.eye(4, dtype="float32")
    y = np.random.RandomState(0).rand(4, 8, 8, 1).astype("float32")
    model = convolution(
        keras.layers.Dense(64), keras.layers.Reshape((8, 8, 1)), shape=(4,), loss="mse"
    )
    made = images(
        model, (x, y), input_type="label", output_type="image", labels=["p", "q", "r", "s"]
    ).images()
    assert captions(made) == ["p", "p", "q", "q", "r", "r", "s", "s"]


def test_a_generator_shows_its_next_batch(offline_run, classifier, pictures):
    from wandb_keras_compat import WandbMetricsLogger, WandbPredictionImages

    run = offline_run()
    x, y = pictures
    drawn = []

    def batches():
        for size in (2, 3, 5):
            drawn.append(size)
            yield x[:size], y[:size]

    callbacks = [
        WandbPredictionImages(generator=batches(), input_type="image"),
        WandbMetricsLogger(key_style="legacy"),
    ]
    classifier.fit(x, y, epochs=2, verbose=0, callbacks=callbacks)
    assert [row.values["examples"]["count"] for row in run.finish().history] == [2, 3]
    assert drawn == [2, 3]


def test_each_fit_has_its_own_data(offline_run, classifier, pictures):
    from wandb_keras_compat import WandbMetricsLogger, WandbPredictionImages

    run = offline_run()
    x, y = pictures

    def endless():
        while True:
            yield x[:2], y[:2]

    callbacks = [
        WandbPredictionImages(input_type="image"),
        WandbMetricsLogger(key_style="legacy"),
    ]
    for given in [
        {"validation_data": endless(), "validation_steps": 1},
        {"validation_data": (x[:3], y[:3])},
        {"validation_data": (x[:4], y[:4])},
    ]:
        classifier.fit(x, y, verbose=0, callbacks=callbacks, **given)
    assert [row.values["examples"]["count"] for row in run.finish().history] == [2, 3, 4]


def test_without_data_one_warning_names_the_argument(
    offline_run, classifier, pictures, monkeypatch
):
    import wandb

    from wandb_keras_compat import WandbPredictionImages

    offline_run()
    told = []
    monkeypatch.setattr(wandb, "termwarn", lambda text, *_, **__: told.append(text))
    callback = WandbPredictionImages(input_type="image")
    classifier.fit(*pictures, epochs=2, verbose=0, callbacks=[callback])
    assert len(told) == 1
    assert "validation_data" in told[0]


def test_a_stateful_model_forgets_what_it_saw(keras, images):
    x = np.random.RandomState(0).rand(3, 2, 4).astype("float32")
    inputs = keras.layers.Input(batch_shape=(1, 2, 4))
    hidden = keras.layers.LSTM(4, stateful=True)(inputs)
    model = keras.Model(inputs, keras.layers.Reshape((2, 2, 1))(hidden))
    model.compile("adam", "mse")
    callback = images(model, (x, x), output_type="image")
    first, second = callback.images(), callback.images()
    assert len(first) == 3 * 2
    for before, after in zip(first, second):
        np.testing.assert_array_equal(pixels(before), pixels(after))
