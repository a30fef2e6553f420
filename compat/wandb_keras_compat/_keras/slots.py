"""Slots: what goes into a model and comes out of it, by name and row by row, whatever holds it."""

from __future__ import annotations

import sys
from typing import Any, Callable, Dict, Iterator, List, Sequence, Union

import numpy as np

from . import to_numpy

# One slot as a table shows it: an array of shape (rows, ...), or a list where the rows are strings
# or differ in length.
Rows = Union[np.ndarray, List[Any]]
Named = Dict[str, Any]

_MAX_DENSE_BYTES = 2**30


def unpack(batch: Any) -> tuple[Any, Any]:
    """Return inputs and targets of a batch, or of what ``fit`` takes as ``validation_data``.

    Every Keras' ``fit`` takes a tuple or list for ``(x,)``, ``(x, y)`` or ``(x, y, sample_weight)``
    and anything else for x alone; the targets are None where there are none.

    Raises:
        ValueError: If it is a tuple or list of another length.
    """
    parts = tuple(batch) if isinstance(batch, (tuple, list)) else (batch,)
    if not 1 <= len(parts) <= 3:
        raise ValueError(
            f"validation_data with {len(parts)} parts: expected x, (x, y) or (x, y, sample_weight)"
        )
    return parts[0], parts[1] if len(parts) > 1 else None


def is_array(value: Any) -> bool:
    """Whether a value is one slot: an array, tensor, data frame, ragged or sparse."""
    known = ("__array__", "dense_shape", "row_splits", "tocsr", "todense")
    return not isinstance(value, np.generic) and any(hasattr(value, name) for name in known)


def _is_several(tree: Any) -> bool:
    """Whether a list or tuple is one of slots, rather than of plain values."""
    return (
        isinstance(tree, (list, tuple))
        and len(tree) > 0
        and (is_array(tree[0]) or isinstance(tree[0], dict) or _is_several(tree[0]))
    )


def mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    """Return dicts and lists of slots with the function applied to each slot."""
    if isinstance(tree, dict):
        return {name: mapped(function, slot) for name, slot in tree.items()}
    if _is_several(tree):
        return [mapped(function, slot) for slot in tree]
    return None if tree is None else function(tree)


def named(tree: Any, names: Sequence[str], single: str) -> Named:
    """Return the slots by name.

    Args:
        tree: One slot, or a list or dict of them, nested or not; None for none.
        names: The model's names for a list of them.
        single: Name of a slot that stands alone; numbered where the model has no names.
    """
    while _is_several(tree) and len(tree) == 1:
        tree = tree[0]
    if _is_several(tree) and len(tree) == len(names):
        tree = dict(zip(names, tree))
    return dict(_flat("" if isinstance(tree, dict) else single, tree))


def _flat(name: str, tree: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, dict):
        for key, slot in tree.items():
            yield from _flat(f"{name}/{key}" if name else str(key), slot)
    elif _is_several(tree):
        for number, slot in enumerate(tree, start=1):
            yield from _flat(f"{name}_{number}", slot)
    elif tree is not None:
        yield name, tree


def names_of(model: Any) -> tuple[list[str], list[str]]:
    """Return a model's input and output names; none for a subclassed model."""
    inputs = getattr(model, "input_names", None)
    if inputs is None:
        inputs = [tensor.name for tensor in getattr(model, "inputs", None) or ()]
    return list(inputs), list(getattr(model, "output_names", None) or ())


def count(slot: Any) -> int:
    """Return the number of rows of a slot.

    Raises:
        ValueError: If it has no rows.
    """
    shape = getattr(slot, "shape", None)
    if shape is None and hasattr(slot, "__len__") and not isinstance(slot, str):
        return len(slot)
    if shape is None or len(shape) == 0:
        raise ValueError(f"validation_data holds a {type(slot).__name__}, which has no rows")
    return int(shape[0])


def take(tree: Any, chosen: Sequence[int]) -> Any:
    """Return chosen rows of each slot, still in the form that ``predict`` takes."""
    return mapped(lambda slot: _take(slot, list(chosen)), tree)


def _take(slot: Any, chosen: list[int]) -> Any:
    if hasattr(slot, "iloc"):
        return slot.iloc[chosen]
    if isinstance(slot, (list, tuple)):
        return [slot[index] for index in chosen]
    if type(slot).__module__.startswith("tensorflow."):
        tf = sys.modules["tensorflow"]
        if not hasattr(slot, "dense_shape"):
            return tf.gather(slot, chosen)
        first, size = [0] * (len(slot.shape) - 1), [int(n) for n in slot.shape[1:]]
        cuts = [tf.sparse.slice(slot, [index, *first], [1, *size]) for index in chosen]
        return tf.sparse.concat(0, cuts)
    return slot[np.asarray(chosen, dtype=np.int64)]


def rows(slot: Any) -> Rows:
    """Return a slot row by row, as a table shows it: numbers as they are, bytes as text.

    Raises:
        ValueError: If it is sparse and takes more than 1 GiB when it is not.
    """
    if hasattr(slot, "row_splits"):  # ragged: TensorFlow's own lists
        return _plain(slot.to_list())
    values = to_numpy(_dense(slot))
    if values.dtype.kind == "V":  # bfloat16 and the like, which W&B cannot write
        values = values.astype(np.float32)
    if values.dtype.kind not in "OSU":
        return values
    if values.ndim == 2 and values.shape[1] == 1:  # one text a row, however it is stacked
        values = values[:, 0]
    listed = _plain(values.tolist())
    cells = np.asarray(listed, dtype=object)  # of lists, where rows differ in length
    numbers = {type(cell) for cell in cells.flat} <= {bool, int, float}
    return np.asarray(listed) if numbers else listed


def _dense(slot: Any) -> Any:
    sparse = hasattr(slot, "dense_shape") or hasattr(slot, "tocsr") or hasattr(slot, "todense")
    if not sparse and not getattr(slot, "is_sparse", False):
        return slot
    size = 8 * int(np.prod([int(n) for n in slot.shape]))
    if size > _MAX_DENSE_BYTES:
        raise ValueError(
            f"sparse validation_data of shape {tuple(slot.shape)} takes {size / 2**30:.0f} GiB in a"
            " table: pass part of it as validation_data to the callback"
        )
    if hasattr(slot, "dense_shape"):
        tf = sys.modules["tensorflow"]
        return tf.sparse.to_dense(tf.sparse.reorder(slot))
    for method in ("toarray", "todense", "to_dense"):  # SciPy, JAX, torch
        if hasattr(slot, method):
            return getattr(slot, method)()
    return slot


def _plain(value: Any) -> Any:
    """Return nested lists with text decoded and arrays as lists."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.item() if isinstance(value, np.generic) else value


def joined(parts: Sequence[Rows]) -> Rows:
    """Return the rows of several parts in order: an array where they are alike, else a list."""
    if len(parts) == 1:
        return parts[0]
    shapes = {part.shape[1:] if isinstance(part, np.ndarray) else None for part in parts}
    if len(shapes) == 1 and None not in shapes:
        return np.concatenate(parts, axis=0)
    return [_plain(row) for part in parts for row in part]
