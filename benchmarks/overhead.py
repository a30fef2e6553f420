"""Time what logging adds to a fit: ours and W&B's own, against a bare ``run.log`` of the same rows.

A small model, so that the callbacks are a large part of the time; each fit in turn, in a new order
every round, in one process. "fit" is the median difference to the same fit without a callback,
"hook" the median of one call within those fits, by the clock and in processor time of its thread:
other work on the machine disturbs these less. Ours and W&B's trio log the learning rate as well:
they are held against a bare log that reads it, one that knows it, and one of Keras' logs alone.

Run it in any environment that has Keras and this package: ``python benchmarks/overhead.py``.
``--record docs/costs/ROW.json`` keeps what it measured.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import json
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterable

import numpy as np

BATCHES, EPOCHS, ROUNDS, CALLS, PAUSE = 400, 40, 15, 20_000, 0.5
Factory = Callable[[], Any]
Times = Dict[str, Dict[str, float]]  # way of measuring -> name -> microseconds a batch or an epoch


def model_of(keras: Any) -> Any:
    """Return the compiled model that is trained."""
    layers = keras.layers
    model = keras.Sequential(
        [layers.Input((16,)), layers.Dense(32, activation="relu"), layers.Dense(1)]
    )
    model.compile("adam", "mse", metrics=["mae"])
    return model


def bare(keras: Any, **hooks: Any) -> Factory:
    """Return the factory of a callback that has these hooks and nothing else."""
    return type("Bare", (keras.callbacks.Callback,), hooks)


def bare_hooks(run: Any) -> dict[str, dict[str, Any]]:
    """Return hooks that log what ours log, in the fewest words.

    ``+ rate`` also reads the learning rate, which the others know; ours and W&B's trio read it.
    """

    def trio_batch(_: Any, batch: int, logs: Any = None) -> None:
        row = {f"batch/{name}": value for name, value in logs.items()}
        run.log({**row, "batch/learning_rate": 0.001, "batch/batch_step": batch})

    def trio_batch_rate(callback: Any, batch: int, logs: Any = None) -> None:
        row = {f"batch/{name}": value for name, value in logs.items()}
        rate = float(callback.model.optimizer.learning_rate.numpy())
        run.log({**row, "batch/learning_rate": rate, "batch/batch_step": batch})

    def trio_epoch(_: Any, epoch: int, logs: Any = None) -> None:
        row = {f"epoch/{name}": value for name, value in logs.items()}
        run.log({**row, "epoch/learning_rate": 0.001, "epoch/epoch": epoch})

    def trio_epoch_rate(callback: Any, epoch: int, logs: Any = None) -> None:
        row = {f"epoch/{name}": value for name, value in logs.items()}
        rate = float(callback.model.optimizer.learning_rate.numpy())
        run.log({**row, "epoch/learning_rate": rate, "epoch/epoch": epoch})

    def legacy_batch(_: Any, batch: int, logs: Any = None) -> None:
        run.log(logs)

    def legacy_epoch(_: Any, epoch: int, logs: Any = None) -> None:
        run.log({"epoch": epoch, **logs})

    return {
        "trio, batches": {"on_train_batch_end": trio_batch, "on_epoch_end": trio_epoch},
        "trio, batches + rate": {"on_train_batch_end": trio_batch_rate, "on_epoch_end": trio_epoch},
        "legacy, batches": {"on_train_batch_end": legacy_batch, "on_epoch_end": legacy_epoch},
        "trio, epochs": {"on_epoch_end": trio_epoch},
        "trio, epochs + rate": {"on_epoch_end": trio_epoch_rate},
        "legacy, epochs": {"on_epoch_end": legacy_epoch},
    }


def ours() -> dict[str, Factory]:
    """Return factories of this package's callbacks by case."""
    from wandb_keras_compat import WandbCallback, WandbMetricsLogger

    plain: dict[str, Any] = {"save_model": False, "save_graph": False, "log_best_prefix": None}
    return {
        "trio, batches": lambda: WandbMetricsLogger(log_freq="batch"),
        "legacy, batches": lambda: WandbCallback(log_batch_frequency=1, **plain),
        "trio, epochs": lambda: WandbMetricsLogger(),
        "legacy, epochs": lambda: WandbCallback(**plain),
    }


def upstream() -> dict[str, Factory]:
    """Return factories of W&B's own callbacks by case, as far as they can be imported."""
    found: dict[str, Factory] = {}
    try:
        from wandb.integration.keras import WandbMetricsLogger

        found["trio, batches"] = lambda: WandbMetricsLogger(log_freq="batch")
        found["trio, epochs"] = lambda: WandbMetricsLogger()
        from wandb.integration.keras import WandbCallback

        plain: dict[str, Any] = {"save_model": False, "save_graph": False, "log_best_prefix": None}
        found["legacy, batches"] = lambda: WandbCallback(log_batch_frequency=1, **plain)
        found["legacy, epochs"] = lambda: WandbCallback(**plain)
    except ImportError as error:
        print(f"upstream: {error}")
    return found


def timed(callback: Any, hook: str, calls: list[tuple[float, float]]) -> Any:
    """Return the callback; each call of the hook adds its seconds by the clock and of processor."""
    method = getattr(callback, hook)

    @functools.wraps(method)  # whose code it is decides how often the rate is read
    def call(index: int, logs: Any = None) -> None:
        clock, processor = time.perf_counter(), time.thread_time()
        method(index, logs)
        calls.append((time.perf_counter() - clock, time.thread_time() - processor))

    setattr(callback, hook, call)
    return callback


def measure(
    fit: Callable[[list[Any]], Any], factories: dict[str, Factory], hook: str, rounds: int
) -> Times:
    """Return the median of a fit without callback ("alone") and what each callback adds."""
    names = ["none", *factories]
    took: dict[str, list[float]] = {name: [] for name in names}
    calls: dict[str, list[tuple[float, float]]] = {name: [] for name in factories}
    for round_ in range(rounds + 1):
        for name in random.sample(names, len(names)):
            made = [] if name == "none" else [timed(factories[name](), hook, calls[name])]
            started = time.perf_counter()
            fit(made)
            took[name].append(time.perf_counter() - started)
            time.sleep(PAUSE)  # the client's service still works on what was logged
        if not round_:  # the first round warms up
            for name in names:
                took[name].clear()
                calls.get(name, []).clear()
    units = len(calls[names[1]]) / rounds
    more = {name: [a - b for a, b in zip(took[name], took["none"])] for name in factories}

    def micro(values: Iterable[float], each: float = 1) -> float:
        return round(statistics.median(values) / each * 1e6, 2)

    return {
        "alone": {"none": micro(took["none"], units)},
        "fit": {name: micro(values, units) for name, values in more.items()},
        "hook": {name: micro(c for c, _ in calls[name]) for name in factories},
        "processor": {name: micro(p for _, p in calls[name]) for name in factories},
    }


def report(unit: str, times: Times, cases: Any) -> None:
    """Print microseconds and ratios to bare logs of one unit of work."""
    print(f"{unit} without callback: {times['alone']['none']:.0f} us")
    # the row itself, with the rate and without; and what Keras hands over, as it is
    compared = [(case.replace(" + rate", ""), case) for case in cases]
    compared += [(name, name.replace("trio", "legacy")) for name, _ in compared if "trio" in name]
    for way in ("fit", "hook", "processor"):
        for case, bare in dict.fromkeys(compared):
            plain = times[way][f"bare {bare}"]
            parts = [f"bare {bare} +{plain:.1f} us"]
            for whose in ("ours", "upstream"):
                time_ = times[way].get(f"{whose} {case}")
                if time_ is not None:
                    parts.append(f"{whose} +{time_:.1f} us ({time_ / plain:.2f}x)")
            print(f"  {way:10} {case:16} {', '.join(parts)}")


def unlogged(model: Any) -> dict[str, float]:
    """Return the microseconds of a batch that is not logged: Keras' call, made in a loop."""
    from wandb_keras_compat import WandbCallback, WandbMetricsLogger

    rare = 10**9
    cases = {
        "WandbMetricsLogger(log_freq=n)": WandbMetricsLogger(log_freq=rare),
        "WandbCallback(log_batch_frequency=n)": WandbCallback(log_batch_frequency=rare),
        "nothing": None,
    }
    logs, found = {"loss": 1.0, "mae": 1.0}, {}
    for name, callback in cases.items():
        hook = (lambda batch, logs: None) if callback is None else callback.on_train_batch_end
        if callback is not None:
            callback.set_model(model)
            hook(0, logs)
        times = []
        for _ in range(9):
            started = time.perf_counter()
            for batch in range(1, CALLS):
                hook(batch, logs)
            times.append((time.perf_counter() - started) / CALLS)
        found[name] = round(statistics.median(times) * 1e6, 2)
    return found


def dispatch(keras: Any) -> dict[str, bool]:
    """Return by case whether Keras still dispatches ahead of the callbacks (Keras 3 alone)."""
    callbacks = keras.callbacks.CallbackList
    ahead = {n: getattr(callbacks([f()]), "_async_train", None) for n, f in ours().items()}
    return {name: value for name, value in ahead.items() if value is not None}


def main() -> None:
    """Print microseconds per batch and epoch and their ratios to a bare ``run.log``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--record", type=Path, help="a JSON file for what was measured")
    options = parser.parse_args()
    os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true")
    import wandb

    from wandb_keras_compat import detect

    chosen = detect().callbacks_on
    assert chosen is not None, "no Keras here"
    head, _, tail = chosen.module.partition(".")
    module = importlib.import_module(head)
    keras = getattr(module, tail) if tail else module
    record: dict[str, Any] = {
        "what": f"{chosen}, wandb {wandb.__version__}",
        "cores": len(os.sched_getaffinity(0)),
        "rounds": options.rounds,
    }
    print(record)

    with tempfile.TemporaryDirectory() as folder:
        run = wandb.init(project="p", dir=folder)
        hooks = bare_hooks(run)
        factories = {f"bare {case}": bare(keras, **hooks[case]) for case in hooks}
        factories.update({f"ours {case}": factory for case, factory in ours().items()})
        factories.update({f"upstream {case}": factory for case, factory in upstream().items()})
        model, x = model_of(keras), np.random.rand(BATCHES, 16).astype("float32")

        for unit, hook, arguments in (
            ("batch", "on_train_batch_end", {"batch_size": 1, "epochs": 1}),
            ("epoch", "on_epoch_end", {"batch_size": BATCHES, "epochs": EPOCHS}),
        ):
            mine = {name: f for name, f in factories.items() if unit in name}

            def fit(callbacks: list[Any], arguments: dict[str, Any] = arguments) -> Any:
                return model.fit(x, x[:, :1], verbose=0, callbacks=callbacks, **arguments)

            record[unit] = measure(fit, mine, hook, options.rounds)
            report(unit, record[unit], [case for case in hooks if unit in case])

        record["not logged"] = unlogged(model)
        record["ahead"] = dispatch(keras)
        print("a batch that is not logged, us:", record["not logged"])
        print("Keras dispatches batches ahead of the callback:", record["ahead"])
        wandb.finish()
    if options.record:
        options.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
