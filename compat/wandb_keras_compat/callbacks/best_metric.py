"""WandbBestMetric: the best value of a metric, and its epoch, in the run's summary."""

from __future__ import annotations

from typing import Any

from wandb_keras_compat import _run

from . import _monitor
from ._base import Callback, Logs


class WandbBestMetric(Callback):
    """Keep the best value of ``monitor`` and its epoch in the summary.

    Writes ``<prefix><monitor>`` and ``<prefix>epoch``, as the legacy WandbCallback did; a resumed
    run goes on from the value in its summary.

    Args:
        monitor: Name of the metric (default ``"val_loss"``).
        mode: ``"min"``, ``"max"``, or ``"auto"`` (default): max for names with ``acc`` in them or
            that start with ``fmeasure``, else min.
        prefix: What stands before both keys (default ``"best_"``).
        verbose: 1 says when the metric improved (default 0).
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.
        ValueError: If ``mode`` is unknown.

    Example:
        >>> best = WandbBestMetric("val_accuracy")  # doctest: +SKIP
        >>> model.fit(x, y, validation_data=(xv, yv), callbacks=[best])  # doctest: +SKIP
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        mode: str = "auto",
        prefix: str = "best_",
        verbose: int = 0,
        *,
        log_on: str = "chief",
        run: Any = None,
    ) -> None:
        super().__init__(log_on=log_on, run=run)
        self.monitor = monitor
        self._direction = _monitor.direction(monitor, mode)
        self.monitor_op = _monitor.operator_of(self._direction)
        self.prefix = prefix
        self.verbose = verbose
        self._begin_run()

    def _begin_run(self) -> None:
        self.best = best_so_far(self._writer, self.prefix, self.monitor, self._direction)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Update the summary when the metric improved."""
        current: Any = (logs or {}).get(self.monitor)
        if not _monitor.improves(current, self.best, self.monitor_op, self._writer.warn):
            return
        if self.logs_here:
            best = {f"{self.prefix}{self.monitor}": current, f"{self.prefix}epoch": epoch}
            self._writer.summary_set(best)
        if self.verbose:
            _run.say(
                f"Epoch {epoch:05d}: {self.monitor} improved from {float(self.best):.5f}"
                f" to {float(current):.5f}"
            )
        self.best = current


def best_so_far(writer: _run.Writer, prefix: str | None, monitor: str, direction: str) -> Any:
    """Return the best value a resumed run has in its summary, else the worst value there is."""
    resumed = writer.summary_get(f"{prefix}{monitor}")
    return _monitor.worst(direction) if resumed is None else resumed
