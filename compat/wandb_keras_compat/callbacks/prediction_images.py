"""WandbPredictionImages: pictures of validation examples and what the model makes of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Any, Sequence

import numpy as np

from wandb_keras_compat._keras import fit_data, slots
from wandb_keras_compat._keras.batches import Batches
from wandb_keras_compat._keras.examples import Examples
from wandb_keras_compat._keras.predicting import is_stateful

from ._base import Callback, Logs
from ._pictures import captions, kind_of, picture, pixels

_PICTURES = ("image", "images", "segmentation_mask")


class WandbPredictionImages(Callback):
    """Log pictures of validation examples as ``examples``; stands before the metrics logger.

    Args:
        validation_data: What ``fit`` takes: ``x``, ``(x, y)`` or ``(x, y, sample_weight)``, x and
            y arrays of shape ``(examples, ...)``, or lists or dicts of them, of which those that
            are pictures are shown; or what gives batches. By default what ``fit`` got.
        generator: What gives batches; each epoch shows the next one.
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
        ValueError: If ``predictions`` is not positive.

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
        if predictions < 1:
            raise ValueError(f"predictions={predictions!r}: expected a number of examples above 0.")
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
        self._given = None if generator is None else Batches(generator)
        self._batches: Any = self._given
        self._data = validation_data
        self._fit = fit_data.Fit()

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
        self._fit = fit_data.of_fit(self._model)
        if self.validation_data is None and self.generator is None:
            found = self._fit.data
            if fit_data.is_arrays(found):
                self._data = found
            elif found is not None:
                self._batches = Batches(found)
        else:
            self._fit = replace(self._fit, prepared=False)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Add the pictures to the row of this epoch."""
        if not {self.input_type, self.output_type} & {*_PICTURES, "auto"}:
            return
        with self._writer.guard("the example images", "check input_type, output_type and the data"):
            if self._batches is not None:
                self._data = self._batches.draw()
            if self._data is None:
                self._writer.warn(
                    "No validation_data set, pass a generator to the callback, or validation_data"
                    " to it or to fit (a generator without validation_steps is left to fit alone)."
                )
            else:
                examples = self.images(self.predictions)
                if examples and self.logs_here:
                    self._writer.log({"examples": examples}, commit=False)

    def images(self, num_images: int = 36) -> list[Any]:
        """Return a ``wandb.Image`` for each example, with its target and prediction beside it.

        Args:
            num_images: How many examples.
        """
        examples, outputs = self._examples(num_images)
        inputs, targets = examples.inputs, examples.targets
        kinds_in = _kinds(inputs, self.input_type, risky=True)
        kinds_out = _kinds(outputs, self.output_type or ("auto" if kinds_in else None))
        shown_in, shown_out = _pictured(kinds_in), _pictured(kinds_out)
        columns = [
            self._show(inputs[slot], kinds_in[slot] if shown_out else None) for slot in shown_in
        ]
        for slot in shown_out:
            columns.append(self._show(outputs[slot], kinds_out[slot]))
            alone = len(outputs) == len(targets) == 1
            truth = next(iter(targets.values())) if alone else targets.get(slot)
            if truth is not None and np.ndim(truth) >= 3:
                columns.append(self._show(truth, kinds_out[slot]))
        told, kinds = (outputs, kinds_out) if shown_in else (inputs, kinds_in)
        names = self._captions({slot: told[slot] for slot in kinds if kinds[slot] == "label"})
        return _rows(columns, names)

    def _examples(self, num_images: int) -> tuple[Examples, dict[str, Any]]:
        """Return the examples to show, and what the model predicts for them."""
        model = self.model
        data = slots.unpack(self._data)
        of_batch = self._fit.batch_size if self._batches is None else None
        options: Any = {"batch_size": of_batch, "prepared": self._fit.prepared}
        size = max(map(slots.count, slots.named(data[0], (), "").values()), default=0)
        if size <= num_images:
            examples = Examples(model, [data], **options)
            return examples, examples.predict(model)
        chosen = np.random.choice(size, num_images, replace=False)
        x, y = (slots.take(part, chosen) for part in data)
        examples = Examples(model, [(x, y)], **options)
        if not is_stateful(model):
            return examples, examples.predict(model)
        outputs = Examples(model, [data], **options).predict(model)  # each follows from the last
        return examples, slots.take(outputs, chosen)

    def _show(self, arrays: Any, kind: str | None) -> Any:
        return pixels(arrays, self.class_colors) if kind == "segmentation_mask" else arrays

    def _captions(self, named: dict[str, Any]) -> list[Any] | None:
        if len(named) == 1:
            return captions(next(iter(named.values())), self.labels)
        each = []
        for name, values in named.items():
            classes = values.shape[-1] if values.ndim == 2 else 0
            labels = self.labels if len(self.labels) == max(classes, 2) else []
            each.append([f"{name}: {caption}" for caption in captions(values, labels)])
        return [", ".join(parts) for parts in zip(*each)] or None


def _kinds(named: dict[str, Any], given: str | None, risky: bool = False) -> dict[str, str | None]:
    """Return what each slot is: as given for a single one, else by shape where that fits."""
    if given is None:
        return {}
    if len(named) == 1 and given != "auto":
        return dict.fromkeys(named, given)
    kinds = {
        name: kind_of(values.shape, risky) if isinstance(values, np.ndarray) else None
        for name, values in named.items()
    }
    if given == "auto":
        return kinds
    pictured = given in _PICTURES
    return {name: kind for name, kind in kinds.items() if (kind in _PICTURES) == pictured}


def _pictured(kinds: dict[str, str | None]) -> list[str]:
    return [name for name, kind in kinds.items() if kind in _PICTURES]


def _rows(columns: list[Any], names: list[Any] | None) -> list[Any]:
    """Return the pictures row by row; the first of a row says how many belong together."""
    import wandb

    made = []
    for number, column in enumerate(columns):
        grouping = len(columns) if number == 0 and len(columns) > 1 else None
        captioned = zip(column, names or [None] * len(column))
        made.append([wandb.Image(picture(a), caption=c, grouping=grouping) for a, c in captioned])
    return list(chain.from_iterable(zip(*made)))
