"""WandbMetricsLogger: Keras' logs, and the learning rate, as history rows."""

from __future__ import annotations

from numbers import Real
from typing import Any

from wandb_keras_compat import _keras, _run

from ._base import Callback, Logs

_KEY_STYLES = ("trio", "legacy", "both")


class WandbMetricsLogger(Callback):
    """Log the metrics of every epoch, and of every ``log_freq`` batches, to the active run.

    Args:
        log_freq: ``"epoch"`` (default): one row an epoch. ``"batch"``: also one row a batch.
            An int ``n``: also one row every ``n`` batches, from the first of each epoch.
        initial_global_step: Global index of the first batch, for a resumed training (default 0);
            ``batch/batch_step`` starts there.
        key_style: ``"trio"`` (default): ``epoch/loss``, ``batch/loss``, ``epoch/learning_rate``,
            as upstream's class. ``"legacy"``: ``loss``, ``val_loss``, ``epoch``, as the old
            WandbCallback, and nothing else. ``"both"``: both in the same row.
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.
        ValueError: If an argument is none of the above.

    Example:
        >>> model.fit(x, y, callbacks=[WandbMetricsLogger(log_freq=10)])  # doctest: +SKIP
    """

    def __init__(
        self,
        log_freq: str | int = "epoch",
        initial_global_step: int = 0,
        *,
        key_style: str = "trio",
        log_on: str = "chief",
    ) -> None:
        if key_style not in _KEY_STYLES:
            raise ValueError(f"key_style={key_style!r}: expected one of {', '.join(_KEY_STYLES)}.")
        if log_freq == "batch":
            log_freq = 1
        is_count = isinstance(log_freq, Real) and not isinstance(log_freq, bool) and log_freq > 0
        if log_freq != "epoch" and not is_count:
            raise ValueError(
                f"log_freq={log_freq!r}: expected 'epoch', 'batch' or a positive number of batches."
            )
        super().__init__(log_on=log_on)
        self.key_style = key_style
        self.logging_batch_wise = is_count
        self.log_freq: Any = log_freq if is_count else None
        self.global_step = initial_global_step  # batches finished
        self._epoch_start = initial_global_step
        self._last_batch = -1
        if not is_count:
            self._withdraw_batch_hooks(WandbMetricsLogger)
        if key_style != "legacy" and self.logs_here:
            axis, metrics = (
                ("batch/batch_step", "batch/*") if is_count else ("epoch/epoch", "epoch/*")
            )
            _run.define_axis(axis, metrics)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Count the batches of this epoch from here."""
        self._epoch_start = self.global_step
        self._last_batch = -1

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Log the row of an epoch."""
        if not self.logs_here:
            return
        row: dict[str, Any] = {}
        if self.key_style != "trio":
            row["epoch"] = epoch
            row.update(logs or {})
        if self.key_style != "legacy":
            row.update(self._prefixed("epoch", logs))
            row["epoch/epoch"] = epoch
        _run.log(row)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Log the row of a batch when it is due."""
        previous, self._last_batch = self._last_batch, batch
        # A call can stand for several batches (steps_per_execution): the index is Keras' own.
        self.global_step = self._epoch_start + batch + 1
        if self.key_style == "legacy":
            due = batch % self.log_freq == 0
        else:
            due = batch // self.log_freq > previous // self.log_freq
        if not due or not self.logs_here:
            return
        row = {} if self.key_style == "trio" else dict(logs or {})
        if self.key_style != "legacy":
            row.update(self._prefixed("batch", logs))
            row["batch/batch_step"] = self._epoch_start + batch
        _run.log(row)

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Alias of ``on_train_batch_end``, for callers of the old hook name."""
        self.on_train_batch_end(batch, logs)

    def _prefixed(self, prefix: str, logs: Logs) -> dict[str, Any]:
        row = {f"{prefix}/{name}": value for name, value in (logs or {}).items()}
        with _run.guard("the learning rate", "use an optimizer whose rate can be read"):
            rate = _keras.learning_rate(self._model)
            if rate is not None:
                row[f"{prefix}/learning_rate"] = rate
        return row
