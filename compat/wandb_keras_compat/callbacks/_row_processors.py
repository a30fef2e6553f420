"""Columns that a table of predictions gets without being asked: classes, scores, images, ..."""

from __future__ import annotations

from typing import Any, Callable, Dict

import numpy as np

from ._pictures import picture

# (value of the row, the row's input) -> cell
Column = Callable[[Any, Any], Any]
Columns = Dict[str, Column]
RowProcessor = Callable[[Any, Dict[str, Any]], Dict[str, Any]]


def infer_validation(
    inputs: dict[str, Any], targets: dict[str, Any], label_table: Any
) -> RowProcessor:
    """Return the row processor for a table of inputs and targets.

    Args:
        inputs: One example's inputs by slot.
        targets: The same example's targets; empty where there are none.
        label_table: ``wandb.Table`` of class names, or None.
    """
    base, shape = _base(inputs, targets)
    columns = _by_slot(inputs, None, None)
    columns.update(_by_slot(targets, label_table, shape))

    def process(index: Any, row: dict[str, Any]) -> dict[str, Any]:
        drawn_over = None if base is None else row[base]
        return {key: column(row[slot], drawn_over) for key, (slot, column) in columns.items()}

    return process


def infer_prediction(
    outputs: dict[str, Any], inputs: dict[str, Any], label_table: Any, link: str
) -> RowProcessor:
    """Return the row processor for a table of outputs.

    Args:
        outputs: One example's outputs by slot.
        inputs: The same example's inputs.
        label_table: ``wandb.Table`` of class names, or None.
        link: The column that links to the row of inputs.
    """
    base, shape = _base(inputs, outputs)
    columns = _by_slot(outputs, label_table, shape)
    # only a mask is drawn over its input: nothing else looks it up through the linked row
    needs_base = shape is not None and len(shape) == 2

    def process(index: Any, row: dict[str, Any]) -> dict[str, Any]:
        drawn_over = None
        if needs_base:
            drawn_over = index.get_row().get(link).get_row().get(base)
        return {key: column(row[slot], drawn_over) for key, (slot, column) in columns.items()}

    return process


def _base(inputs: dict[str, Any], drawn: dict[str, Any]) -> tuple[str | None, Any]:
    """Return name and shape of the only input, which the only mask may be drawn over."""
    if len(inputs) != 1:
        return None, None
    ((name, value),) = inputs.items()
    return name, _shape(value) if len(drawn) == 1 else None


def _by_slot(examples: dict[str, Any], label_table: Any, base_shape: Any) -> dict[str, Any]:
    """Return ``"<slot>:<column>"`` -> (slot, column)."""
    return {
        f"{slot}:{key}": (slot, column)
        for slot, value in examples.items()
        for key, column in _columns(value, label_table, base_shape).items()
    }


def _shape(example: Any) -> list[int]:
    """Return the shape of an example; none of text, and of rows that differ in length."""
    return list(example.shape) if isinstance(example, np.ndarray) else []


def _is_one_hot(example: Any) -> bool:
    return set(np.unique(example).tolist()) == {0, 1}


def _columns(example: Any, label_table: Any, base_shape: Any) -> Columns:
    """Return the columns that an example of this shape calls for."""
    import wandb

    shape = _shape(example)
    names = None if label_table is None else label_table.get_column("label")
    if len(shape) == 1 and names is not None and shape[0] == len(names):
        return _class_columns(example, label_table, names)
    if shape == [1] and isinstance(np.asarray(example).tolist()[0], int):
        if names is None:
            return {"val": lambda value, base: value[0]}
        return {
            "class": lambda value, base: (
                label_table.index_ref(value[0]) if value[0] < len(names) else value[0]
            )
        }
    if len(shape) == 1:
        return _vector_columns(example, shape[0])
    if len(shape) == 2 and names is not None and shape == base_shape:
        return {
            "image": lambda value, base: wandb.Image(
                picture(base), masks={"masks": {"mask_data": value, "class_labels": names}}
            )
        }
    if len(shape) == 2 or (len(shape) == 3 and shape[-1] in (1, 3, 4)):
        return {"image": lambda value, base: wandb.Image(picture(value))}
    if len(shape) == 4:
        return {"video": lambda value, base: wandb.Video(value)}
    return {}


def _class_columns(example: Any, label_table: Any, names: Any) -> Columns:
    columns: Columns = {"max_class": lambda value, base: label_table.index_ref(np.argmax(value))}
    if not _is_one_hot(example):
        columns["score"] = lambda value, base: dict(zip(names, value))
    return columns


def _vector_columns(example: Any, length: int) -> Columns:
    columns: Columns = {}
    if length <= 10:
        columns["node"] = lambda value, base: np.asarray(value).tolist()
    columns["argmax"] = lambda value, base: np.argmax(value)
    if not _is_one_hot(example):
        columns["argmin"] = lambda value, base: np.argmin(value)
    return columns
