"""Batches of validation data, drawn from whatever gives them."""

from __future__ import annotations

import time
from typing import Any, Iterator

from wandb_keras_compat import _run

from . import slots
from .training_data import length

_ENDLESS = -1  # what tf.data calls the cardinality of a dataset without an end
_MAX_BATCHES = 1000
_MAX_BYTES = 2**30


def is_one_shot(source: Any) -> bool:
    """Whether what is drawn is gone; Keras' image iterators are Sequences as well."""
    return hasattr(source, "__next__") and not hasattr(source, "__getitem__")


class Batches:
    """Draws ``(x, y)`` from a generator, a Sequence or PyDataset, a dataset or a DataLoader.

    A generator is drawn from as it is. What can be iterated again starts anew at its end.

    Args:
        source: What gives batches ``x``, ``(x, y)`` or ``(x, y, sample_weight)``.
    """

    def __init__(self, source: Any) -> None:
        self.source = source
        self._iterator: Iterator[Any] | None = None

    def is_endless(self) -> bool:
        """Whether it may go on for ever, so that somebody has to say how many batches to draw."""
        if is_one_shot(self.source):
            return True
        if hasattr(self.source, "cardinality"):
            return int(self.source.cardinality()) == _ENDLESS
        return getattr(self.source, "num_batches", 0) is None  # a PyDataset

    def draw(self) -> tuple[Any, Any]:
        """Return the next batch's inputs and targets, as the source holds them.

        Raises:
            StopIteration: If a generator is exhausted or there is no batch at all.
        """
        if hasattr(self.source, "__next__"):
            batch = next(self._from_generator(), None)
            if batch is None:
                raise StopIteration("the generator gives no further batch")
            return slots.unpack(batch)
        batch = None if self._iterator is None else next(self._iterator, None)
        if batch is None:
            self._iterator = self._from_the_start()
            batch = next(self._iterator)
        return slots.unpack(batch)

    def gather(self, steps: int | None = None) -> list[tuple[Any, Any]]:
        """Return the batches up to the end of the data, none of them twice.

        Args:
            steps: How many at most; by default 1000, or 1 GiB, with a warning when there are more.

        Raises:
            ValueError: If there is none.
        """
        source = self._from_generator() if is_one_shot(self.source) else self._from_the_start()
        drawn: list[tuple[Any, Any]] = []
        size = 0
        while steps is None or len(drawn) < steps:
            batch = next(source, None)
            if batch is None:
                break
            if steps is None and (len(drawn) == _MAX_BATCHES or size > _MAX_BYTES):
                _run.warn(
                    f"The evaluation table shows the first {len(drawn)} batches of the validation"
                    " data: pass validation_steps to choose how many."
                )
                break
            x, y = slots.unpack(batch)
            size += sum(
                getattr(slots.rows(s), "nbytes", 0) for s in slots.named(x, (), "").values()
            )
            drawn.append((x, y))
        if not drawn:
            raise ValueError("the validation data gives no batch")
        return drawn

    def _from_generator(self) -> Iterator[Any]:
        while True:
            while getattr(self.source, "gi_running", False):  # fit's prefetching thread is in it
                time.sleep(0.001)
            try:
                yield next(self.source)
            except StopIteration:
                return

    def _from_the_start(self) -> Iterator[Any]:
        batches = length(self.source) if hasattr(self.source, "__getitem__") else None
        if batches is None:
            return iter(self.source)
        return (self.source[index] for index in range(batches))
