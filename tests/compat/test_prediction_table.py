"""WandbPredictionTable and the validation data it works on: given, from fit, in batches."""

import numpy as np
import pytest


@pytest.fixture
def told(monkeypatch):
    import wandb

    messages = []
    monkeypatch.setattr(wandb, "termwarn", lambda message, **_: messages.append(message))
    return messages


def fit(model, data, callback, **options):
    (x, y), validation = data
    options = {"validation_data": validation, "epochs": 2, "verbose": 0, **options}
    model.fit(x, y, batch_size=8, callbacks=[callback], **options)


def tables(recording):
    return [r.values["validation_predictions"] for r in recording.history if r.values]


def test_the_data_of_fit_is_found(offline_run, mlp, data):
    from wandb_keras_compat import WandbPredictionTable

    run = offline_run()
    callback = WandbPredictionTable(labels=["a", "b", "c"])
    fit(mlp, data, callback)
    recording = run.finish()
    assert recording.artifacts[0].name == "wb_validation_data"
    assert len(tables(recording)) == 1  # at the end only
    assert callback.data_table.columns == [
        "target",
        "input",
        "input:node",
        "input:argmax",
        "input:argmin",
    ]
    assert callback.pred_table.columns == ["output", "val_row", "output:max_class", "output:score"]
    assert len(callback.pred_table.data) == len(callback.data_table.data) == 16
    np.testing.assert_array_equal(callback.data_table.get_column("input"), data[1][0])


def test_validation_split_is_found(offline_run, mlp, data):
    from wandb_keras_compat import WandbPredictionTable

    run = offline_run()
    callback = WandbPredictionTable()
    fit(mlp, data, callback, validation_data=None, validation_split=0.25)
    run.finish()
    assert len(callback.pred_table.data) == 8


def test_another_fit_brings_its_own_data(offline_run, mlp, data):
    from wandb_keras_compat import WandbPredictionTable

    _, (xv, yv) = data
    run = offline_run()
    callback = WandbPredictionTable()
    fit(mlp, data, callback)
    fit(mlp, data, callback, validation_data=(xv[:5], yv[:5]))
    run.finish()
    assert len(callback.pred_table.data) == 5


def test_a_generator_needs_the_number_of_steps(offline_run, mlp, data, told):
    from wandb_keras_compat import WandbPredictionTable

    _, (xv, yv) = data
    batches = [(xv[:4], yv[:4]), (xv[4:10], yv[4:10]), (xv[10:], yv[10:])]
    run = offline_run()
    callback = WandbPredictionTable(generator=iter(batches), validation_steps=2)
    fit(mlp, data, callback)
    fit(mlp, data, WandbPredictionTable(iter(batches)))
    recording = run.finish()
    assert len(callback.pred_table.data) == 10
    assert len(tables(recording)) == 1
    assert len(told) == 1
    assert "validation_steps" in told[0]


def test_no_data_is_one_warning(offline_run, mlp, data, told):
    from wandb_keras_compat import WandbPredictionTable

    run = offline_run()
    fit(mlp, data, WandbPredictionTable(), validation_data=None)
    assert not run.finish().history
    assert len(told) == 1
    assert "validation_data" in told[0]


def test_frequency_and_processors(offline_run, mlp, data):
    from wandb_keras_compat import WandbMetricsLogger, WandbPredictionTable

    (x, y), validation = data
    run = offline_run()
    table = WandbPredictionTable(
        validation,
        row_processor=lambda index, row: {"sum": float(row["input"].sum())},
        prediction_row_processor=lambda index, row: {"top": float(row["output"].max())},
        frequency=2,
    )
    logger = WandbMetricsLogger(key_style="legacy")
    mlp.fit(x, y, epochs=3, verbose=0, validation_data=validation, callbacks=[table, logger])
    rows = run.finish().history
    assert ["validation_predictions" in row.values for row in rows] == [True, False, True]
    assert table.data_table.columns == ["target", "input", "sum"]
    assert table.pred_table.columns == ["output", "val_row", "top"]


def test_several_slots_go_by_their_names(keras, offline_run, data):
    from wandb_keras_compat import WandbPredictionTable

    (x, y), (xv, yv) = data
    a, b = keras.layers.Input((4,), name="a"), keras.layers.Input((4,), name="b")
    joined = keras.layers.Concatenate()([a, b])
    outputs = [keras.layers.Dense(3, name=name)(joined) for name in ("p", "q")]
    model = keras.Model([a, b], outputs)
    model.compile("sgd", "mse")
    run = offline_run()
    callback = WandbPredictionTable(infer_missing_processors=False)
    y3, yv3 = np.eye(3, dtype="float32")[y], np.eye(3, dtype="float32")[yv]
    model.fit(
        [x, x], [y3, y3], verbose=0, validation_data=([xv, xv], [yv3, yv3]), callbacks=[callback]
    )
    run.finish()
    assert callback.data_table.columns == ["p", "q", "a", "b"]
    assert callback.pred_table.columns == ["p", "q", "val_row"]


def test_batches_start_anew_where_they_can(keras):
    from wandb_keras_compat._keras.fit_data import Batches

    class Dataset:
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return np.full((1,), index), np.zeros((1,))

    batches = Batches(Dataset())
    assert [batches.draw()[0].item() for _ in range(3)] == [0, 1, 0]
    with pytest.raises(StopIteration):
        Batches(iter(())).draw()


def test_images_of_the_data_that_fit_has(keras, offline_run, data):
    from wandb_keras_compat import WandbMetricsLogger, WandbPredictionImages

    random = np.random.RandomState(0)
    x, y = random.rand(8, 6, 6, 1).astype("float32"), random.randint(0, 3, 8)
    model = keras.Sequential(
        [
            keras.layers.Input((6, 6, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    run = offline_run()
    images = WandbPredictionImages(input_type="auto", labels=["a", "b", "c"], predictions=4)
    model.fit(x, y, verbose=0, validation_data=(x, y), callbacks=[images, WandbMetricsLogger()])
    assert (images.input_type, images.output_type) == ("image", "label")
    assert "examples" in run.finish().history[0].values


def test_binary_captions_are_each_ones_own(keras):
    from wandb_keras_compat.callbacks._pictures import captions

    logits = [np.array([0.9]), np.array([0.1])]
    assert captions(logits, ["no", "yes"]) == ["yes", "no"]
    assert captions(logits, []) == [0.9, 0.1]
    assert captions([np.array([0.1, 0.9]), np.array([0.8, 0.2])], ["a"]) == [1, "a"]
