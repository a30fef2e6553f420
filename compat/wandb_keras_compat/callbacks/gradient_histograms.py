"""WandbGradientHistograms: a histogram of the loss gradient of every trainable weight."""

from __future__ import annotations

from typing import Any

import numpy as np
import wandb

from wandb_keras_compat import _run
from wandb_keras_compat._keras.gradients import LossGradients
from wandb_keras_compat._keras.training_data import TrainingData

from ._base import Callback, Logs


class WandbGradientHistograms(Callback):
    """Log a histogram of the gradient of each trainable weight at the end of every epoch.

    The gradient is the one of the compiled loss in training mode, summed over the batches of
    ``training_data``; the model, its metrics and its optimizer stay as they are. Keys are
    ``gradients/<weight>.gradient``, for example ``gradients/dense/kernel.gradient``.

    Args:
        training_data: ``(x, y)`` of arrays (or lists or dicts of them, for several inputs or
            outputs), or what gives batches ``(x, y)`` or ``(x, y, sample_weight)``: a
            ``tf.data.Dataset``, a Sequence or PyDataset, a torch ``DataLoader``, a generator.
            The batches of a generator are kept in memory. Where no end is known it is walked
            for 1000 batches at most.
        batch_size: Rows of a batch where ``training_data`` is arrays (default 32).
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.
        ValueError: If ``training_data`` is None or of another length than two, or ``batch_size``
            is not positive.
        TypeError: If ``training_data`` is none of the above.

    Example:
        >>> model.fit(x, y, callbacks=[WandbGradientHistograms((x, y)), WandbMetricsLogger()])
        ... # doctest: +SKIP
    """

    def __init__(
        self, training_data: Any, batch_size: int = 32, *, log_on: str = "chief", run: Any = None
    ) -> None:
        super().__init__(log_on=log_on, run=run)
        if training_data is None:
            raise ValueError(
                "training_data=None: the training_data argument is required for gradient logging;"
                " expected (x, y), or a dataset or generator of batches."
            )
        x, y = training_data, None
        if isinstance(training_data, (list, tuple)):
            if len(training_data) != 2:
                raise ValueError(
                    f"training_data of length {len(training_data)}: training data must be a tuple"
                    " of length two, (x, y)."
                )
            x, y = training_data
        if batch_size < 1:
            raise ValueError(f"batch_size={batch_size!r}: expected a positive number of rows.")
        self._gradients = LossGradients(TrainingData(x, y, int(batch_size)))

    def histograms(self) -> dict[str, wandb.Histogram]:
        """Return the histograms of the model as it is now, by the key each is logged under."""
        found = {}
        for name, gradient in self._gradients(self.model).items():
            if np.isfinite(gradient).all():
                found[f"gradients/{name}.gradient"] = _run.histogram(gradient)
            else:
                self._writer.warn(
                    f"The gradient of {name} is not finite: it has no histogram."
                    " Lower the learning rate or clip the gradients."
                )
        return found

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Add the histograms to the epoch's history row."""
        with self._writer.guard("the gradient histograms", "check training_data or leave them out"):
            histograms = self.histograms()
            if self.logs_here:
                self._writer.log(histograms, commit=False)
