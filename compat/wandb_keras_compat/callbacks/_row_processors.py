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
    inputs: Any, targets: Any, label_table: Any, input_column: str, target_column: str
) -> RowProcessor:
    """Return the row processor for a table of inputs and targets.

    Args:
        inputs: One example's input: an array, or arrays by slot name.
        targets: The same example's target.
        label_table: ``wandb.Table`` of class names, or None.
        input_column: Column of a single input.
        target_column: Column of a single target.
    """
    single = not isinstance(inputs, dict)
    columns = _by_slot(inputs, input_column, None, None)
    shape = _shape(inputs) if single and not isinstance(targets, dict) else None
    columns.update(_by_slot(targets, target_column, label_table, shape))

    def process(index: Any, row: dict[str, Any]) -> dict[str, Any]:
        base = row[input_column] if single else None
        return {key: column(row[slot], base) for key, (slot, column) in columns.items()}

    return process


def infer_prediction(
    outputs: Any, inputs: Any, label_table: Any, input_column: str, output_column: str
) -> RowProcessor:
    """Return the row processor for a table of outputs; arguments as ``infer_validation``."""
    single = not isinstance(inputs, dict)
    shape = _shape(inputs) if single and not isinstance(outputs, dict) else None
    columns = _by_slot(outputs, output_column, label_table, shape)
    # only a mask is drawn over its input: nothing else looks it up through the linked row
    needs_base = shape is not None and len(shape) == 2

    def process(index: Any, row: dict[str, Any]) -> dict[str, Any]:
        base = None
        if needs_base:
            base = index.get_row().get("val_row").get_row().get(input_column)
        return {key: column(row[slot], base) for key, (slot, column) in columns.items()}

    return process


def _by_slot(example: Any, name: str, label_table: Any, base_shape: Any) -> dict[str, Any]:
    """Return ``"<slot>:<column>"`` -> (slot, column)."""
    examples = example if isinstance(example, dict) else {name: example}
    return {
        f"{slot}:{key}": (slot, column)
        for slot, value in examples.items()
        for key, column in _columns(value, label_table, base_shape).items()
    }


def _shape(example: Any) -> list[int]:
    if isinstance(example, str) or not hasattr(example, "__len__"):
        return []
    return [len(example), *(_shape(example[0]) if len(example) else [])]


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
    if len(shape) in (2, 3):
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
