"""Walking training data batch by batch, whatever the user holds it in."""

from __future__ import annotations

from typing import Any, Callable, Iterator, Tuple

import numpy as np

from wandb_keras_compat import _run

from . import to_numpy

Batch = Tuple[Any, Any, Any]  # x, y, sample_weight; each an array, or a list or dict of arrays

# Where the end cannot be known beforehand, walking stops here.
_MAX_BATCHES = 1000
_MAX_KEPT_BYTES = 2**30


def map_arrays(function: Callable[[Any], Any], tree: Any) -> Any:
    """Return the tree of lists, tuples and dicts with the function applied to each array in it."""
    if isinstance(tree, dict):
        return {key: map_arrays(function, value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [map_arrays(function, value) for value in tree]
    return None if tree is None else function(tree)


def _arrays(tree: Any) -> Iterator[Any]:
    if isinstance(tree, (dict, list, tuple)):
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _arrays(value)
    elif tree is not None:
        yield tree


def _is_array(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "__getitem__")


class TrainingData:
    """Training data that can be walked again and again.

    Args:
        x: Arrays (one, or a list or dict of them), or something that gives batches: a
            ``tf.data.Dataset``, a Sequence or PyDataset, a ``DataLoader``, a generator.
        y: Targets where x is arrays, else None.
        batch_size: Rows of a batch, where x is arrays.

    Raises:
        TypeError: If ``x`` is neither.
    """

    def __init__(self, x: Any, y: Any, batch_size: int) -> None:
        self._x, self._y, self.batch_size = _plain(x), _plain(y), batch_size
        self.is_arrays = all(map(_is_array, _arrays(self._x)))
        self._kept: tuple[Any, ...] | None = None  # of a generator, which can be walked once
        if not self.is_arrays and not any(hasattr(x, a) for a in ("__iter__", "__getitem__")):
            raise TypeError(
                f"training_data={x!r}: expected (x, y), or something that gives batches: a"
                " tf.data.Dataset, a Sequence, a DataLoader or a generator."
            )

    def batches(self, together: int = 1) -> Iterator[Batch]:
        """Yield the batches in order.

        Args:
            together: How many batches of arrays to give at once (default 1).
        """
        if not self.is_arrays:
            for item in self._items():
                batch = tuple(item) if isinstance(item, (tuple, list)) else (item,)
                if len(batch) > 3:
                    batch = (item,)
                yield (*batch, None, None)[:3]
            return
        rows = next(_arrays(self._x)).shape[0]
        step = self.batch_size * together
        for start in range(0, int(rows), step):
            part = slice(start, start + step)
            yield _cut(self._x, part), _cut(self._y, part), None

    def _items(self) -> Iterator[Any]:
        source: Any = self._x
        if hasattr(source, "__next__"):
            if self._kept is None:
                self._kept = tuple(_bounded(source, _MAX_KEPT_BYTES))
            return iter(self._kept)
        batches = length(source)
        if batches is None:
            return _bounded(iter(source))
        if hasattr(source, "__getitem__"):
            return (source[index] for index in range(batches))
        return iter(source)


def _plain(tree: Any) -> Any:
    """Return the tree with data frames, and lists of plain values, as numpy arrays.

    Of SciPy's sparse matrices one kind alone is cut by rows and by each release of SciPy.
    """
    if isinstance(tree, dict):
        return {key: _plain(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        first = tree
        while isinstance(first, (list, tuple)) and first:
            first = first[0]
        if isinstance(first, (bool, int, float, str)):
            return np.asarray(tree)
        return [_plain(value) for value in tree]
    if hasattr(tree, "tocsr"):
        return tree.tocsr()
    return np.asarray(tree) if hasattr(tree, "iloc") else tree


def _cut(tree: Any, part: slice) -> Any:
    return map_arrays(lambda array: as_floatx(array[part]), tree)


def as_floatx(array: Any) -> Any:
    """Return an array as every Keras' fit gives it to the model.

    Double precision becomes single precision, rows of SciPy's sparse matrices become dense.
    """
    if hasattr(array, "tocsr"):
        array = array.toarray()
    if isinstance(array, np.ndarray) and array.dtype == np.float64:
        return array.astype(np.float32)
    return array


def length(source: Any) -> int | None:
    """Return the number of batches of a source, or None where it does not say."""
    try:
        length = source.num_batches if hasattr(source, "num_batches") else len(source)
    except (TypeError, NotImplementedError):
        return None
    return None if length is None else int(length)


def _bounded(source: Iterator[Any], max_bytes: int | None = None) -> Iterator[Any]:
    """Yield from something that may never end, to the limits; say so when they are met."""
    size = 0
    for count, item in enumerate(source):
        if count == _MAX_BATCHES or (max_bytes is not None and size > max_bytes):
            _run.warn(
                f"training_data has no known end: gradients are summed over its first {count}"
                " batches. Pass arrays, a Sequence or a finite dataset to choose the data."
            )
            return
        if max_bytes is not None:
            size += sum(to_numpy(array).nbytes for array in _arrays(item))
        yield item
