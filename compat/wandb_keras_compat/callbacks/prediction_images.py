"""WandbPredictionImages: pictures of validation examples and what the model makes of them."""

from __future__ import annotations

from itertools import chain
from typing import Any, Sequence

import numpy as np

from wandb_keras_compat import _run
from wandb_keras_compat._keras import fit_data

from ._base import Callback, Logs
from ._pictures import captions, kind_of, picture, pixels

_PICTURES = ("image", "images", "segmentation_mask")


class WandbPredictionImages(Callback):
    """Log pictures of validation examples as ``examples``; stands before the metrics logger.

    Args:
        validation_data: ``(x, y)``, x of shape ``(examples, ...)``; by default what ``fit`` got.
        generator: Iterator of ``(x, y)`` batches; each epoch shows the next batch.
        input_type: ``"image"``, ``"images"``, ``"segmentation_mask"``, ``"label"``, or ``"auto"``
            to tell by the shape of the input.
        output_type: Likewise; by default told by the shape of the output.
        labels: Names of the classes, for captions.
        predictions: How many examples to show, drawn at random when there are more (at most 100).
        class_colors: ``(classes, 3)`` colours in 0..1 for segmentation masks.
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.

    Example:
        >>> WandbPredictionImages((xv, yv), input_type="image")  # doctest: +SKIP
    """

    def __init__(
        self,
        validation_data: Any = None,
        *,
        generator: Any = None,
        input_type: str | None = None,
        output_type: str | None = None,
        labels: Sequence[Any] | None = None,
        predictions: int = 36,
        class_colors: Any = None,
        log_on: str = "chief",
        run: Any = None,
    ) -> None:
        super().__init__(log_on=log_on, run=run)
        if validation_data is not None and not fit_data.is_arrays(validation_data):
            generator, validation_data = validation_data, None
        self.validation_data = validation_data
        self.generator = generator
        self.input_type = input_type
        self.output_type = output_type
        self.labels: Sequence[Any] = [] if labels is None else labels
        self.predictions = min(predictions, 100)
        self.class_colors = class_colors
        self._given = None if generator is None else fit_data.Batches(generator)
        self._batches: Any = self._given
        self._data = validation_data
        self._batch_size: int | None = None

    def set_model(self, model: Any) -> None:
        """Take the model and tell the types of its input and output by their shapes."""
        super().set_model(model)
        inputs: Any = getattr(model, "inputs", None) or ()
        outputs: Any = getattr(model, "outputs", None) or ()
        if self.input_type == "auto" and len(inputs) == 1:
            self.input_type = kind_of(inputs[0].shape, risky=True)
        if self.input_type and self.output_type is None and len(outputs) == 1:
            self.output_type = kind_of(outputs[0].shape)

    def on_train_begin(self, logs: Logs = None) -> None:
        """Look for validation data in ``fit`` if none was given."""
        self._data, self._batches = self.validation_data, self._given
        if self.validation_data is None and self.generator is None:
            found = fit_data.validation_data_of_fit(self._model)
            if fit_data.is_arrays(found):
                self._data = found
            elif found is not None:
                self._batches = fit_data.Batches(found)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Add the pictures to the row of this epoch."""
        if self.input_type not in _PICTURES and self.output_type not in _PICTURES:
            return
        with _run.guard("the example images", "check input_type, output_type and the data"):
            if self._batches is not None:
                self._data = self._batches.draw()
            if self._data is None:
                _run.warn(
                    "No validation_data set, pass a generator to the callback, or validation_data"
                    " to it or to fit (a generator without validation_steps is left to fit alone)."
                )
            else:
                examples = self.images(self.predictions)
                if self.logs_here:
                    _run.log({"examples": examples}, commit=False)

    def images(self, num_images: int = 36) -> list[Any]:
        """Return a ``wandb.Image`` for each example, with its target and prediction beside it.

        Args:
            num_images: How many examples.
        """
        x, y = (fit_data.arrays(slot) for slot in self._data[:2])
        chosen: Any = range(len(x))
        if len(x) > num_images:
            chosen = np.random.choice(len(x), num_images, replace=False)
        examples, targets = [x[i] for i in chosen], [y[i] for i in chosen]
        outputs = self._predict(np.stack(examples))
        if self.input_type == "label":
            names = captions(examples, self.labels)
            shown, truth = (
                self._show(outputs, self.output_type),
                self._show(targets, self.output_type),
            )
            return _rows(_images(shown, names, grouping=2), _images(truth, names))
        if self.input_type not in _PICTURES:
            shown, truth = (
                self._show(outputs, self.output_type),
                self._show(targets, self.output_type),
            )
            return _rows(_images(shown, grouping=2), _images(truth))
        if self.output_type == "label":
            return _images(examples, captions(outputs, self.labels))
        if self.output_type in _PICTURES:
            shown, truth = (
                self._show(outputs, self.output_type),
                self._show(targets, self.output_type),
            )
            inputs = self._show(examples, self.input_type)
            return _rows(_images(inputs, grouping=3), _images(shown), _images(truth))
        return _images(examples)

    def _show(self, arrays: Any, kind: str | None) -> Any:
        return pixels(arrays, self.class_colors) if kind == "segmentation_mask" else arrays

    def _predict(self, x: Any) -> Any:
        model = self.model
        if fit_data.is_stateful(model):
            outputs = fit_data.predict(model, x, batch_size=1)
            fit_data.reset_states(model)
            return outputs
        outputs = fit_data.predict(model, x, self._batch_size)
        if len(outputs) != len(x):  # a model that can only take one example at a time
            self._batch_size = 1
            outputs = fit_data.predict(model, x, self._batch_size)
        return outputs


def _images(arrays: Any, names: Any = None, grouping: int | None = None) -> list[Any]:
    import wandb

    names = [None] * len(arrays) if names is None else names
    return [
        wandb.Image(picture(array), caption=name, grouping=grouping)
        for array, name in zip(arrays, names)
    ]


def _rows(*columns: list[Any]) -> list[Any]:
    return list(chain.from_iterable(zip(*columns)))
