"""WandbPredictionTable: validation data and the model's predictions, row by row."""

from __future__ import annotations

from numbers import Real
from typing import Any, Sequence

from wandb_keras_compat import _run
from wandb_keras_compat._keras import fit_data, slots
from wandb_keras_compat._keras.batches import Batches
from wandb_keras_compat._keras.examples import Examples

from ._base import Logs
from ._row_processors import infer_prediction, infer_validation
from .eval_callback import WandbEvalCallback

_TARGET, _LINK = "target", "val_row"


class WandbPredictionTable(WandbEvalCallback):
    """Log validation data once and predictions as ``validation_predictions``.

    The validation data is the artifact ``wb_validation_data``; each row of predictions links to its
    row. Stands before the metrics logger in the list of callbacks.

    Args:
        validation_data: What ``fit`` takes: ``x``, ``(x, y)`` or ``(x, y, sample_weight)`` of
            shape ``(examples, ...)``, each an array, tensor or data frame, or a list or dict of
            them; or what gives batches of these. By default what ``fit`` got.
        generator: What gives batches, instead.
        validation_steps: How many batches to show; by default as many as ``fit`` validates with,
            or all where there is an end.
        labels: Names of the classes.
        indexes: Keys of the rows of an already logged table (``Table.get_index()``); then no table
            of validation data is made.
        row_processor: ``(index, row) -> dict`` of further columns for the validation data; ``row``
            has ``"input"`` and ``"target"``, or the names of the slots; no target where there is
            none.
        prediction_row_processor: Likewise for predictions; ``row`` has ``"output"``.
        infer_missing_processors: Whether to infer columns where no processor is given.
        frequency: Log every so many epochs; 0 (default) is at the end of the training only.
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.
        TypeError: If ``frequency`` is no number.

    Example:
        >>> table = WandbPredictionTable((xv, yv), labels=["cat", "dog", "cow"])  # doctest: +SKIP
        >>> model.fit(x, y, callbacks=[table])  # doctest: +SKIP
    """

    def __init__(
        self,
        validation_data: Any = None,
        *,
        generator: Any = None,
        validation_steps: int | None = None,
        labels: Sequence[Any] | None = None,
        indexes: Any = None,
        row_processor: Any = None,
        prediction_row_processor: Any = None,
        infer_missing_processors: bool = True,
        frequency: int = 0,
        log_on: str = "chief",
        run: Any = None,
    ) -> None:
        asked: Any = frequency
        if not isinstance(asked, Real):
            raise TypeError(
                f"frequency={frequency!r} (log_evaluation_frequency of WandbCallback): expected a"
                " number of epochs."
            )
        super().__init__([], [], log_on=log_on, run=run)
        if validation_data is not None and not fit_data.is_arrays(validation_data):
            generator, validation_data = validation_data, None
        self.validation_data = validation_data
        self.generator = generator
        self.validation_steps = validation_steps
        self.labels: Sequence[Any] = [] if labels is None else labels
        self.indexes = indexes
        self.row_processor = row_processor
        self.prediction_row_processor = prediction_row_processor
        self.infer_missing_processors = infer_missing_processors
        self.frequency = frequency
        self._examples: Any = None
        self._rows: Any = None
        self._outdated = False

    def on_train_begin(self, logs: Logs = None) -> None:
        """Log the validation data."""
        self._rows = None
        with self._writer.guard("the evaluation table", "check validation_data and row_processor"):
            self._examples = self._validation_examples()
            if self._examples is None:
                return
            self._label_table = None
            if isinstance(self.labels, list) and self.labels:
                self._label_table = _run.table(["label"], data=[[label] for label in self.labels])
            if self.indexes is None:
                self.init_data_table([])
                self.add_ground_truth(logs)
                self.log_data_table("wb_validation_data", "validation_dataset", "validation_data")
            self._rows = self.data_table.get_index() if self.indexes is None else self.indexes

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Note that the model is about to change."""
        self._outdated = True

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Add the predictions to the row of this epoch when they are due."""
        if self.frequency > 0 and epoch % self.frequency == 0:
            self.log_predictions(commit=False)

    def on_train_end(self, logs: Logs = None) -> None:
        """Log the predictions unless the last epoch did."""
        if self._outdated:
            self.log_predictions()

    def log_predictions(self, commit: bool = True) -> None:
        """Predict and log the table.

        Args:
            commit: Whether the table is a history row of its own.
        """
        if self._rows is None:
            return
        with self._writer.guard(
            "the predictions", "check prediction_row_processor and the model's outputs"
        ):
            self.init_pred_table([])
            self.add_model_predictions(-1)
            if self.logs_here:
                self._writer.log({"validation_predictions": self.pred_table}, commit=commit)
            self._outdated = False

    def init_data_table(self, column_names: list[str]) -> None:
        """Start an empty ``data_table``; its columns follow from the data."""
        self.data_table = _run.table(column_names, data=[])

    def init_pred_table(self, column_names: list[str]) -> None:
        """Start an empty ``pred_table``; its columns follow from the outputs."""
        self.pred_table = _run.table(column_names, data=[])

    def log_data_table(
        self, name: str = "val", type: str = "dataset", table_name: str = "val_data"
    ) -> None:
        """Log ``data_table`` as an artifact that the run uses; predictions link to it locally."""
        if self.logs_here:
            self._writer.use_table(self.data_table, name, type, table_name, fetch=False)
        self.data_table_ref = self.data_table

    def add_ground_truth(self, logs: Logs = None) -> None:
        """Add targets, inputs and further columns to ``data_table``."""
        inputs = self._examples.inputs
        targets = {
            f"{_TARGET}:{name}" if name in inputs else name: values
            for name, values in self._examples.targets.items()
        }
        _add_columns(self.data_table, targets)
        _add_columns(self.data_table, inputs)
        process = self.row_processor
        if process is None and self.infer_missing_processors:
            process = infer_validation(_first(inputs), _first(targets), self._label_table)
        if process is not None:
            self.data_table.add_computed_columns(process)

    def add_model_predictions(self, epoch: int, logs: Logs = None) -> None:
        """Add outputs, links to the validation data and further columns to ``pred_table``."""
        outputs = self._examples.predict(self.model)
        _add_columns(self.pred_table, outputs)
        self.pred_table.add_column(_LINK, self._rows)
        if self.prediction_row_processor is None and self.infer_missing_processors:
            self.prediction_row_processor = infer_prediction(
                _first(outputs), _first(self._examples.inputs), self._label_table, _LINK
            )
        if self.prediction_row_processor is not None:
            self.pred_table.add_computed_columns(self.prediction_row_processor)

    def _validation_examples(self) -> Examples | None:
        data, generator, steps = self.validation_data, self.generator, self.validation_steps
        fit = fit_data.of_fit(self._model)
        prepared = False
        if data is None and generator is None:
            data, steps, prepared = fit.data, steps or fit.steps, fit.prepared
            if data is None:
                self._writer.warn(
                    "No evaluation table is logged, for want of data: pass validation_data to the"
                    " callback or to fit (a generator without validation_steps is left to fit"
                    " alone)."
                )
                return None
        if data is not None and fit_data.is_arrays(data):
            return Examples(self._model, [slots.unpack(data)], fit.batch_size, prepared)
        batches = Batches(data if generator is None else generator)
        if batches.is_endless():
            steps = steps or fit.steps
            if not steps:
                self._writer.warn(
                    "No evaluation table is logged: with a generator for validation_data, pass"
                    " validation_steps, the number of batches to draw from it."
                )
                return None
        return Examples(self._model, batches.gather(steps), prepared=prepared)


def _add_columns(table: Any, columns: dict[str, Any]) -> None:
    for name, values in columns.items():
        table.add_column(name, values)


def _first(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: values[0] for name, values in columns.items()}
