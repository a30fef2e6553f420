"""WandbParameterHistograms: a histogram of every layer's weights, once an epoch."""

from __future__ import annotations

from collections import Counter
from typing import Any, Iterable, Iterator

import numpy as np

from wandb_keras_compat import _keras, _run

from ._base import Callback, Logs


class WandbParameterHistograms(Callback):
    """Log histograms of the weights; stands before the metrics logger in the list of callbacks.

    A layer with one or two weights gives ``parameters/<layer>.weights`` and
    ``parameters/<layer>.bias``; one with more, such as an LSTM or a BatchNormalization, one key for
    each weight: ``parameters/<layer>.<weight>``. Layers of a nested model with more stand under it:
    ``parameters/<model>/<layer>.weights``; what it holds itself is ``parameters/<model>.<weight>``,
    and of the model that is trained ``parameters/<weight>``.

    Args:
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.

    Example:
        >>> callbacks = [WandbParameterHistograms(), WandbMetricsLogger()]  # doctest: +SKIP
        >>> model.fit(x, y, callbacks=callbacks)  # doctest: +SKIP
    """

    def __init__(self, *, log_on: str = "chief", run: Any = None) -> None:
        super().__init__(log_on=log_on, run=run)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Add the histograms to the row of this epoch."""
        with self._writer.guard("the weight histograms", "pass log_weights=False to skip them"):
            histograms = self.histograms()
            if self.logs_here:
                self._writer.log(histograms, commit=False)

    def histograms(self) -> dict[str, Any]:
        """Return a ``wandb.Histogram`` for each weight, by history key."""
        histograms = {}
        for key, weight in _distinct(_parameters(self.model, "parameters/", "parameters/")):
            array = _keras.to_numpy(weight)
            array = array.astype(np.float32) if array.dtype.name == "bfloat16" else array
            if not np.issubdtype(array.dtype, np.number):
                self._writer.warn(
                    f"{key} holds no numbers ({array.dtype}), so no histogram is logged."
                )
            elif not np.isfinite(array).all():
                self._writer.warn(
                    f"{key} is not finite, so no histogram is logged."
                    " Lower the learning rate or clip the gradients."
                )
            else:
                histograms[key] = _run.histogram(array)
        return histograms


def _parameters(model: Any, prefix: str, own: str) -> Iterator[tuple[str, Any]]:
    """Yield keys and weights of the layers, then of those that the model itself holds."""
    for layer in model.layers:
        weights = layer.weights
        if len(weights) > 2 and getattr(layer, "layers", None):
            within = f"{prefix}{layer.name}"
            yield from _parameters(layer, f"{within}/", f"{within}.")
            continue
        if len(weights) > 2:
            weights = _without_metrics(layer)
            names = _weight_names(weights)
        else:
            names = ["weights", "bias"]
        for name, weight in zip(names, weights):
            yield f"{prefix}{layer.name}.{name}", weight
    held = {id(weight) for layer in model.layers for weight in layer.weights}
    weights = [weight for weight in _without_metrics(model) if id(weight) not in held]
    for name, weight in zip(_weight_names(weights), weights):
        yield f"{own}{name}", weight


def _distinct(parameters: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield keys and weights; of layers that share a name the last keeps it, others get a number.

    The last one's weights are what W&B's callback logged under the name.
    """
    found = list(parameters)
    last = {key: index for index, (key, _) in enumerate(found)}
    counts: Counter[str] = Counter()
    for index, (key, weight) in enumerate(found):
        counts[key] += 1
        yield (key if last[key] == index else f"{key}_{counts[key]}"), weight


def _without_metrics(layer: Any) -> list[Any]:
    """Return a layer's weights; to Keras 2 the counters of metrics that it holds are such too."""
    metrics = [*(getattr(layer, "_metrics", None) or ()), *(getattr(layer, "metrics", None) or ())]
    counters = {id(variable) for metric in metrics for variable in metric.variables}
    return [weight for weight in layer.weights if id(weight) not in counters]


def _weight_names(weights: Any) -> list[str]:
    """Return as few of the last parts of each path as make the names distinct, at least one."""
    paths = [getattr(w, "path", w.name).split(":")[0].split("/") for w in weights]
    names = [path[-1] for path in paths]
    for length in range(2, max(map(len, paths), default=0) + 1):
        clash = {name for name in names if names.count(name) > 1}
        names = [
            "/".join(path[-length:]) if name in clash else name for name, path in zip(names, paths)
        ]
    seen: list[str] = []
    for name in names:  # on Keras 2 different weights can have the same name
        count = seen.count(name)
        seen.append(name)
        names[len(seen) - 1] = f"{name}_{count}" if count else name
    return names
