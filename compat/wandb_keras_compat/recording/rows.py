"""The history while its log is read: rows with the same keys are kept together."""

from __future__ import annotations

from operator import itemgetter
from typing import Any, Callable, Sequence

from .history import Column, History, numbers, packed
from .items import key_of, name_of, take_apart, tree_of
from .records import HISTORY
from .summary import VOLATILE, Summary
from .texts import load_all
from .wire import read

STEP = "_step"
_STEP_NAME = name_of(STEP)
_PASSED_OVER = frozenset(map(name_of, (*VOLATILE, STEP)))
_STEPS = 1 << 63  # W&B counts them in 64 bits


class UnreadableError(Exception):
    """Of rows that were taken together, some hold what is no JSON."""


class _Table:
    """The rows that have the same keys.

    Args:
        shape: Their names.
        names: Of these, what is neither a clock nor the step.
    """

    def __init__(self, shape: frozenset[bytes], names: Sequence[bytes]) -> None:
        self.shape = shape
        self.names = tuple(names)
        self.rows: list[int] = []
        self.values: list[Any] = []  # row after row; lists of their own would burden the collector
        self.texts: list[bytes] = []  # of the last rows, whose values are still to be read
        self.texts_of: Callable[[dict[bytes, bytes]], Sequence[bytes]] = (
            itemgetter(*names) if len(names) > 1 else lambda said: [said[name] for name in names]
        )

    def read(self) -> None:
        """Read the values of the last rows.

        Raises:
            UnreadableError: If one of them is no JSON.
        """
        values = load_all(self.texts)
        if any(issubclass(kind, ValueError) for kind in set(map(type, values))):
            raise UnreadableError
        self.values += values
        self.texts = []


class Rows:
    """The history so far.

    Args:
        summary: Follows what the rows say.
        notes: Gets a sentence for what cannot be read.
        together: How many values are read at once, which is fast; then one that is no JSON
            raises an `UnreadableError`. With 0 each row is read by itself.
    """

    def __init__(self, summary: Summary, notes: list[str], together: int) -> None:
        self._summary = summary
        self._together = together
        self._table = _Table(frozenset(), ())  # of the row before
        self._notes = notes
        self._steps: list[int] = []
        self._tables: dict[frozenset[bytes], _Table] = {}
        self._cells: dict[str, tuple[list[int], list[Any]]] = {}  # what is in no table
        self._wrong: dict[bytes, list[int]] = {}  # key -> rows whose value cannot be read
        self.names: set[bytes] = set()  # of all rows

    def __len__(self) -> int:
        return len(self._steps)

    def take(self, record: bytes) -> None:
        """Add a row.

        Raises:
            UnreadableError: If rows are read together, and a value of theirs is no JSON.
            WireError: If the record is none; the history is as it was.
        """
        names, texts, others, after = take_apart(record)
        said = dict(zip(names, texts))
        more = read(after, HISTORY) if others or _STEP_NAME not in said or len(after) > 12 else None
        row = len(self._steps)
        table = self._table
        if said.keys() != table.shape:
            shape = frozenset(said)
            table = self._table = self._tables.get(shape) or self._new_table(shape)
        kept = table.texts_of(said)
        step = self._step(row, said.get(_STEP_NAME), more["step"]["num"] if more else None, after)
        if self._together and b"{" not in record:
            table.rows.append(row)
            table.texts += kept
            self._summary.follow(said)
            if len(table.texts) >= self._together:
                table.read()
        else:
            self._take_one(row, table, kept)
            self._summary.follow({name: said[name] for name in [_STEP_NAME] if name in said})
        if more:
            for key, value in tree_of([*others, *more["item"]], self._notes, f"row {row}").items():
                if key not in VOLATILE and key != STEP:
                    self._add(row, key, value)
                    self._summary.follow_value(key, value)
        self._steps.append(step)

    def history(self, understood: Callable[[Any], Any]) -> History:
        """Return all rows.

        Args:
            understood: Makes a plain value of a logged one.

        Raises:
            UnreadableError: If rows are read together, and a value of theirs is no JSON.
        """
        for name, wrong in self._wrong.items():
            self._notes.append(
                f"the value of {key_of(name)!r} is no JSON in {len(wrong)}"
                f" row{'s' * (len(wrong) > 1)}, the first is row {wrong[0]}"
            )
        parts: dict[str, list[Column]] = {}
        while self._tables:
            _, table = self._tables.popitem()
            if not table.rows:  # of no row could all values be read
                continue
            table.read()
            rows = numbers(table.rows)
            for number, name in enumerate(table.names):
                column = Column(rows, table.values[number :: len(table.names)])
                parts.setdefault(key_of(name), []).append(column)
        for key, cells in self._cells.items():
            parts.setdefault(key, []).append(Column(*cells))
        columns = {}
        for key in sorted(parts):
            rows, values = _joined(parts.pop(key))
            if not set(map(type, values)) <= {int, float, bool}:
                values = [understood(value) for value in values]
            columns[key] = packed(rows, values)
        return History(self._steps, columns)

    def _new_table(self, shape: frozenset[bytes]) -> _Table:
        names = sorted(shape - _PASSED_OVER)
        for name in names:
            key_of(name)  # what is no text is no key
        table = self._tables[shape] = _Table(shape, names)
        self.names.update(names)
        return table

    def _take_one(self, row: int, table: _Table, texts: Sequence[bytes]) -> None:
        """Add a row by itself; of what it logged, all that can be read."""
        values = load_all(texts)
        if not any(isinstance(value, ValueError) for value in values):
            table.read()
            table.rows.append(row)
            table.values += values
            self._summary.follow_values(table.names, texts, values)
            return
        for name, text, value in zip(table.names, texts, values):
            if isinstance(value, ValueError):
                self._wrong.setdefault(name, []).append(row)
            else:
                self._add(row, key_of(name), value)
                self._summary.follow_values([name], [text], [value])

    def _add(self, row: int, key: str, value: Any) -> None:
        rows, values = self._cells.setdefault(key, ([], []))
        rows.append(row)
        values.append(value)
        self.names.add(name_of(key))

    def _step(self, row: int, text: bytes | None, num: int | None, after: bytes) -> int:
        if text is None:
            return num or 0
        try:
            step = int(text)
            if abs(step) < _STEPS:
                return step
        except ValueError:
            pass
        shown = text[:40].decode("utf-8", "replace")
        self._notes.append(f"the step of row {row} is no step but {shown}")
        return int(num if num is not None else read(after, HISTORY)["step"]["num"])


def _joined(parts: Sequence[Column]) -> tuple[Sequence[int], Sequence[Any]]:
    """Return the rows and values of several columns of one key, in order."""
    if len(parts) == 1:
        return parts[0].rows, parts[0].values
    latest = {row: value for part in parts for row, value in zip(part.rows, part.values)}
    rows = sorted(latest)
    return rows, [latest[row] for row in rows]
