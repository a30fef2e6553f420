"""Time gradient histograms: against upstream's where it works, and against an epoch of training.

Dense 64-256-256-10 on 2,048 rows, batches of 32; medians of interleaved runs in one process.
Run it in any environment that has Keras and this package: ``python benchmarks/gradients.py``.
"""

from __future__ import annotations

import importlib
import os
import statistics
import tempfile
import time
from typing import Any, Callable

import numpy as np

ROWS, FEATURES, CLASSES, ROUNDS = 2048, 64, 10, 9


def model_of(keras: Any) -> Any:
    """Return the compiled model that is measured."""
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((FEATURES,)),
            layers.Dense(256, activation="relu"),
            layers.Dense(256, activation="relu"),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def upstream_of(model: Any, training_data: Any) -> Callable[[], Any] | None:
    """Return upstream's ``_log_gradients``, or None where it does not exist or does not work."""
    try:
        from wandb.integration.keras import WandbCallback

        callback = WandbCallback(log_gradients=True, training_data=training_data, save_model=False)
        callback.set_model(model)
        callback._log_gradients()
    except Exception as error:
        print(f"upstream: none here ({type(error).__name__})")
        return None
    function: Callable[[], Any] = callback._log_gradients
    return function


def medians(functions: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Return the median seconds of each function, warmed up, in turns."""
    times: dict[str, list[float]] = {name: [] for name in functions}
    for round_ in range(ROUNDS + 1):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            if round_:
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    """Print the table."""
    os.environ["WANDB_MODE"], os.environ["WANDB_SILENT"] = "offline", "true"
    os.environ["WANDB_DIR"] = tempfile.mkdtemp()
    import wandb

    from wandb_keras_compat import WandbGradientHistograms, detect

    chosen = detect().callbacks_on
    if chosen is None:
        raise SystemExit("No Keras is installed.")
    head, _, tail = chosen.module.partition(".")
    keras = importlib.import_module(head)
    model = model_of(getattr(keras, tail) if tail else keras)
    random = np.random.RandomState(0)
    x = random.rand(ROWS, FEATURES).astype("float32")
    y = random.randint(0, CLASSES, ROWS)
    wandb.init(project="benchmark")
    callback = WandbGradientHistograms((x, y))
    callback.set_model(model)
    functions = {
        "ours": callback.histograms,
        "epoch of training": lambda: model.fit(x, y, batch_size=32, verbose=0),
    }
    upstream = upstream_of(model, (x, y))
    if upstream is not None:
        functions["upstream"] = upstream
    start = time.perf_counter()
    callback.histograms()
    first = time.perf_counter() - start
    found = medians(functions)
    wandb.finish()
    print(f"{chosen}: the first call (compilation) took {first * 1e3:.0f} ms")
    print(f"{'':20}{'median ms':>12}{'times ours':>12}")
    for name, seconds in found.items():
        print(f"{name:20}{seconds * 1e3:12.1f}{seconds / found['ours']:12.2f}")


if __name__ == "__main__":
    main()
