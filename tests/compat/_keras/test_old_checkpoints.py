"""Models that Keras 2 saved open as MIGRATION.md says; needs tf_keras and Keras 3 in one row."""

import numpy as np
import pytest

from training import assert_near

tf_keras = pytest.importorskip("tf_keras", reason="saves as Keras 2 did, beside Keras 3")
keras = pytest.importorskip("keras", "3", reason="opens what Keras 2 saved")

X = np.random.RandomState(0).rand(5, 4).astype("float32")


def mlp(module):
    layers = module.layers
    return module.Sequential(
        [layers.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(3)]
    )


@pytest.fixture
def old():
    """A model of Keras 2."""
    model = mlp(tf_keras)
    model.compile("adam", "mse")
    return model


def outputs(model):
    return model.predict(X, verbose=0)


def same(model, old):
    assert_near(outputs(model), outputs(old), rtol=1e-5)


def test_the_h5_file_opens_in_keras_3_and_becomes_a_keras_file(old, tmp_path):
    old.save(tmp_path / "model-best.h5")
    model = keras.models.load_model(tmp_path / "model-best.h5", compile=False)
    same(model, old)
    model.save(tmp_path / "model-best.keras")
    same(keras.models.load_model(tmp_path / "model-best.keras"), old)


def test_h5_weights_open_in_a_model_of_keras_3(old, tmp_path):
    path = tmp_path / "model-best.h5"
    old.save_weights(path)
    model = mlp(keras)
    model.load_weights(path)
    same(model, old)


def test_the_saved_model_is_refused_by_keras_3_and_opens_as_a_layer(old, tmp_path):
    folder = str(tmp_path / "model-best")
    old.save(folder, save_format="tf")
    with pytest.raises(ValueError, match="TFSMLayer"):
        keras.models.load_model(folder)
    layer = keras.layers.TFSMLayer(folder, call_endpoint="serving_default")
    [output] = layer(X).values()
    assert_near(np.asarray(output), outputs(old), rtol=1e-5)


def test_the_saved_model_opens_in_tf_keras_and_gives_its_weights(old, tmp_path):
    folder = str(tmp_path / "model-best")
    old.save(folder, save_format="tf")
    model = mlp(keras)
    model.set_weights(tf_keras.models.load_model(folder).get_weights())
    same(model, old)
