"""Watch the memory of long trainings with everything logged, beside W&B's client on its own.

20,000 batches that are all logged, then 300 epochs with weights, gradients, graph, FLOPs, pictures,
a table and the best value. The first quarter of each warms up; after it, the growth of the process
and of the number of Python objects is printed, and what was compiled. Two controls tell the growth
of others apart: the same rows logged without Keras, and the same epochs, with a prediction each,
without W&B. Run it in any environment that has Keras, Pillow and this package:
``python benchmarks/memory.py``; Linux only. ``--record docs/costs/memory-ROW.json`` keeps it.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, Callable, ClassVar

import numpy as np

BATCHES, EPOCHS, ROWS, CLASSES = 20_000, 300, 16, 3


class Watch:
    """Prints what grew between a quarter of the way and the end.

    Args:
        what: Name of the work.
        total: How many units of work there are.
        compiled: Gives the number of functions compiled so far.
    """

    record: ClassVar[dict[str, dict[str, float]]] = {}  # what -> what grew

    def __init__(self, what: str, total: int, compiled: Callable[[], int]) -> None:
        self.what, self.total, self.compiled = what, total, compiled

    def at(self, done: int) -> None:
        """Look when so many units are done."""
        if done == self.total // 4:
            self.before = self._look()
        elif done == self.total:
            grown = [now - then for now, then in zip(self._look(), self.before)]
            found = {"MB": round(grown[0] / 2**20, 1), "objects": grown[1], "compiled": grown[2]}
            self.record[self.what] = found
            each = grown[0] / (self.total - self.total // 4)
            print(f"{self.what:24} {found}, {each:+.0f} bytes each")

    def _look(self) -> tuple[int, int, int]:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE"), len(gc.get_objects()), self.compiled()


def model_of(keras: Any) -> Any:
    """Return the compiled classifier of small pictures that is trained."""
    layers = keras.layers
    model = keras.Sequential(
        [layers.Input((8, 8, 1)), layers.Flatten(), layers.Dense(CLASSES, activation="softmax")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def compilations(backend: str, model: Any, callback: Any) -> Callable[[], int]:
    """Return what counts compiled functions: JAX's own events, or traces of TensorFlow's."""
    if backend == "jax":
        import jax

        count = [0]

        def heard(event: str, seconds: float, **_: Any) -> None:
            count[0] += event.endswith("backend_compile_duration")

        jax.monitoring.register_event_duration_secs_listener(heard)
        return lambda: count[0]

    def traced() -> int:
        step = callback._part("WandbGradientHistograms")._gradients._step
        functions = [model.train_function, model.predict_function, *vars(step or object).values()]
        counts = (getattr(f, "experimental_get_tracing_count", lambda: 0) for f in functions)
        return sum(count() for count in counts)

    return traced


def client_alone(total_batches: int, total_epochs: int, x: Any, kernel: Any) -> None:
    """Log rows of the same kind without Keras."""
    import wandb

    watch = Watch("client alone, batches", total_batches, lambda: 0)
    for batch in range(1, total_batches + 1):
        wandb.log({"loss": 1 / batch})
        watch.at(batch)
    watch = Watch("client alone, epochs", total_epochs, lambda: 0)
    for epoch in range(1, total_epochs + 1):
        table = wandb.Table(columns=["row", "output"], data=[[i, 0.5] for i in range(ROWS)])
        histograms = {f"{kind}/{i}": wandb.Histogram(kernel) for kind in "wg" for i in range(2)}
        pictures = [wandb.Image(picture[..., 0]) for picture in x]
        wandb.log({**histograms, "examples": pictures, "predictions": table, "epoch": epoch})
        watch.at(epoch)


def main() -> None:
    """Train and print what grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=BATCHES)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--record", type=Path, help="a JSON file for what was measured")
    options = parser.parse_args()
    total_batches, total_epochs = options.batches, options.epochs
    os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true")
    import wandb

    from wandb_keras_compat import WandbCallback, detect

    chosen = detect().callbacks_on
    assert chosen is not None, "no Keras here"
    head, _, tail = chosen.module.partition(".")
    keras: Any = importlib.import_module(head)
    keras = getattr(keras, tail) if tail else keras
    record = {
        "what": f"{chosen}, wandb {wandb.__version__}",
        "batches": total_batches,
        "epochs": total_epochs,
        "grown": Watch.record,
    }
    print(record)

    class Looks(keras.callbacks.Callback):  # type: ignore[misc]
        """Looks after every batch or epoch."""

        watch: Any = None
        every = "epoch"
        done = 0

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self._step("batch")

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self._step("epoch")

        def _step(self, unit: str) -> None:
            if unit == self.every:
                self.done += 1
                self.watch.at(self.done)

    with tempfile.TemporaryDirectory() as folder:
        wandb.init(project="p", dir=folder)
        x = np.random.rand(ROWS, 8, 8, 1).astype("float32")
        y = np.random.randint(0, CLASSES, ROWS)
        model = model_of(keras)
        client_alone(total_batches, total_epochs, x, np.asarray(model.get_weights()[0]))

        everything: dict[str, Any] = {
            "log_weights": True,
            "log_gradients": True,
            "training_data": (x, y),
            "validation_data": (x, y),
            "input_type": "image",
            "log_evaluation": True,
            "log_evaluation_frequency": 5,
            "compute_flops": True,
            "save_model": False,
        }
        predict = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: model.predict(x, verbose=0)
        )
        work = (("batch", total_batches), ("epoch", total_epochs))
        for ours, (unit, total) in [(False, w) for w in work] + [(True, w) for w in work]:
            name = "training" if ours else "Keras alone"
            callback = WandbCallback(
                log_batch_frequency=1 if unit == "batch" else None, **everything
            )
            looks = Looks()
            compiled = compilations(chosen.backend, model, callback)
            looks.watch, looks.every = Watch(f"{name}, {unit}", total, compiled), unit
            index = np.arange(total) % ROWS if unit == "batch" else np.arange(ROWS)
            model.fit(
                x[index],
                y[index],
                batch_size=1 if unit == "batch" else ROWS // 2,
                epochs=1 if unit == "batch" else total,
                verbose=0,
                validation_data=(x, y),
                callbacks=[callback if ours else predict, looks],
            )
        wandb.finish()
    if options.record:
        options.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
