"""Models, data and functions that the scenarios name."""

from __future__ import annotations

from typing import Any, Callable, Iterator, Tuple

import numpy as np

Arrays = Tuple[Any, Any]
Build = Callable[[Any], Any]
Data = Callable[[Any, int], Arrays]


def vectors(random: Any, n: int) -> Arrays:
    return random.rand(n, 4).astype("float32"), random.randint(0, 3, n)


def one_hot_vectors(random: Any, n: int) -> Arrays:
    x, y = vectors(random, n)
    return x, np.eye(3, dtype="float32")[y]


def binary_vectors(random: Any, n: int) -> Arrays:
    return random.rand(n, 4).astype("float32"), random.randint(0, 2, (n, 1))


def targets(random: Any, n: int, width: int = 1) -> Arrays:
    return random.rand(n, 4).astype("float32"), random.rand(n, width).astype("float32")


def wide_targets(random: Any, n: int) -> Arrays:
    return targets(random, n, 12)


def images(random: Any, n: int) -> Arrays:
    return random.rand(n, 8, 8, 1).astype("float32"), random.randint(0, 3, n)


def colour_images(random: Any, n: int) -> Arrays:
    return random.rand(n, 8, 8, 3).astype("float32"), random.randint(0, 3, n)


def binary_images(random: Any, n: int) -> Arrays:
    return random.rand(n, 8, 8, 1).astype("float32"), random.randint(0, 2, (n, 1))


def same_images(random: Any, n: int) -> Arrays:
    x = random.rand(n, 8, 8, 1).astype("float32")
    return x, x


def masks(random: Any, n: int) -> Any:
    return np.eye(3, dtype="float32")[random.randint(0, 3, (n, 8, 8))]


def images_to_masks(random: Any, n: int) -> Arrays:
    return random.rand(n, 8, 8, 1).astype("float32"), masks(random, n)


def masks_to_labels(random: Any, n: int) -> Arrays:
    return masks(random, n), random.randint(0, 3, n)


def labels_to_images(random: Any, n: int) -> Arrays:
    x = np.eye(4, dtype="float32")[random.randint(0, 4, n)]
    return x, random.rand(n, 8, 8, 1).astype("float32")


def sequences(random: Any, n: int) -> Arrays:
    return random.rand(n, 5, 3).astype("float32"), random.randint(0, 3, n)


def two_inputs(random: Any, n: int) -> Arrays:
    x = [random.rand(n, 4).astype("float32"), random.rand(n, 2).astype("float32")]
    return x, [random.randint(0, 3, n), random.rand(n, 1).astype("float32")]


def sequential(*layers: Callable[[Any], Any]) -> Build:
    return lambda keras: keras.Sequential([layer(keras) for layer in layers])


def layer(kind: str, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    return lambda keras: getattr(keras.layers, kind)(*args, **kwargs)


def subclassed(keras: Any) -> Any:
    class Tiny(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(3, activation="softmax", name="sub")

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs)

    return Tiny()


def nested(keras: Any) -> Any:
    inner = keras.Sequential(
        [keras.layers.Input((4,)), keras.layers.Dense(6, activation="relu", name="deep")],
        name="inner",
    )
    inputs = keras.layers.Input((4,), name="vector")
    outputs = keras.layers.Dense(3, activation="softmax", name="out")(inner(inputs))
    return keras.Model(inputs, outputs, name="outer")


def shared(keras: Any) -> Any:
    inputs = keras.layers.Input((4,), name="vector")
    twice = keras.layers.Dense(4, activation="relu", name="twice")
    both = keras.layers.Concatenate(name="both")([twice(inputs), twice(twice(inputs))])
    return keras.Model(inputs, keras.layers.Dense(3, activation="softmax", name="out")(both))


def multi(keras: Any) -> Any:
    first, second = keras.layers.Input((4,), name="first"), keras.layers.Input((2,), name="second")
    both = keras.layers.Concatenate(name="both")([first, second])
    hidden = keras.layers.Dense(4, activation="relu", name="hid")(both)
    kind = keras.layers.Dense(3, activation="softmax", name="kind")(hidden)
    size = keras.layers.Dense(1, name="size")(hidden)
    return keras.Model([first, second], [kind, size])


def adam(keras: Any) -> Any:
    return keras.optimizers.Adam(0.01)


def scheduled(keras: Any) -> Any:
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
    return keras.optimizers.Adam(rate)


HIDDEN = layer("Dense", 8, activation="relu", name="hid")
MLP = sequential(layer("Input", (4,)), HIDDEN, layer("Dense", 3, activation="softmax", name="out"))
CONV = layer("Conv2D", 2, 3, activation="relu", name="conv")
FLAT = layer("Flatten", name="flat")
SOFTMAX = layer("Dense", 3, activation="softmax", name="out")
SPARSE = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
IMAGE = layer("Input", (8, 8, 1))

# name -> model, data, sizes of the training and validation sets, optimizer, compile's arguments
MODELS: dict[str, tuple[Build, Data, tuple[int, int], Any, dict[str, Any]]] = {
    "mlp": (MLP, vectors, (32, 16), adam, SPARSE),
    "uneven": (MLP, vectors, (40, 16), adam, SPARSE),
    "mlp_schedule": (MLP, vectors, (32, 16), scheduled, SPARSE),
    "onehot": (MLP, one_hot_vectors, (32, 16), adam, {"loss": "categorical_crossentropy"}),
    "binary": (
        sequential(layer("Input", (4,)), layer("Dense", 1, activation="sigmoid", name="out")),
        binary_vectors,
        (32, 16),
        adam,
        {"loss": "binary_crossentropy", "metrics": ["accuracy"]},
    ),
    "regression": (
        sequential(layer("Input", (4,)), layer("Dense", 1, name="out")),
        targets,
        (32, 16),
        adam,
        {"loss": "mse"},
    ),
    "wide": (
        sequential(layer("Input", (4,)), layer("Dense", 12, name="out")),
        wide_targets,
        (32, 16),
        adam,
        {"loss": "mse"},
    ),
    "dropout": (
        sequential(layer("Input", (4,)), HIDDEN, layer("Dropout", 0.0, name="drop"), SOFTMAX),
        vectors,
        (64, 16),
        adam,
        SPARSE,
    ),
    "subclassed": (
        subclassed,
        vectors,
        (32, 16),
        "adam",
        {"loss": "sparse_categorical_crossentropy"},
    ),
    "nested": (nested, vectors, (32, 16), adam, SPARSE),
    "shared": (shared, vectors, (32, 16), adam, SPARSE),
    "multi": (
        multi,
        two_inputs,
        (32, 16),
        adam,
        {"loss": ["sparse_categorical_crossentropy", "mse"]},
    ),
    "lstm": (
        sequential(
            layer("Input", (5, 3)),
            layer("LSTM", 3, name="lstm"),
            layer("BatchNormalization", name="norm"),
            SOFTMAX,
        ),
        sequences,
        (32, 16),
        adam,
        SPARSE,
    ),
    "conv": (sequential(IMAGE, CONV, FLAT, SOFTMAX), images, (16, 8), "adam", SPARSE),
    "colour": (
        sequential(layer("Input", (8, 8, 3)), CONV, FLAT, SOFTMAX),
        colour_images,
        (16, 8),
        "adam",
        SPARSE,
    ),
    "binary_images": (
        sequential(IMAGE, CONV, FLAT, layer("Dense", 1, activation="sigmoid", name="out")),
        binary_images,
        (16, 8),
        "adam",
        {"loss": "binary_crossentropy"},
    ),
    "autoencoder": (
        sequential(IMAGE, layer("Conv2D", 1, 3, padding="same", activation="sigmoid", name="out")),
        same_images,
        (16, 8),
        "adam",
        {"loss": "mse"},
    ),
    "segmenter": (
        sequential(IMAGE, layer("Conv2D", 3, 3, padding="same", activation="softmax", name="out")),
        images_to_masks,
        (16, 8),
        "adam",
        {"loss": "categorical_crossentropy"},
    ),
    "mask_classifier": (
        sequential(layer("Input", (8, 8, 3)), FLAT, SOFTMAX),
        masks_to_labels,
        (16, 8),
        "adam",
        SPARSE,
    ),
    "decoder": (
        sequential(
            layer("Input", (4,)),
            layer("Dense", 64, activation="sigmoid", name="hid"),
            layer("Reshape", (8, 8, 1), name="out"),
        ),
        labels_to_images,
        (16, 8),
        "adam",
        {"loss": "mse"},
    ),
}


def build(name: str, keras: Any) -> tuple[Any, Arrays, Arrays]:
    """Return the compiled model, its training data and its validation data."""
    make, data, (train, validation), optimizer, options = MODELS[name]
    random = np.random.RandomState(0)
    training_data, validation_data = data(random, train), data(random, validation)
    model = make(keras)
    chosen = optimizer(keras) if callable(optimizer) else optimizer
    options = {k: list(v) if isinstance(v, list) else v for k, v in options.items()}
    model.compile(optimizer=chosen, **options)
    return model, training_data, validation_data


def batches(data: Arrays) -> Iterator[Arrays]:
    """Yield halves of the data for ever."""
    x, y = data
    half = len(x) // 2
    while True:
        yield x[:half], y[:half]
        yield x[half:], y[half:]


def row_processor(index: int, row: Any) -> dict[str, Any]:
    return {"n": int(index), "sum": float(np.sum(row["input"])), "double": int(row["target"]) * 2}


def prediction_processor(index: int, row: Any) -> dict[str, Any]:
    return {"first": float(row["output"][0])}


def indexes(n: int) -> Any:
    """Return keys of the rows of a table that the run has logged as an artifact."""
    import wandb

    table = wandb.Table(columns=["row"], data=[[i] for i in range(n)])
    artifact = wandb.Artifact("rows", "dataset")
    artifact.add(table, "rows")
    wandb.run.log_artifact(artifact)
    return table.get_index()


def resolve(value: Any, train: Arrays, validation: Arrays) -> Any:
    """Return the object that a scenario's ``"$name"`` stands for; other values as they are."""
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    objects: dict[str, Callable[[], Any]] = {
        "$train": lambda: train,
        "$val": lambda: validation,
        "$generator": lambda: batches(validation),
        "$row_processor": lambda: row_processor,
        "$prediction_processor": lambda: prediction_processor,
        "$indexes": lambda: indexes(len(validation[0])),
    }
    return objects[value]()
