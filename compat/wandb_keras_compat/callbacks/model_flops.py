"""WandbModelFlops: the operations of one forward pass, in the run's summary."""

from __future__ import annotations

from typing import Any

from wandb_keras_compat._keras import flops

from ._base import Callback, Logs


class WandbModelFlops(Callback):
    """Write ``GFLOPs`` of the model to the run's summary when training begins.

    It is the number of floating point operations of a forward pass of one row, in 1e9, a
    multiply-add counted as one. A model whose input shapes become known in training is counted at
    the end of the first epoch.

    Args:
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.

    Example:
        >>> model.fit(x, y, callbacks=[WandbModelFlops()])  # doctest: +SKIP
    """

    def __init__(self, *, log_on: str = "chief", run: Any = None) -> None:
        super().__init__(log_on=log_on, run=run)
        self._due = True

    def gflops(self) -> float:
        """Return the model's operations in 1e9."""
        return flops.gflops(self.model)

    def on_train_begin(self, logs: Logs = None) -> None:
        """Count the operations of a model that is built."""
        self._due = True
        try:
            self._record()
        except Exception:  # not built yet, perhaps: its first epoch builds it
            pass

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Count the operations of a model that was not built when training began."""
        if self._due:
            self._due = False
            with self._writer.guard("the model's FLOPs", "pass compute_flops=False to skip them"):
                self._record()

    def _record(self) -> None:
        gflops = self.gflops()
        if self.logs_here:
            self._writer.summary_set({"GFLOPs": gflops})
        self._due = False
