"""WandbModelGraph and WandbParameterHistograms: the same nodes and keys on every Keras."""

import numpy as np
import pytest


def functional(keras):
    layers = keras.layers
    a, b = layers.Input((4,), name="a"), layers.Input((4,), name="b")
    shared = layers.Dense(5, name="shared")
    joined = layers.Concatenate(name="joined")([shared(a), shared(b)])
    outputs = [layers.Dense(1, name="p")(joined), layers.Dense(2, name="q")(joined)]
    return keras.Model([a, b], outputs)


def nested(keras):
    layers = keras.layers
    inner = keras.Sequential(
        [layers.Input((4,)), layers.Dense(3, name="one"), layers.Dense(3, name="two")], name="inner"
    )
    inputs = layers.Input((4,), name="inputs")
    return keras.Model(inputs, layers.BatchNormalization(name="norm")(inner(inputs)))


def with_model(callback, model):
    callback.set_model(model)
    return callback


def test_nodes_and_edges(keras, offline_run):
    from wandb_keras_compat._keras.graph import graph

    found = graph(functional(keras))
    assert [(n.name, n.class_name, n.num_parameters) for n in found.nodes] == [
        ("a", "InputLayer", 0),
        ("b", "InputLayer", 0),
        ("shared", "Dense", 25),
        ("joined", "Concatenate", 0),
        ("p", "Dense", 11),
        ("q", "Dense", 22),
    ]
    edges = "a-shared b-shared shared-joined shared-joined joined-p joined-q"
    assert ["-".join(edge) for edge in found.edges] == edges.split()


def test_a_sequential_shows_its_input(mlp):
    from wandb_keras_compat._keras.graph import graph

    found = graph(mlp)
    assert [node.class_name for node in found.nodes] == ["InputLayer", "Dense", "Dense"]
    assert len(found.edges) == 2
    assert found.nodes[1].output_shape == (None, 8)


def test_the_graph_is_logged_once_without_batch_hooks(offline_run, mlp, data):
    from wandb_keras_compat import WandbModelGraph

    (x, y), _ = data
    run = offline_run()
    callback = WandbModelGraph()
    assert not callback._implements_train_batch_hooks()
    mlp.fit(x, y, epochs=2, verbose=0, callbacks=[callback])
    recording = run.finish()
    assert "graph" in recording.summary
    assert len([file for file in recording.files if "graph" in file.path]) == 1


def test_keys_of_weights(keras, offline_run, mlp):
    from wandb_keras_compat import WandbParameterHistograms

    offline_run()
    assert sorted(with_model(WandbParameterHistograms(), mlp).histograms()) == [
        "parameters/hid.bias",
        "parameters/hid.weights",
        "parameters/out.bias",
        "parameters/out.weights",
    ]
    histograms = with_model(WandbParameterHistograms(), nested(keras)).histograms()
    assert sorted(histograms) == [
        "parameters/inner/one.bias",
        "parameters/inner/one.weights",
        "parameters/inner/two.bias",
        "parameters/inner/two.weights",
        "parameters/norm.beta",
        "parameters/norm.gamma",
        "parameters/norm.moving_mean",
        "parameters/norm.moving_variance",
    ]
    assert sum(histograms["parameters/inner/one.weights"].histogram) == 12


def test_each_weight_of_a_layer_of_layers_has_a_key(keras, offline_run):
    """Those of two directions, or two attentions, have names of which the ends are the same."""
    from wandb_keras_compat import WandbParameterHistograms

    layers = keras.layers

    class Decoder(layers.Layer):
        def __init__(self, **options):
            super().__init__(**options)
            self.first = layers.MultiHeadAttention(1, 2, name="self_attention")
            self.second = layers.MultiHeadAttention(1, 2, name="cross_attention")

        def call(self, x):
            return self.second(self.first(x, x), x)

    inputs = layers.Input((3, 4))
    both = layers.Bidirectional(layers.LSTM(2, return_sequences=True), name="both")(inputs)
    model = keras.Model(inputs, Decoder(name="decoder")(both))
    offline_run()
    histograms = with_model(WandbParameterHistograms(), model).histograms()
    assert len(histograms) == len(model.weights) == 6 + 16
    numbers = sum(int(np.prod(tuple(weight.shape))) for weight in model.weights)
    assert sum(sum(histogram.histogram) for histogram in histograms.values()) == numbers
    paths = {getattr(weight, "path", weight.name).split(":")[0] for weight in model.weights}
    if len(paths) == len(model.weights):  # on Keras 2 a layer does not always name its weights
        ends = {key.split(".", 1)[1] for key in histograms}
        assert all(any(path.endswith(end) for path in paths) for end in ends)


def test_layers_that_share_a_name_have_keys_of_their_own(keras, offline_run):
    from wandb_keras_compat import WandbParameterHistograms

    class Blocks(keras.Model):
        def __init__(self):
            super().__init__()
            self.blocks = [keras.layers.Dense(units, name="block") for units in (2, 3)]

        def call(self, x):
            return self.blocks[1](self.blocks[0](x))

    model = Blocks()
    model(np.ones((1, 4), "float32"))
    offline_run()
    histograms = with_model(WandbParameterHistograms(), model).histograms()
    assert {key: sum(histogram.histogram) for key, histogram in histograms.items()} == {
        "parameters/block.weights_1": 8,
        "parameters/block.bias_1": 2,
        "parameters/block.weights": 6,
        "parameters/block.bias": 3,
    }


def test_counters_of_metrics_are_no_weights(keras, offline_run):
    """As those that a GAN or a VAE with a training step of its own holds."""
    from wandb_keras_compat import WandbParameterHistograms

    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(3, name="dense")
            self.tracker = keras.metrics.Mean(name="loss")

        def call(self, inputs):
            return self.dense(inputs)

        @property
        def metrics(self):
            return [self.tracker]

    model = Model()
    model(np.ones((2, 4), "float32"))
    model.tracker.update_state(1.0)
    offline_run()
    keys = set(with_model(WandbParameterHistograms(), model).histograms())
    assert keys == {"parameters/dense.weights", "parameters/dense.bias"}


def test_names_are_as_short_as_they_can_be_and_distinct():
    from types import SimpleNamespace

    from wandb_keras_compat.callbacks.parameter_histograms import _weight_names

    def names(*paths):
        return _weight_names([SimpleNamespace(name=f"{path}:0") for path in paths])

    assert names("a/kernel", "a/bias") == ["kernel", "bias"]
    assert names("m/a/kernel", "m/b/kernel", "m/b/bias") == ["a/kernel", "b/kernel", "bias"]
    assert names("m/x/a/k", "m/y/a/k", "m/y/b/k") == ["x/a/k", "y/a/k", "b/k"]
    assert names("kernel", "kernel", "kernel") == ["kernel", "kernel_1", "kernel_2"]
    assert names() == []


def test_histograms_hold_the_weights(offline_run, mlp):
    from wandb_keras_compat import WandbParameterHistograms

    offline_run()
    mlp.layers[-1].set_weights([np.full((8, 3), 2.0), np.zeros(3)])
    histogram = with_model(WandbParameterHistograms(), mlp).histograms()["parameters/out.weights"]
    assert sum(histogram.histogram) == 24
    assert histogram.bins[0] <= 2.0 <= histogram.bins[-1]


def test_weights_that_are_not_finite_are_left_out_with_a_warning(offline_run, mlp, monkeypatch):
    from wandb_keras_compat import WandbParameterHistograms

    offline_run()
    told = []
    monkeypatch.setattr("wandb.termwarn", lambda message, **_: told.append(message))
    mlp.layers[-1].set_weights([np.full((8, 3), np.nan), np.zeros(3)])
    callback = with_model(WandbParameterHistograms(), mlp)
    for _ in range(2):
        assert sorted(callback.histograms()) == [
            "parameters/hid.bias",
            "parameters/hid.weights",
            "parameters/out.bias",
        ]
    assert len(told) == 1
    assert "parameters/out.weights" in told[0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_that_differ_by_rounding_alone_have_a_histogram(dtype):
    """As the biases after the first step of Adam; NumPy 2 refuses to divide such a range by 64."""
    from wandb_keras_compat import _run

    low = np.array(1e-3, dtype)
    values = np.array([low, np.nextafter(low, np.array(1, dtype))])
    histogram = _run.histogram(values)
    counts, edges = np.array(histogram.histogram), np.array(histogram.bins)
    assert counts.sum() == 2
    assert len(counts) == 64
    assert edges[0] <= values.min() <= values.max() <= edges[-1]
