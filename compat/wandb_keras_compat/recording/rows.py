"""Take history and summary records apart, quickly: a log has millions of their items."""

from __future__ import annotations

from typing import Any, Iterable, List, Tuple

from .history import History, packed
from .records import HISTORY, HISTORY_ITEM
from .summary import VOLATILE, Summary, key_of
from .texts import load, load_all
from .wire import WireError, read, split, varint

STEP, _STEP_NAME = "_step", b"\x05_step"
_ITEM, _KEY, _NESTED, _AFTER = (
    0x0A,
    0x0A,
    0x12,
    0x12,
)  # first bytes: items, their keys, what follows
_VALUE = b"\x82\x01"  # what comes before the JSON text of a value
_BOOKKEEPING = b"\x12\x06_wandb"  # the client's own, with every row
_STEPS = 1 << 63  # W&B counts them in 64 bits

Parts = Tuple[List[bytes], List[bytes], List[bytes], bytes]
Cells = Tuple[List[int], List[Any]]


def take_apart(record: bytes) -> Parts:
    """Split a record into its items.

    Returns:
        The names (a byte for the length, and the key) and the JSON texts of the items that have
        just these, the other items as they are, and what follows the items.

    Raises:
        WireError: If the record is none.
    """
    names: list[bytes] = []
    texts: list[bytes] = []
    others: list[bytes] = []
    position, end = 0, len(record)
    try:
        while position < end and record[position] == _ITEM:
            start, size = position + 2, record[position + 1]
            if size > 127:
                size, start = varint(record, position + 1)
            position = start + size
            if position > end:
                raise WireError("an item is longer than its record")
            name_end = start + 2 + record[start + 1]
            text = name_end + 3
            plain = (
                record[name_end : name_end + 2] == _VALUE
                and record[start] in (_KEY, _NESTED)
                and record[start + 1] < 128
            )
            if plain and record[text - 1] > 127:
                length, text = varint(record, text - 1)
            elif plain:
                length = record[text - 1]
            if plain and text + length == position:
                names.append(record[start + 1 : name_end])
                texts.append(record[text:position])
            elif not record.startswith(_BOOKKEEPING, start):
                others.append(record[start:position])
    except IndexError:
        raise WireError("an item is longer than its record") from None
    return names, texts, others, record[position:]


def item(raw: bytes) -> tuple[tuple[str, ...], Any]:
    """Return the path of an item's key, and its value.

    Raises:
        ValueError: If it has no value that can be read.
    """
    found = read(raw, HISTORY_ITEM)
    given = {number for number, _ in split(raw)}
    path = (found["key"],) if found["key"] else tuple(found["nested_key"]) or ("",)
    if 16 in given:
        return path, load(found["value_json"]) if found["value_json"] else None
    if 4 in given:
        return path, bool(found["boolean"])
    for number, name in ((5, "integer"), (6, "number"), (7, "text")):
        if number in given:
            return path, found[name]
    return path, load(found["json"]) if 8 in given else None


def tree_of(raws: Iterable[bytes], notes: list[str], where: str) -> dict[str, Any]:
    """Return items as one tree: newer releases split dictionaries into nested keys."""
    tree: dict[str, Any] = {}
    for raw in raws:
        try:
            path, value = item(raw)
        except ValueError as error:
            notes.append(f"an item of {where} cannot be read ({error})")
            continue
        branch = tree
        for step in path[:-1]:
            if not isinstance(branch.get(step), dict):
                branch[step] = {}
            branch = branch[step]
        branch[path[-1]] = value
    return tree


class Rows:
    """The history so far.

    Args:
        summary: Follows what the rows say.
        notes: Gets a sentence for what cannot be read.
    """

    def __init__(self, summary: Summary, notes: list[str]) -> None:
        self._summary = summary
        self._notes = notes
        self._steps: list[int] = []
        self._cells: dict[str, Cells] = {}
        self._known: dict[bytes, Cells | None] = {}  # by name; None for what is passed over
        self._wrong: dict[str, list[int]] = {}  # key -> rows whose value cannot be read

    def __len__(self) -> int:
        return len(self._steps)

    def __contains__(self, key: str) -> bool:
        return key in self._cells

    def take(self, record: bytes) -> None:
        """Add a row.

        Raises:
            WireError: If the record is none; the history is as it was.
        """
        names, texts, others, after = take_apart(record)
        step = 0
        if _STEP_NAME not in names or not _only_step(after):
            more = read(after, HISTORY)
            others += more["item"]
            step = more["step"]["num"]
        row = len(self._steps)
        keys, cells, kept = [], [], []
        for name, text in zip(names, texts):
            try:
                found = self._known[name]
            except KeyError:
                found = self._cells_of(name)
            if found is not None:
                keys.append(name)
                cells.append(found)
                kept.append(text)
        values, scalars = load_all(kept)
        if scalars:
            self._summary.follow(names, texts)
        for name, found, text, value in zip(keys, cells, kept, values):
            if isinstance(value, ValueError):
                self._wrong.setdefault(key_of(name), []).append(row)
                continue
            found[0].append(row)
            found[1].append(value)
            if not scalars:
                self._summary.follow_one(name, text, value)
        if others:
            for key, value in tree_of(others, self._notes, f"row {row}").items():
                if key not in VOLATILE:
                    found = self._cells.setdefault(key, ([], []))
                    found[0].append(row)
                    found[1].append(value)
                    self._summary.follow_value(key, value)
        self._steps.append(self._step(row, step))

    def history(self, understood: Any) -> History:
        """Return all rows.

        Args:
            understood: Makes a plain value of a logged one.
        """
        for key, rows in self._wrong.items():
            self._notes.append(
                f"the value of {key!r} is no JSON in {len(rows)} row{'s' * (len(rows) > 1)},"
                f" the first is row {rows[0]}"
            )
        columns = {}
        for key in sorted(self._cells.keys() - {STEP}):
            rows, values = self._cells[key]
            self._cells[key] = ([], [])  # which may be large
            if not set(map(type, values)) <= {int, float, bool}:
                values = [understood(value) for value in values]
            if rows:
                columns[key] = packed(rows, values)
        return History(self._steps, columns)

    def _cells_of(self, name: bytes) -> Cells | None:
        key = key_of(name)
        cells = None if key in VOLATILE else self._cells.setdefault(key, ([], []))
        self._known[name] = cells
        return cells

    def _step(self, row: int, step: int) -> int:
        rows, values = self._cells.get(STEP, ((), ()))
        if not rows or rows[-1] != row:
            return step
        value = values[-1]
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _STEPS:
            return value
        self._notes.append(f"the step of row {row} is no step but {str(value)[:40]}")
        return step


def _only_step(after: bytes) -> bool:
    """Whether nothing but the row's step follows its items."""
    return not after or (after[0] == _AFTER and len(after) == 2 + int.from_bytes(after[1:2], "big"))
