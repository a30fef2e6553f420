"""WandbEvalCallback: base for tables of ground truth and predictions, online and offline."""

from __future__ import annotations

import abc
import inspect
from typing import Any

from wandb_keras_compat import _run

from ._base import Callback, Logs


class WandbEvalCallback(Callback, abc.ABC):
    """Log a table of ground truth once and a table of predictions every epoch.

    Subclass it and implement ``add_ground_truth`` and ``add_model_predictions``, with or without
    the ``logs`` argument. Online, ``data_table_ref`` is the uploaded table, so that predictions
    refer to its media instead of uploading them again; offline and disabled, where W&B cannot
    give it back, it is the local ``data_table``, which has the same ``data`` and ``get_index()``.

    Args:
        data_table_columns: Column names of ``data_table``.
        pred_table_columns: Column names of ``pred_table``.
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.

    Attributes:
        data_table: ``wandb.Table`` to fill in ``add_ground_truth``.
        pred_table: ``wandb.Table`` to fill in ``add_model_predictions``.
        data_table_ref: The logged ``data_table``.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.

    Example:
        >>> class Predictions(WandbEvalCallback):  # doctest: +SKIP
        ...     def add_ground_truth(self, logs=None):
        ...         for index, (image, label) in enumerate(zip(x, y)):
        ...             self.data_table.add_data(index, wandb.Image(image), label)
        ...
        ...     def add_model_predictions(self, epoch, logs=None):
        ...         classes = self.model.predict(x, verbose=0).argmax(axis=-1)
        ...         for index in self.data_table_ref.get_index():
        ...             row = self.data_table_ref.data[index]
        ...             self.pred_table.add_data(epoch, *row, classes[index])
    """

    def __init__(
        self,
        data_table_columns: list[str],
        pred_table_columns: list[str],
        *args: Any,
        log_on: str = "chief",
        run: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, log_on=log_on, run=run, **kwargs)
        self.data_table_columns = data_table_columns
        self.pred_table_columns = pred_table_columns

    def on_train_begin(self, logs: Logs = None) -> None:
        """Log the table of ground truth."""
        self.init_data_table(column_names=self.data_table_columns)
        _call(self.add_ground_truth, logs)
        self.log_data_table()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Log the table of predictions."""
        self.init_pred_table(column_names=self.pred_table_columns)
        _call(self.add_model_predictions, epoch, logs)
        self.log_pred_table()

    @abc.abstractmethod
    def add_ground_truth(self, logs: Logs = None) -> None:
        """Add rows to ``data_table``; called once, when training begins.

        Args:
            logs: What Keras passes to ``on_train_begin``; may be left out of the signature.
        """

    @abc.abstractmethod
    def add_model_predictions(self, epoch: int, logs: Logs = None) -> None:
        """Add rows to ``pred_table``; called at the end of every epoch.

        Args:
            epoch: Index of the epoch, from 0.
            logs: The epoch's metrics; may be left out of the signature.
        """

    def init_data_table(self, column_names: list[str]) -> None:
        """Start an empty ``data_table``.

        Args:
            column_names: Its columns.
        """
        self.data_table = _run.table(column_names, allow_mixed_types=True)

    def init_pred_table(self, column_names: list[str]) -> None:
        """Start an empty ``pred_table``.

        Args:
            column_names: Its columns.
        """
        self.pred_table = _run.table(column_names)

    def log_data_table(
        self, name: str = "val", type: str = "dataset", table_name: str = "val_data"
    ) -> None:
        """Log ``data_table`` as an artifact that the run uses, and set ``data_table_ref``.

        Args:
            name: Name of the artifact.
            type: Type of the artifact.
            table_name: Name of the table within it.
        """
        self.data_table_ref = self.data_table
        if not self.logs_here:
            return
        with self._writer.guard("the data table", "the predictions are logged without it"):
            self.data_table_ref = self._writer.use_table(self.data_table, name, type, table_name)

    def log_pred_table(
        self,
        type: str = "evaluation",
        table_name: str = "eval_data",
        aliases: list[str] | None = None,
    ) -> None:
        """Log ``pred_table`` as a new version of the artifact ``run_<run id>_pred``.

        Args:
            type: Type of the artifact.
            table_name: Name of the table within it.
            aliases: Aliases of this version (default ``["latest"]``).
        """
        if not self.logs_here:
            return
        with self._writer.guard("the table of predictions", "check its columns and values"):
            name = _run.safe_name(f"run_{self._writer.run_id}_pred")
            self._writer.log_table(self.pred_table, name, type, table_name, aliases or ["latest"])


def _call(method: Any, *args: Any) -> None:
    """Call a user's method with as many of the arguments as its signature takes.

    Upstream's own documentation shows these methods with and without ``logs``.
    """
    try:
        inspect.signature(method).bind(*args)
    except TypeError:
        args = args[:-1]
    method(*args)
