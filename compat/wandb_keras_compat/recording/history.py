"""The history of a run: rows that are kept as columns, so that a million values are no burden."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Sequence, overload

_PACKED_FROM = 64  # values; a short column is smaller as a list


@dataclass(frozen=True)
class Row:
    """One row of the history.

    Args:
        step: W&B's step of the row.
        values: What was logged; media are plain dictionaries with a ``"_type"``.
    """

    step: int
    values: Mapping[str, Any]


class Column(NamedTuple):
    """The values of one key.

    Args:
        rows: The numbers of the rows that have it, in order.
        values: Its value in each of them.
    """

    rows: Sequence[int]
    values: Sequence[Any]


class History(Sequence[Row]):
    """The rows of a run, in order; they are put together when they are asked for.

    Args:
        steps: W&B's step of each row.
        columns: The values of each key.
    """

    def __init__(self, steps: Sequence[int], columns: Mapping[str, Column]) -> None:
        self.steps = steps
        self.columns = dict(sorted(columns.items()))
        self._rows: tuple[Row, ...] | None = None

    @classmethod
    def of(cls, rows: Iterable[Row]) -> History:
        """Return rows as a history."""
        if isinstance(rows, History):
            return rows
        whole = tuple(rows)
        columns: dict[str, Column] = {}
        for number, row in enumerate(whole):
            for key, value in row.values.items():
                numbers, values = columns.setdefault(key, Column([], []))
                numbers.append(number)  # type: ignore[attr-defined]
                values.append(value)  # type: ignore[attr-defined]
        history = cls([row.step for row in whole], columns)
        history._rows = whole
        return history

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._whole())

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        return self._whole()[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (History, tuple, list)):
            return NotImplemented
        return tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as a list's

    def __repr__(self) -> str:
        return repr(self._whole())

    def _whole(self) -> tuple[Row, ...]:
        if self._rows is None:
            values: list[dict[str, Any]] = [{} for _ in self.steps]
            for key, column in self.columns.items():
                for row, value in zip(column.rows, column.values):
                    values[row][key] = value
            self._rows = tuple(map(Row, self.steps, values))
        return self._rows


def packed(rows: Sequence[int], values: Sequence[Any]) -> Column:
    """Return a column in little memory; a row that comes twice has its last value.

    Example:
        >>> packed([0, 1, 1], [0.5, 0.25, 0.125])
        Column(rows=range(0, 2), values=[0.5, 0.125])
    """
    if isinstance(rows, list) and len(set(rows)) < len(rows):
        latest = dict(zip(rows, values))
        rows = sorted(latest)
        values = [latest[row] for row in rows]
    where = numbers(rows)
    if len(values) >= _PACKED_FROM:
        kinds = set(map(type, values))
        for kind, code in ((float, "d"), (int, "q")):
            if kinds == {kind}:
                try:
                    return Column(where, array(code, values))
                except OverflowError:  # more than 64 bits
                    break
    return Column(where, values)


def numbers(rows: Sequence[int]) -> Sequence[int]:
    """Return the numbers of rows, in order and each once, in little memory."""
    if rows and rows[-1] - rows[0] + 1 == len(rows):
        return range(rows[0], rows[-1] + 1)
    return array("q", rows) if len(rows) >= _PACKED_FROM else rows
