"""The evaluation class that target wandb writes: bright pictures, few rows, as often as before."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

if importlib.util.find_spec("tensorflow") is None:
    pytest.skip("W&B's own callbacks need TensorFlow", allow_module_level=True)
pytest.importorskip("PIL.Image")

EPOCHS = 3


@pytest.fixture
def written(keras):
    """The module with the class; W&B's base of it is built on the Keras of TensorFlow."""
    if not keras.__name__.startswith("keras") and "tensorflow" not in keras.__name__:
        pytest.skip("W&B's own callbacks are built on another Keras")
    import written_table

    return written_table


@pytest.fixture
def train(keras):
    def call(callbacks, x, y):
        layers = [keras.layers.Flatten(input_shape=(4, 4, 1)), keras.layers.Dense(3)]
        if hasattr(keras, "ops"):
            layers = [keras.layers.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(3)]
        model = keras.Sequential(layers)
        model.compile("sgd", "mse")
        model.fit(x, np.zeros((len(x), 3)), epochs=EPOCHS, verbose=0, callbacks=callbacks)

    return call


def squares(low, high, kind="float32"):
    """Pictures whose upper half is dark and whose lower half is bright."""
    pictures = np.full((6, 4, 4, 1), low, kind)
    pictures[:, 2:] = high
    return pictures


def shown(table):
    """The pixels of each picture of a table, read from the file that is logged."""
    from PIL import Image

    return [np.asarray(Image.open(row[1]._path).convert("L")) for row in table.data]


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [(0.0, 1.0, "float32"), (-1.0, 1.0, "float32"), (0, 255, "uint8"), (0.0, 255.0, "float32")],
    ids=["0..1", "-1..1", "bytes", "0..255"],
)
def test_pictures_are_bright(written, offline_run, train, low, high, kind):
    offline_run()
    x, y = squares(low, high, kind), np.arange(6)
    logger, table = written.pictures(x, y)
    train([logger, table], x.astype("float32"), y)
    pictures = shown(table.data_table)
    assert len(pictures) == 4  # predictions=4
    for picture in pictures:
        assert picture.shape == (4, 4)
        assert picture[0].max() <= 1
        assert picture[3].min() >= 254


def test_half_tones_are_half_tones(written, offline_run, train):
    offline_run()
    x = squares(0.25, 0.5)
    _, table = written.pictures(x, np.arange(6))
    train([table], x, np.arange(6))
    assert {63, 127} == set(np.unique(shown(table.data_table)[0]))


@pytest.mark.parametrize(("frequency", "logged"), [(0, 1), (1, 3), (2, 2), (3, 2)])
def test_it_is_logged_as_often_as_the_legacy_table(written, offline_run, train, frequency, logged):
    run = offline_run()
    x, y = squares(0.0, 1.0), np.arange(6)
    table = written.WandbValidationTable((x, y), frequency=frequency)
    train([table], x, y)
    kinds = [artifact.type for artifact in run.finish().artifacts]
    assert kinds.count("evaluation") == logged
    assert len(table.pred_table.data) == 6
    assert table.pred_table.data[0][0] == EPOCHS - 1  # the last is of the last epoch
