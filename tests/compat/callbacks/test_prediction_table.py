"""WandbPredictionTable: what it logs, when, and of which data."""

import numpy as np
import pytest

from training import assert_near

ABC = ["a", "b", "c"]


@pytest.fixture
def trained(offline_run, mlp, data):
    """``trained(callback, **fit arguments)`` trains 3 epochs; returns the recording and history."""
    from wandb_keras_compat import WandbMetricsLogger

    run = offline_run()

    def train(callback, model=mlp, xy=data[0], **arguments):
        callbacks = [callback(), WandbMetricsLogger(key_style="legacy")]
        history = model.fit(*xy, epochs=3, verbose=0, callbacks=callbacks, **arguments)
        return callbacks[0], run.finish(), history

    return train


@pytest.fixture
def table():
    """``table(**arguments)`` returns a function that makes the callback once there is a run."""
    from wandb_keras_compat import WandbPredictionTable

    return lambda *args, **arguments: lambda: WandbPredictionTable(*args, **arguments)


def rows_with_predictions(recording):
    return [i for i, row in enumerate(recording.history) if "validation_predictions" in row.values]


@pytest.mark.parametrize(
    ("frequency", "rows"), [(0, [3]), (1, [0, 1, 2]), (2, [0, 2]), (3, [0, 3])]
)
def test_when(trained, table, data, frequency, rows):
    # 0: at the end alone, in a row of its own; 3: the last epoch did not, so the end does
    _, recording, history = trained(table(data[1], labels=ABC, frequency=frequency))
    assert rows_with_predictions(recording) == rows
    assert len(recording.history) == max(3, rows[-1] + 1)
    assert len(history.history["loss"]) == 3  # predicting does not cost fit its history


def test_columns_and_cells(trained, table, mlp, data):
    x, y = data[1]
    callback, _, _ = trained(table((x, y), labels=ABC))
    truth, made = callback.data_table, callback.pred_table
    assert truth.columns == ["target", "input", "input:node", "input:argmax", "input:argmin"]
    assert made.columns == ["output", "val_row", "output:max_class", "output:score"]
    assert len(truth.data) == len(made.data) == 16
    outputs = mlp.predict(x, verbose=0)
    for index, (row, output) in enumerate(zip(made.data, outputs)):
        assert_near(np.asarray(row[0]), output, rtol=1e-5)
        np.testing.assert_array_equal(row[1].get_row()["input"], x[index])
        assert row[2].get_row()["label"] == ABC[output.argmax()]
        assert list(row[3]) == ABC


def test_artifacts(trained, table, data):
    _, recording, _ = trained(table(data[1], labels=ABC))
    found = {(a.name, a.type) for a in recording.artifacts}
    assert ("wb_validation_data", "validation_dataset") in found
    assert any(name.startswith("run-<RUN_ID>-validation") for name, _ in found)


def test_processors_get_the_index_and_the_row(trained, table, data):
    seen = []

    def truth(index, row):
        seen.append((index, sorted(row)))
        return {"sum": float(np.sum(row["input"]))}

    callback, _, _ = trained(
        table(
            data[1],
            row_processor=truth,
            prediction_row_processor=lambda index, row: {"best": int(np.argmax(row["output"]))},
        )
    )
    assert [int(index) for index, _ in seen] == list(range(16))
    assert seen[0][1] == ["input", "target"]
    assert callback.data_table.columns == ["target", "input", "sum"]
    assert callback.pred_table.columns == ["output", "val_row", "best"]
    assert_near(callback.data_table.get_column("sum"), data[1][0].sum(axis=1), rtol=1e-5)


def test_nothing_is_inferred_when_told_not_to(trained, table, data):
    callback, _, _ = trained(table(data[1], labels=ABC, infer_missing_processors=False))
    assert callback.data_table.columns == ["target", "input"]
    assert callback.pred_table.columns == ["output", "val_row"]


def test_indexes_stand_for_a_table_of_ones_own(trained, table, data):
    import wandb

    own = wandb.Table(columns=["id"], data=[[i] for i in range(16)])
    callback, recording, _ = trained(
        table(data[1], indexes=own.get_index(), infer_missing_processors=False)
    )
    assert not hasattr(callback, "data_table")
    assert "wb_validation_data" not in {a.name for a in recording.artifacts}
    assert callback.pred_table.data[5][1].get_row() == {"id": 5}


@pytest.mark.parametrize("as_dict", [False, True])
def test_several_slots_are_columns(keras, trained, table, as_dict):
    left, right = (keras.layers.Input((n,), name=s) for n, s in [(4, "left"), (12, "right")])
    joined = keras.layers.Concatenate()([left, right])
    outputs = [keras.layers.Dense(n, name=s)(joined) for n, s in [(2, "small"), (11, "big")]]
    model = keras.Model([left, right], outputs)
    model.compile("adam", ["mse", "mse"])
    random = np.random.RandomState(0)
    x = [random.rand(8, n).astype("float32") for n in (4, 12)]
    y = [random.rand(8, n).astype("float32") for n in (2, 11)]
    given = (dict(zip(["left", "right"], x)), dict(zip(["small", "big"], y)))
    callback, _, _ = trained(table(given if as_dict else (x, y)), model=model, xy=(x, y))
    columns = callback.data_table.columns
    assert columns[:4] == ["small", "big", "left", "right"]
    assert set(columns[4:]) >= {"left:node", "right:argmax", "small:node", "big:argmax"}
    assert "right:node" not in columns  # more than ten values
    assert callback.pred_table.columns[:3] == ["small", "big", "val_row"]
    assert len(callback.pred_table.data) == 8


def test_the_data_of_fit(trained, table, data):
    callback, _, _ = trained(table(labels=ABC), validation_data=data[1])
    np.testing.assert_array_equal(np.stack(callback.data_table.get_column("input")), data[1][0])


def test_the_part_that_fit_splits_off(trained, table):
    callback, _, _ = trained(table(), validation_split=0.25)
    assert len(callback.pred_table.data) == 8


def test_another_fit_brings_its_own_data(offline_run, mlp, data):
    from wandb_keras_compat import WandbPredictionTable

    (x, y), (xv, yv) = data
    offline_run()
    callback = WandbPredictionTable()
    for size in (16, 5):
        part = (xv[:size], yv[:size])
        mlp.fit(x, y, verbose=0, validation_data=part, callbacks=[callback])
        assert len(callback.pred_table.data) == size


def test_no_data_is_one_warning(trained, table, told):
    _, recording, _ = trained(table())
    assert rows_with_predictions(recording) == []
    assert len(told) == 1
    assert "validation_data" in told[0]


def test_batches_are_joined(trained, table, data):
    x, y = data[1]
    batches = ((x[i : i + 4], y[i : i + 4]) for i in range(0, 16, 4))
    callback, _, _ = trained(table(generator=batches, validation_steps=3))
    np.testing.assert_array_equal(np.stack(callback.data_table.get_column("input")), x[:12])
    assert len(list(batches)) == 1  # no more was drawn than asked for


def test_a_generator_without_steps_is_one_warning(trained, table, data, told):
    _, recording, _ = trained(table(generator=iter([data[1]])))
    assert rows_with_predictions(recording) == []
    assert len(told) == 1
    assert "validation_steps" in told[0]


def test_a_failing_processor_does_not_stop_training(trained, table, data, told):
    _, recording, _ = trained(table(data[1], row_processor=lambda index, row: 1 / 0))
    assert len(recording.history) == 3
    assert len(told) == 1
    assert "row_processor" in told[0]


def test_it_is_an_eval_callback():
    from wandb_keras_compat import WandbEvalCallback, WandbPredictionTable

    assert issubclass(WandbPredictionTable, WandbEvalCallback)
