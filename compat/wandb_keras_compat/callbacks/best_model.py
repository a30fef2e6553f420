"""WandbBestModel: the best model as the legacy callback kept it, as a file and as an artifact."""

from __future__ import annotations

import os
from typing import Any

from wandb_keras_compat import _run
from wandb_keras_compat._keras import saving, workers

from . import _monitor
from ._base import Logs
from .best_metric import best_so_far
from .model_checkpoint import WandbModelCheckpoint

_FILE = "model-best.h5"


class WandbBestModel(WandbModelCheckpoint):
    """Keep the best model under the names the legacy WandbCallback used.

    On every improvement of ``monitor`` it writes ``model-best.h5`` into the run's files and logs
    the artifact ``model-<run name>`` with the aliases ``latest`` and ``epoch_<n>`` (``n`` from 0).
    The artifact holds the whole model, also with ``save_weights_only``: a SavedModel on Keras 2,
    ``model-best.keras`` on Keras 3.

    Args:
        monitor: Name of the metric (default ``"val_loss"``).
        mode: ``"min"``, ``"max"``, or ``"auto"`` (default): max for names with ``acc`` in them or
            that start with ``fmeasure``, else min.
        save_weights_only: Write only weights to ``model-best.h5`` (default False).
        verbose: 1 says when the metric improved (default 0).
        prefix: Prefix of the summary key with a resumed run's best value (default ``"best_"``).
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.
        ValueError: If ``mode`` is unknown.

    Example:
        >>> best = WandbBestModel("val_loss", mode="min")  # doctest: +SKIP
        >>> model.fit(x, y, validation_data=(xv, yv), callbacks=[best])  # doctest: +SKIP
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        mode: str = "auto",
        save_weights_only: bool = False,
        verbose: int = 0,
        prefix: str | None = "best_",
        *,
        log_on: str = "chief",
        run: Any = None,
    ) -> None:
        direction = _monitor.direction(monitor, mode)
        # Keras 3 would refuse this name for weights: the parent is told of whole models only.
        super().__init__(
            _FILE, monitor, verbose, save_best_only=True, mode=direction, log_on=log_on, run=run
        )
        self.save_weights_only = save_weights_only
        self.prefix = prefix
        self.current: Any = None
        self._begin_run()

    def _begin_run(self) -> None:
        super()._begin_run()
        self.filepath = os.path.join(self._writer.directory, _FILE)
        self.best = best_so_far(self._writer, self.prefix, self.monitor, self.mode)
        self._resumed = self.best != _monitor.worst(self.mode)
        if self.logs_here:
            self._writer.watch_file(_FILE)

    def set_model(self, model: Any) -> None:
        """Take the model to save."""
        super().set_model(model)
        if self._resumed and workers.saves_together(model):
            # The chief alone has the summary, and all have to save in the same epochs.
            self.best, self._resumed = _monitor.worst(self.mode), False

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Save when the metric improved."""
        self.current = (logs or {}).get(self.monitor)
        if self.current is None:
            if self._could_be_monitored(epoch):
                self._writer.warn(
                    f"No {self.monitor!r} among the logs {sorted(logs or {})}, so no best model is"
                    " saved: pass validation data, or name one of these as monitor.",
                    kind=("no", self.monitor),
                )
        elif _monitor.improves(self.current, self.best, self.monitor_op, self._writer.warn):
            if self._keeps() or workers.saves_together(self._model):
                self.save_file(epoch)
                self.log_model(epoch)
            self.best = self.current

    def _keeps(self) -> bool:
        return self.logs_here and not self._writer.disabled

    def save_file(self, epoch: int) -> None:
        """Write ``model-best.h5`` into the run's files."""
        if self.verbose:
            _run.say(
                f"Epoch {epoch:05d}: {self.monitor} improved from {float(self.best):.5f} to"
                f" {float(self.current):.5f}, saving model to {self.filepath}"
            )
        guard = self._writer.guard(f"the file {_FILE}")
        with guard, saving.kept(self.filepath, self._keeps()) as path:
            saving.save_h5(self.model, path, self.save_weights_only)

    def log_model(self, epoch: int) -> None:
        """Log the whole model as a new version of the artifact ``model-<run name>``."""
        guard = self._writer.guard("the model artifact")
        keeps = self._keeps()
        with guard, saving.kept(self.filepath, keeps) as path, saving.whole_model(
            self.model, path[: -len(".h5")]
        ) as written:
            if keeps:
                name = _run.safe_name(f"model-{self._writer.run_name}")
                self._writer.log_model([written], name, ["latest", f"epoch_{epoch}"])
