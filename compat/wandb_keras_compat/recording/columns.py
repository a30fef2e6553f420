"""Columns of a history, ready to be compared: nested keys apart, rows without a value left out."""

from __future__ import annotations

from array import array
from itertools import accumulate
from typing import Any, Mapping, Sequence

from .history import Column, History
from .values import Path, flatten


def apart(history: History) -> dict[Path, Column]:
    """Return the columns by the path of their keys; what lies in dictionaries has its own."""
    columns: dict[Path, Column] = {}
    for key, column in history.columns.items():
        if isinstance(column.values, array) or not any(map(_nested, column.values)):
            columns[key,] = column
            continue
        cells: dict[Path, tuple[list[int], list[Any]]] = {}
        for row, value in zip(column.rows, column.values):
            for path, inner in flatten({key: value}).items():
                rows, values = cells.setdefault(path, ([], []))
                rows.append(row)
                values.append(inner)
        columns.update({path: Column(*found) for path, found in cells.items()})
    return columns


def merged(name: str, parts: Sequence[tuple[str, Column]]) -> Column:
    """Return the column of several keys that have one name.

    Raises:
        ValueError: If two of them are in one row.
    """
    if len(parts) == 1:
        return parts[0][1]
    origin: dict[int, str] = {}
    values: dict[int, Any] = {}
    for key, column in parts:
        for row, value in zip(column.rows, column.values):
            if row in values:
                raise ValueError(collision(origin[row], key, name))
            origin[row], values[row] = key, value
    rows = sorted(values)
    return Column(rows, [values[row] for row in rows])


def collision(first: str, second: str, name: str) -> str:
    """Say that two keys would have one name."""
    return f"the renaming gives {first!r} and {second!r} the name {name!r}"


def without_empty_rows(columns: Mapping[str, Column], count: int) -> tuple[dict[str, Column], int]:
    """Return the columns as if the rows without a value had not been, and how many rows are left.

    Args:
        columns: The columns by name.
        count: The number of rows.
    """
    filled = bytearray(count)
    for column in columns.values():
        if len(column.rows) == count:
            return dict(columns), count
        for row in column.rows:
            filled[row] = 1
    number = list(accumulate(filled))
    if not number or number[-1] == count:
        return dict(columns), count
    moved = {
        name: Column([number[row] - 1 for row in column.rows], column.values)
        for name, column in columns.items()
    }
    return moved, number[-1]


def _nested(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and "_type" not in value


def indices(rows: Sequence[int]) -> str:
    """Return numbers of rows in words, of many the first and the last."""
    numbers = list(map(str, rows if len(rows) <= 6 else rows[:5]))
    return ", ".join(numbers if len(rows) <= 6 else [*numbers, "...", str(rows[-1])])
