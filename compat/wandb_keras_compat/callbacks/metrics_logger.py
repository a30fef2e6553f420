"""WandbMetricsLogger: Keras' logs, and the learning rate, as history rows."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

from wandb_keras_compat._keras import fit_data, has_metric
from wandb_keras_compat._keras.learning_rate import LearningRates, steps_taken

from ._base import Callback, Logs

_KEY_STYLES = ("trio", "legacy", "both")


class WandbMetricsLogger(Callback):
    """Log the metrics of every epoch, and of every ``log_freq`` batches, to the active run.

    Args:
        log_freq: ``"epoch"`` (default): one row an epoch. ``"batch"``: also one row a batch.
            An int ``n``: also one row every ``n`` batches, from the first of each epoch.
        initial_global_step: Global index of the first batch, for a resumed training (default 0);
            ``batch/batch_step`` starts there. ``"auto"``: what the optimizer has counted, which
            goes on where ``BackupAndRestore`` or a loaded model left off.
        key_style: ``"trio"`` (default): ``epoch/loss``, ``batch/loss``, ``epoch/learning_rate``,
            as upstream's class. ``"legacy"``: ``loss``, ``val_loss``, ``epoch``, as the old
            WandbCallback, and nothing else. ``"both"``: both in the same row.
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.
        ValueError: If an argument is none of the above.

    Example:
        >>> model.fit(x, y, callbacks=[WandbMetricsLogger(log_freq=10)])  # doctest: +SKIP
    """

    def __init__(
        self,
        log_freq: str | int = "epoch",
        initial_global_step: int | str = 0,
        *,
        key_style: str = "trio",
        log_on: str = "chief",
        run: Any = None,
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
        is_auto = initial_global_step == "auto"
        if not is_auto and not isinstance(initial_global_step, Integral):
            raise ValueError(
                f"initial_global_step={initial_global_step!r}: expected a number of batches or"
                " 'auto'."
            )
        super().__init__(log_on=log_on, run=run)
        self.key_style = key_style
        self.logging_batch_wise = is_count
        self.log_freq: Any = log_freq if is_count else None
        self._initial_global_step: Any = 0 if is_auto else initial_global_step
        self._asks_optimizer = is_auto
        self._is_counted = True
        self._rates: LearningRates | None = None
        if not is_count:
            self._withdraw_batch_hooks(WandbMetricsLogger)
        self._begin_run()

    def _begin_run(self) -> None:
        self.global_step = self._initial_global_step  # batches finished
        self._epoch_start = self._initial_global_step
        self._last_batch = -1
        if self.key_style != "legacy" and self.logs_here:
            axis, metrics = (
                ("batch/batch_step", "batch/*")
                if self.logging_batch_wise
                else ("epoch/epoch", "epoch/*")
            )
            self._writer.define_axis(axis, metrics)

    def set_model(self, model: Any) -> None:
        """Take the model whose learning rate is logged."""
        super().set_model(model)
        self._rates = None if self.key_style == "legacy" else LearningRates(self._model)

    def on_train_begin(self, logs: Logs = None) -> None:
        """Find out what the training is: its count of batches, and whether its rates can change."""
        self._is_counted = not self._asks_optimizer
        if self._rates is not None:
            callbacks = fit_data.callbacks_of_fit(self._model)
            self._rates.begin_training(callbacks, self, self.logging_batch_wise)
            if not self.logging_batch_wise:
                self._withdraw_batch_hooks(WandbMetricsLogger)
                self._join_batches(self._rates.holds_at)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Count the batches of this epoch from here."""
        if self._rates is not None:
            self._rates.forget()
        self._hold_rates("epoch begin")
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
            self._add_prefixed(row, "epoch/", logs)
            row["epoch/epoch"] = epoch
        self._writer.log(row)
        if self._rates is not None:
            self._rates.forget()

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Take the learning rate where another callback changes it before this one is called."""
        self._hold_rates("batch begin")

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Log the row of a batch when it is due."""
        self._hold_rates("batch end")
        previous, self._last_batch = self._last_batch, batch
        if batch < previous:  # a loop of one's own that begins no epochs
            previous, self._epoch_start = -1, self.global_step
        if not self._is_counted:
            self._is_counted = True
            with self._writer.guard("the steps before", "pass initial_global_step as a number"):
                taken = steps_taken(self._model)
                if taken is not None and taken > batch:  # else another optimizer trains
                    # one that is new counts anew: steps of this callback go on
                    self._epoch_start = max(self._epoch_start, taken - batch - 1)
        # A call can stand for several batches (steps_per_execution): the index is Keras' own.
        self.global_step = self._epoch_start + batch + 1
        if self.key_style == "legacy":
            due = batch % self.log_freq == 0
        else:
            due = batch // self.log_freq > previous // self.log_freq
        if not due or not self.logs_here:
            return
        if self.key_style == "legacy":
            self._writer.log(logs or {})
            return
        row = {} if self.key_style == "trio" else dict(logs or {})
        self._add_prefixed(row, "batch/", logs)
        row["batch/batch_step"] = self._epoch_start + batch
        self._writer.log(row)

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Alias of ``on_train_batch_end``, for callers of the old hook name."""
        self.on_train_batch_end(batch, logs)

    def _join_batches(self, at: str | None) -> None:
        """Have the rate held in batches, where Keras calls hooks of others for them anyway."""
        hooks = {"batch begin": "on_train_batch_begin", "batch end": "on_train_batch_end"}
        if at in hooks:
            setattr(self, hooks[at], lambda *_, **__: self._hold_rates(at))

    def _hold_rates(self, at: str) -> None:
        if self._rates is not None and self._rates.holds_at == at:
            try:
                self._rates.hold()
            except Exception as error:
                self._writer.failed("the learning rate", error)

    def _add_prefixed(self, row: dict[str, Any], prefix: str, logs: Logs) -> None:
        """Add the logs and the rates. Of a rate in the logs Keras' callbacks know more.

        ``ReduceLROnPlateau`` and ``LearningRateScheduler`` log the rate just used before they
        change it, on Keras 2 as ``lr``. A metric of such a name is no rate, or one's mean.
        """
        logs = logs or {}
        for name, value in logs.items():
            row[f"{prefix}{name}"] = value
        if "learning_rate" in logs:
            if not has_metric(self._model, "learning_rate"):
                return
            del row[f"{prefix}learning_rate"]
        if "lr" in logs and not has_metric(self._model, "lr"):
            row[f"{prefix}learning_rate"] = logs["lr"]
        elif self._rates is not None:
            try:
                for name, value in self._rates().items():
                    row.setdefault(f"{prefix}{name}", value)
            except Exception as error:
                self._writer.failed("the learning rate", error)
