"""WandbCallback: the frozen legacy signature, composed of the callbacks that do the work."""

from __future__ import annotations

import sys
import warnings
from numbers import Real
from typing import Any

from . import _advice
from . import callbacks as parts
from ._keras import fit_data
from .callbacks import _monitor
from .callbacks._base import Logs
from .callbacks.best_metric import WandbBestMetric
from .callbacks.best_model import WandbBestModel
from .callbacks.callback_list import WandbCallbackList
from .callbacks.metrics_logger import WandbMetricsLogger

# What subclasses override -> the part that does it here, and the part's method.
_OVERRIDABLE = {
    "_log_weights": ("WandbParameterHistograms", "histograms"),
    "_log_gradients": ("WandbGradientHistograms", "histograms"),
    "_log_images": ("WandbPredictionImages", "images"),
    "_attempt_evaluation_log": ("WandbPredictionTable", "log_predictions"),
    "get_flops": ("WandbModelFlops", "gflops"),
    "_save_model": ("WandbBestModel", "save_file"),
    "_save_model_as_artifact": ("WandbBestModel", "log_model"),
}

# Attributes the parts are composed from; assigning one before fit() recomposes them.
_SETTINGS = (
    "monitor", "verbose", "save_weights_only", "log_weights", "log_gradients", "save_model",
    "training_data", "validation_data", "labels", "predictions", "generator", "input_type",
    "output_type", "log_evaluation", "validation_steps", "class_colors", "log_batch_frequency",
    "log_best_prefix", "save_graph", "compute_flops", "_mode", "_validation_indexes",
    "_validation_row_processor", "_prediction_row_processor", "_infer_missing_processors",
    "_log_evaluation_frequency",
)  # fmt: skip

_told_to_migrate = False


class WandbCallback(WandbCallbackList):
    """Record what the legacy WandbCallback recorded: metrics, best values, model, and more.

    One row an epoch without a prefix in its keys, ``best_*`` in the summary, the best model as
    ``model-best.h5`` and as an artifact; each further argument switches on one of the callbacks
    in ``wandb_keras_compat``, which new code can use directly.

    Args:
        monitor: Name of the metric that says which epoch is best.
        verbose: 1 says when it improved.
        mode: ``"min"``, ``"max"``, or ``"auto"``: max for names with ``acc`` in them or that start
            with ``fmeasure``, else min (so ``val_auc`` is minimised).
        save_weights_only: Write only weights to ``model-best.h5``; the artifact stays whole.
        log_weights: Log histograms of the weights.
        log_gradients: Log histograms of the gradients of ``training_data``.
        save_model: Save the model when ``monitor`` improved.
        training_data: ``(x, y)``, or anything ``fit`` takes; needed for ``log_gradients``.
        validation_data: ``(x, y)`` to visualise; by default what ``fit`` was given.
        labels: Names of the classes.
        predictions: How many examples to visualise, at most 100.
        generator: Iterator of ``(x, y)``, instead of ``validation_data``.
        input_type: ``"image"``, ``"images"``, ``"segmentation_mask"``, ``"label"`` or ``"auto"``.
        output_type: Likewise, of the model's output.
        log_evaluation: Log a table of ``validation_data`` and the predictions.
        validation_steps: Batches to draw from ``generator`` for that table.
        class_colors: ``(classes, 3)`` colours in 0..1 for segmentation masks.
        log_batch_frequency: Also log a row every so many batches.
        log_best_prefix: Prefix of the best values in the summary; None for none.
        save_graph: Log the model's graph.
        validation_indexes: Keys of rows that already stand in a logged table.
        validation_row_processor: ``(index, row) -> dict`` of extra columns from inputs and targets.
        prediction_row_processor: Likewise from outputs; also accepted as ``output_row_processor``,
            its name in W&B's documentation.
        infer_missing_processors: Whether to infer processors that are not given.
        log_evaluation_frequency: Log the table every so many epochs; 0 is at the end only.
        compute_flops: Log the model's GFLOPs.
        **kwargs: ``data_type``, an old name of ``input_type``; ``log_on``, which workers of a
            distributed training log, ``"chief"`` (default) or ``"all"``; ``run``, the run to log
            to, by default the one that is active when training begins; the rest is ignored with a
            warning.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.
        ValueError: If ``log_gradients`` is set without proper ``training_data``, or
            ``log_batch_frequency`` is no number.

    Example:
        >>> model.fit(x, y, validation_data=(xv, yv), callbacks=[WandbCallback()])  # doctest: +SKIP
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        verbose: int = 0,
        mode: str = "auto",
        save_weights_only: bool = False,
        log_weights: bool = False,
        log_gradients: bool = False,
        save_model: Any = True,
        training_data: Any = None,
        validation_data: Any = None,
        labels: list[Any] | None = None,
        predictions: int = 36,
        generator: Any = None,
        input_type: str | None = None,
        output_type: str | None = None,
        log_evaluation: bool = False,
        validation_steps: int | None = None,
        class_colors: Any = None,
        log_batch_frequency: float | None = None,
        log_best_prefix: str | None = "best_",
        save_graph: bool = True,
        validation_indexes: Any = None,
        validation_row_processor: Any = None,
        prediction_row_processor: Any = None,
        infer_missing_processors: bool = True,
        log_evaluation_frequency: int = 0,
        compute_flops: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__([])
        self._join(kwargs.pop("log_on", "chief"), kwargs.pop("run", None))
        self._advise_migration()
        input_type = kwargs.pop("data_type", None) or input_type
        prediction_row_processor = (
            kwargs.pop("output_row_processor", None) or prediction_row_processor
        )
        if kwargs:
            self._writer.warn(f"WandbCallback has no arguments {sorted(kwargs)} and ignores them.")
        if isinstance(save_model, str):
            self._writer.warn(
                f"WandbCallback: save_model={save_model!r} is a string and counts as True."
            )
        if mode not in ("auto", "min", "max"):
            self._writer.warn(f"WandbCallback mode {mode} is unknown, fallback to auto mode.")
            mode = "auto"
        self.monitor = monitor
        self.verbose = verbose
        self.save_weights_only = save_weights_only
        self.log_weights = log_weights
        self.log_gradients = log_gradients
        self.save_model = save_model
        self.save_model_as_artifact = True
        self.training_data = training_data
        self.validation_data = validation_data
        self.labels: Any = [] if labels is None else labels
        self.predictions = min(predictions, 100)
        self.generator = generator
        self.input_type = input_type
        self.output_type = output_type
        self.log_evaluation = log_evaluation
        self.validation_steps = validation_steps
        self.class_colors = class_colors
        self.log_batch_frequency = log_batch_frequency
        self.log_best_prefix = log_best_prefix
        self.save_graph = save_graph
        self.compute_flops = compute_flops
        self._mode = mode
        self._validation_indexes = validation_indexes
        self._validation_row_processor = validation_row_processor
        self._prediction_row_processor = prediction_row_processor
        self._infer_missing_processors = infer_missing_processors
        self._log_evaluation_frequency = log_evaluation_frequency
        self.current: Any = None
        self._adopted: Any = None  # validation data that came from fit
        self._begin_run()
        self._recompose()

    def _begin_run(self) -> None:
        if not self.save_model and self.logs_here:  # the part does so otherwise
            self._writer.watch_file("model-best.h5")

    # -- composition -----------------------------------------------------------------------------

    def _compose(self) -> tuple[Any, ...]:
        """Return the parts, in the order in which the legacy callback did their work."""
        on: Any = {"log_on": self.log_on, "run": self._writer.given}
        monitored = {"monitor": self.monitor, "mode": self._mode, **on}
        given = None if self.validation_data is self._adopted else self.validation_data
        composed: list[Any] = []
        if self.log_weights:
            composed.append(parts.WandbParameterHistograms(**on))
        if self.log_gradients:
            composed.append(parts.WandbGradientHistograms(self.training_data, **on))
        if self.input_type or self.output_type:
            composed.append(
                parts.WandbPredictionImages(
                    given,
                    generator=self.generator,
                    input_type=self.input_type,
                    output_type=self.output_type,
                    labels=self.labels,
                    predictions=self.predictions,
                    class_colors=self.class_colors,
                    **on,
                )
            )
        if self.log_evaluation:
            composed.append(
                parts.WandbPredictionTable(
                    given,
                    generator=self.generator,
                    validation_steps=self.validation_steps,
                    labels=self.labels,
                    indexes=self._validation_indexes,
                    row_processor=self._validation_row_processor,
                    prediction_row_processor=self._prediction_row_processor,
                    infer_missing_processors=self._infer_missing_processors,
                    frequency=self._log_evaluation_frequency,
                    **on,
                )
            )
        if self.compute_flops:
            composed.append(parts.WandbModelFlops(**on))
        if self.save_graph:
            composed.append(parts.WandbModelGraph(**on))
        frequency = _frequency(self.log_batch_frequency)
        composed.append(WandbMetricsLogger(frequency, key_style="legacy", **on))
        if self.log_best_prefix:
            # The model part tells of improvements itself.
            verbose = 0 if self.save_model else self.verbose
            composed.append(
                WandbBestMetric(prefix=self.log_best_prefix, verbose=verbose, **monitored)
            )
        if self.save_model:
            composed.append(
                WandbBestModel(
                    save_weights_only=self.save_weights_only,
                    verbose=self.verbose,
                    prefix=self.log_best_prefix,
                    **monitored,
                )
            )
        return tuple(composed)

    def _recompose(self) -> None:
        self._take(self._compose())
        self._composed_from = self._settings()
        for override, (part_name, method) in _OVERRIDABLE.items():
            if getattr(type(self), override) is not getattr(WandbCallback, override):
                for part in self.parts:
                    if type(part).__name__ == part_name:
                        setattr(part, method, getattr(self, override))

    def _adopt_data_of_fit(self, model: Any) -> None:
        """Offer subclasses the data that ``fit`` was given; the parts find it themselves."""
        if self.generator is None and self.validation_data is self._adopted:
            found = fit_data.validation_data_of_fit(model)
            self.validation_data = self._adopted = found if fit_data.is_arrays(found) else None
            self._composed_from["validation_data"] = self.validation_data

    def _settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _SETTINGS}

    def _part(self, name: str) -> Any | None:
        return next((part for part in self.parts if type(part).__name__ == name), None)

    def _do(self, override: str, *args: Any, **kwargs: Any) -> Any:
        """Run what a subclass may have overridden, as the part's own class does it."""
        name, method = _OVERRIDABLE[override]
        part = self._part(name)
        if part is None:
            raise AttributeError(f"{override}() needs the argument that switches {name} on.")
        return getattr(type(part), method)(part, *args, **kwargs)

    def _advise_migration(self) -> None:
        global _told_to_migrate
        if _told_to_migrate:
            return
        _told_to_migrate = True
        level, frame = 3, sys._getframe(2)
        while frame.f_back is not None and frame.f_locals.get("self") is self:
            level, frame = level + 1, frame.f_back
        warnings.warn(
            "WandbCallback was removed from wandb 0.27.1; wandb-keras-compat keeps it alive. To go"
            " without it, with the same records: "
            + _advice.migration(frame.f_code.co_filename, frame.f_globals),
            DeprecationWarning,
            stacklevel=level,
        )

    # -- what people read and assign -------------------------------------------------------------

    @property
    def best(self) -> Any:
        """Best value of the monitored metric so far."""
        return self._monitored("best", _monitor.worst(_monitor.direction(self.monitor, self._mode)))

    @best.setter
    def best(self, value: Any) -> None:
        self._assign("best", value)

    @property
    def monitor_op(self) -> Any:
        """Comparison ``monitor_op(value, best)``."""
        direction = _monitor.direction(self.monitor, self._mode)
        return self._monitored("monitor_op", _monitor.operator_of(direction))

    @monitor_op.setter
    def monitor_op(self, value: Any) -> None:
        self._assign("monitor_op", value)

    @property
    def filepath(self) -> str:
        """Where the best model is written."""
        return str(self._monitored("filepath", self._writer.directory + "/model-best.h5"))

    @filepath.setter
    def filepath(self, value: str) -> None:
        part = self._part("WandbBestModel")
        if part is not None:
            part.filepath = value

    def _monitored(self, attribute: str, default: Any) -> Any:
        for part in reversed(self.parts):
            if isinstance(part, (WandbBestModel, WandbBestMetric)) and hasattr(part, attribute):
                return getattr(part, attribute)
        return default

    def _assign(self, attribute: str, value: Any) -> None:
        for part in self.parts:
            if isinstance(part, (WandbBestModel, WandbBestMetric)):
                setattr(part, attribute, value)

    # -- what people override --------------------------------------------------------------------

    def _log_weights(self) -> dict[str, Any]:
        return dict(self._do("_log_weights"))

    def _log_gradients(self) -> dict[str, Any]:
        return dict(self._do("_log_gradients"))

    def _log_images(self, num_images: int = 36) -> list[Any]:
        return list(self._do("_log_images", num_images))

    def _attempt_evaluation_log(self, commit: bool = True) -> None:
        self._do("_attempt_evaluation_log", commit=commit)

    def get_flops(self) -> float:
        """Return the GFLOPs of the model's forward pass for one example."""
        return float(self._do("get_flops"))

    def _save_model(self, epoch: int) -> None:
        self._do("_save_model", epoch)

    def _save_model_as_artifact(self, epoch: int) -> None:
        self._do("_save_model_as_artifact", epoch)

    # -- hooks, of which the list forwards the others --------------------------------------------

    def set_model(self, model: Any) -> None:
        """Hand the model to every part; what was assigned since construction counts."""
        if self._writer.begin():
            self._begin_run()
        before, now = self._composed_from, self._settings()
        changed = {name for name in _SETTINGS if now[name] is not before[name]}
        if changed:
            kept = self.best, self.monitor_op
            self._recompose()
            if not changed & {"monitor", "_mode", "log_best_prefix"}:
                self.best, self.monitor_op = kept
        self._adopt_data_of_fit(model)
        super().set_model(model)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Forward to every part, then remember the monitored value."""
        super().on_epoch_end(epoch, logs)
        self.current = (logs or {}).get(self.monitor)


def _frequency(batches: Any) -> Any:
    """Return ``log_freq`` of the metrics logger; the sign of the legacy argument never mattered."""
    if not batches:
        return "epoch"
    if not isinstance(batches, Real) or batches != batches:
        raise ValueError(f"log_batch_frequency={batches!r}: expected a number of batches or None.")
    return abs(+batches)
