"""Take the items of a history or summary record apart, quickly: a log has millions of them."""

from __future__ import annotations

import re
from typing import Any, Iterable, List, Sequence, Tuple

from .records import HISTORY_ITEM
from .texts import DEPTH, load
from .wire import WireError, read, split, varint

ITEM, KEY, NESTED, AFTER = 0x0A, 0x0A, 0x12, 0x12  # first bytes: items, their keys, what follows
VALUE = b"\x82\x01"  # what comes before the JSON text of a value
_BOOKKEEPING = b"\x12\x06_wandb"  # the client's own, with every row
# An item that is short, as nearly all are, up to its text: sizes, and the key with its length.
_SHORT = re.compile(rb"\n[\x00-\x7f][\n\x12]([^\x82]*)\x82\x01[\x00-\x7f]")
_names: set[bytes] = set()  # seen so far, with the right length
_MOST_NAMES = 100_000

Parts = Tuple[Sequence[bytes], Sequence[bytes], List[bytes], bytes]


def name_of(key: str) -> bytes:
    """Return a key as the log has it: a byte for its length, and UTF-8."""
    data = key.encode("utf-8", "surrogatepass")
    return bytes([min(len(data), 255)]) + data


def key_of(name: bytes) -> str:
    """Return the key that the log has like this.

    Raises:
        UnicodeDecodeError: If it is no text.
    """
    return name[1:].decode("utf-8")


def take_apart(record: bytes) -> Parts:
    """Split a record into its items.

    Returns:
        The names and the JSON texts of the items that have one key and one text, the other items
        as they are, and what follows the items.

    Raises:
        WireError: If the record is none.
    """
    parts = _SHORT.split(record)
    if len(parts) > 1 and not parts[0]:
        names, texts = parts[1::2], parts[2::2]
        texts[-1], mark, after = texts[-1].partition(b"\x12")
        # No JSON text has a line feed; what was not understood, and lies between texts, has one.
        whole = b"\n" not in b"".join(texts) and (
            not mark or (after != b"" and after[0] == len(after) - 1)
        )
        if whole and (_names.issuperset(names) or all(map(_known, names))):
            return names, texts, [], mark + after
    return _one_by_one(record)


def _known(name: bytes) -> bool:
    if not name or name[0] != len(name) - 1:
        return False
    if len(_names) > _MOST_NAMES:
        _names.clear()
    _names.add(name)
    return True


def _one_by_one(record: bytes) -> Parts:
    names: list[bytes] = []
    texts: list[bytes] = []
    others: list[bytes] = []
    position, end = 0, len(record)
    try:
        while position < end and record[position] == ITEM:
            start, size = position + 2, record[position + 1]
            if size > 127:
                size, start = varint(record, position + 1)
            position = start + size
            if position > end:
                raise WireError("an item is longer than its record")
            key_end = start + 2 + record[start + 1]
            text = key_end + 3
            plain = (
                record[key_end : key_end + 2] == VALUE
                and record[start] in (KEY, NESTED)
                and record[start + 1] < 128
            )
            length = record[text - 1] if plain else 0
            if length > 127:
                length, text = varint(record, text - 1)
            if plain and text + length == position:
                names.append(record[start + 1 : key_end])
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
        if len(path) > DEPTH:
            notes.append(f"an item of {where} has more than {DEPTH} keys")
            continue
        branch = tree
        for step in path[:-1]:
            if not isinstance(branch.get(step), dict):
                branch[step] = {}
            branch = branch[step]
        branch[path[-1]] = value
    return tree
