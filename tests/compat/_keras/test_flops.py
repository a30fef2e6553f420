"""FLOPs: upstream's number where it has one, the same convention on every backend."""

from __future__ import annotations

import numpy as np
import pytest

from wandb_keras_compat._keras import flops, owner_of


def dense(keras):
    layers = keras.layers
    return keras.Sequential([layers.Input((40,)), layers.Dense(80, use_bias=False, name="d")])


def convolution(keras):
    layers = keras.layers
    inputs = layers.Input((8, 8, 1))
    hidden = layers.Conv2D(2, 3, activation="relu", name="conv")(inputs)
    return keras.Model(inputs, layers.Dense(3, name="out")(layers.Flatten()(hidden)))


def two_inputs(keras):
    layers = keras.layers
    a, b = layers.Input((4,), name="a"), layers.Input((2,), name="b")
    return keras.Model([a, b], layers.Dense(3, name="out")(layers.Concatenate()([a, b])))


def named_inputs(keras):
    layers = keras.layers
    a, b = layers.Input((4,), name="a"), layers.Input((2,), name="b")
    return keras.Model({"a": a, "b": b}, layers.Dense(3, name="out")(layers.Concatenate()([a, b])))


def test_a_multiply_add_is_one(keras):
    assert flops.gflops(dense(keras)) == pytest.approx(40 * 80 / 1e9, rel=1e-6)


@pytest.mark.parametrize("make", [convolution, two_inputs, named_inputs])
def test_multiply_adds_dominate(keras, make):
    products = {convolution: 6 * 6 * 2 * 9 + 72 * 3}.get(make, 6 * 3)
    count = flops.gflops(make(keras)) * 1e9
    assert products <= count <= products * 1.3


def test_unknown_sizes_are_named(keras):
    layers = keras.layers
    model = keras.Sequential([layers.Input((None, 4)), layers.Dense(3)])
    with pytest.raises(ValueError, match="of unknown size"):
        flops.gflops(model)


def test_summary_when_training_begins(keras, mlp, data, offline_run):
    from wandb_keras_compat import WandbModelFlops

    run = offline_run()
    (x, y), _ = data
    mlp.fit(x, y, verbose=0, callbacks=[WandbModelFlops()])
    updates = run.finish().summary_updates
    assert [(u.values, u.after_rows) for u in updates] == [({"GFLOPs": flops.gflops(mlp)}, 0)]
    assert flops.gflops(mlp) > (4 * 8 + 8 * 3) / 1e9 * 0.99


def subclassed(keras):
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.out = keras.layers.Dense(3, name="out")

        def call(self, inputs):
            return self.out(inputs)

    model = Model()
    model.compile("adam", "mse")
    return model


def test_subclassed_model_is_counted_once_built(keras, offline_run):
    from wandb_keras_compat import WandbModelFlops

    run = offline_run()
    model, x = subclassed(keras), np.ones((8, 4), "float32")
    model.fit(x, x[:, :3], epochs=2, verbose=0, callbacks=[WandbModelFlops()])
    (update,) = run.finish().summary_updates
    assert 4 * 3 <= update.values["GFLOPs"] * 1e9 <= 4 * 3 * 1.3


def test_a_subclassed_model_of_named_inputs_is_counted(keras):
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.a, self.b = keras.layers.Dense(3), keras.layers.Dense(1)

        def call(self, inputs):
            return self.a(inputs["wide"]) + self.b(inputs["deep"])

    model, x = Model(), np.ones((8, 4), "float32")
    model.compile("adam", "mse")
    model.fit({"wide": x, "deep": x[:, :2]}, x[:, :3], verbose=0)
    assert 4 * 3 + 2 <= flops.gflops(model) * 1e9 <= (4 * 3 + 2) * 1.6


def test_model_that_cannot_is_one_warning(keras, offline_run, monkeypatch):
    from wandb_keras_compat import WandbModelFlops

    run = offline_run()
    told = []
    monkeypatch.setattr("wandb.termwarn", lambda message, **_: told.append(message))
    layers = keras.layers
    model = keras.Sequential([layers.Input((None, 4)), layers.Dense(3)])
    model.compile("adam", "mse")
    x = np.ones((8, 5, 4), "float32")
    model.fit(x, x[..., :3], epochs=3, verbose=0, callbacks=[WandbModelFlops()])
    assert len([message for message in told if "FLOPs" in message]) == 1
    assert "GFLOPs" not in run.finish().summary


@pytest.mark.parametrize("make", [dense, convolution, two_inputs])
def test_upstream_gives_the_same(keras, offline_run, make):
    model = make(keras)
    if owner_of(model).keras_3:
        pytest.skip("upstream cannot count a Keras 3 model")
    upstream_module = pytest.importorskip("wandb.integration.keras")
    if not hasattr(upstream_module, "WandbCallback"):
        pytest.skip("this wandb has no WandbCallback any more")
    offline_run()
    upstream = upstream_module.WandbCallback(compute_flops=True, save_model=False)
    upstream.set_model(model)
    assert flops.gflops(model) == upstream.get_flops()
