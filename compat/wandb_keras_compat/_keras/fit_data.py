"""The validation data a callback works on: its own, or what ``fit`` was given, in one shape."""

from __future__ import annotations

import sys
import time
from typing import Any, Iterator

import numpy as np

from . import to_numpy


def validation_data_of_fit(model: Any) -> Any:
    """Return the ``validation_data`` of the ``fit`` call that is training a model, or None.

    Nothing is patched: the frame named ``fit`` whose ``self`` is the model stands further up the
    stack. With ``validation_split`` it holds the part that was split off.

    An iterator is shared with ``fit``, as it was by W&B's callback, only if ``fit`` was given
    ``validation_steps`` and so expects it to be endless. Without, ``fit`` needs every batch of it:
    then the answer is None.
    """
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "fit" and frame.f_locals.get("self") is model:
            data = frame.f_locals.get("validation_data")
            if _is_one_shot(data) and frame.f_locals.get("validation_steps") is None:
                return None
            return data
        frame = frame.f_back  # type: ignore[assignment]
    return None


def is_arrays(data: Any) -> bool:
    """Whether data is ``(x, y)`` or ``(x, y, sample_weight)``; anything else comes in batches."""
    return isinstance(data, (tuple, list)) and len(data) in (2, 3)


def _is_one_shot(data: Any) -> bool:
    """Whether what is drawn from data is gone; Keras' image iterators are Sequences as well."""
    return hasattr(data, "__next__") and not hasattr(data, "__getitem__")


class Batches:
    """Draws batches from a generator, a Sequence or PyDataset, a dataset or a DataLoader.

    A generator is drawn from as it is. What can be iterated again starts anew at its end.

    Args:
        source: What gives ``(x, y)`` batches.
    """

    def __init__(self, source: Any) -> None:
        self.source = source
        self._iterator: Iterator[Any] | None = None

    def draw(self) -> tuple[Any, Any]:
        """Return the next batch's inputs and targets as numpy arrays.

        Raises:
            StopIteration: If a generator is exhausted or there is no batch at all.
        """
        if hasattr(self.source, "__next__"):
            while getattr(self.source, "gi_running", False):  # fit's prefetching thread is in it
                time.sleep(0.001)
            batch = next(self.source)
        else:
            batch = None if self._iterator is None else next(self._iterator, None)
            if batch is None:
                self._iterator = _iterate(self.source)
                batch = next(self._iterator)
        return arrays(batch[0]), arrays(batch[1])

    def gather(self, steps: int) -> tuple[Any, Any]:
        """Return ``steps`` batches joined along their first axis."""
        drawn = [self.draw() for _ in range(steps)]
        return _join([x for x, _ in drawn]), _join([y for _, y in drawn])


def _iterate(source: Any) -> Iterator[Any]:
    if hasattr(source, "__iter__"):
        return iter(source)
    return (source[index] for index in range(len(source)))  # a PyDataset has no end of its own


def arrays(value: Any) -> Any:
    """Return a slot, or a dict, list or tuple of slots, as numpy arrays."""
    if isinstance(value, dict):
        return {name: arrays(slot) for name, slot in value.items()}
    if isinstance(value, (list, tuple)) and value and hasattr(value[0], "shape"):
        return [arrays(slot) for slot in value]
    return to_numpy(value)


def _join(values: list[Any]) -> Any:
    first = values[0]
    if isinstance(first, dict):
        return {name: _join([value[name] for value in values]) for name in first}
    if isinstance(first, list):
        return [_join([value[i] for value in values]) for i in range(len(first))]
    return np.concatenate(values, axis=0)


def slots(values: Any, names: list[str]) -> Any:
    """Return several slots by name and a single slot as it is.

    Args:
        values: One array, or a list or dict of arrays.
        names: The model's names for them.
    """
    if isinstance(values, (list, tuple)) and len(names) == len(values) > 1:
        return dict(zip(names, values))
    return values


def slot_names(model: Any) -> tuple[list[str], list[str]]:
    """Return a model's input and output names; none for a subclassed model."""
    inputs = getattr(model, "input_names", None)
    if inputs is None:
        inputs = [tensor.name for tensor in getattr(model, "inputs", None) or ()]
    return list(inputs), list(getattr(model, "output_names", None) or ())


def predict(model: Any, x: Any, batch_size: int | None = None) -> Any:
    """Return a model's predictions as numpy arrays, silently; ``fit`` returns its own history."""
    history = getattr(model, "history", None)
    try:
        return model.predict(x, batch_size=batch_size, verbose=0)
    finally:
        if history is not None:  # Keras replaced it by an empty one, and fit returns what is there
            model.history = history


def is_stateful(model: Any) -> bool:
    """Whether a model carries state from one batch to the next (stateful RNNs)."""
    own = getattr(model, "stateful", None)
    return bool(any(getattr(la, "stateful", False) for la in model.layers) if own is None else own)


def reset_states(model: Any) -> None:
    """Forget what a stateful model carries over."""
    if hasattr(model, "reset_states"):
        model.reset_states()
        return
    for layer in model.layers:
        if getattr(layer, "stateful", False):
            layer.reset_state()
