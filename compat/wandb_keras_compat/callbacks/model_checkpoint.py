"""WandbModelCheckpoint: every checkpoint that is written becomes a version of an artifact."""

from __future__ import annotations

import os
from numbers import Real
from typing import Any

from wandb_keras_compat import _keras, _run
from wandb_keras_compat._keras import fit_data, saving, workers

from . import _monitor
from ._base import AnyKeras, KerasModelCheckpoint, Logs


class WandbModelCheckpoint(AnyKeras, KerasModelCheckpoint):
    """Save the model as Keras' ModelCheckpoint does and log each saved file as an artifact.

    Aliases are ``latest``, ``epoch_<n>`` or ``epoch_<n>_batch_<m>``, and ``best`` for the best
    value of ``monitor`` so far. Their numbers start at 0, like ``epoch/epoch`` in the history;
    the placeholders of ``filepath`` start at 1, like Keras' own. One for a metric that is missing,
    or no single number, is left empty.

    Args:
        filepath: Where to save; may hold placeholders such as ``{epoch:02d}``.
            Without an extension Keras 2 writes a SavedModel directory; Keras 3 has none, so
            ``.keras`` or ``.weights.h5`` is added.
        monitor: Metric that says which checkpoint is best (default ``"val_loss"``).
        verbose: 0 is silent, 1 says when a file is written.
        save_best_only: Save only when ``monitor`` improves (default False).
        save_weights_only: Save weights instead of the whole model (default False).
        mode: ``"min"``, ``"max"`` or ``"auto"`` (default; by the metric, else by its name).
        save_freq: ``"epoch"`` (default) or a number of batches.
        options: Keras 2's ``tf.train.CheckpointOptions`` or ``tf.saved_model.SaveOptions``.
        initial_value_threshold: Value of ``monitor`` that the first saved model must beat.
        artifact_name: Name of the artifact (default ``run_<run id>_model``).
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.
        **kwargs: Passed on to Keras' ModelCheckpoint.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.
        ValueError: If the braces of ``filepath`` do not match, or ``artifact_name`` is no name
            that W&B takes.
        TypeError: If ``initial_value_threshold`` is no number.

    Example:
        >>> best = WandbModelCheckpoint("m-{epoch}.keras", save_best_only=True)  # doctest: +SKIP
        >>> model.fit(x, y, validation_data=(xv, yv), callbacks=[best])  # doctest: +SKIP
    """

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: str | int = "epoch",
        options: Any | None = None,
        initial_value_threshold: float | None = None,
        *,
        artifact_name: str | None = None,
        log_on: str = "chief",
        run: Any = None,
        **kwargs: Any,
    ) -> None:
        self._join(log_on, run)
        asked = os.fspath(filepath)
        _check(asked, artifact_name)
        threshold: Any = initial_value_threshold
        if threshold is not None and not isinstance(threshold, Real):
            raise TypeError(f"initial_value_threshold={threshold!r}: expected a number or None.")
        path = saving.checkpoint_path(asked, save_weights_only, _keras.builds_on_keras_3())
        if path.rstrip("/") != asked.rstrip("/"):
            self._writer.warn(
                f"WandbModelCheckpoint saves to {path!r}: Keras 3 cannot save to {asked!r}."
            )
        if not _keras.builds_on_keras_3():
            kwargs["options"] = options
        elif options is not None:
            self._writer.warn(
                f"WandbModelCheckpoint ignores options={options!r}: Keras 3 has no save options."
            )
        # Keras 3.0 refuses whole models in HDF5, which it can save: the parent hears of none.
        hdf5 = _keras.builds_on_keras_3() and not save_weights_only and path.endswith(".h5")
        super().__init__(
            filepath=path[: -len(".h5")] + ".keras" if hdf5 else path,
            monitor=monitor,
            verbose=verbose,
            save_best_only=save_best_only,
            save_weights_only=save_weights_only,
            mode=mode,
            save_freq=save_freq,
            **kwargs,
        )
        self.filepath = path
        self.mode = mode if mode in ("min", "max") else "auto"
        self._threshold = threshold
        WandbModelCheckpoint._begin_run(self)
        self.artifact_name = artifact_name
        self._options = options
        self.monitor_op = _monitor.operator_of(_monitor.direction(monitor, self.mode))
        if save_freq == "epoch":
            self._withdraw_batch_hooks(WandbModelCheckpoint)
            # Keras 2's base asks for tensors: TensorFlow 2.4 then keeps back from it what other
            # callbacks add to the logs. Until: TensorFlow 2.5 is dropped
            self._supports_tf_logs = False
        elif save_best_only and monitor.startswith("val_"):
            what = "every one is saved" if _keras.builds_on_keras_3() else "none is ever saved"
            self._writer.warn(
                f"WandbModelCheckpoint with save_freq={save_freq!r} compares within epochs, where"
                f" there is no monitor={monitor!r}, so that on this Keras {what}: monitor a"
                " training metric, such as 'loss', or leave save_freq out."
            )

    def _begin_run(self) -> None:
        self.best = self._threshold
        self.epochs_since_last_save = 0

    def set_model(self, model: Any) -> None:
        """Take the model to save and find out which way its metric improves."""
        super().set_model(model)
        if self.mode == "auto":
            known = _keras.metric_direction(model, self.monitor)
            if known is not None:
                self.monitor_op = _monitor.operator_of(known)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Remember the epoch for checkpoints within it."""
        self._current_epoch = epoch

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Save when checkpoints are due every epoch."""
        if self.save_freq == "epoch" and self._period_is_over():
            self._checkpoint(epoch, None, logs)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Save when ``save_freq`` batches went by."""
        if self._should_save_on_batch(batch):
            self._checkpoint(self._current_epoch, batch, logs)

    def _period_is_over(self) -> bool:
        """Whether Keras 2's deprecated ``period`` (in epochs) lets this epoch save."""
        self.epochs_since_last_save += 1
        if self.epochs_since_last_save < getattr(self, "period", 1):
            return False
        self.epochs_since_last_save = 0
        return True

    def _could_be_monitored(self, epoch: int) -> bool:
        """Whether the metric is missing for good, not just in an epoch that does not validate."""
        return not str(self.monitor).startswith("val_") or fit_data.validates(self._model, epoch)

    def _checkpoint(self, epoch: int, batch: int | None, logs: Logs) -> None:
        model, logs = self.model, logs or {}
        current = logs.get(self.monitor)
        improved = _monitor.improves(current, self.best, self.monitor_op, self._writer.warn)
        saves = improved or not self.save_best_only
        saves = saves or (current is None and _keras.builds_on_keras_3())  # as each Keras does
        within = batch is not None  # what happens then was said at construction
        if self.save_best_only and current is None and not within:
            self._tell_missing(epoch, logs)
        path = self._path(epoch, batch, logs)
        if self.verbose:
            self._tell(epoch, current, improved, saves, path)
        if improved:
            self.best = current
        if saves and (self.logs_here or workers.saves_together(model)):
            aliases = ["latest", f"epoch_{epoch}" + ("" if batch is None else f"_batch_{batch}")]
            name = self.artifact_name or _run.safe_name(f"run_{self._writer.run_id}_model")
            keeps = self.logs_here and not workers.keeps_elsewhere(model)
            guard = self._writer.guard(f"the checkpoint {self.filepath}")
            with guard, saving.kept(path, keeps) as place:
                written = saving.save(model, place, self.save_weights_only, self._options)
                if self.logs_here:
                    self._writer.log_model(written, name, aliases + ["best"] * improved)

    def _path(self, epoch: int, batch: int | None, logs: Any) -> str:
        """Return the file's name; without the metrics that have no number in this epoch."""
        values = {**logs, "epoch": epoch + 1}
        if batch is not None:
            values.setdefault("batch", batch + 1)
        path, without = saving.file_name(self.filepath, values)
        if without:
            self._writer.warn(
                f"WandbModelCheckpoint has no number for {', '.join(without)} in"
                f" filepath={self.filepath!r}: there are {sorted(logs)}. The file is saved with"
                " nothing in its place.",
                kind=("file name", self.filepath, *without),
            )
        # The model's own Keras saves it, which need not be the one of our base class.
        return saving.checkpoint_path(
            path, self.save_weights_only, _keras.saves_as_keras_3(self._model)
        )

    def _tell_missing(self, epoch: int, logs: Any) -> None:
        if _keras.builds_on_keras_3():
            what = "it saves anyway"
        elif self._could_be_monitored(epoch):
            what = "nothing is saved"
        else:
            return
        self._writer.warn(
            f"WandbModelCheckpoint found no {self.monitor!r} to compare (monitor=), only"
            f" {sorted(logs)}: {what}.",
            kind=("no", self.monitor),
        )

    def _tell(self, epoch: int, current: Any, improved: bool, saves: bool, path: str) -> None:
        head = f"\nEpoch {epoch + 1}: "
        best = "None" if self.best is None else f"{float(self.best):.5f}"
        if not self.save_best_only or current is None:
            print(head + (f"saving model to {path}" if saves else "nothing saved"))
        elif improved:
            now = f"{float(current):.5f}"
            print(f"{head}{self.monitor} improved from {best} to {now}, saving to {path}")
        else:
            print(f"{head}{self.monitor} did not improve from {best}")


def _check(filepath: str, artifact_name: str | None) -> None:
    try:
        saving.file_name(filepath, {})
    except ValueError as error:
        raise ValueError(
            f"filepath={filepath!r}: expected placeholders such as {{epoch:02d}} ({error})."
        ) from None
    if artifact_name is not None and _run.safe_name(artifact_name) != artifact_name:
        raise ValueError(
            f"artifact_name={artifact_name!r}: expected letters, digits, '-', '_' and '.' alone."
        )
