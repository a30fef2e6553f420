"""Validation examples: what ``predict`` takes, and what tables and pictures show of them."""

from __future__ import annotations

from typing import Any, List, Sequence, Tuple

import numpy as np

from . import slots, to_numpy
from .predicting import fixed_batch_size, is_stateful, predict, states_kept
from .slots import Named

Parts = List[Tuple[Any, Any]]


class Examples:
    """Examples with their inputs and targets by slot, and what a model predicts for them.

    Args:
        model: The model; its names are those of the slots.
        parts: Arrays or batches, as ``(x, y)``; y is None where there are no targets.
        batch_size: Rows of a batch for a model that carries state from one to the next; by default
            those of the first part.
        prepared: Whether x is what Keras' own ``predict`` takes, not the model's override.

    Attributes:
        inputs: Rows of each slot, by name; ``input`` where there is one.
        targets: Likewise, ``target``; empty where there are none.

    Raises:
        ValueError: If there are no rows, or slots of different numbers of rows.
    """

    def __init__(
        self, model: Any, parts: Parts, batch_size: int | None = None, prepared: bool = False
    ) -> None:
        inputs, outputs = slots.names_of(model)
        xs = [_rows(slots.named(x, inputs, "input")) for x, _ in parts]
        ys = [_rows(slots.named(y, outputs, "target")) for _, y in parts]
        self._sizes = [_size(x, y) for x, y in zip(xs, ys)]
        self._batch_size = batch_size or self._sizes[0]
        self._prepared = prepared
        self.inputs, self.targets = _joined(xs), _joined(ys)
        self._xs = [x for x, _ in parts]
        if len(parts) > 1 and all(isinstance(x, np.ndarray) for x in self.inputs.values()):
            values = iter(self.inputs.values())  # batches that are alike are predicted at once
            self._xs = [slots.mapped(lambda _: next(values), self._xs[0])]
            self._sizes = [sum(self._sizes)]

    def __len__(self) -> int:
        return sum(self._sizes)

    def predict(self, model: Any) -> Named:
        """Return the model's outputs row by row, by slot; ``output`` where there is one.

        Args:
            model: The model.

        Raises:
            ValueError: If there are not as many rows as examples.
        """
        with states_kept(model):
            return _joined([self._part(model, x, n) for x, n in zip(self._xs, self._sizes)])

    def _part(self, model: Any, x: Any, size: int) -> Named:
        fixed = fixed_batch_size(model)
        if fixed is None and is_stateful(model):
            fixed = self._batch_size
        if fixed is not None:
            padding = -size % fixed
            padded = slots.take(x, [*range(size), *[size - 1] * padding]) if padding else x
            outputs = self._outputs(model, padded, size + padding, fixed)
            return {name: values[:size] for name, values in outputs.items()}
        outputs = self._outputs(model, x, size, size if len(self._xs) > 1 else None)
        if size > 1 and all(len(values) < size for values in outputs.values()):
            outputs = self._outputs(model, x, size, 1)  # it takes one example at a time
        for name, values in outputs.items():
            if len(values) != size:
                raise ValueError(f"{name}: the model predicts {len(values)} rows for {size}")
        return outputs

    def _outputs(self, model: Any, x: Any, size: int, batch_size: int | None) -> Named:
        found = predict(model, x, batch_size, self._prepared)
        outputs = _rows(slots.named(found, slots.names_of(model)[1], "output"))
        uneven = any(len(values) != size for values in outputs.values())
        if uneven and isinstance(found, list) and len(found) == size:  # an override's own form
            return {"output": slots.joined([to_numpy(row)[None] for row in found])}
        return outputs


def _rows(named: Named) -> Named:
    for slot in named.values():
        slots.count(slot)
    return {name: slots.rows(slot) for name, slot in named.items()}


def _size(inputs: Named, targets: Named) -> int:
    sizes = {name: len(values) for name, values in (*inputs.items(), *targets.items())}
    if len(set(sizes.values())) != 1 or not all(sizes.values()):
        told = ", ".join(f"{name}: {size}" for name, size in sizes.items()) or "nothing"
        raise ValueError(f"expected as many rows of each input and target, found {told}")
    return next(iter(sizes.values()))


def _joined(parts: Sequence[Named]) -> Named:
    return {name: slots.joined([part[name] for part in parts]) for name in parts[0]}
