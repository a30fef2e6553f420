"""The parts, the legacy callback composed of them, and the list that stands for it.

The composition is written down here from the table of arguments, not taken from the package:
tests/contract/test_stub_world.py holds the two together.
"""

import inspect
import math
from types import GeneratorType

from keras.callbacks import Callback
from stage import FORMS, MADE, event, site, told


def need_run(who):
    import wandb

    if wandb.run is None:
        raise wandb.Error(f"You must call wandb.init() before {who}()")


def direction(monitor, mode):
    if mode in ("min", "max"):
        return mode
    if type(monitor).__name__ == "Unknown":
        return "min"
    if not isinstance(monitor, str):
        raise TypeError(f"argument of type {type(monitor).__name__!r} is not iterable")
    return "max" if "acc" in monitor or monitor.startswith("fmeasure") else "min"


class Part(Callback):
    """A callback of wandb's or ours: it tells of each hook, with what it was made of."""

    _batches = False

    def __init__(self, **given):
        super().__init__()
        need_run(type(self).__name__)
        self._given = given
        self._models = 0
        self._site = site()
        FORMS["parts"] += 1
        MADE.append((self._told(), self._site))

    def _told(self):
        given = tuple((name, told(value)) for name, value in sorted(self._given.items()))
        return "part", type(self).__name__, given

    def __repr__(self):
        return "<wandb>"

    def _tell(self, hook, *arguments):
        event("hook", hook, self._told_now(), self._models, arguments, self._site)

    def _told_now(self):
        return self._told()

    def set_model(self, model):
        super().set_model(model)
        self._models += 1
        self._tell("set_model", told(model))

    def on_train_begin(self, logs=None):
        self._tell("on_train_begin")

    def on_epoch_begin(self, epoch, logs=None):
        self._tell("on_epoch_begin", told(epoch))

    def on_epoch_end(self, epoch, logs=None):
        self._tell("on_epoch_end", told(epoch), told(logs))

    def on_train_end(self, logs=None):
        self._tell("on_train_end")

    def on_train_batch_end(self, batch, logs=None):
        if self._batches:
            self._tell("on_train_batch_end", told(batch), told(logs))

    def on_batch_end(self, batch, logs=None):
        if self._batches:
            self._tell("on_train_batch_end", told(batch), told(logs))


class _TakesDataOfFit(Part):
    """A part that shows what fit was given where it was given nothing itself."""

    _first = None  # what it drew of a generator

    def _told_now(self):
        kind, name, given = self._told()
        if isinstance(self._given["generator"], GeneratorType):
            if self._first is None:
                self._first = told(next(self._given["generator"]))
            given = tuple((n, self._first if n == "generator" else v) for n, v in given)
        if self._given["validation_data"] is None and self._given["generator"] is None:
            found = getattr(self.model, "fit_data", None)
            return kind, name, (*given, ("data of fit", told(found)))
        return kind, name, given


class WandbParameterHistograms(Part):
    def __init__(self):
        super().__init__()


class WandbGradientHistograms(Part):
    def __init__(self, training_data, batch_size=32):
        if training_data is None:
            raise ValueError("training_data is required for gradient logging")
        if isinstance(training_data, (list, tuple)) and len(training_data) != 2:
            raise ValueError("gradient logging needs training data of length two")
        super().__init__(training_data=training_data, batch_size=batch_size)


class WandbPredictionImages(_TakesDataOfFit):
    def __init__(
        self, validation_data=None, *, generator=None, input_type=None, output_type=None,
        labels=None, predictions=36, class_colors=None,
    ):  # fmt: skip
        super().__init__(
            validation_data=validation_data, generator=generator, input_type=input_type or None,
            output_type=output_type or None, labels=[] if labels is None else labels,
            predictions=min(predictions, 100), class_colors=class_colors,
        )  # fmt: skip


class WandbPredictionTable(_TakesDataOfFit):
    def __init__(
        self, validation_data=None, *, generator=None, validation_steps=None, labels=None,
        indexes=None, row_processor=None, prediction_row_processor=None,
        infer_missing_processors=True, frequency=0,
    ):  # fmt: skip
        super().__init__(
            validation_data=validation_data, generator=generator,
            validation_steps=validation_steps, labels=[] if labels is None else labels,
            indexes=indexes, row_processor=row_processor,
            prediction_row_processor=prediction_row_processor,
            infer_missing_processors=infer_missing_processors, frequency=frequency,
        )  # fmt: skip


class WandbModelFlops(Part):
    def __init__(self):
        super().__init__()


class WandbModelGraph(Part):
    def __init__(self):
        super().__init__()


class WandbMetricsLogger(Part):
    def __init__(self, log_freq="epoch", initial_global_step=0, *, key_style="trio"):
        if log_freq == "batch":
            log_freq = 1
        number = isinstance(log_freq, (int, float)) and not isinstance(log_freq, bool)
        if type(log_freq).__name__ == "Unknown":
            number, log_freq = True, 7.0
        if log_freq != "epoch" and not (number and log_freq > 0):
            raise ValueError(f"log_freq={log_freq!r}: expected 'epoch', 'batch' or a number")
        self._batches = log_freq != "epoch"
        super().__init__(
            log_freq=log_freq if isinstance(log_freq, str) else float(log_freq),
            initial_global_step=initial_global_step, key_style=key_style,
        )  # fmt: skip


class WandbBestMetric(Part):
    def __init__(self, monitor="val_loss", mode="auto", prefix="best_", verbose=0):
        self.monitor = monitor
        super().__init__(
            monitor=monitor, mode=direction(monitor, mode), prefix=prefix, verbose=verbose
        )


class WandbModelCheckpoint(Part):
    def __init__(
        self, filepath, monitor="val_loss", verbose=0, save_best_only=False,
        save_weights_only=False, mode="auto", save_freq="epoch", options=None,
        initial_value_threshold=None, *, artifact_name=None, **kwargs,
    ):  # fmt: skip
        self.monitor, self.verbose, self.filepath = monitor, verbose, filepath
        super().__init__(
            filepath=filepath, monitor=monitor, verbose=verbose, save_best_only=save_best_only,
            save_weights_only=save_weights_only, mode=mode, save_freq=save_freq, **kwargs,
        )  # fmt: skip


class WandbBestModel(Part):
    def __init__(
        self, monitor="val_loss", mode="auto", save_weights_only=False, verbose=0, prefix="best_"
    ):
        self.monitor = monitor
        # a prefix that is empty means none, whichever way it is written
        super().__init__(
            monitor=monitor, mode=direction(monitor, mode), verbose=verbose,
            save_weights_only=bool(save_weights_only), prefix=prefix or None,
        )  # fmt: skip


class WandbEvalCallback(Part):
    def __init__(self, data_table_columns, pred_table_columns, *args, **kwargs):
        super().__init__(data=data_table_columns, predictions=pred_table_columns)
        MADE.pop()  # told when it was made whole

    def _told_now(self):
        if hasattr(self, "read") and "inputs" not in vars(self):
            self.read()  # what the written class does when the training begins
        hidden = ("params", "validation_data", "rows") if hasattr(self, "read") else ("params",)
        state = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        state = {name: value for name, value in state.items() if name not in hidden}
        return "eval", type(self).__name__, tuple((n, told(v)) for n, v in sorted(state.items()))


class Forwarding(Callback):
    """A callback that hands each hook to its parts, in their order."""

    parts: tuple = ()

    def _told(self):
        parts = tuple(told(part) for part in self.parts)
        return parts[0] if len(parts) == 1 else ("wandb", parts)

    def __repr__(self):
        return "<wandb>"

    def set_params(self, params):
        self.params = params
        for part in self.parts:
            part.set_params(params)

    def set_model(self, model):
        self._model = model
        for part in self.parts:
            part.set_model(model)

    def on_train_begin(self, logs=None):
        for part in self.parts:
            part.on_train_begin(logs)

    def on_train_end(self, logs=None):
        for part in self.parts:
            part.on_train_end(logs)

    def on_epoch_begin(self, epoch, logs=None):
        for part in self.parts:
            part.on_epoch_begin(epoch, logs)

    def on_epoch_end(self, epoch, logs=None):
        for part in self.parts:
            part.on_epoch_end(epoch, logs)

    def on_train_batch_end(self, batch, logs=None):
        for part in self.parts:
            part.on_train_batch_end(batch, logs)

    def on_batch_end(self, batch, logs=None):
        self.on_train_batch_end(batch, logs)


class WandbCallbackList(Forwarding):
    def __init__(self, callbacks):
        super().__init__()
        self.parts = tuple(callbacks)
        FORMS["one"] += 1
        FORMS["parts"] -= len(self.parts)


_KEPT = {
    "monitor": "monitor", "verbose": "verbose", "save_weights_only": "save_weights_only",
    "log_weights": "log_weights", "log_gradients": "log_gradients", "save_model": "save_model",
    "training_data": "training_data", "validation_data": "validation_data", "labels": "labels",
    "predictions": "predictions", "generator": "generator", "input_type": "input_type",
    "output_type": "output_type", "log_evaluation": "log_evaluation",
    "validation_steps": "validation_steps", "class_colors": "class_colors",
    "log_batch_frequency": "log_batch_frequency", "log_best_prefix": "log_best_prefix",
    "save_graph": "save_graph", "compute_flops": "compute_flops",
}  # fmt: skip


class Legacy(Forwarding):
    """The old class: 26 arguments, its attributes, and parts composed of them."""

    def __init__(
        self, monitor="val_loss", verbose=0, mode="auto", save_weights_only=False,
        log_weights=False, log_gradients=False, save_model=True, training_data=None,
        validation_data=None, labels=None, predictions=36, generator=None, input_type=None,
        output_type=None, log_evaluation=False, validation_steps=None, class_colors=None,
        log_batch_frequency=None, log_best_prefix="best_", save_graph=True,
        validation_indexes=None, validation_row_processor=None, prediction_row_processor=None,
        infer_missing_processors=True, log_evaluation_frequency=0, compute_flops=False, **kwargs,
    ):  # fmt: skip
        given = inspect.getargvalues(inspect.currentframe()).locals
        super().__init__()
        need_run("WandbCallback")
        if mode not in ("min", "max"):
            mode = "auto"
        self._mode = mode
        for name, attribute in _KEPT.items():
            setattr(self, attribute, given[name])
        self.input_type = kwargs.get("data_type") or input_type
        self.predictions = min(predictions, 100)
        self.labels = [] if labels is None else labels
        self._validation_indexes = validation_indexes
        self._validation_row_processor = validation_row_processor
        self._prediction_row_processor = (
            kwargs.get("output_row_processor") or prediction_row_processor
        )
        self._infer_missing_processors = infer_missing_processors
        self._log_evaluation_frequency = log_evaluation_frequency
        self.current = None
        self.best = -math.inf if direction(monitor, mode) == "max" else math.inf
        self.filepath = "model-best.h5"
        self._compose()

    def monitor_op(self, value, best):
        return value > best if direction(self.monitor, self._mode) == "max" else value < best

    def _settings(self):
        return [getattr(self, attribute) for attribute in _KEPT.values()]

    def _compose(self):
        parts = []
        if self.log_weights:
            parts.append(WandbParameterHistograms())
        if self.log_gradients:
            parts.append(WandbGradientHistograms(self.training_data))
        if self.input_type or self.output_type:
            parts.append(
                WandbPredictionImages(
                    self.validation_data, generator=self.generator, input_type=self.input_type,
                    output_type=self.output_type, labels=self.labels,
                    predictions=self.predictions, class_colors=self.class_colors,
                )
            )  # fmt: skip
        if self.log_evaluation:
            parts.append(
                WandbPredictionTable(
                    self.validation_data, generator=self.generator,
                    validation_steps=self.validation_steps, labels=self.labels,
                    indexes=self._validation_indexes,
                    row_processor=self._validation_row_processor,
                    prediction_row_processor=self._prediction_row_processor,
                    infer_missing_processors=self._infer_missing_processors,
                    frequency=self._log_evaluation_frequency,
                )
            )  # fmt: skip
        if self.compute_flops:
            parts.append(WandbModelFlops())
        if self.save_graph:
            parts.append(WandbModelGraph())
        every = self.log_batch_frequency
        parts.append(WandbMetricsLogger(abs(+every) if every else "epoch", key_style="legacy"))
        if self.log_best_prefix:
            parts.append(
                WandbBestMetric(
                    self.monitor, self._mode, self.log_best_prefix,
                    0 if self.save_model else self.verbose,
                )
            )  # fmt: skip
        if self.save_model:
            parts.append(
                WandbBestModel(
                    self.monitor, self._mode, self.save_weights_only, self.verbose,
                    self.log_best_prefix,
                )
            )  # fmt: skip
        self.parts = tuple(parts)
        FORMS["kept"] += 1
        FORMS["parts"] -= len(parts)
        self._composed_of = self._settings()

    def set_model(self, model):
        if any(a is not b for a, b in zip(self._settings(), self._composed_of)):
            self._compose()
        super().set_model(model)

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        self.current = (logs or {}).get(self.monitor)
        if self.current is not None and self.monitor_op(self.current, self.best):
            self.best = self.current

    def get_flops(self):
        return 0.5
